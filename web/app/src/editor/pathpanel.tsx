// The path, in the panel at the right: each phase's milestone, days and what shows that it is passed; how much each
// objective counts; when a client counts as behind, stuck or silent; and what happens then by itself.
import { lang, t } from "../lang/lang";
import { may } from "../app/session";
import { typed } from "../results/kpi-form";
import type { PathProof, Playbook, ProofKind, Thresholds } from "../paths/shapes";
import { proofKindWord, stateWord } from "../paths/words";
import { Button, Check, Choice, Combo, Icon, Select } from "../ui";
import { Text } from "./about";
import type { Metric, Operation, Phase, Thing } from "./model/document.ts";
import { newId } from "./model/ids.ts";
import type { Editor } from "./store";

type PathFields = Phase & { days?: number | null; match?: (string | { activity: string })[] | null; proofs?: PathProof[] | null };
type PathMetric = Metric & { weight?: number | null; source?: string | null; match?: (string | { activity: string })[] | null; attribute?: string | null; step?: string | null };
const KINDS: ProofKind[] = ["confirmation", "objective", "document", "meeting", "rule"];
const shown = (n: number | null | undefined) => (n === null || n === undefined ? "" : String(n));
const activityOf = (match: (string | { activity: string })[] | null | undefined) => { const one = match?.[0]; return typeof one === "string" ? one : one?.activity ?? ""; };

/** One field of one item: a text, a number (nonsense is not written), or nothing at all. */
function setter(editor: Editor) {
  return (at: string, field: string, value: string | number | boolean | Thing[] | string[] | undefined, label = t("path")) => {
    if (typeof value === "number" && !Number.isFinite(value)) return;
    const empty = value === undefined || value === "" || (Array.isArray(value) && !value.length);
    editor.act([empty ? { op: "set", at, field } : { op: "set", at, field, value }] as Operation[], { key: `path ${at} ${field}`, label });
  };
}

export function PathPanel({ editor }: { editor: Editor }) {
  const map = editor.document.value, disabled = !editor.canEdit.value, set = setter(editor);
  if (map.kind !== "success-path")
    return (
      <div class="stack">
        <p>{t("A path is a map that clients are led along: from a start to an arrival, in phases that each end in a milestone. Each client gets a place on it, and a page of their own.")}</p>
        {!disabled && <div><Button kind="primary" onClick={() => editor.act([{ op: "set", at: "", field: "kind", value: "success-path" }], { label: t("kind of map") })}>{t("Make this map a path")}</Button></div>}
      </div>
    );
  return (
    <div class="stack">
      <Text label={t("Start: where the client is today")} long value={map.start ?? ""} disabled={disabled} onSet={(text) => set("", "start", text.trim())} />
      <Text label={t("Arrival: where the client wants to be")} long value={map.arrival ?? ""} disabled={disabled} onSet={(text) => set("", "arrival", text.trim())} />
      {map.phases.map((phase, i) => <PhasePart key={phase.id} editor={editor} phase={phase as PathFields} number={i + 1} />)}
      <Objectives editor={editor} />
      <Limits editor={editor} />
      <Playbooks editor={editor} />
    </div>
  );
}

