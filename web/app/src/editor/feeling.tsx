// The lane of feelings: what is believed, dashed, with faces that are dragged up and down; what the evidence says,
// solid with its band; other personas as thin lines. The small form by the cell has the word, the face and a note.
import { memo } from "preact/compat";
import { useMemo, useRef, useState } from "preact/hooks";
import { num, signed } from "../lang/format";
import { t, tn } from "../lang/lang";
import { Button, Combo, Face, FaceShape, Field, runs, smoothPath, valenceWord, type Point } from "../ui";
import { feelingOf, setFeeling } from "./model/commands.ts";
import type { Feeling, Step } from "./model/document.ts";
import { clampValence } from "./model/text.ts";
import { Floating } from "./floating";
import type { Column, Editor } from "./store";
import type { Study } from "./study";

const HEIGHT = 176, TOP = 34, BOTTOM = 38;
export const feelingY = (valence: number): number => TOP + ((2 - valence) / 4) * (HEIGHT - TOP - BOTTOM);
const valenceAt = (y: number): number => clampValence(2 - ((y - TOP) / (HEIGHT - TOP - BOTTOM)) * 4);

export interface FeelingRowProps { editor: Editor; columns: Column[]; width: number; persona: string; study: Study | null; active: string; drag: Drag | null; personas: string }
export interface Drag { step: string; valence: number }

/** The curves behind the faces, in pixels of the row. */
export const Curves = memo(function Curves({ editor, columns, width, persona, study, drag }: FeelingRowProps) {
  const map = editor.document.value;
  const x = (i: number) => (i + 0.5) * width;
  const personas = map.personas ?? [];
  const values = (id: string) => columns.map((one) => {
    if (!one.step) return null;
    if (drag && drag.step === one.key && id === persona) return drag.valence;
    const valence = feelingOf(map, one.step, id).valence;
    return typeof valence === "number" ? Math.max(-2, Math.min(2, valence)) : null;
  });
  const at = (i: number, v: number): Point => ({ x: x(i), y: feelingY(v) });
  const seen = columns.map((one) => (one.step ? study?.steps.get(one.step.id)?.mean ?? null : null));
  const edge = (which: "low" | "high") => columns.map((one, i) => (seen[i] === null || !one.step ? null : study!.steps.get(one.step.id)![which] ?? seen[i]!));
  const lows = runs(edge("low"), (i, v) => at(i, Math.max(-2, v))), highs = runs(edge("high"), (i, v) => at(i, Math.min(2, v)));
  const others = personas.filter((one) => one.id !== (persona || personas[0]?.id));
  return (
    <svg class="ed-curves" width={columns.length * width} height={HEIGHT} aria-hidden="true">
      {[2, 0, -2].map((v) => <line key={v} x1={0} x2={columns.length * width} y1={feelingY(v)} y2={feelingY(v)} class={v === 0 ? "ed-zero" : "ed-edge"} />)}
      {lows.map((low, i) => <path key={"band" + i} class="ed-band" d={smoothPath(highs[i]!) + "L" + smoothPath([...low].reverse()).slice(1) + "Z"} />)}
      {others.map((one, i) => runs(values(one.id), at).map((run, j) => <path key={one.id + j} class={`ed-another p${i % 4}`} d={smoothPath(run)} />))}
      {runs(values(persona || personas[0]?.id || ""), at).map((run, i) => <path key={"belief" + i} class="ed-belief" d={smoothPath(run)} />)}
      {runs(seen, at).map((run, i) => <path key={"seen" + i} class="ed-evidence" d={smoothPath(run)} />)}
    </svg>
  );
}, (a, b) => a.columns === b.columns && a.width === b.width && a.persona === b.persona && a.study === b.study && a.drag === b.drag && a.personas === b.personas);

export function evidenceWords(emotion: string, mean: number, low: number | null, high: number | null, n: number): string {
  const around = low !== null && high !== null ? ` ± ${num((high - low) / 2, 1)}` : "";
  return `${emotion ? emotion + " " : ""}${signed(mean)}${around} · ${tn(n, "{n} voice", "{n} voices")}`;
}

export interface FeelingCellProps {
  row: string; editor: Editor; step: Step; stepTitle: string; column: number; persona: string; active: boolean; ranged: boolean; others: string; comments: number;
  mean: number | null; low: number | null; high: number | null; n: number; canEdit: boolean; drag: Drag | null; onDrag: (drag: Drag | null) => void; feeling: Feeling;
  children?: preact.ComponentChildren; editing: boolean;
}

