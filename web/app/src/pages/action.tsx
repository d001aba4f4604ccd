/** One action: what, for which pains, who, by when, what it shall achieve. openAction({map}) makes a new one,
 * {map, id} opens one, {map, pains, steps} makes one from a pain. */
import { useEffect, useState } from "preact/hooks";
import { api } from "../api/client";
import { useApi } from "../api/use";
import type { Action, ActionState, Department, List, MapAnswer, MapCard, MapDocument, Operation, Stored } from "../api/types";
import { newId, sendOperations } from "../app/ops";
import { may } from "../app/session";
import { today } from "../lang/format";
import { t } from "../lang/lang";
import { Measuring } from "./measuring";
import { Button, Check, Combo, Dialog, Field, openDialog, Select, Skeleton, TextArea, toast, toastProblem, Trouble } from "../ui";

export const STATES: ActionState[] = ["idea", "planned", "doing", "done", "verified", "dropped"];
export function stateWord(state: ActionState | undefined): string {
  return { idea: t("idea"), planned: t("planned"), doing: t("under way"), done: t("done"), verified: t("verified"), dropped: t("dropped") }[state ?? "idea"];
}
export const isOpen = (a: Pick<Action, "state">) => !["done", "verified", "dropped"].includes(a.state ?? "idea");

/** What a change of state brings along: the day it was done. */
export function stateOperations(action: Pick<Action, "id" | "done" | "state">, to: ActionState, day = today()): Operation[] {
  const out: Operation[] = [{ op: "set", at: action.id, field: "state", value: to }];
  const finished = to === "done" || to === "verified";
  if (finished && !action.done) out.push({ op: "set", at: action.id, field: "done", value: day });
  if (!finished && action.done) out.push({ op: "set", at: action.id, field: "done" });
  return out;
}
/** The operations from one form of an action to another: only what differs. */
export function actionOperations(before: Action | null, after: Action): Operation[] {
  const clean = (v: unknown) => (v === "" || (Array.isArray(v) && !v.length) ? undefined : v);
  if (!before) return [{ op: "insert", at: "", list: "actions", value: Object.fromEntries(Object.entries(after).filter(([, v]) => clean(v) !== undefined)) }];
  const fields: (keyof Action)[] = ["title", "pains", "steps", "owner", "department", "due", "done", "state", "expected", "result", "kpi", "since", "expected_change", "cost", "effort", "value", "group"];
  return fields.filter((f) => JSON.stringify(clean(before[f])) !== JSON.stringify(clean(after[f])))
    .map((field) => (clean(after[field]) === undefined ? { op: "set", at: after.id, field } : { op: "set", at: after.id, field, value: after[field] }));
}
export async function deleteAction(map: string, document: MapDocument, id: string): Promise<void> {
  const list = document.actions ?? [], at = list.findIndex((a) => a.id === id), action = list[at];
  if (!action) return;
  await sendOperations(map, [{ op: "delete", item: id }]);
  toast(t("“{title}” is deleted.", { title: action.title ?? "" }), {
    undo: () => sendOperations(map, [{ op: "insert", at: "", list: "actions", ...(list[at + 1] ? { before: list[at + 1]!.id } : {}), value: action }]).then(() => undefined),
  });
}

export interface ActionWish { map?: string; id?: string; pains?: string[]; steps?: string[]; title?: string }
/** Settles with true when something was changed. */
export function openAction(wish: ActionWish): Promise<boolean | undefined> {
  return openDialog<boolean>((done) => <ActionDialog wish={wish} done={done} />);
}

