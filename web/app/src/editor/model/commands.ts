// What a person does to a map, as operations: add, move, split, merge, duplicate, delete phases and steps, paste a
// block. Every operation alone leaves a map that the server accepts: references go before what they refer to.
import { apply } from "./apply.ts";
import {
  phaseOf, steps, stepOf, type Action, type Feeling, type Item, type MapDocument, type Operation, type Persona, type PersonaFeeling,
  type Phase, type Step, type Thing, type Touchpoint,
} from "./document.ts";
import { newId } from "./ids.ts";
import type { Lane } from "./lanes.ts";
import { cellOperations, customOf, type Words } from "./text.ts";
import { brokenChoice, choiceOf } from "./valid.ts";

const thing = (value: object): Thing => value as Thing;

// ---- steps ----

export function newStep(title: string): Step {
  return { id: newId("step"), title };
}

export function addStep(phase: string, before: string, step: Step): Operation[] {
  return [{ op: "insert", at: phase, list: "steps", before, value: thing(step) }];
}

/** A new step right after this one; within its phase. */
export function addStepAfter(map: MapDocument, after: string, step: Step): Operation[] {
  const phase = phaseOf(map, after);
  if (!phase) return [];
  const list = phase.steps ?? [];
  const next = list[list.findIndex((one) => one.id === after) + 1];
  return addStep(phase.id, next?.id ?? "", step);
}

/** What the actions say of things that will be gone. */
function releaseFromActions(map: MapDocument, gone: Set<string>): Operation[] {
  const operations: Operation[] = [];
  for (const action of map.actions ?? []) {
    for (const field of ["pains", "steps"] as const) {
      const list = action[field] ?? [];
      if (list.some((id) => gone.has(id))) operations.push({ op: "set", at: action.id, field, value: list.filter((id) => !gone.has(id)) });
    }
  }
  return operations;
}

function idsIn(step: Step): string[] {
  return [step.id, ...(step.pains ?? []).map((pain) => pain.id)];
}

export function deleteSteps(map: MapDocument, ids: string[]): Operation[] {
  const gone = steps(map).filter((step) => ids.includes(step.id));
  const release = releaseFromActions(map, new Set(gone.flatMap(idsIn)));
  return [...release, ...gone.map((step): Operation => ({ op: "delete", item: step.id }))];
}

export function deletePain(map: MapDocument, id: string): Operation[] {
  return [...releaseFromActions(map, new Set([id])), { op: "delete", item: id }];
}

/** Deleting lines of a pains cell takes them out of the actions first. */
export function withReleases(map: MapDocument, operations: Operation[]): Operation[] {
  const gone = new Set(operations.flatMap((one) => (one.op === "delete" ? [one.item] : [])));
  return gone.size ? [...releaseFromActions(map, gone), ...operations] : operations;
}

/** Into this phase, before that step ("": the end). A choice is not torn apart: the step leaves it, or stands beside it. */
export function moveStep(map: MapDocument, id: string, phase: string, before: string): Operation[] {
  const step = stepOf(map, id);
  const list = map.phases.find((one) => one.id === phase)?.steps ?? [];
  if (!step || before === id) return [];
  const at = list.findIndex((one) => one.id === id);
  if (at >= 0 && (list[at + 1]?.id ?? "") === before) return [];
  const move: Operation = { op: "move", item: id, at: phase, list: "steps", before };
  const moved = (operations: Operation[]) => operations.reduce((now, one) => apply(now, one).document, map);
  if (!brokenChoice(steps(moved([move])))) return [move];
  if (choiceOf(step).group) {
    const leave: Operation = { op: "set", at: id, field: "choice" };
    if (!brokenChoice(steps(moved([leave])))) {
      const both = [leave, move];
      if (!brokenChoice(steps(moved(both)))) return both;
    }
  }
  const target = list.findIndex((one) => one.id === before);
  for (let far = 1; far <= list.length; far++) { // the nearest place where nothing is torn
    for (const index of [target + far, target - far]) {
      if (index < 0 || index > list.length || list[index]?.id === id) continue;
      const other: Operation = { ...move, before: list[index]?.id ?? "" };
      if (!brokenChoice(steps(moved([other])))) return [other];
    }
  }
  return [];
}

