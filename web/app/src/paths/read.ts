// The server's answers about paths as these pages use them: the map's words beside the client's days, history with
// what can be taken back, cohorts with where their clients stopped. Nothing here asks anything.
import type { MapDocument } from "../api/types";
import type * as wire from "../api/wire";
import type { Alert, Client, ClientPhase, Cohort, Happening, Link, Objective, PathCard, PathPhase, PathState, Proof, ProofKind, Task, WholeClient, WholePath } from "./shapes";

const DAY = 86_400;
// ---- what docs/schema/path.schema.json says ----
interface GateJson { phase: string; how: string; entered: string | null; passed: string | null; days: number | null }
interface ShortJson {
  customer: string; enrolment: string | null; enrolled: string; phase: string | null; phase_title: string | null; next: { kind: "step" | "milestone"; id: string; title: string } | null;
  state: PathState; since: string | null; reason: string; passed: number; total: number; attainment: number | null; days: number; expected_days: number | null;
  last_sign: { at: string; what: string } | null; feeling: number | null; arrived: string | null; left: string | null; left_why: string; gates: GateJson[];
}
interface ProofJson { id: string; phase: string; kind: ProofKind; text: string; required: boolean; held: string | null }
interface ClientJson extends ShortJson {
  start: string; proofs: ProofJson[]; steps: { id: string; title: string; phase: string; first: string | null }[];
  objectives: { metric: string; name: string; unit: string; direction: "up" | "down"; baseline: number | null; target: number | null; now: number | null; attained: number | null; weight: number; due: string | null; measured: boolean; readings: { at: string; value: number }[] }[];
  feelings: { at: string; valence: number; text: string }[]; history: { at: string; kind: string; id: string | null; what: string; text: string; value: number | null }[];
}
interface PathJson {
  map: { id: string; title: string; start: string; arrival: string }; total: number; states: Record<PathState, number>;
  phases: { id: string; title: string; milestone: string; days: number | null; passed: number; here: Record<PathState, number>; behind_days: number | null; stuck_days: number | null; from: PathPhase["from"] }[];
  clients: ShortJson[];
  cohorts: { month: string | null; n: number; arrived: number; left: number; phases: { phase: string; n: number; median_days: number | null; p90_days: number | null; stopped: number }[]; milestones: { phase: string; milestone: string; n: number; passed: number; median_days: number | null; points: { days: number; passed: number; low: number; high: number; at_risk: number }[] }[] }[];
}

export function readCard(card: wire.PathCard): PathCard {
  return { map: card.id, title: card.title, arrival: card.arrival, phases: card.phases, clients: card.clients, states: card.states, alerts: card.alerts };
}
function readShort(c: ShortJson): Client {
  return {
    enrolment: c.enrolment, customer: c.customer, at: c.enrolled, phase: c.phase, phase_title: c.phase_title ?? "", next: c.next && { step: c.next.kind === "step" ? c.next.id : "", title: c.next.title },
    milestones: { passed: c.passed, total: c.total }, attainment: c.attainment, time: { used_days: c.days, expected_days: c.expected_days }, state: c.state, reason: c.reason,
    since: c.state === "arrived" ? c.arrived : c.since, last_sign: c.last_sign?.at ?? null, feeling: c.feeling, left_reason: c.left ? c.left_why : null,
  };
}

const FEW = 5; // a curve ends where fewer are still watched: what a single client does there is no rule
export function readPath(board: wire.PathBoard): WholePath {
  const path = board.path as PathJson;
  const titles = new Map(path.phases.map((f) => [f.id, f.title]));
  const cohorts = path.cohorts.map((c): Cohort => {
    return {
      month: c.month, n: c.n, arrived: c.arrived, left: c.left,
      milestones: c.milestones.map((m) => {
        const sure = m.points.filter((p) => p.at_risk >= FEW), points = sure.length ? sure : m.points, last = points.at(-1);
        return { phase: m.phase, title: m.milestone || titles.get(m.phase) || "", passed: m.passed, median_s: m.median_days === null ? null : m.median_days * DAY, value: last?.passed ?? 0, low: last?.low ?? null, high: last?.high ?? null, curve: points.map((p) => ({ t_s: p.days * DAY, value: p.passed, low: p.low, high: p.high })) };
      }),
      stopped: c.phases.map((f) => ({ phase: f.phase, title: titles.get(f.phase) ?? "", n: f.stopped })),
      phases: c.phases.map((f) => ({ phase: f.phase, title: titles.get(f.phase) ?? "", n: f.n, median_s: f.median_days === null ? null : f.median_days * DAY, p90_s: f.p90_days === null ? null : f.p90_days * DAY })),
    };
  });
  return {
    map: path.map.id, title: board.title, start: path.map.start, arrival: path.map.arrival, n: path.total, states: path.states,
    phases: path.phases.map((f) => ({ id: f.id, title: f.title, milestone: f.milestone, days: f.days, behind_days: f.behind_days, stuck_days: f.stuck_days, from: f.from, here: Object.values(f.here).reduce((a, b) => a + b, 0), passed: f.passed })),
    clients: path.clients.map(readShort), cohorts,
  };
}

