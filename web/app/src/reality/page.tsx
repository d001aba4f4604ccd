/** Reality: one map held against what customers did. Which map, view, filter and list of customers: all
 * of it is in the address. */
import { useEffect } from "preact/hooks";
import { useApi } from "../api/use";
import { api } from "../api/client";
import type { List, MapCard, Persona, Stored } from "../api/types";
import { Page } from "../app/page";
import { go } from "../app/router";
import { may } from "../app/session";
import chartStyle from "../charts/charts.css";
import { Figure } from "../charts/table-twin";
import { count, customers } from "../charts/words";
import { date } from "../lang/format";
import { t, tn } from "../lang/lang";
import { Button, EmptyState, Icon, Progress, Select, Skeleton, toast, toastProblem, Trouble } from "../ui";
import { FilterBar } from "./filter-bar";
import { filterPairs, isEmpty, noFilter } from "./filter";
import { useFresh } from "./fresh";
import { FlowView } from "./flow-view";
import { FunnelView } from "./funnel-view";
import type { Study } from "./insight";
import { useKept } from "./kept";
import { MatchView } from "./match-view";
import { Overview } from "./overview";
import { PeopleDrawer } from "./people-drawer";
import pageStyle from "./reality.css";
import type { Summary } from "./summary";
import { asked, change, mapIsAbout, openPeople, setFilter, useView, viewHref, views, type View, type ViewName } from "./view";
import { VoicesView } from "./voices-view";
import { WaitView } from "./wait-view";
import { WaysView } from "./ways-view";

export const style = [chartStyle, pageStyle];

export default function RealityPage() {
  const view = useView();
  const maps = useApi<List<MapCard>>("/maps");
  const list = maps.data?.items.filter((map) => !map.deleted) ?? [];
  const first = list[0]?.id;
  useEffect(() => { if (!view.map && first) change({ map: first }, true); }, [view.map, first]);
  if (maps.error && !maps.data) return <Page title={t("Reality")}><Trouble error={maps.error} onRetry={maps.reload} /></Page>;
  if (!maps.data) return <Page title={t("Reality")}><Skeleton lines={6} /></Page>;
  if (list.length === 0) return <NoMap />;
  if (!view.map) return <Page title={t("Reality")}><Skeleton lines={6} /></Page>;
  return <About key={view.map} view={view} maps={list} />;
}

/** A map is about its protagonist: where that persona says which customers are theirs, the page begins with those, as a
 * chip that can be taken away. */
function About({ view, maps }: { view: View; maps: MapCard[] }) {
  const asks = isEmpty(view.filter) && !view.query.has("all");
  const personas = useApi<List<Stored<Persona>>>("/personas", { limit: 500 });
  const id = maps.find((map) => map.id === view.map)?.persona?.id ?? "";
  const own = (personas.data?.items ?? []).some((p) => p.id === id && p.body.filter) ? id : "";
  mapIsAbout(own);
  useEffect(() => { if (asks && own) change({ persona: own }, true); }, [asks, own]);
  if (asks && (own || (!personas.data && !personas.error))) return <Page title={t("Reality")}><Skeleton lines={6} /></Page>;
  return <OneMap view={view} maps={maps} />;
}

/** Without a map there is nothing to hold against the evidence: draft one from it, or begin one. */
function NoMap() {
  const summary = useApi<Summary>("/evidence");
  const some = (summary.data?.events ?? 0) > 0;
  const draft = () =>
    api.post<{ id: string }>("/maps", { draft: "" }).then(({ data }) => go(`/reality?map=${encodeURIComponent(data.id)}`), toastProblem);
  return (
    <Page title={t("Reality")}>
      <EmptyState
        title={t("No map yet to hold against the evidence")}
        actions={
          <>
            {some && may("editor") && <Button kind="primary" onClick={() => void draft()}>{t("Draft a map from the evidence")}</Button>}
            {!some && <Button kind="primary" href="/evidence">{t("Import evidence")}</Button>}
            <Button href="/">{t("To the maps")}</Button>
          </>
        }
      >
        <p>{t("Here you see what customers really did beside what the map says: where they are lost, where they wait, what they do instead.")}</p>
      </EmptyState>
    </Page>
  );
}

function viewLabel(name: ViewName): string {
  switch (name) {
    case "overview": return t("At a glance");
    case "match": return t("Steps and activities");
    case "flow": return t("Flow");
    case "ways": return t("Ways taken");
    case "funnel": return t("Funnel builder");
    case "wait": return t("How long until");
    case "voices": return t("What they say");
  }
}

