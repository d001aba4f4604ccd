// The question behind a number: which customers it counts. It lives in the address (`people=`), so that
// a list can be sent as a link; from it come the path to ask and the words above the list.
import type { MapDocument } from "../api/types";
import { placedSteps } from "./insight";

export type People =
  | { about: "all" }
  | { about: "step"; step: string; kind: "reached" | "moved-on" | "lost" | "travelling" | "elsewhere" | "seen" | "skipped" | "repeated" | "quoted" }
  | { about: "shortcut"; step: string; to: string; via: string }
  | { about: "jump"; step: string; to: string }
  | { about: "passage"; from: string; to: string }
  | { about: "activity"; activity: string }
  | { about: "variant"; variant: number }
  | { about: "funnel"; at: number; kind: "reached" | "moved-on" | "lost" | "travelling" }
  | { about: "wait"; kind: "arrived" | "waiting" };

const stepKinds = ["reached", "moved-on", "lost", "travelling", "elsewhere", "seen", "skipped", "repeated", "quoted"];
const funnelKinds = ["reached", "moved-on", "lost", "travelling"];

export function writePeople(people: People): string {
  const pairs = Object.entries(people).map(([name, value]): [string, string] => [name, String(value)]);
  return new URLSearchParams(pairs).toString();
}

/** null: nothing that could be asked (an address may hold anything). */
export function readPeople(text: string | null): People | null {
  if (!text) return null;
  const query = new URLSearchParams(text);
  const get = (name: string): string => query.get(name) ?? "";
  const number = (name: string): number => (/^[1-9]\d{0,5}$/.test(get(name)) ? Number(get(name)) : 0);
  const kind = get("kind");
  switch (get("about")) {
    case "all": return { about: "all" };
    case "step": return get("step") && stepKinds.includes(kind) ? ({ about: "step", step: get("step"), kind } as People) : null;
    case "shortcut": return get("via") ? { about: "shortcut", step: get("step"), to: get("to"), via: get("via") } : null;
    case "jump": return get("to") ? { about: "jump", step: get("step"), to: get("to") } : null;
    case "passage": return get("from") || get("to") ? { about: "passage", from: get("from"), to: get("to") } : null;
    case "activity": return get("activity") ? { about: "activity", activity: get("activity") } : null;
    case "variant": return number("variant") ? { about: "variant", variant: number("variant") } : null;
    case "funnel": return number("at") && funnelKinds.includes(kind) ? ({ about: "funnel", at: number("at"), kind } as People) : null;
    case "wait": return kind === "arrived" || kind === "waiting" ? { about: "wait", kind } : null;
    default: return null;
  }
}

/** Path and parameters of the list, without the filter. `page` is the address the question stands in. */
export function askPeople(people: People, map: string, page: URLSearchParams): { path: string; pairs: [string, string][] } {
  const mine = `/maps/${encodeURIComponent(map)}/customers`;
  const some = (...pairs: [string, string][]): [string, string][] => pairs.filter(([, value]) => value !== "");
  switch (people.about) {
    case "all": return { path: "/customers", pairs: [] };
    case "step": return { path: mine, pairs: some(["step", people.step], ["kind", people.kind]) };
    case "shortcut": return { path: mine, pairs: some(["step", people.step], ["kind", "shortcut"], ["to", people.to], ["via", people.via]) };
    case "jump": return { path: mine, pairs: some(["step", people.step], ["kind", "jump"], ["to", people.to]) };
    case "passage": return { path: "/insight/customers", pairs: some(["from", people.from], ["to", people.to]) };
    case "activity": return { path: "/insight/customers", pairs: [["activity", people.activity]] };
    case "variant": return { path: "/insight/customers", pairs: [["variant", String(people.variant)]] };
    case "funnel":
      return { path: "/insight/funnel/customers", pairs: [...funnelPairs(page, map), ["at", String(people.at)], ["kind", people.kind]] };
    case "wait":
      return { path: "/insight/survival/customers", pairs: some(["from", page.get("from") ?? ""], ["to", page.get("to") ?? ""], ["map", map], ["kind", people.kind]) };
  }
}

/** What the funnel builder's address asks of the server. */
export function funnelPairs(page: URLSearchParams, map: string): [string, string][] {
  const pairs = page.getAll("step").map((step): [string, string] => ["step", step]);
  pairs.push(["map", map]);
  if (page.get("window")) pairs.push(["window", page.get("window")!]);
  if (page.get("strict") === "1") pairs.push(["strict", "1"]);
  return pairs;
}

export function stepTitle(map: MapDocument | undefined, id: string): string {
  return (map && placedSteps(map).find(({ step }) => step.id === id)?.step.title) || id;
}
