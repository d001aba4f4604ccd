/** Results: the KPIs of a map, period by period, and what each action has achieved. The map is in the address. */
import { useEffect } from "preact/hooks";
import { url } from "../api/client";
import { useApi } from "../api/use";
import type { List, MapAnswer, MapCard, MapDocument } from "../api/types";
import type * as wire from "../api/wire";
import { Page } from "../app/page";
import { setQuery, where } from "../app/router";
import { may } from "../app/session";
import { sendOperations } from "../app/ops";
import chartStyle from "../charts/charts.css";
import { count } from "../charts/words";
import { date } from "../lang/format";
import { t, tn } from "../lang/lang";
import { openAction } from "../pages/action";
import { useFresh } from "../reality/fresh";
import realityStyle from "../reality/reality.css";
import { Button, Chip, EmptyState, Icon, Menu, Select, Skeleton, toast, toastProblem, Trouble, type Tone } from "../ui";
import { useAbout } from "./about";
import { EffectCard, sentenceParts } from "./effect-card";
import { openEnough } from "./enough";
import { deleteKpi, kpisOf, openKpi, openReading } from "./kpi-form";
import { readEffect, readKpi } from "./read";
import { SeriesChart, type Mark } from "./series-chart";
import { unitOf, type EffectRow, type Kpi, type KpiDocument } from "./shapes";
import { measure, measureRange, periodWord, signalWord } from "./words";
import sheet from "./results.css";

export const style = [chartStyle, realityStyle, sheet];

export default function ResultsPage() {
  return <MapPlace title={t("Results")} view="results">{(map) => <OneMap key={map} id={map} />}</MapPlace>;
}

/** The frame of both views: which map, and the way between them. */
export function MapPlace({ title, view, children, actions }: { title: string; view: "results" | "whatif"; children: (map: string) => preact.ComponentChildren; actions?: (map: string) => preact.ComponentChildren }) {
  const wanted = where.value.query.get("map") ?? "";
  const maps = useApi<List<MapCard>>("/maps"), about = useAbout(wanted);
  const list = maps.data?.items.filter((m) => !m.deleted) ?? [];
  const best = list.find((m) => m.kind !== "success-path") ?? list[0];
  useEffect(() => { if (!wanted && best) setQuery({ map: best.id }); }, [wanted, best?.id]);
  if (maps.error && !maps.data) return <Page title={title}><Trouble error={maps.error} onRetry={maps.reload} /></Page>;
  if (!maps.data || (!wanted && list.length)) return <Page title={title}><Skeleton lines={6} /></Page>;
  if (!list.length)
    return (
      <Page title={title}>
        <EmptyState title={t("No map yet whose results could be measured")} actions={<Button kind="primary" href="/">{t("To the maps")}</Button>}>
          <p>{t("First the map of what customers live, then what you change about it, then here: whether it helped.")}</p>
        </EmptyState>
      </Page>
    );
  const query = "?map=" + encodeURIComponent(wanted) + (where.value.query.has("all") ? "&all=1" : "");
  return (
    <Page title={title} actions={
      <>
        <Select label={t("Map")} hideLabel value={wanted} class="map-pick" onChange={(map) => setQuery({ map, all: null })} options={list.map((m) => ({ value: m.id, label: m.title }))} />
        <Button icon={<Icon name="download" />} href={url(`/maps/${encodeURIComponent(wanted)}/plan.pdf`, about.query)} download>{t("One-page plan (PDF)")}</Button>
        {actions?.(wanted)}
      </>
    }>
      <nav class="views" aria-label={t("Results")}>
        <a href={"/results" + query} aria-current={view === "results" ? "page" : undefined}>{t("What was achieved")}</a>
        <a href={"/whatif" + query} aria-current={view === "whatif" ? "page" : undefined}>{t("What if …")}</a>
      </nav>
      {children(wanted)}
    </Page>
  );
}

