/** The door: who is here, then the page of the address. */
import { render } from "preact";
import { useEffect } from "preact/hooks";
import { ErrorBoundary, NotFound } from "./app/page";
import { Bare, Layout } from "./app/layout";
import { lazy } from "./app/lazy";
import { go, match, where } from "./app/router";
import { loadSession, person, session } from "./app/session";
import { backOff } from "./api/client";
import { lang, setLang, t } from "./lang/lang";
import { Button, Dialogs, LiveRegion, Toasts } from "./ui";

const routes = [
  { pattern: "/", page: lazy(() => import("./pages/home")) },
  { pattern: "/map/:id", page: lazy(() => import("./editor/page")) },
  { pattern: "/map/:id/step/:step", page: lazy(() => import("./editor/step")) },
  { pattern: "/map/:id/history", page: lazy(() => import("./editor/history")) },
  { pattern: "/map/:id/present", page: lazy(() => import("./editor/present")), alone: true },
  { pattern: "/personas", page: lazy(() => import("./pages/personas")) },
  { pattern: "/personas/:id", page: lazy(() => import("./pages/personas")) },
  { pattern: "/evidence", page: lazy(() => import("./evidence/page")) },
  { pattern: "/customer", page: lazy(() => import("./evidence/customer")) },
  { pattern: "/reality", page: lazy(() => import("./reality/page")) },
  { pattern: "/checks", page: lazy(() => import("./checks/page")) },
  { pattern: "/actions", page: lazy(() => import("./pages/actions")) },
  { pattern: "/results", page: lazy(() => import("./results/page")) },
  { pattern: "/paths", page: lazy(() => import("./paths/page")) },
  { pattern: "/path/:id", page: lazy(() => import("./paths/board")) },
  { pattern: "/path/:id/client", page: lazy(() => import("./paths/found")) },
  { pattern: "/client/:id", page: lazy(() => import("./paths/client")) },
  { pattern: "/whatif", page: lazy(() => import("./results/whatif")) },
  { pattern: "/settings", page: lazy(() => import("./pages/settings")) },
  { pattern: "/settings/:part", page: lazy(() => import("./pages/settings")) },
];
const doors = [
  { pattern: "/login", page: lazy(() => import("./pages/login")) },
  { pattern: "/setup", page: lazy(() => import("./pages/setup")) },
  { pattern: "/invite", page: lazy(() => import("./pages/invite")) },
];

function find<R extends { pattern: string }>(list: R[], path: string): { route: R; params: Record<string, string> } | null {
  for (const route of list) {
    const params = match(route.pattern, path);
    if (params) return { route, params };
  }
  return null;
}

function App() {
  const { path, query } = where.value, who = session.value;
  const door = find(doors, path);
  const wayIn = who && !who.person && !door;
  useEffect(() => {
    if (wayIn) void go(who.needs_owner ? "/setup" : "/login" + (path === "/" ? "" : "?next=" + encodeURIComponent(path + location.search)), { replace: true });
    else if (who?.person && path === "/login") void go(safeNext(query.get("next")), { replace: true });
  }, [wayIn, who, path]);
  if (!who || wayIn) return null;
  if (door) {
    const Door = door.route.page;
    return <Bare><ErrorBoundary at={path}><Door params={door.params} /></ErrorBoundary></Bare>;
  }
  const found = find(routes, path);
  const Here = found?.route.page;
  const page = <ErrorBoundary at={path}>{Here ? <Here key={found!.route.pattern} params={found!.params} /> : <NotFound />}</ErrorBoundary>;
  return found?.route.alone ? <main id="main" tabIndex={-1}>{page}</main> : <Layout>{page}</Layout>;
}
/** Only an address of this site. */
export function safeNext(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) ? next : "/";
}

function Root() {
  // a change of language draws everything anew
  return <><div class="root" key={lang.value}><App /></div><Dialogs /><Toasts /><LiveRegion /></>;
}

async function begin(): Promise<void> {
  const root = document.getElementById("app")!;
  const early = setLang(lang.value).catch(() => {});
  for (let attempt = 0; ; attempt++) {
    try {
      await loadSession();
      break;
    } catch {
      await early;
      render(<div class="starting" role="status"><p>{t("The server cannot be reached. Trying again …")}</p><Button onClick={() => location.reload()}>{t("Try now")}</Button></div>, root);
      await new Promise((wake) => setTimeout(wake, backOff(attempt)));
    }
  }
  render(<Root />, root);
  // The files of this version, for a reload without a network; later, so as not to be in the way now.
  if ("serviceWorker" in navigator) setTimeout(() => void navigator.serviceWorker.register("/sw.js").catch(() => {}), 2000);
}
void begin();
// for the browser tests: has the page settled?
export { person };
