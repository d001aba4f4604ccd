// A KPI over time: each period's value with its 95 % interval, the usual ups and downs (XmR limits) as a band,
// target and threshold as lines, changes made as marks. Arrows and the pointer read one period off.
import { useState } from "preact/hooks";
import { linear, runs } from "../charts/scale";
import { TableTwin } from "../charts/table-twin";
import { useWidth } from "../charts/width";
import { count } from "../charts/words";
import { t } from "../lang/lang";
import type { Kpi, Point } from "./shapes";
import { measure, measureRange, nothing, periodWord, signalWord } from "./words";

const high = 190, top = 14, bottom = 26;
export interface Mark { on: string; title: string }

export function pointSentence(kpi: Kpi, p: Point): string {
  const said = [`${periodWord(p.from, kpi.every)}: ${measure(kpi.unit, p.value, kpi.unit_text)}`];
  const range = measureRange(kpi.unit, p.low, p.high, kpi.unit_text);
  if (range) said[0] += ` (${range})`;
  const young = !!kpi.latest && p.from > kpi.latest.from;
  said.push(t("{n} observed", { n: count(p.n) }), ...(young ? [t("not complete yet")] : p.signals.map(signalWord)));
  return said.join(" · ");
}
/** Points at most that many, the last ones: what a card can show. */
const shownOf = (kpi: Kpi, width: number): Point[] => kpi.series.slice(-Math.max(8, Math.floor(width / 16)));