/** One place to the left or right, over the borders of phases. */
export function nudgeStep(map: MapDocument, id: string, by: -1 | 1): Operation[] {
  const p = map.phases.findIndex((phase) => phase.steps?.some((step) => step.id === id));
  const list = map.phases[p]?.steps ?? [];
  const at = list.findIndex((step) => step.id === id);
  if (p < 0) return [];
  if (by < 0) {
    if (at > 0) return moveStep(map, id, map.phases[p]!.id, list[at - 1]!.id);
    return p > 0 ? moveStep(map, id, map.phases[p - 1]!.id, "") : [];
  }
  if (at < list.length - 1) return moveStep(map, id, map.phases[p]!.id, list[at + 2]?.id ?? "");
  const next = map.phases[p + 1];
  return next ? moveStep(map, id, next.id, next.steps?.[0]?.id ?? "") : [];
}

/** A copy with ids of its own throughout. */
export function copyOf<T extends object>(value: T, kinds: Record<string, string> = {}): T {
  const again = (one: unknown, kind: string): unknown => {
    if (Array.isArray(one)) return one.map((inside) => again(inside, kind));
    if (typeof one !== "object" || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, inside]) =>
      [key, key === "id" && typeof inside === "string" ? newId(kind) : again(inside, kinds[key] ?? (key.replace(/s$/, "") || "item"))]));
  };
  return again(value, "step") as T;
}

export function duplicateSteps(map: MapDocument, ids: string[]): { operations: Operation[]; made: string[] } {
  const operations: Operation[] = [], made: string[] = [];
  for (const phase of map.phases) {
    const list = phase.steps ?? [];
    const chosen = list.filter((step) => ids.includes(step.id));
    if (!chosen.length) continue;
    const last = list.indexOf(chosen[chosen.length - 1]!);
    const inChoice = choiceOf(list[last]!).group;
    let next = last + 1;
    while (inChoice && list[next] && choiceOf(list[next]!).group === inChoice) next++;
    for (const step of chosen) {
      const { choice: _choice, ...rest } = step;
      const copy = copyOf(rest) as Step;
      made.push(copy.id);
      operations.push(...addStep(phase.id, list[next]?.id ?? "", copy));
    }
  }
  return { operations, made };
}

// ---- split and merge ----

/** Sentences or lines, the first half and the second. */
function halves(text: string): [string, string] {
  const parts = text.includes("\n") ? text.split("\n") : text.split(/(?<=[.!?…;])\s+|(?<=,)\s+(?=\S)/);
  if (parts.length < 2) return [text, ""];
  const middle = Math.ceil(parts.length / 2);
  const glue = text.includes("\n") ? "\n" : " ";
  return [parts.slice(0, middle).join(glue).replace(/,$/, ""), parts.slice(middle).join(glue)];
}

