// Numbers of the charts in words, as look.md asks: an estimate carries its interval and its n.
import { num, pct, signed, span as spanOf } from "../lang/format";
import { t, tn } from "../lang/lang";
import type { FunnelStep } from "../reality/insight";

const nothing = "–";

export function count(n: number): string {
  return num(n);
}
/** Customers, or journeys where the customers' ways were split. */
export function customers(n: number): string {
  return tn(n, "{n} customer", "{n} customers", { n: num(n) });
}
/** 22%; under one in a hundred with a decimal, so that few is not none. */
export function percent(share: number | null | undefined, digits = 0): string {
  if (share === null || share === undefined || !isFinite(share)) return nothing;
  return pct(share, share > 0 && share < 0.01 ? Math.max(1, digits) : digits);
}
/** 19–25% */
export function range(low: number | null, high: number | null): string {
  if (low === null || high === null) return nothing;
  const digits = high < 0.01 ? 1 : 0;
  const a = num(low * 100, digits), b = num(high * 100, digits);
  return a === b ? `${a}%` : `${a}–${b}%`;
}
export function valence(value: number | null): string {
  return value === null ? nothing : signed(value, 1);
}
export function valenceRange(low: number | null, high: number | null): string {
  return low === null || high === null ? nothing : t("{low} to {high}", { low: signed(low, 1), high: signed(high, 1) });
}
export function span(seconds: number | null | undefined): string {
  return seconds === null || seconds === undefined || !isFinite(seconds) ? nothing : spanOf(seconds);
}
/** «22% persi (19–25%), 431 osservati» */
export function lostWords(step: Pick<FunnelStep, "lost_share" | "lost_low" | "lost_high" | "reached">): string {
  return t("{share} lost ({range}), {n} observed", { share: percent(step.lost_share), range: range(step.lost_low, step.lost_high), n: num(step.reached) });
}
