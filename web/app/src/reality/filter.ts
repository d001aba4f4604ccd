// The part of the evidence that a question is about, and the address it is written in: a view's link is
// its filter. The names are those of the wire and of the shell's options.

export interface Filter {
  persona: string;
  saved: string;
  since: string;
  until: string;
  "started-since": string;
  "started-until": string;
  "only-channel": string[];
  "only-activity": string[];
  "only-customer": string[];
  where: string[];
  "customers-where": string[];
  containing: string[];
  missing: string[];
  "longer-than": string;
  "shorter-than": string;
  journey: string;
  pause: string;
}
type Name = keyof Filter;

const one = ["persona", "saved", "since", "until", "started-since", "started-until", "longer-than", "shorter-than", "journey", "pause"] as const;
const many = ["only-channel", "only-activity", "only-customer", "where", "customers-where", "containing", "missing"] as const;
export const filterNames: readonly Name[] = [
  "persona", "saved", "since", "until", "started-since", "started-until", "only-channel", "only-activity", "only-customer", "where",
  "customers-where", "containing", "missing", "longer-than", "shorter-than", "journey", "pause",
];

export function noFilter(): Filter {
  return filterFrom(new URLSearchParams());
}

/** What an address asks for. Names that are no filter's are left to the page. */
export function filterFrom(query: URLSearchParams): Filter {
  const filter = {} as Filter;
  for (const name of one) filter[name] = query.get(name)?.trim() ?? "";
  for (const name of many) filter[name] = [...new Set(query.getAll(name).map((value) => value.trim()).filter(Boolean))];
  return filter;
}

/** The filter as pairs in one order, so that equal filters have equal links. */
export function filterPairs(filter: Filter): [string, string][] {
  const pairs: [string, string][] = [];
  for (const name of filterNames) {
    const value = filter[name];
    if (typeof value === "string") { if (value) pairs.push([name, value]); }
    else for (const each of [...value].sort()) pairs.push([name, each]);
  }
  return pairs;
}

/** The address's query with this filter instead of the one it has; the page's own names stay, first. */
export function withFilter(query: URLSearchParams, filter: Filter): URLSearchParams {
  const names = new Set<string>(filterNames);
  const next = new URLSearchParams();
  for (const [name, value] of query) if (!names.has(name)) next.append(name, value);
  for (const [name, value] of filterPairs(filter)) next.append(name, value);
  return next;
}

export function filterQuery(filter: Filter): string {
  return new URLSearchParams(filterPairs(filter)).toString();
}

export function isEmpty(filter: Filter): boolean {
  return filterPairs(filter).length === 0;
}

// ---- one attribute's condition ----

export interface Where { attribute: string; value: string; not: boolean }

/** "Reparto=Vendite" or "Reparto!=Vendite": the first = decides, as on the wire. */
export function readWhere(text: string): Where | null {
  const at = text.indexOf("=");
  if (at < 1) return null;
  const not = text[at - 1] === "!";
  const attribute = text.slice(0, not ? at - 1 : at).trim();
  return attribute ? { attribute, value: text.slice(at + 1).trim(), not } : null;
}
export function writeWhere(where: Where): string {
  return `${where.attribute}${where.not ? "!=" : "="}${where.value}`;
}

// ---- changes ----

/** Put a value into a list, or take it out when it is there. */
export function toggled(list: readonly string[], value: string): string[] {
  return list.includes(value) ? list.filter((each) => each !== value) : [...list, value];
}

/** Without one of its conditions: what the cross on a chip does. */
export function without(filter: Filter, name: Name, value: string): Filter {
  const current = filter[name];
  return { ...filter, [name]: typeof current === "string" ? "" : current.filter((each) => each !== value) };
}

/** A day as the wire wants it, or "" where it is none. */
export function dayOf(text: string): string {
  const match = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/.exec(text.trim());
  if (!match) return "";
  const date = new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3] ?? "1")));
  return date.getUTCMonth() === Number(match[2]) - 1 ? text.trim() : "";
}

/** Whether a span such as 30d, 12h, 45m or 2w is one that the wire reads. */
export function isSpan(text: string): boolean {
  return /^\d+(\.\d+)?\s*(s|m|min|h|d|w)$/.test(text.trim());
}
