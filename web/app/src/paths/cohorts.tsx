/** Cohorts: how many reach each milestone by when (who is still under way counts as such), where clients stop, how
 * long each phase takes; for all, or for those who began in one month. */
import { useState } from "preact/hooks";
import { linear, stairBand, stairs, thinned, timeTicks } from "../charts/scale";
import { TableTwin } from "../charts/table-twin";
import { useWidth } from "../charts/width";
import { percent, range, span } from "../charts/words";
import { t } from "../lang/lang";
import { EmptyState, Select } from "../ui";
import type { Cohort, CohortMilestone, WholePath } from "./shapes";

export function monthWord(month: string): string {
  return new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : "it", { month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(month.slice(0, 7) + "-15T12:00:00Z"));
}
export function Cohorts({ path }: { path: WholePath }) {
  const all = path.cohorts.find((c) => !c.month) ?? path.cohorts[0];
  const [month, setMonth] = useState("");
  const months = path.cohorts.filter((c) => c.month);
  const chosen = months.find((c) => c.month === month) ?? all;
  if (!all || !all.n) return <EmptyState title={t("Nobody to compare yet")}><p>{t("When clients have been on the path for a while, this shows how many reach each milestone, where they stop and how long they take.")}</p></EmptyState>;
  const c = chosen!;
  return (
    <div class="cohorts">
      <div class="row between">
        <p class="cohort-lead">{t("{arrived} of {n} have arrived so far, {left} have left, {rest} are under way.", { arrived: c.arrived, n: c.n, left: c.left, rest: c.n - c.arrived - c.left })}</p>
        {months.length > 1 && <Select label={t("Who began in")} hideLabel value={month} onChange={setMonth} options={[{ value: "", label: t("all months") }, ...months.map((m) => ({ value: m.month!, label: `${monthWord(m.month!)} (${m.n})` }))]} />}
      </div>
      <section class="card" aria-label={t("Who reaches which milestone, by when")}>
        <header><h2>{t("Who reaches which milestone, by when")}</h2><span class="note">{t("counted with those still under way, 95% interval")}</span></header>
        <Reach milestones={c.milestones} />
      </section>
      <div class="cohort-two">
        <section class="card" aria-label={t("Where clients stop")}>
          <header><h2>{t("Where clients stop")}</h2><span class="note">{t("stuck, silent or gone")}</span></header>
          <Bars rows={c.stopped.map((s) => ({ name: s.title, n: s.n }))} />
        </section>
        <section class="card" aria-label={t("How long each phase takes")}>
          <header><h2>{t("How long each phase takes")}</h2><span class="note">{t("half of the clients, and nine in ten")}</span></header>
          <Times cohort={c} />
        </section>
      </div>
      {months.length > 1 && (
        <section class="card" aria-label={t("Month by month")}>
          <header><h2>{t("Month by month")}</h2><span class="note">{t("who passed each milestone so far: the last months are still under way")}</span></header>
          <div class="table-scroll" tabIndex={0} role="group" aria-label={t("Table: month by month")}>
            <table class="table cohort-table">
              <caption class="hidden">{t("Month by month")}</caption>
              <thead><tr><th scope="col">{t("Began in")}</th><th scope="col" class="num">{t("clients")}</th>{all.milestones.map((m) => <th key={m.phase} scope="col" class="num">{m.title}</th>)}</tr></thead>
              <tbody>{months.map((m) => <tr key={m.month}><th scope="row">{monthWord(m.month!)}</th><td class="num">{m.n}</td>{m.milestones.map((x) => <td key={x.phase} class="num" style={{ "--share": m.n ? x.passed / m.n : 0 }}><span class="cohort-cell">{m.n ? percent(x.passed / m.n) : "–"}<small> {x.passed}</small></span></td>)}</tr>)}</tbody>
            </table>
          </div>
        </section>
      )}
    </div>
  );
}

