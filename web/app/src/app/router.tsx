/** Addresses: History API, patterns like /map/:id, and links that stay links. */
import { signal } from "@preact/signals";

export interface Location { path: string; query: URLSearchParams; hash: string }
const read = (): Location => ({ path: location.pathname, query: new URLSearchParams(location.search), hash: location.hash });
export const where = signal<Location>(read());

let guard: (() => boolean | Promise<boolean>) | null = null;
/** Ask before the page is left: false stays. Give null to take it off. */
export function beforeLeaving(check: (() => boolean | Promise<boolean>) | null): void {
  guard = check;
}

/** keep: the place in the page and the focus stay (for filters in the address). */
export async function go(to: string, options: { replace?: boolean; keep?: boolean } = {}): Promise<void> {
  if (guard && !options.keep && !(await guard())) return;
  if (!options.keep) guard = null;
  history[options.replace ? "replaceState" : "pushState"]({}, "", to);
  where.value = read();
  if (!options.keep) arrived.value++;
}
/** Counts real changes of page: focus and scroll follow it. */
export const arrived = signal(0);

addEventListener("popstate", () => { where.value = read(); arrived.value++; });
document.addEventListener("click", (e) => {
  if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
  const link = (e.target as Element | null)?.closest?.("a[href]") as HTMLAnchorElement | null;
  if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
  if (/^\/(api|s|p|metrics|health)(\/|$)/.test(link.pathname)) return;
  if (link.pathname === location.pathname && link.search === location.search && link.hash) return; // within the page
  e.preventDefault();
  void go(link.pathname + link.search + link.hash);
});

/** match("/map/:id", "/map/m1") → {id: "m1"}; null when it does not fit. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const a = pattern.split("/").filter(Boolean), b = path.split("/").filter(Boolean);
  if (a.length !== b.length) return null;
  const found: Record<string, string> = {};
  for (let i = 0; i < a.length; i++) {
    const part = a[i]!, given = b[i]!;
    if (part.startsWith(":")) {
      try { found[part.slice(1)] = decodeURIComponent(given); } catch { return null; }
    } else if (part !== given) return null;
  }
  return found;
}
/** The same page with another query: setQuery({from: "2025-01-01", channel: null}). */
export function setQuery(changes: Record<string, string | string[] | null>, replace = true): void {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    query.delete(name);
    if (Array.isArray(value)) value.forEach((v) => query.append(name, v));
    else if (value !== null && value !== "") query.set(name, value);
  }
  const text = query.toString();
  void go(location.pathname + (text ? "?" + text : ""), { replace, keep: true });
}
