// Persona, channel, period and the rest: chips that say what is chosen, small forms that change it.
import { useState } from "preact/hooks";
import { api } from "../api/client";
import { forget, useApi } from "../api/use";
import type { List, MapDocument, Persona, SavedFilter, Stored } from "../api/types";
import { may } from "../app/session";
import { num, date, isoDay } from "../lang/format";
import { t, tn } from "../lang/lang";
import { ask, Button, Check, Combo, Field, Icon, Menu, Popover, Select, toast, toastProblem, type MenuItem } from "../ui";
import { dayOf, filterFrom, filterPairs, filterQuery, isEmpty, isSpan, noFilter, readWhere, toggled, without, writeWhere, type Filter } from "./filter";
import { attributeValues, type Summary } from "./summary";
import { setFilter, type View } from "./view";

interface PersonaItem { id: string; name: string }

export function FilterBar({ view, summary, map }: { view: View; summary: Summary | undefined; map: MapDocument | undefined }) {
  const { filter } = view;
  const stored = useApi<List<Stored<Persona>>>("/personas");
  const saved = useApi<List<Stored<SavedFilter>>>("/filters");
  const personas = personaItems(stored.data?.items ?? [], map);
  return (
    <div class="view-filters" role="group" aria-label={t("Filters")}>
      <div class="row">
        {personas.length > 0 && (
          <Menu align="start" label={t("Persona")} button={{ icon: <Icon name="personas" size={16} />, children: persona(filter, personas) }}
            items={[{ label: t("all"), checked: !filter.persona, onSelect: () => setFilter({ ...filter, persona: "" }) },
              ...personas.map((each) => ({ label: each.name, checked: filter.persona === each.id, onSelect: () => setFilter({ ...filter, persona: each.id }) }))]} />
        )}
        <ChannelFilter filter={filter} summary={summary} />
        <PeriodFilter filter={filter} summary={summary} />
        <MoreFilter filter={filter} summary={summary} />
        <SavedFilters filter={filter} saved={saved.data?.items ?? []} reload={saved.reload} />
      </div>
      {!isEmpty(filter) && <Chosen filter={filter} personas={personas} saved={saved.data?.items ?? []} />}
    </div>
  );
}

function personaItems(stored: Stored<Persona>[], map: MapDocument | undefined): PersonaItem[] {
  const found = new Map<string, string>();
  for (const { id, body } of stored) found.set(body.id ?? id, body.name ?? id);
  for (const each of map?.personas ?? []) if (each.id && stored.some(({ id, body }) => (body.id ?? id) === each.id)) found.set(each.id, each.name ?? each.id);
  return [...found].map(([id, name]) => ({ id, name }));
}
function persona(filter: Filter, personas: PersonaItem[]): string {
  return t("Persona: {name}", { name: filter.persona ? (personas.find(({ id }) => id === filter.persona)?.name ?? filter.persona) : t("all") });
}

function ChannelFilter({ filter, summary }: { filter: Filter; summary: Summary | undefined }) {
  const chosen = filter["only-channel"];
  const label = chosen.length === 0 ? t("Channel: all") : chosen.length === 1 ? t("Channel: {name}", { name: chosen[0]! }) : t("Channels: {n}", { n: chosen.length });
  const names = [...new Set([...(summary?.channels ?? []).map(({ name }) => name), ...chosen])].filter(Boolean);
  if (names.length === 0) return null;
  return (
    <Popover label={t("Channels")} button={{ children: label, icon: <Icon name="comment" size={16} /> }}>
      {() => (
        <fieldset class="filter-list">
          <legend class="hidden">{t("Only these channels")}</legend>
          {names.map((name) => (
            <Check key={name} label={name} checked={chosen.includes(name)} onChange={() => setFilter({ ...filter, "only-channel": toggled(chosen, name) })}
              note={summary?.channels.find((channel) => channel.name === name) ? tn(summary.channels.find((channel) => channel.name === name)!.count, "{n} event", "{n} events") : undefined} />
          ))}
        </fieldset>
      )}
    </Popover>
  );
}

