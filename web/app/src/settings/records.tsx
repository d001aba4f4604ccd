/** A list of the workspace edited in place: departments and channels. A row is saved when it is left. */
import { useRef, useState } from "preact/hooks";
import { api, Problem } from "../api/client";
import { forget, useApi } from "../api/use";
import type { List, Stored } from "../api/types";
import { deleteWithUndo } from "../app/later";
import { may } from "../app/session";
import { t } from "../lang/lang";
import { Button, Field, Icon, Skeleton, toast, toastProblem, Trouble } from "../ui";

/** All pages of a list. */
export function useRecords<B>(kind: string) {
  const list = useApi<List<Stored<B>>>("/" + kind, { limit: 500 });
  return { ...list, rows: list.data?.items ?? [] };
}
export async function saveRecord<B>(kind: string, row: Stored<B> | null, body: B): Promise<void> {
  if (row) await api.put(`/${kind}/${encodeURIComponent(row.id)}`, body, `"${row.version}"`);
  else await api.post("/" + kind, body);
  forget("/" + kind);
}
/** Version 0 puts a deleted record back under its own id. */
export function deleteRecord<B>(kind: string, row: Stored<B>, text: string): void {
  const address = `/${kind}/${encodeURIComponent(row.id)}`, again = () => forget("/" + kind);
  void deleteWithUndo(text, () => api.delete(address, { ifMatch: `"${row.version}"`, keepalive: true }).then(again), () => api.put(address, row.body, '"0"').then(again));
}
export function recordProblem(kind: string, error: unknown): void {
  if (error instanceof Problem && error.status === 412) {
    toast(t("Somebody else has changed this meanwhile: here is what it says now."), { kind: "wrong" });
    forget("/" + kind);
  } else toastProblem(error);
}

export interface RecordEditorProps<B> {
  kind: string;
  empty: string;
  addLabel: string;
  addField: string;
  make: (name: string) => B;
  title: (body: B) => string;
  /** The fields of a row; change saves at once. */
  fields: (body: B, change: (part: Partial<B>) => void) => preact.ComponentChildren;
  suggestions?: B[];
}
export function RecordEditor<B extends object>(p: RecordEditorProps<B>) {
  const list = useRecords<B>(p.kind);
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const canEdit = may("editor");
  const taken = (text: string) => list.rows.some((r) => p.title(r.body).toLowerCase() === text.trim().toLowerCase());
  const add = async (bodies: B[]) => {
    setBusy(true);
    try {
      for (const body of bodies) await saveRecord(p.kind, null, body);
      setName("");
    } catch (error) {
      toastProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const under = useRef(new Set<string>()); // what is on its way: Enter and then leaving the field say it twice
  const change = async (row: Stored<B>, part: Partial<B>) => {
    const body = { ...row.body, ...part };
    for (const key of Object.keys(body) as (keyof B)[]) if (body[key] === "" || body[key] === undefined) delete body[key];
    const said = row.id + row.version + JSON.stringify(body);
    if (JSON.stringify(body) === JSON.stringify(row.body) || !p.title(body) || under.current.has(said)) return;
    under.current.add(said);
    try {
      await saveRecord(p.kind, row, body);
    } catch (error) {
      under.current.delete(said);
      recordProblem(p.kind, error);
    }
  };
  if (list.error && !list.data) return <Trouble error={list.error} onRetry={list.reload} />;
  if (!list.data) return <Skeleton lines={5} height={36} />;
  const missing = (p.suggestions ?? []).filter((s) => !taken(p.title(s)));
  return (
    <div class="stack">
      {!list.rows.length && <p class="quiet">{p.empty}</p>}
      {list.rows.length > 0 && (
        <ul class="records">
          {list.rows.map((row) => (
            <li key={row.id + row.version}>
              <fieldset disabled={!canEdit} class="record">
                <legend class="hidden">{p.title(row.body)}</legend>
                {p.fields(row.body, (part) => void change(row, part))}
              </fieldset>
              {canEdit && <Button kind="quiet" icon={<Icon name="trash" />} label={t("Delete “{title}”", { title: p.title(row.body) })} onClick={() => deleteRecord(p.kind, row, t("“{title}” is deleted.", { title: p.title(row.body) }))} />}
            </li>
          ))}
        </ul>
      )}
      {canEdit && (
        <form class="record-add" noValidate onSubmit={(e) => { e.preventDefault(); if (name.trim() && !taken(name)) void add([p.make(name.trim())]); }}>
          <Field label={p.addField} value={name} onInput={setName} maxLength={200} error={name.trim() && taken(name) ? t("This name is there already.") : null} />
          <Button type="submit" busy={busy} disabled={!name.trim() || taken(name)} icon={<Icon name="plus" />}>{p.addLabel}</Button>
        </form>
      )}
      {canEdit && !list.rows.length && missing.length > 0 && (
        <div><Button busy={busy} onClick={() => void add(missing)}>{t("Begin with the usual ones: {names}", { names: missing.map(p.title).join(", ") })}</Button></div>
      )}
    </div>
  );
}
