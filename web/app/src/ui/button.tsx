import type { ComponentChildren, JSX } from "preact";
import { forwardRef } from "preact/compat";

export interface ButtonProps {
  children?: ComponentChildren;
  kind?: "plain" | "primary" | "danger" | "quiet" | "link";
  small?: boolean;
  icon?: ComponentChildren;
  label?: string; // for a button of only an icon
  href?: string;
  download?: boolean | string;
  busy?: boolean;
  disabled?: boolean;
  type?: "button" | "submit";
  class?: string;
  onClick?: (e: JSX.TargetedMouseEvent<HTMLElement>) => void;
  pressed?: boolean;
  controls?: { popup?: "menu" | "dialog" | "listbox"; expanded?: boolean; id?: string };
  describedby?: string;
  title?: string;
}

/** A button; with href, a link that looks like one. */
export const Button = forwardRef<HTMLElement, ButtonProps>(function Button(p, ref) {
  const { kind = "plain", small, icon, label, href, busy, controls } = p;
  const name = ["button", kind, small && "small", !p.children && "icon-only", p.class].filter(Boolean).join(" ");
  const inside = <>{icon}{p.children !== undefined && <span>{p.children}</span>}</>;
  if (href !== undefined && !p.disabled)
    return <a ref={ref as never} class={name} href={href} aria-label={label} title={p.title ?? label} download={p.download} onClick={p.onClick as never}>{inside}</a>;
  return (
    <button ref={ref as never} class={name} type={p.type ?? "button"} disabled={p.disabled} aria-busy={busy || undefined} aria-label={label} title={p.title ?? label}
      aria-pressed={p.pressed} aria-haspopup={controls?.popup} aria-expanded={controls?.expanded} aria-controls={controls?.id} aria-describedby={p.describedby}
      onClick={(e) => { if (!busy) p.onClick?.(e as never); else e.preventDefault(); }}>
      {inside}
    </button>
  );
});
