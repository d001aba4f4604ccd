/** What if: the steps with a slider for what is lost and one for the wait; how many more would arrive, with the
 * interval, at once; and the pains by what mending them is worth. What is tried is in the address. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useApi } from "../api/use";
import type { MapAnswer, Stored, WorkspaceSettings } from "../api/types";
import type * as wire from "../api/wire";
import { setQuery, where } from "../app/router";
import chartStyle from "../charts/charts.css";
import { TableTwin } from "../charts/table-twin";
import { count, percent, range } from "../charts/words";
import { span } from "../lang/format";
import { t } from "../lang/lang";
import { openAction } from "../pages/action";
import { useFresh } from "../reality/fresh";
import { useKept } from "../reality/kept";
import realityStyle from "../reality/reality.css";
import { Button, Chip, EmptyState, Skeleton, Trouble } from "../ui";
import { useAbout } from "./about";
import { MapPlace } from "./page";
import { readWhatIf } from "./read";
import type { WhatIf, WhatIfPain, WhatIfStep } from "./shapes";
import { customersMore, money, moneyRange, wholeRange } from "./words";
import sheet from "./results.css";

export const style = [chartStyle, realityStyle, sheet];

export default function WhatIfPage() {
  return <MapPlace title={t("What if …")} view="whatif">{(map) => <Tried key={map} id={map} />}</MapPlace>;
}

type Wishes = Record<string, number>; // "loss STEP" or "wait STEP" → share less
function wishesOf(query: URLSearchParams): Wishes {
  const out: Wishes = {};
  for (const kind of ["loss", "wait"]) for (const each of query.getAll(kind)) {
    const cut = each.lastIndexOf(":"), share = Number(each.slice(cut + 1));
    if (cut > 0 && share > 0 && share <= 1) out[kind + " " + each.slice(0, cut)] = share;
  }
  return out;
}
const pairs = (wishes: Wishes, kind: string) => Object.entries(wishes).filter(([k, v]) => k.startsWith(kind + " ") && v > 0).map(([k, v]) => `${k.slice(kind.length + 1)}:${v}`).sort();

function Tried({ id }: { id: string }) {
  useFresh(id);
  const wishes = wishesOf(where.value.query);
  const about = useAbout(id);
  const answer = useKept<wire.WhatIf>(about.ready ? `/maps/${encodeURIComponent(id)}/whatif` : null, new URLSearchParams([...(about.query.persona ? [["persona", about.query.persona]] : []), ...pairs(wishes, "loss").map((v) => ["loss", v]), ...pairs(wishes, "wait").map((v) => ["wait", v])] as string[][]));
  const settings = useApi<Stored<WorkspaceSettings>>("/settings/workspace");
  const document = useApi<MapAnswer>("/maps/" + encodeURIComponent(id)).data?.map;
  const data = useMemo(() => answer.data && readWhatIf(answer.data, document), [answer.data, document]);
  if (answer.error && !data) return <Trouble error={answer.error} onRetry={answer.reload} />;
  if (!data) return <Skeleton lines={8} height={30} />;
  if (!data.customers) return <EmptyState title={t("No evidence yet to reckon with")} actions={<Button kind="primary" href="/evidence">{t("Import evidence")}</Button>}><p>{t("What if lives on what customers did: without it every number would be a guess.")}</p></EmptyState>;
  const some = Object.keys(wishes).length > 0;
  const write = (next: Wishes) => setQuery({ loss: pairs(next, "loss"), wait: pairs(next, "wait") });
  const priced = data.value_per_customer !== null;
  return (
    <div class="whatif">
      {about.chip}
      <section class="card whatif-answer" aria-label={t("How many arrive")}>
        <div aria-live="polite" aria-busy={answer.loading}>
          <p class="overline">{some ? t("If that came true") : t("Today")}</p>
          <p class="big">{some && data.more.value !== null ? <>{customersMore(data.more)} <span class="note">({wholeRange(data.more)})</span></> : <>{percent(data.base.arrive.value, 1)} <span class="note">({range(data.base.arrive.low, data.base.arrive.high)})</span></>}</p>
          <p class="quiet">{some
            ? t("would arrive besides at “{step}”: from {before} to {after} ({range}) of {n} journeys", { step: data.arrival, before: percent(data.base.arrive.value, 1), after: percent(data.now.arrive.value, 1), range: range(data.now.arrive.low, data.now.arrive.high), n: count(data.customers) })
            : t("of {n} journeys arrive at “{step}”. Move a slider to see what a change would bring.", { n: count(data.customers), step: data.arrival })}</p>
          {some && data.money?.value !== null && data.money && <p class="whatif-money"><b>{money(data.money.value)}</b> <span class="note">({moneyRange(data.money)})</span></p>}
          {some && data.now.wait_s !== null && data.base.wait_s !== null && Math.abs(data.now.wait_s - data.base.wait_s) > 60 && <p class="quiet">{t("Half of those who arrive would take {after} instead of {before}.", { after: span(data.now.wait_s), before: span(data.base.wait_s) })}</p>}
        </div>
        <Arrivals data={data} some={some} />
        {some && <Button small onClick={() => write({})}>{t("All as it is today")}</Button>}
      </section>
      <section class="card" aria-label={t("The steps")}>
        <header><h2>{t("The steps")}</h2><span class="note">{t("how much less is lost, how much shorter the wait")}</span></header>
        <ol class="whatif-steps">
          {data.steps.map((s, i) => <StepSliders key={s.id} step={s} number={i + 1} wishes={wishes} write={write} />)}
        </ol>
        <p class="note">{t("What is lost and what is waited are estimates that count those still under way, too: they may differ a little from Reality.")}</p>
      </section>
      <section class="card whatif-pains" aria-label={t("What mending would be worth")}>
        <header><h2>{t("What mending would be worth")}</h2><span class="note">{t("if at its step {share} fewer were lost and the wait were shorter by as much", { share: percent(data.mend) })}</span></header>
        <Pains list={data.pains} map={id} priced={priced} />
        {!priced && settings.data && <p class="note">{t("With the average value of a customer this would be money, too.")} <a href="/settings">{t("Settings")}</a></p>}
      </section>
    </div>
  );
}

function Arrivals({ data, some }: { data: WhatIf; some: boolean }) {
  const bars = [{ what: t("today"), e: data.base.arrive, kind: "was" }, ...(some ? [{ what: t("then"), e: data.now.arrive, kind: "is" }] : [])];
  const most = Math.min(1, Math.max(...bars.map((b) => b.e.high ?? b.e.value ?? 0)) * 1.15) || 1;
  const at = (v: number | null) => `${(((v ?? 0) / most) * 100).toFixed(2)}%`;
  return (
    <ul class="arrivals" aria-hidden="true">
      {bars.map((b) => (
        <li key={b.kind}><span>{b.what}</span><span class="arrivals-track"><i class={"arrivals-bar " + b.kind} style={{ width: at(b.e.value) }} />{b.e.low !== null && b.e.high !== null && <i class="arrivals-doubt" style={{ left: at(b.e.low), width: `calc(${at(b.e.high)} - ${at(b.e.low)})` }} />}</span></li>
      ))}
    </ul>
  );
}

function StepSliders({ step, number, wishes, write }: { step: WhatIfStep; number: number; wishes: Wishes; write: (w: Wishes) => void }) {
  const one = (kind: "loss" | "wait") => ({ value: wishes[kind + " " + step.id] ?? 0, onSet: (v: number) => { const next = { ...wishes }; if (v > 0) next[kind + " " + step.id] = v; else delete next[kind + " " + step.id]; write(next); } });
  return (
    <li>
      <p class="whatif-step"><span class="whatif-n">{number}</span><b>{step.title}</b></p>
      {!step.counts && <p class="note whatif-after">{t("comes after the arrival: it does not count here")}</p>}
      {step.counts && <div class="whatif-pair">
        {step.loss !== null && step.loss > 0.0005 ? <Slider label={t("less lost")} step={step.title} now={t("{share} lost", { share: percent(step.loss, step.loss < 0.1 ? 1 : 0) })} {...one("loss")} /> : <p class="note">{t("nobody is lost here")}</p>}
        {step.wait_s !== null && step.wait_s > 60 ? <Slider label={t("shorter wait")} step={step.title} now={span(step.wait_s)} {...one("wait")} /> : <p class="note">{t("no wait to speak of")}</p>}
      </div>}
    </li>
  );
}
/** Moves at once, is asked about when it rests. */
function Slider({ label, step, now, value, onSet }: { label: string; step: string; now: string; value: number; onSet: (v: number) => void }) {
  const [own, setOwn] = useState<number | null>(null);
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const shown = own ?? Math.round(value * 100);
  return (
    <label class={"slider" + (shown ? " moved" : "")}>
      <span class="slider-words"><span>{label}<span class="hidden">: {step}</span></span><span class="note">{now}</span></span>
      <span class="slider-line">
        <input type="range" min={0} max={100} step={5} value={shown} aria-valuetext={shown ? t("{n}% less than today", { n: shown }) : t("as today")}
          onInput={(e) => { const v = Number(e.currentTarget.value); setOwn(v); clearTimeout(timer.current); timer.current = window.setTimeout(() => { onSet(v / 100); setOwn(null); }, 180); }} />
        <output class="tabular">{shown ? `−${shown}%` : "–"}</output>
      </span>
    </label>
  );
}

