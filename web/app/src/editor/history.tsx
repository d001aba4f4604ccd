/** Versions of a map: named by people or kept by themselves; any two compared, in words and on the map; an earlier
 * one brought back as the newest. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { api } from "../api/client";
import { forget, useApi } from "../api/use";
import type { List, MapAnswer, Version } from "../api/types";
import type { PageProps } from "../app/lazy";
import { Page } from "../app/page";
import { setQuery, where } from "../app/router";
import { may } from "../app/session";
import { dateTime } from "../lang/format";
import { t, tn } from "../lang/lang";
import { ask, Avatar, Button, confirm, EmptyState, Skeleton, Tabs, toast, toastProblem, Trouble } from "../ui";
import sheet from "./editor.css";
import type { MapDocument, Operation } from "./model/document.ts";
import { lanesOf } from "./model/lanes.ts";
import { cellText } from "./model/text.ts";
import { laneTitle } from "./names";

export const style = sheet;
interface Row extends Version { name?: string }
interface Change { kind: "added" | "removed" | "moved" | "changed"; thing: string; id: string; title: string; inside: string; field: string; before: string; after: string; sentence: string }
interface Diff { added: number; removed: number; moved: number; changed: number; changes: Change[] }

export default function HistoryPage({ params }: PageProps) {
  const id = params.id!, path = `/maps/${encodeURIComponent(id)}`;
  const map = useApi<MapAnswer>(path), versions = useApi<List<Row> | Row[]>(path + "/versions", { limit: 500 });
  const rows = useMemo(() => (versions.data ? (Array.isArray(versions.data) ? versions.data : versions.data.items) : []).slice().sort((a, b) => b.seq - a.seq), [versions.data]);
  const head = map.data?.head ?? rows[0]?.seq ?? 0;
  const query = where.value.query;
  const to = Number(query.get("to") ?? head), from = Number(query.get("from") ?? rows[1]?.seq ?? 0);
  const name = async () => {
    const label = await ask({ title: t("Name this version"), label: t("Name"), yes: t("Keep"), note: t("As it is now: “after the workshop of 12 May”.") });
    if (!label) return;
    try {
      await api.post(path + "/versions", { label });
      versions.reload();
      toast(t("Kept as “{label}”.", { label }));
    } catch (error) { toastProblem(error); }
  };
  const restore = async (row: Row) => {
    const sure = await confirm({ title: t("Bring this version back?"), text: t("The map becomes as it was on {when}. What is there now stays in the history: nothing is lost.", { when: dateTime(row.at) }), yes: t("Bring it back") });
    if (!sure) return;
    try {
      await api.post(path + "/restore", { seq: row.seq });
      forget(path);
      map.reload();
      versions.reload();
      toast(t("The map is as it was on {when}.", { when: dateTime(row.at) }), { undo: async () => { await api.post(path + "/restore", { seq: head }); forget(path); map.reload(); versions.reload(); } });
    } catch (error) { toastProblem(error); }
  };
  const error = map.error ?? versions.error;
  return (
    <Page title={t("Versions")} sub={<a href={`/map/${encodeURIComponent(id)}`}>{map.data?.map.title ?? t("To the map")}</a>} actions={may("editor") ? <Button kind="primary" onClick={() => void name()}>{t("Name this version")}</Button> : undefined}>
      {error && <Trouble error={error} onRetry={() => { map.reload(); versions.reload(); }} />}
      {!versions.data && !error && <Skeleton lines={6} height={40} />}
      {versions.data && rows.length < 2 && <EmptyState title={t("No earlier version yet")} actions={<Button kind="primary" href={`/map/${encodeURIComponent(id)}`}>{t("To the map")}</Button>}><p>{t("Every change is kept by itself. Give the moments that matter a name.")}</p></EmptyState>}
      {rows.length > 1 && (
        <div class="ed-history">
          <ol class="ed-versions" aria-label={t("Versions")}>
            {rows.map((row) => (
              <li key={row.seq} class={(row.seq === to ? "to " : "") + (row.seq === from ? "from" : "")}>
                <div class="ed-version">
                  <Avatar name={row.name || row.who || "?"} size={26} />
                  <div>
                    <p><strong>{row.label || (row.seq === head ? t("as it is now") : row.summary || tn(row.changes, "{n} change", "{n} changes"))}</strong></p>
                    <p class="note">{dateTime(row.at)}{row.name || row.who ? " · " + (row.name || row.who) : ""}{row.label && row.summary ? " · " + row.summary : ""}</p>
                  </div>
                </div>
                <div class="row">
                  <Button small pressed={row.seq === from} onClick={() => setQuery({ from: String(row.seq), to: String(row.seq < to ? to : head) })}>{t("From")}</Button>
                  <Button small pressed={row.seq === to} onClick={() => setQuery({ to: String(row.seq), from: String(row.seq > from ? from : rows[rows.indexOf(row) + 1]?.seq ?? 0) })}>{t("To")}</Button>
                  {may("editor") && row.seq !== head && <Button small kind="quiet" onClick={() => void restore(row)}>{t("Bring back")}</Button>}
                </div>
              </li>
            ))}
          </ol>
          {from !== to && <Comparison key={`${from}-${to}`} path={path} from={from} to={to} title={(seq) => { const row = rows.find((one) => one.seq === seq); return row ? row.label || dateTime(row.at) : t("beginning"); }} />}
        </div>
      )}
    </Page>
  );
}

function Comparison({ path, from, to, title }: { path: string; from: number; to: number; title: (seq: number) => string }) {
  const diff = useApi<Diff | { diff: Diff; sentences?: string[] }>(path + "/diff", { from, to });
  const [tab, setTab] = useState<"words" | "map">("words");
  const found = diff.data ? ("diff" in diff.data ? diff.data.diff : diff.data) : null;
  return (
    <section class="card ed-compare" aria-labelledby="compare">
      <h2 id="compare" class="card-title">{t("From “{from}” to “{to}”", { from: title(from), to: title(to) })}</h2>
      {diff.error && <Trouble error={diff.error} onRetry={diff.reload} />}
      {!found && !diff.error && <Skeleton lines={4} />}
      {found && <>
        <p class="quiet">{found.changes.length ? [found.added && tn(found.added, "{n} added", "{n} added"), found.removed && tn(found.removed, "{n} taken out", "{n} taken out"), found.moved && tn(found.moved, "{n} moved", "{n} moved"), found.changed && tn(found.changed, "{n} changed", "{n} changed")].filter(Boolean).join(" · ") : t("The two say the same.")}</p>
        <Tabs label={t("How to compare")} value={tab} onChange={setTab} tabs={[{ value: "words", label: t("In words") }, { value: "map", label: t("On the map") }]}>
          {tab === "words" ? <ul class="ed-changes">{found.changes.map((one, i) => <li key={i} class={one.kind}><span class="ed-change-kind">{{ added: t("added"), removed: t("taken out"), moved: t("moved"), changed: t("changed") }[one.kind]}</span><span>{one.sentence}</span></li>)}</ul>
            : <SideBySide path={path} from={from} to={to} changes={found.changes} title={title} />}
        </Tabs>
      </>}
    </section>
  );
}

/** The newer map as a table; what changed is marked, with what stood there before. */
function SideBySide({ path, from, to, changes, title }: { path: string; from: number; to: number; changes: Change[]; title: (seq: number) => string }) {
  const older = useApi<MapAnswer>(path, { version: from }), newer = useApi<MapAnswer>(path, { version: to });
  const [shown, setShown] = useState<"both" | "from" | "to">("both");
  useEffect(() => setShown("both"), [from, to]);
  if (!older.data || !newer.data) return <Skeleton lines={6} />;
  const maps = { from: older.data.map as unknown as MapDocument, to: newer.data.map as unknown as MapDocument };
  return (
    <>
      <div class="row">{(["both", "from", "to"] as const).map((one) => <Button key={one} small pressed={shown === one} onClick={() => setShown(one)}>{one === "both" ? t("Both") : title(one === "from" ? from : to)}</Button>)}</div>
      {(["from", "to"] as const).filter((one) => shown === "both" || shown === one).map((one) => <MapTable key={one} map={maps[one]} caption={title(one === "from" ? from : to)} other={maps[one === "from" ? "to" : "from"]} changes={changes} which={one} />)}
    </>
  );
}