export const FeelingCell = memo(function FeelingCell(p: FeelingCellProps) {
  const { step, editor } = p;
  const valence = p.drag ? p.drag.valence : typeof p.feeling.valence === "number" ? p.feeling.valence : null;
  const emotion = p.feeling.emotion ?? "";
  const start = useRef<{ y: number; scale: number; top: number; moved: boolean } | null>(null);
  const down = (e: PointerEvent) => {
    if (!p.canEdit || e.button !== 0) return;
    e.stopPropagation();
    const cell = (e.currentTarget as HTMLElement).closest<HTMLElement>("[role=gridcell]")!;
    const box = cell.getBoundingClientRect();
    (e.currentTarget as HTMLElement).setPointerCapture(e.pointerId);
    start.current = { y: e.clientY, scale: box.height / cell.offsetHeight || 1, top: box.top, moved: false };
    editor.select({ row: p.row, step: step.id });
    cell.focus({ preventScroll: true });
    e.preventDefault();
  };
  const move = (e: PointerEvent) => {
    const s = start.current;
    if (!s) return;
    if (!s.moved && Math.abs(e.clientY - s.y) < 3) return;
    s.moved = true;
    p.onDrag({ step: step.id, valence: valenceAt((e.clientY - s.top) / s.scale) });
  };
  const up = () => {
    const s = start.current;
    start.current = null;
    if (s?.moved && p.drag) editor.act(setFeeling(editor.document.value, step, p.persona, { valence: p.drag.valence }), { label: t("feeling"), focus: `lane-feeling ${step.id}` });
    p.onDrag(null);
  };
  const seen = p.mean !== null;
  const said = valence === null ? t("no feeling given") : `${emotion ? emotion + ", " : ""}${valenceWord(valence)} ${signed(valence)}`;
  const evidence = seen ? evidenceWords("", p.mean!, p.low, p.high, p.n) : "";
  const label = `${t("Feeling")}, ${p.stepTitle}: ${said}` + (seen ? ". " + t("The evidence says {what}", { what: evidence }) : "") + (p.others ? `. ${p.others}` : "");
  // the word stands away from the curve: above a good face, below a bad one
  const anchor = seen ? p.mean! : valence ?? 0;
  const clear = seen && valence !== null && Math.abs(feelingY(valence) - feelingY(p.mean!)) < 22;
  return (
    <div role="gridcell" id={`cell:${p.row}:${step.id}`} data-row={p.row} data-step={step.id} aria-colindex={p.column} tabIndex={p.active && !p.editing ? 0 : -1} aria-label={label}
      aria-selected={p.active || p.ranged} class={`ed-cell k-feeling${p.active ? " active" : ""}${p.ranged ? " ranged" : ""}${p.others ? " other" : ""}${valence === null ? " none" : ""}${p.drag ? " dragging" : ""}`}>
      {seen && (
        <svg class="ed-face seen" style={{ top: feelingY(Math.max(-2, Math.min(2, p.mean!))) + "px" }} width="28" height="28" viewBox="-14 -14 28 28" aria-hidden="true"><circle r="13.5" class="ed-halo" /><FaceShape valence={p.mean!} /></svg>
      )}
      <span class={"ed-face own" + (seen ? " small" : "") + (clear ? " aside" : "") + (p.canEdit ? " grab" : "")} style={{ top: feelingY(valence ?? 0) + "px" }}
        onPointerDown={down} onPointerMove={move} onPointerUp={up} onPointerCancel={() => { start.current = null; p.onDrag(null); }}>
        <svg width="28" height="28" viewBox="-14 -14 28 28" aria-hidden="true">
          {valence === null ? <circle r="11" class="ed-nothing" /> : <><circle r="13.5" class="ed-halo" /><FaceShape valence={valence} /></>}
        </svg>
      </span>
      {(emotion || p.drag) && <span class={"ed-word" + (anchor >= 0 ? " above" : " below")} style={{ top: feelingY(Math.max(-2, Math.min(2, anchor))) + "px" }}>{p.drag ? signed(p.drag.valence) : emotion}</span>}
      {(seen || valence !== null) && <span class="ed-tip" aria-hidden="true" style={{ top: feelingY(Math.max(-2, Math.min(2, anchor))) + "px" }}>
        {seen ? evidenceWords(emotion, p.mean!, p.low, p.high, p.n) : `${emotion || valenceWord(valence!)} ${signed(valence!)}`}
        {seen && valence !== null && <><br />{t("believed {valence}", { valence: signed(valence) })}</>}
      </span>}
      {p.comments > 0 && <span class="ed-flag" data-n={p.comments} aria-hidden="true" />}
      {p.others && <span class="ed-other">{p.others}</span>}
      {p.children}
    </div>
  );
}, (a, b) => a.step === b.step && a.active === b.active && a.ranged === b.ranged && a.others === b.others && a.comments === b.comments && a.mean === b.mean && a.n === b.n && a.editing === b.editing &&
  a.persona === b.persona && a.drag === b.drag && a.canEdit === b.canEdit && a.column === b.column && a.stepTitle === b.stepTitle && a.feeling === b.feeling && !a.children && !b.children);

