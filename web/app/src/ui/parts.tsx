/** The small parts that pages are set with. */
import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";
import { t } from "../lang/lang";
import type { Problem } from "../api/client";
import { Button } from "./button";
import { problemText } from "./toast";

export function Card({ children, title, action, tone, class: extra, level = 2 }: { children: ComponentChildren; title?: ComponentChildren; action?: ComponentChildren; tone?: "loss" | "belief" | "good" | "wait"; class?: string; level?: 2 | 3 }) {
  const H = level === 2 ? "h2" : "h3";
  return (
    <section class={["card", tone && "tone " + tone, extra].filter(Boolean).join(" ")}>
      {(title || action) && <header class="card-head">{title && <H class="card-title">{title}</H>}{action}</header>}
      {children}
    </section>
  );
}

export type Tone = "good" | "warn" | "bad" | "plain" | "blue";
export function Chip({ children, tone = "plain", title }: { children: ComponentChildren; tone?: Tone; title?: string }) {
  return <span class={"chip " + tone} title={title}>{children}</span>;
}

/** The monogram of a name, in a colour that stays the same for the same name. */
export function monogram(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = (w?: string) => (w ? [...w][0]!.toLocaleUpperCase() : "");
  return words.length ? first(words[0]) + (words.length > 1 ? first(words.at(-1)) : "") : "?";
}
export function nameHue(name: string): number {
  let h = 0;
  for (const c of name) h = (h * 31 + c.codePointAt(0)!) >>> 0;
  return h % 6;
}
/** silent: the name stands beside it, and is not read out twice. */
export function Avatar({ name, size = 28, picture, silent }: { name: string; size?: number; picture?: string; silent?: boolean }) {
  const style = { width: size + "px", height: size + "px", fontSize: Math.round(size * 0.38) + "px" };
  if (picture) return <img class="avatar" style={style} src={`/api/v1/files/${encodeURIComponent(picture)}`} alt={silent ? "" : name} />;
  return <span class={"avatar hue" + nameHue(name)} style={style} {...(silent ? { "aria-hidden": true } : { role: "img" as const, "aria-label": name || "?", title: name || undefined })}>{monogram(name)}</span>;
}

export function EmptyState({ title, children, actions, picture }: { title: string; children?: ComponentChildren; actions?: ComponentChildren; picture?: ComponentChildren }) {
  return (
    <div class="empty">
      {picture}
      <h2>{title}</h2>
      {children && <div class="empty-text">{children}</div>}
      {actions && <div class="row center">{actions}</div>}
    </div>
  );
}
export function Progress({ value, label }: { value: number | null; label: string }) {
  const share = value === null ? undefined : Math.round(Math.max(0, Math.min(1, value)) * 100);
  return (
    <div class="progress" role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={share}>
      <div class={value === null ? "progress-run" : "progress-bar"} style={share === undefined ? undefined : { width: share + "%" }} />
    </div>
  );
}
/** What went wrong, with the way to try again. */
export function Trouble({ error, onRetry }: { error: Problem | Error; onRetry?: () => void }) {
  return (
    <div class="trouble" role="alert">
      <p>{problemText(error)}</p>
      {onRetry && <Button small onClick={onRetry}>{t("Try again")}</Button>}
    </div>
  );
}
/** Grey shapes where the content will be. */
export function Skeleton({ lines = 3, height }: { lines?: number; height?: number }) {
  return <div class="skeleton" aria-hidden="true">{Array.from({ length: lines }, (_, i) => <div key={i} style={{ height: (height ?? 16) + "px", width: 100 - ((i * 17) % 40) + "%" }} />)}</div>;
}

export interface Column<R> { key: string; title: string; cell: (row: R) => ComponentChildren; number?: boolean; head?: boolean; class?: string }
/** A table that scrolls by itself when it is too wide; the first column (head) names the row. */
export function Table<R>({ caption, columns, rows, rowKey, hideCaption, onRow }: { caption: string; columns: Column<R>[]; rows: R[]; rowKey: (row: R) => string; hideCaption?: boolean; onRow?: (row: R) => void }) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={caption}>
      <table class="table">
        <caption class={hideCaption ? "hidden" : undefined}>{caption}</caption>
        <thead><tr>{columns.map((c) => <th key={c.key} scope="col" class={c.number ? "num" : c.class}>{c.title || <span class="hidden">{t("What can be done")}</span>}</th>)}</tr></thead>
        <tbody>
          {rows.map((r) => (
            <tr key={rowKey(r)} class={onRow ? "opens" : undefined} onClick={onRow ? () => onRow(r) : undefined}>
              {columns.map((c) => c.head ? <th key={c.key} scope="row" class={c.class}>{c.cell(r)}</th> : <td key={c.key} class={c.number ? "num" : c.class}>{c.cell(r)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Tabs with roving focus; with `href` they are addresses (links), and the back button works. */
export function Tabs<V extends string>({ label, value, tabs, onChange, children }: { label: string; value: V; tabs: { value: V; label: string; count?: number }[]; onChange: (value: V) => void; children?: ComponentChildren }) {
  const id = useId(), bar = useRef<HTMLDivElement>(null);
  const key = (e: KeyboardEvent) => {
    const here = tabs.findIndex((x) => x.value === value);
    const to = e.key === "ArrowRight" ? here + 1 : e.key === "ArrowLeft" ? here - 1 : e.key === "Home" ? 0 : e.key === "End" ? tabs.length - 1 : null;
    if (to === null) return;
    e.preventDefault();
    const next = tabs[(to + tabs.length) % tabs.length]!;
    onChange(next.value);
    bar.current?.querySelector<HTMLElement>(`[data-tab="${next.value}"]`)?.focus();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} ref={bar} onKeyDown={key}>
        {tabs.map((x) => (
          <button key={x.value} type="button" role="tab" id={`${id}-${x.value}`} data-tab={x.value} aria-selected={x.value === value} aria-controls={children !== undefined ? id + "-panel" : undefined}
            tabIndex={x.value === value ? 0 : -1} onClick={() => onChange(x.value)}>{x.label}{x.count !== undefined && <span class="count">{x.count}</span>}</button>
        ))}
      </div>
      {children !== undefined && <div role="tabpanel" id={id + "-panel"} aria-labelledby={`${id}-${value}`} tabIndex={-1}>{children}</div>}
    </>
  );
}

/** Words on hover and focus; for the eye only when the child already says them (give `label` there). */
export function Tooltip({ text, children }: { text: string; children: ComponentChildren }) {
  const id = useId();
  return <span class="tip-host" aria-describedby={id}>{children}<span role="tooltip" id={id} class="tip">{text}</span></span>;
}
