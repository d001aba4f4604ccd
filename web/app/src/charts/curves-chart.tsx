// What the workshop believed and what customers lived, step by step: two curves, the lived one with its
// interval. A step without a value is a gap. Columns become numbers where there is no room for titles.
import { t } from "../lang/lang";
import { Face } from "../ui/face";
import type { MapDocument } from "../api/types";
import type { EmotionStep } from "../reality/insight";
import { placedSteps } from "../reality/insight";
import { band, linear, runs, smooth, type Point } from "./scale";
import { Figure, TableTwin } from "./table-twin";
import { useWidth } from "./width";
import { count, valence, valenceRange } from "./words";

const high = 220, top = 18, bottom = 18, left = 76;

export function CurvesChart(props: { steps: readonly EmotionStep[]; map: MapDocument; onOpen: (step: EmotionStep) => void }) {
  const { steps, onOpen } = props;
  const [ref, width] = useWidth<HTMLDivElement>(720);
  const phases = new Map(placedSteps(props.map).map(({ step, phase }) => [step.id, phase]));
  const margin = width < 480 ? 30 : left;
  const column = (width - margin) / Math.max(1, steps.length);
  const x = (i: number): number => margin + column * (i + 0.5);
  const y = linear([2, -2], [top, high - bottom]);
  const items = steps.map((step, i) => ({ step, i }));
  const lived = runs(items, ({ step }) => step.mean !== null);
  const believed = runs(items, ({ step }) => step.believed !== null);
  const line = (run: typeof items, value: (step: EmotionStep) => number): Point[] => run.map(({ step, i }) => ({ x: x(i), y: y(value(step)) }));
  const numbered = column < 72;
  const size = Math.max(14, Math.min(24, column - 6));
  return (
    <div class="curves" ref={ref}>
      <div class="curves-plot" style={{ height: `${high}px` }} aria-hidden="true">
        <svg width={width} height={high}>
          {[2, 0, -2].map((v) => (
            <g key={v}>
              <line class={v === 0 ? "axis" : "grid-line"} x1={margin} x2={width} y1={y(v)} y2={y(v)} />
              <text class="axis-text" x={margin - 8} y={y(v) + 4} text-anchor="end">
                {margin < left ? ["−2", "0", "+2"][v / 2 + 1] : v === 2 ? t("very good") : v === 0 ? t("so-so") : t("very bad")}
              </text>
            </g>
          ))}
          {lived.map((run, r) => (
            <g key={r}>
              {run.length > 1 && <path class="curve-band" d={band(line(run, (s) => s.high ?? s.mean!), line(run, (s) => s.low ?? s.mean!))} />}
              {run.length === 1 && run[0]!.step.low !== null && <line class="curve-whisker" x1={x(run[0]!.i)} x2={x(run[0]!.i)} y1={y(run[0]!.step.low!)} y2={y(run[0]!.step.high!)} />}
            </g>
          ))}
          {believed.map((run, r) => <path key={r} class="curve-believed" d={smooth(line(run, (s) => s.believed!))} />)}
          {believed.filter((run) => run.length === 1).map((run) => <circle key={run[0]!.i} class="curve-believed-dot" cx={x(run[0]!.i)} cy={y(run[0]!.step.believed!)} r="4" />)}
          {lived.map((run, r) => <path key={r} class="curve-lived" d={smooth(line(run, (s) => s.mean!))} />)}
        </svg>
        {items.map(({ step, i }) => step.mean !== null && (
          <i key={step.id} class="curve-face" style={{ left: `${x(i)}px`, top: `${y(step.mean)}px` }} title={sentence(step)} onClick={() => onOpen(step)}>
            <Face valence={step.mean} size={size} />
          </i>
        ))}
      </div>
      <ol class="curves-steps" style={{ "--margin": `${margin}px`, "--count": steps.length }}>
        {steps.map((step, i) => (
          <li key={step.id} class={`phase-${((phases.get(step.id) ?? 0) % 8) + 1}`}>
            <span class={numbered ? "hidden" : "curves-title"}>{step.title}</span>
            {numbered && <span aria-hidden="true" title={step.title}>{i + 1}</span>}
            {!numbered && step.n > 0 && <Figure class="note" label={sentence(step)} onOpen={() => onOpen(step)}>n {count(step.n)}</Figure>}
            {!numbered && step.n === 0 && <span class="note">{t("no score")}</span>}
          </li>
        ))}
      </ol>
      {numbered && <ol class="curves-key" aria-hidden="true">{steps.map((step, i) => <li key={step.id}><b>{i + 1}</b>{step.title}</li>)}</ol>}
      <ul class="key" aria-hidden="true">
        <li><i class="swatch line-lived" />{t("lived: from the evidence, with its 95% interval")}</li>
        <li><i class="swatch line-believed" />{t("believed in the workshop")}</li>
      </ul>
      <TableTwin
        caption={t("What was believed and what is lived")}
        rows={steps}
        columns={[
          { head: t("Step"), cell: (step, i) => `${i + 1}. ${step.title}` },
          { head: t("believed"), number: true, cell: (step) => valence(step.believed) },
          { head: t("lived"), number: true, cell: (step) => valence(step.mean) },
          { head: t("95% interval"), number: true, cell: (step) => valenceRange(step.low, step.high) },
          { head: t("scores"), number: true, cell: (step) => (step.n ? <Figure label={sentence(step)} onOpen={() => onOpen(step)}>{count(step.n)}</Figure> : count(0)) },
        ]}
      />
    </div>
  );
}

export function sentence(step: EmotionStep): string {
  const said: string[] = [];
  if (step.believed !== null) said.push(t("believed {value}", { value: valence(step.believed) }));
  if (step.mean !== null) said.push(t("lived {value} ({range}), {n} scores", { value: valence(step.mean), range: valenceRange(step.low, step.high), n: count(step.n) }));
  return `${step.title}: ${said.join(" · ") || t("nobody has said")}`;
}
