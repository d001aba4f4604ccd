// How a file's columns are understood, and how a person's corrections become the options that the
// program reads (the shell's names). Only what was corrected is sent: the rest stays a guess.

export type Role = "ignore" | "customer" | "activity" | "time" | "channel" | "touchpoint" | "actor" | "text" | "score" | "source_id" | "attribute";
/** merged: cells of the first rows that look as if they stood empty below a merged one. */
export interface Column { name: string; role: Role; reason: string | null; filled?: boolean; merged?: number }
export interface Reject { line: number; reason: string; row: string | null }
export interface FileReading {
  path: string; kind: string | null; encoding: string | null; delimiter: string | null; header_line: number; time_format: string | null;
  rows: number; stored: number; rejected: number; events: number;
  columns: Column[]; sample: (string | null)[][]; rejects: Reject[]; notes: string[];
  /** What is unclear about the columns: to be put right by hand before the import. */
  problem?: { code?: string; detail: string; where?: string; hint?: string } | null;
}

/** What a person may say of a column: its roles, and "one of several dates". */
export type Choice = Role | "one-of-times";
export const choices: readonly Choice[] = ["customer", "activity", "time", "one-of-times", "channel", "touchpoint", "actor", "text", "score", "source_id", "attribute"];

/** What else a file's reader can be told. "" is: guess. */
export interface Manner { "activity-name": string; scale: string; zone: string; "date-order": string; sheet: string; encoding: string; delimiter: string;
  /** Columns whose empty cells take the value above, as where cells were merged: by number, from 0. */
  fill: readonly number[] }
export const noManner: Manner = { fill: [], "activity-name": "", scale: "", zone: "", "date-order": "", sheet: "", encoding: "", delimiter: "" };

export type Options = Record<string, string | string[]>;

/** A column as the options name it: its header, or its number where that would be unclear. */
export function columnRef(columns: readonly Column[], index: number): string {
  const name = columns[index]?.name ?? "";
  const same = columns.filter((column) => column.name.toLowerCase() === name.toLowerCase()).length;
  return name.trim() === "" || name.startsWith("#") || same > 1 ? `#${index + 1}` : name;
}

const optionOf: Partial<Record<Choice, string>> = {
  customer: "customer", activity: "activity", channel: "channel", touchpoint: "touchpoint", actor: "actor", text: "text", score: "score", source_id: "source-id",
};

/** Corrections by column index → options. A role that only one column can have goes to the last who asked. */
export function optionsOf(columns: readonly Column[], corrections: ReadonlyMap<number, Choice>, manner: Manner): Options {
  const options: Options = {};
  const attributes: string[] = [], times: string[] = [];
  for (const [index, choice] of corrections) {
    const ref = columnRef(columns, index);
    if (choice === "attribute" || choice === "ignore") attributes.push(ref);
    else if (choice === "one-of-times") times.push(ref);
    else if (choice === "time") times.splice(0, times.length, ref);
    else options[optionOf[choice]!] = ref;
  }
  if (times.length) options.time = times;
  if (attributes.length) options.attribute = attributes;
  for (const [name, value] of Object.entries(manner)) if (typeof value === "string" && value.trim()) options[name] = value.trim();
  if (manner.fill.length) options["fill-down"] = manner.fill.map((index) => columnRef(columns, index));
  return options;
}

/** A new correction: a role of which there is one leaves the column that a person gave it to before. */
export function corrected(corrections: ReadonlyMap<number, Choice>, index: number, choice: Choice): Map<number, Choice> {
  const next = new Map(corrections);
  if (choice !== "attribute" && choice !== "ignore" && choice !== "one-of-times")
    for (const [other, role] of next) if (role === choice || (choice === "time" && role === "one-of-times")) next.delete(other);
  if (choice === "one-of-times") for (const [other, role] of next) if (role === "time") next.set(other, "one-of-times");
  next.delete(index); // the last correction is the last in order
  next.set(index, choice);
  return next;
}

/** What is still wanting before the file can be read: who, what, when. */
export function missing(file: FileReading, manner: Manner): ("customer" | "activity" | "time")[] {
  const has = (role: Role): boolean => file.columns.some((column) => column.role === role);
  const wide = file.columns.filter((column) => column.role === "time").length > 1;
  const out: ("customer" | "activity" | "time")[] = [];
  if (!has("customer")) out.push("customer");
  if (!has("activity") && !manner["activity-name"].trim() && !wide) out.push("activity");
  if (!has("time")) out.push("time");
  return out;
}

/** Reasons with their number, the most frequent first; what stands in quotes is the row's own. */
export function byReason(rejects: readonly Reject[]): { reason: string; count: number; lines: number[] }[] {
  const found = new Map<string, { reason: string; count: number; lines: number[] }>();
  for (const reject of rejects) {
    const key = reject.reason.replace(/«[^»]*»|"[^"]*"|“[^”]*”/g, "…");
    const group = found.get(key) ?? { reason: reject.reason, count: 0, lines: [] };
    group.count++;
    if (group.lines.length < 3) group.lines.push(reject.line);
    found.set(key, group);
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}
