// The lanes of the grid: those of the craft, and those a team adds. The document's `lanes` holds their order,
// which are hidden, and the team's own ones; what a team's lane says of a step stands in the step, `custom.ID`.
import type { LaneEntry, MapDocument, Operation, Step, Thing } from "./document.ts";
import { newId } from "./ids.ts";

export const BUILT_IN = [
  "doing", "touchpoints", "thinking", "feeling", "needs", "reality", "pains", "opportunities", "actions",
  "owner", "backstage", "moment", "match", "objectives",
] as const;
export const CUSTOM = ["text", "note", "number", "image"] as const;
export type BuiltIn = (typeof BUILT_IN)[number];
export type CustomKind = (typeof CUSTOM)[number];
export type LaneKind = BuiltIn | CustomKind;

/** How a cell of the lane is edited and said. */
export type CellForm = "text" | "list" | "items" | "touchpoints" | "feeling" | "flag" | "match" | "actions" | "reality" | "number" | "image" | "department";

export interface Lane {
  id: string; // "lane-doing", or the team's own
  kind: LaneKind;
  form: CellForm;
  field: string; // in the step; "" where it is not in the step
  title: string; // a team's lane; "" where the language has the name
  unit: string;
  hidden: boolean;
  own: boolean; // the team's
}

const FORMS: Record<LaneKind, [CellForm, string]> = {
  doing: ["text", "doing"], touchpoints: ["touchpoints", "touchpoints"], thinking: ["text", "thinking"], feeling: ["feeling", "feeling"],
  needs: ["list", "needs"], reality: ["reality", ""], pains: ["items", "pains"], opportunities: ["items", "opportunities"],
  actions: ["actions", ""], owner: ["department", "owner"], backstage: ["list", "backstage"], moment: ["flag", "moment_of_truth"],
  match: ["match", "match"], objectives: ["list", "objectives"],
  text: ["text", ""], note: ["text", ""], number: ["number", ""], image: ["image", ""],
};

/** Shown before anybody chose: what a map is about; the rest when it has something to say. */
const AT_FIRST = new Set<LaneKind>(["doing", "touchpoints", "thinking", "feeling", "pains", "actions", "reality"]);

function speaks(map: MapDocument, kind: BuiltIn): boolean {
  const field = FORMS[kind][1] as keyof Step;
  return map.phases.some((phase) => phase.steps?.some((step) => {
    const value = step[field];
    return Array.isArray(value) ? value.length > 0 : Boolean(value);
  }));
}

function lane(entry: { id: string; kind: string; title?: string | null; hidden?: boolean | null; unit?: string | null }): Lane | null {
  const kind = entry.kind as LaneKind;
  if (!Object.hasOwn(FORMS, kind)) return null; // of a later version: it survives, unseen
  const own = (CUSTOM as readonly string[]).includes(kind);
  const [form, field] = FORMS[kind];
  return {
    id: entry.id, kind, form, field: own ? `custom.${entry.id}` : field, title: own ? entry.title ?? "" : "",
    unit: entry.unit ?? "", hidden: entry.hidden === true, own,
  };
}

function builtIn(map: MapDocument, kind: BuiltIn): LaneEntry {
  const shown = AT_FIRST.has(kind) || (kind === "objectives" ? map.kind === "success-path" : !["match", "moment"].includes(kind) && speaks(map, kind));
  return { id: `lane-${kind}`, kind, ...(shown ? {} : { hidden: true }) };
}

/** Every lane in the order it is shown, hidden ones too. */
export function lanesOf(map: MapDocument): Lane[] {
  return entriesOf(map).map(lane).filter((one): one is Lane => one !== null);
}

export function entriesOf(map: MapDocument): LaneEntry[] {
  const said = (map.lanes ?? []).filter((one) => one && typeof one.id === "string" && typeof one.kind === "string");
  const there = new Set(said.map((one) => one.kind));
  const entries = [...said];
  for (const [i, kind] of BUILT_IN.entries()) { // a lane nobody spoke of: after the one that usually stands before it
    if (there.has(kind)) continue;
    const before = BUILT_IN.slice(0, i).reverse().find((one) => entries.some((entry) => entry.kind === one));
    const at = before ? entries.findIndex((entry) => entry.kind === before) + 1 : 0;
    entries.splice(at, 0, builtIn(map, kind));
  }
  return entries;
}

/** The first choice writes the whole list down; from then on each change is one of its own. */
function written(map: MapDocument): Operation[] {
  const entries = entriesOf(map);
  const all = (map.lanes ?? []).length === entries.length;
  return all ? [] : [{ op: "set", at: "", field: "lanes", value: entries as unknown as Thing[] }];
}

export function hideLane(map: MapDocument, id: string, hidden: boolean): Operation[] {
  return [...written(map), hidden ? { op: "set", at: id, field: "hidden", value: true } : { op: "set", at: id, field: "hidden" }];
}

export function moveLane(map: MapDocument, id: string, before: string): Operation[] {
  return [...written(map), { op: "move", item: id, at: "", list: "lanes", before }];
}

export function addLane(map: MapDocument, kind: CustomKind, title: string, before = "", unit = ""): { operations: Operation[]; id: string } {
  const id = newId("lane");
  const value: Thing = { id, kind, title, ...(unit ? { unit } : {}) };
  return { id, operations: [...written(map), { op: "insert", at: "", list: "lanes", before, value }] };
}

export function renameLane(id: string, title: string): Operation[] {
  return [{ op: "set", at: id, field: "title", value: title }];
}

/** What it said of the steps stays in them: undo brings the lane back with it. */
export function deleteLane(id: string): Operation[] {
  return [{ op: "delete", item: id }];
}