/** The step becomes two: texts of several sentences and lists of several things are shared out. */
export function splitStep(map: MapDocument, id: string, secondTitle: string): { operations: Operation[]; made: string } {
  const step = stepOf(map, id), phase = phaseOf(map, id);
  const second = newStep(secondTitle);
  if (!step || !phase) return { operations: [], made: "" };
  const operations: Operation[] = [];
  const target = second as unknown as Thing;
  for (const field of ["doing", "thinking"] as const) {
    const [first, rest] = halves(step[field] ?? "");
    if (!rest) continue;
    operations.push({ op: "set", at: id, field, value: first });
    target[field] = rest;
  }
  if (step.owner) second.owner = step.owner;
  const choice = choiceOf(step);
  if (choice.group) {
    if (typeof step.choice === "string" || !step.choice?.branch) operations.push({ op: "set", at: id, field: "choice", value: { group: choice.group, branch: step.id } });
    second.choice = { group: choice.group, branch: choice.branch };
  }
  const moves: Operation[] = [];
  for (const field of ["touchpoints", "pains", "opportunities"] as const) {
    const list: { id: string }[] = step[field] ?? [];
    for (const item of list.slice(Math.ceil(list.length / 2))) moves.push({ op: "move", item: item.id, at: second.id, list: field });
  }
  for (const field of ["needs", "backstage", "objectives", "match"] as const) {
    const list = step[field] ?? [];
    const middle = Math.ceil(list.length / 2);
    if (list.length < 2) continue;
    operations.push({ op: "set", at: id, field, value: list.slice(0, middle) as Thing[] });
    target[field] = list.slice(middle) as Thing[];
  }
  return { operations: [...operations, ...addStepAfter(map, id, second), ...moves], made: second.id };
}

const joined = (texts: (string | null | undefined)[], glue: string): string =>
  [...new Set(texts.filter((one): one is string => Boolean(one?.trim())))].join(glue);

function mergedFeeling(feelings: Feeling[]): Feeling {
  const said = feelings.filter((one) => typeof one.valence === "number");
  const feeling: Feeling = {};
  const emotion = joined(feelings.map((one) => one.emotion), ", ");
  if (emotion) feeling.emotion = emotion;
  if (said.length) feeling.valence = Math.round(10 * said.reduce((sum, one) => sum + one.valence!, 0) / said.length) / 10;
  return feeling;
}

/** Into the first of them: nothing that any of them says is lost. */
export function mergeSteps(map: MapDocument, ids: string[]): Operation[] {
  const chosen = steps(map).filter((step) => ids.includes(step.id));
  const [first, ...others] = chosen;
  if (!first || !others.length) return [];
  const operations: Operation[] = [];
  const set = (field: string, value: Thing[string], old: unknown) => {
    if (JSON.stringify(value) !== JSON.stringify(old ?? null)) operations.push({ op: "set", at: first.id, field, value });
  };
  set("title", joined(chosen.map((step) => step.title), " / "), first.title);
  for (const field of ["doing", "thinking"] as const) {
    const text = joined(chosen.map((step) => step[field]), "\n");
    if (text) set(field, text, first[field]);
  }
  const owner = chosen.find((step) => step.owner)?.owner;
  if (owner) set("owner", owner, first.owner);
  const feeling = mergedFeeling(chosen.map((step) => step.feeling ?? {}));
  if (feeling.emotion) set("feeling.emotion", feeling.emotion, first.feeling?.emotion);
  if (feeling.valence !== undefined) set("feeling.valence", feeling.valence, first.feeling?.valence);
  const feelings = mergedFeelings(map, chosen);
  if (feelings.length) set("feelings", feelings as unknown as Thing[], first.feelings);
  for (const field of ["needs", "backstage", "objectives", "match"] as const) {
    const list = [...new Map(chosen.flatMap((step) => step[field] ?? []).map((one) => [JSON.stringify(one), one])).values()];
    if (list.length) set(field, list as Thing[], first[field]);
  }
  for (const field of ["moment_of_truth", "repeatable"] as const) if (chosen.some((step) => step[field])) set(field, true, first[field]);
  if (first.optional && !chosen.every((step) => step.optional)) operations.push({ op: "set", at: first.id, field: "optional" });
  for (const lane of new Set(chosen.flatMap((step) => Object.keys(step.custom ?? {})))) {
    const values = chosen.map((step) => customOf(step, lane)).filter((one) => one !== undefined && one !== null && one !== "");
    const value = values.every((one) => typeof one === "string") ? joined(values as string[], "\n") : values[0];
    if (value !== undefined) set(`custom.${lane}`, value as Thing[string], customOf(first, lane));
  }
  for (const step of others) {
    for (const field of ["touchpoints", "pains", "opportunities"] as const) {
      for (const item of (step[field] ?? []) as (Touchpoint | Item)[]) operations.push({ op: "move", item: item.id, at: first.id, list: field });
    }
  }
  const gone = new Set(others.map((step) => step.id));
  for (const action of map.actions ?? []) {
    if (!action.steps?.some((id) => gone.has(id))) continue;
    operations.push({ op: "set", at: action.id, field: "steps", value: [...new Set(action.steps.map((id) => (gone.has(id) ? first.id : id)))] });
  }
  return [...operations, ...others.map((step): Operation => ({ op: "delete", item: step.id }))];
}

