/** Actions: a board of states and a list, of all maps. The view and its filters are in the address. */
import { useEffect, useRef, useState } from "preact/hooks";
import { url } from "../api/client";
import { live } from "../api/live";
import { forget, useApi } from "../api/use";
import type { ActionRow, ActionState, List, MapCard } from "../api/types";
import { sendOperations } from "../app/ops";
import { Page } from "../app/page";
import { setQuery, where } from "../app/router";
import { may } from "../app/session";
import { date } from "../lang/format";
import { t, tn } from "../lang/lang";
import { Button, Check, Chip, EmptyState, Icon, Menu, say, Select, Skeleton, Table, Tabs, toast, toastProblem, Trouble, type Column, type Tone } from "../ui";
import chartStyle from "../charts/charts.css";
import { Matrix } from "./matrix";
import { effortWord } from "./measuring";
import { OrphanPains, useOrphans } from "./orphans";
import { deleteAction, isOpen, mapDocument, openAction, stateOperations, STATES, stateWord } from "./action";
import { dueWords } from "./words";
import sheet from "./actions.css";

export const style = [chartStyle, sheet];
const keyOf = (a: ActionRow) => a.map + "/" + a.id;
const stateOf = (a: ActionRow): ActionState => a.state ?? "idea";
export const stateTone: Record<ActionState, Tone> = { idea: "plain", planned: "blue", doing: "warn", done: "good", verified: "good", dropped: "plain" };

export default function ActionsPage() {
  const query = where.value.query;
  const view = query.get("view") === "list" ? "list" : query.get("view") === "matrix" ? "matrix" : "board";
  const all = useApi<List<ActionRow>>("/actions");
  const maps = useApi<List<MapCard>>("/maps");
  useEffect(() => {
    let timer = 0, missed = false;
    const again = () => { clearTimeout(timer); timer = window.setTimeout(() => forget("/actions"), 800); };
    const stop = live({ on: { operation: again, maps: again, reload: again }, onState: (open) => { if (open && missed) again(); missed = !open; } });
    return () => { clearTimeout(timer); stop(); };
  }, []);
  const wanted = query.get("open");
  useEffect(() => {
    if (!wanted) return;
    const cut = wanted.indexOf("/");
    void openAction({ map: wanted.slice(0, cut), id: wanted.slice(cut + 1) }).then(() => setQuery({ open: null }));
  }, [wanted]);

  const items = all.data?.items ?? [];
  const department = query.get("department") ?? "", map = query.get("map") ?? "", late = query.get("late") === "1";
  const shown = items.filter((a) => (!department || (a.department ?? "") === department) && (!map || a.map === map) && (!late || a.overdue));
  const departments = [...new Set(items.map((a) => a.department ?? "").filter(Boolean))].sort();
  const titles = new Map(items.map((a) => [a.map, a.map_title]));
  const overdue = items.filter((a) => a.overdue).length, open = items.filter(isOpen).length;

  const move = async (a: ActionRow, to: ActionState) => {
    const from = stateOf(a);
    if (from === to) return;
    all.set({ ...all.data!, items: items.map((x) => (keyOf(x) === keyOf(a) ? { ...x, state: to, overdue: isOpen({ state: to }) && x.overdue } : x)) });
    say(t("{title}: {state}", { title: a.title ?? "", state: stateWord(to) }));
    try {
      await sendOperations(a.map, stateOperations(a, to));
      toast(t("“{title}”: {state}", { title: a.title ?? "", state: stateWord(to) }), { undo: () => sendOperations(a.map, [{ op: "set", at: a.id, field: "state", value: from }, { op: "set", at: a.id, field: "done", value: a.done }]).then(() => undefined) });
    } catch (error) {
      toastProblem(error);
      all.reload();
    }
  };
  const canEdit = may("editor");
  const orphans = useOrphans(canEdit).filter((o) => !map || o.map === map);
  const busiest = map || [...titles.keys()].sort((a, b) => items.filter((x) => x.map === b).length - items.filter((x) => x.map === a).length)[0] || "";
  const actions = items.length > 0 && (
    <>
      <Menu button={{ children: t("Export"), icon: <Icon name="download" /> }} items={[
        { label: "CSV", note: t("for Excel"), href: url("/actions.csv"), download: true },
        { label: t("Calendar"), note: t("due dates, for any calendar (.ics)"), href: url("/actions.ics"), download: true },
      ]} />
      {canEdit && <Button kind="primary" onClick={() => void openAction({})}>{t("New action")}</Button>}
    </>
  );
  const sub = !all.data ? " " : !items.length ? undefined : [tn(open, "{n} open", "{n} open"), overdue ? tn(overdue, "{n} late", "{n} late") : t("none late")].join(" · ");
  return (
    <Page title={t("Actions")} sub={sub} actions={actions || undefined}>
      {all.error && !all.data && <Trouble error={all.error} onRetry={all.reload} />}
      {!all.data && !all.error && <Skeleton lines={6} height={40} />}
      {all.data && !items.length && (
        <EmptyState title={t("No actions yet")} actions={maps.data?.items.length ? canEdit && <Button kind="primary" onClick={() => void openAction({})}>{t("New action")}</Button> : <Button kind="primary" href="/">{t("To the maps")}</Button>}>
          <p>{t("A map is worth what is done about it. Take the pain that hurts most, and say what will be done, who answers for it and by when.")}</p>
        </EmptyState>
      )}
      {items.length > 0 && (
        <>
          {overdue > 0 && !late && view !== "matrix" && <Overdue list={shown.filter((a) => a.overdue)} />}
          <div class="actions-bar">
            <Tabs label={t("View")} value={view} tabs={[{ value: "board", label: t("Board") }, { value: "list", label: t("List") }, { value: "matrix", label: t("Matrix") }]} onChange={(v) => setQuery({ view: v === "board" ? null : v })} />
            <div class="row filters">
              <Select label={t("Department")} hideLabel value={department} onChange={(v) => setQuery({ department: v })} options={[{ value: "", label: t("All departments") }, ...departments.map((d) => ({ value: d, label: d }))]} />
              {titles.size > 1 && <Select label={t("Map")} hideLabel value={map} onChange={(v) => setQuery({ map: v })} options={[{ value: "", label: t("All maps") }, ...[...titles].map(([value, label]) => ({ value, label }))]} />}
              <Check label={t("Only late")} checked={late} onChange={(on) => setQuery({ late: on ? "1" : null })} />
            </div>
          </div>
          {!shown.length ? <p class="quiet">{t("No action is like this.")} <Button kind="link" onClick={() => setQuery({ department: null, map: null, late: null })}>{t("Show all")}</Button></p>
            : view === "matrix" ? <Matrix key={busiest} actions={shown.filter((a) => a.map === busiest && stateOf(a) !== "dropped")} map={busiest} canEdit={canEdit} />
            : view === "board" ? <><Board actions={shown} move={canEdit ? move : undefined} />{canEdit && <p class="note board-note">{t("Drag a card to another column, or with the keyboard: Alt and the arrows.")}</p>}</> : <ListView actions={shown} />}
          {view !== "matrix" && <OrphanPains list={orphans} many={!map && titles.size > 1} />}
        </>
      )}
      {all.data && !items.length && <OrphanPains list={orphans} many />}
    </Page>
  );
}

