/** One path: the board of all clients by phase, the cohorts, what is to be done. View and filter are in the address. */
import { useMemo, useState } from "preact/hooks";
import { api, url } from "../api/client";
import { useApi } from "../api/use";
import type { List } from "../api/types";
import type * as wire from "../api/wire";
import type { PageProps } from "../app/lazy";
import { Page } from "../app/page";
import { setQuery, where } from "../app/router";
import { may } from "../app/session";
import chartStyle from "../charts/charts.css";
import { ago, date, today, todayDate } from "../lang/format";
import { t, tn } from "../lang/lang";
import realityStyle from "../reality/reality.css";
import { AboutChip } from "../results/about";
import { Button, Chip, EmptyState, Face, Field, Icon, Menu, Skeleton, toast, toastProblem, Trouble } from "../ui";
import { Cohorts } from "./cohorts";
import { csvOf, openEnrol } from "./enrol";
import { pathsChanged, usePathsFresh } from "./page";
import { readAlert, readPath, readTask } from "./read";
import { STATES, type Alert, type Client, type PathPhase, type PathState, type Task, type WholePath } from "./shapes";
import { byNeed, milestonesWord, stateTone, statesSentence, stateWord } from "./words";
import sheet from "./paths.css";

export const style = [chartStyle, realityStyle, sheet];
type View = "board" | "cohorts" | "todo";

export default function PathPage({ params }: PageProps) {
  usePathsFresh();
  const id = params.id!, base = "/maps/" + encodeURIComponent(id);
  const everybody = where.value.query.has("all"), whom = everybody ? { everybody: 1 } : { found: 1 };
  const answer = useApi<wire.PathBoard>(base + "/path", whom);
  const alerts = useApi<List<wire.PathAlert>>("/alerts", { map: id, snoozed: 1 });
  const tasks = useApi<List<wire.PathTask>>("/tasks");
  const query = where.value.query, asked = query.get("view") as View;
  const view: View = asked === "cohorts" || asked === "todo" ? asked : "board";
  const path = useMemo(() => answer.data && readPath(answer.data), [answer.data]), canEdit = may("editor");
  if (answer.error && !path) return <Page title={t("Path")}>{answer.error.status === 404 ? <EmptyState title={t("This path is not here")} actions={<Button kind="primary" href="/paths">{t("To the paths")}</Button>}><p>{t("It may be in the bin, or the address is not right.")}</p></EmptyState> : <Trouble error={answer.error} onRetry={answer.reload} />}</Page>;
  if (!path) return <Page title={t("Path")}><Skeleton lines={8} height={36} /></Page>;
  const mine = (alerts.data?.items ?? []).map(readAlert), open = mine.filter((a) => !a.snoozed_until);
  const all = (tasks.data?.items ?? []).map(readTask).filter((x) => x.map === id), todo = all.filter((x) => x.state === "open");
  const found = path.clients.filter((c) => !c.enrolment && c.state !== "left");
  const enrol = () => void openEnrol(id, path).then((changed) => { if (changed) pathsChanged(); });
  const views: [View, string][] = [["board", t("Board")], ["cohorts", t("Cohorts")], ["todo", todo.length ? t("To do ({n})", { n: todo.length }) : t("To do")]];
  return (
    <Page title={path.title} full={view === "board"} sub={path.n ? <>{tn(path.n, "{n} client", "{n} clients")}: {statesSentence(path.states)}</> : undefined} actions={
      <>
        <Button href={"/map/" + encodeURIComponent(id)} icon={<Icon name="maps" />}>{t("The map")}</Button>
        <Button href={url(base + "/path.csv", whom)} download icon={<Icon name="download" />}>CSV</Button>
        {canEdit && <Button kind="primary" onClick={enrol}>{t("Enrol clients")}</Button>}
      </>
    }>
      <nav class="views" aria-label={t("Views of the path")}>{views.map(([v, label]) => <a key={v} href={`/path/${encodeURIComponent(id)}${tail({ view: v === "board" ? "" : v, all: everybody ? "1" : "" })}`} aria-current={v === view ? "page" : undefined}>{label}</a>)}</nav>
      {answer.data!.own_customers !== null && view !== "todo" && <div class="of-whom"><AboutChip label={t("Who is looked for in the evidence")} said={t("found in the evidence: only the customers of {name}", { name: answer.data!.own_customers })} /></div>}
      {open.length > 0 && view !== "cohorts" && <Alerts list={open} canEdit={canEdit} />}
      {view === "board" ? <>{canEdit && found.length > 0 && <Found id={id} list={found} />}<Board path={path} enrol={canEdit ? enrol : undefined} /></> : view === "cohorts" ? <Cohorts path={path} /> : <Todo list={all} snoozed={mine.filter((a) => a.snoozed_until)} canEdit={canEdit} />}
    </Page>
  );
}