function PhasePart({ editor, phase, number }: { editor: Editor; phase: PathFields; number: number }) {
  const disabled = !editor.canEdit.value, set = setter(editor), proofs = phase.proofs ?? [];
  const metrics = (editor.document.value.objective?.metrics ?? []) as PathMetric[];
  const add = () => { const id = newId("riscontro"); editor.act([{ op: "insert", at: phase.id, list: "proofs", value: { id, kind: "confirmation", text: "" } }], { label: t("proof") }); keysTo(id); };
  return (
    <section class="ed-part" aria-label={t("Phase {n}", { n: number })}>
      <h3>{number}. {phase.title}</h3>
      <Text label={t("Milestone")} long value={phase.milestone ?? ""} disabled={disabled} onSet={(text) => set(phase.id, "milestone", text.trim())} />
      <div class="ed-two">
        <Text label={t("Days it should take")} value={shown(phase.days)} disabled={disabled} onSet={(text) => set(phase.id, "days", typed(text))} />
        <Combo label={t("Activity that is the milestone")} value={activityOf(phase.match)} disabled={disabled} options={editor.activities.value} onInput={(text) => set(phase.id, "match", text.trim() ? [text.trim()] : undefined)} />
      </div>
      {proofs.map((p) => (
        <fieldset class="ed-metric" key={p.id} data-item={p.id}>
          <legend class="hidden">{p.text || t("proof")}</legend>
          <Text label={t("What shows it")} value={p.text ?? ""} disabled={disabled} onSet={(text) => set(p.id, "text", text.trim())} />
          <Select label={t("How it is known")} value={p.kind ?? "confirmation"} disabled={disabled} options={KINDS.map((k) => ({ value: k, label: proofKindWord(k) }))} onChange={(kind) => set(p.id, "kind", kind)} />
          {p.kind === "objective" && <Select label={t("Objective")} value={p.metric ?? ""} disabled={disabled} options={[{ value: "", label: t("choose …") }, ...metrics.map((m) => ({ value: m.id, label: m.name ?? "" }))]} onChange={(metric) => set(p.id, "metric", metric)} />}
          {(p.kind === "document" || p.kind === "meeting" || p.kind === "rule") && (
            <div class="ed-two">
              <Combo label={t("Activity in the evidence")} value={activityOf(p.match)} disabled={disabled} options={editor.activities.value} onInput={(text) => set(p.id, "match", text.trim() ? [text.trim()] : undefined)} />
              <Text label={t("At least how many times")} value={shown(p.at_least)} disabled={disabled} onSet={(text) => set(p.id, "at_least", typed(text))} />
            </div>
          )}
          <div class="row between"><Check label={t("required")} checked={p.required !== false} disabled={disabled} onChange={(on) => set(p.id, "required", on ? undefined : false)} />
            {!disabled && <Button kind="link" onClick={() => editor.act([{ op: "delete", item: p.id }], { label: t("proof") })}>{t("Delete")}</Button>}</div>
        </fieldset>
      ))}
      {!disabled && <div><Button small icon={<Icon name="plus" size={16} />} onClick={add}>{t("Add a proof")}<span class="hidden">: {phase.title}</span></Button></div>}
    </section>
  );
}