export function SeriesChart({ kpi, marks = [] }: { kpi: Kpi; marks?: Mark[] }) {
  const [ref, width] = useWidth<HTMLDivElement>(520);
  const [at, setAt] = useState<number | null>(null);
  const points = shownOf(kpi, width);
  // periods after the last one that can be told are not complete yet: shown pale, and they do not rule the scale
  const complete = kpi.latest ? points.findLastIndex((p) => p.from <= kpi.latest!.from) : points.length - 1;
  const values = points.flatMap((p, i) => (p.value === null || i > complete ? [] : [p.value]));
  if (!values.length) return <p class="quiet">{t("No period has a value yet.")}</p>;
  const control = kpi.control, extra = [kpi.target, kpi.threshold, control?.low, control?.high].filter((v): v is number => typeof v === "number" && isFinite(v));
  // the intervals may leave the picture: one thin month must not flatten all the others
  let least = Math.min(...values, ...extra), most = Math.max(...values, ...extra);
  const room = (most - least || Math.abs(most) || 1) * 0.12;
  least = kpi.unit === "share" || least >= 0 ? Math.max(0, least - room) : least - room;
  most = kpi.unit === "share" ? Math.min(1, most + room) : most + room;
  const said = [most - room, least + room].map((v) => measure(kpi.unit, v)); // beside the axis
  const left = Math.max(52, 16 + 7 * Math.max(...said.map((w) => w.length))), right = 10;
  const column = (width - left - right) / points.length;
  const x = (i: number) => left + column * (i + 0.5);
  const y = linear([least, most], [high - bottom, top]);
  const inside = (v: number): number => Math.max(top - 6, Math.min(high - bottom + 4, y(v)));
  const here = at === null ? (complete >= 0 ? complete : points.findLastIndex((p) => p.value !== null)) : at;
  const told = points[here]!;
  const lines = runs(points.map((p, i) => ({ p, i })), ({ p, i }) => p.value !== null && i <= complete);
  const every = Math.max(1, Math.ceil(52 / column));
  const move = (i: number) => setAt(Math.max(0, Math.min(points.length - 1, i)));
  const marked = marks.flatMap((m) => {
    const i = points.findIndex((p) => p.from.slice(0, 10) <= m.on && m.on < p.to.slice(0, 10));
    return i < 0 ? [] : [{ ...m, x: left + column * i + (column * (Date.parse(m.on) - Date.parse(points[i]!.from))) / Math.max(1, Date.parse(points[i]!.to) - Date.parse(points[i]!.from)) }];
  });
  const rule = (v: number | null | undefined, kind: string) => (typeof v === "number" && isFinite(v) ? <line class={kind} x1={left} x2={width - right} y1={inside(v)} y2={inside(v)} /> : null);
  return (
    <div class="series" ref={ref}>
      <svg width={width} height={high} role="slider" tabindex={0} aria-label={t("{kpi}, period by period", { kpi: kpi.name })} aria-valuemin={1} aria-valuemax={points.length} aria-valuenow={here + 1} aria-valuetext={pointSentence(kpi, told)}
        onPointerMove={(e) => move(Math.floor((e.offsetX - left) / column))} onPointerLeave={() => setAt(null)}
        onKeyDown={(e) => {
          const by: Record<string, number> = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };
          if (e.key === "Home") move(0); else if (e.key === "End") move(points.length - 1); else if (by[e.key]) move(here + by[e.key]!); else return;
          e.preventDefault();
        }}>
        {typeof control?.low === "number" && typeof control.high === "number" && <rect class="series-usual" x={left} width={Math.max(0, width - left - right)} y={inside(control.high)} height={Math.max(0, inside(Math.max(least, control.low)) - inside(control.high))} />}
        <line class="axis" x1={left} x2={width - right} y1={high - bottom} y2={high - bottom} />
        {[most - room, least + room].filter((v, i, all) => i === 0 || Math.abs(y(v) - y(all[0]!)) > 24).map((v, i) => <text key={i} class="axis-text" x={left - 8} y={y(v) + 4} text-anchor="end">{measure(kpi.unit, v)}</text>)}
        {rule(control?.mean, "series-mean")}
        {rule(kpi.target, "series-target")}
        {rule(kpi.threshold, "series-threshold")}
        {marked.map((m, i) => <g key={i}><line class="series-mark" x1={m.x} x2={m.x} y1={top - 4} y2={high - bottom} /><path class="series-flag" d={`M${m.x} ${top - 8}h9l-3 4 3 4h-9z`} /></g>)}
        {points.map((p, i) => p.low !== null && p.high !== null && i <= complete && <line key={i} class="series-doubt" x1={x(i)} x2={x(i)} y1={inside(p.low)} y2={inside(p.high)} />)}
        {lines.map((run, r) => <path key={r} class="series-line" d={run.map(({ p, i }, k) => `${k ? "L" : "M"}${x(i).toFixed(1)} ${y(p.value!).toFixed(1)}`).join("")} />)}
        {points.map((p, i) => p.value !== null && <circle key={i} class={"series-dot" + (i > complete ? " young" : p.signals.length ? " signal" : "") + (i === here ? " on" : "")} cx={x(i)} cy={i > complete ? inside(p.value) : y(p.value)} r={p.signals.length ? 5 : i === here ? 4.5 : 3} />)}
        {points.map((p, i) => (points.length - 1 - i) % every === 0 && <text key={i} class="axis-text" x={x(i)} y={high - 8} text-anchor="middle">{periodWord(p.from, kpi.every, true)}</text>)}
      </svg>
      <p class="series-told" aria-hidden="true">{pointSentence(kpi, told)}</p>
      <ul class="key" aria-hidden="true">
        {typeof control?.low === "number" && <li><i class="swatch series-usual-swatch" />{t("usual ups and downs")}</li>}
        {kpi.target !== null && <li><i class="swatch series-target-swatch" />{t("target {value}", { value: measure(kpi.unit, kpi.target, kpi.unit_text) })}</li>}
        {kpi.threshold !== null && <li><i class="swatch series-threshold-swatch" />{t("alarm {value}", { value: measure(kpi.unit, kpi.threshold, kpi.unit_text) })}</li>}
        {marked.map((m, i) => <li key={i}><svg width="10" height="10" viewBox="0 0 9 8"><path class="series-flag" d="M0 0h9l-3 4 3 4H0z" /></svg>{m.title}</li>)}
      </ul>
      <TableTwin caption={kpi.name} rows={[...kpi.series].reverse()} columns={[
        { head: kpi.every === "week" ? t("Week") : t("Month"), cell: (p) => periodWord(p.from, kpi.every) },
        { head: t("value"), number: true, cell: (p) => measure(kpi.unit, p.value, kpi.unit_text) },
        { head: t("95% interval"), number: true, cell: (p) => measureRange(kpi.unit, p.low, p.high, kpi.unit_text) || nothing },
        { head: t("observed"), number: true, cell: (p) => count(p.n) },
        { head: t("what stands out"), cell: (p) => p.signals.map(signalWord).join("; ") },
      ]} />
    </div>
  );
}
