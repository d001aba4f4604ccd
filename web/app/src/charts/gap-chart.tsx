// Belief against evidence, the widest gap first: a hollow dot for what was believed, a full one for what
// is lived, with its interval.
import { t } from "../lang/lang";
import type { EmotionStep } from "../reality/insight";
import { sentence } from "./curves-chart";
import { gaps } from "./shape";
import { Figure } from "./table-twin";
import { count, valence } from "./words";

const at = (value: number): string => `${((Math.max(-2, Math.min(2, value)) + 2) / 4) * 100}%`;

export function GapChart(props: { steps: readonly EmotionStep[]; most?: number; onOpen: (step: EmotionStep) => void }) {
  const list = gaps(props.steps).slice(0, props.most ?? 6);
  if (list.length === 0) return <p class="quiet">{t("No step has both a belief and scores yet.")}</p>;
  return (
    <div class="gaps">
      <ul>
        {list.map(({ step, gap, sure }) => (
          <li key={step.id} title={sentence(step)}>
            <span class="gaps-title">{step.title}</span>
            <span class={`gaps-track${gap < 0 ? " worse" : " better"}`} aria-hidden="true">
              <i class="gaps-zero" />
              <i class="gaps-between" style={{ left: at(Math.min(step.mean!, step.believed!)), right: `calc(100% - ${at(Math.max(step.mean!, step.believed!))})` }} />
              {step.low !== null && step.high !== null && <i class="gaps-interval" style={{ left: at(step.low), right: `calc(100% - ${at(step.high)})` }} />}
              <i class="gaps-believed" style={{ left: at(step.believed!) }} />
              <i class="gaps-lived" style={{ left: at(step.mean!) }} />
            </span>
            <b class="gaps-value">{valence(gap)}</b>
            <Figure class="note" label={`${sentence(step)}. ${t("Show the customers")}`} onOpen={() => props.onOpen(step)}>n {count(step.n)}</Figure>
            {!sure && <span class="gaps-unsure">{t("the interval still holds the belief")}</span>}
          </li>
        ))}
      </ul>
      <ul class="key" aria-hidden="true">
        <li><i class="swatch dot-believed" />{t("believed")}</li>
        <li><i class="swatch dot-lived" />{t("lived")}</li>
      </ul>
    </div>
  );
}