const tail = (query: Record<string, string>) => { const text = new URLSearchParams(Object.entries(query).filter(([, value]) => value)).toString(); return text && "?" + text; };
const clientHref = (c: Pick<Client, "enrolment" | "customer">, map: string) => (c.enrolment ? "/client/" + encodeURIComponent(c.enrolment) : `/path/${encodeURIComponent(map)}/client?name=${encodeURIComponent(c.customer)}`);
/** Those whom only the evidence shows: enrolled all at once, they have alerts and a page of their own. */
function Found({ id, list }: { id: string; list: Client[] }) {
  const [busy, setBusy] = useState(false);
  const all = async () => {
    setBusy(true);
    try {
      const n = (await api.post<wire.Enrolled>(`/maps/${encodeURIComponent(id)}/enrolments`, { text: csvOf(list.map((c) => ({ customer: c.customer, at: c.at.slice(0, 10) })), today()), name: t("the evidence"), another: true })).data.added;
      toast(tn(n, "{n} client has been added to the path.", "{n} clients have been added to the path."));
      pathsChanged();
    } catch (error) {
      toastProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return <p class="found"><span>{tn(list.length, "{n} client is only known from the evidence: enrolled, they have alerts and a page of their own.", "{n} clients are only known from the evidence: enrolled, they have alerts and a page of their own.")}</span><Button small busy={busy} onClick={() => void all()}>{tn(list.length, "Enrol {n} client", "Enrol {n} clients")}</Button></p>;
}
const snoozeAll = (list: Alert[], days: number) => Promise.all(list.map((a) => api.post(`/alerts/${encodeURIComponent(a.id)}/snooze`, { days }))).then(pathsChanged);
async function snooze(list: Alert[], days: number): Promise<void> {
  try {
    await snoozeAll(list, days);
    toast(tn(days, "{name}: no word about it for {n} day.", "{name}: no word about it for {n} days.", { name: list[0]!.customer }), { undo: () => snoozeAll(list, 0) });
  } catch (error) {
    toastProblem(error);
  }
}
/** Who needs somebody, each in a sentence. */
function Alerts({ list, canEdit }: { list: Alert[]; canEdit: boolean }) {
  const [all, setAll] = useState(false);
  const groups = new Map<string, Alert[]>(); // a client may be stuck and low: one line
  for (const a of list) groups.set(a.enrolment ?? a.customer, [...(groups.get(a.enrolment ?? a.customer) ?? []), a]);
  const clients = [...groups.values()], shown = all ? clients : clients.slice(0, 3);
  return (
    <section class="alerts" aria-label={t("Who needs somebody")}>
      <h2>{tn(clients.length, "{n} client needs somebody", "{n} clients need somebody")}</h2>
      <ul>
        {shown.map((own) => {
          const a = own[0]!;
          return (
            <li key={a.id}>
              <a href={clientHref(a, a.map)}><b>{a.customer}</b></a><span class="alert-said">{own.map((x) => <span key={x.id}>{x.sentence}</span>)}</span><span class="note">{ago(a.at, todayDate())}</span>
              {canEdit && <Menu button={{ small: true, kind: "quiet", children: t("Later"), icon: <Icon name="clock" size={16} /> }} label={t("Later: {name}", { name: a.customer })} items={[3, 7, 14, 30].map((days) => ({ label: tn(days, "in {n} day", "in {n} days"), onSelect: () => void snooze(own, days) }))} />}
            </li>
          );
        })}
      </ul>
      {clients.length > 3 && <Button kind="link" onClick={() => setAll(!all)}>{all ? t("Show fewer") : tn(clients.length - 3, "Show one more client", "Show {n} more clients")}</Button>}
    </section>
  );
}

const MOST = 30; // cards of a column before "show all"
function Board({ path, enrol }: { path: WholePath; enrol: (() => void) | undefined }) {
  const query = where.value.query, state = query.get("state") as PathState | null, find = query.get("q") ?? "";
  if (!path.n)
    return (
      <EmptyState title={t("Nobody is on this path yet")} actions={enrol && <Button kind="primary" onClick={enrol}>{t("Enrol clients")}</Button>}>
        <p>{t("One by one, from a file, or all those the evidence already shows: from then on each has a place here, and a page of their own for the phone.")}</p>
      </EmptyState>
    );
  const simple = (s: string) => s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const shown = path.clients.filter((c) => (!state || c.state === state) && (!find || simple(c.customer).includes(simple(find)))).sort(byNeed);
  const out = shown.filter((c) => c.state === "left");
  const arrived = shown.filter((c) => c.state === "arrived");
  const moving = shown.filter((c) => c.state !== "left" && c.state !== "arrived");
  return (
    <>
      <div class="board-filter">
        <div class="row" role="group" aria-label={t("Only those who are")}>
          <Button small pressed={!state} onClick={() => setQuery({ state: null })}>{t("all {n}", { n: path.n })}</Button>
          {STATES.filter((s) => path.states[s]).map((s) => <Button key={s} small pressed={state === s} class={"state-pick s-" + s} onClick={() => setQuery({ state: state === s ? null : s })}>{stateWord(s)} <b>{path.states[s]}</b></Button>)}
        </div>
        <Field label={t("Find a client")} hideLabel type="search" placeholder={t("Find a client")} value={find} onInput={(q) => setQuery({ q })} />
      </div>
      {!shown.length && <p class="quiet">{t("Nobody is like this.")} <Button kind="link" onClick={() => setQuery({ state: null, q: null })}>{t("Show all")}</Button></p>}
      <div class="path-board" tabIndex={0} role="region" aria-label={t("Clients by phase")}>
        {path.phases.map((f, i) => <Column key={f.id} phase={f} number={i + 1} list={moving.filter((c) => c.phase === f.id)} map={path.map} />)}
        <section class="path-column arrived" aria-label={t("Arrived")}>
          <header><h2>{t("Arrived")} <span class="count">{arrived.length}</span></h2><p class="note">{path.arrival}</p></header>
          <Cards list={arrived} map={path.map} />
        </section>
      </div>
      {out.length > 0 && <details class="left-list"><summary>{tn(out.length, "{n} has left the path", "{n} have left the path")}</summary><ul class="left-cards">{out.map((c) => <li key={c.customer + c.enrolment}><a href={clientHref(c, path.map)}>{c.customer}</a> <span class="note">{c.reason}</span></li>)}</ul></details>}
    </>
  );
}
function Column({ phase: f, number, list, map }: { phase: PathPhase; number: number; list: Client[]; map: string }) {
  const limits = f.behind_days !== null || f.stuck_days !== null;
  return (
    <section class={`path-column phase-${((number - 1) % 8) + 1}`} aria-label={f.title}>
      <header>
        <h2>{number}. {f.title} <span class="count">{list.length}</span></h2>
        {f.milestone && <p class="path-gate"><Icon name="star" size={14} /><span>{f.milestone}</span></p>}
        {limits && <p class="note" title={f.from === "history" ? t("from those who passed it so far") : t("as said by hand, until ten have passed")}>
          {[f.behind_days !== null && t("behind after {n} days", { n: Math.round(f.behind_days) }), f.stuck_days !== null && t("stuck after {n}", { n: Math.round(f.stuck_days) })].filter(Boolean).join(", ")}</p>}
      </header>
      <Cards list={list} map={map} />
    </section>
  );
}
function Cards({ list, map }: { list: Client[]; map: string }) {
  const [all, setAll] = useState(false);
  if (!list.length) return <p class="note none">{t("nobody")}</p>;
  const shown = all ? list : list.slice(0, MOST);
  return (
    <>
      <ul>{shown.map((c) => <li key={c.customer + (c.enrolment ?? "")}><ClientCard client={c} map={map} /></li>)}</ul>
      {shown.length < list.length && <Button small onClick={() => setAll(true)}>{t("Show all {n}", { n: list.length })}</Button>}
    </>
  );
}
function ClientCard({ client: c, map }: { client: Client; map: string }) {
  const calm = c.state === "on-the-way" || c.state === "arrived";
  return (
    <article class={"client-card s-" + c.state} data-customer={c.customer}>
      <div class="client-card-top"><a href={clientHref(c, map)}>{c.customer}</a>{c.feeling !== null && <Face valence={c.feeling} size={20} />}</div>
      {c.state !== "arrived" && <Chip tone={stateTone[c.state]}>{stateWord(c.state)}</Chip>}
      {!calm && <p class="client-reason">{c.reason}</p>}
      {c.state === "arrived" ? <p class="note">{c.since ? t("on {day}", { day: date(c.since) }) : ""}</p> : c.next && <p class="client-next">{c.next.step ? <><span class="note">{t("next")}</span> {c.next.title}</> : <span class="note">{t("what is left is the milestone")}</span>}</p>}
      <Dots passed={c.milestones.passed} total={c.milestones.total} />
    </article>
  );
}
/** Milestones as dots; the words are for those who cannot see them. */
export function Dots({ passed, total }: { passed: number; total: number }) {
  return <p class="dots"><span class="hidden">{t("Milestones")}: {milestonesWord({ milestones: { passed, total } })}</span><span aria-hidden="true">{Array.from({ length: Math.min(total, 12) }, (_, i) => <i key={i} class={i < passed ? "on" : undefined} />)}</span></p>;
}

function Todo({ list, snoozed, canEdit }: { list: Task[]; snoozed: Alert[]; canEdit: boolean }) {
  const [showDone, setShowDone] = useState(false);
  const open = list.filter((x) => x.state === "open"), done = list.filter((x) => x.state === "done");
  const mark = async (x: Task, on: boolean) => {
    try {
      await api.patch("/tasks/" + encodeURIComponent(x.id), { state: on ? "done" : "open" });
      pathsChanged();
      if (on) toast(t("Done: {title}", { title: x.title }), { undo: () => api.patch("/tasks/" + encodeURIComponent(x.id), { state: "open" }).then(pathsChanged) });
    } catch (error) {
      toastProblem(error);
    }
  };
  const row = (x: Task) => (
    <li key={x.id} class={x.state === "done" ? "done" : undefined}>
      <input type="checkbox" id={"task-" + x.id} checked={x.state === "done"} disabled={!canEdit} onChange={(e) => void mark(x, e.currentTarget.checked)} />
      <div><label for={"task-" + x.id}>{x.title}</label><p class="note">{[x.customer, x.owner, ago(x.at, todayDate())].filter(Boolean).join(" · ")}</p>
        {x.text && (x.kind === "email" ? <details><summary>{t("The e-mail, ready to be sent")}</summary><pre class="draft">{x.text}</pre><div class="row"><Button small icon={<Icon name="copy" size={16} />} onClick={() => void navigator.clipboard.writeText(x.text).then(() => toast(t("Copied.")), toastProblem)}>{t("Copy")}</Button><Button small icon={<Icon name="mail" size={16} />} href={`mailto:?subject=${encodeURIComponent(x.title)}&body=${encodeURIComponent(x.text)}`}>{t("Open in e-mail")}</Button></div></details> : <p>{x.text}</p>)}</div>
      {x.enrolment && <Button small href={"/client/" + encodeURIComponent(x.enrolment)}>{t("Open the client")}</Button>}
    </li>
  );
  return (
    <section class="card" aria-label={t("To do")}>
      {!open.length && <p class="quiet">{t("Nothing to do. A playbook makes tasks by itself: say in the map what shall happen when somebody is stuck, behind, silent or low.")}</p>}
      <ul class="todo">{open.map(row)}</ul>
      {done.length > 0 && <Button kind="link" onClick={() => setShowDone(!showDone)}>{showDone ? t("Hide what is done") : tn(done.length, "Show {n} that is done", "Show {n} that are done")}</Button>}
      {showDone && <ul class="todo">{done.map(row)}</ul>}
      {snoozed.length > 0 && <p class="note">{tn(snoozed.length, "{n} alert sleeps until later:", "{n} alerts sleep until later:")} {snoozed.map((a) => `${a.customer} (${date(a.snoozed_until!, "short")})`).join(", ")}</p>}
    </section>
  );
}