function mergedFeelings(map: MapDocument, chosen: Step[]): PersonaFeeling[] {
  return (map.personas ?? []).flatMap((persona) => {
    const said = chosen.flatMap((step) => step.feelings ?? []).filter((one) => one.persona === persona.id);
    return said.length ? [{ ...said[0]!, ...mergedFeeling(said), persona: persona.id }] : [];
  });
}

// ---- phases ----

export function newPhase(title: string, list: Step[] = []): Phase {
  return { id: newId("phase"), title, steps: list };
}

export function addPhase(before: string, phase: Phase): Operation[] {
  return [{ op: "insert", at: "", list: "phases", before, value: thing(phase) }];
}

export function nudgePhase(map: MapDocument, id: string, by: -1 | 1): Operation[] {
  const at = map.phases.findIndex((phase) => phase.id === id);
  const to = at + by;
  if (at < 0 || to < 0 || to >= map.phases.length) return [];
  return movePhase(map, id, by < 0 ? map.phases[to]!.id : map.phases[to + 1]?.id ?? "");
}

export function movePhase(map: MapDocument, id: string, before: string): Operation[] {
  const at = map.phases.findIndex((phase) => phase.id === id);
  if (at < 0 || before === id || (map.phases[at + 1]?.id ?? "") === before) return [];
  const move: Operation = { op: "move", item: id, at: "", list: "phases", before };
  return brokenChoice(steps(apply(map, move).document)) ? [] : [move];
}

export function deletePhase(map: MapDocument, id: string): Operation[] {
  const phase = map.phases.find((one) => one.id === id);
  if (!phase) return [];
  return [...releaseFromActions(map, new Set((phase.steps ?? []).flatMap(idsIn))), { op: "delete", item: id }];
}

export function duplicatePhase(map: MapDocument, id: string): { operations: Operation[]; made: string } {
  const at = map.phases.findIndex((phase) => phase.id === id);
  if (at < 0) return { operations: [], made: "" };
  const copy = copyOf(map.phases[at]!, { steps: "step" }) as Phase;
  copy.id = newId("phase");
  copy.steps = (copy.steps ?? []).map(({ choice: _choice, ...rest }) => rest);
  return { operations: addPhase(map.phases[at + 1]?.id ?? "", copy), made: copy.id };
}

/** From this step on, a phase of its own. */
export function splitPhase(map: MapDocument, step: string, title: string): { operations: Operation[]; made: string } {
  const phase = phaseOf(map, step);
  const list = phase?.steps ?? [];
  const at = list.findIndex((one) => one.id === step);
  if (!phase || at < 1) return { operations: [], made: "" };
  const made = newPhase(title);
  const next = map.phases[map.phases.indexOf(phase) + 1]?.id ?? "";
  const moves = list.slice(at).reverse().map((one, i, all): Operation => // the last first: a choice stays together on the way
    ({ op: "move", item: one.id, at: made.id, list: "steps", before: i ? all[i - 1]!.id : "" }));
  return { operations: [...addPhase(next, made), ...moves], made: made.id };
}