function Objectives({ editor }: { editor: Editor }) {
  const disabled = !editor.canEdit.value, set = setter(editor), list = (editor.document.value.objective?.metrics ?? []) as PathMetric[];
  const add = () => { const id = newId("metric"); editor.act([{ op: "insert", at: "", list: "objective.metrics", value: { id, name: t("New objective") } }], { label: t("metric") }); keysTo(id); };
  return (
    <section class="ed-part" aria-label={t("Objectives of the client")}>
      <header class="row between"><h3>{t("Objectives of the client")}</h3>{!disabled && <Button small icon={<Icon name="plus" size={16} />} onClick={add}>{t("Add")}</Button>}</header>
      {!list.length && <p class="quiet">{t("What will be different, in a number: evenings a week with a free kitchen table, from 1 to 5.")}</p>}
      {list.map((m) => (
        <fieldset class="ed-metric" key={m.id} data-item={m.id}>
          <legend class="hidden">{m.name}</legend>
          <Text label={t("What is counted")} value={m.name ?? ""} disabled={disabled} onSet={(text) => set(m.id, "name", text.trim())} />
          <div class="ed-three">
            <Text label={t("Now")} value={shown(m.baseline)} disabled={disabled} onSet={(text) => set(m.id, "baseline", typed(text))} />
            <Text label={t("Target")} value={shown(m.target)} disabled={disabled} onSet={(text) => set(m.id, "target", typed(text))} />
            <Text label={t("Unit")} value={m.unit ?? ""} disabled={disabled} onSet={(text) => set(m.id, "unit", text.trim())} />
          </div>
          <Text label={t("By when (a day)")} type="date" value={m.due ?? ""} disabled={disabled} onSet={(text) => set(m.id, "due", text)} />
          <div class="ed-two">
            <Select label={t("How it is known")} value={m.source ?? "typed"} disabled={disabled} options={[{ value: "typed", label: t("written down") }, { value: "survey", label: t("asked in a survey") }, { value: "evidence", label: t("from the evidence") }]} onChange={(source) => set(m.id, "source", source === "typed" ? undefined : source)} />
            <Select label={t("How much it counts")} value={String(m.weight ?? 1)} disabled={disabled} options={[{ value: "0", label: t("not for each client") }, { value: "1", label: t("as the others") }, { value: "2", label: t("twice") }, { value: "3", label: t("three times") }, ...(m.weight && ![0, 1, 2, 3].includes(m.weight) ? [{ value: String(m.weight), label: String(m.weight) }] : [])]} onChange={(weight) => set(m.id, "weight", weight === "1" ? undefined : Number(weight))} />
          </div>
          {m.source && m.source !== "typed" && <Combo label={t("Activity that is its reading")} value={activityOf(m.match)} disabled={disabled} options={editor.activities.value} onInput={(text) => set(m.id, "match", text.trim() ? [text.trim()] : undefined)} />}
          <Select label={t("Belongs to the step")} value={m.step ?? ""} disabled={disabled} options={[{ value: "", label: t("the whole path") }, ...editor.document.value.phases.flatMap((f) => (f.steps ?? []).map((s) => ({ value: s.id, label: s.title, group: f.title ?? "" })))]} onChange={(step) => set(m.id, "step", step)} />
          {!disabled && <Button kind="link" onClick={() => editor.act([{ op: "delete", item: m.id }], { label: t("metric deleted") })}>{t("Delete")}</Button>}
        </fieldset>
      ))}
    </section>
  );
}

function Limits({ editor }: { editor: Editor }) {
  const disabled = !editor.canEdit.value, set = setter(editor);
  const now = ((editor.document.value as { path?: Thresholds | null }).path ?? {}) as Thresholds;
  const days = (field: keyof Thresholds, label: string) => <Text label={label} value={shown(now[field])} disabled={disabled} onSet={(text) => set("", "path." + field, typed(text))} />;
  return (
    <section class="ed-part" aria-label={t("When a client needs somebody")}>
      <h3>{t("When a client needs somebody")}</h3>
      <p class="note">{t("Days. From ten clients on, the path’s own history decides instead: behind after what half of them took, stuck after what nine in ten took.")}</p>
      <div class="ed-three">{days("behind_days", t("Behind after"))}{days("stuck_days", t("Stuck after"))}{days("silent_days", t("Silent after"))}</div>
      <Choice label={t("Low when the last feeling is")} value={String(now.low_feeling ?? -1)} options={[{ value: "-1", label: t("bad or worse") }, { value: "-2", label: t("very bad") }]} onChange={(v) => { if (!disabled) set("", "path.low_feeling", v === "-1" ? undefined : -2); }} />
    </section>
  );
}

