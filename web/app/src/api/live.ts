/** Live updates: one EventSource per page, opened again with back-off when it breaks.
 *   const stop = live({ map: id, on: { operation: (e) => …, presence: (e) => … }, onState: (open) => … }) */
import { askWhoIsHere, backOff } from "./client";
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
    source.addEventListener("bye", () => { stopped = true; source?.close(); onState?.(false); void askWhoIsHere().catch(() => {}); });
  };
  open();
  const leave = () => source?.close(); // a page put aside by the browser keeps no connection
  addEventListener("pagehide", leave);
  return () => {
    stopped = true;
    clearTimeout(timer);
    source?.close();
    removeEventListener("pagehide", leave);
  };
}