/** With the phase to its right. */
export function mergePhases(map: MapDocument, id: string): Operation[] {
  const at = map.phases.findIndex((phase) => phase.id === id);
  const phase = map.phases[at], next = map.phases[at + 1];
  if (!phase || !next) return [];
  const operations: Operation[] = [];
  const title = joined([phase.title, next.title], " / ");
  if (title !== phase.title) operations.push({ op: "set", at: id, field: "title", value: title });
  for (const field of ["aim", "milestone"] as const) {
    const text = joined([phase[field], next[field]], "\n");
    if (text && text !== phase[field]) operations.push({ op: "set", at: id, field, value: text });
  }
  for (const step of next.steps ?? []) operations.push({ op: "move", item: step.id, at: id, list: "steps" });
  return [...operations, { op: "delete", item: next.id }];
}

// ---- feelings of several personas ----

export function feelingOf(map: MapDocument, step: Step, persona: string): Feeling {
  const protagonist = !persona || map.personas?.[0]?.id === persona;
  if (protagonist && step.feeling) return step.feeling;
  return step.feelings?.find((one) => one.persona === (persona || map.personas?.[0]?.id)) ?? {};
}

export function setFeeling(map: MapDocument, step: Step, persona: string, change: Feeling): Operation[] {
  const protagonist = !persona || map.personas?.[0]?.id === persona;
  const at = (step.feelings ?? []).findIndex((one) => one.persona === persona);
  const own = step.feelings?.[at];
  const now = feelingOf(map, step, persona);
  const changed = Object.entries(change).filter(([field, value]) => value !== now[field as keyof Feeling]) as [string, string | number | null][];
  if (!changed.length) return [];
  if (!protagonist && !own) {
    const said = Object.fromEntries(changed.filter(([, value]) => value !== null && value !== ""));
    return Object.keys(said).length ? [{ op: "insert", at: step.id, list: "feelings", value: { id: newId("feeling"), persona, ...said } }] : [];
  }
  // What only `feelings` says of the protagonist is carried over whole: from then on `feeling` speaks.
  const carried = protagonist && !step.feeling && own ? Object.entries(own).filter(([field]) => ["emotion", "valence", "note"].includes(field) && !(field in change)) : [];
  return [...carried as [string, string | number | null][], ...changed].map(([field, value]): Operation => {
    const place = protagonist ? { at: step.id, field: `feeling.${field}` } : own!.id ? { at: own!.id, field } : { at: step.id, field: `feelings.${at}.${field}` };
    return value === null || value === "" ? { op: "set", ...place } : { op: "set", ...place, value };
  });
}

export function addPersona(persona: Persona): Operation[] {
  return [{ op: "insert", at: "", list: "personas", value: thing(persona) }];
}

/** And what the steps say of it. */
export function deletePersona(map: MapDocument, id: string): Operation[] {
  const first = map.personas?.[0]?.id === id;
  const operations = steps(map).flatMap((step): Operation[] => {
    const left = (step.feelings ?? []).filter((one) => one.persona !== id);
    const clear: Operation[] = left.length === (step.feelings ?? []).length ? [] : [{ op: "set", at: step.id, field: "feelings", value: left as unknown as Thing[] }];
    return first && (map.personas?.length ?? 0) > 1 && step.feeling ? [...clear, { op: "set", at: step.id, field: "feeling" }] : clear;
  });
  return [...operations, { op: "delete", item: id }];
}

