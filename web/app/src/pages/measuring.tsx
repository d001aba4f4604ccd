/** The part of an action's form that lets its effect be proved: which KPI, from when, by how much, beside whom; and
 * what it costs and is worth, for the matrix. */
import { useState } from "preact/hooks";
import { useApi } from "../api/use";
import type { Action, List, MapDocument, Persona, Stored } from "../api/types";
import { t } from "../lang/lang";
import { columnLabel } from "../reality/filter-bar";
import { attributeValues, type Summary } from "../reality/summary";
import { EnoughSays } from "../results/enough";
import { kpisOf, openKpi, typed } from "../results/kpi-form";
import type { KpiDocument } from "../results/shapes";
import { Choice, Combo, Field, Select } from "../ui";

const FIVE = ["", "1", "2", "3", "4", "5"] as const;
type Five = (typeof FIVE)[number];
export function effortWord(n: number): string {
  return [t("an afternoon"), t("days"), t("weeks"), t("months"), t("a year")][n - 1] ?? "";
}
export function valueWord(n: number): string {
  return [t("hardly any"), t("little"), t("some"), t("much"), t("very much")][n - 1] ?? "";
}

export function Measuring({ action, change, map, document, tried }: { action: Action; change: (part: Partial<Action>) => void; map: string; document: MapDocument; tried: boolean }) {
  const kpis = kpisOf(document), kpi = kpis.find((k) => k.id === action.kpi);
  const finished = action.state === "done" || action.state === "verified";
  const [open, setOpen] = useState(!!action.kpi || finished || !!action.effort);
  const five = (word: (n: number) => string) => FIVE.map((v) => ({ value: v as Five, label: v || "–", note: v ? word(Number(v)) : t("not said") }));
  return (
    <details class="measuring" open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{t("How it will be known that it helped")}</summary>
      {open && (
        <div class="stack">
          <div class="form-row">
            <Select label={t("The KPI it is to move")} value={action.kpi ?? ""} onChange={(id) => (id === "+" ? void openKpi({ map, start: { from: action.steps?.[0] } }).then((made) => { if (made) change({ kpi: made }); }) : change({ kpi: id || undefined }))}
              options={[{ value: "", label: t("none yet") }, ...kpis.map((k) => ({ value: k.id, label: k.name ?? "" })), ...(action.kpi && !kpi ? [{ value: action.kpi, label: t("a KPI that is being kept …") }] : []), { value: "+", label: t("a new one …") }]} />
            {action.kpi && <Field label={t("The change holds from")} type="date" value={(action.since ?? "").slice(0, 10)} onInput={(since) => change({ since: since || undefined })} note={action.done ? t("Empty: the day it was done.") : undefined} />}
            {action.kpi && <NumberField label={kpi?.kind === "conversion" || kpi?.kind === "state" ? t("Expected change (points)") : kpi?.kind === "score" ? t("Expected change (points of NPS and CSAT, else %)") : t("Expected change (%)")} value={action.expected_change} onValue={(expected_change) => change({ expected_change })} tried={tried} />}
          </div>
          {kpi && kpi.kind !== "typed" && !finished && <Enough map={map} kpi={kpi} change={action.expected_change} />}
          {action.kpi && <Beside action={action} change={change} />}
          <div class="form-row measuring-scales">
            <Choice label={t("Effort")} value={String(action.effort ?? "") as Five} onChange={(v) => change({ effort: v ? Number(v) : undefined })} options={five(effortWord)} />
            <Choice label={t("Value for the customer")} value={String(action.value ?? "") as Five} onChange={(v) => change({ value: v ? Number(v) : undefined })} options={five(valueWord)} />
          </div>
          <div class="form-row"><NumberField label={t("Cost (€)")} value={action.cost} onValue={(cost) => change({ cost })} tried={tried} /></div>
        </div>
      )}
    </details>
  );
}

/** A typed number: the words stay as they were typed until they are one. */
function NumberField({ label, value, onValue, tried }: { label: string; value: number | undefined; onValue: (n: number | undefined) => void; tried: boolean }) {
  const [own, setOwn] = useState(value === undefined ? "" : String(value).replace(".", window.document.documentElement.lang === "it" ? "," : "."));
  const bad = Number.isNaN(typed(own) ?? 0);
  return <Field label={label} value={own} inputMode="decimal" onInput={(text) => { setOwn(text); onValue(typed(text)); }} error={tried && bad ? t("A number, please.") : null} />;
}

function Enough({ map, kpi, change }: { map: string; kpi: KpiDocument; change: number | undefined }) {
  // points of a share and of NPS and CSAT, per cent of all else: as the form asks
  const size = Math.min(90, Math.max(1, Math.round(Math.abs(change || 10))));
  return <EnoughSays map={map} kpi={kpi.id} change={String(size)} />;
}

/** Beside whom: a persona or a part of the customers in which nothing was done. */
function Beside({ action, change }: { action: Action; change: (part: Partial<Action>) => void }) {
  const group = action.group ?? null, asked = new URLSearchParams(group?.filter ?? ""), where = asked.get("customers-where") ?? asked.get("where") ?? "";
  const cut = where.indexOf("="), attribute = cut > 0 ? where.slice(0, cut) : "", value = cut > 0 ? where.slice(cut + 1) : "";
  const [kind, setKind] = useState(group?.persona ? "persona" : group?.filter ? "where" : "");
  const [column, setColumn] = useState(attribute);
  const personas = useApi<List<Stored<Persona>>>("/personas", { limit: 500 });
  const summary = useApi<Summary>(kind === "where" ? "/evidence" : null);
  const usable = (personas.data?.items ?? []).filter((p) => p.body.filter);
  const pick = (next: string) => { setKind(next); if (!next) change({ group: undefined }); };
  const put = (a: string, v: string) => change({ group: a && v ? { name: v, filter: new URLSearchParams([["customers-where", `${a}=${v}`]]).toString() } : undefined });
  return (
    <div class="form-row">
      <Select label={t("Compare with")} value={kind} onChange={pick} note={t("Customers for whom nothing changed: what happened to them anyway is taken off.")}
        options={[{ value: "", label: t("nobody: only before and after") }, ...(usable.length ? [{ value: "persona", label: t("another persona") }] : []), { value: "where", label: t("customers of another kind or region") }]} />
      {kind === "persona" && <Select label={t("Persona")} value={group?.persona ?? ""} onChange={(id) => change({ group: id ? { persona: id, name: usable.find((p) => p.id === id)?.body.name } : undefined })} options={[{ value: "", label: t("choose …") }, ...usable.map((p) => ({ value: p.id, label: p.body.name ?? "" }))]} />}
      {kind === "where" && <Select label={t("Column")} value={column} onChange={(a) => { setColumn(a); put(a, ""); }} options={[{ value: "", label: t("choose …") }, ...(summary.data?.attributes ?? []).map(({ name }) => ({ value: name, label: columnLabel(name) }))]} />}
      {kind === "where" && column && <Combo label={t("Value")} value={value} options={attributeValues(summary.data, column)} onInput={(v) => put(column, v)} />}
    </div>
  );
}
