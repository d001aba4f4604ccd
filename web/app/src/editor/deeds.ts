// What can be done at a place of the map, by name: menus, the palette, keys and buttons all call these.
import { batch } from "@preact/signals";
import { t } from "../lang/lang";
import { ask, say, toast } from "../ui";
import { apply } from "./model/apply.ts";
import * as commands from "./model/commands.ts";
import { phaseOf, stepOf, type Operation, type Step } from "./model/document.ts";
import { moveLane } from "./model/lanes.ts";
import { cellOperations, cellText, readFeeling, type Words } from "./model/text.ts";
import { readTsv, writeTsv } from "./model/tsv.ts";
import type { Column, Editor, Place } from "./store";

const map = (editor: Editor) => editor.document.value;

export function rowsOf(editor: Editor): string[] {
  return ["phase", "step", ...editor.lanes.value.map((lane) => lane.id)];
}

/** The rectangle under the cursor. */
export function selection(editor: Editor): { rows: string[]; columns: Column[] } {
  const cursor = editor.cursor.value, anchor = editor.anchor.value ?? cursor;
  const rows = rowsOf(editor), columns = editor.columns.value;
  const r = [rows.indexOf(cursor.row), rows.indexOf(anchor.row)].sort((a, b) => a - b) as [number, number];
  const c = [columns.findIndex((one) => one.key === cursor.step), columns.findIndex((one) => one.key === anchor.step)].sort((a, b) => a - b) as [number, number];
  return { rows: rows.slice(Math.max(0, r[0]), r[1] + 1), columns: columns.slice(Math.max(0, c[0]), c[1] + 1) };
}
function chosen(editor: Editor): Step[] {
  return selection(editor).columns.flatMap((one) => (one.step ? [one.step] : []));
}
function toStep(editor: Editor, id: string, edit = false): void {
  if (edit) editor.edit({ row: "step", step: id });
  else editor.select({ row: "step", step: id });
}

// ---- steps ----

export function addStep(editor: Editor, where: "after" | "before" = "after", key = editor.cursor.value.step): void {
  const column = editor.columns.value.find((one) => one.key === key);
  const step = commands.newStep(t("New step"));
  let operations: Operation[];
  if (!column) {
    const last = map(editor).phases[map(editor).phases.length - 1];
    operations = last ? commands.addStep(last.id, "", step) : commands.addPhase("", commands.newPhase(t("New phase"), [step]));
  } else if (!column.step) operations = commands.addStep(column.phase.id, "", step);
  else operations = where === "before" ? commands.addStep(column.phase.id, column.step.id, step) : commands.addStepAfter(map(editor), column.step.id, step);
  if (editor.act(operations, { label: t("new step"), focus: `step ${step.id}` })) toStep(editor, step.id, true);
}

export function addPhase(editor: Editor): void {
  const column = editor.columns.value.find((one) => one.key === editor.cursor.value.step);
  const at = column ? map(editor).phases.findIndex((one) => one.id === column.phase.id) : map(editor).phases.length - 1;
  const step = commands.newStep(t("New step"));
  const operations = commands.addPhase(map(editor).phases[at + 1]?.id ?? "", commands.newPhase(t("New phase"), [step]));
  if (editor.act(operations, { label: t("new phase"), focus: `phase ${step.id}` })) editor.edit({ row: "phase", step: step.id });
}

export function duplicate(editor: Editor): void {
  const { row } = editor.cursor.value;
  const column = selection(editor).columns[0];
  if (row === "phase" && column) {
    const { operations, made } = commands.duplicatePhase(map(editor), column.phase.id);
    if (!editor.act(operations, { label: t("copy of a phase") })) return;
    const first = map(editor).phases.find((one) => one.id === made)?.steps?.[0]?.id ?? "@" + made;
    editor.select({ row: "phase", step: first });
    return;
  }
  const { operations, made } = commands.duplicateSteps(map(editor), chosen(editor).map((step) => step.id));
  if (made.length && editor.act(operations, { label: t("copy of a step"), focus: `step ${made[0]}`, said: t("Copied") })) toStep(editor, made[0]!);
}

