/** The map editor: head, grid (on a phone one step at a time), and what opens at its side. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Problem } from "../api/client";
import type { PageProps } from "../app/lazy";
import { Page } from "../app/page";
import { go, where } from "../app/router";
import { person } from "../app/session";
import { ago } from "../lang/format";
import { t, tn } from "../lang/lang";
import { useAbout } from "../results/about";
import { exportItems } from "../share/export";
import { openShare } from "../share/share";
import { Avatar, Button, EmptyState, Icon, Menu, say, Select, Skeleton, Trouble } from "../ui";
import sheet from "./editor.css";
import { AboutPanel } from "./about";
import { ActionsDialog } from "./actionform";
import { CommentsPanel } from "./comments";
import * as deeds from "./deeds";
import { FindingsCard, FindingsList } from "./findings";
import { Grid, type GridActions } from "./grid";
import { LanesPanel, PictureDialog } from "./lanespanel";
import { ContextMenu, deedsOf, KeysHelp, Palette, type PageActions } from "./menus";
import type { Step } from "./model/document.ts";
import type { Lane } from "./model/lanes.ts";
import { stateName } from "./names";
import { PathPanel } from "./pathpanel";
import { PhoneMap } from "./phone";
import { Editor } from "./store";

export const style = sheet;

export function useNarrow(): boolean {
  const query = useMemo(() => matchMedia("(max-width: 640px)"), []);
  const [narrow, setNarrow] = useState(query.matches);
  useEffect(() => {
    const change = () => setNarrow(query.matches);
    query.addEventListener("change", change);
    return () => query.removeEventListener("change", change);
  }, []);
  return narrow;
}

/** Opens a map for as long as the component stands. */
export function useEditor(id: string): { editor: Editor | null; error: Problem | null; again: () => void } {
  const [editor, setEditor] = useState<Editor | null>(null), [error, setError] = useState<Problem | null>(null), [turn, setTurn] = useState(0);
  useEffect(() => {
    const next = new Editor(id);
    let gone = false, ready = false;
    setError(null);
    next.open().then(() => { ready = true; if (gone) next.close(); else setEditor(next); }, (problem) => { if (!gone) setError(problem instanceof Problem ? problem : new Problem(-1, String(problem))); });
    return () => { gone = true; setEditor(null); if (ready) next.close(); };
  }, [id, turn]);
  return { editor, error, again: () => setTurn((n) => n + 1) };
}

export function MapTrouble({ error, again }: { error: Problem; again: () => void }) {
  if (error.status === 404) return <Page title={t("Map")}><EmptyState title={t("This map is not here")} actions={<Button kind="primary" href="/">{t("To the maps")}</Button>}><p>{t("It may be in the bin, or the address is not right.")}</p></EmptyState></Page>;
  return <Page title={t("Map")}><Trouble error={error} onRetry={again} /></Page>;
}

export default function MapPage({ params }: PageProps) {
  const { editor, error, again } = useEditor(params.id!);
  if (error) return <MapTrouble error={error} again={again} />;
  if (!editor) return <Page title={t("Map")} full><Skeleton lines={8} height={44} /></Page>;
  return <OpenMap key={editor.id} editor={editor} />;
}

type Side = "about" | "lanes" | "comments" | "checks" | "path" | null;

export function SavedState({ editor }: { editor: Editor }) {
  const state = editor.state.value, waiting = editor.unsent.value;
  const [, tick] = useState(0);
  useEffect(() => { const timer = setInterval(() => tick((n) => n + 1), 20000); return () => clearInterval(timer); }, []);
  const words = state === "saving" ? t("saving …") : state === "offline" ? tn(waiting, "offline: {n} change is kept here", "offline: {n} changes are kept here")
    : state === "signed-out" ? t("log in again to save: your changes are kept here") : state === "forbidden" ? t("read only") : state === "gone" ? t("this map was put in the bin") : waiting ? t("saving …") : t("saved {when}", { when: ago(new Date(editor.savedAt.value)) });
  return <span class={"ed-saved s-" + state} data-state={waiting && state === "saved" ? "saving" : state}>{words}</span>;
}

