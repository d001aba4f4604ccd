// The grid: phases and steps as columns, lanes as rows. It is an ARIA grid: one cell has the focus, arrows move it,
// Enter or typing writes, Tab goes on, Escape goes out. What the mouse does, keys do too.
import { combine } from "@atlaskit/pragmatic-drag-and-drop/combine";
import { draggable, dropTargetForElements, monitorForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import type { ComponentChildren } from "preact";
import { memo } from "preact/compat";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { go } from "../app/router";
import { t, tn } from "../lang/lang";
import { Icon } from "../ui";
import { Cell, CellEditor, useCellFocus, type CellData, type EditorProps } from "./cell";
import * as deeds from "./deeds";
import { Curves, FeelingCell, FeelingForm, FeelingKey, nudgeFeeling, type Drag } from "./feeling";
import { actionsOf, feelingOf, movePhase, moveStep } from "./model/commands.ts";
import type { Step } from "./model/document.ts";
import { moveLane, type Lane } from "./model/lanes.ts";
import { cellText } from "./model/text.ts";
import { laneTitle, stepName } from "./names";
import { agree } from "./agree";
import type { Column, Editor, Place } from "./store";
import { TouchpointForm } from "./touchpoints";

export interface GridActions {
  menu: (at: { x: number; y: number } | HTMLElement) => void;
  help: () => void;
  palette: () => void;
  comment: () => void;
  action: (step: Step, pain?: string) => void;
  picture: (step: Step, lane: Lane) => void;
  bird: () => void;
  lanes: () => void;
}

const HEAD = 116, LEAST = 132, MOST = 240, ADD = 40;
const NONE: never[] = [];
const noData: CellData = { channels: NONE, actions: NONE, study: null, customers: 0 };

export function Grid({ editor, actions, bird }: { editor: Editor; actions: GridActions; bird: boolean }) {
  const root = useRef<HTMLDivElement>(null), scroller = useRef<HTMLDivElement>(null);
  const columns = editor.columns.value, lanes = editor.lanes.value;
  const cursor = editor.cursor.value, editing = editor.editing.value;
  const [room, setRoom] = useState(1000);
  useLayoutEffect(() => {
    const box = scroller.current!;
    const measure = () => setRoom(box.clientWidth - 32);
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(box);
    return () => watch.disconnect();
  }, []);
  const width = Math.floor(Math.max(LEAST, Math.min(MOST, (room - HEAD - ADD) / Math.max(1, columns.length))));
  const whole = HEAD + columns.length * width + ADD;
  const [tall, setTall] = useState(800);
  const zoom = bird ? Math.min(1, room / whole, Math.max(0.1, (innerHeight - 190) / tall)) : 1;
  useLayoutEffect(() => { if (bird && root.current) setTall(root.current.offsetHeight); }, [bird, columns.length, lanes.length]);
  const range = useMemo(() => {
    const { rows, columns: cols } = deeds.selection(editor);
    return editor.anchor.value ? { rows: new Set(rows), columns: new Set(cols.map((one) => one.key)) } : null;
  }, [cursor, editor.anchor.value, columns, lanes]);
  useCellFocus(root, cursor.row, cursor.step, editing !== null);
  useReorder(editor, root);
  const [form, setForm] = useState<{ kind: "feeling" | "touchpoints"; row: string; step: string; typed?: string } | null>(null);
  const rows = deeds.rowsOf(editor);

  const move = (dx: number, dy: number, extend = false) => {
    const r = rows.indexOf(cursor.row), c = columns.findIndex((one) => one.key === cursor.step);
    let to = Math.max(0, Math.min(columns.length - 1, c + dx));
    if (cursor.row === "phase" && dx) { // from phase to phase
      const phases = columns.filter((one) => one.first), here = phases.findIndex((one) => one.phase.id === columns[c]?.phase.id);
      to = columns.indexOf(phases[Math.max(0, Math.min(phases.length - 1, here + dx))] ?? columns[0]!);
    }
    const row = rows[Math.max(0, Math.min(rows.length - 1, r + dy))] ?? "step";
    if (columns[to]) editor.select({ row, step: columns[to]!.key }, extend);
  };
  /** As Tab in a table: on to the next cell, and to the next row at its end. False: there is none. */
  const onward = (by: 1 | -1): boolean => {
    const r = rows.indexOf(cursor.row);
    const list = cursor.row === "phase" ? columns.filter((one) => one.first) : columns;
    const c = list.findIndex((one) => (cursor.row === "phase" ? one.phase.id === columns.find((x) => x.key === cursor.step)?.phase.id : one.key === cursor.step));
    const next = list[c + by];
    if (next) editor.select({ row: cursor.row, step: next.key });
    else if (rows[r + by]) editor.select({ row: rows[r + by]!, step: (by > 0 ? columns[0] : columns[columns.length - 1])!.key });
    else return false;
    return true;
  };

  const open = (place: Place, typed?: string) => {
    const column = columns.find((one) => one.key === place.step);
    const lane = lanes.find((one) => one.id === place.row);
    if (!column) return;
    if (!column.step) { if (place.row !== "phase") deeds.addStep(editor); else editor.edit(place, typed); return; }
    if (!lane) { editor.edit(place, typed); return; }
    if (lane.form === "reality") void go(`/map/${encodeURIComponent(editor.id)}/step/${encodeURIComponent(column.step.id)}`);
    else if (lane.form === "actions") { if (editor.canEdit.value) actions.action(column.step); }
    else if (lane.form === "flag") deeds.toggle(editor, "moment_of_truth");
    else if (lane.form === "image") actions.picture(column.step, lane);
    else if (lane.form === "touchpoints") setForm({ kind: "touchpoints", row: place.row, step: column.step.id, typed });
    else if (lane.form === "feeling" && typed === undefined) setForm({ kind: "feeling", row: place.row, step: column.step.id });
    else editor.edit(place, typed);
  };

  const key = (e: KeyboardEvent) => {
    if (e.defaultPrevented || e.isComposing || !(e.target as Element).closest("[role=grid]")) return;
    const ctrl = e.ctrlKey || e.metaKey;
    const lane = lanes.find((one) => one.id === cursor.row);
    const step = columns.find((one) => one.key === cursor.step)?.step;
    const handled = () => { e.preventDefault(); e.stopPropagation(); };
    if (e.key === "Tab" && !ctrl && !e.altKey) { if (onward(e.shiftKey ? -1 : 1)) handled(); return; }
    if (e.key === "Escape") {
      if (editor.anchor.value) editor.select(cursor);
      else document.querySelector<HTMLElement>(".ed-bar-tools button, .ed-bar-tools a")?.focus();
      return handled();
    }
    if (e.altKey && e.key.startsWith("Arrow")) {
      if (e.key === "ArrowLeft") deeds.nudge(editor, -1);
      else if (e.key === "ArrowRight") deeds.nudge(editor, 1);
      else if (lane?.form === "feeling" && step) nudgeFeeling(editor, step, editor.personaShown.value, (e.key === "ArrowUp" ? 1 : -1) * (e.shiftKey ? 0.1 : 0.5));
      else if (lane) deeds.nudgeLane(editor, lane.id, e.key === "ArrowUp" ? -1 : 1);
      return handled();
    }
    switch (e.key) {
      case "ArrowLeft": move(ctrl ? -columns.length : -1, 0, e.shiftKey); return handled();
      case "ArrowRight": move(ctrl ? columns.length : 1, 0, e.shiftKey); return handled();
      case "ArrowUp": move(0, ctrl ? -rows.length : -1, e.shiftKey); return handled();
      case "ArrowDown": move(0, ctrl ? rows.length : 1, e.shiftKey); return handled();
      case "Home": move(-columns.length, ctrl ? -rows.length : 0, e.shiftKey); return handled();
      case "End": move(columns.length, ctrl ? rows.length : 0, e.shiftKey); return handled();
      case "PageUp": move(-5, 0, e.shiftKey); return handled();
      case "PageDown": move(5, 0, e.shiftKey); return handled();
      case "Enter":
        if (ctrl && e.shiftKey) deeds.addPhase(editor);
        else if (ctrl) deeds.addStep(editor);
        else if (e.altKey && step) void go(`/map/${encodeURIComponent(editor.id)}/step/${encodeURIComponent(step.id)}`);
        else open(cursor);
        return handled();
      case "F2": if (e.shiftKey) actions.comment(); else open(cursor); return handled();
      case "Delete": case "Backspace": deeds.clear(editor); return handled();
      case "ContextMenu": actions.menu(document.getElementById(`cell:${cursor.row}:${cursor.step}`)!); return handled();
      case "F10": if (e.shiftKey) { actions.menu(document.getElementById(`cell:${cursor.row}:${cursor.step}`)!); return handled(); } return;
    }
    if (ctrl || e.altKey) {
      const letter = e.key.toLowerCase();
      if (letter === "d" && !e.altKey) { deeds.duplicate(editor); return handled(); }
      if (letter === "a" && !e.altKey) { deeds.selectAll(editor); return handled(); }
      if (letter === "m" && ctrl && e.altKey) { actions.comment(); return handled(); }
      return;
    }
    if (e.key === "?") { actions.help(); return handled(); }
    if (e.key === "/") { actions.palette(); return handled(); }
    if (e.key === " " && (lane?.form === "flag" || lane?.form === "actions")) { open(cursor); return handled(); }
    if (e.key.length === 1 && editor.canEdit.value && step && lane?.form !== "reality" && lane?.form !== "flag" && lane?.form !== "actions" && lane?.form !== "image") {
      open(cursor, e.key === " " ? "" : e.key);
      return handled();
    }
  };

  const placeOf = (target: EventTarget | null): Place | null => {
    const cell = (target as Element | null)?.closest<HTMLElement>("[data-row]");
    return cell ? { row: cell.dataset.row!, step: cell.dataset.step! } : null;
  };
  const down = (e: PointerEvent) => {
    const place = placeOf(e.target);
    if (!place || e.button !== 0 || (e.target as Element).closest("textarea, .ed-suggest, .ed-grip, button")) return;
    editor.flush();
    editor.select(place, e.shiftKey);
    if (e.pointerType !== "touch") document.getElementById(`cell:${place.row}:${place.step}`)?.focus({ preventScroll: true });
  };
  const over = (e: PointerEvent) => {
    if (!(e.buttons & 1) || !dragging.current || editor.editing.value) return;
    const place = placeOf(e.target), from = editor.anchor.peek() ?? editor.cursor.peek();
    if (place && place.row !== "phase" && from.row !== "phase" && from.row !== "step" && (place.row !== editor.cursor.peek().row || place.step !== editor.cursor.peek().step)) editor.select(place, true);
  };
  const dragging = useRef(false);
  const click = (e: MouseEvent) => { // a second click on the cell that is chosen writes in it, as a double click does
    const place = placeOf(e.target);
    if (place && e.detail === 2 && !(e.target as Element).closest("textarea, button")) open(place);
  };
  const stop = () => setForm(null);
  const formStep = form && columns.find((one) => one.key === form.step)?.step;
  const counts = useMemo(() => {
    const all = new Map<string, number>();
    for (const one of editor.comments.value) if (!one.resolved && !one.reply_to) all.set(`${one.field ?? ""} ${one.at}`, (all.get(`${one.field ?? ""} ${one.at}`) ?? 0) + 1);
    return all;
  }, [editor.comments.value]);
  const others = useMemo(() => {
    const all = new Map<string, string>();
    for (const one of editor.people.value) if (one.where) all.set(`${one.field || "step"} ${one.where}`, [all.get(`${one.field || "step"} ${one.where}`), one.name].filter(Boolean).join(", "));
    return all;
  }, [editor.people.value]);
  const found = useMemo(() => new Set(editor.findings.value.filter((one) => !one.dismissed).map((one) => one.where)), [editor.findings.value]);
  const shared: RowShared = { editor, columns, width, cursor, editing, range, counts, others, found, actions, canEdit: editor.canEdit.value };
  return (
    <div class={"ed-scroll" + (bird ? " bird" : "")} ref={scroller}>
      <p class="hidden" id="ed-how">{t("Arrows move, Enter or typing writes, Tab goes on, Escape leaves the grid. Press ? for all keys.")}</p>
      <div hidden><span id="ed-empty">{t("empty")}</span><span id="ed-commented">{t("with comments")}</span></div>
      <div role="grid" ref={root} class={"ed-grid" + (editor.canEdit.value ? "" : " reading")} aria-label={t("Map “{title}”", { title: editor.document.value.title })} aria-describedby="ed-how" aria-multiselectable
        aria-rowcount={rows.length} aria-colcount={columns.length + 1} aria-readonly={!editor.canEdit.value}
        style={{ "--col": width + "px", "--head": HEAD + "px", "--n": String(columns.length), zoom: String(zoom) }}
        onKeyDown={key} onPointerDown={(e) => { dragging.current = true; down(e); }} onPointerUp={() => { dragging.current = false; }} onPointerOver={over} onClick={click}
        onContextMenu={(e) => { const place = placeOf(e.target); if (!place) return; e.preventDefault(); if (place.row !== cursor.row || place.step !== cursor.step) editor.select(place); actions.menu({ x: e.clientX, y: e.clientY }); }}
        onCopy={(e) => { e.preventDefault(); e.clipboardData?.setData("text/plain", deeds.copyText(editor)); }}
        onCut={(e) => { e.preventDefault(); e.clipboardData?.setData("text/plain", deeds.copyText(editor)); if (editor.canEdit.value) deeds.clear(editor); }}
        onPaste={(e) => { e.preventDefault(); const text = e.clipboardData?.getData("text/plain") ?? ""; if (text && editor.canEdit.value) deeds.paste(editor, text); }}>
        <HeadRows {...shared} />
        {lanes.map((lane, i) => lane.form === "feeling"
          ? <FeelingLane key={lane.id} lane={lane} index={i} {...shared} />
          : <LaneRow key={lane.id} lane={lane} index={i} {...shared} />)}
      </div>
      {form?.kind === "feeling" && formStep && <FeelingForm row={form.row} editor={editor} step={formStep} persona={editor.personaShown.value} onClose={stop} />}
      {form?.kind === "touchpoints" && formStep && <TouchpointForm row={form.row} editor={editor} step={formStep} typed={form.typed} onClose={stop} />}
    </div>
  );
}

interface RowShared {
  editor: Editor; columns: Column[]; width: number; cursor: Place; editing: (Place & { initial?: string }) | null; range: { rows: Set<string>; columns: Set<string> } | null;
  counts: Map<string, number>; others: Map<string, string>; found: Set<string>; actions: GridActions; canEdit: boolean;
}

/** What a cell is written with; the same for heads and lanes. */
export function editorFor(editor: Editor, place: Place, label: string, initial: string, extra: Partial<EditorProps> = {}): EditorProps {
  const keyOf = `write ${place.row} ${place.step} ${editor.editing.value?.initial ?? ""}`;
  const leave = (then: "down" | "up" | "right" | "left" | "stay" | "new") => {
    const rows = deeds.rowsOf(editor), columns = editor.columns.value;
    const r = rows.indexOf(place.row), c = columns.findIndex((one) => one.key === place.step);
    const at = (row: number, column: number) => editor.select({ row: rows[Math.max(0, Math.min(rows.length - 1, row))]!, step: columns[Math.max(0, Math.min(columns.length - 1, column))]!.key });
    if (then === "stay") { if (editor.editing.value?.row === place.row && editor.editing.value.step === place.step) editor.editing.value = null; editor.session.seal(); return; }
    if (then === "new") { editor.editing.value = null; deeds.addStep(editor, "after", place.step); return; }
    if (then === "right" && c === columns.length - 1 && place.row === "step") { editor.editing.value = null; deeds.addStep(editor, "after", place.step); return; }
    const by = then === "right" ? 1 : then === "left" ? -1 : 0;
    let to = c + by;
    if (place.row === "phase" && by) {
      const phases = columns.filter((one) => one.first), here = phases.findIndex((one) => one.phase.id === columns[c]?.phase.id);
      to = columns.indexOf(phases[Math.max(0, Math.min(phases.length - 1, here + by))] ?? columns[0]!);
    }
    at(r + (then === "down" ? 1 : then === "up" ? -1 : 0), to);
    // at once, so that no key of a fast typist falls beside the grid, and again when the cells are drawn anew
    const stand = () => { if (!editor.editing.value) document.getElementById(`cell:${editor.cursor.value.row}:${editor.cursor.value.step}`)?.focus(); };
    stand();
    requestAnimationFrame(stand);
  };
  return {
    label, initial, fresh: [t("New step"), t("New phase")].includes(initial), typed: editor.editing.value?.initial,
    draft: (text) => { deeds.setCell(editor, place, text, keyOf); },
    done: (text, then) => { deeds.setCell(editor, place, text, keyOf); leave(then); },
    cancel: () => { editor.select(place); requestAnimationFrame(() => document.getElementById(`cell:${place.row}:${place.step}`)?.focus()); },
    register: (flush) => { editor.drafts.add(flush); return () => editor.drafts.delete(flush); },
    ...extra,
  };
}

// ---- the two rows of heads ----

function HeadRows(p: RowShared) {
  const { editor, columns, cursor, editing, range } = p;
  const phases = columns.filter((one) => one.first);
  const more = editor.document.value.kind === "success-path";
  return (
    <div class="ed-heads">
      <div role="row" aria-rowindex={1} class="ed-row ed-phases">
        <div role="rowheader" class="ed-head" aria-colindex={1}><span class="hidden">{t("Phase")}</span></div>
        {phases.map((one) => (
          <PhaseHead key={one.phase.id} editor={editor} column={one} index={columns.indexOf(one)} active={cursor.row === "phase" && columns.find((x) => x.key === cursor.step)?.phase.id === one.phase.id}
            ranged={Boolean(range?.rows.has("phase") && range.columns.has(one.key))} editing={editing?.row === "phase" && columns.find((x) => x.key === editing.step)?.phase.id === one.phase.id} typed={editing?.initial} others={p.others.get(`phase ${one.key}`) ?? ""}
            milestone={more ? one.phase.milestone ?? "" : ""} canEdit={p.canEdit} finding={p.found.has(one.phase.id)} />
        ))}
      </div>
      <div role="row" aria-rowindex={2} class="ed-row ed-steps">
        <div role="rowheader" class="ed-head" aria-colindex={1}><span class="hidden">{t("Step")}</span></div>
        {columns.map((one, i) => one.step ? (
          <StepHead key={one.key} editor={editor} column={one} step={one.step} index={i} active={cursor.row === "step" && cursor.step === one.key} ranged={Boolean(range?.rows.has("step") && range.columns.has(one.key))}
            editing={editing?.row === "step" && editing.step === one.key} typed={editing?.initial} others={p.others.get(`step ${one.key}`) ?? ""} comments={(p.counts.get(` ${one.key}`) ?? 0) + (p.counts.get(`step ${one.key}`) ?? 0)}
            finding={p.found.has(one.key)} menu={p.actions.menu} canEdit={p.canEdit} number={one.number} hue={one.phaseIndex % 8} />
        ) : (
          <div role="gridcell" key={one.key} id={`cell:step:${one.key}`} data-row="step" data-step={one.key} aria-colindex={i + 2} tabIndex={cursor.row === "step" && cursor.step === one.key ? 0 : -1} class={"ed-empty-step" + (cursor.step === one.key && cursor.row === "step" ? " active" : "")}
            aria-label={t("No step in “{phase}” yet: Enter makes one", { phase: one.phase.title ?? "" })} onClick={() => p.canEdit && deeds.addStep(editor, "after", one.key)}>{p.canEdit && <Icon name="plus" size={18} />}</div>
        ))}
        {p.canEdit && <div role="gridcell" aria-colindex={columns.length + 2} class="ed-add-step"><button type="button" tabIndex={-1} title={t("New step at the end (Ctrl+Enter after any step)")} aria-label={t("New step at the end")} onClick={() => deeds.addStep(editor, "after", columns[columns.length - 1]?.key ?? "")}><Icon name="plus" size={18} /></button></div>}
      </div>
    </div>
  );
}

const PhaseHead = memo(function PhaseHead(p: { editor: Editor; column: Column; index: number; active: boolean; ranged: boolean; editing: boolean; typed?: string; others: string; milestone: string; canEdit: boolean; finding: boolean }) {
  const { phase, phaseIndex, phaseSize, key } = p.column;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!p.canEdit || p.editing) return;
    return combine(
      draggable({ element: box.current!, getInitialData: () => ({ kind: "phase", id: phase.id }) }),
      dropTargetForElements({ element: box.current!, getData: ({ input }) => sideOf(box.current!, input, { kind: "phase", id: phase.id }), canDrop: ({ source }) => source.data.kind === "phase" || source.data.kind === "step" }),
    );
  }, [phase.id, p.canEdit, p.editing]);
  const title = phase.title || t("Without a name");
  return (
    <div ref={box} role="columnheader" id={`cell:phase:${key}`} data-row="phase" data-step={key} data-drop={`phase ${phase.id}`} aria-colindex={p.index + 2} aria-colspan={phaseSize} tabIndex={p.active && !p.editing ? 0 : -1}
      aria-label={p.editing ? undefined : t("Phase {n}: {title}", { n: phaseIndex + 1, title }) + (phase.milestone ? ". " + t("Milestone: {text}", { text: phase.milestone }) : "") + (p.others ? `. ${p.others}` : "")}
      class={`ed-phase hue-p${phaseIndex % 8}${p.active ? " active" : ""}${p.ranged ? " ranged" : ""}${p.others ? " other" : ""}`} style={{ gridColumn: `span ${phaseSize}` }}>
      {p.editing ? <CellEditor {...editorFor(p.editor, { row: "phase", step: key }, t("Title of the phase"), phase.title ?? "", { oneLine: true })} /> : <span class="ed-phase-title">{title}</span>}
      {p.milestone && !p.editing && <span class="ed-milestone">{p.milestone}</span>}
      {p.finding && <span class="ed-mark" aria-hidden="true" />}
      {p.others && <span class="ed-other">{p.others}</span>}
    </div>
  );
}, (a, b) => a.column.phase === b.column.phase && a.column.key === b.column.key && a.column.phaseIndex === b.column.phaseIndex && a.index === b.index && agree(a, b, ["active", "ranged", "editing", "typed", "others", "milestone", "canEdit", "finding"]));

