// What the server says about KPIs, effects, what-if and enough data; and the KPI as the map keeps it.

export type KpiKind = "conversion" | "time" | "rate" | "score" | "state" | "typed";
export const KINDS: KpiKind[] = ["conversion", "time", "rate", "score", "state", "typed"];
export interface Reading { on: string; value: number }
/** In the document: target and threshold as people write them (per cent, days, the number itself). */
export interface KpiDocument {
  id: string; name?: string; kind?: KpiKind; from?: string; to?: string; from_activity?: string; to_activity?: string; journey?: string;
  window_days?: number; quantile?: number; direction?: "up" | "down"; target?: number; threshold?: number; owner?: string; department?: string;
  every?: "week" | "month"; unit?: string; readings?: Reading[]; value_each?: number;
  [field: string]: unknown;
}

export type Unit = "share" | "seconds" | "points" | "number";
export interface Estimate { value: number | null; low: number | null; high: number | null }
export interface Counted extends Estimate { n: number }
export interface Point extends Counted { from: string; to: string; signals: string[] }
export interface Kpi {
  id: string; name: string; kind: KpiKind; unit: Unit; unit_text?: string; direction: "up" | "down"; target: number | null; threshold: number | null;
  every: "week" | "month"; owner: string | null; department: string | null; definition: string;
  under_way: number; latest: Point | null; state: "good" | "off-target" | "beyond-threshold" | "none"; open: boolean; sentence: string;
  control: { mean: number | null; low: number | null; high: number | null } | null; series: Point[]; problem: string | null;
}

export type Verdict = "too-few" | "none" | "better" | "worse";
export interface Side extends Partial<Estimate> { n: number; value: number | null }
export interface Compared { before: Side; after: Side; difference: number | null; low: number | null; high: number | null; p: number | null }
export interface Effect extends Compared {
  kpi: string; kind: KpiKind; verdict: Verdict; sentence: string; under_way: number; enough: number; warnings: string[]; group?: Compared | null; unit?: Unit;
}
export interface EffectRow {
  action: string; title: string; state: string; since: string | null; kpi: string; kpi_name: string; unit: Unit; unit_text?: string; direction: "up" | "down";
  expected_change: number | null; effect: Effect | null; problem: string | null; group_name?: string | null;
}
export interface Enough { n_each: number; per_month: number | null; months: number | null; value: number | null; sentence: string }

export interface WhatIfStep { id: string; title: string; reached: number; loss: number | null; wait_s: number | null; counts: boolean }
/** named: the map names a pain there; else only the evidence does. */
export interface WhatIfPain { id: string; text: string; step: string; step_title: string; named: boolean; has_action: boolean; customers: Estimate; money: Estimate | null }
export interface WhatIf {
  customers: number; arrival: string; mend: number; base: { arrive: Estimate; wait_s: number | null }; now: { arrive: Estimate; wait_s: number | null }; more: Estimate; money: Estimate | null; sooner_s: Estimate;
  value_per_customer: number | null; sentence: string; steps: WhatIfStep[]; pains: WhatIfPain[];
}

/** The unit of a kind, where the server has not said it. */
export function unitOf(kind: KpiKind): Unit {
  return kind === "conversion" || kind === "state" ? "share" : kind === "time" ? "seconds" : "number";
}
