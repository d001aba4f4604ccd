// One cell of the grid: what it says, and the text field it becomes while it is written into. A cell is drawn again
// only when its step, its marks or its place under the cursor change.
import type { ComponentChildren } from "preact";
import { memo } from "preact/compat";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { date as dateText, num, pct, span } from "../lang/format";
import { t } from "../lang/lang";
import { Face, Icon, valenceWord } from "../ui";
import type { Action, Step, Touchpoint } from "./model/document.ts";
import type { Lane } from "./model/lanes.ts";
import { cellText, customOf, matchText } from "./model/text.ts";
import { actionStateName, laneHint } from "./names";
import type { ChannelEntry } from "./store";
import type { StudyStep } from "./study";

// ---- channels ----

const KIND_HUE: Record<string, number> = { web: 0, app: 0, mail: 2, phone: 3, person: 4, shop: 4, paper: 5 };
const WORDS: [RegExp, number][] = [[/web|search|google|social|insta|face|linked/i, 0], [/sito|site|blog|portal|modulo|form|app/i, 1], [/mail|pec|newsletter/i, 2], [/tel|phone|call|numero|whats|chat|sms/i, 3],
  [/persona|person|incontro|visit|negozio|shop|store|fiera|tecnico/i, 4], [/posta|carta|paper|lettera|catalog/i, 5]];
/** One of six hues: the channel's own colour is a word of the list's, else its kind, else what its name says. */
export function channelHue(name: string, list: ChannelEntry[]): number {
  const own = list.find((one) => one.name.toLowerCase() === name.toLowerCase());
  const said = /^hue([0-5])$/.exec(own?.colour ?? "");
  if (said) return Number(said[1]);
  const word = WORDS.find(([pattern]) => pattern.test(name));
  if (word) return word[1];
  if (own?.kind && own.kind in KIND_HUE) return KIND_HUE[own.kind]!;
  let h = 0;
  for (const c of name) h = (h * 31 + c.codePointAt(0)!) >>> 0;
  return h % 6;
}
export function ChannelChip({ name, list }: { name: string; list: ChannelEntry[] }) {
  return <span class={`ed-channel chan${channelHue(name, list)}`}>{name}</span>;
}

// ---- what a cell says ----

export interface CellData { channels: ChannelEntry[]; actions: Action[]; study: StudyStep | null; customers: number }

function Lines({ items }: { items: string[] }) {
  return items.length > 1 ? <ul class="ed-lines">{items.map((one, i) => <li key={i}>{one}</li>)}</ul> : <>{items[0] ?? ""}</>;
}

function Quote({ text }: { text: string }) {
  return <q class="ed-quote">{text.trim().replace(/^[«"“]\s*|\s*[»"”]$/g, "")}</q>;
}

function TouchpointLine({ one, channels }: { one: Touchpoint; channels: ChannelEntry[] }) {
  return (
    <div class="ed-touch">
      {one.title && <span>{one.title}</span>}{" "}
      {(one.channel || one.department) && <span class="ed-touch-foot">
        {one.channel && <ChannelChip name={one.channel} list={channels} />}{" "}
        {one.department && <span class="ed-dept">{one.department}</span>}
      </span>}
    </div>
  );
}

function ActionNote({ action }: { action: Action }) {
  const late = Boolean(action.due && !["done", "verified", "dropped"].includes(action.state ?? "") && action.due < new Date().toISOString().slice(0, 10));
  return (
    <div class={"ed-action" + (action.state === "done" || action.state === "verified" ? " done" : "")}>
      <strong>{action.title || t("Without a name")}</strong>{" "}
      {(action.department || action.owner || action.due) && <span class={late ? "late" : undefined}>{[action.owner || action.department, action.due && dateText(action.due, "short")].filter(Boolean).join(" · ")}</span>}{" "}
      <span class={"ed-state s-" + (action.state ?? "idea")}>{actionStateName(action.state)}</span>
    </div>
  );
}

