/** One KPI of a map: what is measured, where it should go, who answers for it; typed readings. It is written by
 * operations, as the map's other parts are. openKpi({map}) makes one, openKpi({map, id}) changes it. */
import { useState } from "preact/hooks";
import { useApi } from "../api/use";
import type { Department, List, MapAnswer, MapDocument, Operation, Stored } from "../api/types";
import { newId, sendOperations } from "../app/ops";
import { today } from "../lang/format";
import { t } from "../lang/lang";
import { Button, Combo, Dialog, Field, Icon, openDialog, Select, Skeleton, toast, toastProblem, Trouble } from "../ui";
import { KINDS, type KpiDocument, type KpiKind, type Reading } from "./shapes";
import { handUnit, kindWord } from "./words";

export const kpisOf = (map: MapDocument): KpiDocument[] => (map.kpis as KpiDocument[] | null | undefined) ?? [];
/** A number as people type it: 1.284,5 or 1,284.5 or 12; undefined for none, NaN for nonsense. */
export function typed(text: string): number | undefined {
  const clean = text.replace(/[\s%€]/g, "").replace("−", "-");
  if (!clean) return undefined;
  const comma = clean.lastIndexOf(","), dot = clean.lastIndexOf(".");
  const plain = comma > dot ? clean.replaceAll(".", "").replace(",", ".") : clean.replaceAll(",", "");
  return /^-?\d*\.?\d+$/.test(plain) ? Number(plain) : NaN;
}
const clean = (v: unknown) => (v === "" || v === null || (Array.isArray(v) && !v.length) ? undefined : v);
export function kpiOperations(before: KpiDocument | null, after: KpiDocument): Operation[] {
  if (!before) return [{ op: "insert", at: "", list: "kpis", value: Object.fromEntries(Object.entries(after).filter(([, v]) => clean(v) !== undefined)) }];
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((f) => f !== "id");
  return fields.filter((f) => JSON.stringify(clean(before[f])) !== JSON.stringify(clean(after[f])))
    .map((field) => (clean(after[field]) === undefined ? { op: "set", at: after.id, field } : { op: "set", at: after.id, field, value: after[field] }));
}
export async function deleteKpi(map: string, document: MapDocument, id: string): Promise<void> {
  const list = kpisOf(document), at = list.findIndex((k) => k.id === id), kpi = list[at];
  if (!kpi) return;
  await sendOperations(map, [{ op: "delete", item: id }]);
  toast(t("“{title}” is deleted.", { title: kpi.name ?? "" }), {
    undo: () => sendOperations(map, [{ op: "insert", at: "", list: "kpis", ...(list[at + 1] ? { before: list[at + 1]!.id } : {}), value: kpi }]).then(() => undefined),
  });
}
/** Settles with the KPI's id when it was kept. */
export function openKpi(wish: { map: string; id?: string; start?: Partial<KpiDocument> }): Promise<string | undefined> {
  return openDialog<string>((done) => <KpiDialog wish={wish} done={done} />);
}

/** Which way is better before anybody says so: a wait and a standstill had better be less. */
export const betterOf = (kind: KpiKind): "up" | "down" => (kind === "time" || kind === "state" ? "down" : "up");
interface Draft { name: string; kind: KpiKind; from: string; to: string; journey: string; window: string; quantile: string; direction: "up" | "down"; target: string; threshold: string; owner: string; department: string; every: "week" | "month"; unit: string; each: string; readings: { on: string; value: string }[] }
const text = (n: number | null | undefined) => (n === undefined || n === null ? "" : String(n).replace(".", document.documentElement.lang === "it" ? "," : "."));
function draftOf(k: Partial<KpiDocument>): Draft {
  const kind = k.kind ?? "conversion";
  return {
    name: k.name ?? "", kind, from: k.from ?? "", to: k.to ?? "", journey: k.journey ?? "", window: text(k.window_days), quantile: String(k.quantile ?? 0.5), direction: k.direction ?? (kind === "time" ? "down" : "up"),
    target: text(k.target), threshold: text(k.threshold), owner: k.owner ?? "", department: k.department ?? "", every: k.every ?? "month", unit: k.unit ?? "", each: text(k.value_each),
    readings: (k.readings ?? []).map((r: Reading) => ({ on: r.on.slice(0, 10), value: text(r.value) })),
  };
}