export function remove(editor: Editor): void {
  const { row } = editor.cursor.value;
  const { columns } = selection(editor);
  const column = columns[0];
  if (!column) return;
  const undo = () => editor.undo();
  if (row === "phase" || !column.step) {
    if (map(editor).phases.length === 1) { toast(t("A map has at least one phase.")); return; }
    const name = column.phase.title ?? "";
    if (editor.act(commands.deletePhase(map(editor), column.phase.id), { label: t("phase deleted"), focus: `phase ${column.key}` })) toast(t("Phase “{name}” deleted, with its steps.", { name }), { undo });
  } else {
    const list = chosen(editor);
    const operations = commands.deleteSteps(map(editor), list.map((step) => step.id));
    if (editor.act(operations, { label: t("step deleted"), focus: `step ${list[0]!.id}` })) toast(list.length === 1 ? t("Step “{name}” deleted.", { name: list[0]!.title }) : t("{n} steps deleted.", { n: list.length }), { undo });
  }
  editor.mendCursor();
}

export function split(editor: Editor): void {
  const step = chosen(editor)[0];
  if (!step) return;
  const { operations, made } = commands.splitStep(map(editor), step.id, t("{title}, then", { title: step.title }));
  if (editor.act(operations, { label: t("step split in two"), focus: `step ${step.id}` })) toStep(editor, made, true);
}

export function merge(editor: Editor): void {
  let list = chosen(editor);
  if (list.length < 2) {
    const all = editor.columns.value.flatMap((one) => (one.step ? [one.step] : []));
    const at = all.findIndex((one) => one.id === list[0]?.id);
    if (at < 0 || !all[at + 1]) { toast(t("There is no step to its right to merge with.")); return; }
    list = [all[at]!, all[at + 1]!];
  }
  if (editor.act(commands.mergeSteps(map(editor), list.map((step) => step.id)), { label: t("steps merged"), focus: `step ${list[0]!.id}`, said: t("Merged into one step") })) toStep(editor, list[0]!.id);
}

/** The thing under the cursor, one place to the left or right. */
export function nudge(editor: Editor, by: -1 | 1): void {
  const { row, step: key } = editor.cursor.value;
  const column = editor.columns.value.find((one) => one.key === key);
  if (!column) return;
  if (row === "phase" || !column.step) {
    const operations = commands.nudgePhase(map(editor), column.phase.id, by);
    if (operations.length) editor.act(operations, { label: t("phase moved"), focus: `phase ${key}`, said: by < 0 ? t("Phase moved left") : t("Phase moved right") });
    return;
  }
  const list = chosen(editor);
  const order = by < 0 ? list : [...list].reverse();
  const operations: Operation[] = [];
  let now = map(editor);
  for (const step of order) {
    const more = commands.nudgeStep(now, step.id, by);
    if (!more.length) return;
    operations.push(...more);
    now = more.reduce((one, operation) => editorApply(one, operation), now);
  }
  editor.act(operations, { label: t("step moved"), focus: `${row} ${key}` });
  const at = editor.columns.value.find((one) => one.key === key);
  if (at) say(t("Step {n} of {all}, in “{phase}”", { n: at.number, all: editor.columns.value.length, phase: at.phase.title ?? "" }));
}
const editorApply = <T extends object>(document: T, operation: Operation): T => apply(document, operation).document;

export function nudgeLane(editor: Editor, lane: string, by: -1 | 1): void {
  const shown = editor.lanes.value, all = editor.allLanes.value;
  const at = shown.findIndex((one) => one.id === lane);
  const other = shown[at + by];
  if (at < 0 || !other) return;
  const before = by < 0 ? other.id : all[all.indexOf(other) + 1]?.id ?? "";
  editor.act(moveLane(map(editor), lane, before), { label: t("lane moved"), focus: `${lane} ${editor.cursor.value.step}`, said: by < 0 ? t("Lane moved up") : t("Lane moved down") });
}

