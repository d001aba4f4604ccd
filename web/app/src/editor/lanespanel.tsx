// Which lanes the map shows, in which order, and those a team adds: text, sticky note, number, picture.
import { useState } from "preact/hooks";
import { t } from "../lang/lang";
import { Button, Check, Dialog, Field, Icon, Select, toast, toastProblem, Trouble } from "../ui";
import { upload } from "../api/client";
import { addLane, CUSTOM, deleteLane, hideLane, moveLane, renameLane, type CustomKind, type Lane } from "./model/lanes.ts";
import { customOf } from "./model/text.ts";
import type { Step } from "./model/document.ts";
import { customKindName, laneTitle } from "./names";
import type { Editor } from "./store";
import { Text } from "./about";

export function LanesPanel({ editor }: { editor: Editor }) {
  const map = editor.document.value, lanes = editor.allLanes.value, disabled = !editor.canEdit.value;
  const [title, setTitle] = useState(""), [kind, setKind] = useState<CustomKind>("text"), [unit, setUnit] = useState("");
  const move = (lane: Lane, by: -1 | 1) => {
    const at = lanes.indexOf(lane), other = lanes[at + by];
    if (!other) return;
    editor.act(moveLane(map, lane.id, by < 0 ? other.id : lanes[at + 2]?.id ?? ""), { label: t("lane moved"), said: by < 0 ? t("Lane moved up") : t("Lane moved down") });
  };
  const add = () => {
    if (!title.trim()) return;
    if (editor.act(addLane(map, kind, title.trim(), "", unit.trim()).operations, { label: t("new lane"), said: t("Added") })) { setTitle(""); setUnit(""); }
  };
  return (
    <div class="stack">
      <ul class="ed-lanes">
        {lanes.map((lane, i) => (
          <li key={lane.id}>
            {lane.own && !disabled ? <><input type="checkbox" checked={!lane.hidden} aria-label={t("Show “{lane}”", { lane: laneTitle(lane) })} onChange={(e) => editor.act(hideLane(map, lane.id, !e.currentTarget.checked), { label: t("lanes") })} /><Text label={t("Name of the lane")} value={lane.title} onSet={(text) => editor.act(renameLane(lane.id, text), { key: `lane ${lane.id}`, label: t("lane") })} /></>
              : <Check label={laneTitle(lane)} checked={!lane.hidden} disabled={disabled} note={lane.kind === "reality" && !editor.study.value ? t("when there is evidence") : undefined} onChange={(on) => editor.act(hideLane(map, lane.id, !on), { label: t("lanes"), said: on ? t("Shown") : t("Hidden") })} />}
            {!disabled && <span class="ed-lane-tools">
              <Button kind="quiet" small icon={<Icon name="up" size={16} />} label={t("“{lane}” up", { lane: laneTitle(lane) })} disabled={i === 0} onClick={() => move(lane, -1)} />
              <Button kind="quiet" small icon={<Icon name="down" size={16} />} label={t("“{lane}” down", { lane: laneTitle(lane) })} disabled={i === lanes.length - 1} onClick={() => move(lane, 1)} />
              {lane.own && <Button kind="quiet" small icon={<Icon name="trash" size={16} />} label={t("Delete “{lane}”", { lane: laneTitle(lane) })} onClick={() => { if (editor.act(deleteLane(lane.id), { label: t("lane deleted") })) toast(t("Lane “{lane}” deleted.", { lane: laneTitle(lane) }), { undo: () => editor.undo() }); }} />}
            </span>}
          </li>
        ))}
      </ul>
      {!disabled && (
        <form class="ed-part" onSubmit={(e) => { e.preventDefault(); add(); }}>
          <h3>{t("A lane of your own")}</h3>
          <Field label={t("Name")} value={title} onInput={setTitle} placeholder={t("Documents, tools, cost …")} />
          <div class="ed-two">
            <Select label={t("Kind")} value={kind} options={CUSTOM.map((value) => ({ value, label: customKindName(value) }))} onChange={(value) => setKind(value as CustomKind)} />
            {kind === "number" && <Field label={t("Unit")} value={unit} onInput={setUnit} placeholder={t("minutes, €")} />}
          </div>
          <Button kind="primary" small type="submit" disabled={!title.trim()}>{t("Add the lane")}</Button>
        </form>
      )}
    </div>
  );
}

const LARGEST = 2 * 1024 * 1024;
/** A picture in a cell: chosen, described, taken out. */
export function PictureDialog({ editor, step, lane, onClose }: { editor: Editor; step: Step; lane: Lane; onClose: () => void }) {
  const value = customOf(step, lane.id);
  const own = value && typeof value === "object" ? value : null;
  const [alt, setAlt] = useState(own?.alt ?? ""), [busy, setBusy] = useState(false), [wrong, setWrong] = useState<Error | null>(null), [file, setFile] = useState(own?.file ?? "");
  const disabled = !editor.canEdit.value;
  const choose = async (chosen: File | undefined) => {
    if (!chosen) return;
    if (chosen.size > LARGEST) { setWrong(new Error(t("A picture has at most 2 MB. Make it smaller, and try again."))); return; }
    setBusy(true);
    setWrong(null);
    try {
      setFile((await upload<{ id: string }>("/files", chosen)).id);
      if (!alt) setAlt(chosen.name.replace(/\.\w+$/, ""));
    } catch (error) {
      toastProblem(error);
    }
    setBusy(false);
  };
  const save = () => {
    if (file) editor.act([{ op: "set", at: step.id, field: lane.field, value: { file, alt: alt.trim() } }], { label: t("picture"), focus: `${lane.id} ${step.id}` });
    onClose();
  };
  const clear = () => { editor.act([{ op: "set", at: step.id, field: lane.field }], { label: t("picture"), focus: `${lane.id} ${step.id}` }); onClose(); };
  return (
    <Dialog title={t("{lane} at “{step}”", { lane: laneTitle(lane), step: step.title })} onClose={onClose} onSubmit={save} footer={disabled ? undefined : <>{own && <Button kind="danger" onClick={clear}>{t("Take the picture out")}</Button>}<Button onClick={onClose}>{t("Cancel")}</Button><Button kind="primary" type="submit" disabled={!file}>{t("Save")}</Button></>}>
      {wrong && <Trouble error={wrong} />}
      {file && <img class="ed-picture large" src={`/api/v1/files/${encodeURIComponent(file)}`} alt={alt} />}
      {!disabled && <label class="ed-file"><span>{busy ? t("Being sent …") : file ? t("Another picture") : t("Choose a picture")}</span><input type="file" accept="image/png,image/jpeg,image/webp" onChange={(e) => void choose(e.currentTarget.files?.[0])} /></label>}
      <Field label={t("What it shows, for those who cannot see it")} value={alt} disabled={disabled} onInput={setAlt} />
    </Dialog>
  );
}