function KpiDialog({ wish, done }: { wish: { map: string; id?: string; start?: Partial<KpiDocument> }; done: (id?: string) => void }) {
  const answer = useApi<MapAnswer>("/maps/" + encodeURIComponent(wish.map));
  const departments = useApi<List<Stored<Department>>>("/departments", { limit: 500 });
  const document = answer.data?.map;
  const before = document ? kpisOf(document).find((k) => k.id === wish.id) ?? null : null;
  const [draft, setDraft] = useState<Draft | null>(null);
  const [tried, setTried] = useState(false), [busy, setBusy] = useState(false);
  const now = draft ?? draftOf(before ?? wish.start ?? {});
  const set = (part: Partial<Draft>) => setDraft({ ...now, ...part });
  const steps = document?.phases.flatMap((p) => (p.steps ?? []).map((s) => ({ value: s.id, label: s.title, group: p.title ?? "" }))) ?? [];
  const choose = [{ value: "", label: t("choose …") }, ...steps];
  const is = (...kinds: KpiKind[]) => kinds.includes(now.kind);
  const wrongNumber = (value: string) => (value.trim() && Number.isNaN(typed(value)!) ? t("A number, please.") : null);
  const faults = {
    name: now.name.trim() ? null : t("Give it the name people will use."),
    from: is("typed") || now.from ? null : t("Choose a step."),
    to: !is("conversion", "time") || (now.to && now.to !== now.from) ? null : now.to ? t("Another step than the first.") : t("Choose a step."),
    target: wrongNumber(now.target), threshold: wrongNumber(now.threshold), window: wrongNumber(now.window), each: wrongNumber(now.each),
    readings: now.readings.some((r) => !/^\d{4}-\d\d-\d\d$/.test(r.on) || typed(r.value) === undefined || Number.isNaN(typed(r.value)!)) ? t("Each reading needs its day and its number.") : null,
  };
  const shown = (name: keyof typeof faults) => (tried ? faults[name] : null);
  const save = async () => {
    setTried(true);
    if (!document || busy || Object.values(faults).some(Boolean)) return;
    setBusy(true);
    const after: KpiDocument = {
      ...(before ?? {}), id: before?.id ?? newId("kpi"), name: now.name.trim(), kind: now.kind,
      from: is("typed") ? undefined : now.from, to: is("conversion", "time") ? now.to : undefined, journey: is("typed") ? undefined : now.journey.trim(),
      window_days: is("conversion", "rate") ? typed(now.window) : undefined, quantile: is("time") && now.quantile !== "0.5" ? Number(now.quantile) : undefined,
      direction: now.direction, target: typed(now.target), threshold: typed(now.threshold), owner: now.owner.trim(), department: now.department.trim(), every: now.every,
      unit: is("typed") ? now.unit.trim() : undefined, value_each: is("conversion") ? typed(now.each) : undefined,
      readings: is("typed") ? now.readings.map((r) => ({ on: r.on, value: typed(r.value)! })).sort((a, b) => a.on.localeCompare(b.on)) : undefined,
    };
    try {
      const operations = kpiOperations(before, after);
      if (operations.length) await sendOperations(wish.map, operations);
      done(after.id);
    } catch (error) {
      toastProblem(error);
      setBusy(false);
    }
  };
  const unit = handUnit(now.kind, now.unit);
  const inUnit = (label: string) => (unit ? `${label} (${unit})` : label);
  const names = departments.data?.items.map((d) => d.body) ?? [];
  return (
    <Dialog title={wish.id ? t("KPI") : t("New KPI")} wide onClose={() => done()} onSubmit={() => void save()} footer={
      <>
        {before && <Button kind="danger" class="left" onClick={() => void deleteKpi(wish.map, document!, before.id).then(() => done(before.id), toastProblem)}>{t("Delete")}</Button>}
        <Button onClick={() => done()}>{t("Cancel")}</Button>
        <Button kind="primary" type="submit" busy={busy} disabled={!document}>{t("Save")}</Button>
      </>
    }>
      {answer.error && <Trouble error={answer.error} onRetry={answer.reload} />}
      {!document && !answer.error && <Skeleton lines={6} height={30} />}
      {document && (
        <>
          <Field label={t("Name")} value={now.name} onInput={(name) => set({ name })} required autofocus error={shown("name")} placeholder={t("quotes won")} maxLength={300} />
          <Select label={t("What is measured")} value={now.kind} onChange={(kind) => set({ kind: kind as KpiKind, ...(draft || before ? {} : { direction: betterOf(kind as KpiKind) }) })} options={KINDS.map((k) => ({ value: k, label: kindWord(k) }))} note={kindNote(now.kind)} />
          {!is("typed") && (
            <div class="form-row">
              <Select label={is("conversion", "time") ? t("From the step") : t("At the step")} value={now.from} onChange={(from) => set({ from })} options={choose} error={shown("from")} required />
              {is("conversion", "time") && <Select label={t("To the step")} value={now.to} onChange={(to) => set({ to })} options={choose} error={shown("to")} required />}
              {is("conversion", "rate") && <Field label={t("Within how many days")} value={now.window} inputMode="decimal" onInput={(window) => set({ window })} error={shown("window")} note={is("rate") ? t("Empty: 90 days from the first event.") : t("Empty: as long as nearly all take who get there.")} />}
              {is("time") && <Select label={t("Whose time")} value={now.quantile} onChange={(quantile) => set({ quantile })} options={[{ value: "0.5", label: t("half of the customers are faster (median)") }, { value: "0.9", label: t("nine in ten are faster") }]} />}
            </div>
          )}
          <div class="form-row">
            <Select label={t("Better is")} value={now.direction} onChange={(direction) => set({ direction: direction as "up" | "down" })} options={[{ value: "up", label: t("more") }, { value: "down", label: t("less") }]} />
            {is("typed") && <Field label={t("Unit")} value={now.unit} onInput={(u) => set({ unit: u })} placeholder="€" />}
            <Field label={inUnit(t("Target"))} value={now.target} inputMode="decimal" onInput={(target) => set({ target })} error={shown("target")} />
            <Field label={inUnit(t("Alarm beyond"))} value={now.threshold} inputMode="decimal" onInput={(threshold) => set({ threshold })} error={shown("threshold")} />
          </div>
          {is("typed") && <Readings list={now.readings} unit={now.unit} error={shown("readings")} onChange={(readings) => set({ readings })} />}
          <div class="form-row">
            <Combo label={t("Department")} value={now.department} onInput={(department) => set({ department })} options={names.map((d) => d.name)} />
            <Combo label={t("Who answers for it")} value={now.owner} onInput={(owner) => set({ owner })} options={[...new Set(names.map((d) => d.head ?? "").filter(Boolean))]} />
            <Select label={t("Shown by")} value={now.every} onChange={(every) => set({ every: every as "week" | "month" })} options={[{ value: "month", label: t("month") }, { value: "week", label: t("week") }]} />
            {is("conversion") && <Field label={t("What one more is worth (€)")} value={now.each} inputMode="decimal" onInput={(each) => set({ each })} error={shown("each")} />}
            {!is("typed") && <Field label={t("One journey for each")} value={now.journey} onInput={(journey) => set({ journey })} placeholder={t("customer")} note={t("A column of the evidence, such as the order’s number.")} />}
          </div>
        </>
      )}
    </Dialog>
  );
}
function kindNote(kind: KpiKind): string {
  return {
    conversion: t("Of those at one step, the share who reach the other in time. Who is still under way is not counted against it."),
    time: t("From one step to the other; who is still waiting counts as waiting."),
    rate: t("How many times it happens to each customer: returns, second calls."),
    score: t("The mean of stars, CSAT or CES; for NPS, promoters less detractors."),
    state: t("Of the customers seen in the period, the share whose last event is at this step."),
    typed: t("What no file knows: you write the number down, with its day."),
  }[kind];
}