export function splitPhase(editor: Editor): void {
  const step = chosen(editor)[0];
  if (!step) return;
  const { operations, made } = commands.splitPhase(map(editor), step.id, t("New phase"));
  if (!made) { toast(t("A phase begins here already.")); return; }
  if (editor.act(operations, { label: t("phase split in two"), focus: `phase ${step.id}` })) editor.edit({ row: "phase", step: step.id });
}
export function mergePhase(editor: Editor): void {
  const phase = phaseOf(map(editor), editor.cursor.value.step);
  if (!phase) return;
  const operations = commands.mergePhases(map(editor), phase.id);
  if (!operations.length) { toast(t("There is no phase to its right to merge with.")); return; }
  editor.act(operations, { label: t("phases merged"), focus: `phase ${editor.cursor.value.step}` });
}

export function toggle(editor: Editor, field: "moment_of_truth" | "optional" | "repeatable"): void {
  const list = chosen(editor);
  const on = !list.every((step) => step[field]);
  const operations = list.filter((step) => Boolean(step[field]) !== on).map((step): Operation => (on ? { op: "set", at: step.id, field, value: true } : { op: "set", at: step.id, field }));
  editor.act(operations, { label: t("step"), focus: `step ${list[0]?.id}`, said: on ? t("On") : t("Off") });
}

/** A way of a choice: the steps chosen are alternatives. */
export async function choice(editor: Editor): Promise<void> {
  const list = chosen(editor);
  const first = list[0];
  if (!first) return;
  const now = typeof first.choice === "string" ? first.choice : first.choice?.group ?? "";
  const group = await ask({ title: t("Alternatives"), label: t("Name of the choice"), value: now, yes: t("Save"), required: false, note: t("Steps side by side with the same name are alternatives: one of them is walked. Empty: no choice.") });
  if (group === undefined) return;
  const operations = list.map((step): Operation => (group ? { op: "set", at: step.id, field: "choice", value: group } : { op: "set", at: step.id, field: "choice" }));
  editor.act(operations, { label: t("alternatives"), focus: `step ${first.id}` });
}

// ---- cells ----

export function clear(editor: Editor): void {
  const { row, step } = editor.cursor.value;
  if ((row === "step" || row === "phase") && !editor.anchor.value) { remove(editor); return; }
  const { rows, columns } = selection(editor);
  const operations = columns.flatMap((column) => rows.flatMap((id) => {
    const lane = editor.lanes.value.find((one) => one.id === id);
    return lane && column.step ? cellOperations(column.step, lane, "", editor.words.value) : [];
  }));
  if (operations.length) editor.act(commands.withReleases(map(editor), operations), { label: t("cells emptied"), focus: `${row} ${step}`, said: t("Emptied") });
}

export function setCell(editor: Editor, place: Place, text: string, key: string): boolean {
  const column = editor.columns.value.find((one) => one.key === place.step);
  if (!column) return false;
  const focus = `${place.row} ${place.step}`;
  const clean = text.replace(/\s*\n\s*/g, " ").trim();
  if (place.row === "phase") return clean === (column.phase.title ?? "") || editor.act([clean ? { op: "set", at: column.phase.id, field: "title", value: clean } : { op: "set", at: column.phase.id, field: "title" }], { key, focus, label: t("phase") });
  if (!column.step) return false;
  if (place.row === "step") return !clean || clean === column.step.title || editor.act([{ op: "set", at: column.step.id, field: "title", value: clean }], { key, focus, label: t("step") });
  const lane = editor.lanes.value.find((one) => one.id === place.row);
  if (!lane) return false;
  const persona = editor.personaShown.value;
  const other = lane.form === "feeling" && persona !== "" && persona !== map(editor).personas?.[0]?.id;
  const operations = other ? feelingOfAnother(editor, column.step, persona, text) : commands.withReleases(map(editor), cellOperations(column.step, lane, text, editor.words.value));
  if (!editor.act(operations, { key, focus, label: t("text") })) return false;
  if (lane.form === "department" && clean) void editor.createIn("departments", clean);
  return true;
}

