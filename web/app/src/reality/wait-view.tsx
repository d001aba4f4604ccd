// How long until: from one step to another, counting those who still wait.
import { useEffect } from "preact/hooks";
import { SurvivalChart } from "../charts/survival-chart";
import { Figure } from "../charts/table-twin";
import { count, span } from "../charts/words";
import { t } from "../lang/lang";
import { Card, Progress, Select, Trouble } from "../ui";
import { waits } from "../charts/shape";
import { placedSteps, type Study, type Survival } from "./insight";
import { useKept } from "./kept";
import { stepTitle } from "./people";
import type { Summary } from "./summary";
import { asked, change, openPeople, type View } from "./view";

export function WaitView({ study, view, summary }: { study: Study; view: View; summary: Summary | undefined }) {
  const from = view.query.get("from") ?? "", to = view.query.get("to") ?? "";
  // Without a choice: the longest stretch of the map's way.
  const longest = study.funnel ? waits(study.funnel).filter(({ next }) => next).sort((a, b) => b.median - a.median)[0] : undefined;
  useEffect(() => { if (!from && !to && longest) change({ from: longest.step.id, to: longest.next!.id }, true); }, [from, to, longest?.step.id]);
  const both = from !== "" && to !== "";
  const survival = useKept<Survival>(both ? "/insight/survival" : null, asked(view.filter, [["from", from], ["to", to], ["map", view.map]]));
  const steps = placedSteps(study.map).filter(({ step }) => (step.match ?? []).length > 0);
  const options = [
    { value: "", label: t("choose …") },
    ...steps.map(({ step }) => ({ value: step.id, label: step.title, group: t("Steps of the map") })),
    ...(summary?.activities ?? []).map(({ name }) => ({ value: name, label: name, group: t("Activities of the evidence") })),
  ];
  const { data } = survival;
  return (
    <Card title={t("How long until the next step, counting who still waits")}>
      <div class="wait-choice">
        <Select label={t("From")} value={from} options={options} onChange={(value) => change({ from: value, people: null })} />
        <Select label={t("to")} value={to} options={options} onChange={(value) => change({ to: value, people: null })} />
      </div>
      {!both && <p class="quiet">{t("Choose where the waiting begins and where it ends.")}</p>}
      {survival.error && !survival.loading && <Trouble error={survival.error} onRetry={survival.reload} />}
      {survival.loading && <Progress value={null} label={t("Asking the evidence …")} />}
      {both && data && data.n === 0 && <p class="quiet">{t("Nobody was at “{from}” in this part of the evidence.", { from: stepTitle(study.map, from) })}</p>}
      {both && data && data.n > 0 && (
        <>
          <p class="big">
            {data.median_s === null ? t("Less than half arrive") : t("Half arrive within {time}", { time: span(data.median_s) })}
            {data.median_low_s !== null && data.median_high_s !== null && <span class="note"> {t("(95% interval: {low} to {high})", { low: span(data.median_low_s), high: span(data.median_high_s) })}</span>}
          </p>
          <p class="note">
            {t("{n} observed", { n: count(data.n) })} · <Figure label={t("{n} arrived: show them", { n: count(data.happened) })} onOpen={() => openPeople({ about: "wait", kind: "arrived" })}>{t("{n} arrived", { n: count(data.happened) })}</Figure>
            {" · "}<Figure label={t("{n} not seen there yet: show them", { n: count(data.censored) })} onOpen={() => openPeople({ about: "wait", kind: "waiting" })}>{t("{n} not seen there yet", { n: count(data.censored) })}</Figure>
          </p>
          {data.points.length > 0 ? <SurvivalChart survival={{ ...data, from: stepTitle(study.map, from), to: stepTitle(study.map, to) }} /> : <p class="quiet">{t("Nobody has arrived yet.")}</p>}
        </>
      )}
    </Card>
  );
}
