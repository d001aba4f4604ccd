/** Short words at the foot of the page, two at most, read out by screen readers; an undo stays ten seconds, and waits
 * while the pointer or the focus is on it. */
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Problem } from "../api/client";
import { t } from "../lang/lang";
import { Button } from "./button";
import { Icon } from "./icons";

interface Toast { id: number; text: string; kind: "note" | "wrong"; undo?: () => void | Promise<void>; action?: { label: string; run: () => void } }
const toasts = signal<Toast[]>([]);
let next = 1;

export function toast(text: string, options: { kind?: "note" | "wrong"; undo?: () => void | Promise<void>; action?: { label: string; run: () => void } } = {}): () => void {
  const id = next++;
  toasts.value = [...toasts.value.slice(-1), { id, text, kind: options.kind ?? "note", undo: options.undo, action: options.action }];
  return () => drop(id);
}
/** A problem in words the reader can act on. */
export function problemText(error: unknown): string {
  if (error instanceof Problem) {
    if (error.unreachable) return t("The server cannot be reached. Check the connection, then try again.");
    return [error.detail || error.title, error.hint].filter(Boolean).join(" ");
  }
  return error instanceof Error ? error.message : String(error);
}
export function toastProblem(error: unknown): void {
  toast(problemText(error), { kind: "wrong" });
}
function drop(id: number): void {
  toasts.value = toasts.value.filter((x) => x.id !== id);
}

export function Toasts() {
  const box = useRef<HTMLDivElement>(null), last = toasts.value.at(-1)?.id;
  useEffect(() => { // over a dialog, too: what was shown last lies on top
    const b = box.current;
    if (!b?.showPopover) return;
    if (b.matches(":popover-open")) b.hidePopover();
    b.showPopover();
  }, [last]);
  return (
    <div ref={box} class="toasts" popover="manual" role="status" aria-live="polite" aria-atomic="false">
      {toasts.value.map((item) => <One key={item.id} item={item} />)}
    </div>
  );
}
function One({ item }: { item: Toast }) {
  const timer = useRef(0);
  const start = () => { timer.current = window.setTimeout(() => drop(item.id), item.undo || item.action || item.kind === "wrong" ? 10_000 : 5_000); };
  const stop = () => clearTimeout(timer.current);
  useEffect(() => { start(); return stop; }, []);
  return (
    <div class={"toast " + item.kind} onPointerEnter={stop} onPointerLeave={start} onFocusIn={stop} onFocusOut={start}>
      <span>{item.text}</span>
      {item.undo && <Button kind="link" onClick={() => { drop(item.id); void Promise.resolve(item.undo!()).catch(toastProblem); }}>{t("Undo")}</Button>}
      {item.action && <Button kind="link" onClick={() => { drop(item.id); item.action!.run(); }}>{item.action.label}</Button>}
      <Button kind="quiet" small icon={<Icon name="close" size={16} />} label={t("Close")} onClick={() => drop(item.id)} />
    </div>
  );
}

const spoken = signal("");
/** Says something to screen readers only. */
export function say(text: string): void {
  spoken.value = "";
  requestAnimationFrame(() => (spoken.value = text));
}
export function LiveRegion() {
  return <div class="hidden" role="status" aria-live="polite">{spoken.value}</div>;
}
