// Touchpoints of one step: title, channel and the department that owns it, from the workspace's lists; what is
// new there is made in place.
import { useState } from "preact/hooks";
import { t } from "../lang/lang";
import { Button, Combo, Field, Icon } from "../ui";
import { Floating } from "./floating";
import type { Operation, Step, Touchpoint } from "./model/document.ts";
import { newId } from "./model/ids.ts";
import type { Editor } from "./store";

export function TouchpointForm({ row, editor, step, typed, onClose }: { row: string; editor: Editor; step: Step; typed?: string; onClose: () => void }) {
  return (
    <Floating by={`cell:${row}:${step.id}`} label={t("Touchpoints of “{step}”", { step: step.title })} onClose={onClose} wide>
      <TouchpointFields editor={editor} step={step} typed={typed} />
      <div class="row between"><span class="note">{t("Esc closes")}</span><Button kind="primary" small onClick={onClose}>{t("Done")}</Button></div>
    </Floating>
  );
}

export function TouchpointFields({ editor, step, typed, first = true }: { editor: Editor; step: Step; typed?: string; first?: boolean }) {
  const list = step.touchpoints ?? [];
  const [fresh, setFresh] = useState<string | null>(list.length && typed === undefined ? null : newId("touchpoint"));
  const disabled = !editor.canEdit.value;
  const rows: Touchpoint[] = fresh && !list.some((one) => one.id === fresh) ? [...list, { id: fresh, title: typed ?? "" }] : list;
  const set = (one: Touchpoint, field: "title" | "channel" | "department", value: string) => {
    const text = value.trim();
    if (text === (one[field] ?? "")) return;
    const known = (editor.document.value.phases.flatMap((phase) => phase.steps ?? []).find((s) => s.id === step.id)?.touchpoints ?? []).some((other) => other.id === one.id);
    if (!known && !text) return;
    const operation: Operation = known
      ? text ? { op: "set", at: one.id, field, value: text } : { op: "set", at: one.id, field }
      : { op: "insert", at: step.id, list: "touchpoints", value: { id: one.id, ...(field === "title" ? { title: text } : { title: "", [field]: text }) } };
    editor.act([operation], { key: `touch ${one.id} ${field}`, label: t("touchpoint"), focus: `lane-touchpoints ${step.id}` });
    if (field === "channel") void editor.createIn("channels", text);
    if (field === "department") void editor.createIn("departments", text);
  };
  return (
    <div class="ed-touch-form">
      {rows.map((one, i) => (
        <TouchpointRow key={one.id} one={one} index={i} first={first && (one.id === fresh || (!fresh && i === 0))} disabled={disabled} channels={editor.channels.value.map((c) => c.name)} departments={editor.departments.value}
          onSet={(field, value) => set(one, field, value)}
          onDelete={() => (list.includes(one) ? editor.act([{ op: "delete", item: one.id }], { label: t("touchpoint"), focus: `lane-touchpoints ${step.id}` }) : setFresh(null))} />
      ))}
      {!disabled && <Button small icon={<Icon name="plus" size={16} />} onClick={() => setFresh(newId("touchpoint"))}>{t("Another touchpoint")}</Button>}
    </div>
  );
}

function TouchpointRow({ one, index, first, disabled, channels, departments, onSet, onDelete }: {
  one: Touchpoint; index: number; first: boolean; disabled: boolean; channels: string[]; departments: string[];
  onSet: (field: "title" | "channel" | "department", value: string) => void; onDelete: () => void;
}) {
  const [title, setTitle] = useState(one.title ?? ""), [channel, setChannel] = useState(one.channel ?? ""), [department, setDepartment] = useState(one.department ?? "");
  return (
    <fieldset class="ed-touch-row">
      <legend class="hidden">{t("Touchpoint {n}", { n: index + 1 })}</legend>
      <Field label={t("What they meet")} value={title} autofocus={first} disabled={disabled} placeholder={t("the quote as a PDF, not “e-mail”")} onInput={setTitle} onCommit={(text) => onSet("title", text)} />
      <div class="ed-touch-pair">
        <Combo label={t("Channel")} value={channel} options={channels} disabled={disabled} onInput={setChannel} onPick={(text) => onSet("channel", text)} onCommit={(text) => onSet("channel", text)} />
        <Combo label={t("Department")} value={department} options={departments} disabled={disabled} onInput={setDepartment} onPick={(text) => onSet("department", text)} onCommit={(text) => onSet("department", text)} />
        {!disabled && <Button kind="quiet" small icon={<Icon name="trash" size={18} />} label={t("Delete touchpoint {n}", { n: index + 1 })} onClick={onDelete} />}
      </div>
    </fieldset>
  );
}
