/** A small curve of feelings: solid what the evidence says, dashed what is believed; gaps stay gaps, and
 * the lowest point has a dot. The same monotone curve as the poster's: it never overshoots its points. */
import { signed } from "../lang/format";
import { t, tn } from "../lang/lang";

export interface Point { x: number; y: number }

/** Fritsch–Carlson monotone cubic through the points, as an SVG path. */
export function smoothPath(points: Point[]): string {
  const n = points.length;
  if (n === 0) return "";
  const p = (v: number) => Math.round(v * 100) / 100;
  if (n === 1) return `M${p(points[0]!.x)} ${p(points[0]!.y)}`;
  const slope: number[] = [], tangent: number[] = [];
  for (let i = 0; i < n - 1; i++) slope.push((points[i + 1]!.y - points[i]!.y) / (points[i + 1]!.x - points[i]!.x || 1));
  for (let i = 0; i < n; i++) {
    const a = slope[i - 1], b = slope[i];
    tangent.push(a === undefined ? b! : b === undefined ? a : a * b <= 0 ? 0 : (a + b) / 2);
  }
  for (let i = 0; i < n - 1; i++) {
    const m = slope[i]!;
    if (m === 0) { tangent[i] = tangent[i + 1] = 0; continue; }
    const a = tangent[i]! / m, b = tangent[i + 1]! / m, s = a * a + b * b;
    if (s > 9) { tangent[i] = (3 * a * m) / Math.sqrt(s); tangent[i + 1] = (3 * b * m) / Math.sqrt(s); }
  }
  let d = `M${p(points[0]!.x)} ${p(points[0]!.y)}`;
  for (let i = 0; i < n - 1; i++) {
    const a = points[i]!, b = points[i + 1]!, h = (b.x - a.x) / 3;
    d += `C${p(a.x + h)} ${p(a.y + h * tangent[i]!)} ${p(b.x - h)} ${p(b.y - h * tangent[i + 1]!)} ${p(b.x)} ${p(b.y)}`;
  }
  return d;
}
/** Cuts a row of values at its gaps. */
export function runs(values: (number | null)[], at: (i: number, value: number) => Point): Point[][] {
  const out: Point[][] = [[]];
  values.forEach((v, i) => { if (v === null) { if (out.at(-1)!.length) out.push([]); } else out.at(-1)!.push(at(i, v)); });
  return out.filter((r) => r.length);
}

export function Sparkline({ values, belief, width = 340, height = 76 }: { values: (number | null)[]; belief?: (number | null)[]; width?: number; height?: number }) {
  const seen = values.filter((v): v is number => v !== null);
  const n = Math.max(values.length, belief?.length ?? 0);
  const at = (i: number, v: number): Point => ({ x: 8 + (n < 2 ? (width - 16) / 2 : (i * (width - 16)) / (n - 1)), y: 8 + ((2 - Math.max(-2, Math.min(2, v))) / 4) * (height - 16) });
  const low = seen.length ? Math.min(...seen) : null;
  const lowAt = low === null ? -1 : values.indexOf(low);
  const label = low === null ? (belief?.some((v) => v !== null) ? t("Feelings as believed, without evidence") : t("no feelings yet")) : tn(seen.length, "Feelings over {n} step: the lowest {low}, at step {at}", "Feelings over {n} steps: the lowest {low}, at step {at}", { low: signed(low), at: lowAt + 1 });
  // without evidence the lowest believed point has the dot
  const believed = belief?.filter((v): v is number => v !== null) ?? [];
  const shown = low ?? (believed.length ? Math.min(...believed) : null);
  const dot = shown !== null && shown < 0 ? at(low !== null ? lowAt : belief!.indexOf(shown), shown) : null;
  return (
    <svg class="sparkline" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <line x1="0" x2={width} y1={height / 2} y2={height / 2} class="spark-zero" />
      {belief && runs(belief, at).map((r, i) => <path key={"b" + i} d={smoothPath(r)} class="spark-belief" />)}
      {runs(values, at).map((r, i) => r.length === 1 ? <path key={i} d={`M${r[0]!.x} ${r[0]!.y}h.01`} class="spark-single" /> : <path key={i} d={smoothPath(r)} class="spark-line" />)}
      {dot && <path d={`M${dot.x} ${dot.y}h.01`} class="spark-halo" />}
      {dot && <path d={`M${dot.x} ${dot.y}h.01`} class="spark-low" />}
    </svg>
  );
}
