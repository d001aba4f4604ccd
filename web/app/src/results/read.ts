// The server's KPIs, effects and what-if as these pages use them.
import type * as wire from "../api/wire";
import type { MapDocument } from "../api/types";
import type { EffectRow, Enough, Estimate, Kpi, WhatIf } from "./shapes";

/** Beyond the alarm first; then whether the target is reached. Open: the interval still holds the target. */
function stateOf(k: wire.Kpi): Kpi["state"] {
  const now = k.latest?.value ?? null;
  if (now !== null && k.threshold !== null && (k.direction === "up" ? now < k.threshold : now > k.threshold)) return "beyond-threshold";
  return k.on_target === "reached" ? "good" : k.on_target === "missed" ? "off-target" : "none";
}
export function readKpi(k: wire.Kpi): Kpi {
  const known = k.control.low !== null && k.control.high !== null;
  return {
    id: k.id, name: k.name, kind: k.kind, unit: k.measure, unit_text: k.unit, direction: k.direction, target: k.target, threshold: k.threshold, every: k.every, owner: k.owner || null, department: k.department || null,
    definition: k.definition, under_way: k.under_way, latest: k.latest, state: stateOf(k), open: k.on_target === "open", sentence: k.sentence, control: known ? k.control : null, series: k.points, problem: k.problem,
  };
}
export function readEffect(r: wire.EffectResult, unit: Kpi["unit"]): EffectRow {
  return {
    action: r.action?.id ?? "", title: r.action?.title ?? r.kpi.name, state: r.action?.state ?? "done", since: r.since, kpi: r.kpi.id, kpi_name: r.kpi.name, unit, unit_text: r.kpi.unit, direction: r.kpi.direction,
    expected_change: r.expected, effect: r.effect, problem: r.problem,
  };
}
export function readEnough(e: wire.Enough): Enough {
  return { n_each: e.needed, per_month: e.per_month, months: e.months, value: e.value, sentence: e.problem ?? e.sentence };
}

const share = (e: Estimate, of: number): Estimate => ({ value: e.value === null ? null : e.value / of, low: e.low === null ? null : e.low / of, high: e.high === null ? null : e.high / of });
/** Counts become shares of the journeys; a pain has an action when the map names one. */
export function readWhatIf(w: wire.WhatIf, map?: MapDocument): WhatIf {
  const cared = new Set((map?.actions ?? []).filter((a) => a.state !== "dropped").flatMap((a) => a.pains ?? []));
  const tended = new Set((map?.actions ?? []).filter((a) => a.state !== "dropped").flatMap((a) => a.steps ?? []));
  const of = Math.max(1, w.journeys);
  return {
    customers: w.journeys, arrival: w.arrival.title, mend: w.mend, base: { arrive: share(w.now.arrivals, of), wait_s: w.now.median_s.value }, now: { arrive: share(w.then.arrivals, of), wait_s: w.then.median_s.value },
    more: w.more, money: w.more_money, sooner_s: w.sooner_s, value_per_customer: w.value_each, sentence: w.sentence,
    steps: w.steps.map((s) => ({ id: s.id, title: s.title, reached: s.visits, loss: s.loss.value, wait_s: s.wait_s, counts: (s.worth.value ?? 0) > 0 || (s.sooner_s ?? 0) > 0 || s.less_loss > 0 || s.less_wait > 0 })),
    pains: w.pains.map((p) => ({ id: p.id, text: p.text || p.title, step: p.step, step_title: p.text ? p.title : "", named: p.text !== "", has_action: p.id ? cared.has(p.id) : tended.has(p.step), customers: p.worth, money: p.worth_money })),
  };
}
