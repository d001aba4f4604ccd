// A funnel of one's own: steps of the map or activities, in order, within a window, strict or not.
import { useState } from "preact/hooks";
import { FunnelChart } from "../charts/funnel-chart";
import { count } from "../charts/words";
import { t } from "../lang/lang";
import { Button, Card, Check, Field, Icon, Progress, Select, Trouble } from "../ui";
import { isSpan } from "./filter";
import { placedSteps, type Funnel, type Study } from "./insight";
import { useKept } from "./kept";
import { funnelPairs, stepTitle } from "./people";
import type { Summary } from "./summary";
import { asked, change, openPeople, type View } from "./view";

export function FunnelView({ study, view, summary }: { study: Study; view: View; summary: Summary | undefined }) {
  const chosen = view.query.getAll("step");
  const strict = view.query.get("strict") === "1", within = view.query.get("window") ?? "";
  const [span, setSpan] = useState(within);
  const ready = chosen.length >= 2;
  const funnel = useKept<Funnel>(ready ? "/insight/funnel" : null, asked(view.filter, funnelPairs(view.query, view.map)));
  const set = (steps: string[]) => change({ step: steps, people: null });
  const move = (at: number, by: number) => {
    const next = [...chosen], [gone] = next.splice(at, 1);
    next.splice(at + by, 0, gone!);
    set(next);
  };
  const steps = placedSteps(study.map).filter(({ step }) => (step.match ?? []).length > 0);
  const activities = summary?.activities ?? [];
  const title = (value: string) => stepTitle(study.map, value);
  const wrong = span.trim() && !isSpan(span) ? t("A time such as 30d, 12h or 45m.") : null;
  return (
    <div class="builder">
      <Card title={t("Your own funnel")}>
        <ol class="builder-steps">
          {chosen.map((step, at) => (
            <li key={`${at}-${step}`}>
              <span>{at + 1}. <b>{title(step)}</b></span>
              <Button small kind="quiet" icon={<Icon name="up" size={16} />} label={t("“{step}” earlier", { step: title(step) })} disabled={at === 0} onClick={() => move(at, -1)} />
              <Button small kind="quiet" icon={<Icon name="down" size={16} />} label={t("“{step}” later", { step: title(step) })} disabled={at === chosen.length - 1} onClick={() => move(at, 1)} />
              <Button small kind="quiet" icon={<Icon name="close" size={16} />} label={t("Take “{step}” out", { step: title(step) })} onClick={() => set(chosen.filter((_step, i) => i !== at))} />
            </li>
          ))}
        </ol>
        <div class="builder-more">
          <Select label={chosen.length === 0 ? t("The first step") : t("Then")} value="" onChange={(step) => step && set([...chosen, step])}
            options={[{ value: "", label: t("choose …") }, ...steps.map(({ step }) => ({ value: step.id, label: step.title, group: t("Steps of the map") })), ...activities.map(({ name }) => ({ value: name, label: name, group: t("Activities of the evidence") }))]} />
          <Field label={t("All within")} value={span} placeholder="30d" note={t("counted from the first step; empty: any time")} error={wrong} onInput={setSpan} onCommit={(value) => { if (!value.trim() || isSpan(value)) change({ window: value.trim() || null, people: null }); }} />
          <Check label={t("Strict: nothing else in between")} checked={strict} onChange={(on) => change({ strict: on ? "1" : null, people: null })} />
        </div>
        {chosen.length > 0 && <Button kind="link" small onClick={() => set([])}>{t("Begin anew")}</Button>}
      </Card>
      <Card title={t("Who gets through")}>
        {!ready && (
          <>
            <p class="quiet">{t("Choose at least two steps. The link of this page keeps them.")}</p>
            {steps.length >= 2 && <Button onClick={() => set(steps.map(({ step }) => step.id))}>{t("All steps of the map")}</Button>}
          </>
        )}
        {ready && funnel.error && !funnel.loading && <Trouble error={funnel.error} onRetry={funnel.reload} />}
        {ready && funnel.loading && <Progress value={null} label={t("Asking the evidence …")} />}
        {ready && funnel.data && (
          <>
            <p class="big">{count(funnel.data.arrived)} <span class="note">{t("of {n} journeys go all the way", { n: count(funnel.data.steps[0]?.reached ?? 0) })}</span></p>
            <FunnelChart funnel={funnel.data} map={study.map} onOpen={(_step, index, kind) => openPeople({ about: "funnel", at: index + 1, kind: kind === "elsewhere" ? "moved-on" : kind })} />
          </>
        )}
      </Card>
    </div>
  );
}
