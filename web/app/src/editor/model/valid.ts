// What the server would refuse (src/map/read.c), said before it is sent: nobody shall type into a change that
// comes back. The words are the caller's; here is only what and where.
import { steps, type MapDocument, type Step } from "./document.ts";

export interface Invalid { what: "title" | "choice" | "reference" | "too-many-steps" | "too-many-phases" | "too-long"; at: string }
const MOST_STEPS = 500, MOST_PHASES = 200, MOST_BYTES = 20000;

export function choiceOf(step: Step): { group: string; branch: string } {
  const choice = step.choice;
  if (!choice) return { group: "", branch: "" };
  if (typeof choice === "string") return { group: choice, branch: step.id };
  return { group: choice.group ?? "", branch: choice.branch || step.id };
}

/** The first step that stands apart from the others of its choice, or of its branch. */
export function brokenChoice(list: Step[]): Step | null {
  const groups = new Set<string>(), branches = new Set<string>();
  let group = "", branch = "";
  for (const step of list) {
    const own = choiceOf(step);
    const name = JSON.stringify([own.group, own.branch]);
    if (own.group && own.group !== group && groups.has(own.group)) return step;
    if (own.group && (own.group !== group || own.branch !== branch) && branches.has(name)) return step;
    ({ group, branch } = own);
    if (group) { groups.add(group); branches.add(name); }
  }
  return null;
}

const bytes = (text: string): number => (text.length * 3 <= MOST_BYTES ? 0 : new TextEncoder().encode(text).length);

function tooLong(value: unknown): boolean {
  if (typeof value === "string") return bytes(value) > MOST_BYTES;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(tooLong);
}

/** Only what `after` has that `before` had not: an old fault of a file is no reason to refuse a new word. */
export function invalid(before: MapDocument, after: MapDocument): Invalid | null {
  const list = steps(after), old = new Set<unknown>(steps(before));
  if (list.length > MOST_STEPS) return { what: "too-many-steps", at: "" };
  if (after.phases.length > MOST_PHASES) return { what: "too-many-phases", at: "" };
  if (!after.title?.trim()) return { what: "title", at: "" };
  for (const step of list) {
    if (old.has(step)) continue;
    if (!step.title?.trim()) return { what: "title", at: step.id };
    if (tooLong(step)) return { what: "too-long", at: step.id };
  }
  const broken = brokenChoice(list);
  if (broken) return { what: "choice", at: broken.id };
  const known = new Set(list.flatMap((step) => [step.id, ...(step.pains ?? []).map((pain) => pain.id)]));
  for (const action of after.actions ?? []) {
    if ([...(action.pains ?? []), ...(action.steps ?? [])].some((id) => !known.has(id))) return { what: "reference", at: action.id };
  }
  return null;
}
