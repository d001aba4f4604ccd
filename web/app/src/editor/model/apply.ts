// One operation on a map document, and what takes it back: src/map/edit.c in TypeScript, rule for rule
// (tests/web/oracle.test.mjs holds the two against each other). Documents are never changed in place:
// what an operation does not touch is shared between the old document and the new one, so that a cell
// whose step is the same object need not be drawn again.
import { idOf, isThing, type Json, type Operation, type Thing } from "./document.ts";

export type Fault = "input" | "not-found" | "conflict";
export class Refusal extends Error {
  constructor(readonly code: Fault, what: string) {
    super(what);
  }
}
export interface Applied<T> { document: T; inverse: Operation }

const DEPTH = 32;
const PATH_BYTES = 512;
type Key = string | number;
interface Place { holder: Key[]; key: string; index: number; owner: string; path: string; item: Thing; list: Json[] }

const fail = (code: Fault, what: string): never => {
  throw new Refusal(code, what);
};
const text = (value: unknown): string => (typeof value === "string" ? value : "");

// ---- finding ----

function findIn(object: Thing, at: Key[], owner: string, prefix: string, id: string, depth: number): Place | null {
  if (depth > DEPTH) return null;
  for (const key of Object.keys(object)) {
    const value = object[key]!;
    if (typeof value !== "object" || value === null) continue;
    const path = prefix ? `${prefix}.${key}` : key;
    if (path.length >= PATH_BYTES) continue;
    if (!Array.isArray(value)) {
      const found = findIn(value, [...at, key], owner, path, id, depth + 1);
      if (found) return found;
      continue;
    }
    for (let index = 0; index < value.length; index++) {
      const item = value[index];
      if (!isThing(item)) continue;
      const own = idOf(item);
      if (own === id) return { holder: at, key, index, owner, path, item, list: value };
      if (!own) continue;
      const found = findIn(item, [...at, key, index], own, "", id, depth + 1);
      if (found) return found;
    }
  }
  return null;
}

export function findItem(document: Thing, id: string): Place | null {
  return id ? findIn(document, [], "", "", id, 0) : null;
}

/** Where the owner stands: the way from the document down to it. */
function findOwner(document: Thing, id: string): Key[] {
  if (!id || id === idOf(document)) return [];
  const place = findItem(document, id) ?? fail("not-found", id);
  return [...place.holder, place.key, place.index];
}

// ---- reading and writing at a place ----

function get(value: Json | undefined, way: Key[]): Json | undefined {
  for (const key of way) value = child(value, key);
  return value;
}

function child(holder: Json | undefined, key: Key): Json | undefined {
  if (Array.isArray(holder)) {
    const index = typeof key === "number" ? key : listIndex(key);
    return index === null ? undefined : holder[index];
  }
  return isThing(holder) && Object.hasOwn(holder, key) ? holder[key] : undefined;
}

function listIndex(key: string): number | null {
  if (!/^[+-]?[0-9]+$/.test(key)) return null;
  const index = Number(key);
  return index >= 0 && index <= Number.MAX_SAFE_INTEGER ? index + 0 : null;
}

/** The document with `value` at `way`; undefined takes it out. Only what lies on the way is copied. */
function put(value: Json | undefined, way: Key[], to: Json | undefined, depth = 0): Json | undefined {
  if (depth === way.length) return to;
  const key = way[depth]!;
  if (Array.isArray(value)) {
    const index = typeof key === "number" ? key : listIndex(key)!;
    const copy = value.slice();
    copy[index] = put(value[index], way, to, depth + 1)!;
    return copy;
  }
  const object = isThing(value) ? value : {};
  const next = put(child(object, key), way, to, depth + 1);
  const copy: Thing = { ...object };
  if (next === undefined) delete copy[key];
  else define(copy, String(key), next);
  return copy;
}

/** "__proto__" is a name like any other. */
function define(object: Thing, key: string, value: Json): void {
  if (key === "__proto__") Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  else object[key] = value;
}

interface Target {
  way: Key[]; // to the holder
  key: string;
  holder: Json; // the object or list there; {} where it would have to be made
  made: number; // how many words of the path end at the topmost object that had to be made; 0: none
}

function goDown(document: Thing, owner: Key[], path: string): Target {
  const words = path.split(".");
  if (words.length > DEPTH + 1 || words.some((word) => !word || word.length >= PATH_BYTES)) fail("input", "field");
  let holder: Json = get(document, owner)!;
  const way = [...owner];
  let made = 0;
  for (let i = 0; i < words.length - 1; i++) {
    const next = child(holder, words[i]!);
    way.push(words[i]!);
    if (typeof next === "object" && next !== null) {
      holder = next;
      continue;
    }
    if (!isThing(holder) || (next !== undefined && next !== null)) fail("input", "field");
    if (!made) made = i + 1;
    holder = {};
  }
  return { way, key: words[words.length - 1]!, holder, made };
}

// ---- the operations ----

type SetOperation = Extract<Operation, { op: "set" }>;

