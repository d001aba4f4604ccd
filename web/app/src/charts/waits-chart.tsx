// How long from each step to the next: the bar is half of the customers, the thin line all but one in
// twenty. Lengths are true to time, so that the waits that matter stand out; the words say the short ones.
import { t } from "../lang/lang";
import type { Funnel, FunnelStep } from "../reality/insight";
import { waits } from "./shape";
import { Figure } from "./table-twin";
import { count, span } from "./words";

export function WaitsChart(props: { funnel: Funnel; onOpen: (step: FunnelStep, index: number) => void }) {
  const list = waits(props.funnel);
  if (list.length === 0) return <p class="quiet">{t("Nobody has gone from one step to the next yet.")}</p>;
  const most = Math.max(1, ...list.map((wait) => wait.p95));
  const longest = Math.max(...list.map((wait) => wait.median));
  return (
    <div class="waits">
      <ul>
        {list.map(({ step, next, median, p95 }) => (
          <li key={step.id} class={median === longest ? "longest" : undefined}>
            <span class="waits-title">{next ? t("{from} → {to}", { from: step.activity, to: next.activity }) : step.activity}</span>
            <span class="waits-track" aria-hidden="true">
              <i class="waits-most" style={{ width: `${(100 * p95) / most}%` }} />
              <i class="waits-half" style={{ width: `${(100 * median) / most}%` }} />
            </span>
            <b class="waits-value">{span(median)}</b>
            <span class="note">{t("one in twenty over {time}", { time: span(p95) })}</span>
            <Figure class="note" label={`${step.activity}: ${t("gone on")} ${count(step.moved_on)}`} onOpen={() => props.onOpen(step, props.funnel.steps.indexOf(step))}>n {count(step.moved_on)}</Figure>
          </li>
        ))}
      </ul>
      <p class="note">{t("Thick: half of the customers have gone on. Thin: 95% have.")}</p>
    </div>
  );
}
