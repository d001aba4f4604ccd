// One file on its way in: uploaded, its columns understood and put right, imported, told in a sentence.
import { useEffect, useRef, useState } from "preact/hooks";
import { api, Problem, upload } from "../api/client";
import { count } from "../charts/words";
import { bytes, num } from "../lang/format";
import { t, tn } from "../lang/lang";
import { evidenceChanged } from "../reality/fresh";
import { Button, Icon, Progress, say, toast, toastProblem, Trouble } from "../ui";
import { byReason, corrected, missing, noManner, optionsOf, type Choice, type FileReading, type Manner, type Options } from "./columns";
import { ColumnsTable, FillHint } from "./columns-table";
import { useJob, type Job } from "./job";

type Stage = { at: "uploading"; share: number } | { at: "looking" } | { at: "ready" } | { at: "importing"; job: string } | { at: "over"; job: Job } | { at: "failed"; problem: Problem };

/** kept: what the card knew when its page was left, so that it goes on from there. */
export interface Waiting { key: number; who?: string; file: File; source?: string; kept?: { stage: Stage; id: string | null; seen: FileReading | null; corrections: Map<number, Choice>; manner: Manner } }

export function ImportCard({ waiting, onGone, start, onStage }: { waiting: Waiting; onGone: () => void; start: number; onStage: (stage: Stage["at"]) => void }) {
  const { file, kept } = waiting;
  const [stage, setStageState] = useState<Stage>(kept?.id ? kept.stage : { at: "uploading", share: 0 });
  const [id, setId] = useState<string | null>(kept?.id ?? null);
  const [seen, setSeen] = useState<FileReading | null>(kept?.seen ?? null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [corrections, setCorrections] = useState<Map<number, Choice>>(kept?.corrections ?? new Map());
  const [manner, setManner] = useState<Manner>(kept?.manner ?? noManner);
  waiting.kept = { stage, id, seen, corrections, manner };
  const [looking, setLooking] = useState(false);
  const stop = useRef(new AbortController());
  const setStage = (next: Stage) => { setStageState(next); onStage(next.at); };
  const options: Options = seen ? optionsOf(seen.columns, corrections, manner) : {};
  const asked = JSON.stringify(options);

  const begin = () => {
    stop.current = new AbortController();
    setStage({ at: "uploading", share: 0 });
    upload<{ id: string }>("/uploads", file, { query: { name: waiting.source ?? file.name }, onProgress: (share) => setStage({ at: "uploading", share }), signal: stop.current.signal }).then(
      (answer) => { setId(answer.id); setStage({ at: "looking" }); },
      (error) => { if (!stop.current.signal.aborted) setStage({ at: "failed", problem: error as Problem }); },
    );
  };
  useEffect(() => { if (id === null) begin(); else onStage(stage.at); return () => stop.current.abort(); }, []);

  // Every correction is explained anew: what is shown is what will be read.
  useEffect(() => {
    if (id === null || stage.at === "importing" || stage.at === "over") return;
    const gone = new AbortController();
    setLooking(true);
    api.get<FileReading>(`/uploads/${encodeURIComponent(id)}/explain`, options, { signal: gone.signal }).then(
      ({ data }) => { setSeen(data); setProblem(data.problem ? new Problem(422, data.problem.detail, data.problem.detail, data.problem.code, data.problem.where, data.problem.hint) : null); setLooking(false); setStage({ at: "ready" }); },
      (error: Problem) => {
        if (gone.signal.aborted) return;
        setProblem(error);
        setLooking(false);
        setStage(seen ? { at: "ready" } : { at: "failed", problem: error });
      },
    );
    return () => gone.abort();
  }, [id, asked]);

  const wanting = seen ? missing(seen, manner) : [];
  const ready = stage.at === "ready" && !looking && !problem && wanting.length === 0;
  const go = () => {
    if (!id || !ready) return;
    api.post<{ job: string }>("/imports", { upload: id, options }).then(({ data }) => setStage({ at: "importing", job: data.job }), (error) => { setProblem(error as Problem); });
  };
  // "Import all" of the page: the number grows with each press.
  useEffect(() => { if (start > 0) go(); }, [start]);

  const { job, error: jobError } = useJob(stage.at === "importing" ? stage.job : null, (ended) => {
    setStage({ at: "over", job: ended });
    evidenceChanged();
    say(ended.state === "done" ? resultSentence(ended) : t("The import has ended without result."));
  });
  const close = () => {
    stop.current.abort();
    if (id && stage.at !== "over" && stage.at !== "importing") void api.delete(`/uploads/${encodeURIComponent(id)}`).catch(() => {});
    onGone();
  };

  return (
    <section class="card import" aria-label={t("Import of {file}", { file: file.name })} data-stage={stage.at}>
      <header class="card-head">
        <h2 class="card-title">{file.name} <span class="note">{bytes(file.size)}</span></h2>
        {stage.at !== "importing" && <Button kind="quiet" small icon={<Icon name="close" size={16} />} label={stage.at === "over" ? t("Close") : t("Leave this file out")} onClick={close} />}
      </header>
      {stage.at === "uploading" && <><Progress value={stage.share} label={t("Sending {file}", { file: file.name })} /><p class="note">{t("Sending: {share}%", { share: num(stage.share * 100) })}</p></>}
      {stage.at === "looking" && <><Progress value={null} label={t("Looking at the columns")} /><p class="note">{t("Looking at the columns …")}</p></>}
      {stage.at === "failed" && <Trouble error={stage.problem} onRetry={begin} />}
      {stage.at === "ready" && seen && (
        <>
          <p class="note">{[seen.kind, seen.encoding, seen.time_format && t("dates as {format}", { format: seen.time_format }), seen.header_line > 1 && t("columns named in line {n}", { n: seen.header_line })].filter(Boolean).join(" · ")}</p>
          <FillHint file={seen} manner={manner} onManner={setManner} />
          {seen.notes.filter((note) => !note.includes("--fill-down")).map((note, i) => <p key={i} class="note">{note}</p>)}
          {problem && <Trouble error={problem} />}
          <ColumnsTable file={seen} corrections={corrections} looking={looking} manner={manner} onManner={setManner}
            onChoose={(index, choice) => setCorrections(corrected(corrections, index, choice))} onReset={() => { setCorrections(new Map()); setManner(noManner); }} />
          <Wanting wanting={wanting} />
          <div class="row"><Button kind="primary" disabled={!ready} busy={looking} onClick={go}>{t("Import")}</Button></div>
        </>
      )}
      {stage.at === "importing" && (
        <>
          <Progress value={job && job.state === "running" ? job.fraction : null} label={t("Importing {file}", { file: file.name })} />
          <div class="row between">
            <p class="note" role="status">{job?.step || t("Importing …")}</p>
            <Button small onClick={() => void api.delete(`/jobs/${encodeURIComponent(stage.job)}`).catch(toastProblem)}>{t("Stop the import")}</Button>
          </div>
          {jobError && <Trouble error={jobError} />}
        </>
      )}
      {stage.at === "over" && <Ended job={stage.job} onAgain={() => { setStage({ at: "ready" }); }} />}
    </section>
  );
}

function Wanting({ wanting }: { wanting: ("customer" | "activity" | "time")[] }) {
  if (wanting.length === 0) return null;
  const words = { customer: t("who: the column of the customer"), activity: t("what: the column of the activity, or one name for every row"), time: t("when: the column of the date") };
  return <p class="notice" role="status">{t("Still wanting: {list}. Choose it above.", { list: wanting.map((each) => words[each]).join(" · ") })}</p>;
}

/** What an import brought, in a sentence. */
export function resultSentence(job: Job): string {
  const r = job.result;
  if (!r) return "";
  const said = [tn(r.added ?? r.events, "{n} new event", "{n} new events", { n: count(r.added ?? r.events) })];
  if (r.customers !== undefined) said.push(tn(r.customers, "of {n} customer", "of {n} customers", { n: count(r.customers) }));
  let text = said.join(" ") + ".";
  if (r.known) text += " " + tn(r.known, "{n} was there already.", "{n} were there already.", { n: count(r.known) });
  text += " " + (r.rejected ? tn(r.rejected, "{n} row of {rows} was left out.", "{n} rows of {rows} were left out.", { n: count(r.rejected), rows: count(r.rows) }) : t("No row was left out."));
  return text;
}

function Ended({ job, onAgain }: { job: Job; onAgain: () => void }) {
  const r = job.result;
  if (job.state === "cancelled") return <p role="status">{t("Stopped. Nothing of this file was kept.")} <Button kind="link" onClick={onAgain}>{t("Import it after all")}</Button></p>;
  if (job.state === "failed" || !r) return <Trouble error={new Problem(422, job.problem?.title ?? t("The import has failed."), job.problem?.detail ?? "", "", "", job.problem?.hint ?? "")} onRetry={onAgain} />;
  const reasons = r.reasons ?? byReason(r.rejects ?? []);
  const undo = () =>
    api.delete(`/imports/${encodeURIComponent(String(r.import))}`).then(() => { evidenceChanged(); toast(t("The import is taken back.")); }, toastProblem);
  return (
    <div class="import-result" role="status">
      <p class="import-said"><Icon name="checks" /> <b>{resultSentence(job)}</b></p>
      {(r.notes ?? []).map((note, i) => <p key={i} class="note">{note}</p>)}
      {reasons.length > 0 && (
        <ul class="lines">
          {reasons.map((group, i) => <li key={i}><div><span>{group.reason}</span><b class="value">{count(group.count)}</b></div></li>)}
        </ul>
      )}
      <div class="row">
        {r.rejected > 0 && <Button small icon={<Icon name="download" size={16} />} href={r.import !== undefined ? `/api/v1/imports/${r.import}/rejects` : `/api/v1/jobs/${encodeURIComponent(job.id)}/rejects`} download>{t("Download the rows left out")}</Button>}
        <Button small href="/reality">{t("See what it says")}</Button>
        {r.import !== undefined && <Button small kind="quiet" icon={<Icon name="undo" size={16} />} onClick={() => void undo()}>{t("Take the import back")}</Button>}
      </div>
    </div>
  );
}