const high = 250, top = 12, bottom = 34, left = 46;
function Reach({ milestones }: { milestones: CohortMilestone[] }) {
  const [ref, width] = useWidth<HTMLDivElement>(720);
  const [on, setOn] = useState(milestones.length - 1);
  const drawn = milestones.filter((m) => m.curve.length > 0);
  if (!drawn.length) return <p class="quiet">{t("No milestone was passed yet.")}</p>;
  const most = Math.max(...drawn.map((m) => m.curve.at(-1)!.t_s)) || 86_400;
  const right = 14, x = linear([0, most], [left, width - right]), y = linear([0, 1], [high - bottom, top]);
  const ticks = timeTicks(most, Math.max(2, Math.floor(width / 110)));
  const held = (m: CohortMilestone) => [{ t_s: 0, value: 0, low: 0, high: 0 }, ...thinned(m.curve, 300), { ...m.curve.at(-1)!, t_s: most }];
  const chosen = milestones[on] ?? drawn.at(-1)!;
  return (
    <div class="reach" ref={ref}>
      <svg width={width} height={high} aria-hidden="true">
        {[0, 0.25, 0.5, 0.75, 1].map((share) => <g key={share}><line class={share ? "grid-line" : "axis"} x1={left} x2={width - right} y1={y(share)} y2={y(share)} /><text class="axis-text" x={left - 8} y={y(share) + 4} text-anchor="end">{percent(share)}</text></g>)}
        {ticks.map((tick) => <text key={tick} class="axis-text" x={x(tick)} y={high - 12} text-anchor={tick === 0 ? "start" : x(tick) > width - 40 ? "end" : "middle"}>{tick === 0 ? t("enrolled") : span(tick)}</text>)}
        {chosen.curve.length > 0 && <path class="curve-band" d={stairBand(held(chosen).map((p) => ({ x: x(p.t_s), y: y(p.high) })), held(chosen).map((p) => ({ x: x(p.t_s), y: y(p.low) })))} />}
        {milestones.map((m, i) => m.curve.length > 0 && <path key={m.phase} class={`reach-line phase-${(i % 8) + 1}${m === chosen ? " on" : ""}`} d={stairs(held(m).map((p) => ({ x: x(p.t_s), y: y(p.value) })))} />)}
      </svg>
      <ul class="reach-key">
        {milestones.map((m, i) => <li key={m.phase}><button type="button" aria-pressed={m === chosen} onClick={() => setOn(i)}><i class={`reach-swatch phase-${(i % 8) + 1}`} aria-hidden="true" /><span>{m.title}</span><b>{percent(m.value)}</b><small>({range(m.low, m.high)})</small></button></li>)}
      </ul>
      <TableTwin caption={t("Who reaches which milestone")} rows={milestones} columns={[
        { head: t("Milestone"), cell: (m) => m.title }, { head: t("passed it"), number: true, cell: (m) => m.passed },
        { head: t("in the end"), number: true, cell: (m) => percent(m.value) }, { head: t("95% interval"), number: true, cell: (m) => range(m.low, m.high) },
        { head: t("half have it by"), number: true, cell: (m) => span(m.median_s) },
      ]} />
    </div>
  );
}
function Bars({ rows }: { rows: { name: string; n: number }[] }) {
  const most = Math.max(1, ...rows.map((r) => r.n));
  if (!rows.some((r) => r.n)) return <p class="quiet">{t("Nobody has stopped.")}</p>;
  return <ul class="bars path-bars">{rows.map((r) => <li key={r.name}><span>{r.name}</span><i aria-hidden="true">{r.n > 0 && <b class="lost" style={{ width: `${(r.n / most) * 100}%` }} />}</i><span class="value">{r.n}</span></li>)}</ul>;
}
function Times({ cohort }: { cohort: Cohort }) {
  const most = Math.max(1, ...cohort.phases.map((p) => p.p90_s ?? p.median_s ?? 0));
  return (
    <ul class="bars path-bars times">
      {cohort.phases.map((p) => (
        <li key={p.phase}><span>{p.title}<small class="note"> n {p.n}</small></span><i aria-hidden="true">{p.p90_s !== null && <em style={{ width: `${(p.p90_s / most) * 100}%` }} />}{p.median_s !== null && <b style={{ width: `${(p.median_s / most) * 100}%` }} />}</i><span class="value">{span(p.median_s)}<small class="note">{p.p90_s !== null ? span(p.p90_s) : ""}</small></span></li>
      ))}
    </ul>
  );
}
