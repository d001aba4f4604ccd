/** One customer across silos: what happened on which channel, what they wrote, how long they waited. */
import { useState } from "preact/hooks";
import { api, Problem } from "../api/client";
import { useApi } from "../api/use";
import { Page } from "../app/page";
import { go, setQuery, where } from "../app/router";
import { may } from "../app/session";
import chartStyle from "../charts/charts.css";
import { count, span } from "../charts/words";
import { date, dateTime, signed } from "../lang/format";
import { t, tn } from "../lang/lang";
import { Button, Card, Choice, Dialog, EmptyState, Face, Field, Icon, Menu, openDialog, Skeleton, toast, toastProblem, Trouble } from "../ui";
import { join, NameField, separate } from "./aliases";
import evidenceStyle from "./evidence.css";
import { evidenceChanged } from "../reality/fresh";
import { lanes, longWait, place, type LaneBy, type Placed, type TimelineEvent } from "./silos";

export const style = [chartStyle, evidenceStyle];

interface Timeline { name: string; aliases?: string[]; first?: string | null; last?: string | null; valence?: number | null; events: TimelineEvent[] }

export default function CustomerPage() {
  const { query } = where.value;
  const name = query.get("name") ?? "";
  const timeline = useApi<Timeline>(name ? "/customer" : null, { name });
  if (!name) return <Page title={t("Customer")}><EmptyState title={t("Which customer?")} actions={<Button kind="primary" href="/evidence">{t("Look for one")}</Button>} /></Page>;
  if (timeline.error instanceof Problem && timeline.error.status === 404)
    return (
      <Page title={name}>
        <EmptyState title={t("Nobody is called “{name}”", { name })} actions={<Button kind="primary" href={`/evidence?q=${encodeURIComponent(name)}`}>{t("Look for a similar name")}</Button>}>
          <p>{t("The evidence has no such customer, or they were erased.")}</p>
        </EmptyState>
      </Page>
    );
  if (timeline.error && !timeline.data) return <Page title={name}><Trouble error={timeline.error} onRetry={timeline.reload} /></Page>;
  if (!timeline.data) return <Page title={name}><Skeleton lines={8} height={28} /></Page>;
  return <Story timeline={timeline.data} reload={timeline.reload} by={(query.get("by") as LaneBy) ?? "channel"} />;
}

function Story({ timeline, reload, by }: { timeline: Timeline; reload: () => void; by: LaneBy }) {
  const { name, events } = timeline;
  const aliases = (timeline.aliases ?? []).filter((alias) => alias !== name);
  const scores = place(events).map(({ valence }) => valence).filter((valence): valence is number => valence !== null);
  const mean = scores.length ? scores.reduce((a, b) => a + b, 0) / scores.length : null;
  const channels = new Set(events.map((event) => event.channel ?? "")).size;
  const first = events[0], last = events[events.length - 1];
  const exported = (format: string) => `/api/v1/customer/export?name=${encodeURIComponent(name)}&format=${format}`;
  return (
    <Page
      title={name}
      sub={first && last ? [tn(events.length, "{n} event", "{n} events"), first === last ? date(first.time) : `${date(first.time)} – ${date(last.time)}`,
        tn(channels, "{n} channel", "{n} channels")].join(" · ") : undefined}
      actions={
        <>
          {may("editor") && <Button icon={<Icon name="link" size={16} />} onClick={() => void joinDialog(name, reload)}>{t("Also called …")}</Button>}
          {may("editor") && <Menu label={t("Export and erase")} button={{ icon: <Icon name="more" />, label: t("Export and erase") }} items={[
            { label: t("Everything about this customer (JSON)"), href: exported("json"), download: true, icon: <Icon name="download" size={16} /> },
            { label: t("Events as a table (CSV)"), href: exported("csv"), download: true, icon: <Icon name="download" size={16} /> },
            ...(may("owner") ? [{ line: true }, { label: t("Erase this customer …"), danger: true, icon: <Icon name="trash" size={16} />, onSelect: () => void erase(name, events.length) }] : []),
          ]} />}
        </>
      }
    >
      <div class="story">
        {aliases.length > 0 && (
          <p class="row">
            <span class="note">{t("also called")}</span>
            {aliases.map((alias) => (
              <span key={alias} class="chip">{alias}
                {may("editor") && <button type="button" aria-label={t("Take “{main}” and “{other}” apart", { main: name, other: alias })} onClick={() => void separate(alias).then(() => { reload(); toast(t("They are two customers again."), { undo: () => join(name, alias).then(reload) }); }, toastProblem)}><Icon name="close" size={12} /></button>}
              </span>
            ))}
          </p>
        )}
        <Card title={t("Across the silos")} action={<Choice<LaneBy> label={t("One line for each")} hideLabel value={by} onChange={(value) => setQuery({ by: value === "channel" ? null : value })}
          options={[{ value: "channel", label: t("channel") }, ...(events.some((event) => event.source) ? [{ value: "source" as LaneBy, label: t("source") }] : []), { value: "actor", label: t("who served") }]} />}>
          {mean !== null && <p class="story-mean"><Face valence={mean} size={22} /> <span>{tn(scores.length, "{value}, {n} score", "{value} on average, {n} scores", { value: signed(mean) })}</span></p>}
          <Silos events={events} by={by} />
        </Card>
        <Card title={t("Event by event")}><EventList events={events} /></Card>
      </div>
    </Page>
  );
}

