/** Form fields: a label, the control, a note, and what is wrong in words, all tied together. */
import type { ComponentChildren } from "preact";
import { float } from "./float";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";

interface Common {
  label: string;
  hideLabel?: boolean;
  note?: ComponentChildren;
  error?: string | null;
  required?: boolean;
  disabled?: boolean;
  class?: string;
}

function Frame({ label, hideLabel, note, error, id, children, class: extra }: Common & { id: string; children: ComponentChildren }) {
  return (
    <div class={["field", error && "wrong", extra].filter(Boolean).join(" ")}>
      <label for={id} class={hideLabel ? "hidden" : undefined}>{label}</label>
      {children}
      {error ? <p class="field-error" id={id + "-e"} role="alert">{error}</p> : note ? <p class="field-note" id={id + "-n"}>{note}</p> : null}
    </div>
  );
}
const described = (id: string, p: Common) => (p.error ? id + "-e" : p.note ? id + "-n" : undefined);

export interface FieldProps extends Common {
  value: string;
  onInput?: (value: string) => void;
  onCommit?: (value: string) => void; // Enter, or the field is left
  type?: "text" | "email" | "password" | "number" | "date" | "search" | "url";
  placeholder?: string;
  autocomplete?: string;
  autofocus?: boolean;
  min?: string | number;
  max?: string | number;
  step?: string | number;
  maxLength?: number;
  inputMode?: "text" | "numeric" | "decimal" | "email";
}
export function Field(p: FieldProps) {
  const id = useId(), input = useRef<HTMLInputElement>(null);
  useEffect(() => { if (p.autofocus) input.current?.focus(); }, []);
  return (
    <Frame {...p} id={id}>
      <input ref={input} id={id} class="input" type={p.type ?? "text"} value={p.value} required={p.required} disabled={p.disabled} placeholder={p.placeholder}
        autofocus={p.autofocus} autocomplete={p.autocomplete ?? "off"} min={p.min} max={p.max} step={p.step} maxLength={p.maxLength} inputMode={p.inputMode}
        aria-invalid={p.error ? true : undefined} aria-describedby={described(id, p)}
        onInput={(e) => p.onInput?.(e.currentTarget.value)}
        onBlur={(e) => p.onCommit?.(e.currentTarget.value)}
        onKeyDown={(e) => { if (e.key === "Enter" && p.onCommit) { e.preventDefault(); p.onCommit(e.currentTarget.value); } }} />
    </Frame>
  );
}

/** A text that grows with what is written in it. */
export function TextArea(p: Common & { value: string; onInput?: (value: string) => void; onCommit?: (value: string) => void; rows?: number; placeholder?: string; autofocus?: boolean; maxLength?: number }) {
  const id = useId(), area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const a = area.current!;
    let width = 0;
    const fit = () => { a.style.height = "auto"; if (a.scrollHeight) a.style.height = a.scrollHeight + 2 + "px"; };
    fit();
    // also when it comes into sight or becomes narrower
    const watch = new ResizeObserver(() => { if (a.clientWidth !== width) { width = a.clientWidth; fit(); } });
    watch.observe(a);
    return () => watch.disconnect();
  }, [p.value]);
  useEffect(() => { if (p.autofocus) area.current?.focus(); }, []);
  return (
    <Frame {...p} id={id}>
      <textarea ref={area} id={id} class="input" rows={p.rows ?? 2} value={p.value} required={p.required} disabled={p.disabled} placeholder={p.placeholder} maxLength={p.maxLength}
        aria-invalid={p.error ? true : undefined} aria-describedby={described(id, p)}
        onInput={(e) => p.onInput?.(e.currentTarget.value)} onBlur={(e) => p.onCommit?.(e.currentTarget.value)} />
    </Frame>
  );
}

export interface Option { value: string; label: string; group?: string; disabled?: boolean }
export function Select(p: Common & { value: string; options: Option[]; onChange: (value: string) => void }) {
  const id = useId();
  const groups = [...new Set(p.options.map((o) => o.group ?? ""))];
  const items = (group: string) => p.options.filter((o) => (o.group ?? "") === group).map((o) => <option key={o.value} value={o.value} disabled={o.disabled}>{o.label}</option>);
  return (
    <Frame {...p} id={id}>
      <select id={id} class="input select" value={p.value} disabled={p.disabled} required={p.required} aria-invalid={p.error ? true : undefined} aria-describedby={described(id, p)}
        onChange={(e) => p.onChange(e.currentTarget.value)}>
        {groups.map((g) => (g ? <optgroup key={g} label={g}>{items(g)}</optgroup> : items(g)))}
      </select>
    </Frame>
  );
}

