// Values, differences and verdicts in words: each with its unit, its interval and its n.
import { date, interval, num, pct, signed, span } from "../lang/format";
import { t, tn } from "../lang/lang";
import type { Tone } from "../ui";
import type { Estimate, KpiKind, Unit, Verdict } from "./shapes";

const THIN = "\u2009";
export const nothing = "–";
const DAY = 86_400;
const digitsFor = (value: number) => (Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 || Number.isInteger(value) ? (Number.isInteger(value) ? 0 : 1) : 2);
const plain = (value: number, text = "") => num(value, digitsFor(value)) + (text ? THIN + text : "");

/** 37%, 2.4 days, 31 points, 4.2 */
export function measure(unit: Unit, value: number | null | undefined, text = ""): string {
  if (value === null || value === undefined || !isFinite(value)) return nothing;
  if (unit === "share") return pct(value, value > 0 && value < 0.1 ? 1 : 0);
  if (unit === "seconds") return span(value);
  if (unit === "points") return tn(Math.round(Math.abs(value)), "{shown} point", "{shown} points", { shown: num(value, 0) });
  return plain(value, text);
}
/** 32–42% */
export function measureRange(unit: Unit, low: number | null | undefined, high: number | null | undefined, text = ""): string {
  if (low === null || low === undefined || high === null || high === undefined) return "";
  if (unit === "share") return interval(low * 100, high * 100, high < 0.1 ? 1 : 0, "%");
  if (unit === "seconds") return `${unitOnce(span(low), span(high))} – ${span(high)}`;
  return interval(low, high, unit === "points" ? 0 : digitsFor(high), text ? THIN + text : "");
}
/** +13 points, −2.1 days */
export function change(unit: Unit, value: number | null | undefined, text = ""): string {
  if (value === null || value === undefined || !isFinite(value)) return nothing;
  if (unit === "share" || unit === "points") {
    const points = unit === "share" ? value * 100 : value, digits = Math.abs(points) < 10 ? 1 : 0;
    return t("{n} points", { n: signed(points, digits) });
  }
  if (unit === "seconds") return (value < 0 ? "−" : "+") + span(Math.abs(value));
  return signed(value, Math.abs(value) < 1 ? 2 : 1) + (text ? THIN + text : "");
}
/** Two texts whose last words are the same unit, which the first need not say: "−10" beside "−3.7 days". */
function unitOnce(low: string, high: string): string {
  const unit = /[\s\u2009\u202f]\D+$/;
  const [mine] = unit.exec(low) ?? [], [other] = unit.exec(high) ?? [];
  return mine && mine === other ? low.slice(0, -mine.length) : low;
}
export function changeRange(unit: Unit, low: number | null | undefined, high: number | null | undefined, text = ""): string {
  if (low === null || low === undefined || high === null || high === undefined) return "";
  const bare = (v: number) => (unit === "share" ? signed(v * 100, Math.abs(v) < 0.1 ? 1 : 0) : unit === "points" ? signed(v, 0) : change(unit, v, text));
  return t("{low} to {high}", { low: unitOnce(bare(low), bare(high)), high: bare(high) });
}
/** What people write in a form (per cent, days) as a value of the wire, and back. */
export function fromHand(kind: KpiKind, value: number): number {
  return kind === "conversion" || kind === "state" ? value / 100 : kind === "time" ? value * DAY : value;
}
export function handUnit(kind: KpiKind, unit = ""): string {
  return kind === "conversion" || kind === "state" ? "%" : kind === "time" ? t("days") : kind === "rate" ? t("per customer") : kind === "score" ? "" : unit;
}
/** +86 customers (71–102) */
export function customersMore(value: Estimate): string {
  if (value.value === null) return nothing;
  const n = Math.round(value.value);
  return tn(Math.abs(n), "{shown} customer", "{shown} customers", { shown: signed(n, 0) });
}
export function wholeRange(value: Estimate): string {
  return value.low === null || value.high === null ? "" : interval(Math.round(value.low), Math.round(value.high));
}
/** An estimate to three figures: more would promise what nobody knows. */
const rough = (value: number): number => Math.round(Number(value.toPrecision(3)));
export function money(value: number | null | undefined): string {
  return value === null || value === undefined ? nothing : num(rough(value)) + THIN + "€";
}
/** 3,200–4,100 € */
export function moneyRange(value: Estimate): string {
  return value.low === null || value.high === null ? "" : interval(rough(value.low), rough(value.high), 0, THIN + "€");
}

export function kindWord(kind: KpiKind): string {
  return {
    conversion: t("how many go from one step to another"), time: t("how long it takes"), rate: t("how often it happens"),
    score: t("how customers rate it"), state: t("how many are at a step"), typed: t("a number written by hand"),
  }[kind];
}
export function verdictWord(verdict: Verdict): { text: string; tone: Tone } {
  return ({
    better: { text: t("better"), tone: "good" }, worse: { text: t("worse"), tone: "bad" },
    none: { text: t("no effect can be seen yet"), tone: "plain" }, "too-few": { text: t("too few to tell yet"), tone: "warn" },
  } as Record<Verdict, { text: string; tone: Tone }>)[verdict] ?? { text: verdict, tone: "plain" };
}
/** The rules of the control chart, in words. */
export function signalWord(signal: string): string {
  return ({
    beyond: t("outside the usual ups and downs"), "near-limit": t("three of four in a row close to the same limit"), run: t("eight in a row on the same side of the average"),
  } as Record<string, string>)[signal] ?? signal;
}
/** "Oct 2025", "week of 6 Oct" */
export function periodWord(from: string, every: "week" | "month", short = false): string {
  const day = from.slice(0, 10);
  if (every === "week") return short ? date(day, "short") : t("week of {day}", { day: date(day, "short") });
  const d = new Date(day + "T12:00:00Z");
  return new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : "it", short ? { month: "short" } : { month: "long", year: "numeric" }).format(d);
}
