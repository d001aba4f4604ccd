// The head of the map, in the panel at the right: why it is drawn, from where to where, who it is about, who made it.
import { useState } from "preact/hooks";
import { useApi } from "../api/use";
import type { List, Persona as ListedPersona, Stored } from "../api/types";
import { t } from "../lang/lang";
import { Avatar, Button, Choice, Combo, Field, Icon, Menu, Select, TextArea } from "../ui";
import * as commands from "./model/commands.ts";
import type { Metric, Operation, Person, Session, Thing } from "./model/document.ts";
import { newId } from "./model/ids.ts";
import type { Editor } from "./store";

export function AboutPanel({ editor }: { editor: Editor }) {
  const map = editor.document.value;
  const set = (field: string, value: string, at = "") => {
    const text = value.trim();
    editor.act([text ? { op: "set", at, field, value: text } : { op: "set", at, field }], { key: `about ${at} ${field}`, label: t("about the map") });
  };
  const disabled = !editor.canEdit.value;
  return (
    <div class="stack">
      <Text label={t("Title")} value={map.title} required disabled={disabled} onSet={(text) => { if (text.trim()) set("title", text); }} />
      <Choice label={t("What it shows")} value={map.state === "to-be" ? "to-be" : "as-is"} options={[{ value: "as-is", label: t("As it is") }, { value: "to-be", label: t("As it shall be") }]} onChange={(value) => set("state", value)} />
      <Select label={t("Kind")} value={map.kind ?? "journey"} disabled={disabled} options={[{ value: "journey", label: t("A journey, as customers live it") }, { value: "success-path", label: t("A success path that a client is led along") }]} onChange={(value) => set("kind", value)} />
      <Personas editor={editor} />
      <Text label={t("Objective: the question it is to answer")} long value={map.objective?.text ?? ""} disabled={disabled} onSet={(text) => set("objective.text", text)} />
      <Metrics editor={editor} />
      <Choice label={t("Scope")} value={map.scope?.kind === "phase" ? "phase" : "end-to-end"} options={[{ value: "end-to-end", label: t("End to end") }, { value: "phase", label: t("One phase") }]} onChange={(value) => set("scope.kind", value)} />
      <Text label={t("Scope in words")} long value={map.scope?.text ?? ""} disabled={disabled} onSet={(text) => set("scope.text", text)} />
      <Text label={t("Start: the need, before the first contact")} long value={map.start ?? ""} disabled={disabled} onSet={(text) => set("start", text)} />
      <Text label={t("Arrival: how the customer is when it went well")} long value={map.arrival ?? ""} disabled={disabled} onSet={(text) => set("arrival", text)} />
      <Text label={t("Sponsor: who at the top will act")} value={map.sponsor ?? ""} disabled={disabled} onSet={(text) => set("sponsor", text)} />
      <Text label={t("In a sentence, for those who cannot see it")} long value={map.description ?? ""} disabled={disabled} onSet={(text) => set("description", text)} />
      <Sessions editor={editor} />
    </div>
  );
}

/** A field that is saved while it is typed into; somebody else's words come in when nobody types here. */
export function Text({ label, value, onSet, long, disabled, required, type }: { label: string; value: string; onSet: (text: string) => void; long?: boolean; disabled?: boolean; required?: boolean; type?: "date" }) {
  const [own, setOwn] = useState<string | null>(null);
  const props = { label, value: own ?? value, disabled, required, onInput: (text: string) => { setOwn(text); onSet(text); }, onCommit: (text: string) => { if (own !== null && text !== value) onSet(text); setOwn(null); } };
  return long ? <TextArea {...props} /> : <Field {...props} type={type} />;
}