/** What is filled in for each client, in the reader's language: the server knows both. */
const blanks = () => (lang.value === "it" ? { customer: "{cliente}", phase: "{fase}", step: "{tappa}", days: "{giorni}" } : { customer: "{customer}", phase: "{phase}", step: "{step}", days: "{days}" });
/** How a playbook begins. */
function begun(kind: string): { title: string; text: string } {
  if (kind === "email") return { title: t("How is it going, {customer}?", blanks()), text: t("Good morning {customer},\nwe have heard nothing for a while: how is it going? The next step is “{step}”. An answer to this message is enough, or ring us.", blanks()) };
  if (kind === "webhook") return { title: t("{customer} needs somebody", blanks()), text: t("{customer} has been in “{phase}” for {days} days.", blanks()) };
  return { title: t("Ring {customer}", blanks()), text: t("{customer} has been in “{phase}” for {days} days. Ask what is in the way.", blanks()) };
}
/** The keys go to what was just added. */
function keysTo(id: string): void {
  requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-item="${CSS.escape(id)}"] :is(input,select,textarea)`)?.focus()));
}

function Playbooks({ editor }: { editor: Editor }) {
  const disabled = !editor.canEdit.value, set = setter(editor), list = ((editor.document.value as { playbooks?: Playbook[] | null }).playbooks ?? []) as Playbook[];
  const add = () => { const id = newId("playbook"); editor.act([{ op: "insert", at: "", list: "playbooks", value: { id, when: "stuck", kind: "task", ...begun("task"), on: true } as unknown as Thing }], { label: t("playbook") }); keysTo(id); };
  // What was not written by hand changes with the kind: a task says what to do, an e-mail speaks to the client, a call is off until somebody says so.
  const turn = (b: Playbook, kind: string) => {
    const old = begun(b.kind ?? "task"), next = begun(kind);
    set(b.id, "kind", kind);
    if (!b.title || b.title === old.title) set(b.id, "title", next.title);
    if (!b.text || b.text === old.text) set(b.id, "text", next.text);
    if (kind === "webhook") set(b.id, "on", undefined);
  };
  return (
    <section class="ed-part" aria-label={t("What happens then by itself")}>
      <header class="row between"><h3>{t("What happens then by itself")}</h3>{!disabled && <Button small icon={<Icon name="plus" size={16} />} onClick={add}>{t("Add")}</Button>}</header>
      {!list.length && <p class="quiet">{t("For example: when somebody is stuck, a task for the coach with what to ask.")}</p>}
      {list.map((b) => (
        <fieldset class="ed-metric" key={b.id} data-item={b.id}>
          <legend class="hidden">{b.title}</legend>
          <div class="ed-two">
            <Select label={t("When a client is")} value={b.when ?? "stuck"} disabled={disabled} options={[{ value: "stuck", label: stateWord("stuck") }, { value: "behind", label: stateWord("behind") }, { value: "silent", label: stateWord("silent") }, { value: "low", label: t("low in feeling") }]} onChange={(when) => set(b.id, "when", when)} />
            <Select label={t("Then")} value={b.kind ?? "task"} disabled={disabled} options={[{ value: "task", label: t("a task") }, { value: "email", label: t("an e-mail, as a draft") }, { value: "webhook", label: t("a call to another program (webhook)") }]} onChange={(kind) => turn(b, kind)} />
          </div>
          <Text label={b.kind === "email" ? t("Subject") : t("Title")} value={b.title ?? ""} disabled={disabled} onSet={(text) => set(b.id, "title", text.trim())} />
          {b.kind !== "webhook" && <Text label={t("Text")} long value={b.text ?? ""} disabled={disabled} onSet={(text) => set(b.id, "text", text.trim())} />}
          {b.kind === "webhook" ? <Text label={t("Address (https)")} value={b.url ?? ""} disabled={disabled} onSet={(text) => set(b.id, "url", text.trim())} /> : <Text label={t("Who")} value={b.owner ?? ""} disabled={disabled} onSet={(text) => set(b.id, "owner", text.trim())} />}
          {b.kind === "webhook" && <p class="note">{t("Only where the server allows it (--allow-webhooks), and never to a private address.")}{may("owner") && <> <a href="/settings/webhooks">{t("The key that signs it, and the last calls")}</a></>}</p>}
          {b.kind === "webhook" && b.on && !/^https?:\/\/[^/\s]+/.test(b.url ?? "") && <p class="field-error" role="alert">{t("Without an address nothing is called: it begins with https://")}</p>}
          <div class="row between"><Check switch label={t("on")} checked={!!b.on} disabled={disabled} onChange={(on) => set(b.id, "on", on || undefined)} />
            {!disabled && <Button kind="link" onClick={() => editor.act([{ op: "delete", item: b.id }], { label: t("playbook") })}>{t("Delete")}</Button>}</div>
        </fieldset>
      ))}
      {list.some((b) => b.kind !== "webhook") && <p class="note">{t("In the texts {customer}, {phase}, {step} and {days} become the client’s own.", blanks())}</p>}
    </section>
  );
}
