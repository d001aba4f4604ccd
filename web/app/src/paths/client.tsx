/** One client on a path, as whoever leads them sees it: where they began, where they are, where they want to be;
 * three numbers that are never mixed; the way with its milestones; what was written down; the links to their own page. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { api } from "../api/client";
import { useApi } from "../api/use";
import type { MapAnswer } from "../api/types";
import type * as wire from "../api/wire";
import type { PageProps } from "../app/lazy";
import { Page } from "../app/page";
import { go } from "../app/router";
import { may } from "../app/session";
import chartStyle from "../charts/charts.css";
import { date, dateTime, num, pct, signed, today } from "../lang/format";
import { t, tc, tn } from "../lang/lang";
import { Button, Card, Check, Chip, confirm, Dialog, EmptyState, Face, Icon, Menu, openDialog, Skeleton, TextArea, toast, toastProblem, Trouble, valenceWord } from "../ui";
import { FeelingsChart } from "./feelings-chart";
import { openLinks } from "./links";
import { openProgress, type ProgressKind } from "./progress";
import { pathsChanged, usePathsFresh } from "./page";
import { readClient } from "./read";
import type { ClientPhase, Happening, Objective, Proof, WholeClient } from "./shapes";
import { attainmentWord, happeningWord, milestonesWord, proofKindWord, stateTone, stateWord, timeWord } from "./words";
import sheet from "./paths.css";

export const style = [chartStyle, sheet];
export const enrolmentPath = (id: string, rest = "") => "/enrolments/" + encodeURIComponent(id) + rest;

export default function ClientPage({ params }: PageProps) {
  usePathsFresh();
  const id = params.id!, answer = useApi<wire.Enrolment>(enrolmentPath(id));
  const map = useApi<MapAnswer>(answer.data ? "/maps/" + encodeURIComponent(answer.data.map) : null);
  const whole = useMemo(() => answer.data && map.data && readClient(answer.data, map.data.map), [answer.data, map.data]);
  if (answer.error && !answer.data) return <Page title={t("Client")}>{answer.error.status === 404 ? <EmptyState title={t("This client is not here")} actions={<Button kind="primary" href="/paths">{t("To the paths")}</Button>}><p>{t("They may have been taken off the path.")}</p></EmptyState> : <Trouble error={answer.error} onRetry={answer.reload} />}</Page>;
  if (map.error && !map.data) return <Page title={t("Client")}><Trouble error={map.error} onRetry={map.reload} /></Page>;
  if (!whole) return <Page title={t("Client")}><Skeleton lines={8} height={36} /></Page>;
  return <Whole id={id} client={whole} />;
}

/** Somebody on the path whom only the evidence shows: to be looked at, and enrolled. */
export function FoundClient({ map: id, name }: { map: string; name: string }) {
  const answer = useApi<wire.PathClientFound>(`/maps/${encodeURIComponent(id)}/path/client`, { customer: name });
  const map = useApi<MapAnswer>("/maps/" + encodeURIComponent(id));
  const data = answer.data;
  useEffect(() => { if (data?.enrolment) void go("/client/" + encodeURIComponent(data.enrolment), { replace: true }); }, [data?.enrolment]);
  if (answer.error && !data) return <Page title={name}><Trouble error={answer.error} onRetry={answer.reload} /></Page>;
  if (!data || !map.data) return <Page title={name}><Skeleton lines={8} height={36} /></Page>;
  return <Whole id="" client={readClient({ id: "", map: id, title: data.title, client: data.client, progress: [], links: [], alerts: [], tasks: [], left: null } as unknown as wire.Enrolment, map.data.map)} />;
}

/** Writes a row of progress; it can be taken back. */
export async function write(id: string, body: Record<string, unknown>, said: string): Promise<void> {
  const made = (await api.post<{ id?: string | number }>(enrolmentPath(id, "/progress"), body)).data;
  pathsChanged();
  const row = made?.id;
  toast(said, row === undefined ? {} : { undo: () => api.delete(enrolmentPath(id, "/progress/" + row)).then(pathsChanged) });
}

