/** The evidence a persona stands on, put together from what the evidence holds. It is the query that every
 * question takes: where=Tipo=finale&channel=Web&with=Ricerca. */
import { useState } from "preact/hooks";
import { useApi } from "../api/use";
import { num } from "../lang/format";
import { t, tn } from "../lang/lang";
import { Button, Combo, Icon, Select } from "../ui";

export interface EvidenceSummary {
  events: number; customers: number; first: string | null; last: string | null;
  activities: { name: string; count: number }[]; channels: { name: string; count: number }[];
  attributes: { name: string; kind: string; values: { name: string; count: number }[] }[];
}
export interface Condition { name: string; value: string }
const NAMES = ["where", "channel", "with", "without", "activity", "from", "to", "longer", "shorter", "journey", "pause"];

export function readFilter(query: string): Condition[] {
  return [...new URLSearchParams(query)].filter(([name]) => NAMES.includes(name)).map(([name, value]) => ({ name, value }));
}
export function writeFilter(conditions: Condition[]): string {
  const out = new URLSearchParams();
  for (const c of conditions) if (c.value && !(c.name === "where" && !/^[^=]+=.+/.test(c.value))) out.append(c.name, c.value);
  return out.toString();
}
/** "Tipo cliente: finale · Web" */
export function filterWords(query: string): string {
  return readFilter(query).map(({ name, value }) => {
    if (name === "where") { const cut = value.indexOf("="); return `${value.slice(0, cut)}: ${value.slice(cut + 1)}`; }
    if (name === "with") return t("did “{what}”", { what: value });
    if (name === "without") return t("never “{what}”", { what: value });
    if (name === "from") return t("from {day}", { day: value });
    if (name === "to") return t("up to {day}", { day: value });
    return value;
  }).join(" · ");
}

export function FilterForm({ value, onChange }: { value: string; onChange: (query: string) => void }) {
  const [rows, setRows] = useState(() => readFilter(value));
  const whole = useApi<EvidenceSummary>("/evidence");
  const query = writeFilter(rows);
  const some = useApi<EvidenceSummary>(query ? "/evidence" : null, new URLSearchParams(query));
  const all = whole.data;
  const change = (next: Condition[]) => { setRows(next); onChange(writeFilter(next)); };
  const set = (i: number, part: Partial<Condition>) => change(rows.map((r, j) => (i === j ? { ...r, ...part } : r)));
  if (all && !all.events) return <p class="note">{t("There is no evidence yet to choose from.")}</p>;
  const kinds = [{ value: "channel", label: t("comes by channel") }, { value: "with", label: t("did") }, { value: "without", label: t("never did") }, { value: "from", label: t("from the day") }, { value: "to", label: t("up to the day") },
    ...(all?.attributes ?? []).map((a) => ({ value: "where:" + a.name, label: a.name, group: t("What the files say") }))];
  const kindOf = (c: Condition) => (c.name === "where" ? "where:" + c.value.split("=")[0] : c.name);
  const choices = (c: Condition) => (c.name === "where" ? all?.attributes.find((a) => a.name === c.value.split("=")[0])?.values : c.name === "channel" ? all?.channels : all?.activities)?.map((v) => v.name) ?? [];
  const pickKind = (i: number, kind: string) => set(i, kind.startsWith("where:") ? { name: "where", value: kind.slice(6) + "=" } : { name: kind, value: "" });
  return (
    <fieldset class="filter-form">
      <legend>{t("Which customers in the evidence")}</legend>
      {rows.map((c, i) => {
        const cut = c.value.indexOf("=");
        return (
          <div class="filter-row" key={i}>
            <Select label={t("Condition")} hideLabel value={kindOf(c)} onChange={(k) => pickKind(i, k)} options={kinds.some((k) => k.value === kindOf(c)) ? kinds : [...kinds, { value: kindOf(c), label: kindOf(c).replace("where:", "") }]} />
            <Combo label={t("Value")} hideLabel value={c.name === "where" ? c.value.slice(cut + 1) : c.value} placeholder={c.name === "from" || c.name === "to" ? "2025-01-31" : t("which")} onInput={(v) => set(i, { value: c.name === "where" ? c.value.slice(0, cut + 1) + v : v })} options={choices(c)} />
            <Button kind="quiet" icon={<Icon name="close" />} label={t("Take the condition away")} onClick={() => change(rows.filter((_, j) => j !== i))} />
          </div>
        );
      })}
      <div class="row">
        <Button small icon={<Icon name="plus" size={16} />} onClick={() => change([...rows, all?.attributes[0] ? { name: "where", value: all.attributes[0].name + "=" } : { name: "channel", value: "" }])}>{t("Add a condition")}</Button>
        <span class="note" role="status">
          {!rows.length ? (all ? t("all {n} customers", { n: num(all.customers) }) : "") : some.error ? some.error.detail : some.data && all ? tn(some.data.customers, "{some} customer of {all}", "{some} customers of {all}", { some: num(some.data.customers), all: num(all.customers) }) : ""}
        </span>
      </div>
    </fieldset>
  );
}