function Readings({ list, unit, error, onChange }: { list: { on: string; value: string }[]; unit: string; error: string | null; onChange: (list: { on: string; value: string }[]) => void }) {
  const put = (i: number, part: Partial<{ on: string; value: string }>) => onChange(list.map((r, k) => (k === i ? { ...r, ...part } : r)));
  return (
    <fieldset class="kpi-readings">
      <legend>{t("Readings")}</legend>
      {list.map((r, i) => (
        <div class="row" key={i}>
          <Field label={t("Day of reading {n}", { n: i + 1 })} hideLabel type="date" value={r.on} onInput={(on) => put(i, { on })} />
          <Field label={t("Value of reading {n}", { n: i + 1 })} hideLabel value={r.value} inputMode="decimal" placeholder={unit} onInput={(value) => put(i, { value })} />
          <Button kind="quiet" small icon={<Icon name="close" size={16} />} label={t("Take reading {n} out", { n: i + 1 })} onClick={() => onChange(list.filter((_, k) => k !== i))} />
        </div>
      ))}
      {error && <p class="field-error" role="alert">{error}</p>}
      <Button small icon={<Icon name="plus" size={16} />} onClick={() => onChange([...list, { on: today(), value: "" }])}>{t("Add a reading")}</Button>
    </fieldset>
  );
}