function Whole({ id, client: c }: { id: string; client: WholeClient }) {
  const canEdit = may("editor") && id !== "";
  const enrol = () => void api.post<wire.Enrolled>(`/maps/${encodeURIComponent(c.map)}/enrolments`, { customer: c.customer, at: c.at.slice(0, 10), another: true }).then(({ data }) => { pathsChanged(); if (data.enrolment) void go("/client/" + encodeURIComponent(data.enrolment), { replace: true }); }, toastProblem);
  const note = (kind: ProgressKind, at?: string) => void openProgress(id, c, kind, at).catch(toastProblem);
  const leave = () => void openDialog<string>((done) => <Leaving name={c.customer} done={done} />).then(async (why) => {
    if (why === undefined) return;
    try {
      await api.patch(enrolmentPath(id), { left: true, on: today(), ...(why ? { because: why } : {}) });
      pathsChanged();
      toast(t("{name} has left the path.", { name: c.customer }), { undo: () => api.patch(enrolmentPath(id), { left: false }).then(pathsChanged) });
    } catch (error) { toastProblem(error); }
  });
  const takeOff = () => void confirm({ title: t("Take {name} off the path?", { name: c.customer }), text: t("All that was written down here goes with it, and their link ends. What the imported files say of them stays."), yes: t("Take off the path"), danger: true }).then(async (yes) => {
    if (!yes) return;
    try {
      await api.delete(enrolmentPath(id));
      pathsChanged();
      void go("/path/" + encodeURIComponent(c.map), { replace: true });
      toast(t("{name} is off the path.", { name: c.customer }));
    } catch (error) { toastProblem(error); }
  });
  const back = () => void api.patch(enrolmentPath(id), { left: false }).then(pathsChanged, toastProblem);
  return (
    <Page title={c.customer} sub={<><a href={"/path/" + encodeURIComponent(c.map)}>{c.map_title}</a> · {t("since {day}", { day: date(c.at) })}</>} actions={
      <>
        {canEdit && <Menu button={{ kind: "primary", icon: <Icon name="plus" size={16} />, children: t("Write down") }} items={[
          { label: t("A step is done"), onSelect: () => note("done") }, { label: t("A reading"), onSelect: () => note("reading") }, { label: t("A milestone is passed"), onSelect: () => note("milestone") }, { label: t("A proof, with its file"), onSelect: () => note("proof") },
          { label: t("How the client feels"), onSelect: () => note("feeling") }, { label: t("A message to the client"), note: t("shown on their page"), onSelect: () => note("message") }, { line: true }, { label: t("A note for us"), note: t("the client never sees it"), onSelect: () => note("note") },
        ]} />}
        {canEdit && <Button icon={<Icon name="link" />} onClick={() => void openLinks(id, c)}>{t("The client’s own page")}</Button>}
        {!id && may("editor") && <Button kind="primary" onClick={enrol}>{t("Enrol")}</Button>}
        <Menu button={{ kind: "quiet", icon: <Icon name="more" />, label: t("More about {name}", { name: c.customer }) }} items={[
          { label: t("All that is known of {name}", { name: c.customer }), icon: <Icon name="evidence" />, href: "/customer?name=" + encodeURIComponent(c.customer) },
          ...(!id ? [] : [{ label: t("Progress sheet (PDF)"), icon: <Icon name="download" />, href: "/api/v1" + enrolmentPath(id, "/sheet.pdf"), download: true }]),
          ...(canEdit ? [c.state === "left" ? { label: t("Is back on the path"), icon: <Icon name="undo" />, onSelect: back } : { label: t("Has left the path …"), icon: <Icon name="logout" />, onSelect: leave }, { line: true as const }, { label: t("Enrolled by mistake: take off the path …"), icon: <Icon name="trash" />, danger: true, onSelect: takeOff }] : []),
        ]} />
      </>
    }>
      <div class="client">
        <p class="client-state"><Chip tone={stateTone[c.state]}>{stateWord(c.state)}</Chip> <b>{c.reason}</b></p>
        <section class="from-to" aria-label={t("From, today, to")}>
          <div><p class="overline">{t("Starts from")}</p><p>{c.start || t("not said")}</p></div>
          <div class="from-to-now"><p class="overline">{t("Today")}</p><p><b>{c.state === "arrived" ? tc("client", "arrived") : c.phase_title}</b></p>{c.next && <p>{c.next.step ? t("next: {step}", { step: c.next.title }) : t("what is left is the milestone")}</p>}{c.feeling !== null && <p class="row"><Face valence={c.feeling} size={22} /><span class="quiet">{valenceWord(c.feeling)}</span></p>}</div>
          <div><p class="overline">{t("Gets to")}</p><p>{c.arrival || t("not said")}</p></div>
        </section>
        <Three client={c} />
        <div class="client-columns">
          <Card title={t("The way")} class="client-way"><Way client={c} canEdit={canEdit} id={id} note={note} /></Card>
          <div class="stack">
            {c.objectives.length > 0 && <Card title={t("Objectives")} action={canEdit && <Button small onClick={() => note("reading")}>{t("A reading")}</Button>}><Objectives list={c.objectives} /></Card>}
            <Card title={t("How it feels")} action={canEdit && <Button small onClick={() => note("feeling")}>{t("Write down")}</Button>}>{c.feelings.length ? <FeelingsChart list={c.feelings} from={c.at} /> : <p class="quiet">{t("Nothing said yet. On their own page it takes ten seconds.")}</p>}</Card>
            {c.tasks.some((x) => x.state === "open") && <Card title={t("To do")}><ul class="todo-short">{c.tasks.filter((x) => x.state === "open").map((x) => <li key={x.id}><Check label={x.title} checked={false} onChange={() => void api.patch("/tasks/" + encodeURIComponent(x.id), { state: "done" }).then(pathsChanged, toastProblem)} /></li>)}</ul></Card>}
            <Card title={t("What happened")}><History list={c.history} id={id} canEdit={canEdit} /></Card>
          </div>
        </div>
      </div>
    </Page>
  );
}

