// The map document as the editor sees it: docs/map.schema.json, every field optional but titles.
// Unknown fields survive every operation; a field that is null is the same as one that is not there.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Thing = { [key: string]: Json };

export interface Feeling { emotion?: string | null; valence?: number | null; note?: string | null }
export interface PersonaFeeling extends Feeling { id?: string; persona: string }
export interface Touchpoint { id: string; title?: string | null; channel?: string | null; department?: string | null }
export interface Item { id: string; text?: string | null }
export type Match = string | { activity: string; channel?: string | null };
export interface Picture { file: string; alt?: string | null }
export type CustomValue = string | number | Picture | null;

export interface Step {
  id: string;
  title: string;
  doing?: string | null;
  thinking?: string | null;
  feeling?: Feeling | null;
  feelings?: PersonaFeeling[] | null;
  touchpoints?: Touchpoint[] | null;
  needs?: string[] | null;
  pains?: Item[] | null;
  opportunities?: Item[] | null;
  moment_of_truth?: boolean | null;
  backstage?: string[] | null;
  objectives?: string[] | null;
  match?: Match[] | null;
  optional?: boolean | null;
  repeatable?: boolean | null;
  choice?: string | { group?: string | null; branch?: string | null } | null;
  owner?: string | null;
  custom?: { [lane: string]: CustomValue } | null;
}
export interface Phase {
  id: string;
  title?: string | null;
  aim?: string | null;
  milestone?: string | null;
  steps?: Step[] | null;
}
export interface Persona {
  id: string;
  name?: string | null;
  filter?: string | null;
  role?: string | null;
  aim?: string | null;
  quote?: string | null;
  needs?: string[] | null;
  expectations?: string[] | null;
  relation?: "end-customer" | "reseller" | null;
  standing?: "acquired" | "prospective" | null;
  weight?: "full" | "light" | null;
  picture?: string | null;
}
export type ActionState = "idea" | "planned" | "doing" | "done" | "verified" | "dropped";
export interface Action {
  id: string;
  title?: string | null;
  pains?: string[] | null;
  steps?: string[] | null;
  owner?: string | null;
  department?: string | null;
  due?: string | null;
  done?: string | null;
  state?: ActionState | null;
  expected?: string | null;
  result?: string | null;
}
export interface Person { name?: string | null; department?: string | null; level?: "operational" | "responsible" | null }
export interface Session {
  id?: string;
  title?: string | null;
  date?: string | null;
  people?: Person[] | null;
  customers?: string[] | null;
}
export interface Metric {
  id: string;
  name?: string | null;
  unit?: string | null;
  baseline?: number | null;
  target?: number | null;
  direction?: "up" | "down" | null;
  due?: string | null;
  reached_by_pct?: number | null;
}
export interface LaneEntry { id: string; kind: string; title?: string | null; hidden?: boolean | null; unit?: string | null }
export interface Dismissal { id: string; rule: string; at?: string | null; about?: string | null; because?: string | null; who?: string | null; on?: string | null }
export interface MapDocument {
  format?: number | null;
  id: string;
  version?: number | null;
  lang?: string | null;
  draft?: boolean | null;
  title: string;
  description?: string | null;
  state?: "as-is" | "to-be" | null;
  kind?: "journey" | "success-path" | null;
  objective?: { text?: string | null; metrics?: Metric[] | null } | null;
  scope?: { kind?: "end-to-end" | "phase" | null; text?: string | null } | null;
  personas?: Persona[] | null;
  start?: string | null;
  arrival?: string | null;
  phases: Phase[];
  actions?: Action[] | null;
  sessions?: Session[] | null;
  sponsor?: string | null;
  updated?: string | null;
  lanes?: LaneEntry[] | null;
  dismissed?: Dismissal[] | null;
}

/** One change of a map: exactly what src/map/edit.h understands. */
export type Operation =
  | { op: "set"; at: string; field: string; value?: Json }
  | { op: "insert"; at: string; list: string; before?: string; value: Thing }
  | { op: "move"; item: string; at: string; list: string; before?: string; tidy?: boolean }
  | { op: "delete"; item: string; tidy?: boolean }
  | { op: "replace"; value: Thing };

export function isThing(value: unknown): value is Thing {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function idOf(value: unknown): string {
  return isThing(value) && typeof value["id"] === "string" ? value["id"] : "";
}

/** Equal as JSON: the order of an object's names does not matter, as in the server. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((one, i) => sameJson(one, b[i]));
  }
  if (!isThing(a) || !isThing(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]));
}

export function steps(map: MapDocument): Step[] {
  return (map.phases ?? []).flatMap((phase) => phase.steps ?? []);
}

export function phaseOf(map: MapDocument, stepId: string): Phase | undefined {
  return map.phases.find((phase) => phase.steps?.some((step) => step.id === stepId));
}

export function stepOf(map: MapDocument, id: string): Step | undefined {
  for (const phase of map.phases) {
    const found = phase.steps?.find((step) => step.id === id);
    if (found) return found;
  }
  return undefined;
}
