// Scales, ticks and paths: the arithmetic of the charts, without a browser.

export interface Point { x: number; y: number }

export function linear(from: [number, number], to: [number, number]): (value: number) => number {
  const span = from[1] - from[0];
  return (value) => (span === 0 ? (to[0] + to[1]) / 2 : to[0] + ((value - from[0]) / span) * (to[1] - to[0]));
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** About `count` round values from 0 to `most`: 1, 2 or 5 times a power of ten apart. */
export function ticks(most: number, count: number): number[] {
  if (!(most > 0) || count < 1) return [0];
  const rough = most / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough * 0.999) ?? power * 10;
  const list: number[] = [];
  for (let i = 0; i * step <= most * 1.0001; i++) list.push(Number((i * step).toPrecision(12)));
  return list;
}

const minute = 60, hour = 3600, day = 86400;
const spans = [
  1, 5, 15, 30, minute, 5 * minute, 15 * minute, 30 * minute, hour, 3 * hour, 6 * hour, 12 * hour, day, 2 * day, 5 * day,
  7 * day, 14 * day, 30 * day, 60 * day, 90 * day, 180 * day, 360 * day, 720 * day, 1800 * day, 3600 * day,
];
/** Ticks of a time axis in seconds, at spans that people count in. */
export function timeTicks(most_s: number, count: number): number[] {
  if (!(most_s > 0) || count < 1) return [0];
  const step = spans.find((each) => most_s / each <= count) ?? ticks(most_s, count)[1] ?? most_s;
  const list: number[] = [];
  for (let i = 0; i * step <= most_s * 1.0001; i++) list.push(i * step);
  return list;
}

const round = (value: number): string => String(Math.round(value * 100) / 100);

/** A smooth line through the points that never goes beyond them (monotone cubic, Fritsch-Carlson). */
export function smooth(points: readonly Point[]): string {
  const n = points.length;
  if (n === 0) return "";
  const at = (i: number): Point => points[clamp(i, 0, n - 1)]!;
  const slope = (i: number): number => {
    if (n < 2) return 0;
    const left = at(i - 1), here = at(i), right = at(i + 1);
    if (i <= 0 || i >= n - 1) return 0;
    const a = (here.y - left.y) / (here.x - left.x), b = (right.y - here.y) / (right.x - here.x);
    return a * b <= 0 ? 0 : (2 * a * b) / (a + b);
  };
  let path = `M${round(at(0).x)} ${round(at(0).y)}`;
  for (let i = 1; i < n; i++) {
    const a = at(i - 1), b = at(i), third = (b.x - a.x) / 3;
    path += `C${round(a.x + third)} ${round(a.y + slope(i - 1) * third)} ${round(b.x - third)} ${round(b.y - slope(i) * third)} ${round(b.x)} ${round(b.y)}`;
  }
  return path;
}

/** Runs of neighbours that have a value: a step without one is a gap in the curve, not a zero. */
export function runs<T>(list: readonly T[], has: (item: T) => boolean): T[][] {
  const out: T[][] = [];
  let open: T[] | null = null;
  for (const item of list) {
    if (!has(item)) { open = null; continue; }
    if (!open) out.push((open = []));
    open.push(item);
  }
  return out;
}

/** The area between an upper and a lower line over the same x. */
export function band(upper: readonly Point[], lower: readonly Point[]): string {
  if (upper.length === 0) return "";
  return `${smooth(upper)}L${smooth([...lower].reverse()).slice(1)}Z`;
}

/** A staircase: the value holds until the next x. */
export function stairs(points: readonly Point[]): string {
  return points.map((p, i) => (i === 0 ? `M${round(p.x)} ${round(p.y)}` : `H${round(p.x)}V${round(p.y)}`)).join("");
}

/** The area between two staircases over the same x. */
export function stairBand(upper: readonly Point[], lower: readonly Point[]): string {
  if (upper.length === 0) return "";
  let path = stairs(upper);
  for (let i = lower.length - 1; i >= 0; i--) {
    const p = lower[i]!, before = lower[i - 1];
    path += i === lower.length - 1 ? `L${round(p.x)} ${round(p.y)}` : "";
    if (before) path += `V${round(before.y)}H${round(before.x)}`;
  }
  return path + "Z";
}

/** At most `most` of many points, the first and last among them: what a screen can show. */
export function thinned<T>(list: readonly T[], most: number): T[] {
  if (list.length <= most) return [...list];
  const out: T[] = [];
  for (let i = 0; i < most; i++) out.push(list[Math.round((i * (list.length - 1)) / (most - 1))]!);
  return out;
}
