/** Something is written down about a client: a step done, a reading, a milestone by hand (with its reason), a proof with its
 * file, how they feel, a message they will see, a note they never will. */
import { useRef, useState } from "preact/hooks";
import { today } from "../lang/format";
import { t } from "../lang/lang";
import { api, upload } from "../api/client";
import { typed } from "../results/kpi-form";
import { fitting } from "../p/picture";
import { Button, Dialog, Face, Field, Icon, openDialog, Select, TextArea, toast, toastProblem, valenceWord } from "../ui";
import { enrolmentPath, write } from "./client";
import { pathsChanged } from "./page";
import { proofKindWord } from "./words";
import type { WholeClient } from "./shapes";

export type ProgressKind = "done" | "reading" | "milestone" | "feeling" | "message" | "note" | "proof";
export async function openProgress(id: string, client: WholeClient, kind: ProgressKind, at?: string): Promise<void> {
  await openDialog<void>((done) => <Progress id={id} c={client} kind={kind} at={at} done={done} />);
}

function Progress({ id, c, kind, at, done }: { id: string; c: WholeClient; kind: ProgressKind; at?: string; done: () => void }) {
  const open = c.phases.find((f) => f.id === c.phase) ?? c.phases.find((f) => !f.passed_at);
  const steps = c.phases.flatMap((f) => f.steps.map((s) => ({ value: s.id, label: (s.done_at ? "✓ " : "") + s.title, group: f.title })));
  const gates = c.phases.filter((f) => !f.passed_at);
  const proofs = c.phases.flatMap((f) => f.proofs.filter((p) => !p.done && (p.kind === "document" || p.kind === "meeting" || p.kind === "confirmation")).map((p) => ({ value: p.id, label: p.text || proofKindWord(p.kind), group: f.title })));
  const [file, setFile] = useState<File | null>(null), picker = useRef<HTMLInputElement>(null);
  const [item, setItem] = useState(at ?? (kind === "done" ? c.next?.step ?? steps[0]?.value ?? "" : kind === "milestone" ? open?.id ?? "" : kind === "reading" ? c.objectives[0]?.metric ?? "" : kind === "proof" ? proofs[0]?.value ?? "" : ""));
  const [on, setOn] = useState(today()), [value, setValue] = useState(""), [text, setText] = useState(""), [feel, setFeel] = useState<number | null>(null);
  const [tried, setTried] = useState(false), [busy, setBusy] = useState(false);
  const objective = c.objectives.find((o) => o.metric === item), n = typed(value);
  const titles: Record<ProgressKind, string> = { done: t("A step is done"), reading: t("A reading"), milestone: t("A milestone is passed"), feeling: t("How the client feels"), proof: t("A proof, with its file"), message: t("A message to the client"), note: t("A note for us") };
  const wrong = kind === "reading" ? n === undefined || Number.isNaN(n) || !item : kind === "feeling" ? feel === null : kind === "milestone" ? !text.trim() || !item : kind === "done" ? !item : kind === "proof" ? !file : !text.trim();
  const save = async () => {
    setTried(true);
    if (wrong || busy) return;
    setBusy(true);
    if (kind === "proof") return void sendFile();
    const words = text.trim() ? { text: text.trim() } : {}, when = on && on !== today() ? { on } : {};
    const body = { kind, ...when, ...(kind === "done" ? { step: item, ...words } : kind === "reading" ? { metric: item, value: n } : kind === "milestone" ? { phase: item, text: text.trim() } : kind === "feeling" ? { value: feel, ...words } : words) };
    try {
      await write(id, body, t("Kept: {title}", { title: titles[kind] }));
      done();
    } catch (error) {
      toastProblem(error);
      setBusy(false);
    }
  };
  const sendFile = async () => {
    try {
      const f = await fitting(file!);
      if (!f) throw new Error(t("The file is larger than 2 MB: a smaller one, please."));
      const query = new URLSearchParams({ ...(item ? { proof: item } : {}), name: f.name.slice(0, 200), ...(text.trim() ? { text: text.trim() } : {}) });
      const made = await upload<{ id: number }>(enrolmentPath(id, "/files?" + query), f);
      pathsChanged();
      toast(t("Kept: {title}", { title: f.name }), { undo: () => api.delete(enrolmentPath(id, "/progress/" + made.id)).then(pathsChanged) });
      done();
    } catch (error) {
      toastProblem(error);
      setBusy(false);
    }
  };
  return (
    <Dialog title={titles[kind]} guarded onClose={done} onSubmit={() => void save()} footer={<><Button onClick={done}>{t("Cancel")}</Button><Button kind="primary" type="submit" busy={busy}>{kind === "message" ? t("Send") : t("Keep")}</Button></>}>
      {kind === "done" && <Select label={t("Step")} value={item} onChange={setItem} options={steps} />}
      {kind === "milestone" && <Select label={t("Milestone")} value={item} onChange={setItem} options={gates.map((f) => ({ value: f.id, label: f.milestone || f.title }))} />}
      {kind === "reading" && (c.objectives.length ? (
        <div class="form-row">
          <Select label={t("What was measured")} value={item} onChange={setItem} options={c.objectives.map((o) => ({ value: o.metric, label: o.name }))} />
          <Field label={objective?.unit ? `${t("Value")} (${objective.unit})` : t("Value")} value={value} inputMode="decimal" onInput={setValue} error={tried && wrong ? t("A number, please.") : null} />
        </div>
      ) : <p class="quiet">{t("The path has no objectives yet: they are said in the map, under “Path”.")}</p>)}
      {kind === "feeling" && <Faces value={feel} onPick={setFeel} />}
      {kind === "feeling" && tried && wrong && <p class="field-error" role="alert">{t("Choose a face.")}</p>}
      {kind === "proof" && (
        <>
          {proofs.length > 0 && <Select label={t("What it shows")} value={item} onChange={setItem} options={[...proofs, { value: "", label: t("nothing of these: kept beside the rest") }]} />}
          <div class="field">
            <div class="row"><Button small icon={<Icon name="upload" size={16} />} onClick={() => picker.current?.click()}>{t("Choose the file")}</Button><span class="note" role="status">{file ? file.name : t("a picture (PNG, JPEG, WebP) or a PDF")}</span></div>
            <input ref={picker} type="file" class="hidden" tabIndex={-1} aria-label={t("File of the proof")} accept="image/png,image/jpeg,image/webp,application/pdf" onChange={(e) => setFile(e.currentTarget.files?.[0] ?? null)} />
            {tried && wrong && <p class="field-error" role="alert">{t("No file is chosen yet.")}</p>}
          </div>
        </>
      )}
      {kind === "milestone" && <TextArea label={t("Why it counts as passed")} value={text} onInput={setText} required autofocus error={tried && wrong ? t("By hand it needs a reason: it is kept beside the milestone.") : null} note={t("By hand it needs a reason: it is kept beside the milestone.")} />}
      {kind !== "milestone" && kind !== "reading" && <TextArea label={kind === "message" ? t("Message") : kind === "note" ? t("Note") : t("In words, if you like")} value={text} onInput={setText} error={tried && wrong && (kind === "message" || kind === "note") ? t("Nothing is written yet.") : null} note={kind === "note" ? t("The client never sees it.") : kind === "message" ? t("The client reads it on their own page.") : undefined} />}
      {kind !== "message" && kind !== "proof" && <Field label={t("Day")} type="date" value={on} max={today()} onInput={setOn} />}
    </Dialog>
  );
}

/** Five faces to choose from, −2 … +2. */
export function Faces({ value, onPick, size = 40, label }: { value: number | null; onPick: (v: number) => void; size?: number; label?: string }) {
  return (
    <fieldset class="faces">
      <legend class={label ? undefined : "hidden"}>{label ?? t("How does it feel?")}</legend>
      <div class="faces-row">
        {[-2, -1, 0, 1, 2].map((v) => (
          <label key={v} class={value === v ? "on" : undefined}>
            <input type="radio" name="face" value={v} checked={value === v} onChange={() => onPick(v)} />
            <span aria-hidden="true"><Face valence={v} size={size} /></span><small>{valenceWord(v)}</small>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