function Personas({ editor }: { editor: Editor }) {
  const map = editor.document.value, list = map.personas ?? [], disabled = !editor.canEdit.value;
  const known = useApi<List<Stored<ListedPersona>>>("/personas", { limit: 500 });
  const free = (known.data?.items ?? []).filter((one) => !list.some((own) => own.id === one.id));
  const add = (persona: { id: string; name: string; [field: string]: unknown }) => editor.act(commands.addPersona(persona as never), { label: t("persona"), said: t("Added") });
  return (
    <section class="ed-part" aria-label={t("Personas")}>
      <header class="row between"><h3>{t("Personas")}</h3>
        {!disabled && <Menu button={{ small: true, icon: <Icon name="plus" size={16} />, children: t("Add") }} items={[
          ...free.map((one) => ({ label: one.body.name ?? "", note: one.body.role, onSelect: () => add({ ...(one.body as object), id: one.id, name: one.body.name ?? "" }) })),
          ...(free.length ? [{ line: true }] : []), { label: t("Somebody new"), onSelect: () => add({ id: newId("persona"), name: t("New persona") }) }]} />}
      </header>
      {list.map((one, i) => (
        <div class="ed-persona" key={one.id}>
          <Avatar name={one.name ?? "?"} size={34} picture={one.picture ?? undefined} />
          <div>
            <Text label={t("Name")} value={one.name ?? ""} disabled={disabled} onSet={(text) => editor.act([{ op: "set", at: one.id, field: "name", value: text }], { key: `persona ${one.id} name`, label: t("persona") })} />
            <Text label={t("Role")} value={one.role ?? ""} disabled={disabled} onSet={(text) => editor.act([{ op: "set", at: one.id, field: "role", value: text }], { key: `persona ${one.id} role`, label: t("persona") })} />
            <p class="row">{i === 0 ? <span class="chip blue">{t("protagonist")}</span> : !disabled && <Button kind="link" onClick={() => editor.act(commands.makeProtagonist(map, one.id), { label: t("protagonist") })}>{t("Make the protagonist")}</Button>}
              {!disabled && <Button kind="link" onClick={() => { if (editor.personaShown.value === one.id) editor.personaShown.value = ""; editor.act(commands.deletePersona(map, one.id), { label: t("persona deleted") }); }}>{t("Take out")}</Button>}</p>
          </div>
        </div>
      ))}
      {!list.length && <p class="quiet">{t("A map is about somebody: give them a name.")}</p>}
    </section>
  );
}

function Metrics({ editor }: { editor: Editor }) {
  const list = editor.document.value.objective?.metrics ?? [], disabled = !editor.canEdit.value;
  const number = (text: string) => (text.trim() === "" ? undefined : Number(text.replace(",", ".")));
  const set = (one: Metric, field: keyof Metric, value: string | number | undefined) => {
    if (typeof value === "number" && !Number.isFinite(value)) return;
    editor.act([value === undefined || value === "" ? { op: "set", at: one.id, field } : { op: "set", at: one.id, field, value }], { key: `metric ${one.id} ${field}`, label: t("metric") });
  };
  return (
    <section class="ed-part" aria-label={t("How it will be known that it was reached")}>
      <header class="row between"><h3>{t("How it will be known that it was reached")}</h3>{!disabled && <Button small icon={<Icon name="plus" size={16} />} onClick={() => editor.act([{ op: "insert", at: "", list: "objective.metrics", value: { id: newId("metric"), name: t("New metric") } }], { label: t("metric") })}>{t("Add")}</Button>}</header>
      {list.map((one) => (
        <fieldset class="ed-metric" key={one.id}>
          <legend class="hidden">{one.name}</legend>
          <Text label={t("What is counted")} value={one.name ?? ""} disabled={disabled} onSet={(text) => set(one, "name", text)} />
          <div class="ed-three">
            <Text label={t("Now")} value={one.baseline?.toString() ?? ""} disabled={disabled} onSet={(text) => set(one, "baseline", number(text))} />
            <Text label={t("Target")} value={one.target?.toString() ?? ""} disabled={disabled} onSet={(text) => set(one, "target", number(text))} />
            <Text label={t("Unit")} value={one.unit ?? ""} disabled={disabled} onSet={(text) => set(one, "unit", text)} />
          </div>
          <div class="ed-two">
            <Select label={t("Better is")} value={one.direction ?? "up"} disabled={disabled} options={[{ value: "up", label: t("more") }, { value: "down", label: t("less") }]} onChange={(value) => set(one, "direction", value)} />
            <Field label={t("By when")} type="date" value={(one.due ?? "").slice(0, 10)} disabled={disabled} onInput={(value) => { if (/^(\d{4}-\d\d-\d\d)?$/.test(value)) set(one, "due", value); }} />
          </div>
          {!disabled && <Button kind="link" onClick={() => editor.act([{ op: "delete", item: one.id }], { label: t("metric deleted") })}>{t("Delete")}</Button>}
        </fieldset>
      ))}
    </section>
  );
}

