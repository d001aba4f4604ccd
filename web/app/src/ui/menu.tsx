/** A button that opens a list of deeds: arrows, Home, End, first letters, Escape. */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Button, type ButtonProps } from "./button";
import { float } from "./float";

export interface MenuItem {
  label?: string;
  icon?: ComponentChildren;
  note?: string;
  danger?: boolean;
  checked?: boolean;
  disabled?: boolean;
  href?: string;
  download?: boolean | string;
  onSelect?: () => void;
  line?: boolean; // a line between
}

export function Menu({ button, items, align = "end", label }: { button: Omit<ButtonProps, "onClick" | "controls">; items: MenuItem[]; align?: "start" | "end"; label?: string }) {
  const [open, setOpen] = useState(false);
  const id = useId(), root = useRef<HTMLDivElement>(null), list = useRef<HTMLDivElement>(null), opener = useRef<HTMLElement>(null);
  const entries = () => [...(list.current?.querySelectorAll<HTMLElement>("[role^=menuitem]:not([aria-disabled])") ?? [])];
  const close = (focus = true) => { setOpen(false); if (focus) opener.current?.focus(); };

  useLayoutEffect(() => {
    if (!open) return;
    float(list.current!, opener.current!, align);
    entries()[0]?.focus();
    const outside = (e: Event) => { if (!root.current?.contains(e.target as Node)) close(false); };
    const moved = (e: Event) => { if (!list.current?.contains(e.target as Node)) close(false); };
    document.addEventListener("pointerdown", outside, true);
    addEventListener("resize", moved);
    addEventListener("scroll", moved, true);
    return () => {
      document.removeEventListener("pointerdown", outside, true);
      removeEventListener("resize", moved);
      removeEventListener("scroll", moved, true);
    };
  }, [open]);
  const typed = useRef({ text: "", at: 0 });
  const key = (e: KeyboardEvent) => {
    const all = entries(), here = all.indexOf(document.activeElement as HTMLElement);
    const to = (i: number) => { e.preventDefault(); all[(i + all.length) % all.length]?.focus(); };
    e.stopPropagation();
    if (e.key === "ArrowDown") to(here + 1);
    else if (e.key === "ArrowUp") to(here - 1);
    else if (e.key === "Home") to(0);
    else if (e.key === "End") to(-1);
    else if (e.key === "Escape") { e.preventDefault(); close(); }
    else if (e.key === "Tab") close(false);
    else if (e.key.length === 1 && e.key !== " ") {
      const now = Date.now();
      typed.current = { text: (now - typed.current.at < 700 ? typed.current.text : "") + e.key.toLowerCase(), at: now };
      all.find((x) => x.textContent?.trim().toLowerCase().startsWith(typed.current.text))?.focus();
    }
  };
  const select = (item: MenuItem) => { close(); item.onSelect?.(); };
  return (
    <div class="menu" ref={root}>
      <Button {...button} ref={opener} controls={{ popup: "menu", expanded: open, id: open ? id : undefined }} onClick={() => setOpen(!open)} />
      {open && (
        <div class="menu-list" id={id} ref={list} role="menu" aria-label={label ?? button.label} onKeyDown={key}>
          {items.map((item, i) => item.line ? <div key={i} role="separator" class="menu-line" /> : (
            <MenuEntry key={i} item={item} onSelect={() => select(item)} />
          ))}
        </div>
      )}
    </div>
  );
}

function MenuEntry({ item, onSelect }: { item: MenuItem; onSelect: () => void }) {
  const role = item.checked === undefined ? "menuitem" : "menuitemradio";
  const inside = <>{item.icon}<span class="menu-text">{item.label}{item.note && <small>{item.note}</small>}</span>{item.checked && <span class="menu-tick" aria-hidden="true">✓</span>}</>;
  const common = { role, tabIndex: -1, class: "menu-item" + (item.danger ? " danger" : ""), "aria-checked": item.checked, "aria-disabled": item.disabled || undefined } as const;
  if (item.href && !item.disabled) return <a {...common} href={item.href} download={item.download} onClick={onSelect}>{inside}</a>;
  return <button {...common} type="button" onClick={() => { if (!item.disabled) onSelect(); }}>{inside}</button>;
}

/** Anything that floats by a button: a small form, a list with search. */
export function Popover({ button, children, align = "start", label }: { button: Omit<ButtonProps, "onClick" | "controls">; children: (close: () => void) => ComponentChildren; align?: "start" | "end"; label: string }) {
  const [open, setOpen] = useState(false);
  const id = useId(), root = useRef<HTMLDivElement>(null), box = useRef<HTMLDivElement>(null), opener = useRef<HTMLElement>(null);
  const close = () => { setOpen(false); opener.current?.focus(); };
  useLayoutEffect(() => {
    if (!open) return;
    float(box.current!, opener.current!, align);
    box.current!.querySelector<HTMLElement>("input,select,textarea,button,a")?.focus();
  }, [open]);
  useEffect(() => {
    if (!open) return;
    const outside = (e: Event) => { if (!root.current?.contains(e.target as Node)) setOpen(false); };
    document.addEventListener("pointerdown", outside, true);
    return () => document.removeEventListener("pointerdown", outside, true);
  }, [open]);
  return (
    <div class="menu" ref={root} onKeyDown={(e) => { if (e.key === "Escape" && open) { e.stopPropagation(); close(); } }}>
      <Button {...button} ref={opener} controls={{ popup: "dialog", expanded: open, id: open ? id : undefined }} onClick={() => setOpen(!open)} />
      {open && <div class="popover" id={id} ref={box} role="dialog" aria-label={label}>{children(close)}</div>}
    </div>
  );
}
