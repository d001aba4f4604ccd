// On a phone: one step at a time. Swipe, arrows or the curve's dots lead from one to the next.
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../lang/lang";
import { Button, Icon, runs, smoothPath } from "../ui";
import * as deeds from "./deeds";
import { StepFields, StepTitle } from "./fields";
import type { PageActions } from "./menus";
import { feelingOf } from "./model/commands.ts";
import type { Editor } from "./store";

export function PhoneMap({ editor, actions }: { editor: Editor; actions: PageActions }) {
  const columns = editor.columns.value, cursor = editor.cursor.value;
  const at = Math.max(0, columns.findIndex((one) => one.key === cursor.step));
  const column = columns[at];
  const start = useRef<{ x: number; y: number } | null>(null);
  const [added, setAdded] = useState(0);
  useEffect(() => { // the new step comes into sight, its name ready to be written over
    if (!added) return;
    const title = document.querySelector<HTMLTextAreaElement>(".ed-phone-title textarea");
    title?.scrollIntoView({ block: "center" });
    title?.focus({ preventScroll: true });
    title?.select();
  }, [added]);
  if (!column) return null;
  const add = () => { deeds.addStep(editor); editor.editing.value = null; setAdded((n) => n + 1); };
  const to = (i: number) => { const next = columns[i]; if (next) { editor.flush(); editor.select({ row: "step", step: next.key }); } };
  const map = editor.document.value, persona = editor.personaShown.value;
  const values = columns.map((one) => (one.step ? feelingOf(map, one.step, persona).valence ?? null : null));
  const x = (i: number) => (columns.length < 2 ? 150 : 10 + (i * 280) / (columns.length - 1)), y = (v: number) => 8 + ((2 - v) / 4) * 40;
  return (
    <section class="ed-phone" aria-label={t("Step {n} of {all}, in “{phase}”", { n: at + 1, all: columns.length, phase: column.phase.title ?? "" })}
      onTouchStart={(e) => { const touch = e.touches[0]!; start.current = (e.target as Element).closest("textarea, input, [role=listbox]") ? null : { x: touch.clientX, y: touch.clientY }; }}
      onTouchEnd={(e) => {
        const s = start.current, touch = e.changedTouches[0]!;
        start.current = null;
        if (!s) return;
        const dx = touch.clientX - s.x;
        if (Math.abs(dx) > 60 && Math.abs(dx) > 2 * Math.abs(touch.clientY - s.y)) to(at + (dx < 0 ? 1 : -1));
      }}>
      <svg class="ed-phone-curve" viewBox="0 0 300 56" aria-hidden="true">
        <line x1="0" x2="300" y1={y(0)} y2={y(0)} class="ed-zero" />
        {runs(values, (i, v) => ({ x: x(i), y: y(v) })).map((run, i) => <path key={i} d={smoothPath(run)} class="ed-belief" />)}
        {columns.map((one, i) => <circle key={one.key} cx={x(i)} cy={y(values[i] ?? 0)} r={i === at ? 6 : 3.2} class={"ed-dot" + (i === at ? " on" : "")} onClick={() => to(i)} />)}
      </svg>
      <header class={`ed-phone-head hue-p${column.phaseIndex % 8}`}>
        <Button kind="quiet" icon={<Icon name="left" />} label={t("The step before")} disabled={at === 0} onClick={() => to(at - 1)} />
        <div><p class="ed-phone-phase">{column.phase.title || t("Without a name")}</p><p class="note" aria-live="polite">{t("{n} of {all}", { n: at + 1, all: columns.length })}</p></div>
        <Button kind="quiet" icon={<Icon name="right" />} label={t("The next step")} disabled={at === columns.length - 1} onClick={() => to(at + 1)} />
      </header>
      {column.step ? <>
        <h2 class="hidden">{column.step.title}</h2>
        <div class="ed-phone-title"><StepTitle key={column.key} editor={editor} step={column.step} number={column.number} />
          <span id={`cell:step:${column.key}`} tabIndex={-1}><Button kind="quiet" icon={<Icon name="more" />} label={t("What can be done with step {n}", { n: column.number })} onClick={(e) => actions.menu(e.currentTarget as HTMLElement)} /></span></div>
        <StepFields key={column.key} editor={editor} column={column} actions={actions} />
        <div class="ed-phone-foot">
          <Button href={`/map/${encodeURIComponent(editor.id)}/step/${encodeURIComponent(column.step.id)}`}>{t("All about this step")}</Button>
          {editor.canEdit.value && <Button kind="primary" icon={<Icon name="plus" size={16} />} onClick={add}>{t("Step after this")}</Button>}
        </div>
      </> : <Button kind="primary" onClick={add}>{t("The first step of this phase")}</Button>}
    </section>
  );
}
