// Customers by name, events by what stands in them. The words are in the address.
import { useEffect, useState } from "preact/hooks";
import { useApi } from "../api/use";
import type { List } from "../api/types";
import { setQuery, where } from "../app/router";
import { count } from "../charts/words";
import { dateTime } from "../lang/format";
import { t } from "../lang/lang";
import { CustomerLink, type CustomerList } from "../reality/people-drawer";
import { Button, Card, Choice, Face, Field, Progress, Trouble } from "../ui";
import { valenceOf } from "../charts/shape";
import type { TimelineEvent } from "./silos";

type Where = "customers" | "events";
const pageSize = 50;

export function Search() {
  const { query } = where.value;
  const q = query.get("q") ?? "", place: Where = query.get("in") === "events" ? "events" : "customers";
  const [text, setText] = useState(q);
  useEffect(() => setText(q), [q]);
  useEffect(() => {
    if (text === q) return;
    const timer = setTimeout(() => setQuery({ q: text || null }), 250);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <Card title={t("Look for someone or something")}>
      <div class="search" role="search">
        <Field type="search" label={t("Words")} hideLabel value={text} onInput={setText} placeholder={place === "customers" ? t("part of a name or code") : t("a word they wrote, an activity, a channel")} />
        <Choice<Where> label={t("Among")} hideLabel value={place} onChange={(value) => setQuery({ in: value === "events" ? "events" : null })} options={[{ value: "customers", label: t("customers") }, { value: "events", label: t("events") }]} />
      </div>
      {place === "customers" ? <Customers q={q} /> : <Events q={q} />}
    </Card>
  );
}

function Customers({ q }: { q: string }) {
  const [limit, setLimit] = useState(8);
  useEffect(() => setLimit(8), [q]);
  const found = useApi<CustomerList>("/customers", { q, limit });
  if (found.error && !found.data) return <Trouble error={found.error} onRetry={found.reload} />;
  if (!found.data) return <Progress value={null} label={t("Looking for the customers …")} />;
  return (
    <>
      {found.data.items.length === 0 && <p class="quiet" role="status">{t("No customer is called “{name}”.", { name: q })}</p>}
      <ul class="behind found">{found.data.items.map((row) => <li key={row.name}><CustomerLink row={row} /></li>)}</ul>
      {found.data.next && limit < 500 && <Button small busy={found.loading} onClick={() => setLimit(limit === 8 ? pageSize : 500)}>{t("Show more")}</Button>}
    </>
  );
}

function Events({ q }: { q: string }) {
  const [limit, setLimit] = useState(pageSize);
  useEffect(() => setLimit(pageSize), [q]);
  const found = useApi<List<TimelineEvent> & { total?: number }>(q ? "/events" : null, { q, limit });
  if (!q) return <p class="quiet">{t("Write a word: what customers wrote, what happened, on which channel, with whom.")}</p>;
  if (found.error && !found.data) return <Trouble error={found.error} onRetry={found.reload} />;
  if (!found.data) return <Progress value={null} label={t("Looking through the events …")} />;
  return (
    <>
      <p class="note" role="status">{found.data.items.length === 0 ? t("Nothing with “{words}”.", { words: q }) : t("{n} found", { n: count(found.data.total ?? found.data.items.length) + (found.data.next && found.data.total === undefined ? "+" : "") })}</p>
      <ul class="voices">
        {found.data.items.map((event, i) => {
          const valence = event.valence ?? valenceOf(event.score, event.scale);
          return (
            <li key={i}>
              {valence === null ? <span class="voices-none" /> : <Face valence={valence} size={22} />}
              <div>
                {event.text ? <q>{event.text}</q> : <b>{event.activity}</b>}
                <p class="note"><a href={`/customer?name=${encodeURIComponent(event.customer ?? "")}`}>{event.customer}</a>{event.text && ` · ${event.activity}`}{event.channel && ` · ${event.channel}`}{event.actor && ` · ${event.actor}`} · {dateTime(event.time)}</p>
              </div>
            </li>
          );
        })}
      </ul>
      {found.data.next && limit < 500 && <Button small busy={found.loading} onClick={() => setLimit(500)}>{t("Show more")}</Button>}
    </>
  );
}