function OneMap({ id }: { id: string }) {
  useFresh(id);
  const base = "/maps/" + encodeURIComponent(id);
  const answer = useApi<MapAnswer>(base);
  const document = answer.data?.map, measured = !!document && kpisOf(document).length > 0;
  const about = useAbout(id), ask = measured && about.ready;
  const kpis = useApi<List<wire.Kpi>>(ask ? base + "/kpis" : null, about.query);
  const effects = useApi<List<wire.EffectResult>>(ask ? base + "/effects" : null, about.query);
  if (answer.error && !document) return <Trouble error={answer.error} onRetry={answer.reload} />;
  if (!document) return <Skeleton lines={8} height={28} />;
  const own = kpisOf(document), canEdit = may("editor");
  const rows = (kpis.data?.items ?? []).map(readKpi);
  const done = (effects.data?.items ?? []).map((r) => readEffect(r, rows.find((k) => k.id === r.kpi.id)?.unit ?? unitOf(r.effect?.kind ?? "score"))).map((r) => ({ ...r, group_name: (document.actions ?? []).find((a) => a.id === r.action)?.group?.name })).filter((r) => r.effect || r.problem).sort((a, b) => rank(a) - rank(b));
  const unmeasured = (document.actions ?? []).filter((a) => (a.state === "done" || a.state === "verified") && !a.kpi);
  return (
    <div class="results">
      {about.chip}
      {done.some((r) => r.effect) && <p class="results-lead">{leadOf(done)}</p>}
      <section class="results-part" aria-label={t("What the actions achieved")}>
        <header class="row between"><h2>{t("What the actions achieved")}</h2>{canEdit && own.length > 0 && <Button small onClick={() => void openEnough(id, own)}>{t("Will there be enough data?")}</Button>}</header>
        {effects.error && !effects.data && <Trouble error={effects.error} onRetry={effects.reload} />}
        {effects.loading && !effects.data && <Skeleton lines={4} height={28} />}
        {(effects.data || !measured) && !done.length && (
          <p class="quiet results-none">{own.length ? t("No action says yet which KPI it is to move, and from when. Open an action and say so: its before and after comes here.") : t("First a KPI, then the action that is to move it: the before and after comes here.")}{" "}<Button kind="link" href={"/actions?map=" + encodeURIComponent(id)}>{t("To the actions")}</Button></p>
        )}
        {done.length > 0 && <div class="effects" aria-busy={effects.loading}>{done.map((row) => <EffectCard key={row.action} row={row} actions={canEdit && <EffectDeeds row={row} map={id} document={document} />} />)}</div>}
        {canEdit && unmeasured.length > 0 && own.length > 0 && (
          <p class="note">{tn(unmeasured.length, "{n} action is done and nobody measures it:", "{n} actions are done and nobody measures them:")}{" "}
            {unmeasured.map((a, i) => <span key={a.id}>{i > 0 && ", "}<Button kind="link" onClick={() => void openAction({ map: id, id: a.id })}>{a.title}</Button></span>)}</p>
        )}
      </section>
      <section class="results-part" aria-label={t("KPIs")}>
        <header class="row between"><h2>{t("KPIs")}</h2>{canEdit && own.length > 0 && <Button small icon={<Icon name="plus" size={16} />} onClick={() => void openKpi({ map: id })}>{t("New KPI")}</Button>}</header>
        {!own.length && (
          <EmptyState title={t("Nothing is measured on this map yet")} actions={canEdit && <Button kind="primary" onClick={() => void openKpi({ map: id })}>{t("New KPI")}</Button>}>
            <p>{t("A KPI is one number that tells whether it goes better: the quotes that become orders, the days until an answer, the returns per customer.")}</p>
          </EmptyState>
        )}
        {kpis.error && !kpis.data && own.length > 0 && <Trouble error={kpis.error} onRetry={kpis.reload} />}
        {own.length > 0 && !kpis.data && !kpis.error && <Skeleton lines={6} height={30} />}
        <div class="kpis" aria-busy={kpis.loading}>{rows.map((k) => <KpiCard key={k.id} kpi={k} map={id} document={document} own={own.find((o) => o.id === k.id)} canEdit={canEdit} />)}</div>
      </section>
    </div>
  );
}
/** The answer in a sentence: how many of the measured actions helped. */
export function leadOf(rows: EffectRow[]): string {
  const of = (v: string) => rows.filter((r) => r.effect?.verdict === v).length;
  const [better, worse, none, few] = [of("better"), of("worse"), of("none"), of("too-few")];
  if (better + worse + none + few === 1)
    return better ? t("The one action that is measured has helped.") : worse ? t("The one action that is measured has made it worse.")
      : none ? t("Of the one action that is measured no effect can be seen yet.") : t("Of the one action that is measured there are too few customers to tell.");
  return [
    tn(better + worse + none + few, "{n} action is measured:", "{n} actions are measured:"),
    [
      better && tn(better, "{n} has helped", "{n} have helped"), worse && tn(worse, "{n} has made it worse", "{n} have made it worse"),
      none && tn(none, "of {n} no effect can be seen yet", "of {n} no effect can be seen yet"), few && tn(few, "{n} has too few customers to tell", "{n} have too few customers to tell"),
    ].filter(Boolean).join(", ") + ".",
  ].join(" ");
}
const rank = (r: EffectRow) => ({ better: 0, worse: 1, none: 2, "too-few": 3 })[r.effect?.verdict ?? "too-few"] ?? 4;