function PeriodFilter({ filter, summary }: { filter: Filter; summary: Summary | undefined }) {
  const { since, until } = filter;
  const label = since && until ? `${date(since)} – ${date(until)}` : since ? t("from {day}", { day: date(since) }) : until ? t("until {day}", { day: date(until) }) : t("Period: all");
  return (
    <Popover label={t("Period")} button={{ children: label, icon: <Icon name="calendar" size={16} /> }}>
      {(close) => <PeriodForm filter={filter} last={summary?.last ?? null} close={close} />}
    </Popover>
  );
}
function PeriodForm({ filter, last, close }: { filter: Filter; last: string | null; close: () => void }) {
  const [since, setSince] = useState(filter.since), [until, setUntil] = useState(filter.until);
  const wrong = (since && !dayOf(since)) || (until && !dayOf(until)) ? t("A day is written year-month-day: 2025-03-31.") : since && until && since > until ? t("The end lies before the beginning.") : null;
  const set = (from: string, to: string) => { setFilter({ ...filter, since: from, until: to }); close(); };
  // "The last 90 days" counts from the last event, since evidence is seldom of today.
  const back = (days: number) => { const end = last ? new Date(last) : new Date(); return set(isoDay(new Date(end.getTime() - (days - 1) * 86_400_000)), isoDay(end)); };
  return (
    <form class="narrowing" onSubmit={(event) => { event.preventDefault(); if (!wrong) set(since, until); }}>
      <div class="row">
        <Field type="date" label={t("From")} value={since} onInput={setSince} />
        <Field type="date" label={t("To")} value={until} onInput={setUntil} error={wrong} />
      </div>
      <div class="row">
        <Button small onClick={() => back(30)}>{t("last 30 days")}</Button>
        <Button small onClick={() => back(90)}>{t("last 90 days")}</Button>
        <Button small onClick={() => back(365)}>{t("last year")}</Button>
        <Button small onClick={() => set("", "")}>{t("all")}</Button>
      </div>
      <Button kind="primary" type="submit" disabled={!!wrong}>{t("Apply")}</Button>
    </form>
  );
}

function MoreFilter({ filter, summary }: { filter: Filter; summary: Summary | undefined }) {
  return (
    <Popover label={t("More filters")} button={{ children: t("More filters"), icon: <Icon name="filter" size={16} /> }}>
      {(close) => <MoreForm filter={filter} summary={summary} close={close} />}
    </Popover>
  );
}
function MoreForm({ filter, summary, close }: { filter: Filter; summary: Summary | undefined; close: () => void }) {
  const [attribute, setAttribute] = useState(""), [value, setValue] = useState(""), [not, setNot] = useState(false), [of, setOf] = useState<"customers-where" | "where">("customers-where");
  const [containing, setContaining] = useState(""), [missing, setMissing] = useState("");
  const [longer, setLonger] = useState(filter["longer-than"]), [shorter, setShorter] = useState(filter["shorter-than"]);
  const activities = (summary?.activities ?? []).map(({ name }) => name);
  const spanError = (text: string) => (text.trim() && !isSpan(text) ? t("A time such as 30d, 12h or 45m.") : null);
  const wrong = spanError(longer) ?? spanError(shorter);
  const apply = () => {
    if (wrong) return;
    const next = { ...filter, "longer-than": longer.trim(), "shorter-than": shorter.trim() };
    if (attribute && value) next[of] = [...new Set([...filter[of], writeWhere({ attribute, value, not })])];
    if (containing.trim()) next.containing = [...new Set([...filter.containing, containing.trim()])];
    if (missing.trim()) next.missing = [...new Set([...filter.missing, missing.trim()])];
    setFilter(next);
    close();
  };
  return (
    <form class="narrowing" onSubmit={(event) => { event.preventDefault(); apply(); }}>
      {(summary?.attributes.length ?? 0) > 0 && (
        <fieldset>
          <legend>{t("By a column")}</legend>
          <div class="row">
            <Select label={t("What stays")} value={of} onChange={(which) => setOf(which as typeof of)} options={[{ value: "customers-where", label: t("customers") }, { value: "where", label: t("events") }]} />
            <Select label={t("Column")} value={attribute} onChange={(name) => { setAttribute(name); setValue(""); }} options={[{ value: "", label: t("choose …") }, ...summary!.attributes.map(({ name }) => ({ value: name, label: columnLabel(name) }))]} />
            <Select label={t("is or is not")} value={not ? "not" : "is"} onChange={(kind) => setNot(kind === "not")} options={[{ value: "is", label: t("is") }, { value: "not", label: t("is not") }]} />
            <Combo label={t("Value")} value={value} options={attributeValues(summary, attribute)} onInput={setValue} disabled={!attribute} />
          </div>
          <p class="note">{of === "where" ? t("Events of sources that do not have this column are left out.") : t("All events of these customers stay, those of sources without this column too.")}</p>
        </fieldset>
      )}
      <div class="row">
        <Combo label={t("Only journeys with")} value={containing} options={activities} onInput={setContaining} placeholder={t("an activity")} />
        <Combo label={t("Only journeys without")} value={missing} options={activities} onInput={setMissing} placeholder={t("an activity")} />
      </div>
      <div class="row">
        <Field label={t("Journeys longer than")} value={longer} onInput={setLonger} placeholder="30d" error={spanError(longer)} />
        <Field label={t("Journeys shorter than")} value={shorter} onInput={setShorter} placeholder="1w" error={spanError(shorter)} />
      </div>
      <Button kind="primary" type="submit" disabled={!!wrong}>{t("Apply")}</Button>
    </form>
  );
}