const StepHead = memo(function StepHead(p: { editor: Editor; column: Column; step: Step; index: number; active: boolean; ranged: boolean; editing: boolean; typed?: string; others: string; comments: number; finding: boolean; menu: GridActions["menu"]; canEdit: boolean; number: number; hue: number }) {
  const { step, editor } = p;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!p.canEdit || p.editing) return;
    return combine(
      draggable({ element: box.current!, getInitialData: () => ({ kind: "step", id: step.id }) }),
      dropTargetForElements({ element: box.current!, getData: ({ input }) => sideOf(box.current!, input, { kind: "step", id: step.id }), canDrop: ({ source }) => source.data.kind === "step" }),
    );
  }, [step.id, p.canEdit, p.editing]);
  const marks = [step.moment_of_truth && t("moment of truth"), step.optional && t("optional"), step.repeatable && t("repeatable"), step.choice && t("one of several ways")].filter(Boolean).join(", ");
  return (
    <div ref={box} role="columnheader" id={`cell:step:${step.id}`} data-row="step" data-step={step.id} data-drop={`step ${step.id}`} aria-colindex={p.index + 2} tabIndex={p.active && !p.editing ? 0 : -1}
      aria-label={p.editing ? undefined : `${p.number}. ${step.title}` + (marks ? ` (${marks})` : "") + (p.comments ? ", " + tn(p.comments, "{n} comment", "{n} comments") : "") + (p.others ? `. ${p.others}` : "")}
      class={`ed-step hue-p${p.hue}${p.active ? " active" : ""}${p.ranged ? " ranged" : ""}${p.others ? " other" : ""}${step.optional ? " optional" : ""}`}>
      <span class="ed-step-number">{p.number}{step.repeatable && <span aria-hidden="true" title={t("repeatable")}> ↻</span>}{step.choice && <span aria-hidden="true" title={t("one of several ways")}> ⑂</span>}</span>
      {step.moment_of_truth && <span class="ed-step-star" title={t("moment of truth")}><svg width="17" height="17" viewBox="0 0 20 20" aria-hidden="true"><path d="M10 2.500l2.300 4.800 5.200.7-3.800 3.600.9 5.200L10 14.300l-4.600 2.500.9-5.200L2.500 8l5.200-.7z" /></svg></span>}
      {p.editing ? <CellEditor {...editorFor(editor, { row: "step", step: step.id }, t("Title of step {n}", { n: p.number }), step.title, { oneLine: true })} /> : <span class="ed-step-title" id={`title:${step.id}`}>{step.title}</span>}
      {!p.editing && <button type="button" class="ed-more" tabIndex={-1} aria-label={t("What can be done with step {n}", { n: p.number })} onClick={(e) => { e.stopPropagation(); editor.select({ row: "step", step: step.id }); p.menu(e.currentTarget); }}><Icon name="more" size={16} /></button>}
      {p.comments > 0 && <span class="ed-flag" data-n={p.comments} aria-hidden="true" />}
      {p.finding && <span class="ed-mark" aria-hidden="true" />}
      {p.others && <span class="ed-other">{p.others}</span>}
    </div>
  );
}, (a, b) => a.step === b.step && a.index === b.index && agree(a, b, ["active", "ranged", "editing", "typed", "others", "comments", "finding", "canEdit", "number", "hue"]));

