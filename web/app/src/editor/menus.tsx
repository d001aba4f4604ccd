// Deeds by name: the menu at a place (right click, the three dots, Shift+F10), the palette (/ or Ctrl+K) and the
// page of keys (?) are all made of this one table.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { go } from "../app/router";
import { t } from "../lang/lang";
import { Dialog, Icon, place as putBy } from "../ui";
import * as deeds from "./deeds";
import type { GridActions } from "./grid";
import { keyName } from "./names";
import type { Editor } from "./store";

export interface Deed { name: string; keys?: string; run: () => void; danger?: boolean; on?: "step" | "phase" | "lane" | "map"; writes?: boolean; checked?: boolean; group?: string }

export interface PageActions extends GridActions { about: () => void; comments: () => void; checks: () => void; history: () => void; present: () => void; share: () => void; undo: () => void; redo: () => void }

export function deedsOf(editor: Editor, page: PageActions): Deed[] {
  const cursor = editor.cursor.value;
  const column = editor.columns.value.find((one) => one.key === cursor.step), step = column?.step ?? null;
  const phase = cursor.row === "phase", lane = editor.lanes.value.find((one) => one.id === cursor.row);
  const many = deeds.selection(editor).columns.length > 1;
  const map = encodeURIComponent(editor.id);
  const all: (Deed | false | null | undefined)[] = [
    { group: t("Steps"), name: t("New step after"), keys: "Ctrl+Enter", writes: true, on: "step", run: () => deeds.addStep(editor) },
    { name: t("New step before"), writes: true, on: "step", run: () => deeds.addStep(editor, "before") },
    { name: t("New phase after"), keys: "Ctrl+Shift+Enter", writes: true, on: "phase", run: () => deeds.addPhase(editor) },
    { name: phase ? t("Duplicate the phase") : t("Duplicate"), keys: "Ctrl+D", writes: true, on: phase ? "phase" : "step", run: () => deeds.duplicate(editor) },
    { name: t("Move left"), keys: "Alt+←", writes: true, on: phase ? "phase" : "step", run: () => deeds.nudge(editor, -1) },
    { name: t("Move right"), keys: "Alt+→", writes: true, on: phase ? "phase" : "step", run: () => deeds.nudge(editor, 1) },
    !phase && step && !many && { name: t("Split in two"), writes: true, on: "step", run: () => deeds.split(editor) },
    !phase && step && { name: many ? t("Merge into one step") : t("Merge with the step to its right"), writes: true, on: "step", run: () => deeds.merge(editor) },
    !phase && step && { name: t("Begin a phase here"), writes: true, on: "step", run: () => deeds.splitPhase(editor) },
    phase && { name: t("Merge with the phase to its right"), writes: true, on: "phase", run: () => deeds.mergePhase(editor) },
    !phase && step && { name: t("Moment of truth"), checked: step.moment_of_truth === true, writes: true, on: "step", run: () => deeds.toggle(editor, "moment_of_truth") },
    !phase && step && { name: t("Optional"), checked: step.optional === true, writes: true, on: "step", run: () => deeds.toggle(editor, "optional") },
    !phase && step && { name: t("Repeatable"), checked: step.repeatable === true, writes: true, on: "step", run: () => deeds.toggle(editor, "repeatable") },
    !phase && step && { name: t("Alternatives …"), checked: Boolean(step.choice), writes: true, on: "step", run: () => void deeds.choice(editor) },
    !phase && step && { name: t("New action for this step …"), writes: true, on: "step", run: () => page.action(step) },
    { name: t("Comment"), keys: "Ctrl+Alt+M", on: "step", run: () => page.comment() },
    !phase && step && { name: t("Open the step’s page"), keys: "Alt+Enter", on: "step", run: () => void go(`/map/${map}/step/${encodeURIComponent(step.id)}`) },
    lane && { name: t("Lane up"), keys: "Alt+↑", writes: true, on: "lane", run: () => deeds.nudgeLane(editor, lane.id, -1) },
    lane && { name: t("Lane down"), keys: "Alt+↓", writes: true, on: "lane", run: () => deeds.nudgeLane(editor, lane.id, 1) },
    phase ? { name: t("Delete the phase"), keys: t("Del"), danger: true, writes: true, on: "phase", run: () => deeds.remove(editor) } : { name: many ? t("Delete these steps") : t("Delete the step"), danger: true, writes: true, on: "step", run: () => deeds.remove(editor) },
    { group: t("Map"), name: t("Undo"), keys: "Ctrl+Z", writes: true, on: "map", run: page.undo },
    { name: t("Do again"), keys: "Ctrl+Y", writes: true, on: "map", run: page.redo },
    { name: t("About this map"), on: "map", run: page.about },
    { name: t("Lanes"), on: "map", run: page.lanes },
    { name: t("Comments"), on: "map", run: page.comments },
    { name: t("Observations"), on: "map", run: page.checks },
    { name: t("Bird’s-eye view"), keys: "Alt+B", on: "map", run: page.bird },
    { name: t("Versions"), on: "map", run: page.history },
    { name: t("Present"), on: "map", run: page.present },
    { name: t("Share"), on: "map", run: page.share },
    { name: t("All keys"), keys: "?", on: "map", run: page.help },
  ];
  return all.filter((one): one is Deed => Boolean(one) && (editor.canEdit.value || !(one as Deed).writes));
}