/** Before all others; each keeps its own feelings: the old protagonist's go among the others'. */
export function makeProtagonist(map: MapDocument, id: string): Operation[] {
  const old = map.personas?.[0];
  if (!old || old.id === id) return [];
  const operations: Operation[] = [{ op: "move", item: id, at: "", list: "personas", before: old.id }];
  const swaps = steps(map).flatMap((step): Operation[] => {
    const mine = step.feelings?.find((one) => one.persona === id);
    const others = (step.feelings ?? []).filter((one) => one.persona !== id && one.persona !== old.id);
    const theirs = step.feeling ?? step.feelings?.find((one) => one.persona === old.id);
    if (!mine && !theirs) return [];
    const { id: _i, persona: _p, ...feeling } = (mine ?? {}) as PersonaFeeling;
    const list = theirs ? [...others, { ...theirs, id: newId("feeling"), persona: old.id }] : others;
    return [
      Object.keys(feeling).length ? { op: "set", at: step.id, field: "feeling", value: feeling as Thing } : { op: "set", at: step.id, field: "feeling" },
      { op: "set", at: step.id, field: "feelings", value: list as unknown as Thing[] },
    ];
  });
  return [...operations, ...swaps];
}

// ---- actions ----

export function actionsOf(map: MapDocument, step: Step): Action[] {
  const pains = new Set((step.pains ?? []).map((pain) => pain.id));
  return (map.actions ?? []).filter((action) => action.steps?.includes(step.id) || action.pains?.some((id) => pains.has(id)));
}

export function saveAction(map: MapDocument, action: Action): Operation[] {
  const old = map.actions?.find((one) => one.id === action.id);
  if (!old) return [{ op: "insert", at: "", list: "actions", value: thing(Object.fromEntries(Object.entries(action).filter(([, value]) => value !== "" && value !== null && value !== undefined))) }];
  const fields = new Set([...Object.keys(old), ...Object.keys(action)]) as Set<keyof Action>;
  return [...fields].flatMap((field): Operation[] => {
    const value = action[field] ?? "";
    if (field === "id" || JSON.stringify(value) === JSON.stringify(old[field] ?? "")) return [];
    const empty = value === "" || (Array.isArray(value) && !value.length);
    return [empty ? { op: "set", at: action.id, field } : { op: "set", at: action.id, field, value: value as Thing[string] }];
  });
}

// ---- pasting a block ----

export type Row = "phase" | "step" | Lane;

/** The block's top left cell goes to (row, step); steps are added at the end of the phase when the block is wider.
 * One change: the caller makes it one step of undo. */
export function pasteBlock(map: MapDocument, rows: Row[], row: number, step: string, block: string[][], words: Words, untitled: string): { operations: Operation[]; made: string[] } {
  const operations: Operation[] = [], made: string[] = [];
  const all = steps(map);
  const start = all.findIndex((one) => one.id === step);
  const phase = phaseOf(map, step) ?? map.phases[map.phases.length - 1];
  if (!phase || start < 0) return { operations, made };
  let now = map;
  const act = (more: Operation[]) => {
    for (const operation of withReleases(now, more)) {
      now = apply(now, operation).document;
      operations.push(operation);
    }
  };
  const width = Math.max(...block.map((cells) => cells.length));
  const titles = block[rows.slice(row).findIndex((one) => one === "step")] ?? [];
  const target: string[] = all.slice(start, start + width).map((one) => one.id);
  const last = now.phases[now.phases.length - 1]!;
  const home = start + width > all.length ? last : phase;
  while (target.length < width) {
    const added = newStep(titles[target.length]?.trim() || untitled);
    made.push(added.id);
    act(addStep(home.id, "", added));
    target.push(added.id);
  }
  block.forEach((cells, y) => {
    const place = rows[row + y];
    if (place === undefined) return;
    cells.forEach((cell, x) => {
      const id = target[x]!;
      const own = stepOf(now, id)!;
      if (place === "step") {
        const title = cell.trim().replace(/\s*\n\s*/g, " ");
        if (title && title !== own.title) act([{ op: "set", at: id, field: "title", value: title }]);
      } else if (place === "phase") {
        const title = cell.trim(), inside = phaseOf(now, id)!;
        if (title && inside.steps?.[0]?.id === id && title !== inside.title) act([{ op: "set", at: inside.id, field: "title", value: title }]);
      } else act(cellOperations(own, place, cell, words));
    });
  });
  return { operations, made };
}