/** Milestones, objectives, time: each its own number with its own bar. */
export function Three({ client: c }: { client: Pick<WholeClient, "milestones" | "attainment" | "time"> }) {
  const used = c.time.expected_days ? Math.floor(c.time.used_days) / c.time.expected_days : null;
  const one = (name: string, value: string, share: number | null, note: string, tone = "") => (
    <div class="three-one"><p class="overline">{name}</p><p class="big">{value}</p><span class={"three-bar " + tone} aria-hidden="true"><i style={{ width: `${Math.max(0, Math.min(1, share ?? 0)) * 100}%` }} /></span><p class="note">{note}</p></div>
  );
  return (
    <section class="three" aria-label={t("How far")}>
      {one(t("Milestones passed"), milestonesWord(c), c.milestones.total ? c.milestones.passed / c.milestones.total : null, t("what has really changed"))}
      {one(t("Objectives reached"), attainmentWord(c), c.attainment, c.attainment === null ? t("nothing measured yet") : t("how far from the start to the target"))}
      {one(t("Time used"), used === null ? timeWord(c) : pct(used), used, used === null ? t("no time was expected") : timeWord(c), used !== null && used > 1 ? "over" : "time")}
    </section>
  );
}

function Way({ client: c, canEdit, id, note }: { client: WholeClient; canEdit: boolean; id: string; note: (kind: ProgressKind, at?: string) => void }) {
  const done = (step: string, title: string) => void write(id, { kind: "done", step }, t("Done: {title}", { title })).catch(toastProblem);
  const proof = (p: Proof) => void write(id, { kind: "proof", proof: p.id }, t("Kept: {title}", { title: p.text })).catch(toastProblem);
  return (
    <ol class="way">
      {c.phases.map((f, i) => {
        const here = c.phase === f.id;
        return (
          <li key={f.id} class={"way-phase" + (f.passed_at ? " passed" : here ? " here" : "")} aria-current={here ? "step" : undefined}>
            <h3>{i + 1}. {f.title}{here && <Chip tone="blue">{t("here")}</Chip>}</h3>
            <ul>
              {f.steps.map((s) => (
                <li key={s.id} class={s.done_at ? "done" : undefined}>
                  <span class="way-tick" aria-hidden="true">{s.done_at ? "✓" : ""}</span>
                  <span class="way-text">{s.title}{s.done_at && <small>{t("done {day}", { day: date(s.done_at, "short") })}</small>}</span>
                  {canEdit && !s.done_at && <Button small kind={here ? "plain" : "quiet"} onClick={() => done(s.id, s.title)}>{t("Done")}<span class="hidden">: {s.title}</span></Button>}
                </li>
              ))}
            </ul>
            <Gate phase={f} canEdit={canEdit} onProof={proof} onPass={() => note("milestone", f.id)} />
          </li>
        );
      })}
    </ol>
  );
}
function Gate({ phase: f, canEdit, onProof, onPass }: { phase: ClientPhase; canEdit: boolean; onProof: (p: Proof) => void; onPass: () => void }) {
  return (
    <div class={"gate" + (f.passed_at ? " passed" : "")}>
      <p class="gate-title"><Icon name="star" size={16} /><b>{f.milestone || t("milestone not said")}</b></p>
      {f.skipped && <p class="note">{t("skipped: a later one was passed")}</p>}
      {f.passed_at && <p class="note">{f.by_hand ? (f.by_hand.who ? t("passed on {day} by hand, {who}: “{why}”", { day: date(f.passed_at), who: f.by_hand.who, why: f.by_hand.why }) : t("passed on {day} by hand: “{why}”", { day: date(f.passed_at), why: f.by_hand.why })) : t("passed on {day}", { day: date(f.passed_at) })}</p>}
      {f.proofs.length > 0 && (
        <ul class="proofs">
          {f.proofs.map((p) => (
            <li key={p.id} class={p.done ? "done" : undefined}>
              <span class="way-tick" aria-hidden="true">{p.done ? "✓" : ""}</span>
              <span class="way-text">{p.text || proofKindWord(p.kind)}<small>{[proofKindWord(p.kind), p.required ? "" : t("not required"), p.done && p.at ? date(p.at, "short") : ""].filter(Boolean).join(" · ")}</small></span>
              {canEdit && !p.done && !f.passed_at && p.kind !== "objective" && <Button small kind="quiet" onClick={() => onProof(p)}>{t("It is there")}<span class="hidden">: {p.text}</span></Button>}
            </li>
          ))}
        </ul>
      )}
      {canEdit && !f.passed_at && !f.skipped && <Button small onClick={onPass}>{t("Passed, by hand …")}<span class="hidden"> {f.milestone}</span></Button>}
    </div>
  );
}

