// A small form by a cell: focus goes in, Tab stays inside, Escape or a click elsewhere closes it and the focus
// goes back to the cell. On a phone it is a sheet at the foot.
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { place } from "../ui";

export function Floating({ by, label, onClose, children, wide }: { by: string; label: string; onClose: () => void; children: ComponentChildren; wide?: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useLayoutEffect(() => {
    const opener = document.getElementById(by);
    const put = () => { if (opener && innerWidth > 640) place(box.current!, opener); };
    put();
    box.current!.querySelector<HTMLElement>("[data-first], input, textarea, button")?.focus();
    const size = new ResizeObserver(put);
    size.observe(box.current!);
    return () => size.disconnect();
  }, []);
  useEffect(() => {
    const outside = (e: Event) => {
      const target = e.target as Element;
      if (!box.current?.contains(target) && !target.closest?.("dialog, .toasts")) close.current();
    };
    document.addEventListener("pointerdown", outside, true);
    return () => {
      document.removeEventListener("pointerdown", outside, true);
      document.getElementById(by)?.focus();
    };
  }, []);
  const key = (e: KeyboardEvent) => {
    e.stopPropagation();
    if (e.key === "Escape") { e.preventDefault(); close.current(); return; }
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) { e.preventDefault(); close.current(); return; }
    if (e.key !== "Tab") return;
    const all = [...box.current!.querySelectorAll<HTMLElement>("input:not([type=hidden]), textarea, select, button, a[href]")].filter((one) => !one.hasAttribute("disabled") && one.offsetParent !== null && one.tabIndex >= 0);
    const edge = e.shiftKey ? all[0] : all[all.length - 1];
    if (document.activeElement === edge) { e.preventDefault(); (e.shiftKey ? all[all.length - 1] : all[0])?.focus(); }
  };
  return (
    <div ref={box} class={"popover ed-floating" + (wide ? " wide" : "")} role="dialog" aria-label={label} onKeyDown={key}
      onCopy={(e) => e.stopPropagation()} onPaste={(e) => e.stopPropagation()} onCut={(e) => e.stopPropagation()}>
      {children}
    </div>
  );
}
