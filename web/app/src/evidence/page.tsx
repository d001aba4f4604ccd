/** Evidence: files come in, sources say what they hold, events and customers are found. */
import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { api } from "../api/client";
import { useApi } from "../api/use";
import type { Freshness, List, Source } from "../api/types";
import { Page } from "../app/page";
import { may, person } from "../app/session";
import chartStyle from "../charts/charts.css";
import { count, customers } from "../charts/words";
import { ago, date, relativeDay } from "../lang/format";
import { t, tn } from "../lang/lang";
import { evidenceChanged, useFresh } from "../reality/fresh";
import type { Summary } from "../reality/summary";
import { Button, Card, Chip, confirm, EmptyState, Icon, Skeleton, Table, toast, toastProblem, Trouble, type Tone } from "../ui";
import { Aliases } from "./aliases";
import evidenceStyle from "./evidence.css";
import { ImportCard, type Waiting } from "./import-card";
import { Search } from "./search";

export const style = [chartStyle, evidenceStyle];

/** The files on their way in, kept while other pages are looked at. */
const all = signal<Waiting[]>([]);
let next = 1;

export default function EvidencePage() {
  useFresh();
  const summary = useApi<Summary>("/evidence");
  const waiting = all.value.filter(({ who }) => who === person.value?.id);
  useEffect(() => { all.value = all.value.filter(({ kept }) => kept?.stage.at !== "over"); }, []);
  const [stages, setStages] = useState<Record<number, string>>({});
  const [start, setStart] = useState(0);
  const bring = (files: Iterable<File>, source?: string) => {
    const list = [...files].map((file) => ({ key: next++, who: person.value?.id, file, ...(source ? { source } : {}) }));
    all.value = [...all.value, ...list];
  };
  const events = summary.data?.events ?? 0;
  const canWrite = may("editor");
  const ready = waiting.filter(({ key }) => stages[key] === "ready").length;
  return (
    <Page title={t("Evidence")} sub={summary.data && events > 0 ? extent(summary.data) : undefined}
      actions={events > 0 ? <Button href="/reality" icon={<Icon name="reality" />}>{t("See what it says")}</Button> : undefined}>
      {summary.error && !summary.data && <Trouble error={summary.error} onRetry={summary.reload} />}
      <div class="evidence">
        {canWrite && <Drop large={events === 0 && waiting.length === 0} onFiles={bring} />}
        {!canWrite && events === 0 && summary.data && <EmptyState title={t("No evidence yet")}><p>{t("Who may write can import it here.")}</p></EmptyState>}
        {ready > 1 && <div class="row"><Button kind="primary" onClick={() => setStart((n) => n + 1)}>{t("Import all {n} files", { n: ready })}</Button></div>}
        {waiting.map((each) => (
          <ImportCard key={each.key} waiting={each} start={start} onStage={(stage) => setStages((before) => ({ ...before, [each.key]: stage }))}
            onGone={() => { all.value = all.value.filter(({ key }) => key !== each.key); }} />
        ))}
        {events > 0 && <Search />}
        {events > 0 && <Sources onAgain={bring} />}
        {events > 0 && <Aliases />}
        {summary.loading && !summary.data && <Skeleton lines={5} />}
      </div>
    </Page>
  );
}

function extent(summary: Summary): string {
  const period = summary.first && summary.last ? ` · ${date(summary.first)} – ${date(summary.last)}` : "";
  return `${customers(summary.customers)} · ${tn(summary.events, "{n} event", "{n} events", { n: count(summary.events) })}${period}`;
}

/** Files are dropped here, or chosen. */
function Drop({ large, onFiles }: { large: boolean; onFiles: (files: Iterable<File>) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const pick = () => input.current?.click();
  return (
    <div class={`drop-files${large ? " large" : ""}${over ? " over" : ""}`}
      onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)}
      onDrop={(event) => { event.preventDefault(); setOver(false); if (event.dataTransfer?.files.length) onFiles(event.dataTransfer.files); }}>
      <input ref={input} type="file" multiple hidden accept=".csv,.tsv,.txt,.xlsx,.xes,.jsonl,.ndjson,.json,.gz" aria-label={t("Files to import")}
        onChange={(event) => { const { files } = event.currentTarget; if (files) onFiles([...files]); event.currentTarget.value = ""; }} />
      <Icon name="upload" size={large ? 32 : 22} />
      <div>
        <p class="drop-title">{large ? t("Bring in what the firm already knows") : t("Drop files here")}</p>
        <p class="note">{t("CSV, Excel, XES or JSON lines, as they come out of the CRM, the switchboard, the reviews. Each row says who, what and when; the columns are guessed and you put them right. Nothing leaves this server.")}</p>
      </div>
      <Button kind={large ? "primary" : "plain"} onClick={pick}>{t("Choose files")}</Button>
    </div>
  );
}

