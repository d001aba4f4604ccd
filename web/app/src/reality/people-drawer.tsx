// The customers behind a number, at the right edge; each opens its timeline.
import { useEffect, useState } from "preact/hooks";
import { api, type Problem } from "../api/client";
import type { MapDocument } from "../api/types";
import { customers } from "../charts/words";
import { date } from "../lang/format";
import { t, tn } from "../lang/lang";
import { Button, Dialog, Face, Progress, Trouble } from "../ui";
import { askPeople, type People } from "./people";
import { peopleTitle } from "./people-words";
import { asked, openPeople, type View } from "./view";

export interface CustomerRow {
  name: string; events: number; first: string | null; last: string | null; last_activity?: string | null; valence?: number | null;
  /** When it was that the number is about; null: no event of theirs. */
  at?: string | null;
}
export interface CustomerList { items: CustomerRow[]; next: string | null; total?: number }

export function PeopleDrawer({ people, view, map }: { people: People; view: View; map: MapDocument | undefined }) {
  const { path, pairs } = askPeople(people, view.map, view.query);
  const query = asked(view.filter, pairs).toString();
  const [rows, setRows] = useState<CustomerRow[]>([]);
  const [rest, setRest] = useState<{ next: string | null; total: number | undefined }>({ next: null, total: undefined });
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState<Problem | null>(null);
  const load = (after: string | null, signal?: AbortSignal) => {
    setLoading(true);
    setError(null);
    const whole = new URLSearchParams(query);
    whole.set("limit", "100");
    if (after) whole.set("after", after);
    api.get<CustomerList>(path, whole, signal ? { signal } : {}).then(
      ({ data }) => {
        setRows((before) => (after ? [...before, ...data.items] : data.items));
        setRest({ next: data.next, total: data.total });
        setLoading(false);
      },
      (problem: Problem) => { if (!signal?.aborted) { setError(problem); setLoading(false); } },
    );
  };
  useEffect(() => {
    const stop = new AbortController();
    setRows([]);
    load(null, stop.signal);
    return () => stop.abort();
  }, [path, query]);
  const total = (loading || error) && rows.length === 0 ? undefined : rest.total ?? (rest.next ? undefined : rows.length);
  return (
    <Dialog title={peopleTitle(people, map, view.query)} onClose={() => openPeople(null)} side>
      <p class="behind-count" role="status" data-count={total}>
        {error && rows.length === 0 ? "" : loading && rows.length === 0 ? t("Looking for the customers …") : total === undefined ? t("{n} customers and more", { n: rows.length }) : customers(total)}
      </p>
      {loading && rows.length === 0 && <Progress value={null} label={t("Looking for the customers …")} />}
      {error && <Trouble error={error} onRetry={() => load(rest.next)} />}
      {!loading && !error && rows.length === 0 && <p class="quiet">{t("Nobody.")}</p>}
      <ul class="behind">
        {rows.map((row) => <li key={row.name}><CustomerLink row={row} /></li>)}
      </ul>
      {rest.next && <Button busy={loading} onClick={() => load(rest.next)}>{t("Show more")}</Button>}
    </Dialog>
  );
}

export function CustomerLink({ row }: { row: CustomerRow }) {
  const period = row.first && row.last ? (row.first.slice(0, 10) === row.last.slice(0, 10) ? date(row.first) : `${date(row.first)} – ${date(row.last)}`) : "";
  return (
    <a class="behind-one" href={`/customer?name=${encodeURIComponent(row.name)}`}>
      {row.valence !== undefined && <span class="behind-face">{row.valence !== null && <Face valence={row.valence} size={22} />}</span>}
      <span class="behind-name"><b>{row.name}</b>{row.last_activity && <small>{t("last: {activity}", { activity: row.last_activity })}</small>}</span>
      <span class="behind-when"><span>{tn(row.events, "{n} event", "{n} events")}</span><small>{row.at ? t("on {day}", { day: date(row.at) }) : period}</small></span>
    </a>
  );
}