function ActionDialog({ wish, done }: { wish: ActionWish; done: (changed?: boolean) => void }) {
  const [map, setMap] = useState(wish.map ?? "");
  const maps = useApi<List<MapCard>>(wish.map ? null : "/maps");
  const first = maps.data?.items[0]?.id;
  useEffect(() => { if (!map && first) setMap(first); }, [first]);
  const answer = useApi<MapAnswer>(map ? "/maps/" + encodeURIComponent(map) : null);
  const departments = useApi<List<Stored<Department>>>("/departments", { limit: 500 });
  const [draft, setDraft] = useState<Action | null>(null);
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState(false);
  const document = answer.data?.map;
  const before = document?.actions?.find((a) => a.id === wish.id) ?? null;
  const action: Action = draft ?? before ?? { id: "", title: wish.title ?? "", pains: wish.pains, steps: wish.steps, state: "idea" };
  const change = (part: Partial<Action>) => setDraft({ ...action, ...part });
  const steps = document?.phases.flatMap((p) => p.steps ?? []) ?? [];
  const names = departments.data?.items.map((d) => d.body) ?? [];
  // Who leads the department that was written answers for it, if nobody else does; the list may come after the word.
  const head = draft && draft.department !== before?.department ? names.find((d) => d.name === draft.department)?.head : undefined;
  useEffect(() => { if (head && !action.owner) change({ owner: head }); }, [head]);
  const editor = may("editor");
  const missing = !action.title?.trim();
  const wrong = [action.expected_change, action.cost].some((n) => typeof n === "number" && Number.isNaN(n));

  const save = async () => {
    setTried(true);
    if (missing || wrong || busy || !document) return;
    setBusy(true);
    try {
      const after = { ...action, id: before?.id ?? newId("azione"), title: action.title!.trim() };
      const operations = actionOperations(before, after);
      if (operations.length) await sendOperations(map, operations);
      done(operations.length > 0);
    } catch (error) {
      toastProblem(error);
      setBusy(false);
    }
  };
  const remove = async () => {
    try {
      await deleteAction(map, document!, before!.id);
      done(true);
    } catch (error) {
      toastProblem(error);
    }
  };
  const toggle = (list: string[] | undefined, id: string, on: boolean) => (on ? [...(list ?? []), id] : (list ?? []).filter((x) => x !== id));
  return (
    <Dialog title={wish.id ? t("Action") : t("New action")} wide onClose={() => done()} onSubmit={() => void save()} footer={editor ? (
      <>
        {before && <Button kind="danger" class="left" onClick={() => void remove()}>{t("Delete")}</Button>}
        <Button onClick={() => done()}>{t("Cancel")}</Button>
        <Button kind="primary" type="submit" busy={busy} disabled={!document}>{t("Save")}</Button>
      </>
    ) : undefined}>
      {answer.error && <Trouble error={answer.error} onRetry={answer.reload} />}
      {wish.id && document && !before && <p class="trouble">{t("This action is no longer on the map.")}</p>}
      {!wish.map && !maps.loading && !maps.data?.items.length && <p>{t("An action belongs to a map: make the map first.")}</p>}
      {!document && map && !answer.error && <Skeleton lines={6} height={30} />}
      {document && (
        <fieldset class="stack" disabled={!editor}>
          <legend class="hidden">{document.title}</legend>
          {!wish.map && !wish.id && <Select label={t("Map")} value={map} onChange={(id) => { setMap(id); change({ pains: [], steps: [] }); }} options={maps.data?.items.map((m) => ({ value: m.id, label: m.title })) ?? []} />}
          <Field label={t("What will be done")} value={action.title ?? ""} onInput={(title) => change({ title })} required autofocus error={tried && missing ? t("In a few words: an action without a name is nobody’s.") : null} maxLength={500} />
          <div class="form-row">
            <Combo label={t("Department")} value={action.department ?? ""} onInput={(department) => change({ department })} options={names.map((d) => d.name)} />
            <Combo label={t("Who answers for it")} value={action.owner ?? ""} onInput={(owner) => change({ owner })} options={[...new Set(names.map((d) => d.head ?? "").filter(Boolean))]} />
            <Field label={t("By when")} type="date" value={(action.due ?? "").slice(0, 10)} onInput={(due) => change({ due })} />
            <Select label={t("State")} value={action.state ?? "idea"} onChange={(state) => change({ state: state as ActionState, done: ["done", "verified"].includes(state) ? action.done ?? today() : undefined })} options={STATES.map((s) => ({ value: s, label: stateWord(s) }))} />
          </div>
          <TextArea label={t("Expected effect")} value={action.expected ?? ""} onInput={(expected) => change({ expected })} note={t("What the customer will notice, and how much: “nobody waits more than 30 minutes”.")} />
          {!isOpen(action) && (
            <div class="form-row">
              <Field label={t("Done on")} type="date" value={(action.done ?? "").slice(0, 10)} onInput={(d) => change({ done: d })} />
              <Field label={t("What it achieved")} value={action.result ?? ""} onInput={(result) => change({ result })} />
            </div>
          )}
          <Measuring action={action} change={change} map={map} document={document} tried={tried} />
          {steps.some((s) => s.pains?.length) && (
            <fieldset class="pains">
              <legend>{t("The pains it takes care of")}</legend>
              {steps.filter((s) => s.pains?.length).map((s) => (
                <div key={s.id}>
                  <p class="note">{s.title}</p>
                  {s.pains!.map((p) => p.id && <Check key={p.id} label={p.text ?? ""} checked={!!action.pains?.includes(p.id)} onChange={(on) => change({ pains: toggle(action.pains, p.id!, on), steps: on && !action.steps?.includes(s.id) ? [...(action.steps ?? []), s.id] : action.steps })} />)}
                </div>
              ))}
            </fieldset>
          )}
        </fieldset>
      )}
    </Dialog>
  );
}
/** The document of a map, fresh: for deeds outside the dialog. */
export async function mapDocument(map: string): Promise<MapDocument> {
  return (await api.get<MapAnswer>("/maps/" + encodeURIComponent(map))).data.map;
}