export function RealityCell({ study, customers }: { study: StudyStep; customers: number }) {
  const share = customers ? study.reached / customers : 0, lost = customers ? study.lost / customers : 0, moved = customers ? study.movedOn / customers : 0;
  return (
    <div class="ed-reality">
      <span class="ed-bar" aria-hidden="true">
        <i class="moved" style={{ width: moved * 100 + "%" }} /><i class="travel" style={{ width: Math.max(0, share - moved - lost) * 100 + "%" }} /><i class="lost" style={{ width: lost * 100 + "%" }} />
      </span>
      <span class="ed-reality-line"><strong>{pct(share)}</strong>{" "}{study.after !== null && <span class="quiet">{t("after {time}", { time: span(study.after) })}</span>}</span>
      {study.lostShare !== null && study.lostShare >= 0.05 && <span class="ed-lost">{t("then {share} lost", { share: pct(study.lostShare) })}</span>}
      {study.shortcuts.map((one) => <span class="ed-shortcut" key={one.activity} title={one.activity}>{t("{share}: {activity}", { share: pct(one.share), activity: one.activity })}</span>)}
    </div>
  );
}

export function cellWords(lane: Lane, step: Step, data: CellData): string {
  if (lane.form === "actions") return data.actions.map((one) => `${one.title ?? ""}, ${actionStateName(one.state)}`).join("; ");
  if (lane.form === "reality") {
    const s = data.study;
    if (!s) return "";
    return [t("{share} get here", { share: pct(data.customers ? s.reached / data.customers : 0) }), s.lostShare !== null ? t("then {share} lost", { share: pct(s.lostShare) }) : ""].filter(Boolean).join(", ");
  }
  if (lane.form === "image") {
    const value = customOf(step, lane.id);
    return value && typeof value === "object" ? value.alt || t("a picture") : "";
  }
  if (lane.form === "flag") return step.moment_of_truth ? t("yes") : "";
  if (lane.form === "number") {
    const value = customOf(step, lane.id);
    return typeof value === "number" ? `${num(value, Number.isInteger(value) ? 0 : 2)} ${lane.unit}`.trim() : "";
  }
  return cellText(step, lane);
}

/** The inside of a cell at rest. */
export function CellContent({ lane, step, data }: { lane: Lane; step: Step; data: CellData }): ComponentChildren {
  switch (lane.form) {
    case "text": {
      const text = cellText(step, lane);
      if (!text) return null;
      if (lane.kind === "thinking") return <Quote text={text} />;
      return lane.kind === "note" ? <div class="ed-note">{text}</div> : <>{text}</>;
    }
    case "list": return <Lines items={(step[lane.field as "needs"] ?? []) as string[]} />;
    case "items": return (
      <div class={lane.kind === "pains" ? "ed-pains" : "ed-opps"}>
        {(step[lane.field as "pains"] ?? []).map((one) => (
          <div key={one.id} class={lane.kind === "pains" ? "ed-pain" : "ed-opp"}>
            {one.text}
            {lane.kind === "pains" && <PainFoot pain={one.id} actions={data.actions} />}
          </div>
        ))}
      </div>
    );
    case "touchpoints": return <>{(step.touchpoints ?? []).map((one) => <TouchpointLine key={one.id} one={one} channels={data.channels} />)}</>;
    case "actions": return <>{data.actions.map((one) => [<ActionNote key={one.id} action={one} />, " "])}</>;
    case "reality": return data.study ? <RealityCell study={data.study} customers={data.customers} /> : null;
    case "flag": return step.moment_of_truth ? <span class="ed-star"><Icon name="star" size={18} /> {t("decides the relation")}</span> : null;
    case "match": return <>{(step.match ?? []).map((one, i) => <span key={i} class="ed-match">{matchText(one)}</span>)}</>;
    case "number": return <span class="ed-number">{cellWords(lane, step, data)}</span>;
    case "image": {
      const value = customOf(step, lane.id);
      return value && typeof value === "object" && value.file ? <img class="ed-picture" src={`/api/v1/files/${encodeURIComponent(value.file)}`} alt={value.alt ?? ""} loading="lazy" /> : null;
    }
    case "feeling": {
      const { emotion, valence } = step.feeling ?? {};
      return typeof valence === "number" ? <span class="ed-feel"><Face valence={valence} size={22} /> {emotion || valenceWord(valence)}</span> : <>{emotion ?? ""}</>;
    }
    default: return <>{cellText(step, lane)}</>;
  }
}

function PainFoot({ pain, actions }: { pain: string; actions: Action[] }) {
  const action = actions.find((one) => one.pains?.includes(pain));
  if (!action) return <span class="ed-pain-foot nobody">{t("nobody takes care of it")}</span>;
  return <span class="ed-pain-foot">{"→ " + [action.department || action.owner || action.title, action.due && dateText(action.due, "short")].filter(Boolean).join(", ")}</span>;
}

// ---- writing into a cell ----

