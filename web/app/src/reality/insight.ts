// The answers of the insight questions, as docs/schema describes them. What is not known is null.
import type { MapDocument, Step } from "../api/types";

export interface FunnelStep {
  activity: string; id: string; optional: boolean; unseen: boolean;
  reached: number; moved_on: number; lost: number; travelling: number; elsewhere: number;
  lost_share: number | null; lost_low: number | null; lost_high: number | null;
  median_s: number | null; p95_s: number | null; patience_s: number | null;
  patience_basis: "step" | "funnel" | "log" | "none";
}
export interface Funnel { traces: number; arrived: number; ended: number; seen_until_us: number; steps: FunnelStep[] }

export interface EmotionStep {
  id: string; title: string; n: number;
  mean: number | null; low: number | null; high: number | null; believed: number | null; gap: number | null;
  quotes: string[];
}
export interface Emotions { n: number; steps: EmotionStep[] }

export interface Edge {
  from: string; to: string; count: number;
  mean_s: number | null; median_s: number | null; p95_s: number | null; min_s: number | null; max_s: number | null;
}
export interface ActivityCount { activity: string; count: number }
export interface Flow {
  events: number; traces: number;
  activities: ActivityCount[]; starts: ActivityCount[]; ends: ActivityCount[]; edges: Edge[];
}

export interface Variant { count: number; share: number | null; activities: string[]; duration_median_s: number | null; example: string }
export interface Variants { total: number; traces: number; variants: Variant[] }

export interface SurvivalPoint { t_s: number | null; at_risk: number; happened: number; censored: number; waiting: number | null; low: number | null; high: number | null }
export interface Survival {
  from: string; to: string; n: number; happened: number; censored: number;
  median_s: number | null; median_low_s: number | null; median_high_s: number | null;
  points_total: number; points: SurvivalPoint[];
}

export interface AlignStep { id: string; title: string; seen: number; skipped: number; passed_over: number; repeated: number; out_of_order: number; events: number; activities: string[] }
export interface Instead {
  activity: string; step: string; title: string; after: string; taken: number; events: number;
  share: number | null; share_low: number | null; share_high: number | null; then: string; then_s: number | null; instead_then_s: number | null;
}
export interface Shortcut {
  activity: string; from: string; from_title: string; to: string; to_title: string; to_count: number; traces: number; passing: number;
  share: number | null; share_low: number | null; share_high: number | null; median_s: number | null;
  actor: string | null; actor_count: number; channel: string | null; instead: Instead | null;
}
export interface Jump {
  from: string; from_title: string; to: string; to_title: string; over_title: string; over_count: number; traces: number; passing: number;
  share: number | null; share_low: number | null; share_high: number | null;
}
export interface Align {
  fitness_mean: number | null; traces: number; fitting: number; shortest: number; variant_total: number;
  steps: AlignStep[]; shortcuts: Shortcut[]; jumps: Jump[]; unknown: { activity: string; events: number }[];
}

export interface Finding { kind: string; step: string; headline: string; detail: string; advice: string; weight: number | null }
export interface Check { rule: string; severity: "note" | "warning" | "error"; where: string; about?: string; title: string; sentence: string; remedy: string }

export interface Study {
  lang: "it" | "en"; draft: boolean; findings: Finding[];
  flow: Flow | null; variants: Variants | null; funnel: Funnel | null; align: Align | null; emotions: Emotions | null;
  checks: Check[]; map: MapDocument;
}

/** The map's steps in order, each with its phase's place: what colours them. */
export interface PlacedStep { step: Step; phase: number; phaseTitle: string; index: number }
export function placedSteps(map: MapDocument): PlacedStep[] {
  const out: PlacedStep[] = [];
  map.phases.forEach((phase, p) => {
    for (const step of phase.steps ?? []) out.push({ step, phase: p, phaseTitle: phase.title ?? "", index: out.length });
  });
  return out;
}

export interface Matched { activity: string; channel?: string | undefined }
export function matchesOf(step: Step): Matched[] {
  return (step.match ?? []).map((each) => (typeof each === "string" ? { activity: each } : each));
}
/** Which phase an activity belongs to, by the first step that matches it; undefined: none. */
export function phaseByActivity(map: MapDocument): Map<string, number> {
  const found = new Map<string, number>();
  for (const { step, phase } of placedSteps(map))
    for (const { activity } of matchesOf(step)) if (!found.has(activity)) found.set(activity, phase);
  return found;
}
