/** Numbers, dates and spans as the reader writes them: true minus, thin spaces, tabular where CSS says so. */
import { lang, t, tn } from "./lang";

const cache = new Map<string, Intl.NumberFormat>();
function formatter(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = lang.value + JSON.stringify(options);
  let found = cache.get(key);
  if (!found) cache.set(key, (found = new Intl.NumberFormat(lang.value, options)));
  return found;
}

/** 1.284 in Italian, 1,284 in English; −1,2. */
export function num(value: number, digits = 0): string {
  // Italian leaves four-digit numbers whole by default: here they are grouped, as on the posters
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: "always" } as unknown as Intl.NumberFormatOptions;
  return formatter(options).format(Object.is(value, -0) ? 0 : value).replace("-", "−");
}
/** +0,4 and −1,2: for valences and differences. */
export function signed(value: number, digits = 1): string {
  const text = num(Math.abs(value), digits);
  return Number(value.toFixed(digits)) === 0 ? text : (value < 0 ? "−" : "+") + text;
}
/** A share 0 … 1 as a percentage. */
export function pct(share: number, digits = 0): string {
  return num(share * 100, digits) + "%";
}
export function bytes(n: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let i = 0;
  for (; n >= 1000 && i < units.length - 1; i++) n /= 1000;
  return num(n, i === 0 || n >= 100 ? 0 : 1) + "\u2009" + units[i];
}

/** A day ("2025-11-12") is that day everywhere; a moment is shown in the reader's zone. */
export function toDate(value: string | Date): Date {
  if (value instanceof Date) return value;
  const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  return day ? new Date(Number(day[1]), Number(day[2]) - 1, Number(day[3])) : new Date(value);
}
/** The day that counts as today for what is late: the server's (a demonstration may be of another day). */
let pinned: string | null = null;
export function setToday(day: string): void {
  pinned = day === isoDay(new Date()) ? null : day;
}
export function todayDate(): Date {
  return pinned ? toDate(pinned) : new Date();
}
export function today(): string {
  return isoDay(todayDate());
}
export function isoDay(date: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
/** Whole days from today to then: negative is past. */
export function daysUntil(value: string | Date, from: Date = todayDate()): number {
  const midnight = (d: Date) => Date.UTC(d.getFullYear(), d.getMonth(), d.getDate());
  return Math.round((midnight(toDate(value)) - midnight(from)) / 86_400_000);
}
export function date(value: string | Date, style: "short" | "medium" | "long" = "medium"): string {
  const d = toDate(value);
  if (isNaN(d.getTime())) return String(value);
  const options: Intl.DateTimeFormatOptions = style === "short" ? { day: "numeric", month: "short" } : { day: "numeric", month: style === "long" ? "long" : "short", year: "numeric" };
  return new Intl.DateTimeFormat(lang.value === "en" ? "en-GB" : "it", options).format(d);
}
export function dateTime(value: string | Date): string {
  const d = toDate(value);
  if (isNaN(d.getTime())) return String(value);
  return new Intl.DateTimeFormat(lang.value === "en" ? "en-GB" : "it", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" }).format(d);
}
/** "yesterday", "in 3 days", "7 months ago". */
export function relativeDay(value: string | Date, from: Date = new Date()): string {
  const days = daysUntil(value, from);
  const words = new Intl.RelativeTimeFormat(lang.value, { numeric: "auto" });
  const size = Math.abs(days);
  const text = size < 14 ? words.format(days, "day") : size < 60 ? words.format(Math.round(days / 7), "week")
    : size < 730 ? words.format(Math.round(days / 30.4), "month") : words.format(Math.round(days / 365.25), "year");
  return text.replace("-", "−");
}
/** "just now", "5 minutes ago", then by days. */
export function ago(value: string | Date, from: Date = new Date()): string {
  const seconds = (from.getTime() - toDate(value).getTime()) / 1000;
  const words = new Intl.RelativeTimeFormat(lang.value, { numeric: "auto" });
  if (seconds < 45) return t("just now");
  if (seconds < 3600) return words.format(-Math.max(1, Math.round(seconds / 60)), "minute");
  if (seconds < 6 * 3600) return words.format(-Math.round(seconds / 3600), "hour");
  return relativeDay(value, from);
}
/** A length of time in its fitting unit: "40 min", "3.1 days". */
export function span(seconds: number): string {
  const value = Math.abs(seconds);
  const digits = (n: number) => (n < 10 && Math.round(n * 10) % 10 !== 0 ? 1 : 0);
  if (value < 60) return `${num(Math.round(value))}\u2009s`;
  if (value < 5400) return `${num(Math.round(value / 60))}\u2009min`;
  if (value < 129_600) return `${num(value / 3600, digits(value / 3600))}\u2009h`;
  const days = value / 86_400, shown = num(days, digits(days)), count = shown === num(1) ? 1 : 2;
  return tn(count, "{shown} day", "{shown} days", { shown });
}
/** 19–25%; −0,4 – 0,2: a low and a high end. */
export function interval(low: number, high: number, digits = 0, unit = ""): string {
  return low < 0 || high < 0 ? `${num(low, digits)} – ${num(high, digits)}${unit}` : `${num(low, digits)}–${num(high, digits)}${unit}`;
}
export function list(items: string[]): string {
  return new Intl.ListFormat(lang.value, { type: "conjunction" }).format(items);
}