function EffectDeeds({ row, map, document }: { row: EffectRow; map: string; document: MapDocument }) {
  const action = document.actions?.find((a) => a.id === row.action);
  const [first, rest] = sentenceParts(row.effect?.sentence ?? "");
  const verify = async () => {
    const said = rest || first;
    try {
      await sendOperations(map, [{ op: "set", at: row.action, field: "state", value: "verified" }, ...(action?.result ? [] : [{ op: "set" as const, at: row.action, field: "result", value: said }])]);
      toast(t("“{title}” counts as verified.", { title: row.title }), { undo: () => sendOperations(map, [{ op: "set", at: row.action, field: "state", value: action?.state ?? "done" }, ...(action?.result ? [] : [{ op: "set" as const, at: row.action, field: "result" }])]).then(() => undefined) });
    } catch (error) {
      toastProblem(error);
    }
  };
  return (
    <>
      {action?.state === "done" && row.effect && row.effect.verdict !== "too-few" && <Button small onClick={() => void verify()}>{t("Looked at: mark as verified")}</Button>}
      {action?.state === "verified" && <Chip tone="good">{t("verified")}</Chip>}
      <Button small kind="quiet" onClick={() => void openAction({ map, id: row.action })}>{t("Open the action")}</Button>
    </>
  );
}

const tones: Record<Kpi["state"], Tone> = { good: "good", "off-target": "warn", "beyond-threshold": "bad", none: "plain" };
function stateText(kpi: Kpi): string {
  return kpi.state === "good" ? t("on target") : kpi.state === "off-target" ? t("short of the target") : kpi.state === "beyond-threshold" ? t("beyond the alarm") : kpi.open ? t("target still open") : "";
}
function KpiCard({ kpi, map, document, own, canEdit }: { kpi: Kpi; map: string; document: MapDocument; own: KpiDocument | undefined; canEdit: boolean }) {
  const marks: Mark[] = (document.actions ?? []).flatMap((a) => { const on = a.since ?? a.done; return a.kpi === kpi.id && on ? [{ on: on.slice(0, 10), title: `${a.title} (${date(on.slice(0, 10), "short")})` }] : []; });
  const latest = kpi.latest;
  const alarms = latest?.signals ?? [];
  return (
    <article class="card kpi" data-kpi={kpi.id}>
      <header class="kpi-head">
        <div><h3>{kpi.name}</h3>{kpi.definition && <p class="note">{kpi.definition}</p>}</div>
        {canEdit && own && <Menu button={{ kind: "quiet", small: true, icon: <Icon name="more" />, label: t("More about “{title}”", { title: kpi.name }) }} items={[
          { label: t("Change"), icon: <Icon name="edit" />, onSelect: () => void openKpi({ map, id: kpi.id }) },
          ...(kpi.kind === "typed" ? [{ label: t("Add a reading"), icon: <Icon name="plus" />, onSelect: () => void openReading(map, document, kpi.id) }] : []),
          { label: t("Delete"), icon: <Icon name="trash" />, danger: true, onSelect: () => void deleteKpi(map, document, kpi.id).catch(toastProblem) },
        ]} />}
      </header>
      {kpi.problem && <p class="notice">{kpi.problem}</p>}
      {latest && (
        <p class="kpi-now">
          <b class="big">{measure(kpi.unit, latest.value, kpi.unit_text)}</b>
          <span class="quiet">{[measureRange(kpi.unit, latest.low, latest.high, kpi.unit_text) && `(${measureRange(kpi.unit, latest.low, latest.high, kpi.unit_text)})`, kpi.kind === "typed" ? date(latest.from) : periodWord(latest.from, kpi.every), kpi.kind === "typed" ? "" : t("{n} observed", { n: count(latest.n) })].filter(Boolean).join(" · ")}</span>
          {stateText(kpi) && <Chip tone={tones[kpi.state]} title={kpi.sentence}>{stateText(kpi)}</Chip>}
          {alarms.map((s) => <Chip key={s} tone="blue">{signalWord(s)}</Chip>)}
        </p>
      )}
      {kpi.sentence && !latest && <p class="kpi-said">{kpi.sentence}</p>}
      {kpi.series.length > 0 ? <SeriesChart kpi={kpi} marks={marks} /> : !kpi.problem && <p class="quiet">{kpi.kind === "typed" ? t("No reading yet.") : t("The evidence says nothing about it yet.")}</p>}
      <footer class="kpi-foot note">
        {[kpi.department, kpi.owner].filter(Boolean).join(", ") || t("nobody answers for it yet")}
        {kpi.under_way > 0 && <span>{t("{n} are still under way, and not counted yet.", { n: count(kpi.under_way) })}</span>}
        {kpi.kind === "typed" && canEdit && own && <Button small onClick={() => void openReading(map, document, kpi.id)}>{t("Add a reading")}</Button>}
      </footer>
    </article>
  );
}