// ---- lanes ----

const LaneHead = memo(function LaneHead({ lane, canEdit, actions, children }: { lane: Lane; canEdit: boolean; actions: GridActions; children?: ComponentChildren }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!canEdit) return;
    return combine(
      draggable({ element: box.current!, getInitialData: () => ({ kind: "lane", id: lane.id }) }),
      dropTargetForElements({ element: box.current!, getData: ({ input }) => sideOf(box.current!, input, { kind: "lane", id: lane.id }, true), canDrop: ({ source }) => source.data.kind === "lane" }),
    );
  }, [lane.id, canEdit]);
  return (
    <div ref={box} role="rowheader" class="ed-head" aria-colindex={1} data-drop={`lane ${lane.id}`} onDblClick={() => canEdit && actions.lanes()} title={canEdit ? t("Drag to order; double click for all lanes") : undefined}>
      <span class="ed-lane-title" id={`lane:${lane.id}`}>{laneTitle(lane)}</span>
      {lane.unit && <span class="ed-lane-note">{lane.unit}</span>}
      {children}
          </div>
  );
});

const LaneRow = memo(function LaneRow({ lane, index, ...p }: RowShared & { lane: Lane; index: number }) {
  const { editor, columns } = p;
  const map = editor.document.value, study = editor.study.value, channels = editor.channels.value;
  const withActions = lane.form === "actions" || lane.kind === "pains";
  return (
    <div role="row" aria-rowindex={index + 3} class={`ed-row k-${lane.kind}`}>
      <LaneHead lane={lane} canEdit={p.canEdit} actions={p.actions}>
        {lane.kind === "touchpoints" && <span class="ed-lane-note">{t("and channel")}</span>}
        {lane.kind === "reality" && study && <span class="ed-lane-note">{tn(study.customers, "{n} customer", "{n} customers")}</span>}
      </LaneHead>
      {columns.map((one, i) => {
        const step = one.step;
        if (!step) return <div role="gridcell" key={one.key} class="ed-cell void" aria-colindex={i + 2} id={`cell:${lane.id}:${one.key}`} data-row={lane.id} data-step={one.key} tabIndex={p.cursor.row === lane.id && p.cursor.step === one.key ? 0 : -1} aria-label={t("No step here yet")} />;
        const editing = p.editing?.row === lane.id && p.editing.step === one.key;
        const data: CellData = lane.form === "reality" ? { ...noData, study: study?.steps.get(step.id) ?? null, customers: study?.customers ?? 0 }
          : withActions ? { ...noData, actions: actionsOf(map, step) } : lane.form === "touchpoints" ? { ...noData, channels } : noData;
        return (
          <Cell key={one.key} lane={lane} step={step} stepTitle={stepName(one)} column={i + 2} active={p.cursor.row === lane.id && p.cursor.step === one.key} ranged={Boolean(p.range?.rows.has(lane.id) && p.range.columns.has(one.key))}
            editing={editing} typed={p.editing?.initial} others={p.others.get(`${lane.id} ${one.key}`) ?? ""} comments={p.counts.get(`${lane.id} ${one.key}`) ?? 0} finding={false} data={data}
            editor={editing ? editorFor(editor, { row: lane.id, step: one.key }, `${laneTitle(lane)}, ${step.title}`, cellText(step, lane), suggestionsFor(editor, lane)) : null} />
        );
      })}
    </div>
  );
}, (a, b) => sameRow(a, b, a.lane.id) && a.lane === b.lane && a.index === b.index);