function Here({ editor }: { editor: Editor }) {
  const people = editor.people.value;
  if (!people.length) return null;
  return (
    <div class="ed-people" role="group" aria-label={t("Also here")}>
      {people.slice(0, 5).map((one) => <button type="button" key={one.id} title={one.name} onClick={() => one.where && deeds.goTo(editor, one.where)}><span aria-hidden="true"><Avatar name={one.name} size={28} /></span><span class="hidden">{t("{name} is here: go there", { name: one.name })}</span></button>)}
      {people.length > 5 && <span class="note">+{people.length - 5}</span>}
    </div>
  );
}

function OpenMap({ editor }: { editor: Editor }) {
  const map = editor.document.value;
  const narrow = useNarrow(), about = useAbout(editor.id);
  const [side, setSide] = useState<Side>(null), [bird, setBird] = useState(false);
  const [menu, setMenu] = useState<{ x: number; y: number } | HTMLElement | null>(null);
  const [dialog, setDialog] = useState<{ kind: "help" } | { kind: "palette" } | { kind: "action"; step: Step; pain?: string } | { kind: "picture"; step: Step; lane: Lane } | null>(null);
  const address = `/map/${encodeURIComponent(editor.id)}`;
  const box = useRef<HTMLDivElement>(null);
  const toggleSide = (to: Side) => setSide((now) => (now === to ? null : to));
  const actions = useMemo<PageActions & GridActions>(() => ({
    menu: setMenu,
    help: () => setDialog({ kind: "help" }),
    palette: () => setDialog({ kind: "palette" }),
    comment: () => { setSide("comments"); setTimeout(() => document.querySelector<HTMLElement>(".ed-side textarea")?.focus(), 60); },
    action: (step, pain) => setDialog({ kind: "action", step, pain }),
    picture: (step, lane) => setDialog({ kind: "picture", step, lane }),
    bird: () => setBird((now) => { say(now ? t("As large as usual") : t("The whole map at once")); return !now; }),
    lanes: () => toggleSide("lanes"), about: () => toggleSide("about"), comments: () => toggleSide("comments"), checks: () => toggleSide("checks"),
    history: () => void go(address + "/history"), present: () => void go(address + "/present"),
    share: () => void openShare({ id: editor.id, title: editor.document.value.title }),
    undo: () => editor.undo(), redo: () => editor.redo(),
  }), [editor]);
  useEffect(() => {
    const key = (e: KeyboardEvent) => {
      const ctrl = e.ctrlKey || e.metaKey, letter = e.key.toLowerCase();
      if (e.defaultPrevented || document.querySelector("dialog[open]")) return;
      const typing = (e.target as Element).closest?.("input, textarea, select, [contenteditable]");
      if (ctrl && letter === "k") { e.preventDefault(); actions.palette(); return; }
      if (e.altKey && !ctrl && letter === "b") { e.preventDefault(); actions.bird(); return; }
      if (typing) return;
      if (ctrl && letter === "z" && !e.shiftKey) { e.preventDefault(); actions.undo(); }
      else if (ctrl && (letter === "y" || (letter === "z" && e.shiftKey))) { e.preventDefault(); actions.redo(); }
      else if (e.key === "?" && !ctrl) { e.preventDefault(); actions.help(); }
      else if (e.key === "/" && !ctrl) { e.preventDefault(); actions.palette(); }
      else if (e.key === "F6") { e.preventDefault(); const { row, step } = editor.cursor.value; document.getElementById(`cell:${row}:${step}`)?.focus(); }
    };
    addEventListener("keydown", key);
    return () => removeEventListener("keydown", key);
  }, [editor]);
  useEffect(() => { if (where.value.query.get("side") === "path") setSide("path"); }, [editor]);
  useEffect(() => { // /map/ID?at=STEP leads to the step
    const at = where.value.query.get("at");
    if (at) setTimeout(() => deeds.goTo(editor, at), 30);
  }, [editor]);
  const comments = editor.comments.value.filter((one) => !one.resolved && !one.reply_to).length;
  const open = editor.findings.value.filter((one) => !one.dismissed).length;
  const personas = map.personas ?? [];
  const sub = (
    <span class="ed-sub">
      {personas.length > 1 ? <Select label={t("Whose feelings")} hideLabel value={editor.personaShown.value || personas[0]!.id} options={personas.map((one) => ({ value: one.id, label: one.name ?? "" }))} onChange={(id) => { editor.personaShown.value = id === personas[0]!.id ? "" : id; }} />
        : <button type="button" class="ed-persona-name" onClick={() => toggleSide("about")}>{personas[0]?.name || t("no persona yet")}</button>}
      <span class="ed-sub-rest">{stateName(map.state)}{map.draft ? " · " + t("a draft to be discussed") : ""} · <SavedState editor={editor} /></span>
    </span>
  );
  return (
    <Page title={map.title} full heading={<Title editor={editor} />} sub={sub} actions={
      <div class="ed-bar-tools row">
        <Here editor={editor} />
        {editor.canEdit.value && <><Button kind="quiet" icon={<Icon name="undo" />} label={t("Undo (Ctrl+Z)")} disabled={!editor.undoable.value} onClick={actions.undo} /><Button kind="quiet" icon={<Icon name="redo" />} label={t("Do again (Ctrl+Y)")} disabled={!editor.redoable.value} onClick={actions.redo} /></>}
        <Button kind="quiet" icon={<><Icon name="comment" />{comments > 0 && <span class="ed-count">{comments}</span>}</>} label={comments ? tn(comments, "{n} open comment", "{n} open comments") : t("Comments")} pressed={side === "comments"} onClick={actions.comments} />
        {map.kind === "success-path" && <Button pressed={side === "path"} onClick={() => toggleSide("path")}>{t("Path")}</Button>}
        {map.kind === "success-path" && <Button href={"/path/" + encodeURIComponent(editor.id)}>{t("Clients")}</Button>}
        {!narrow && <Button pressed={bird} onClick={actions.bird}>{t("Bird’s eye")}</Button>}
        {!narrow && <><Button href={address + "/history"}>{t("Versions")}</Button><Menu button={{ children: t("Export") }} items={exportItems(editor.id, about.query)} /></>}
        <Menu button={{ kind: "quiet", icon: <Icon name="more" />, label: t("More about this map") }} items={[
          { label: t("About this map"), icon: <Icon name="info" />, onSelect: actions.about }, { label: t("Lanes"), icon: <Icon name="menu" />, onSelect: actions.lanes },
          ...(map.kind === "success-path" ? [] : [{ label: t("Lead clients along it"), icon: <Icon name="paths" />, onSelect: () => toggleSide("path") }]),
          { label: open ? tn(open, "{n} observation", "{n} observations") : t("Observations"), icon: <Icon name="checks" />, onSelect: actions.checks },
          { label: t("Reality"), icon: <Icon name="reality" />, href: `/reality?map=${encodeURIComponent(editor.id)}` }, { label: t("Results"), icon: <Icon name="results" />, href: `/results?map=${encodeURIComponent(editor.id)}` }, { label: t("Present"), icon: <Icon name="play" />, href: address + "/present" },
          ...(narrow ? [{ label: t("Versions"), icon: <Icon name="clock" />, href: address + "/history" }, { label: t("Export"), icon: <Icon name="download" />, onSelect: () => void openShare({ id: editor.id, title: map.title }, "export") }] : [{ line: true }, { label: t("All keys"), icon: <Icon name="key" />, onSelect: actions.help }])]} />
        <Button kind="primary" onClick={actions.share}>{t("Share")}</Button>
      </div>
    }>
      <div class={"ed" + (side ? " with-side" : "")} ref={box}>
        <div class="ed-main">
          {editor.columns.value.length === 0 ? (
            <EmptyState title={t("An empty map")} actions={editor.canEdit.value && <Button kind="primary" onClick={() => deeds.addStep(editor)}>{t("The first step")}</Button>}><p>{t("What does the customer do first, before they know you?")}</p></EmptyState>
          ) : narrow ? <PhoneMap editor={editor} actions={actions} /> : <Grid editor={editor} actions={actions} bird={bird} />}
          {!narrow && !side && !bird && <FindingsCard editor={editor} onAll={actions.checks} />}
        </div>
        {side && <SidePanel title={{ about: t("About this map"), lanes: t("Lanes"), comments: t("Comments"), checks: t("Observations"), path: t("Path") }[side]} onClose={() => setSide(null)}>
          {side === "about" ? <AboutPanel editor={editor} /> : side === "lanes" ? <LanesPanel editor={editor} /> : side === "path" ? <PathPanel editor={editor} /> : side === "comments" ? <CommentsPanel editor={editor} /> : <FindingsList editor={editor} />}
        </SidePanel>}
      </div>
      {menu && <ContextMenu at={menu} onClose={() => setMenu(null)} items={deedsOf(editor, actions).filter((one) => one.on !== "map")} />}
      {dialog?.kind === "help" && <KeysHelp onClose={() => setDialog(null)} />}
      {dialog?.kind === "palette" && <Palette items={deedsOf(editor, actions)} places={editor.columns.value.flatMap((one) => (one.step ? [{ id: one.step.id, name: `${one.number}. ${one.step.title}` }] : []))} goTo={(id) => deeds.goTo(editor, id)} onClose={() => setDialog(null)} />}
      {dialog?.kind === "action" && <ActionsDialog editor={editor} step={dialog.step} pain={dialog.pain} onClose={() => setDialog(null)} />}
      {dialog?.kind === "picture" && <PictureDialog editor={editor} step={dialog.step} lane={dialog.lane} onClose={() => setDialog(null)} />}
      {!person.value && <p class="hidden" role="alert">{t("log in again to save: your changes are kept here")}</p>}
    </Page>
  );
}

