import type * as wire from "./wire";

/** The shapes on the wire, as contract and schemas (docs/schema, docs/map.schema.json) say. */
export type Role = "owner" | "editor" | "reader";
export interface Person { id: string; name: string; email?: string; role: Role; lang?: "it" | "en"; disabled?: boolean; last_seen?: string | null }
export interface Session {
  person: Person | null;
  solo: boolean;
  needs_owner: boolean;
  csrf: string;
  workspace: { title: string; uid: string };
  version: string;
  lang: "it" | "en";
  /** The day that counts as today: 2025-11-14. */
  today: string;
}
export interface List<T> { items: T[]; next: string | null }
export interface Stored<T> { id: string; version: number; body: T }

export interface Metric { id?: string; name?: string; unit?: string; baseline?: number; target?: number; direction?: "up" | "down"; due?: string; reached_by_pct?: number }
export interface Persona {
  id?: string; name?: string; role?: string; aim?: string; quote?: string; needs?: string[]; expectations?: string[];
  relation?: "end-customer" | "reseller"; standing?: "acquired" | "prospective"; weight?: "full" | "light";
  company?: string; picture?: string; filter?: string;
}
export interface Feeling { emotion?: string | null; valence?: number | null; note?: string | null; persona?: string }
export interface Touchpoint { id?: string; title?: string; channel?: string; department?: string }
export interface Note { id?: string; text?: string }
export type Match = string | { activity: string; channel?: string };
export interface Step {
  id: string; title: string; doing?: string; thinking?: string; feeling?: Feeling | null; feelings?: Feeling[];
  touchpoints?: Touchpoint[]; needs?: string[]; pains?: Note[]; opportunities?: Note[]; moment_of_truth?: boolean;
  backstage?: string[]; objectives?: string[]; match?: Match[]; optional?: boolean; repeatable?: boolean;
  choice?: string | { group?: string; branch?: string }; owner?: string;
  [field: string]: unknown;
}
export interface Phase { id: string; title?: string; aim?: string; milestone?: string; steps?: Step[]; [field: string]: unknown }
export type ActionState = "idea" | "planned" | "doing" | "done" | "verified" | "dropped";
export interface Action {
  id: string; title?: string; pains?: string[]; steps?: string[]; owner?: string; department?: string; due?: string; done?: string;
  state?: ActionState; expected?: string; result?: string;
  /** The KPI it is to move, from when the change holds, by how much; what it costs, 1 … 5 how hard and how good. */
  kpi?: string; since?: string; expected_change?: number; cost?: number; effort?: number; value?: number;
  group?: { name?: string; persona?: string; filter?: string } | null;
}
export interface MapDocument {
  format?: 1; id?: string; version?: number; lang?: string; draft?: boolean; title: string; description?: string; state?: "as-is" | "to-be";
  kind?: "journey" | "success-path"; objective?: { text?: string; metrics?: Metric[] }; scope?: { kind?: "end-to-end" | "phase"; text?: string };
  personas?: Persona[]; start?: string; arrival?: string; phases: Phase[]; actions?: Action[]; sessions?: unknown[]; sponsor?: string; updated?: string;
  dismissed?: { id: string; rule: string; at: string; about?: string; because: string; who: string; on: string }[];
  [field: string]: unknown;
}

export type Freshness = "fresh" | "review" | "stale" | "never";
export interface MapCard {
  id: string; title: string; state: "as-is" | "to-be"; kind: string; persona: { id?: string; name: string; role: string } | null; head: number; updated: string;
  curve: (number | null)[]; evidence_curve: (number | null)[]; steps: number; steps_with_evidence: number;
  freshness: { state: Freshness; days: number | null }; checks: number; headline: string; headline_kind: string; deleted: boolean; draft?: boolean; pending?: boolean; own_customers?: boolean;
}
export interface Finding { kind: string; kicker?: string; advice?: string; map_title?: string; headline: string; detail: string; map?: string; step?: string }
export interface ActionRow extends Omit<Action, "pains"> { map: string; map_title: string; pains: { id: string; text: string; step: string }[]; overdue: boolean; days: number | null }
export interface Source { name: string; imports: number; rows: number; rejected: number; events: number; first: string | null; last: string | null; last_import: string | null; freshness?: { state: Freshness; days: number | null } | Freshness }
export interface Home { greeting_findings: Finding[]; maps: MapCard[]; actions_due: ActionRow[]; sources: Source[] }
export interface Template { id: string; title: string; about: string; steps: number }

export type Operation =
  | { op: "set"; at: string; field: string; value?: unknown }
  | { op: "insert"; at: string; list: string; before?: string; value: unknown }
  | { op: "move"; item: string; at: string; list: string; before?: string }
  | { op: "delete"; item: string }
  | { op: "replace"; value: MapDocument };
export interface MapAnswer { id: string; head: number; map: MapDocument }
export type OperationsAnswer = wire.MapEdited;
export interface OperationItem { seq: number; at: string; who: string; name: string; op: Operation; late: boolean; client?: string }
export interface Version { seq: number; at: string; who: string; label: string | null; changes: number; summary: string }
export type Comment = wire.Comment;
export interface Department { name: string; head?: string; note?: string }
export type ChannelKind = "person" | "phone" | "mail" | "web" | "app" | "shop" | "paper" | "other";
export interface Channel { name: string; colour?: string; kind?: ChannelKind }
export interface SavedFilter { name: string; query: string }
export type EmotionWords = Record<"it" | "en", { word: string; valence: number }[]>;
export interface Invitation { id: string; email?: string; role: Role; created?: string; expires?: string; link?: string }
export interface Token { id: string; name: string; person?: string; scopes: string[]; created?: string; expires?: string | null; used?: string | null; token?: string }
export interface Share { id: string; map: string; map_title?: string; what: "map" | "report"; expires?: string | null; password?: boolean; link?: string; created?: string; opened?: number; who?: string; revoked?: boolean }
export interface AuditEntry { seq: number; at: string; who: string; name: string; what: string; about: string }
export interface WorkspaceSettings { title?: string; lang?: "it" | "en"; value_per_customer?: number | null }
export interface Doctor { healthy: boolean; faults: string[]; sizes: { what: string; rows: number; bytes: number }[]; file_bytes: number; free_bytes: number; events: number; imports: number; maps: number; audit_rows: number }

export interface LiveEvents {
  operation: { map: string; seq: number; who: string; client: string; op: Operation };
  presence: { map: string; people: { id: string; name: string; where: string; field?: string }[] };
  comment: { map: string; id: string };
  maps: Record<string, never>;
  import: { id: string; state: string; fraction: number; step?: string };
  evidence: Record<string, never>;
  /** departments, channels, personas, filters or settings changed */
  list: { list: string };
  /** a client of a path moved; a client needs somebody; a task came or went */
  path: { map: string; enrolment: string | null };
  alert: { map: string; enrolment: string; id: number; kind: string };
  task: { map: string; enrolment: string };
  bye: Record<string, never>;
  /** this watcher fell behind: fetch everything anew */
  reload: Record<string, never>;
}