export function readAlert(a: wire.PathAlert): Alert {
  return { id: String(a.id), map: a.map, map_title: a.map_title, enrolment: a.enrolment, customer: a.customer, kind: a.kind, sentence: a.reason, at: a.since || a.at, snoozed_until: a.snoozed_until };
}
export function readTask(x: wire.PathTask): Task {
  return { id: String(x.id), map: x.map, enrolment: x.enrolment, customer: x.customer, title: x.title, text: x.text, kind: x.kind, owner: x.owner, state: x.state, at: x.created };
}

const second = (at: string) => at.slice(0, 19);
/** One client with the map's words: phases with their steps and proofs, who passed what by hand and why, and the
 * history with what was written down in the application (which can be taken back). */
export function readClient(e: wire.Enrolment, map: MapDocument): WholeClient {
  const c = e.client as ClientJson;
  const gates = new Map(c.gates.map((g) => [g.phase, g])), steps = new Map(c.steps.map((s) => [s.id, s]));
  const by = new Map(e.progress.filter((p) => p.kind === "milestone").map((p) => [p.item, p]));
  const phases = map.phases.map((f): ClientPhase => {
    const gate = gates.get(f.id), hand = gate?.how === "hand" ? by.get(f.id) : undefined;
    return {
      id: f.id, title: f.title ?? "", aim: f.aim, milestone: f.milestone ?? "", passed_at: gate?.passed ?? null, skipped: gate?.how === "skipped",
      by_hand: hand ? { who: hand.name || (hand.who === "solo" ? "" : hand.who), why: hand.text, at: hand.at } : null,
      proofs: c.proofs.filter((p) => p.phase === f.id).map((p): Proof => ({ id: p.id, kind: p.kind, text: p.text, required: p.required, done: !!p.held, at: p.held })),
      steps: (f.steps ?? []).map((s) => ({ id: s.id, title: s.title, done_at: steps.get(s.id)?.first ?? null, objectives: s.objectives ?? [] })),
    };
  });
  const left = [...e.progress];
  const history = c.history.map((h): Happening => {
    const at = left.findIndex((p) => second(p.at) === second(h.at) && (p.item === (h.id ?? "") || (!h.id && (p.activity === h.what || p.text === h.text))));
    const row = at < 0 ? undefined : left.splice(at, 1)[0];
    return { at: h.at, kind: row?.kind ?? h.kind, what: h.what, text: row?.text || h.text, who: row && !row.by_client ? row.name : "", value: h.value, progress: row ? String(row.id) : null, file: row?.file?.id ?? null };
  });
  for (const p of left) history.push({ at: p.at, kind: p.kind, what: p.kind === "note" || p.kind === "message" ? "" : p.activity, text: p.text, who: p.by_client ? "" : p.name, value: p.value, progress: String(p.id), file: p.file?.id ?? null });
  return {
    ...readShort(c), enrolment: e.id, map: e.map, map_title: e.title, start: c.start || map.start || "", arrival: map.arrival ?? "", left_reason: e.left?.because ?? null, phases,
    objectives: c.objectives.filter((o) => o.measured && o.weight > 0 || o.readings.length > 0 || (o.weight > 0 && o.target !== null)).map((o): Objective => ({ metric: o.metric, name: o.name, unit: o.unit, baseline: o.baseline, value: o.now, target: o.target, direction: o.direction, due: o.due, attainment: o.attained, readings: o.readings })),
    feelings: c.feelings, history, links: e.links as Link[], alerts: e.alerts.map(readAlert), tasks: e.tasks.map(readTask),
  };
}
