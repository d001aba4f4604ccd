// The ways customers really take: one strip of steps for each way, coloured by the map's phases; hatched
// is what the map does not know.
import { t, tn } from "../lang/lang";
import type { Variants } from "../reality/insight";
import { runsOf } from "./shape";
import { Figure } from "./table-twin";
import { count, percent, span } from "./words";

export function StripsChart(props: { variants: Variants; phases: ReadonlyMap<string, number>; onOpen: (index: number) => void }) {
  const { variants, phases } = props;
  const most = Math.max(1, ...variants.variants.map((variant) => variant.count));
  const named = phases.size > 0;
  return (
    <ol class="strips">
      {variants.variants.map((variant, index) => (
        <li key={index}>
          <div class="strips-head">
            <b>{percent(variant.share, 1)}</b>
            <Figure label={t("Way {n}: {customers}", { n: index + 1, customers: tn(variant.count, "{n} customer", "{n} customers", { n: count(variant.count) }) })} onOpen={() => props.onOpen(index)}>
              {tn(variant.count, "{n} customer", "{n} customers", { n: count(variant.count) })}
            </Figure>
            <span class="strips-bar" aria-hidden="true"><i style={{ width: `${(100 * variant.count) / most}%` }} /></span>
            {variant.activities.length > 1 && <span class="note">{t("half within {time}", { time: span(variant.duration_median_s) })}</span>}
          </div>
          <ol class="strips-way">
            {runsOf(variant.activities, phases).map((run, r) => (
              <li key={r} class={named ? (run.phase === null ? "unknown" : `phase-${(run.phase % 8) + 1}`) : "phase-1"}>
                {run.activity}
                {run.times > 1 && <span> ×{run.times}</span>}
                {named && run.phase === null && <span class="hidden"> ({t("not on the map")})</span>}
              </li>
            ))}
          </ol>
        </li>
      ))}
    </ol>
  );
}