interface ImportRow { id: string; source: string; at: string; name?: string | null; rows: number; rejected: number; events: number; added?: number; rejects?: number }

function freshness(source: Source): { tone: Tone; label: string } | null {
  const state: Freshness | undefined = typeof source.freshness === "string" ? source.freshness : source.freshness?.state;
  if (!state) return null;
  const words: Record<Freshness, [Tone, string]> = { fresh: ["good", t("fresh")], review: ["warn", t("to be renewed")], stale: ["bad", t("old")], never: ["plain", t("never")] };
  const [tone, label] = words[state];
  return { tone, label };
}

function Sources({ onAgain }: { onAgain: (files: Iterable<File>, source: string) => void }) {
  const sources = useApi<List<Source> | Source[]>("/sources");
  const imports = useApi<List<ImportRow>>("/imports");
  const input = useRef<HTMLInputElement>(null), again = useRef("");
  const list = Array.isArray(sources.data) ? sources.data : sources.data?.items;
  if (sources.error && !list) return <Card title={t("Sources")}><Trouble error={sources.error} onRetry={sources.reload} /></Card>;
  if (!list) return <Card title={t("Sources")}><Skeleton /></Card>;
  const undo = async (row: ImportRow) => {
    const sure = await confirm({
      title: t("Take this import back?"), danger: true, yes: t("Take it back"),
      text: t("{n} events of “{source}” leave every map and every answer. The file can be imported again at any time.", { n: count(row.added ?? row.events), source: row.source }),
    });
    if (sure) await api.delete(`/imports/${encodeURIComponent(row.id)}`).then(() => { evidenceChanged(); toast(t("The import is taken back.")); }, toastProblem);
  };
  return (
    <Card title={t("Sources")}>
      <input ref={input} type="file" hidden aria-label={t("The newer file")} onChange={(event) => { const { files } = event.currentTarget; if (files) onAgain([...files], again.current); event.currentTarget.value = ""; }} />
      <Table<Source> caption={t("What the evidence is made of")} hideCaption rows={list} rowKey={(source) => source.name}
        columns={[
          { key: "name", title: t("Source"), head: true, cell: (source) => (source.imports ? source.name : t("Written down on success paths")) },
          { key: "events", title: t("events"), number: true, cell: (source) => count(source.events) },
          { key: "rows", title: t("rows"), number: true, cell: (source) => count(source.rows) },
          { key: "rejected", title: t("left out"), number: true, cell: (source) => count(source.rejected) },
          { key: "period", title: t("from – to"), class: "period", cell: (source) => { const fresh = freshness(source); return source.first && source.last ? <>{`${date(source.first)} – ${date(source.last)}`} {fresh && <Chip tone={fresh.tone}>{fresh.label}</Chip>}</> : "–"; } },
          { key: "last", title: t("last import"), cell: (source) => (source.last_import ? relativeDay(source.last_import) : "–") },
          ...(may("editor") ? [{ key: "again", title: "", cell: (source: Source) => source.imports > 0 && <Button small onClick={() => { again.current = source.name; input.current?.click(); }}>{t("Import again")}</Button> }] : []),
        ]} />
      <p class="note">{t("A grown file brings only what is new; the same file twice brings nothing.")}</p>
      {(imports.data?.items.length ?? 0) > 0 && (
        <details class="twin">
          <summary>{tn(imports.data!.items.length, "{n} import", "{n} imports")}</summary>
          <Table<ImportRow> caption={t("Imports, the latest first")} hideCaption rows={imports.data!.items} rowKey={(row) => String(row.id)}
            columns={[
              { key: "source", title: t("Source"), head: true, cell: (row) => row.source },
              { key: "at", title: t("when"), cell: (row) => ago(row.at) },
              { key: "who", title: t("by"), cell: (row) => row.name ?? "" },
              { key: "events", title: t("new events"), number: true, cell: (row) => count(row.added ?? row.events) },
              { key: "out", title: t("left out"), number: true, cell: (row) => (row.rejects && may("editor") ? <a href={`/api/v1/imports/${encodeURIComponent(row.id)}/rejects`} download aria-label={t("Download the rows left out")}>{count(row.rejected)}</a> : count(row.rejected)) },
              ...(may("editor") ? [{ key: "undo", title: "", cell: (row: ImportRow) => <Button small kind="quiet" icon={<Icon name="undo" size={16} />} onClick={() => void undo(row)}>{t("Take this back")}</Button> }] : []),
            ]} />
        </details>
      )}
    </Card>
  );
}