export function FeelingKey({ study, names }: { study: boolean; names: string[] }) {
  return (
    <div class="ed-key">
      {study && <span><i class="solid" />{t("solid: the evidence")}</span>}
      <span><i class="dashed" />{t("dashed: what we believe")}</span>
      {names.map((name, i) => <span key={name}><i class={`another p${i % 4}`} />{name}</span>)}
    </div>
  );
}

/** Changes a feeling from the keyboard. */
export function nudgeFeeling(editor: Editor, step: Step, persona: string, by: number): void {
  const now = feelingOf(editor.document.value, step, persona).valence;
  const valence = clampValence((typeof now === "number" ? now : 0) + by);
  editor.act(setFeeling(editor.document.value, step, persona, { valence }), { key: `feel ${step.id} ${persona}`, label: t("feeling"), focus: `lane-feeling ${step.id}`, said: `${valenceWord(valence)} ${signed(valence)}` });
}

export function FeelingForm({ row, editor, step, persona, onClose }: { row: string; editor: Editor; step: Step; persona: string; onClose: () => void }) {
  return (
    <Floating by={`cell:${row}:${step.id}`} label={t("Feeling at “{step}”", { step: step.title })} onClose={onClose}>
      <FeelingFields editor={editor} step={step} persona={persona} />
      <div class="row between"><span class="note">{t("Esc closes")}</span><Button kind="primary" small onClick={onClose}>{t("Done")}</Button></div>
    </Floating>
  );
}

export function FeelingFields({ editor, step, persona }: { editor: Editor; step: Step; persona: string }) {
  const feeling = feelingOf(editor.document.value, step, persona);
  const [word, setWord] = useState(feeling.emotion ?? ""), [note, setNote] = useState(feeling.note ?? "");
  const valence = typeof feeling.valence === "number" ? feeling.valence : null;
  const set = (change: Feeling, key: string) => editor.act(setFeeling(editor.document.value, editor.columns.value.find((one) => one.key === step.id)?.step ?? step, persona, change), { key: `feel ${step.id} ${persona} ${key}`, label: t("feeling"), focus: `lane-feeling ${step.id}` });
  const words = editor.emotions.value;
  const near = useMemo(() => [...words].sort((a, b) => a.valence - b.valence), [words]);
  const pick = (one: { word: string; valence: number }) => {
    setWord(one.word);
    set(valence === null ? { emotion: one.word, valence: one.valence } : { emotion: one.word }, "word");
  };
  const disabled = !editor.canEdit.value;
  return (
    <div class="ed-feel-form">
      <div class="ed-slider">
        <Face valence={valence} size={34} />
        <div>
          <label for={`feel-${step.id}`}>{valence === null ? t("How do they feel?") : `${valenceWord(valence)} ${signed(valence)}`}</label>
          <input id={`feel-${step.id}`} data-first type="range" min="-2" max="2" step="0.1" value={valence ?? 0} disabled={disabled} class={valence === null ? "unset" : undefined}
            aria-valuetext={valence === null ? t("no feeling given") : `${valenceWord(valence)} ${signed(valence)}`}
            onInput={(e) => set({ valence: Number(e.currentTarget.value) }, "valence")} />
          <div class="ed-slider-ends" aria-hidden="true"><span>−2</span><span>0</span><span>+2</span></div>
        </div>
      </div>
      <Combo label={t("Emotion, in a word")} value={word} disabled={disabled} options={near.map((one) => one.word)} onInput={(text) => { setWord(text); const known = words.find((one) => one.word === text); if (known) pick(known); }} onCommit={(text) => set({ emotion: text.trim() || null }, "word")} />
      {near.length > 0 && !disabled && (
        <div class="ed-words" role="group" aria-label={t("Emotions with their faces")}>
          {near.map((one) => (
            <button type="button" key={one.word} class={"ed-word-pick" + (one.word === word ? " on" : "")} aria-pressed={one.word === word} onClick={() => pick(one)}><span aria-hidden="true" class="ed-mini"><Face valence={one.valence} size={18} /></span>{one.word}</button>
          ))}
        </div>
      )}
      <Field label={t("Where it is known from")} value={note} disabled={disabled} onInput={setNote} onCommit={(text) => set({ note: text.trim() || null }, "note")} />
      {valence !== null && !disabled && <Button kind="link" onClick={() => set({ valence: null }, "valence")}>{t("No face: a gap in the curve")}</Button>}
    </div>
  );
}
