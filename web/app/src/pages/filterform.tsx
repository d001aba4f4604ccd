/** The evidence a persona stands on, put together from what the evidence holds. It is the query that every
 * question takes: customers-where=Tipo=finale&containing=Ricerca. A column chooses customers, with all they did in
 * any file; conditions on events (where=…), put there by hand, stay as they are. */
import { useState } from "preact/hooks";
import { useApi } from "../api/use";
import { num } from "../lang/format";
import { t, tn } from "../lang/lang";
import { filterNames, readWhere, writeWhere } from "../reality/filter";
import { Button, Combo, Icon, Select } from "../ui";

export interface EvidenceSummary {
  events: number; customers: number; first: string | null; last: string | null;
  activities: { name: string; count: number }[]; channels: { name: string; count: number }[];
  attributes: { name: string; kind: string; values: { name: string; count: number }[] }[];
}
export interface Condition { name: string; value: string }

const ofColumn = (name: string) => name === "where" || name === "customers-where";

export function readFilter(query: string): Condition[] {
  return [...new URLSearchParams(query)].map(([name, value]) => ({ name, value }))
    .filter(({ name }) => name !== "persona" && (filterNames as readonly string[]).includes(name));
}
export function writeFilter(conditions: Condition[]): string {
  const out = new URLSearchParams();
  for (const { name, value } of conditions) if (value && !(ofColumn(name) && !readWhere(value)?.value)) out.append(name, value);
  return out.toString();
}
/** "Tipo cliente: finale · Web" */
export function filterWords(query: string): string {
  return readFilter(query).map(({ name, value }) => {
    const column = ofColumn(name) ? readWhere(value) : null;
    if (column) return column.attribute === "channel" && !column.not ? column.value : `${column.attribute}${column.not ? " ≠" : ":"} ${column.value}`;
    if (name === "containing") return t("did “{what}”", { what: value });
    if (name === "missing") return t("never “{what}”", { what: value });
    if (name === "since") return t("from {day}", { day: value });
    if (name === "until") return t("up to {day}", { day: value });
    return value;
  }).join(" · ");
}

/** Which row of the list of kinds a condition is: its name, and for a column "customers-where:Tipo" or "…:Tipo!". */
function kindOf({ name, value }: Condition): string {
  const column = ofColumn(name) ? readWhere(value) : null;
  return column ? `${name}:${column.attribute}${column.not ? "!" : ""}` : name;
}
function ofKind(kind: string): Condition {
  const at = kind.indexOf(":");
  return at < 0 ? { name: kind, value: "" } : { name: kind.slice(0, at), value: kind.slice(at + 1) + "=" };
}
function wordOf(kind: string): string {
  const { name, value } = ofKind(kind), column = ofColumn(name) ? readWhere(value) : null;
  if (!column) return name;
  const word = column.not ? t("{column} is not", { column: column.attribute }) : column.attribute;
  return name === "where" ? t("only events: {column}", { column: word }) : word;
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
  const kinds = [{ value: "customers-where:channel", label: t("comes by channel") }, { value: "containing", label: t("did") }, { value: "missing", label: t("never did") }, { value: "since", label: t("from the day") }, { value: "until", label: t("up to the day") },
    ...(all?.attributes ?? []).map((a) => ({ value: "customers-where:" + a.name, label: a.name, group: t("What the files say") }))];
  const columnOf = (c: Condition) => (ofColumn(c.name) ? readWhere(c.value) : null);
  const choices = (c: Condition) => {
    const column = columnOf(c);
    const among = column ? (column.attribute === "channel" ? all?.channels : all?.attributes.find((a) => a.name === column.attribute)?.values) : c.name === "only-channel" ? all?.channels : all?.activities;
    return among?.map((v) => v.name) ?? [];
  };
  return (
    <fieldset class="filter-form">
      <legend>{t("Which customers in the evidence")}</legend>
      {rows.map((c, i) => {
        const column = columnOf(c), kind = kindOf(c);
        return (
          <div class="filter-row" key={i}>
            <Select label={t("Condition")} hideLabel value={kind} onChange={(k) => set(i, ofKind(k))} options={kinds.some((k) => k.value === kind) ? kinds : [...kinds, { value: kind, label: wordOf(kind) }]} />
            <Combo label={t("Value")} hideLabel value={column ? c.value.slice(c.value.indexOf("=") + 1) : c.value} placeholder={c.name === "since" || c.name === "until" ? "2025-01-31" : t("which")} onInput={(v) => set(i, { value: column ? writeWhere({ ...column, value: v }) : v })} options={choices(c)} />
            <Button kind="quiet" icon={<Icon name="close" />} label={t("Take the condition away")} onClick={() => change(rows.filter((_, j) => j !== i))} />
          </div>
        );
      })}
      {rows.some((c) => c.name === "customers-where") && <p class="note">{t("Chosen are customers: all they did counts, also where a file does not have the column.")}</p>}
      <div class="row">
        <Button small icon={<Icon name="plus" size={16} />} onClick={() => change([...rows, ofKind("customers-where:" + (all?.attributes[0]?.name ?? "channel"))])}>{t("Add a condition")}</Button>
        <span class="note" role="status">
          {!rows.length ? (all ? t("all {n} customers", { n: num(all.customers) }) : "") : some.error ? some.error.detail : some.data && all ? tn(some.data.customers, "{some} customer of {all}", "{some} customers of {all}", { some: num(some.data.customers), all: num(all.customers) }) : ""}
        </span>
      </div>
    </fieldset>
  );
}
