/** The paths: each with how its clients fare, and who needs somebody today. */
import { useEffect } from "preact/hooks";
import { live } from "../api/live";
import { forget, useApi } from "../api/use";
import type { List, MapCard } from "../api/types";
import type * as wire from "../api/wire";
import { Page } from "../app/page";
import { go } from "../app/router";
import { may } from "../app/session";
import { t, tn } from "../lang/lang";
import { Button, Chip, EmptyState, Skeleton, Trouble } from "../ui";
import { openNewPath } from "./new-path";
import { readCard } from "./read";
import { STATES, type PathCard, type PathState } from "./shapes";
import { stateWord, statesSentence } from "./words";
import sheet from "./paths.css";

export const style = sheet;

/** What is shown asks again when somebody changes a map or the evidence. */
export function usePathsFresh(): void {
  useEffect(() => {
    let timer = 0;
    const again = () => { clearTimeout(timer); timer = window.setTimeout(pathsChanged, 900); };
    const stop = live({ on: { operation: again, maps: again, evidence: again, path: again, alert: again, task: again, reload: again } });
    return () => { clearTimeout(timer); stop(); };
  }, []);
}
export function pathsChanged(): void {
  for (const prefix of ["/path", "/enrolments", "/alerts", "/tasks"]) forget(prefix);
}

export default function PathsPage() {
  usePathsFresh();
  const paths = useApi<List<wire.PathCard>>("/paths");
  const alerts = useApi<List<wire.PathAlert>>("/alerts");
  const maps = useApi<List<MapCard>>("/maps");
  const list = (paths.data?.items ?? []).map(readCard), canEdit = may("editor");
  const make = () => void openNewPath().then((map) => { if (map) void go("/path/" + encodeURIComponent(map)); });
  const clients = list.reduce((n, p) => n + p.clients, 0);
  const now = needing(alerts.data?.items ?? []);
  return (
    <Page title={t("Paths")} sub={list.length ? [tn(clients, "{n} client", "{n} clients"), now.size ? tn(now.size, "{n} needs somebody today", "{n} need somebody today") : t("nobody needs you today")].join(" · ") : undefined}
      actions={canEdit && list.length > 0 && <Button kind="primary" onClick={make}>{t("New path")}</Button>}>
      {paths.error && !paths.data && <Trouble error={paths.error} onRetry={paths.reload} />}
      {!paths.data && !paths.error && <Skeleton lines={5} height={60} />}
      {paths.data && !list.length && (
        <EmptyState title={t("No path yet")} actions={canEdit && <><Button kind="primary" onClick={make}>{t("New path")}</Button>{!!maps.data?.items.length && <Button href="/">{t("To the maps")}</Button>}</>}>
          <p>{t("A path leads each client from where they are to where they want to be: a few phases, each with a milestone that shows it is behind them. You see who moves on and who is stuck; they see their next step on the phone.")}</p>
        </EmptyState>
      )}
      <ul class="path-cards">{list.map((p) => <li key={p.map}><Tile path={p} alerts={needing((alerts.data?.items ?? []).filter((a) => a.map === p.map)).size} /></li>)}</ul>
    </Page>
  );
}

/** Whom the alerts are about: one who is stuck and low has two, and is one client. */
const needing = (alerts: wire.PathAlert[]) => new Set(alerts.map((a) => `${a.map} ${a.enrolment ?? a.customer}`));

function Tile({ path: p, alerts }: { path: PathCard; alerts: number }) {
  return (
    <article class="card path-card">
      <div class="path-card-top"><h2><a href={"/path/" + encodeURIComponent(p.map)}>{p.title}</a></h2>{alerts > 0 && <Chip tone="bad">{tn(alerts, "{n} alert", "{n} alerts")}</Chip>}</div>
      {p.arrival && <p class="quiet">{p.arrival}</p>}
      {p.clients > 0 ? <><StatesBar states={p.states} n={p.clients} /><p>{statesSentence(p.states)}</p></> : <p class="quiet">{t("Nobody is on it yet.")}</p>}
      <p class="note">{tn(p.clients, "{n} client", "{n} clients")} · {tn(p.phases, "{n} phase", "{n} phases")}</p>
    </article>
  );
}
/** How many are in which state, as one bar; the words beside it say the same. */
export function StatesBar({ states, n }: { states: Partial<Record<PathState, number>>; n: number }) {
  return <span class="states-bar" aria-hidden="true">{STATES.map((s) => states[s] ? <i key={s} class={"s-" + s} style={{ flexGrow: states[s]! / n }} title={`${stateWord(s)}: ${states[s]}`} /> : null)}</span>;
}