/** Sessions may stand in the document without ids: the whole list is set. */
function Sessions({ editor }: { editor: Editor }) {
  const list = editor.document.value.sessions ?? [], disabled = !editor.canEdit.value;
  const save = (next: Session[], key = "") => editor.act([{ op: "set", at: "", field: "sessions", value: next as unknown as Thing[] }] as Operation[], { key: key && `sessions ${key}`, label: t("session") });
  const change = (i: number, part: Partial<Session>, key: string) => save(list.map((one, j) => (j === i ? { ...one, ...part } : one)), `${i} ${key}`);
  const person = (i: number, j: number, part: Partial<Person>) => change(i, { people: (list[i]!.people ?? []).map((one, k) => (k === j ? { ...one, ...part } : one)) }, `p${j} ${Object.keys(part)[0]}`);
  return (
    <section class="ed-part" aria-label={t("Who made it")}>
      <header class="row between"><h3>{t("Who made it")}</h3>{!disabled && <Button small icon={<Icon name="plus" size={16} />} onClick={() => save([...list, { title: t("Workshop"), date: new Date().toISOString().slice(0, 10), people: [], customers: [] }])}>{t("Add a session")}</Button>}</header>
      {list.map((one, i) => (
        <fieldset class="ed-metric" key={i}>
          <legend class="hidden">{one.title}</legend>
          <div class="ed-two">
            <Text label={t("Session")} value={one.title ?? ""} disabled={disabled} onSet={(title) => change(i, { title }, "title")} />
            <Field label={t("Date")} type="date" value={(one.date ?? "").slice(0, 10)} disabled={disabled} onInput={(date) => { if (/^(\d{4}-\d\d-\d\d)?$/.test(date)) change(i, { date }, "date"); }} />
          </div>
          {(one.people ?? []).map((who, j) => (
            <div class="ed-who" key={j}>
              <Text label={t("Name")} value={who.name ?? ""} disabled={disabled} onSet={(name) => person(i, j, { name })} />
              <Combo label={t("Department")} value={who.department ?? ""} options={editor.departments.value} disabled={disabled} onInput={(department) => person(i, j, { department })} />
              <Select label={t("Level")} value={who.level ?? ""} disabled={disabled} options={[{ value: "", label: "–" }, { value: "operational", label: t("does the work") }, { value: "responsible", label: t("answers for it") }]} onChange={(level) => person(i, j, { level: (level || null) as Person["level"] })} />
              {!disabled && <Button kind="quiet" small icon={<Icon name="close" size={16} />} label={t("Take {name} out", { name: who.name ?? "" })} onClick={() => change(i, { people: (one.people ?? []).filter((_, k) => k !== j) }, "less")} />}
            </div>
          ))}
          {!disabled && <Button small onClick={() => change(i, { people: [...(one.people ?? []), { name: "" }] }, "more")}>{t("Add a person")}</Button>}
          <Text label={t("Customers who took part, one per line")} long value={(one.customers ?? []).join("\n")} disabled={disabled} onSet={(text) => change(i, { customers: text.split("\n").filter((line) => line.trim()) }, "customers")} />
          {!disabled && <Button kind="link" onClick={() => save(list.filter((_, j) => j !== i))}>{t("Delete the session")}</Button>}
        </fieldset>
      ))}
      {!list.length && <p class="quiet">{t("Who sat at the table, and which customers: a map of one department sees one department.")}</p>}
    </section>
  );
}