function feelingOfAnother(editor: Editor, step: Step, persona: string, text: string): Operation[] {
  const read = readFeeling(text);
  if (!read) return commands.setFeeling(map(editor), step, persona, { emotion: null, valence: null });
  const known = editor.emotions.value.find((one) => one.word.toLowerCase() === read.emotion?.toLowerCase());
  return commands.setFeeling(map(editor), step, persona, { ...read, ...(read.valence === undefined && known && typeof commands.feelingOf(map(editor), step, persona).valence !== "number" ? { valence: known.valence } : {}) });
}

export function copyText(editor: Editor): string {
  const { rows, columns } = selection(editor);
  return writeTsv(rows.map((row) => columns.map(({ step, phase }) => {
    if (row === "phase") return phase.title ?? "";
    if (!step) return "";
    if (row === "step") return step.title;
    const lane = editor.lanes.value.find((one) => one.id === row);
    return lane ? cellText(step, lane) : "";
  })));
}

export function paste(editor: Editor, text: string): void {
  const block = readTsv(text);
  const { row, step } = selectionStart(editor);
  const lanes = editor.lanes.value;
  const rows: commands.Row[] = rowsOf(editor).map((id) => (id === "phase" || id === "step" ? id : lanes.find((one) => one.id === id)!));
  const words: Words = editor.words.value;
  const { operations, made } = commands.pasteBlock(map(editor), rows, rowsOf(editor).indexOf(row), step, block, words, t("New step"));
  if (!operations.length || !editor.act(operations, { label: t("pasted block"), focus: `${row} ${step}` })) return;
  const cells = block.length * block[0]!.length;
  const undo = () => editor.undo();
  if (made.length) toast(t("{cells} cells pasted, {steps} steps added.", { cells, steps: made.length }), { undo });
  else say(t("{cells} cells pasted", { cells }));
}
function selectionStart(editor: Editor): Place {
  const { rows, columns } = selection(editor);
  return { row: rows[0] ?? "step", step: columns[0]?.key ?? "" };
}

export function selectAll(editor: Editor): void {
  const columns = editor.columns.value, rows = rowsOf(editor);
  if (!columns.length) return;
  batch(() => {
    editor.cursor.value = { row: "step", step: columns[0]!.key };
    editor.anchor.value = { row: rows[rows.length - 1]!, step: columns[columns.length - 1]!.key };
  });
}

export function goTo(editor: Editor, id: string): void {
  const document = map(editor);
  const step = stepOf(document, id) ?? document.phases.find((phase) => phase.id === id)?.steps?.[0] ?? stepOf(document, stepWith(editor, id));
  if (!step) return;
  const phase = document.phases.find((one) => one.id === id);
  editor.select({ row: phase ? "phase" : "step", step: step.id });
  const cell = globalThis.document.getElementById(`cell:${phase ? "phase" : "step"}:${step.id}`);
  cell?.scrollIntoView({ block: "nearest", inline: "center" });
  cell?.focus();
}
function stepWith(editor: Editor, id: string): string {
  const document = map(editor);
  const action = document.actions?.find((one) => one.id === id);
  const pain = action?.pains?.[0] ?? id;
  return action?.steps?.[0] ?? document.phases.flatMap((phase) => phase.steps ?? []).find((step) => [...(step.pains ?? []), ...(step.opportunities ?? []), ...(step.touchpoints ?? [])].some((one) => one.id === pain))?.id ?? "";
}