/** A row is drawn again only when its columns, its lane, or the cursor within it changed. */
function sameRow(a: RowShared, b: RowShared, row: string): boolean {
  const touches = (p: RowShared) => (p.cursor.row === row ? p.cursor.step : "") + "|" + (p.editing?.row === row ? p.editing.step : "") + "|" + (p.range?.rows.has(row) ? [...p.range.columns].join() : "");
  return a.columns === b.columns && a.width === b.width && a.counts === b.counts && a.others === b.others && a.canEdit === b.canEdit && touches(a) === touches(b);
}

function suggestionsFor(editor: Editor, lane: Lane): Partial<EditorProps> {
  if (lane.form === "department") return { suggestions: editor.departments.value.map((value) => ({ value })), oneLine: true };
  if (lane.form === "match") return { suggestions: editor.activities.value.map((value) => ({ value })), perLine: true };
  if (lane.form === "feeling") return { suggestions: editor.emotions.value.map(({ word, valence }) => ({ value: word, valence })), oneLine: true };
  if (lane.form === "number") return { oneLine: true };
  return {};
}

function FeelingLane({ lane, index, ...p }: RowShared & { lane: Lane; index: number }) {
  const { editor, columns } = p;
  const [drag, setDrag] = useState<Drag | null>(null);
  const map = editor.document.value, study = editor.study.value;
  const persona = editor.personaShown.value || map.personas?.[0]?.id || "";
  const others = (map.personas ?? []).filter((one) => one.id !== persona);
  const hasEvidence = Boolean(study && [...study.steps.values()].some((one) => one.mean !== null));
  return (
    <div role="row" aria-rowindex={index + 3} class="ed-row k-feeling">
      <LaneHead lane={lane} canEdit={p.canEdit} actions={p.actions}>
        <FeelingKey study={hasEvidence} names={others.map((one) => one.name ?? "")} />
      </LaneHead>
      <Curves editor={editor} columns={columns} width={p.width} persona={persona} study={study} active="" drag={drag} personas={others.map((one) => one.id).join()} />
      {columns.map((one, i) => {
        const step = one.step;
        if (!step) return <div role="gridcell" key={one.key} class="ed-cell void k-feeling" aria-colindex={i + 2} id={`cell:${lane.id}:${one.key}`} data-row={lane.id} data-step={one.key} tabIndex={p.cursor.row === lane.id && p.cursor.step === one.key ? 0 : -1} aria-label={t("No step here yet")} />;
        const seen = study?.steps.get(step.id);
        const editing = p.editing?.row === lane.id && p.editing.step === one.key;
        return (
          <FeelingCell key={one.key} row={lane.id} editor={editor} step={step} stepTitle={step.title} column={i + 2} persona={persona} feeling={feelingOf(map, step, persona)} active={p.cursor.row === lane.id && p.cursor.step === one.key}
            ranged={Boolean(p.range?.rows.has(lane.id) && p.range.columns.has(one.key))} others={p.others.get(`${lane.id} ${one.key}`) ?? ""} comments={p.counts.get(`${lane.id} ${one.key}`) ?? 0}
            mean={seen?.mean ?? null} low={seen?.low ?? null} high={seen?.high ?? null} n={seen?.n ?? 0} canEdit={p.canEdit} drag={drag?.step === step.id ? drag : null} onDrag={setDrag} editing={editing}>
            {editing ? <CellEditor {...editorFor(editor, { row: lane.id, step: one.key }, `${laneTitle(lane)}, ${step.title}`, cellText(step, lane), suggestionsFor(editor, lane))} hint={t("A word, a number −2 … +2, or both")} /> : undefined}
          </FeelingCell>
        );
      })}
    </div>
  );
}

