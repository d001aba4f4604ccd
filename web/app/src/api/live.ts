/** Live updates: one EventSource per page, opened again with back-off when it breaks.
 *   const stop = live({ map: id, on: { operation: (e) => …, presence: (e) => … }, onState: (open) => … }) */
import { askWhoIsHere, backOff } from "./client";
import { person } from "../app/session";
import { lang } from "../lang/lang";
import type { LiveEvents } from "./types";

export interface LiveOptions {
  map?: string;
  on: { [K in keyof LiveEvents]?: (event: LiveEvents[K], id: string) => void };
  /** true when (again) open: what was missed meanwhile is yours to fetch. */
  onState?: (open: boolean) => void;
}

export function live({ map, on, onState }: LiveOptions): () => void {
  let source: EventSource | null = null, timer = 0, attempt = 0, stopped = false;
  const open = () => {
    source = new EventSource("/api/v1/live?" + new URLSearchParams({ ...(map ? { map } : {}), lang: lang.value }));
    source.onopen = () => { attempt = 0; onState?.(true); };
    source.onerror = () => {
      onState?.(false);
      source?.close(); // the browser gives up for good on some errors: we do not
      clearTimeout(timer);
      if (!stopped) timer = window.setTimeout(open, backOff(attempt++));
    };
    for (const [name, handler] of Object.entries(on))
      source.addEventListener(name, (e) => {
        const message = e as MessageEvent<string>;
        try {
          (handler as (event: unknown, id: string) => void)(JSON.parse(message.data || "{}"), message.lastEventId);
        } catch (error) {
          console.error(error);
        }
      });
    source.addEventListener("bye", () => { // rights have ended, or the server stops: who is still in, comes back
      source?.close();
      onState?.(false);
      void askWhoIsHere().catch(() => {}).then(() => {
        if (!stopped && person.value) timer = window.setTimeout(open, backOff(attempt++));
      });
    });
  };
  open();
  // A browser opens few connections to one server (six): a tab that nobody looks at gives its own back, and
  // opens it again (onState(true): fetch what was missed) when it is looked at.
  let asleep = 0;
  const sleep = () => { clearTimeout(timer); source?.close(); source = null; onState?.(false); };
  const look = () => {
    clearTimeout(asleep);
    if (document.visibilityState === "hidden") asleep = window.setTimeout(sleep, 10_000);
    else if (!stopped && !source) open();
  };
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", sleep);
  addEventListener("pageshow", look);
  return () => {
    stopped = true;
    clearTimeout(timer);
    clearTimeout(asleep);
    source?.close();
    document.removeEventListener("visibilitychange", look);
    removeEventListener("pagehide", sleep);
    removeEventListener("pageshow", look);
  };
}