/** One more reading of a typed KPI, without the whole form. */
export function openReading(map: string, document: MapDocument, id: string): Promise<boolean | undefined> {
  function Ask({ done }: { done: (kept?: boolean) => void }) {
    const kpi = kpisOf(document).find((k) => k.id === id)!;
    const [on, setOn] = useState(today()), [value, setValue] = useState(""), [busy, setBusy] = useState(false), [tried, setTried] = useState(false);
    const n = typed(value), wrong = n === undefined || Number.isNaN(n);
    const save = async () => {
      setTried(true);
      if (wrong || !on || busy) return;
      setBusy(true);
      const before = kpi.readings ?? [], readings = [...before.filter((r) => r.on.slice(0, 10) !== on), { on, value: n }].sort((a, b) => a.on.localeCompare(b.on));
      try {
        await sendOperations(map, [{ op: "set", at: id, field: "readings", value: readings }]);
        toast(t("Kept: {name} on {day}.", { name: kpi.name ?? "", day: on }), { undo: () => sendOperations(map, [{ op: "set", at: id, field: "readings", ...(before.length ? { value: before } : {}) }]).then(() => undefined) });
        done(true);
      } catch (error) {
        toastProblem(error);
        setBusy(false);
      }
    };
    return (
      <Dialog title={kpi.name ?? ""} onClose={() => done()} onSubmit={() => void save()} footer={<><Button onClick={() => done()}>{t("Cancel")}</Button><Button kind="primary" type="submit" busy={busy}>{t("Save")}</Button></>}>
        <div class="form-row">
          <Field label={kpi.unit ? `${t("Value")} (${kpi.unit})` : t("Value")} value={value} inputMode="decimal" autofocus onInput={setValue} error={tried && wrong ? t("A number, please.") : null} />
          <Field label={t("Day")} type="date" value={on} onInput={setOn} />
        </div>
      </Dialog>
    );
  }
  return openDialog<boolean>((done) => <Ask done={done} />);
}