/** A lane for each silo; the list below says the same in words. */
function Silos({ events, by }: { events: TimelineEvent[]; by: LaneBy }) {
  const list = lanes(events, by, t("not said"));
  const path = place(events);
  return (
    <div class="silos" role="img" aria-label={t("{events} on {lanes}", { events: tn(events.length, "{n} event", "{n} events"), lanes: list.map((lane) => lane.name).join(", ") })}>
      {list.map((lane) => (
        <div key={lane.name} class="silo">
          <span class="silo-name">{lane.name}</span>
          <span class="silo-line">
            {lane.events.map((item) => <Mark key={item.index} item={item} />)}
          </span>
        </div>
      ))}
      <div class="silo silo-time" aria-hidden="true"><span /><span class="silo-line">
        {path.length > 1 && <><small>{date(path[0]!.event.time)}</small><small>{date(path[path.length - 1]!.event.time)}</small></>}
      </span></div>
    </div>
  );
}
function Mark({ item }: { item: Placed }) {
  const { event, valence } = item;
  const title = `${dateTime(event.time)} · ${event.activity}${event.text ? ` · ${event.text}` : ""}`;
  return (
    <i class={valence === null ? "mark-dot" : "mark-face"} style={{ left: `${item.x * 100}%` }} title={title}
      onClick={() => document.getElementById(`event-${item.index}`)?.scrollIntoView({ block: "center" })}>
      {valence !== null && <Face valence={valence} size={22} />}
    </i>
  );
}

function EventList({ events }: { events: TimelineEvent[] }) {
  const list = place(events), all = list.map(({ wait_s }) => wait_s);
  return (
    <ol class="events">
      {list.map((item) => {
        const { event, valence, wait_s, index } = item;
        const long = longWait(wait_s, all);
        const more = Object.entries(event.attributes ?? {}).filter(([, value]) => value);
        return (
          <li key={index} id={`event-${index}`}>
            {wait_s !== null && wait_s >= 60 && <p class={`events-wait${long ? " long" : ""}`}>{long ? t("{time} of silence", { time: span(wait_s) }) : t("after {time}", { time: span(wait_s) })}</p>}
            <div class="events-one">
              <span class="events-face">{valence === null ? <i class="mark-dot" /> : <Face valence={valence} size={24} />}</span>
              <div>
                <p><b>{event.activity}</b> <span class="note">{dateTime(event.time)}</span></p>
                {event.text && <p><q>{event.text}</q></p>}
                <p class="note">{[event.channel, event.touchpoint, event.actor && t("with {name}", { name: event.actor }), event.source && t("from {file}", { file: event.source })].filter(Boolean).join(" · ")}</p>
                {more.length > 0 && (
                  <details class="twin">
                    <summary>{tn(more.length, "{n} more detail", "{n} more details")}</summary>
                    <dl class="details">{more.map(([key, value]) => <div key={key}><dt>{key}</dt><dd>{value}</dd></div>)}</dl>
                  </details>
                )}
              </div>
            </div>
          </li>
        );
      })}
    </ol>
  );
}

async function joinDialog(name: string, reload: () => void): Promise<void> {
  const joined = await openDialog<boolean>((done) => <JoinDialog name={name} done={done} />);
  if (joined) reload();
}
function JoinDialog({ name, done }: { name: string; done: (value?: boolean) => void }) {
  const [other, setOther] = useState(""), [busy, setBusy] = useState(false);
  const put = async () => {
    if (!other.trim() || other.trim() === name) return;
    setBusy(true);
    const joined = await join(name, other.trim());
    setBusy(false);
    if (joined) done(true);
  };
  return (
    <Dialog title={t("“{name}” is also called …", { name })} onClose={() => done()} onSubmit={() => void put()}
      footer={<><Button onClick={() => done()}>{t("Cancel")}</Button><Button kind="primary" type="submit" busy={busy} disabled={!other.trim() || other.trim() === name}>{t("Join")}</Button></>}>
      <p>{t("Both journeys become one, under “{name}”. It can be undone.", { name })}</p>
      <NameField label={t("The other name")} value={other} onInput={setOther} not={name} />
    </Dialog>
  );
}

/** Erasing is for good: the name is written by hand before. */
async function erase(name: string, events: number): Promise<void> {
  const sure = await openDialog<boolean>((done) => <EraseDialog name={name} events={events} done={done} />);
  if (!sure) return;
  try {
    const { data } = await api.delete<{ mentions?: string[] } | undefined>("/customer", { query: { name } });
    evidenceChanged();
    const mentions = data?.mentions?.length ?? 0;
    toast(mentions ? tn(mentions, "Erased. The name still stands in {n} text that others wrote.", "Erased. The name still stands in {n} texts that others wrote.") : t("Erased, in every import."));
    void go(mentions ? `/evidence?in=events&q=${encodeURIComponent(name)}` : "/evidence");
  } catch (error) {
    toastProblem(error);
  }
}
function EraseDialog({ name, events, done }: { name: string; events: number; done: (value?: boolean) => void }) {
  const [written, setWritten] = useState("");
  const same = written.trim() === name;
  return (
    <Dialog title={t("Erase “{name}” for good?", { name })} onClose={() => done()} onSubmit={() => same && done(true)}
      footer={<><Button onClick={() => done()}>{t("Keep")}</Button><Button kind="danger" type="submit" disabled={!same}>{t("Erase for good")}</Button></>}>
      <p>{tn(events, "{n} event leaves every import, every map and every answer, and the data file is written over.", "{n} events leave every import, every map and every answer, and the data file is written over.", { n: count(events) })}</p>
      <p><b>{t("It cannot be undone. Backups made before still hold this customer.")}</b> {t("If they ask for their data, export it first.")}</p>
      <Field label={t("To be sure, write the name: {name}", { name })} value={written} onInput={setWritten} />
    </Dialog>
  );
}
