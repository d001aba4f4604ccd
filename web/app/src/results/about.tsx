/** A map is about its protagonist: where that persona says which customers are theirs, results and what is given away
 * are of those, as in Reality, under a chip that can be taken away (`all` in the address). */
import type { ComponentChildren } from "preact";
import { useApi } from "../api/use";
import type { List, MapCard, Persona, Stored } from "../api/types";
import { setQuery, where } from "../app/router";
import { t } from "../lang/lang";
import { Button, Icon } from "../ui";

export interface About {
  ready: boolean; // whom to ask about is known
  query: { persona?: string };
  said: string; // whom it is about; "": everybody
  chip: ComponentChildren;
}
/** The chip itself: `label` says of what, `said` whom. */
export function AboutChip({ label, said }: { label: string; said: string }) {
  if (where.value.query.has("all")) return <p><Button kind="link" small onClick={() => setQuery({ all: null })}>{said}</Button></p>;
  return <ul class="chosen" aria-label={label}><li class="chip">{said}<button type="button" aria-label={t("Take away: {condition}", { condition: said })} onClick={() => setQuery({ all: "1" })}><Icon name="close" size={12} /></button></li></ul>;
}
export function useAbout(map: string): About {
  const maps = useApi<List<MapCard>>("/maps"), personas = useApi<List<Stored<Persona>>>("/personas", { limit: 500 });
  const who = maps.data?.items.find((m) => m.id === map)?.persona;
  const own = who?.id && personas.data?.items.some((p) => p.id === who.id && p.body.filter) ? who : null;
  const all = where.value.query.has("all");
  const said = t("only the customers of {name}", { name: own?.name ?? "" });
  return {
    ready: !!(maps.data ?? maps.error) && !!(personas.data ?? personas.error),
    query: own && !all ? { persona: own.id! } : {},
    said: own && !all ? said : "",
    chip: own && <AboutChip label={t("Whose results these are")} said={said} />,
  };
}
