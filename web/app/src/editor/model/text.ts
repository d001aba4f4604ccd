// What a cell says as plain text, and how text becomes a cell: for editing in place, for copying to a
// spreadsheet and pasting from one. One line per thing; a touchpoint is "title · channel · department".
import type { CustomValue, Item, Match, Operation, Step, Thing, Touchpoint } from "./document.ts";
import type { Lane } from "./lanes.ts";
import { newId } from "./ids.ts";

const lines = (text: string): string[] => text.split("\n").map((line) => line.trim()).filter(Boolean);
const DOT = " · ";

export function clampValence(value: number): number {
  return Math.max(-2, Math.min(2, Math.round(value * 10) / 10));
}

/** "delusione −1,5", "-1.5", "gioia": a word, a number, or both. Null: there is neither. */
export function readFeeling(text: string): { emotion?: string; valence?: number } | null {
  const found = /[+\-−–]?\d+(?:[.,]\d+)?/.exec(text);
  const word = (found ? text.slice(0, found.index) + text.slice(found.index + found[0].length) : text).replace(/[\s:;,()]+$|^[\s:;,()]+/g, "").trim();
  const feeling: { emotion?: string; valence?: number } = {};
  if (word) feeling.emotion = word;
  if (found) feeling.valence = clampValence(Number(found[0].replace(/[−–]/, "-").replace(",", ".")));
  return word || found ? feeling : null;
}