/** The columns that the program itself names. */
export function columnLabel(name: string): string {
  return name === "actor" ? t("who served") : name === "touchpoint" ? t("touchpoint") : name;
}

function SavedFilters({ filter, saved, reload }: { filter: Filter; saved: Stored<SavedFilter>[]; reload: () => void }) {
  const query = filterQuery(filter);
  const items: MenuItem[] = saved.map(({ id, body }) => ({
    label: body.name, checked: filterQuery(filterFrom(new URLSearchParams(body.query))) === query,
    onSelect: () => setFilter(filterFrom(new URLSearchParams(body.query))), note: id === filter.saved ? t("chosen") : undefined,
  }));
  const same = saved.find(({ body }) => filterQuery(filterFrom(new URLSearchParams(body.query))) === query);
  if (may("editor")) {
    if (items.length) items.push({ line: true });
    if (same) items.push({ label: t("Forget “{name}”", { name: same.body.name }), danger: true, icon: <Icon name="trash" size={16} />, onSelect: () => void forgetFilter(same, reload) });
    else items.push({ label: t("Save these filters …"), icon: <Icon name="plus" size={16} />, disabled: isEmpty(filter), onSelect: () => void saveFilter(query, reload) });
  }
  if (items.length === 0) return null;
  return <Menu align="start" label={t("Saved filters")} button={{ icon: <Icon name="star" size={16} />, children: same ? same.body.name : t("Saved filters") }} items={items} />;
}
async function saveFilter(query: string, reload: () => void): Promise<void> {
  const name = await ask({ title: t("Save these filters"), label: t("Name"), yes: t("Save") });
  if (!name) return;
  await api.post("/filters", { name, query }).then(() => { forget("/filters"); reload(); toast(t("Saved. Everybody here finds it under “Saved filters”.")); }, toastProblem);
}
async function forgetFilter(one: Stored<SavedFilter>, reload: () => void): Promise<void> {
  await api.delete(`/filters/${encodeURIComponent(one.id)}`, { ifMatch: `"${one.version}"` }).then(() => {
    forget("/filters");
    reload();
    toast(t("“{name}” is forgotten.", { name: one.body.name }), { undo: () => api.post("/filters", one.body).then(() => { forget("/filters"); reload(); }) });
  }, toastProblem);
}

/** What is chosen, each with its cross. */
function Chosen({ filter, personas, saved }: { filter: Filter; personas: PersonaItem[]; saved: Stored<SavedFilter>[] }) {
  const words = (name: string, value: string): string => {
    switch (name) {
      case "persona": return t("persona {name}", { name: personas.find(({ id }) => id === value)?.name ?? value });
      case "saved": return t("filter {name}", { name: saved.find(({ id }) => id === value)?.body.name ?? value });
      case "since": return t("from {day}", { day: dayOf(value) ? date(value) : value });
      case "until": return t("until {day}", { day: dayOf(value) ? date(value) : value });
      case "started-since": return t("begun from {day}", { day: value });
      case "started-until": return t("begun until {day}", { day: value });
      case "only-channel": return t("channel {name}", { name: value });
      case "only-activity": return t("activity {name}", { name: value });
      case "only-customer": return t("customer {name}", { name: value });
      case "containing": return t("with “{activity}”", { activity: value });
      case "missing": return t("without “{activity}”", { activity: value });
      case "longer-than": return t("longer than {time}", { time: value });
      case "shorter-than": return t("shorter than {time}", { time: value });
      case "journey": return t("one journey for each “{column}”", { column: value });
      case "pause": return t("a new journey after a pause of {time}", { time: value });
      default: {
        const where = readWhere(value);
        if (!where) return value;
        const said = { column: columnLabel(where.attribute), value: where.value };
        if (name === "customers-where") return where.not ? t("customers: {column} is not {value}", said) : t("customers: {column} is {value}", said);
        return where.not ? t("{column} is not {value}", said) : t("{column} is {value}", said);
      }
    }
  };
  const pairs = filterPairs(filter);
  return (
    <ul class="chosen" aria-label={tn(pairs.length, "{n} condition", "{n} conditions", { n: num(pairs.length) })}>
      {pairs.map(([name, value]) => (
        <li key={name + value} class="chip">
          {words(name, value)}
          <button type="button" aria-label={t("Take away: {condition}", { condition: words(name, value) })} onClick={() => setFilter(without(filter, name as keyof Filter, value))}><Icon name="close" size={12} /></button>
        </li>
      ))}
      <li><Button kind="link" small onClick={() => setFilter(noFilter())}>{t("Take all away")}</Button></li>
    </ul>
  );
}
