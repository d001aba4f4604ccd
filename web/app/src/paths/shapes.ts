// What the server says about success paths and the clients led along them.

export type PathState = "on-the-way" | "behind" | "stuck" | "silent" | "arrived" | "left";
export const STATES: PathState[] = ["stuck", "silent", "behind", "on-the-way", "arrived", "left"];
export type States = Partial<Record<PathState, number>>;

export interface PathCard { map: string; title: string; arrival: string; phases: number; clients: number; states: States; alerts: number }
export interface PathPhase { id: string; title: string; milestone: string; days: number | null; behind_days: number | null; stuck_days: number | null; from: "history" | "hand" | "nothing"; here: number; passed: number }
export interface Client {
  enrolment: string | null; customer: string; at: string; phase: string | null; phase_title: string; next: { step: string; title: string } | null;
  milestones: { passed: number; total: number }; attainment: number | null; time: { used_days: number; expected_days: number | null };
  state: PathState; reason: string; since: string | null; last_sign: string | null; feeling: number | null; left_reason: string | null;
}
export interface CohortMilestone { phase: string; title: string; passed: number; median_s: number | null; value: number | null; low: number | null; high: number | null; curve: { t_s: number; value: number; low: number; high: number }[] }
export interface Cohort {
  month: string | null; n: number; arrived: number; left: number; milestones: CohortMilestone[]; stopped: { phase: string; title: string; n: number }[];
  phases: { phase: string; title: string; n: number; median_s: number | null; p90_s: number | null }[];
}
export interface WholePath { map: string; title: string; start: string; arrival: string; n: number; states: States; phases: PathPhase[]; clients: Client[]; cohorts: Cohort[] }

export type ProofKind = "objective" | "confirmation" | "document" | "meeting" | "rule";
export interface Proof { id: string; kind: ProofKind; text: string; required: boolean; done?: boolean; at?: string | null }
export interface ClientStep { id: string; title: string; done_at: string | null; objectives: string[]; doing?: string }
export interface ClientPhase { id: string; title: string; aim?: string; milestone: string; passed_at: string | null; skipped?: boolean; by_hand: { who: string; why: string; at: string } | null; proofs: Proof[]; steps: ClientStep[] }
export interface Objective { metric: string; name: string; unit: string; baseline: number | null; value: number | null; target: number | null; direction: "up" | "down"; due: string | null; attainment: number | null; step?: string | null; phase?: string | null; readings: { at: string; value: number }[] }
export interface Feeling { at: string; valence: number; text: string; step?: string | null }
export interface Happening { at: string; kind: string; text: string; what?: string; who?: string; value?: number | null; progress: string | null; file?: string | null }
export interface Link { id: string; lang: "it" | "en"; created: string; expires: string; over: boolean; opened: number; link?: string }
export interface Alert { id: string; map: string; map_title: string; enrolment: string | null; customer: string; kind: "stuck" | "behind" | "silent" | "low"; sentence: string; at: string; snoozed_until: string | null }
export interface Task { id: string; map: string; enrolment: string | null; customer: string; title: string; text: string; kind: "task" | "email"; owner: string; state: "open" | "done" | "dropped"; at: string }
export interface WholeClient extends Client {
  map: string; map_title: string; start: string; arrival: string; phases: ClientPhase[]; objectives: Objective[]; feelings: Feeling[];
  history: Happening[]; links: Link[]; alerts: Alert[]; tasks: Task[];
}

// ---- what the map document says of a path ----
export interface PathProof { id: string; kind?: ProofKind; text?: string; required?: boolean; metric?: string; match?: (string | { activity: string })[]; at_least?: number }
export interface Playbook { id: string; when?: "stuck" | "behind" | "silent" | "low"; kind?: "task" | "email" | "webhook"; title?: string; text?: string; owner?: string; url?: string; on?: boolean }
export interface Thresholds { stuck_days?: number; behind_days?: number; silent_days?: number; low_feeling?: number }
