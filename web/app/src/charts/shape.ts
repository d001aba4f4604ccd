// What each chart shows, worked out of an answer: shares, order, what is worth a word.
import type { MapDocument } from "../api/types";
import type { EmotionStep, Funnel, FunnelStep, Survival } from "../reality/insight";
import { matchesOf, placedSteps } from "../reality/insight";

// ---- the funnel ----

export interface Column {
  step: FunnelStep;
  phase: number | null;
  /** of the widest step, 0 … 1; they add up to `reached` */
  reached: number; moved: number; elsewhere: number; travelling: number; lost: number;
}
/** Another way than the map's is worth showing from this share of the step on. */
export const elsewhereShown = 0.02;

export function columns(funnel: Funnel, map?: MapDocument): Column[] {
  const phases = new Map(map ? placedSteps(map).map(({ step, phase }) => [step.id, phase]) : []);
  const most = Math.max(1, ...funnel.steps.map((step) => step.reached));
  return funnel.steps.map((step) => ({
    step,
    phase: phases.get(step.id) ?? null,
    reached: step.reached / most,
    moved: (step.moved_on - step.elsewhere) / most,
    elsewhere: step.elsewhere / most,
    travelling: step.travelling / most,
    lost: step.lost / most,
  }));
}

/** The steps where customers are lost, most customers first. */
export function worstLosses(funnel: Funnel, count: number): FunnelStep[] {
  return funnel.steps.filter((step) => step.lost > 0).sort((a, b) => b.lost - a.lost).slice(0, count);
}

// ---- belief and evidence ----

export interface Gap { step: EmotionStep; index: number; gap: number; sure: boolean }
/** Where workshop and evidence part, widest first. `sure`: the interval leaves the belief out. */
export function gaps(steps: readonly EmotionStep[]): Gap[] {
  return steps
    .map((step, index) => ({ step, index }))
    .filter(({ step }) => step.mean !== null && step.believed !== null)
    .map(({ step, index }) => ({
      step, index, gap: step.mean! - step.believed!,
      sure: step.low !== null && step.high !== null && (step.believed! < step.low || step.believed! > step.high),
    }))
    .sort((a, b) => Math.abs(b.gap) - Math.abs(a.gap) || a.index - b.index);
}

/** Word of a valence, in five: -2 very bad … 2 very good. */
export function valenceLevel(valence: number): -2 | -1 | 0 | 1 | 2 {
  return Math.max(-2, Math.min(2, Math.round(valence))) as -2 | -1 | 0 | 1 | 2;
}

/** A score on a scale low … high as -2 … +2; null when it is off the scale. */
function evenly(score: number, low: number, high: number): number | null {
  return score >= low && score <= high ? (4 * (score - low)) / (high - low) - 2 : null;
}
function npsValence(score: number): number | null {
  if (!(score >= 0 && score <= 10)) return null;
  if (score <= 6) return -2 + score / 4;
  return score <= 8 ? (score - 7) / 2 : 0.5 + (score - 8) * 0.75;
}
/** A score as a valence, as docs/method.md says and mine/emotion.c does. */
export function valenceOf(score: number | null, scale: string | null): number | null {
  if (score === null) return null;
  switch (scale) {
    case "stars": case "csat": return evenly(score, 1, 5);
    case "ces": return evenly(score, 1, 7);
    case "nps": return npsValence(score);
    case "valence": return evenly(score, -2, 2);
    default: return null;
  }
}

// ---- variants ----

export interface Run { activity: string; times: number; phase: number | null }
/** Equal neighbours as one: Ricerca, Ricerca, Visita → Ricerca ×2, Visita. */
export function runsOf(activities: readonly string[], phases: ReadonlyMap<string, number>): Run[] {
  const out: Run[] = [];
  for (const activity of activities) {
    const last = out[out.length - 1];
    if (last && last.activity === activity) last.times++;
    else out.push({ activity, times: 1, phase: phases.get(activity) ?? null });
  }
  return out;
}

// ---- survival ----

/** The curve as a chart needs it: who has arrived, from 0 at time 0. */
export interface Arrival { t: number; arrived: number; low: number; high: number; at_risk: number }
export function arrivals(survival: Survival): Arrival[] {
  const out: Arrival[] = [{ t: 0, arrived: 0, low: 0, high: 0, at_risk: survival.n }];
  for (const point of survival.points) {
    if (point.t_s === null || point.waiting === null) continue;
    out.push({
      t: point.t_s, arrived: 1 - point.waiting, at_risk: point.at_risk,
      low: 1 - (point.high ?? point.waiting), high: 1 - (point.low ?? point.waiting),
    });
  }
  return out;
}
/** How many of a hundred have arrived by a time; the curve holds its value between points. */
export function arrivedBy(curve: readonly Arrival[], t: number): Arrival {
  let found = curve[0]!;
  for (const point of curve) { if (point.t > t) break; found = point; }
  return found;
}

// ---- waits ----

export interface Wait { step: FunnelStep; next: FunnelStep | null; median: number; p95: number }
/** How long from each step to the next, in the order of the way. */
export function waits(funnel: Funnel): Wait[] {
  const out: Wait[] = [];
  const walked = funnel.steps.filter((step) => !step.optional && !step.unseen);
  walked.forEach((step, i) => {
    if (step.median_s !== null && step.moved_on > 0)
      out.push({ step, next: walked[i + 1] ?? null, median: step.median_s, p95: step.p95_s ?? step.median_s });
  });
  return out;
}

// ---- matching ----

export interface Unmatched { activity: string; count: number }
/** The activities of the evidence that no step of the map claims, most frequent first. */
export function unmatched(map: MapDocument, activities: readonly { name: string; count: number }[]): Unmatched[] {
  const claimed = new Set(placedSteps(map).flatMap(({ step }) => matchesOf(step).map(({ activity }) => activity)));
  return activities
    .filter(({ name }) => !claimed.has(name))
    .map(({ name, count }) => ({ activity: name, count }))
    .sort((a, b) => b.count - a.count || a.activity.localeCompare(b.activity));
}