export function MapTable({ map, other, caption, which }: { map: MapDocument; other: MapDocument; caption: string; changes: Change[]; which: "from" | "to" }) {
  const steps = (map.phases ?? []).flatMap((phase) => phase.steps ?? []), theirs = new Map((other.phases ?? []).flatMap((phase) => phase.steps ?? []).map((step) => [step.id, step]));
  const lanes = lanesOf(map).filter((lane) => !lane.hidden && lane.form !== "reality" && lane.form !== "actions" && lane.form !== "image");
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={caption}>
      <table class="table ed-difftable">
        <caption>{caption}</caption>
        <thead>
          <tr><td /> {map.phases.map((phase) => <th key={phase.id} scope="colgroup" colSpan={Math.max(1, phase.steps?.length ?? 1)}>{phase.title}</th>)}</tr>
          <tr><td />{map.phases.flatMap((phase) => phase.steps?.length ? phase.steps.map((step) => { const was = theirs.get(step.id); return <th key={step.id} scope="col" class={!was ? (which === "to" ? "added" : "removed") : was.title !== step.title ? "changed" : undefined}>{step.title}</th>; }) : [<td key={phase.id} />])}</tr>
        </thead>
        <tbody>
          {lanes.filter((lane) => steps.some((step) => cellText(step, lane) || (theirs.get(step.id) && cellText(theirs.get(step.id)!, lane)))).map((lane) => (
            <tr key={lane.id}><th scope="row">{laneTitle(lane)}</th>
              {map.phases.flatMap((phase) => phase.steps?.length ? phase.steps.map((step) => {
                const was = theirs.get(step.id), text = cellText(step, lane), before = was ? cellText(was, lane) : text;
                const mark = !was ? (which === "to" ? "added" : "removed") : text !== before ? (which === "to" ? (text ? "changed" : "removed") : before ? "changed" : "removed") : undefined;
                return <td key={step.id} class={mark}>{mark && text !== before ? <>{which === "to" && before && <del>{before}</del>}{which === "to" ? text && <ins>{text}</ins> : text}</> : text}</td>;
              }) : [<td key={phase.id} />])}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
export type { Operation };