export function Check({ label, checked, onChange, disabled, note, switch: asSwitch }: { label: ComponentChildren; checked: boolean; onChange: (on: boolean) => void; disabled?: boolean; note?: string; switch?: boolean }) {
  const id = useId();
  return (
    <div class={"check" + (asSwitch ? " switch" : "")}>
      <input id={id} type="checkbox" role={asSwitch ? "switch" : undefined} checked={checked} disabled={disabled} aria-describedby={note ? id + "-n" : undefined} onChange={(e) => onChange(e.currentTarget.checked)} />
      <label for={id}>{label}</label>
      {note && <p class="field-note" id={id + "-n"}>{note}</p>}
    </div>
  );
}

/** One of few, all seen at once. */
export function Choice<V extends string>({ label, value, options, onChange, hideLabel }: { label: string; value: V; options: { value: V; label: string; note?: string }[]; onChange: (value: V) => void; hideLabel?: boolean }) {
  const name = useId();
  return (
    <fieldset class="choice">
      <legend class={hideLabel ? "hidden" : undefined}>{label}</legend>
      <div class="choice-row">
        {options.map((o) => (
          <label key={o.value} class={o.value === value ? "on" : undefined}>
            <input type="radio" name={name} value={o.value} checked={o.value === value} onChange={() => onChange(o.value)} />
            <span>{o.label}</span>
            {o.note && <small>{o.note}</small>}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Text with suggestions (ARIA combobox): what is not in the list may be typed all the same. */
export function Combo(p: Common & { value: string; options: (string | Option)[]; onInput: (value: string) => void; onPick?: (value: string) => void; onCommit?: (value: string) => void; placeholder?: string; autofocus?: boolean; strict?: boolean }) {
  const id = useId(), input = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  useEffect(() => { if (p.autofocus) input.current?.focus(); }, []);
  const all = p.options.map((o) => (typeof o === "string" ? { value: o, label: o } : o));
  const simple = (s: string) => s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const exact = all.some((o) => o.label === p.value);
  const shown = all.filter((o) => exact || simple(o.label).includes(simple(p.value))).slice(0, 50);
  const pick = (o: Option) => { p.onInput(o.label); p.onPick?.(o.value); setOpen(false); setAt(-1); };
  const key = (e: KeyboardEvent) => {
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      e.preventDefault();
      setOpen(true);
      setAt(shown.length ? (at + (e.key === "ArrowDown" ? 1 : at < 0 ? 0 : -1) + shown.length) % shown.length : -1);
    } else if (e.key === "Enter" && open && shown[at]) { e.preventDefault(); pick(shown[at]!); }
    else if (e.key === "Enter" && p.onCommit) { e.preventDefault(); setOpen(false); p.onCommit(p.value); }
    else if (e.key === "Escape" && open) { e.preventDefault(); e.stopPropagation(); setOpen(false); }
  };
  const expanded = open && shown.length > 0;
  const box = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => {
    if (!expanded) return;
    float(box.current!, input.current!, "start", true);
    const moved = (e: Event) => { if (!box.current?.contains(e.target as Node)) setOpen(false); };
    addEventListener("scroll", moved, true);
    addEventListener("resize", moved);
    return () => {
      removeEventListener("scroll", moved, true);
      removeEventListener("resize", moved);
    };
  }, [expanded, shown.length]);
  useLayoutEffect(() => { if (expanded && at >= 0) box.current?.children[at]?.scrollIntoView({ block: "nearest" }); }, [at, expanded]);
  return (
    <Frame {...p} id={id}>
      <div class="combo">
        <input ref={input} id={id} class="input" role="combobox" autocomplete="off" aria-autocomplete="list" aria-expanded={expanded} aria-controls={id + "-l"}
          aria-activedescendant={expanded && at >= 0 ? `${id}-${at}` : undefined} aria-invalid={p.error ? true : undefined} aria-describedby={described(id, p)}
          value={p.value} required={p.required} disabled={p.disabled} placeholder={p.placeholder}
          onInput={(e) => { p.onInput(e.currentTarget.value); setOpen(true); setAt(-1); }} onKeyDown={key}
          onClick={() => setOpen(true)} onBlur={() => { setOpen(false); p.onCommit?.(p.value); }} />
        <ul id={id + "-l"} ref={box} key={expanded ? 1 : 0} role="listbox" aria-label={p.label} class="combo-list" hidden={!expanded}>
          {expanded && shown.map((o, i) => (
            <li key={o.value} id={`${id}-${i}`} role="option" aria-selected={i === at} class={i === at ? "on" : undefined} onPointerDown={(e) => { e.preventDefault(); pick(o); }}>{o.label}</li>
          ))}
        </ul>
      </div>
    </Frame>
  );
}
