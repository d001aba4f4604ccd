/** What floats: lists and small forms by their opener. Where the browser knows popovers it goes above
 * everything, dialogs too, and nothing clips it. */

/** Puts what floats by its opener, inside the window. */
export function place(box: HTMLElement, by: HTMLElement, align: "start" | "end" = "start"): void {
  Object.assign(box.style, { position: "fixed", margin: "0", right: "auto", bottom: "auto" }); // before it is measured: within the page it would be narrower
  const r = by.getBoundingClientRect(), gap = 6, w = box.offsetWidth, h = box.offsetHeight;
  const left = align === "start" ? r.left : r.right - w;
  const below = r.bottom + gap + h <= innerHeight || r.top < h + gap;
  box.style.left = Math.max(8, Math.min(left, innerWidth - w - 8)) + "px";
  box.style.top = (below ? Math.min(r.bottom + gap, Math.max(8, innerHeight - h - 8)) : r.top - gap - h) + "px";
}


/** Above everything, by its opener. `wide`: as wide as the opener. */
export function float(box: HTMLElement, by: HTMLElement, align: "start" | "end" = "start", wide = false): void {
  if ("showPopover" in box && !box.matches(":popover-open")) {
    box.popover = "manual";
    box.showPopover();
  }
  if (wide) box.style.width = by.offsetWidth + "px";
  place(box, by, align);
}