/** At the pointer or by the element; one for the whole grid. */
export function ContextMenu({ items, at, onClose }: { items: Deed[]; at: { x: number; y: number } | HTMLElement; onClose: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  const entries = () => [...box.current!.querySelectorAll<HTMLElement>("[role^=menuitem]")];
  useLayoutEffect(() => {
    const menu = box.current!, before = document.activeElement as HTMLElement | null;
    if (at instanceof HTMLElement) putBy(menu, at);
    else {
      menu.style.position = "fixed";
      menu.style.left = Math.max(8, Math.min(at.x, innerWidth - menu.offsetWidth - 8)) + "px";
      menu.style.top = Math.max(8, Math.min(at.y, innerHeight - menu.offsetHeight - 8)) + "px";
    }
    entries()[0]?.focus();
    const outside = (e: Event) => { if (!menu.contains(e.target as Node)) onClose(); };
    document.addEventListener("pointerdown", outside, true);
    return () => {
      document.removeEventListener("pointerdown", outside, true);
      if (document.activeElement === document.body || menu.contains(document.activeElement)) (at instanceof HTMLElement && at.tabIndex >= 0 ? at : before)?.focus();
    };
  }, []);
  const key = (e: KeyboardEvent) => {
    e.stopPropagation();
    const all = entries(), here = all.indexOf(document.activeElement as HTMLElement);
    const to = (i: number) => { e.preventDefault(); all[(i + all.length) % all.length]?.focus(); };
    if (e.key === "ArrowDown") to(here + 1);
    else if (e.key === "ArrowUp") to(here - 1);
    else if (e.key === "Home") to(0);
    else if (e.key === "End") to(-1);
    else if (e.key === "Escape" || e.key === "Tab") { e.preventDefault(); onClose(); }
    else if (e.key.length === 1) { const next = [...all.slice(here + 1), ...all].find((one) => one.textContent?.trim().toLowerCase().startsWith(e.key.toLowerCase())); next?.focus(); }
  };
  return (
    <div ref={box} class="menu-list ed-menu" role="menu" aria-label={t("What can be done here")} onKeyDown={key}>
      {items.map((one) => (
        <button type="button" key={one.name} role={one.checked === undefined ? "menuitem" : "menuitemcheckbox"} aria-checked={one.checked} tabIndex={-1} class={"menu-item" + (one.danger ? " danger" : "")} onClick={() => { onClose(); one.run(); }}>
          <span class="menu-text">{one.name}</span>{one.checked && <span aria-hidden="true">✓</span>}{one.keys && <kbd>{keyName(one.keys)}</kbd>}
        </button>
      ))}
    </div>
  );
}

export function Palette({ items, goTo, places, onClose }: { items: Deed[]; places: { id: string; name: string }[]; goTo: (id: string) => void; onClose: () => void }) {
  const [text, setText] = useState(""), [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const simple = (s: string) => s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const shown = useMemo(() => {
    const words = simple(text).split(/\s+/).filter(Boolean);
    const fits = (name: string) => words.every((word) => simple(name).includes(word));
    const deedsThat = items.filter((one) => fits(one.name)).map((one) => ({ name: one.name, keys: one.keys, run: one.run }));
    const stepsThat = places.filter((one) => fits(one.name)).map((one) => ({ name: t("Go to “{name}”", { name: one.name }), keys: undefined, run: () => goTo(one.id) }));
    return [...deedsThat, ...stepsThat].slice(0, 40);
  }, [text, items, places]);
  useEffect(() => { list.current?.children[at]?.scrollIntoView({ block: "nearest" }); }, [at]);
  const run = (i: number) => { const one = shown[i]; onClose(); if (one) setTimeout(one.run); };
  return (
    <Dialog title={t("What would you like to do?")} onClose={onClose}>
      <input class="input" role="combobox" aria-expanded aria-controls="ed-palette" aria-activedescendant={shown[at] ? `ed-palette-${at}` : undefined} aria-autocomplete="list" aria-label={t("Name of a command or a step")} value={text} placeholder={t("Name of a command or a step")}
        onInput={(e) => { setText(e.currentTarget.value); setAt(0); }}
        onKeyDown={(e) => {
          if (e.key === "ArrowDown" || e.key === "ArrowUp") { e.preventDefault(); setAt((at + (e.key === "ArrowDown" ? 1 : -1) + shown.length) % Math.max(1, shown.length)); }
          else if (e.key === "Enter") { e.preventDefault(); run(at); }
        }} />
      <ul class="ed-palette" id="ed-palette" role="listbox" aria-label={t("Commands")} ref={list}>
        {shown.map((one, i) => (
          <li key={one.name} id={`ed-palette-${i}`} role="option" aria-selected={i === at} class={i === at ? "on" : undefined} onPointerMove={() => setAt(i)} onClick={() => run(i)}>
            <span>{one.name}</span>{one.keys && <kbd>{keyName(one.keys)}</kbd>}
          </li>
        ))}
        {!shown.length && <li class="quiet" role="option" aria-selected={false} aria-disabled>{t("Nothing of that name.")}</li>}
      </ul>
    </Dialog>
  );
}

export function KeysHelp({ onClose }: { onClose: () => void }) {
  const groups: [string, [string, string][]][] = [
    [t("Moving"), [["← ↑ → ↓", t("to the next cell")], ["Tab · Shift+Tab", t("on, back")], ["Home · End", t("first, last step")], [t("Shift + arrows"), t("choose several cells")], ["Esc", t("out of the grid, to the buttons above")], ["/ · Ctrl+K", t("any command, or a step, by name")]]],
    [t("Writing"), [[t("letters"), t("write over the cell")], [t("Enter · F2 · double click"), t("write in the cell")], ["Enter · Tab", t("keep, and go down or right")], ["Shift+Enter", t("a new line")], ["Esc", t("as it was before")], [t("Del"), t("empty the cell; delete the step or phase")], ["Ctrl+C · X · V", t("copy, cut and paste, also from and to Excel")]]],
    [t("Steps, phases and lanes"), [["Ctrl+Enter", t("new step after this one")], ["Ctrl+Shift+Enter", t("new phase")], ["Ctrl+D", t("duplicate")], ["Alt+← · Alt+→", t("move the step or the phase")], ["Alt+↑ · Alt+↓", t("move the lane; in the lane of feelings, move the face")], ["Shift+F10", t("all that can be done here")], ["Alt+Enter", t("the step’s own page")]]],
    [t("Feelings"), [["−2 … +2", t("type a number, a word, or both: disappointment −1.5")], ["Alt+↑ · Alt+↓", t("half a point; with Shift a tenth")], ["Enter", t("emotions with their faces")]]],
    [t("Everything"), [["Ctrl+Z", t("undo")], ["Ctrl+Y · Ctrl+Shift+Z", t("do again")], ["Ctrl+Alt+M · Shift+F2", t("comment")], ["Alt+B", t("bird’s-eye view, and back")], ["?", t("this page")]]],
  ];
  return (
    <Dialog title={t("Keys")} onClose={onClose} wide>
      <div class="ed-keys" tabIndex={0} role="region" aria-label={t("All keys")}>
        {groups.map(([title, rows]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>{rows.map(([keys, what]) => <div key={keys + what}><dt>{keys.split(" · ").map((one, i) => <span key={one}>{i > 0 && " "}<kbd>{keyName(one)}</kbd></span>)}</dt><dd>{what}</dd></div>)}</dl>
          </section>
        ))}
      </div>
      <p class="note"><Icon name="info" size={16} /> {t("On a Mac, ⌘ serves where Ctrl is written.")}</p>
    </Dialog>
  );
}
