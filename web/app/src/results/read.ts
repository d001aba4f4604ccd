// The server's KPIs, effects and what-if as these pages use them.
import type * as wire from "../api/wire";
import type { EffectRow, Enough, Kpi } from "./shapes";

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