export function readNumber(text: string): number | null {
  const plain = text.trim().replace(/[−–]/, "-").replace(/[\s\u00a0\u202f']/g, "");
  const lastComma = plain.lastIndexOf(","), lastDot = plain.lastIndexOf(".");
  const decimal = lastComma > lastDot ? "," : ".";
  const normal = plain.replace(decimal === "," ? /\./g : /,/g, "").replace(decimal, ".");
  return /^[+-]?\d*\.?\d+%?$/.test(normal) ? Number.parseFloat(normal) : null;
}

export function touchpointText(one: Touchpoint): string {
  const parts = [one.title ?? "", one.channel ?? "", one.department ?? ""];
  while (parts.length > 1 && !parts[parts.length - 1]) parts.pop();
  return parts.join(DOT);
}

export function matchText(one: Match): string {
  return typeof one === "string" ? one : one.channel ? `${one.activity}${DOT}${one.channel}` : one.activity;
}

export function customOf(step: Step, lane: string): CustomValue | undefined {
  const custom = step.custom;
  return custom && Object.hasOwn(custom, lane) ? custom[lane] : undefined;
}

export function cellText(step: Step, lane: Lane): string {
  switch (lane.form) {
    case "text": case "department": {
      const value = lane.own ? customOf(step, lane.id) : step[lane.field as "doing"];
      return typeof value === "string" ? value : "";
    }
    case "number": {
      const value = customOf(step, lane.id);
      return typeof value === "number" ? String(value) : "";
    }
    case "list": return ((step[lane.field as "needs"] ?? []) as string[]).join("\n");
    case "items": return (step[lane.field as "pains"] ?? []).map((one) => one.text ?? "").join("\n");
    case "touchpoints": return (step.touchpoints ?? []).map(touchpointText).join("\n");
    case "match": return (step.match ?? []).map(matchText).join("\n");
    case "feeling": {
      const { emotion, valence } = step.feeling ?? {};
      return [emotion ?? "", typeof valence === "number" ? String(valence) : ""].filter(Boolean).join(" ");
    }
    case "flag": return step.moment_of_truth ? "★" : "";
    default: return "";
  }
}

function setOrClear(at: string, field: string, value: Thing[string] | undefined): Operation {
  const empty = value === undefined || value === "" || value === null || value === false || (Array.isArray(value) && !value.length);
  return empty ? { op: "set", at, field } : { op: "set", at, field, value };
}

/** Lines against the items that are there: a line that did not change keeps its item, with all that hangs on it. */
export function itemOperations(at: string, list: string, old: Item[], wanted: string[], kind: string): Operation[] {
  const operations: Operation[] = [];
  const left = [...old];
  const kept: (Item | null)[] = wanted.map((line) => {
    const found = left.findIndex((one) => (one.text ?? "") === line);
    return found < 0 ? null : left.splice(found, 1)[0]!;
  });
  for (let i = 0; i < wanted.length; i++) { // a changed line is the item that stood in its place
    if (kept[i] || !left.length) continue;
    const own = old[i] && left.includes(old[i]!) ? old[i]! : left[0]!;
    left.splice(left.indexOf(own), 1);
    kept[i] = own;
    operations.push({ op: "set", at: own.id, field: "text", value: wanted[i]! });
  }
  for (const gone of left) operations.push({ op: "delete", item: gone.id });
  const order = old.filter((one) => !left.includes(one)).map((one) => one.id);
  for (let i = 0; i < wanted.length; i++) {
    const before = order[i] ?? "";
    const own = kept[i];
    if (!own) {
      const id = newId(kind);
      operations.push({ op: "insert", at, list, before, value: { id, text: wanted[i]! } });
      order.splice(i, 0, id);
    } else if (order[i] !== own.id) {
      operations.push({ op: "move", item: own.id, at, list, before });
      order.splice(order.indexOf(own.id), 1);
      order.splice(i, 0, own.id);
    }
  }
  return operations;
}

export function readTouchpoint(line: string, channels: string[], departments: string[]): Omit<Touchpoint, "id"> {
  const known = (list: string[], word: string) => list.find((one) => one.toLowerCase() === word.toLowerCase()) ?? word;
  const parts = line.split(/\s+·\s+|\s+\|\s+/).map((one) => one.trim());
  const touchpoint: Omit<Touchpoint, "id"> = { title: parts[0] ?? "" };
  if (parts[1]) touchpoint.channel = known(channels, parts[1]);
  if (parts[2]) touchpoint.department = known(departments, parts[2]);
  return touchpoint;
}

function touchpointOperations(step: Step, text: string, words: Words): Operation[] {
  const old = step.touchpoints ?? [];
  const wanted = lines(text);
  const operations: Operation[] = [];
  wanted.forEach((line, i) => {
    const read = readTouchpoint(line, words.channels, words.departments);
    const own = old[i];
    if (!own) {
      operations.push({ op: "insert", at: step.id, list: "touchpoints", value: { id: newId("touchpoint"), ...read } as Thing });
      return;
    }
    for (const field of ["title", "channel", "department"] as const) {
      if ((read[field] ?? "") !== (own[field] ?? "")) operations.push(setOrClear(own.id, field, read[field] ?? ""));
    }
  });
  for (const gone of old.slice(wanted.length)) operations.push({ op: "delete", item: gone.id });
  return operations;
}

export interface Words { channels: string[]; departments: string[]; emotions: { word: string; valence: number }[] }

/** What makes the cell say `text`; none when it says so already. */
export function cellOperations(step: Step, lane: Lane, text: string, words: Words): Operation[] {
  const clean = text.replace(/\r\n?/g, "\n").trim();
  if (clean === cellText(step, lane).trim()) return [];
  switch (lane.form) {
    case "text": return [setOrClear(step.id, lane.field, clean)];
    case "department": {
      const known = words.departments.find((one) => one.toLowerCase() === clean.toLowerCase());
      return [setOrClear(step.id, lane.field, known ?? clean.replace(/\s*\n\s*/g, " "))];
    }
    case "number": {
      const value = readNumber(clean);
      return clean && value === null ? [] : [clean ? { op: "set", at: step.id, field: lane.field, value } : { op: "set", at: step.id, field: lane.field }];
    }
    case "list": return [setOrClear(step.id, lane.field, lines(clean))];
    case "items": return itemOperations(step.id, lane.field, step[lane.field as "pains"] ?? [], lines(clean), lane.field === "pains" ? "pain" : "opportunity");
    case "touchpoints": return touchpointOperations(step, clean, words);
    case "match": {
      const old = new Map((step.match ?? []).map((one) => [matchText(one), one]));
      return [setOrClear(step.id, "match", lines(clean).map((line) => {
        const [activity, channel] = line.split(DOT);
        return (old.get(line) ?? (channel ? { activity: activity!, channel } : line)) as Thing[string];
      }))];
    }
    case "feeling": {
      const read = clean ? readFeeling(clean) : {};
      if (!read) return [];
      const known = words.emotions.find((one) => one.word.toLowerCase() === read.emotion?.toLowerCase());
      const valence = read.valence ?? (read.emotion && typeof step.feeling?.valence !== "number" ? known?.valence : undefined);
      const operations: Operation[] = [];
      if (!clean) return [setOrClear(step.id, "feeling.emotion", ""), { op: "set", at: step.id, field: "feeling.valence" }];
      if (read.emotion !== undefined && read.emotion !== step.feeling?.emotion) operations.push({ op: "set", at: step.id, field: "feeling.emotion", value: known?.word ?? read.emotion });
      if (valence !== undefined && valence !== step.feeling?.valence) operations.push({ op: "set", at: step.id, field: "feeling.valence", value: valence });
      return operations;
    }
    case "flag": return [setOrClear(step.id, "moment_of_truth", !/^(|0|no|false|-|–)$/i.test(clean))];
    default: return [];
  }
}