export interface Suggestion { value: string; valence?: number }
export interface EditorProps {
  label: string;
  initial: string; // what stands there
  fresh?: boolean; // nobody has chosen it yet: typing writes over it
  typed?: string; // the letter that opened it
  hint?: string;
  oneLine?: boolean;
  perLine?: boolean; // suggestions are for the line the caret is in
  suggestions?: Suggestion[];
  draft: (text: string) => void; // while typing, after a pause
  done: (text: string, then: "down" | "up" | "right" | "left" | "stay" | "new") => void;
  cancel: () => void;
  register?: (flush: () => void) => () => void;
}

const PAUSE_MS = 450;

/** A text field as large as its text. Its text is its own while it is written: nothing else is drawn again. */
export function CellEditor(p: EditorProps) {
  const area = useRef<HTMLTextAreaElement>(null), box = useRef<HTMLDivElement>(null);
  const start = p.typed ?? p.initial;
  const now = useRef(start), over = useRef(false), timer = useRef(0), told = useRef(p.initial);
  const [line, setLine] = useState(p.typed ?? "");
  const [at, setAt] = useState(-1);
  const [listed, setListed] = useState(Boolean(p.suggestions?.length && (p.typed !== undefined || !p.initial)));
  const latest = useRef(p), original = useRef(p.initial); // the step changes while its text is saved
  latest.current = p;
  const flush = () => {
    clearTimeout(timer.current);
    if (over.current || now.current === told.current) return;
    told.current = now.current;
    latest.current.draft(now.current);
  };
  useLayoutEffect(() => {
    const field = area.current!;
    field.value = start;
    box.current!.dataset.value = start + " ";
    field.focus();
    field.setSelectionRange(p.fresh && p.typed === undefined ? 0 : start.length, start.length);
    const off = latest.current.register?.(flush);
    return () => {
      flush();
      off?.();
    };
  }, []);
  const currentLine = (): string => {
    const field = area.current!;
    if (!p.perLine) return field.value;
    const from = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1, to = field.value.indexOf("\n", field.selectionStart);
    return field.value.slice(from, to < 0 ? undefined : to);
  };
  const changed = () => {
    const field = area.current!;
    if (p.oneLine && field.value.includes("\n")) field.value = field.value.replace(/\s*\n\s*/g, " ");
    now.current = field.value;
    box.current!.dataset.value = field.value + " ";
    if (p.suggestions) { setLine(currentLine()); setAt(-1); setListed(true); }
    clearTimeout(timer.current);
    timer.current = window.setTimeout(flush, PAUSE_MS);
  };
  const simple = (s: string) => s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const wanted = simple(line.replace(/[+\-−]?\d[\d.,]*/g, "").trim());
  const shown = listed && p.suggestions ? p.suggestions.filter((one) => simple(one.value).includes(wanted) && simple(one.value) !== wanted).slice(0, 8) : [];
  const pick = (value: string) => {
    const field = area.current!;
    if (!p.perLine) field.value = value;
    else {
      const from = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1, to = field.value.indexOf("\n", field.selectionStart);
      field.value = field.value.slice(0, from) + value + (to < 0 ? "" : field.value.slice(to));
    }
    changed();
    setListed(false);
    field.focus();
  };
  const finish = (then: Parameters<EditorProps["done"]>[1]) => {
    if (over.current) return;
    over.current = true;
    clearTimeout(timer.current);
    p.done(now.current, then);
  };
  const key = (e: KeyboardEvent) => {
    e.stopPropagation();
    if (e.isComposing) return;
    const listing = shown.length > 0;
    if (listing && (e.key === "ArrowDown" || e.key === "ArrowUp")) {
      e.preventDefault();
      setAt((at + (e.key === "ArrowDown" ? 1 : at < 0 ? 0 : -1) + shown.length) % shown.length);
    } else if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) { e.preventDefault(); finish("new"); }
    else if (e.key === "Enter" && listing && at >= 0) { e.preventDefault(); pick(shown[at]!.value); if (!p.perLine) finish("down"); }
    else if (e.key === "Enter" && !e.shiftKey && !e.altKey) { e.preventDefault(); finish("down"); }
    else if (e.key === "Enter" && p.oneLine) { e.preventDefault(); finish("up"); }
    else if (e.key === "Enter" && e.altKey) { e.preventDefault(); area.current!.setRangeText("\n", area.current!.selectionStart, area.current!.selectionEnd, "end"); changed(); }
    else if (e.key === "Tab") { e.preventDefault(); if (listing && at >= 0) pick(shown[at]!.value); finish(e.shiftKey ? "left" : "right"); }
    else if (e.key === "Escape") {
      e.preventDefault();
      if (listing && at >= 0) { setListed(false); return; }
      over.current = true;
      clearTimeout(timer.current);
      if (told.current !== original.current) p.draft(original.current);
      p.cancel();
    }
  };
  return (
    <div class="ed-edit" ref={box}>
      <textarea ref={area} class="ed-area" rows={1} aria-label={p.label} placeholder={p.hint} spellcheck maxLength={20000}
        aria-controls={p.suggestions ? "ed-suggestions" : undefined}
        aria-autocomplete={p.suggestions ? "list" : undefined} aria-activedescendant={at >= 0 && shown[at] ? `ed-suggestion-${at}` : undefined}
        onInput={changed} onKeyDown={key} onBlur={() => finish("stay")}
        onPaste={(e) => e.stopPropagation()} onCopy={(e) => e.stopPropagation()} onCut={(e) => e.stopPropagation()} />
      {p.suggestions && (
        <ul class="ed-suggest" id="ed-suggestions" role="listbox" aria-label={p.label} hidden={!shown.length}>
          {shown.map((one, i) => (
            <li key={one.value} id={`ed-suggestion-${i}`} role="option" aria-selected={i === at} class={i === at ? "on" : undefined}
              onPointerDown={(e) => { e.preventDefault(); pick(one.value); if (!p.perLine) finish("stay"); }}>
              {one.valence !== undefined && <span aria-hidden="true" class="ed-mini"><Face valence={one.valence} size={18} /></span>}{one.value}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

// ---- the cell ----

export interface CellProps {
  lane: Lane;
  step: Step;
  stepTitle: string;
  column: number; // aria-colindex
  active: boolean;
  ranged: boolean;
  editing: boolean;
  typed?: string;
  others: string; // names of who is here
  comments: number;
  finding: boolean;
  data: CellData;
  editor: EditorProps | null;
}

export const Cell = memo(function Cell(p: CellProps) {
  const empty = !cellWords(p.lane, p.step, p.data);
  return (
    <div role="gridcell" id={`cell:${p.lane.id}:${p.step.id}`} data-row={p.lane.id} data-step={p.step.id} aria-colindex={p.column} tabIndex={p.active && !p.editing ? 0 : -1}
      aria-labelledby={p.editing ? undefined : `lane:${p.lane.id} title:${p.step.id} ${empty ? "ed-empty" : `cell:${p.lane.id}:${p.step.id}`}${p.comments ? " ed-commented" : ""}`} aria-selected={p.active || p.ranged}
      data-hint={empty && !p.editing ? laneHint(p.lane) : undefined}
      class={`ed-cell k-${p.lane.kind}${p.active ? " active" : ""}${p.ranged ? " ranged" : ""}${p.others ? " other" : ""}${p.editing ? " editing" : ""}`}>
      {p.editor && p.editing ? <CellEditor {...p.editor} hint={laneHint(p.lane)} /> : <CellContent lane={p.lane} step={p.step} data={p.data} />}
      {p.comments > 0 && <span class="ed-flag" data-n={p.comments} aria-hidden="true" />}
      {p.others && <span class="ed-other">{p.others}</span>}
    </div>
  );
}, (a, b) => a.step === b.step && a.lane === b.lane && a.active === b.active && a.ranged === b.ranged && a.editing === b.editing && a.others === b.others &&
  a.comments === b.comments && a.finding === b.finding && a.column === b.column && a.stepTitle === b.stepTitle && sameData(a.data, b.data) && (!a.editing || a.typed === b.typed));

function sameData(a: CellData, b: CellData): boolean {
  return a.channels === b.channels && a.study === b.study && a.customers === b.customers &&
    a.actions.length === b.actions.length && a.actions.every((one, i) => one === b.actions[i]);
}

/** The focus goes where the cursor stands, when it was in the grid before. */
export function useCellFocus(root: { current: HTMLElement | null }, row: string, step: string, editing: boolean): void {
  const first = useRef(true);
  useEffect(() => {
    if (first.current) { first.current = false; return; }
    if (editing) return;
    const grid = root.current, here = document.activeElement;
    if (!grid || !(grid.contains(here) || here === document.body)) return;
    document.getElementById(`cell:${row}:${step}`)?.focus();
  }, [row, step, editing]);
}