/** What should have been done by now: first, and by name. */
function Overdue({ list }: { list: ActionRow[] }) {
  if (!list.length) return null;
  return (
    <section class="overdue" aria-label={t("Late")}>
      <h2>{tn(list.length, "{n} is late", "{n} are late")}</h2>
      <ul>{list.slice(0, 6).map((a) => <li key={keyOf(a)}><Button kind="link" onClick={() => void openAction({ map: a.map, id: a.id })}>{a.title}</Button><span class="late">{dueWords(a.due, a.days).text}</span><span class="quiet">{who(a)}</span></li>)}</ul>
    </section>
  );
}

function who(a: ActionRow): string {
  return [a.department, a.owner].filter(Boolean).join(", ") || t("nobody’s");
}

function Board({ actions, move }: { actions: ActionRow[]; move?: (a: ActionRow, to: ActionState) => Promise<void> }) {
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<ActionState | null>(null);
  const focus = useRef<string | null>(null), board = useRef<HTMLDivElement>(null);
  const columns = STATES.filter((s) => s !== "dropped" || actions.some((a) => stateOf(a) === "dropped"));
  useEffect(() => { // after a move by keyboard the focus goes with the card
    if (!focus.current) return;
    board.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(focus.current)}"]`)?.focus();
    focus.current = null;
  });
  const shift = (a: ActionRow, by: number) => {
    const to = columns[columns.indexOf(stateOf(a)) + by];
    if (!to || !move) return;
    focus.current = keyOf(a);
    void move(a, to);
  };
  return (
    <div class="board" ref={board} tabIndex={-1}>
      {columns.map((state) => {
        const here = actions.filter((a) => stateOf(a) === state).sort((a, b) => (a.due ?? "9").localeCompare(b.due ?? "9"));
        return (
          <section key={state} class={"column" + (over === state ? " over" : "") + (here.length ? "" : " bare-column")} aria-label={stateWord(state)}
            onDragOver={(e) => { if (dragged && move) { e.preventDefault(); setOver(state); } }} onDragLeave={() => setOver(null)}
            onDrop={(e) => { e.preventDefault(); setOver(null); const a = actions.find((x) => keyOf(x) === dragged); setDragged(null); if (a && move) void move(a, state); }}>
            <h2>{stateWord(state)} <span class="count">{here.length}</span></h2>
            <ul>
              {here.map((a) => (
                <li key={keyOf(a)} class={dragged === keyOf(a) ? "dragged" : undefined} draggable={!!move} onDragStart={(e) => { e.dataTransfer!.effectAllowed = "move"; e.dataTransfer!.setData("text/plain", a.title ?? ""); setDragged(keyOf(a)); }} onDragEnd={() => { setDragged(null); setOver(null); }}>
                  <ActionCard action={a} move={move} shift={shift} />
                </li>
              ))}
            </ul>
            {!here.length && <p class="note none">{state === "verified" ? t("Here when the evidence shows that it helped.") : t("none")}</p>}
          </section>
        );
      })}
    </div>
  );
}

