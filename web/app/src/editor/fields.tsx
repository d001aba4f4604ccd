// The lanes of one step as fields below each other: on a phone, and on the step's own page.
import { useState } from "preact/hooks";
import { t } from "../lang/lang";
import { Button, Check, Combo, Field, Icon, TextArea } from "../ui";
import { CellContent, RealityCell } from "./cell";
import * as deeds from "./deeds";
import { evidenceWords, FeelingFields } from "./feeling";
import type { GridActions } from "./grid";
import { actionsOf, deletePain } from "./model/commands.ts";
import type { Item, Step } from "./model/document.ts";
import { newId } from "./model/ids.ts";
import type { Lane } from "./model/lanes.ts";
import { cellText } from "./model/text.ts";
import { laneHint, laneTitle } from "./names";
import type { Column, Editor } from "./store";
import { TouchpointFields } from "./touchpoints";

const noData = { channels: [], actions: [], study: null, customers: 0 };

function LaneField({ editor, lane, step, label }: { editor: Editor; lane: Lane; step: Step; label: string }) {
  const [own, setOwn] = useState<string | null>(null);
  const text = cellText(step, lane), place = { row: lane.id, step: step.id };
  const write = (value: string) => { setOwn(value); deeds.setCell(editor, place, value, `field ${lane.id} ${step.id}`); };
  const commit = (value: string) => { if (own !== null) deeds.setCell(editor, place, value, `field ${lane.id} ${step.id}`); setOwn(null); };
  const props = { label, value: own ?? text, placeholder: laneHint(lane), disabled: !editor.canEdit.value, onInput: write, onCommit: commit };
  if (lane.form === "department") return <Combo {...props} options={editor.departments.value} onInput={setOwn} onPick={write} onCommit={write} />;
  if (lane.form === "number") return <Field {...props} inputMode="decimal" note={lane.unit} onInput={setOwn} />;
  return <TextArea {...props} />;
}

function ItemsField({ editor, lane, step, actions }: { editor: Editor; lane: Lane; step: Step; actions: GridActions }) {
  const items: Item[] = step[lane.field as "pains"] ?? [], disabled = !editor.canEdit.value, pains = lane.kind === "pains";
  const tied = (editor.document.value.actions ?? []);
  return (
    <div class={"ed-items " + lane.kind}>
      {items.map((one, i) => (
        <div class="ed-item" key={one.id}>
          <ItemText label={t("{lane} {n}", { lane: laneTitle(lane), n: i + 1 })} value={one.text ?? ""} disabled={disabled} onSet={(text) => editor.act([{ op: "set", at: one.id, field: "text", value: text }], { key: `item ${one.id}`, label: t("text") })} />
          <div class="row">
            {pains && !disabled && <Button small onClick={() => actions.action(step, one.id)}>{tied.some((action) => action.pains?.includes(one.id)) ? t("Its action") : t("Make an action")}</Button>}
            {!disabled && <Button kind="quiet" small icon={<Icon name="trash" size={16} />} label={t("Delete “{name}”", { name: one.text ?? "" })} onClick={() => editor.act(deletePain(editor.document.value, one.id), { label: t("text") })} />}
          </div>
        </div>
      ))}
      {!disabled && <Button small icon={<Icon name="plus" size={16} />} onClick={() => editor.act([{ op: "insert", at: step.id, list: lane.field, value: { id: newId(pains ? "pain" : "opportunity"), text: "" } }], { label: t("text") })}>{t("Add")}</Button>}
      {disabled && !items.length && <p class="quiet">–</p>}
    </div>
  );
}
function ItemText({ label, value, onSet, disabled }: { label: string; value: string; onSet: (text: string) => void; disabled: boolean }) {
  const [own, setOwn] = useState<string | null>(null);
  return <TextArea label={label} hideLabel rows={1} value={own ?? value} disabled={disabled} autofocus={!value && !disabled} onInput={(text) => { setOwn(text); onSet(text); }} onCommit={() => setOwn(null)} />;
}

export function StepFields({ editor, column, actions, lanes }: { editor: Editor; column: Column; actions: GridActions; lanes?: Lane[] }) {
  const step = column.step!;
  const map = editor.document.value, study = editor.study.value, seen = study?.steps.get(step.id);
  const persona = editor.personaShown.value || map.personas?.[0]?.id || "";
  return (
    <div class="ed-fields">
      {(lanes ?? editor.lanes.value).map((lane) => {
        const title = laneTitle(lane);
        switch (lane.form) {
          case "feeling": return (
            <section key={lane.id} class="ed-fieldset" aria-label={title}><h3>{title}</h3>
              <FeelingFields key={step.id + persona} editor={editor} step={step} persona={persona} />
              {seen?.mean != null && <p class="ed-seen">{t("The evidence says {what}", { what: evidenceWords("", seen.mean, seen.low, seen.high, seen.n) })}</p>}
            </section>
          );
          case "touchpoints": return <section key={lane.id} class="ed-fieldset" aria-label={title}><h3>{title}</h3><TouchpointFields key={step.id} editor={editor} step={step} first={false} /></section>;
          case "items": return <section key={lane.id} class="ed-fieldset" aria-label={title}><h3>{title}</h3><ItemsField editor={editor} lane={lane} step={step} actions={actions} /></section>;
          case "flag": return <div key={lane.id} class="ed-fieldset"><Check label={title} checked={step.moment_of_truth === true} disabled={!editor.canEdit.value} onChange={(on) => editor.act([on ? { op: "set", at: step.id, field: "moment_of_truth", value: true } : { op: "set", at: step.id, field: "moment_of_truth" }], { label: title })} /></div>;
          case "actions": return (
            <section key={lane.id} class="ed-fieldset" aria-label={title}><h3>{title}</h3>
              <CellContent lane={lane} step={step} data={{ ...noData, actions: actionsOf(map, step) }} />
              {editor.canEdit.value && <Button small icon={<Icon name="plus" size={16} />} onClick={() => actions.action(step)}>{actionsOf(map, step).length ? t("Actions …") : t("New action")}</Button>}
            </section>
          );
          case "reality": return seen ? <section key={lane.id} class="ed-fieldset" aria-label={title}><h3>{title}</h3><RealityCell study={seen} customers={study!.customers} /></section> : null;
          case "image": return <section key={lane.id} class="ed-fieldset" aria-label={title}><h3>{title}</h3><CellContent lane={lane} step={step} data={noData} /><Button small icon={<Icon name="image" size={16} />} onClick={() => actions.picture(step, lane)}>{t("Picture …")}</Button></section>;
          default: return <div key={lane.id} class="ed-fieldset"><LaneField key={lane.id + step.id} editor={editor} lane={lane} step={step} label={title} /></div>;
        }
      })}
    </div>
  );
}

export function StepTitle({ editor, step, number }: { editor: Editor; step: Step; number: number }) {
  const [own, setOwn] = useState<string | null>(null);
  return <TextArea label={t("Title of step {n}", { n: number })} hideLabel rows={1} class="ed-step-name" value={own ?? step.title} disabled={!editor.canEdit.value}
    onInput={(text) => { setOwn(text); deeds.setCell(editor, { row: "step", step: step.id }, text, `field title ${step.id}`); }} onCommit={() => setOwn(null)} />;
}