function Pains({ list, map, priced }: { list: WhatIfPain[]; map: string; priced: boolean }) {
  if (!list.length) return <p class="quiet">{t("The map names no pains yet.")}</p>;
  const most = Math.max(...list.map((p) => p.customers.high ?? p.customers.value ?? 0)) || 1;
  const at = (v: number | null) => `${Math.max(0, Math.min(1, (v ?? 0) / most)) * 100}%`;
  return (
    <>
      <ol class="pains-ranked">
        {list.slice(0, 12).map((p) => (
          <li key={p.id || p.step}>
            <p class="pains-name"><b>{p.text}</b><span class="note">{p.named ? p.step_title : t("no pain is named there yet")}</span></p>
            {p.customers.low === null ? <p class="note">{t("comes after the arrival: it does not count here")}</p> : <p class="pains-worth"><b>{customersMore(p.customers)}</b> <span class="note">({wholeRange(p.customers)})</span>{priced && p.money && <span> · {money(p.money.value)} <span class="note nowrap">({moneyRange(p.money)})</span></span>}</p>}
            {p.customers.low !== null && <span class="pains-bar" aria-hidden="true"><i style={{ width: at(p.customers.value) }} /><em style={{ left: at(p.customers.low), width: `calc(${at(p.customers.high)} - ${at(p.customers.low)})` }} /></span>}
            {p.has_action ? <Chip tone="good">{t("somebody takes care of it")}</Chip> : <Button small onClick={() => void openAction({ map, pains: p.id ? [p.id] : [], steps: [p.step] })}>{t("Make an action")}</Button>}
          </li>
        ))}
      </ol>
      <TableTwin caption={t("What mending would be worth")} rows={list} columns={[
        { head: t("Pain"), cell: (p) => p.text }, { head: t("Step"), cell: (p) => p.step_title },
        { head: t("customers"), number: true, cell: (p) => customersMore(p.customers) }, { head: t("95% interval"), number: true, cell: (p) => wholeRange(p.customers) },
        ...(priced ? [{ head: t("money"), number: true, cell: (p: WhatIfPain) => (p.money ? money(p.money.value) : "") }] : []),
      ]} />
    </>
  );
}