function ActionCard({ action: a, move, shift }: { action: ActionRow; move?: (a: ActionRow, to: ActionState) => Promise<void>; shift: (a: ActionRow, by: number) => void }) {
  const due = dueWords(a.due, a.days);
  const items = [
    { label: t("Open"), icon: <Icon name="edit" />, onSelect: () => void openAction({ map: a.map, id: a.id }) },
    { label: t("Show on the map"), icon: <Icon name="maps" />, href: mapHref(a) },
    { line: true },
    ...STATES.filter((s) => s !== stateOf(a)).map((s) => ({ label: t("To “{state}”", { state: stateWord(s) }), onSelect: () => void move?.(a, s) })),
    { line: true },
    { label: t("Delete"), icon: <Icon name="trash" />, danger: true, onSelect: () => void mapDocument(a.map).then((d) => deleteAction(a.map, d, a.id)).catch(toastProblem) },
  ];
  return (
    <article class="action-card">
      <div class="action-top">
        <button type="button" class="action-title" data-key={keyOf(a)} aria-keyshortcuts="Alt+ArrowLeft Alt+ArrowRight" onClick={() => void openAction({ map: a.map, id: a.id })}
          onKeyDown={(e) => { if (e.altKey && (e.key === "ArrowLeft" || e.key === "ArrowRight")) { e.preventDefault(); shift(a, e.key === "ArrowRight" ? 1 : -1); } }}>{a.title}</button>
        {move && <Menu button={{ kind: "quiet", small: true, icon: <Icon name="more" />, label: t("More about “{title}”", { title: a.title ?? "" }) }} items={items} />}
      </div>
      {a.pains.map((p) => <p key={p.id} class="action-pain">{p.text}</p>)}
      <p class={a.department || a.owner ? "quiet" : "late"}>{who(a)}</p>
      <p class="action-foot">
        {isOpen(a) ? <span class={due.late ? "late" : "quiet"} title={a.due ? date(a.due) : undefined}>{due.text}</span> : a.done && <span class="quiet">{date(a.done)}</span>}
        <span class="note">{a.map_title}</span>
      </p>
      {stateOf(a) === "done" && a.kpi && <a class="action-proof" href={"/results?map=" + encodeURIComponent(a.map)}>{t("Did it help?")}</a>}
      {a.result && <Chip tone="good">{a.result}</Chip>}
    </article>
  );
}
const mapHref = (a: ActionRow) => "/map/" + encodeURIComponent(a.map) + (a.steps?.[0] ? "/step/" + encodeURIComponent(a.steps[0]) : "");

function ListView({ actions }: { actions: ActionRow[] }) {
  const order = [...actions].sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || (a.due ?? "9").localeCompare(b.due ?? "9"));
  const columns: Column<ActionRow>[] = [
    { key: "title", title: t("Action"), head: true, cell: (a) => <Button kind="link" onClick={() => void openAction({ map: a.map, id: a.id })}>{a.title}</Button> },
    { key: "state", title: t("State"), cell: (a) => <Chip tone={stateTone[stateOf(a)]}>{stateWord(a.state)}</Chip> },
    { key: "due", class: "nowrap", title: t("By when"), cell: (a) => (isOpen(a) ? <span class={dueWords(a.due, a.days).late ? "late" : undefined}>{a.due ? <>{date(a.due)}<br /><span class="note">{dueWords(a.due, a.days).text}</span></> : t("no date")}</span> : a.done ? t("done {day}", { day: date(a.done) }) : "") },
    { key: "who", title: t("Who"), cell: (a) => who(a) },
    { key: "pains", title: t("Pains"), cell: (a) => a.pains.map((p) => p.text).join("; ") },
    { key: "expected", title: t("Expected effect"), cell: (a) => a.expected ?? "" },
    { key: "effort", title: t("Effort"), cell: (a) => (a.effort ? effortWord(a.effort) : "") },
    { key: "result", title: t("Result"), cell: (a) => a.result ?? "" },
    { key: "map", title: t("Map"), cell: (a) => <a href={mapHref(a)}>{a.map_title}</a> },
  ];
  return <div class="card"><Table caption={t("Actions, those falling due first")} hideCaption columns={columns} rows={order} rowKey={keyOf} /></div>;
}
