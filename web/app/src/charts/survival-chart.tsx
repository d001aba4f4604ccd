// How many have arrived by when, counting those who still wait (Kaplan-Meier), with the 95 % interval.
// Arrow keys and the pointer read the curve off at a time.
import { useMemo, useState } from "preact/hooks";
import { t } from "../lang/lang";
import type { Survival } from "../reality/insight";
import { linear, stairBand, stairs, thinned, timeTicks } from "./scale";
import { arrivals, arrivedBy, type Arrival } from "./shape";
import { TableTwin } from "./table-twin";
import { useWidth } from "./width";
import { count, percent, range, span } from "./words";

const high = 260, top = 12, bottom = 34, left = 46, right = 12;

export function SurvivalChart(props: { survival: Survival }) {
  const { survival } = props;
  const [ref, width] = useWidth<HTMLDivElement>(720);
  const curve = useMemo(() => arrivals(survival), [survival]);
  const [at, setAt] = useState<number | null>(null);
  const most = curve[curve.length - 1]!.t || 1;
  const x = linear([0, most], [left, width - right]);
  const y = linear([0, 1], [high - bottom, top]);
  const shown = thinned(curve, 400);
  const points = (value: (p: Arrival) => number) => shown.map((p) => ({ x: x(p.t), y: y(value(p)) }));
  const read = arrivedBy(curve, at ?? survival.median_s ?? most);
  const time = at ?? survival.median_s ?? most;
  const steps = timeTicks(most, Math.max(2, Math.floor(width / 110)));
  const move = (fraction: number): void => setAt(Math.min(most, Math.max(0, fraction * most)));
  return (
    <div class="survival" ref={ref}>
      <svg
        width={width} height={high} role="slider" tabindex={0}
        aria-label={t("Time since “{from}”", { from: survival.from })} aria-valuemin={0} aria-valuemax={Math.round(most)} aria-valuenow={Math.round(time)}
        aria-valuetext={readOff(time, read)}
        onPointerMove={(event) => move((event.offsetX - left) / Math.max(1, width - left - right))}
        onPointerLeave={() => setAt(null)}
        onKeyDown={(event) => {
          const by: Record<string, number> = { ArrowLeft: -0.02, ArrowDown: -0.02, ArrowRight: 0.02, ArrowUp: 0.02, PageUp: 0.1, PageDown: -0.1 };
          if (event.key === "Home") move(0);
          else if (event.key === "End") move(1);
          else if (by[event.key] !== undefined) move(time / most + by[event.key]!);
          else return;
          event.preventDefault();
        }}
      >
        {[0, 0.25, 0.5, 0.75, 1].map((share) => (
          <g key={share}>
            <line class={share === 0 ? "axis" : "grid-line"} x1={left} x2={width - right} y1={y(share)} y2={y(share)} />
            <text class="axis-text" x={left - 8} y={y(share) + 4} text-anchor="end">{percent(share)}</text>
          </g>
        ))}
        {steps.map((tick) => <text key={tick} class="axis-text" x={x(tick)} y={high - 12} text-anchor={tick === 0 ? "start" : x(tick) > width - 40 ? "end" : "middle"}>{tick === 0 ? "0" : span(tick)}</text>)}
        <path class="curve-band" d={stairBand(points((p) => p.high), points((p) => p.low))} />
        <path class="curve-lived" d={stairs(points((p) => p.arrived))} />
        <line class="survival-read" x1={x(time)} x2={x(time)} y1={top} y2={high - bottom} />
        <circle class="survival-dot" cx={x(time)} cy={y(read.arrived)} r="5" />
      </svg>
      <p class="survival-told"><b>{readOff(time, read)}</b></p>
      <TableTwin
        caption={t("Who has arrived at “{to}” by when", { to: survival.to })}
        rows={steps.slice(1)}
        columns={[
          { head: t("within"), cell: (tick) => span(tick) },
          { head: t("arrived"), number: true, cell: (tick) => percent(arrivedBy(curve, tick).arrived) },
          { head: t("95% interval"), number: true, cell: (tick) => { const p = arrivedBy(curve, tick); return range(p.low, p.high); } },
          { head: t("still watched then"), number: true, cell: (tick) => count(arrivedBy(curve, tick).at_risk) },
        ]}
      />
    </div>
  );
}

function readOff(time: number, read: Arrival): string {
  return t("within {time}: {share} have arrived ({range})", { time: span(time), share: percent(read.arrived), range: range(read.low, read.high) });
}
