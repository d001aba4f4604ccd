/** A new path in one form: where it begins, where it arrives, a few phases with their milestone. It becomes a map,
 * and everything else is said there. */
import { useState } from "preact/hooks";
import type { MapDocument } from "../api/types";
import { newId } from "../app/ops";
import { lang, t } from "../lang/lang";
import { createMap } from "../pages/newmap";
import { typed } from "../results/kpi-form";
import { Button, Dialog, Field, Icon, openDialog, TextArea, toast, toastProblem } from "../ui";

interface PhaseDraft { title: string; milestone: string; days: string; steps: string }
const bare = (): PhaseDraft => ({ title: "", milestone: "", days: "", steps: "" });

export function pathDocument(title: string, start: string, arrival: string, phases: PhaseDraft[]): MapDocument {
  const lines = (text: string) => text.split("\n").map((l) => l.trim()).filter(Boolean);
  return {
    format: 1, lang: lang.value, title: title.trim(), state: "to-be", kind: "success-path", start: start.trim(), arrival: arrival.trim(), personas: [],
    phases: phases.filter((p) => p.title.trim()).map((p) => ({
      id: newId("fase"), title: p.title.trim(), ...(p.milestone.trim() ? { milestone: p.milestone.trim() } : {}), ...(typed(p.days) ? { days: typed(p.days) } : {}),
      steps: lines(p.steps).map((title) => ({ id: newId("tappa"), title })),
    })),
  };
}
export function openNewPath(): Promise<string | undefined> {
  return openDialog<string>((done) => <NewPath done={done} />);
}

function NewPath({ done }: { done: (map?: string) => void }) {
  const [title, setTitle] = useState(""), [start, setStart] = useState(""), [arrival, setArrival] = useState("");
  const [phases, setPhases] = useState<PhaseDraft[]>([bare(), bare(), bare()]);
  const [tried, setTried] = useState(false), [busy, setBusy] = useState(false);
  const put = (i: number, part: Partial<PhaseDraft>) => setPhases(phases.map((p, k) => (k === i ? { ...p, ...part } : p)));
  const takeOut = (i: number) => { // with what was typed in it: a slip can be taken back
    const before = phases;
    setPhases(phases.filter((_, k) => k !== i));
    if (Object.values(before[i]!).some((text) => text.trim())) toast(t("Phase {n} is taken out.", { n: i + 1 }), { undo: () => setPhases(before) });
  };
  const some = phases.some((p) => p.title.trim());
  const save = async () => {
    setTried(true);
    if (!title.trim() || !some || phases.some((p) => Number.isNaN(typed(p.days) ?? 0)) || busy) return;
    setBusy(true);
    try {
      done(await createMap({ document: { id: "", ...pathDocument(title, start, arrival, phases) } }));
    } catch (error) {
      toastProblem(error);
      setBusy(false);
    }
  };
  return (
    <Dialog title={t("New path")} wide guarded onClose={() => done()} onSubmit={() => void save()} footer={<><Button onClick={() => done()}>{t("Cancel")}</Button><Button kind="primary" type="submit" busy={busy}>{t("Make the path")}</Button></>}>
      <Field label={t("Name")} value={title} onInput={setTitle} required autofocus maxLength={300} placeholder={t("From chaos at home to a habit")} error={tried && !title.trim() ? t("Give it the name the client will read.") : null} />
      <div class="form-row">
        <TextArea label={t("Where the client is today")} value={start} onInput={setStart} placeholder={t("Frustrated: every attempt lasts three days")} />
        <TextArea label={t("Where they want to be")} value={arrival} onInput={setArrival} placeholder={t("A habit: a quarter of an hour a day")} />
      </div>
      <ol class="new-phases">
        {phases.map((p, i) => (
          <li key={i}>
            <fieldset>
              <legend>{t("Phase {n}", { n: i + 1 })}</legend>
              <div class="form-row">
                <Field label={t("Name of phase {n}", { n: i + 1 })} value={p.title} onInput={(title) => put(i, { title })} error={tried && !some && i === 0 ? t("At least one phase, in a word.") : null} placeholder={[t("I decide"), t("I begin"), t("I keep going")][i] ?? ""} maxLength={300} />
                <Field class="narrow" label={t("Days it should take")} value={p.days} inputMode="numeric" onInput={(days) => put(i, { days })} error={tried && Number.isNaN(typed(p.days) ?? 0) ? t("A number, please.") : null} placeholder="30" />
              </div>
              <Field label={t("Milestone: what shows that it is behind them")} value={p.milestone} onInput={(milestone) => put(i, { milestone })} placeholder={[t("I have written down what I want, with a date"), t("Three places stay tidy for a week"), t("A month without falling back")][i] ?? ""} maxLength={500} />
              <TextArea label={t("What the client does in it, one step per line")} value={p.steps} onInput={(steps) => put(i, { steps })} rows={2} />
              {phases.length > 1 && <Button kind="link" onClick={() => takeOut(i)}>{t("Take phase {n} out", { n: i + 1 })}</Button>}
            </fieldset>
          </li>
        ))}
      </ol>
      <div><Button small icon={<Icon name="plus" size={16} />} onClick={() => setPhases([...phases, bare()])}>{t("Add a phase")}</Button></div>
      <p class="note">{t("Objectives, proofs and thresholds come afterwards, in the map.")}</p>
    </Dialog>
  );
}