function Objectives({ list }: { list: Objective[] }) {
  const shown = (n: number | null, unit: string) => (n === null ? "–" : num(n, Number.isInteger(n) ? 0 : 1) + (unit ? "\u2009" + unit : ""));
  return (
    <ul class="objectives">
      {list.map((o) => (
        <li key={o.metric}>
          <p class="objective-name"><b>{o.name}</b>{o.due && <span class="note">{t("by {day}", { day: date(o.due, "short") })}</span>}</p>
          <span class="three-bar" aria-hidden="true"><i style={{ width: `${(o.attainment ?? 0) * 100}%` }} /></span>
          <p class="objective-way"><span class="note">{t("from {value}", { value: shown(o.baseline, "") })}</span><b>{o.readings.length ? t("now {value}", { value: shown(o.value, o.unit) }) : t("not measured yet")}</b><span class="note">{t("to {value}", { value: shown(o.target, "") })}</span></p>
        </li>
      ))}
    </ul>
  );
}

function History({ list, id, canEdit }: { list: Happening[]; id: string; canEdit: boolean }) {
  const [all, setAll] = useState(false);
  if (!list.length) return <p class="quiet">{t("Nothing yet.")}</p>;
  const newest = [...list].sort((a, b) => b.at.localeCompare(a.at)), shown = all ? newest : newest.slice(0, 12);
  const back = (h: Happening) => void api.delete(enrolmentPath(id, "/progress/" + encodeURIComponent(h.progress!))).then(() => { pathsChanged(); toast(t("Taken back.")); }, toastProblem);
  return (
    <>
      <ul class="happened">
        {shown.map((h, i) => (
          <li key={i} class={"h-" + h.kind}>
            <span class="happened-when note">{date(h.at, "short")}<span class="hidden"> {dateTime(h.at)}</span></span>
            <span class="happened-what"><b>{h.what || happeningWord(h.kind)}</b>{h.kind === "feeling" && typeof h.value === "number" ? <span class="row"><Face valence={h.value} size={18} />{signed(h.value, 0)}</span> : typeof h.value === "number" && <span>{num(h.value, Number.isInteger(h.value) ? 0 : 1)}</span>}{h.text && <span class="happened-text">{h.text}</span>}
              <small class="note">{[h.what ? happeningWord(h.kind) : "", h.who].filter(Boolean).join(" · ")}{h.file && <> <a href={"/api/v1" + enrolmentPath(id, "/files/" + encodeURIComponent(h.file))} download>{t("the file")}</a></>}</small></span>
            {canEdit && h.progress && <Button kind="quiet" small icon={<Icon name="undo" size={16} />} label={t("Take back: {what}", { what: h.what || happeningWord(h.kind) })} onClick={() => back(h)} />}
          </li>
        ))}
      </ul>
      {newest.length > 12 && <Button kind="link" onClick={() => setAll(!all)}>{all ? t("Show fewer") : tn(newest.length - 12, "Show {n} more", "Show {n} more")}</Button>}
    </>
  );
}

function Leaving({ name, done }: { name: string; done: (why?: string) => void }) {
  const [why, setWhy] = useState("");
  return (
    <Dialog title={t("{name} has left the path", { name })} onClose={() => done()} onSubmit={() => done(why.trim())} footer={<><Button onClick={() => done()}>{t("Cancel")}</Button><Button kind="primary" type="submit">{t("Write it down")}</Button></>}>
      <TextArea label={t("Why, as far as you know")} value={why} onInput={setWhy} autofocus note={t("It tells those who come after where the path loses people.")} />
    </Dialog>
  );
}
