// Which activities of the evidence are which step: suggested, dragged, or chosen from a list. What no
// step claims stands at the right with its count, so that nothing is overlooked.
import { useEffect, useState } from "preact/hooks";
import { useApi } from "../api/use";
import type { Match, Operation } from "../api/types";
import { may } from "../app/session";
import { Figure } from "../charts/table-twin";
import { count } from "../charts/words";
import { t, tn } from "../lang/lang";
import { Button, Card, EmptyState, Icon, say, Select, toast, toastProblem } from "../ui";
import { matchesOf, placedSteps, type Matched, type Study } from "./insight";
import type { Summary } from "./summary";
import { openPeople, type View } from "./view";
import { writeOperations } from "./write";

interface Suggestion { step: string; activity: string; channel?: string | null; score: number; reason: string }
type Matches = Map<string, Matched[]>;
const sameName = (a: string, b: string) => a.trim().toLocaleLowerCase() === b.trim().toLocaleLowerCase();

const plain = (list: Matched[]): Match[] => list.map(({ activity, channel }) => (channel ? { activity, channel } : activity));
const setMatch = (step: string, list: Matched[]): Operation => ({ op: "set", at: step, field: "match", value: plain(list) });

export function MatchView(props: { study: Study; view: View; summary: Summary | undefined; reload: () => void }) {
  const { study, view } = props;
  const steps = placedSteps(study.map);
  const titles = new Map(steps.map(({ step }) => [step.id, step.title]));
  const [matches, setMatches] = useState<Matches>(() => new Map(steps.map(({ step }) => [step.id, matchesOf(step)])));
  useEffect(() => setMatches(new Map(steps.map(({ step }) => [step.id, matchesOf(step)]))), [study.map]);
  const suggested = useApi<{ items: Suggestion[] } | Suggestion[]>(`/maps/${encodeURIComponent(view.map)}/suggestions`);
  const [dragged, drag] = useState<string | null>(null);
  const [over, hover] = useState<string | null>(null);
  const canWrite = may("editor");
  const activities = props.summary?.activities ?? study.flow?.activities.map(({ activity, count: n }) => ({ name: activity, count: n })) ?? [];
  const counts = new Map(activities.map(({ name, count: n }) => [name, n]));
  const claimed = new Set([...matches.values()].flat().map(({ activity }) => activity));
  const free = activities.filter(({ name }) => !claimed.has(name)).sort((a, b) => b.count - a.count);
  const suggestions = (Array.isArray(suggested.data) ? suggested.data : suggested.data?.items ?? []).filter(({ activity, step }) => !claimed.has(activity) && titles.has(step));
  const suggestionOf = (activity: string) => suggestions.filter((each) => each.activity === activity).sort((a, b) => b.score - a.score)[0];

  // Several steps at once are one change, undone at once.
  const write = (changes: Map<string, Matched[]>, said: string) => {
    const before = new Map([...changes.keys()].map((step) => [step, matches.get(step) ?? []]));
    setMatches(new Map([...matches, ...changes]));
    const send = (to: Map<string, Matched[]>) => writeOperations(view.map, [...to].map(([step, list]) => setMatch(step, list))).then(props.reload);
    send(changes).then(
      () => toast(said, { undo: () => { setMatches((now) => new Map([...now, ...before])); return send(before); } }),
      (error) => { setMatches((now) => new Map([...now, ...before])); toastProblem(error); },
    );
  };
  const add = (step: string, activity: string) => {
    const list = matches.get(step) ?? [];
    if (!list.some((each) => each.activity === activity && !each.channel))
      write(new Map([[step, [...list, { activity }]]]), t("“{activity}” is now part of “{step}”.", { activity, step: titles.get(step) ?? step }));
  };
  const remove = (step: string, at: number) => {
    const list = matches.get(step) ?? [], gone = list[at];
    if (gone) write(new Map([[step, list.filter((_each, i) => i !== at)]]), t("“{activity}” is no longer part of “{step}”.", { activity: gone.activity, step: titles.get(step) ?? step }));
  };
  const takeAll = () => {
    const changes: Matches = new Map();
    let n = 0;
    for (const { name } of free) {
      const best = suggestionOf(name);
      if (!best) continue;
      changes.set(best.step, [...(changes.get(best.step) ?? matches.get(best.step) ?? []), best.channel ? { activity: name, channel: best.channel } : { activity: name }]);
      n++;
    }
    write(changes, tn(n, "{n} suggestion taken over.", "{n} suggestions taken over."));
  };
  const drop = (event: DragEvent, step: string) => {
    event.preventDefault();
    const activity = event.dataTransfer?.getData("text/plain") || dragged;
    hover(null);
    drag(null);
    if (activity && counts.has(activity)) add(step, activity);
  };
  const stepOptions = (first: string) => [{ value: "", label: first }, ...steps.map(({ step, phaseTitle }) => ({ value: step.id, label: step.title, group: phaseTitle }))];
  const open = free.filter(({ name }) => suggestionOf(name)).length;
  if (steps.length === 0) return <EmptyState title={t("This map has no steps yet")} actions={<Button kind="primary" href={`/map/${encodeURIComponent(view.map)}`}>{t("Open the map")}</Button>} />;

  return (
    <div class="matching">
      <Card title={t("Steps of the map")}>
        <p class="note">{canWrite ? t("Drag an activity onto the step it is part of, or choose the step from its list.") : t("Who may write can change what belongs to which step.")}</p>
        <ol class="match-steps">
          {steps.map(({ step, phase, phaseTitle, index }) => (
            <li key={step.id} class={`phase-${(phase % 8) + 1}${over === step.id ? " over" : ""}`}
              onDragOver={(event) => { if (canWrite && dragged) { event.preventDefault(); hover(step.id); } }}
              onDragLeave={() => hover(null)} onDrop={(event) => canWrite && drop(event, step.id)}>
              {steps[index - 1]?.phase !== phase && <p class="overline">{phaseTitle}</p>}
              <b>{step.title}</b>
              <ul class="match-chips">
                {(matches.get(step.id) ?? []).map((each, at) => (
                  <li key={at} class="chip">
                    {each.activity}{each.channel && <small> · {each.channel}</small>}
                    <span class="note">{counts.has(each.activity) ? count(counts.get(each.activity)!) : t("not in this evidence")}</span>
                    {canWrite && <button type="button" aria-label={t("Take “{activity}” away from “{step}”", { activity: each.activity, step: step.title })} onClick={() => remove(step.id, at)}><Icon name="close" size={12} /></button>}
                  </li>
                ))}
                {(matches.get(step.id) ?? []).length === 0 && <li class="note">{t("nothing yet: so far this step is only believed")}</li>}
              </ul>
            </li>
          ))}
        </ol>
      </Card>
      <Card title={t("On no step")} action={canWrite && open > 1 ? <Button small onClick={takeAll}>{tn(open, "Take the suggestion", "Take all {n} suggestions")}</Button> : undefined}>
        <p class="note">{free.length === 0 ? t("Every activity of the evidence belongs to a step.") : tn(free.length, "{n} activity of the evidence belongs to no step.", "{n} activities of the evidence belong to no step.")}</p>
        <ul class="match-free">
          {free.map(({ name, count: n }) => {
            const best = suggestionOf(name);
            return (
              <li key={name} draggable={canWrite} class={dragged === name ? "dragged" : undefined}
                onDragStart={(event) => { event.dataTransfer?.setData("text/plain", name); drag(name); say(t("Dragging “{activity}”", { activity: name })); }}
                onDragEnd={() => { drag(null); hover(null); }}>
                <div>
                  {canWrite && <Icon name="drag" size={16} />}
                  <b>{name}</b>
                  <Figure class="note" label={t("{n} events: show the customers with “{activity}”", { n: count(n), activity: name })} onOpen={() => openPeople({ about: "activity", activity: name })}>{tn(n, "{n} event", "{n} events", { n: count(n) })}</Figure>
                </div>
                {canWrite && best && (
                  <p class="match-suggestion">
                    <span>{t("perhaps “{step}”", { step: titles.get(best.step)! })} <span class="note">{sameName(name, titles.get(best.step)!) ? t("the same name") : best.reason}</span></span>
                    <Button small onClick={() => add(best.step, name)}>{t("Yes")}</Button>
                  </p>
                )}
                {canWrite && <Select label={t("“{activity}” is part of", { activity: name })} hideLabel value="" options={stepOptions(t("is part of …"))} onChange={(step) => step && add(step, name)} />}
              </li>
            );
          })}
        </ul>
      </Card>
    </div>
  );
}