function OneMap({ view, maps }: { view: View; maps: MapCard[] }) {
  useFresh(view.map);
  const summary = useKept<Summary>("/evidence", asked(view.filter));
  const study = useKept<Study>(`/maps/${encodeURIComponent(view.map)}/study`, asked(view.filter));
  const all = useApi<Summary>(isEmpty(view.filter) ? null : "/evidence");
  const events = summary.data?.events;
  const anything = events === undefined || events > 0 || (all.data?.events ?? 1) > 0;
  const card = maps.find((map) => map.id === view.map);
  return (
    <Page
      title={t("Reality")}
      sub={summary.data && events! > 0 ? <span class={summary.stale ? "asking" : undefined} aria-busy={summary.loading}><Extent summary={summary.data} /></span> : undefined}
      actions={
        <>
          <Select label={t("Map")} hideLabel value={view.map} class="map-pick" onChange={(map) => change({ map, people: null, step: null, from: null, to: null, persona: null, all: null })}
            options={[...maps.map((map) => ({ value: map.id, label: map.title })), ...(card ? [] : [{ value: view.map, label: t("a map that is not there") }])]} />
          <Button icon={<Icon name="link" />} onClick={() => void copyLink()}>{t("Copy link")}</Button>
        </>
      }
    >
      {!anything ? <NoEvidence /> : (
        <>
          <FilterBar view={view} summary={all.data ?? summary.data} map={study.data?.map} />
          <nav class="views" aria-label={t("Views of reality")}>
            {views.map((name) => <a key={name} href={viewHref(view, name)} aria-current={name === view.view ? "page" : undefined}>{viewLabel(name)}</a>)}
          </nav>
          <div class={study.stale || (study.loading && !study.data) ? "asking" : undefined} aria-busy={study.loading}>
            {study.loading && <Asking />}
            {study.error && !study.loading ? <Trouble error={study.error} onRetry={study.reload} />
              : events === 0 ? <Nothing view={view} />
              : study.data ? <Shown study={study.data} view={view} summary={summary.data} reload={study.reload} /> : <Skeleton lines={8} height={28} />}
          </div>
        </>
      )}
      {view.people && <PeopleDrawer key={view.map} people={view.people} view={view} map={study.data?.map} />}
    </Page>
  );
}

function Shown({ study, view, summary, reload }: { study: Study; view: View; summary: Summary | undefined; reload: () => void }) {
  switch (view.view) {
    case "overview": return <Overview study={study} view={view} summary={summary} />;
    case "match": return <MatchView study={study} view={view} summary={summary} reload={reload} />;
    case "flow": return <FlowView study={study} view={view} />;
    case "ways": return <WaysView study={study} view={view} />;
    case "funnel": return <FunnelView study={study} view={view} summary={summary} />;
    case "wait": return <WaitView study={study} view={view} summary={summary} />;
    case "voices": return <VoicesView study={study} view={view} />;
  }
}

function Extent({ summary }: { summary: Summary }) {
  const period = summary.first && summary.last ? `${date(summary.first)} – ${date(summary.last)}` : "";
  return (
    <>
      <Figure label={t("{customers}: show them", { customers: customers(summary.customers) })} onOpen={() => openPeople({ about: "all" })}>{customers(summary.customers)}</Figure>
      {" · "}{tn(summary.events, "{n} event", "{n} events", { n: count(summary.events) })}{period && ` · ${period}`}
    </>
  );
}

function Asking() {
  return <div class="asking-bar"><Progress value={null} label={t("Asking the evidence …")} /></div>;
}

function NoEvidence() {
  return (
    <EmptyState title={t("No evidence yet: so far the map is only believed")} actions={<Button kind="primary" href="/evidence" icon={<Icon name="upload" />}>{t("Import evidence")}</Button>}>
      <p>{t("Bring in what the firm already has: the CRM’s list, the phone log, reviews. An event needs who, what and when.")}</p>
    </EmptyState>
  );
}
function Nothing({ view }: { view: View }) {
  return (
    <EmptyState title={t("Nobody fits these filters")} actions={<Button kind="primary" onClick={() => setFilter(noFilter())}>{t("Take the filters away")}</Button>}>
      <p>{tn(filterPairs(view.filter).length, "There is one condition. Take it away, or widen the period.", "There are {n} conditions. Take some away, or widen the period.")}</p>
    </EmptyState>
  );
}

async function copyLink(): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.href);
    toast(t("Link copied: it opens exactly this view."));
  } catch {
    toast(t("The browser does not let the link be copied. It is in the address bar."), { kind: "wrong" });
  }
}