function applySet(document: Thing, operation: SetOperation): Applied<Thing> {
  const at = text(operation.at), field = text(operation.field);
  if (field === "id" || field.endsWith(".id")) fail("input", "id");
  const owner = findOwner(document, at);
  const target = goDown(document, owner, field);
  const has = Object.hasOwn(operation, "value") && operation.value !== undefined;
  const old = child(target.holder, target.key);
  if (Array.isArray(target.holder) && (!has || old === undefined)) fail("not-found", field);
  let inverse: Operation = { op: "set", at, field };
  if (target.made) inverse.field = field.split(".").slice(0, target.made).join(".");
  else if (old !== undefined) inverse = { op: "set", at, field, value: old };
  if (!has && (target.made || old === undefined)) return { document, inverse };
  const way = [...target.way, target.key];
  return { document: put(document, way, has ? operation.value : undefined) as Thing, inverse };
}

function indexBefore(list: Json[], before: string): number {
  const index = before ? list.findIndex((one) => idOf(one) === before) : -1;
  return index < 0 ? list.length : index;
}

/** The list `path` of the owner: its way, what it holds, and whether it has to be made. */
function findList(document: Thing, at: string, path: string): { way: Key[]; list: Json[]; made: boolean } {
  const target = goDown(document, findOwner(document, at), path);
  const list = child(target.holder, target.key);
  const way = [...target.way, target.key];
  if (Array.isArray(list)) return { way, list, made: false };
  if ((list !== undefined && list !== null) || !isThing(target.holder)) fail("input", "list");
  return { way, list: [], made: true };
}

function idsAreNew(document: Thing, value: Thing, depth: number): void {
  if (depth > DEPTH) fail("input", "depth");
  const id = idOf(value);
  if (id && findItem(document, id)) fail("conflict", id);
  for (const inside of Object.values(value)) {
    if (isThing(inside)) idsAreNew(document, inside, depth + 1);
    else if (Array.isArray(inside)) for (const one of inside) if (isThing(one)) idsAreNew(document, one, depth + 1);
  }
}

function inserted(list: Json[], index: number, item: Json): Json[] {
  return [...list.slice(0, index), item, ...list.slice(index)];
}

function applyInsert(document: Thing, operation: Extract<Operation, { op: "insert" }>): Applied<Thing> {
  const value = operation.value;
  if (!isThing(value) || !idOf(value)) fail("input", "id");
  idsAreNew(document, value, 0);
  const { way, list, made } = findList(document, text(operation.at), text(operation.list));
  const inverse: Operation = { op: "delete", item: idOf(value) };
  if (made) inverse.tidy = true;
  const next = inserted(list, indexBefore(list, text(operation.before)), value);
  return { document: put(document, way, next) as Thing, inverse };
}

function without(document: Thing, place: Place, tidy: boolean): Thing {
  const left = [...place.list.slice(0, place.index), ...place.list.slice(place.index + 1)];
  return put(document, [...place.holder, place.key], tidy && !left.length ? undefined : left) as Thing;
}

function applyDelete(document: Thing, operation: Extract<Operation, { op: "delete" }>): Applied<Thing> {
  const id = text(operation.item);
  const place = findItem(document, id) ?? fail("not-found", id);
  const before = idOf(place.list[place.index + 1]);
  return {
    document: without(document, place, operation.tidy === true),
    inverse: { op: "insert", at: place.owner, list: place.path, before, value: place.item },
  };
}

function applyMove(document: Thing, operation: Extract<Operation, { op: "move" }>): Applied<Thing> {
  const id = text(operation.item), at = text(operation.at), path = text(operation.list);
  const place = findItem(document, id) ?? fail("not-found", id);
  if (at === id || (at && findIn(place.item, [], id, "", at, 0))) fail("input", "into itself");
  const inverse: Operation = { op: "move", item: id, at: place.owner, list: place.path, before: idOf(place.list[place.index + 1]) };
  const from = [...place.holder, place.key];
  const target = findList(document, at, path);
  const inside = starts(target.way, from) ? target.way[from.length] : undefined; // the target lies beyond this neighbour
  if (inside !== undefined && Number(inside) === place.index) fail("input", "into itself");
  if (target.made) {
    inverse.tidy = true;
    document = put(document, target.way, []) as Thing;
  }
  const stays = target.way.length === from.length && inside === undefined && starts(target.way, from);
  const source = { ...place, list: get(document, from) as Json[] };
  const gone = without(document, source, operation.tidy === true && !stays);
  const way = target.way.slice();
  if (inside !== undefined && Number(inside) > place.index) way[from.length] = Number(inside) - 1;
  const list = get(gone, way) as Json[];
  const next = inserted(list, indexBefore(list, text(operation.before)), place.item);
  return { document: put(gone, way, next) as Thing, inverse };
}

function starts(way: Key[], head: Key[]): boolean {
  return way.length >= head.length && head.every((key, i) => String(key) === String(way[i]));
}

/** Throws a Refusal and changes nothing when the operation cannot be. */
export function apply<T extends object>(document: T, operation: Operation): Applied<T> {
  const map = document as unknown as Thing;
  const done = (): Applied<Thing> => {
    switch (operation.op) {
      case "set": return applySet(map, operation);
      case "insert": return applyInsert(map, operation);
      case "move": return applyMove(map, operation);
      case "delete": return applyDelete(map, operation);
      case "replace":
        if (!isThing(operation.value)) fail("input", "document");
        return { document: operation.value, inverse: { op: "replace", value: map } };
      default: return fail("input", "kind");
    }
  };
  return done() as unknown as Applied<T>;
}
