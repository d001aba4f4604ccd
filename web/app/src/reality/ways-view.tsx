// The ways customers really take, most frequent first.
import { StripsChart } from "../charts/strips-chart";
import { count, percent } from "../charts/words";
import { t } from "../lang/lang";
import { Button, Card, Progress, Trouble } from "../ui";
import { phaseByActivity, placedSteps, type Study, type Variants } from "./insight";
import { useKept } from "./kept";
import { asked, change, openPeople, type View } from "./view";

export function WaysView({ study, view }: { study: Study; view: View }) {
  const top = Math.min(200, Math.max(1, Number(view.query.get("top")) || 12));
  const ways = useKept<Variants>("/insight/variants", asked(view.filter, [["top", String(top)]]));
  const phases = new Map(placedSteps(study.map).map(({ phase, phaseTitle }) => [phase, phaseTitle]));
  const shown = (ways.data?.variants ?? []).reduce((sum, variant) => sum + variant.count, 0);
  return (
    <Card title={t("The ways customers really take")}>
      {ways.error && !ways.loading && <Trouble error={ways.error} onRetry={ways.reload} />}
      {ways.loading && <Progress value={null} label={t("Asking the evidence …")} />}
      {ways.data && (
        <>
          <p class="note">
            {t("{shown} of {total} different ways, taken by {share} of {n} journeys. Each strip is one way, exactly in its order.", {
              shown: count(ways.data.variants.length), total: count(ways.data.total), share: percent(shown / Math.max(1, ways.data.traces)), n: count(ways.data.traces),
            })}
          </p>
          <ul class="key">
            {[...phases].map(([phase, title]) => <li key={phase}><i class={`swatch phase-${(phase % 8) + 1}`} />{title || t("Phase {n}", { n: phase + 1 })}</li>)}
            <li><i class="swatch unknown" />{t("not on the map")}</li>
          </ul>
          <StripsChart variants={ways.data} phases={phaseByActivity(study.map)} onOpen={(index) => openPeople({ about: "variant", variant: index + 1 })} />
          {ways.data.total > ways.data.variants.length && top < 200 && <Button onClick={() => change({ top: String(Math.min(200, top + 24)) }, true)}>{t("Show more ways")}</Button>}
        </>
      )}
    </Card>
  );
}