// ---- dragging phases, steps and lanes ----

function sideOf(element: HTMLElement, input: { clientX: number; clientY: number }, data: Record<string, unknown>, vertical = false): Record<string, unknown> {
  const box = element.getBoundingClientRect();
  return { ...data, after: vertical ? input.clientY > box.top + box.height / 2 : input.clientX > box.left + box.width / 2 };
}

function useReorder(editor: Editor, root: { current: HTMLElement | null }): void {
  useEffect(() => {
    const clean = () => root.current?.querySelectorAll(".drop-before, .drop-after, .drop-into").forEach((one) => one.classList.remove("drop-before", "drop-after", "drop-into"));
    const show = (data: Record<string | symbol, unknown> | undefined, source: Record<string, unknown>) => {
      clean();
      if (!data) return;
      const target = root.current?.querySelector(`[data-drop="${CSS.escape(`${data.kind} ${data.id}`)}"]`);
      target?.classList.add(source.kind === "step" && data.kind === "phase" ? "drop-into" : data.after ? "drop-after" : "drop-before");
    };
    return monitorForElements({
      onDragStart: ({ source }) => root.current?.querySelector(`[data-drop="${CSS.escape(`${source.data.kind} ${source.data.id}`)}"]`)?.classList.add("moving"),
      onDrag: ({ location, source }) => show(location.current.dropTargets[0]?.data, source.data),
      onDrop: ({ location, source }) => {
        clean();
        root.current?.querySelectorAll(".moving").forEach((one) => one.classList.remove("moving"));
        const target = location.current.dropTargets[0]?.data;
        if (!target || target.id === source.data.id) return;
        const map = editor.document.value, id = String(source.data.id), at = String(target.id);
        if (source.data.kind === "step" && target.kind === "step") {
          const phase = map.phases.find((one) => one.steps?.some((step) => step.id === at));
          const list = phase?.steps ?? [];
          const before = target.after ? list[list.findIndex((one) => one.id === at) + 1]?.id ?? "" : at;
          if (phase) editor.act(moveStep(map, id, phase.id, before), { label: t("step moved"), focus: `step ${id}` });
        } else if (source.data.kind === "step") editor.act(moveStep(map, id, at, ""), { label: t("step moved"), focus: `step ${id}` });
        else if (source.data.kind === "phase") {
          const list = map.phases;
          editor.act(movePhase(map, id, target.after ? list[list.findIndex((one) => one.id === at) + 1]?.id ?? "" : at), { label: t("phase moved") });
        } else {
          const all = editor.allLanes.value;
          const before = target.after ? all[all.findIndex((one) => one.id === at) + 1]?.id ?? "" : at;
          if (before !== id) editor.act(moveLane(map, id, before), { label: t("lane moved") });
        }
      },
    });
  }, [editor]);
}
