// The address of Reality: which map, which view, which filter, which list of customers. Nothing of it is
// kept anywhere else, so that every view is a link.
import { useMemo } from "preact/hooks";
import { go, where } from "../app/router";
import { filterFrom, filterPairs, withFilter, type Filter } from "./filter";
import { readPeople, writePeople, type People } from "./people";

export const views = ["overview", "match", "flow", "ways", "funnel", "wait", "voices"] as const;
export type ViewName = (typeof views)[number];

export interface View {
  query: URLSearchParams;
  map: string;
  view: ViewName;
  filter: Filter;
  people: People | null;
}

export function useView(): View {
  const query = where.value.query;
  return useMemo(() => {
    const view = query.get("view") as ViewName;
    return { query, map: query.get("map") ?? "", view: views.includes(view) ? view : "overview", filter: filterFrom(query), people: readPeople(query.get("people")) };
  }, [query]);
}

function goTo(query: URLSearchParams, replace = false): void {
  const text = query.toString();
  void go(where.value.path + (text ? "?" + text : ""), { keep: true, replace });
}

/** The persona whose customers the map in view is about; "": nobody's in particular. */
let own = "";
export function mapIsAbout(persona: string): void {
  own = persona;
}
/** `all` in the address: also those whom the map's own persona leaves out. It stands there once that was asked for. */
export function setFilter(filter: Filter): void {
  const next = withFilter(where.value.query, filter);
  next.delete("people");
  next.delete("all");
  if (own && !filter.persona) next.set("all", "1");
  goTo(next);
}
/** Changes of the page's own names; null takes one out, a list writes it several times. */
export function change(changes: Record<string, string | string[] | null>, replace = false): void {
  const next = new URLSearchParams(where.value.query);
  for (const [name, value] of Object.entries(changes)) {
    next.delete(name);
    if (Array.isArray(value)) for (const each of value) next.append(name, each);
    else if (value !== null && value !== "") next.set(name, value);
  }
  goTo(next, replace);
}
export function openPeople(people: People | null): void {
  change({ people: people && writePeople(people) });
}
/** The address of another view of the same map and filter. */
export function viewHref(view: View, name: ViewName): string {
  const next = new URLSearchParams();
  if (view.map) next.set("map", view.map);
  if (name !== "overview") next.set("view", name);
  if (view.query.has("all")) next.set("all", "1");
  for (const [key, value] of filterPairs(view.filter)) next.append(key, value);
  return `/reality?${next}`;
}
/** A path's query: the filter, and what else it needs. */
export function asked(filter: Filter, pairs: [string, string][] = []): URLSearchParams {
  return new URLSearchParams([...pairs, ...filterPairs(filter)]);
}
