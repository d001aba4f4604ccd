// What the evidence says of a map's steps, from GET /maps/{id}/study (docs/schema/insight.schema.json): only what
// the editor draws.
export interface StudyStep {
  mean: number | null;
  low: number | null;
  high: number | null;
  n: number;
  quotes: string[];
  reached: number;
  movedOn: number;
  lost: number;
  travelling: number;
  lostShare: number | null;
  lostLow: number | null;
  lostHigh: number | null;
  after: number | null; // seconds since the step before, median
  shortcuts: { activity: string; share: number; count: number; actor: string }[];
}
export interface Study {
  customers: number;
  findings: { kind: string; step: string; headline: string; detail: string; advice: string }[];
  steps: Map<string, StudyStep>;
}

type Raw = Record<string, unknown>;
const object = (value: unknown): Raw => (typeof value === "object" && value !== null ? (value as Raw) : {});
const array = (value: unknown): Raw[] => (Array.isArray(value) ? value.map(object) : []);
const number = (value: unknown): number | null => (typeof value === "number" && Number.isFinite(value) ? value : null);
const text = (value: unknown): string => (typeof value === "string" ? value : "");

export function readStudy(raw: unknown): Study | null {
  const whole = object(raw);
  const funnel = object(whole.funnel), emotions = object(whole.emotions), align = object(whole.align);
  const customers = number(funnel.traces) ?? number(align.traces) ?? 0;
  if (!customers) return null;
  const steps = new Map<string, StudyStep>();
  const at = (id: string): StudyStep => {
    let step = steps.get(id);
    if (!step) {
      step = { mean: null, low: null, high: null, n: 0, quotes: [], reached: 0, movedOn: 0, lost: 0, travelling: 0, lostShare: null, lostLow: null, lostHigh: null, after: null, shortcuts: [] };
      steps.set(id, step);
    }
    return step;
  };
  for (const one of array(emotions.steps)) {
    const step = at(text(one.id));
    Object.assign(step, { mean: number(one.mean), low: number(one.low), high: number(one.high), n: number(one.n) ?? 0 });
    step.quotes = Array.isArray(one.quotes) ? one.quotes.filter((q): q is string => typeof q === "string") : [];
  }
  let before: number | null = null;
  for (const one of array(funnel.steps)) {
    const step = at(text(one.id));
    Object.assign(step, {
      reached: number(one.reached) ?? 0, movedOn: number(one.moved_on) ?? 0, lost: number(one.lost) ?? 0, travelling: number(one.travelling) ?? 0,
      lostShare: number(one.lost_share), lostLow: number(one.lost_low), lostHigh: number(one.lost_high), after: before,
    });
    before = number(one.median_s);
  }
  for (const one of array(align.shortcuts)) {
    const instead = object(one.instead);
    const share = number(instead.share) ?? number(one.share) ?? 0, count = number(instead.taken) ?? number(one.traces) ?? 0;
    if (share < 0.05 || count < 10) continue;
    at(text(instead.step) || text(one.to)).shortcuts.push({ activity: text(one.activity), share, count, actor: text(one.actor) });
  }
  for (const step of steps.values()) step.shortcuts = step.shortcuts.sort((a, b) => b.share - a.share).slice(0, 2);
  const findings = array(whole.findings).map((one) => ({ kind: text(one.kind), step: text(one.step), headline: text(one.headline), detail: text(one.detail), advice: text(one.advice) }));
  return { customers, findings, steps };
}
