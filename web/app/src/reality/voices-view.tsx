// What customers wrote, by step, with the face of the score they gave; each opens the customer.
import { useEffect, useState } from "preact/hooks";
import { api, type Problem } from "../api/client";
import { count } from "../charts/words";
import { date } from "../lang/format";
import { t } from "../lang/lang";
import { Button, Card, Choice, Face, Progress, Select, Trouble } from "../ui";
import { placedSteps, type Study } from "./insight";
import { stepTitle } from "./people";
import { asked, change, type View } from "./view";

interface Voice { customer: string; time: string; activity: string; channel: string | null; text: string; score: number | null; scale: string | null; valence: number | null; step: string | null }
type Mood = "all" | "bad" | "good";

export function VoicesView({ study, view }: { study: Study; view: View }) {
  const step = view.query.get("step") ?? "", mood = (view.query.get("mood") ?? "all") as Mood;
  const [voices, setVoices] = useState<Voice[]>([]);
  const [rest, setRest] = useState<{ next: string | null; total: number | undefined }>({ next: null, total: undefined });
  const [loading, setLoading] = useState(true), [error, setError] = useState<Problem | null>(null);
  const query = asked(view.filter, [...(step ? [["step", step] as [string, string]] : []), ...(mood === "all" ? [] : [["mood", mood] as [string, string]])]).toString();
  const load = (after: string | null, signal?: AbortSignal) => {
    setLoading(true);
    setError(null);
    const whole = new URLSearchParams(query);
    whole.set("limit", "60");
    if (after) whole.set("after", after);
    api.get<{ items: Voice[]; next: string | null; total?: number }>(`/maps/${encodeURIComponent(view.map)}/quotes`, whole, signal ? { signal } : {}).then(
      ({ data }) => { setVoices((before) => (after ? [...before, ...data.items] : data.items)); setRest({ next: data.next, total: data.total }); setLoading(false); },
      (problem: Problem) => { if (!signal?.aborted) { setError(problem); setLoading(false); } },
    );
  };
  useEffect(() => {
    const stop = new AbortController();
    setVoices([]);
    load(null, stop.signal);
    return () => stop.abort();
  }, [view.map, query]);
  return (
    <Card title={t("What they say")} action={rest.total !== undefined ? <span class="note">{t("{n} in all", { n: count(rest.total) })}</span> : undefined}>
      <div class="voices-choice">
        <Select label={t("Step")} value={step} onChange={(value) => change({ step: value || null })} options={[{ value: "", label: t("all steps") }, ...placedSteps(study.map).map(({ step: each }) => ({ value: each.id, label: each.title }))]} />
        <Choice<Mood> label={t("Which")} value={mood} onChange={(value) => change({ mood: value === "all" ? null : value })} options={[{ value: "all", label: t("all") }, { value: "bad", label: t("unhappy") }, { value: "good", label: t("happy") }]} />
      </div>
      {error && <Trouble error={error} onRetry={() => load(null)} />}
      {loading && voices.length === 0 && <Progress value={null} label={t("Reading what they wrote …")} />}
      {!loading && !error && voices.length === 0 && <p class="quiet">{t("Nobody has written anything here. Import reviews, notes of calls or surveys, and their words appear.")}</p>}
      <ul class="voices">
        {voices.map((voice, i) => (
          <li key={i}>
            {voice.valence === null ? <span class="voices-none" /> : <Face valence={voice.valence} size={24} />}
            <div>
              <q>{voice.text}</q>
              <p class="note"><a href={`/customer?name=${encodeURIComponent(voice.customer)}`}>{voice.customer}</a> · {voice.step ? stepTitle(study.map, voice.step) : voice.activity}{voice.channel && ` · ${voice.channel}`} · {date(voice.time)}</p>
            </div>
          </li>
        ))}
      </ul>
      {rest.next && <Button busy={loading} onClick={() => load(rest.next)}>{t("Show more")}</Button>}
    </Card>
  );
}