/** The title, written over in place. */
function Title({ editor }: { editor: Editor }) {
  const title = editor.document.value.title;
  const [now, setNow] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => { if (now !== null) field.current?.focus(); }, [now !== null]);
  if (!editor.canEdit.value) return <>{title}</>;
  const done = (keep: boolean) => {
    if (keep && now?.trim() && now.trim() !== title) editor.act([{ op: "set", at: "", field: "title", value: now.trim() }], { label: t("title") });
    setNow(null);
  };
  return now === null ? <button type="button" class="ed-title" title={t("Change the title")} onClick={() => setNow(title)}>{title}</button>
    : <input ref={field} class="ed-title-field" aria-label={t("Title of the map")} value={now} maxLength={300} onInput={(e) => setNow(e.currentTarget.value)} onBlur={() => done(true)} onKeyDown={(e) => { if (e.key === "Enter") done(true); if (e.key === "Escape") done(false); }} />;
}

function SidePanel({ title, onClose, children }: { title: string; onClose: () => void; children: preact.ComponentChildren }) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => { box.current?.querySelector<HTMLElement>("h2")?.focus(); }, [title]);
  return (
    <aside class="ed-side" ref={box} aria-label={title} onKeyDown={(e) => { if (e.key === "Escape" && !e.defaultPrevented) { e.stopPropagation(); onClose(); document.querySelector<HTMLElement>("[role=grid] [tabindex='0']")?.focus(); } }}>
      <header><h2 tabIndex={-1}>{title}</h2><Button kind="quiet" small icon={<Icon name="close" />} label={t("Close")} onClick={onClose} /></header>
      <div class="ed-side-body">{children}</div>
    </aside>
  );
}
