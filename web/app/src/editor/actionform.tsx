// An action for a pain or a step: who, by when, what it is to achieve, how far it is. It lives in the map.
import { useState } from "preact/hooks";
import { t } from "../lang/lang";
import { Button, Check, Combo, Dialog, Field, Select, TextArea, toast } from "../ui";
import { actionsOf, saveAction } from "./model/commands.ts";
import type { Action, ActionState, Step } from "./model/document.ts";
import { newId } from "./model/ids.ts";
import { actionStateName } from "./names";
import type { Editor } from "./store";

const STATES: ActionState[] = ["idea", "planned", "doing", "done", "verified", "dropped"];

/** Those the step has already, and the way to a new one. */
export function ActionsDialog({ editor, step, pain, onClose }: { editor: Editor; step: Step; pain?: string; onClose: () => void }) {
  const there = actionsOf(editor.document.value, step).filter((one) => !pain || one.pains?.includes(pain));
  const [chosen, setChosen] = useState<Action | null>(there.length ? null : fresh(step, pain));
  if (chosen) return <ActionForm editor={editor} step={step} action={chosen} onClose={onClose} />;
  return (
    <Dialog title={t("Actions at “{step}”", { step: step.title })} onClose={onClose} footer={<Button kind="primary" onClick={() => setChosen(fresh(step, pain))}>{t("New action")}</Button>}>
      <ul class="ed-picklist">
        {there.map((one) => <li key={one.id}><button type="button" class="menu-item" onClick={() => setChosen(one)}><span class="menu-text">{one.title || t("Without a name")}<small>{[actionStateName(one.state), one.department, one.owner].filter(Boolean).join(" · ")}</small></span></button></li>)}
      </ul>
    </Dialog>
  );
}

function fresh(step: Step, pain?: string): Action {
  const untended = pain ?? step.pains?.[0]?.id;
  return { id: newId("action"), title: "", state: "idea", department: step.owner ?? "", ...(untended ? { pains: [untended] } : { steps: [step.id] }) };
}

export function ActionForm({ editor, step, action, onClose }: { editor: Editor; step: Step | null; action: Action; onClose: () => void }) {
  const [now, setNow] = useState<Action>(action);
  const [wrong, setWrong] = useState("");
  const isNew = !(editor.document.value.actions ?? []).some((one) => one.id === action.id);
  const set = (change: Partial<Action>) => setNow((old) => ({ ...old, ...change }));
  const pains = step?.pains ?? [];
  const save = () => {
    if (!now.title?.trim()) { setWrong(t("Say in a few words what will be done.")); return; }
    const tidy: Action = { ...now, title: now.title.trim() };
    if (!tidy.pains?.length && !tidy.steps?.length && step) tidy.steps = [step.id];
    if (tidy.state === "done" && !tidy.done) tidy.done = new Date().toISOString().slice(0, 10);
    if (editor.act(saveAction(editor.document.value, tidy), { label: t("action"), said: t("Kept") })) {
      if (tidy.department) void editor.createIn("departments", tidy.department);
      onClose();
    }
  };
  const remove = () => {
    if (editor.act([{ op: "delete", item: action.id }], { label: t("action deleted") })) toast(t("Action “{name}” deleted.", { name: action.title ?? "" }), { undo: () => editor.undo() });
    onClose();
  };
  return (
    <Dialog title={isNew ? t("New action") : t("Action")} onClose={onClose} onSubmit={save} footer={
      <>
        {!isNew && <Button kind="danger" onClick={remove}>{t("Delete")}</Button>}
        <Button onClick={onClose}>{t("Cancel")}</Button>
        <Button kind="primary" type="submit">{isNew ? t("Make it an action") : t("Save")}</Button>
      </>
    }>
      <Field label={t("What will be done")} value={now.title ?? ""} error={wrong} required onInput={(title) => { set({ title }); setWrong(""); }} />
      {pains.length > 0 && (
        <fieldset class="ed-ties"><legend>{t("Which pains it takes care of")}</legend>
          {pains.map((one) => <Check key={one.id} label={one.text || t("Without a name")} checked={now.pains?.includes(one.id) ?? false} onChange={(on) => set({ pains: on ? [...(now.pains ?? []), one.id] : (now.pains ?? []).filter((id) => id !== one.id) })} />)}
        </fieldset>
      )}
      <div class="ed-two">
        <Field label={t("Who")} value={now.owner ?? ""} placeholder={t("a person")} onInput={(owner) => set({ owner })} />
        <Combo label={t("Department")} value={now.department ?? ""} options={editor.departments.value} onInput={(department) => set({ department })} />
        <Field label={t("By when")} type="date" value={(now.due ?? "").slice(0, 10)} onInput={(due) => set({ due })} />
        <Select label={t("State")} value={now.state ?? "idea"} options={STATES.map((value) => ({ value, label: actionStateName(value) }))} onChange={(state) => set({ state: state as ActionState })} />
      </div>
      <TextArea label={t("What it is to achieve")} value={now.expected ?? ""} placeholder={t("A number and a date are best: 30% fewer second calls by June")} onInput={(expected) => set({ expected })} />
      {(now.state === "done" || now.state === "verified") && <TextArea label={t("What it has achieved")} value={now.result ?? ""} onInput={(result) => set({ result })} />}
    </Dialog>
  );
}
