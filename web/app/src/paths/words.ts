// States, numbers and happenings of a path in words, as one would tell a colleague.
import { num, pct } from "../lang/format";
import { t, tc, tn } from "../lang/lang";
import type { Tone } from "../ui";
import type { Client, PathState, ProofKind, States } from "./shapes";
import { STATES } from "./shapes";

export function stateWord(state: PathState): string {
  return { "on-the-way": tc("client", "on the way"), behind: tc("client", "behind"), stuck: tc("client", "stuck"), silent: tc("client", "silent"), arrived: tc("client", "arrived"), left: tc("client", "left") }[state] ?? state;
}
export const stateTone: Record<PathState, Tone> = { "on-the-way": "blue", behind: "warn", stuck: "bad", silent: "bad", arrived: "good", left: "plain" };
/** "18 on the way, 5 stuck, 8 arrived" */
export function statesSentence(states: States): string {
  const words: Record<PathState, (n: number) => string> = {
    stuck: (n) => tn(n, "{n} stuck", "{n} stuck"), silent: (n) => tn(n, "{n} silent", "{n} silent"), behind: (n) => tn(n, "{n} behind", "{n} behind"),
    "on-the-way": (n) => tn(n, "{n} on the way", "{n} on the way"), arrived: (n) => tn(n, "{n} has arrived", "{n} have arrived"), left: (n) => tn(n, "{n} left", "{n} left"),
  };
  return STATES.filter((s) => states[s]).map((s) => words[s](states[s]!)).join(", ");
}
export function proofKindWord(kind: ProofKind): string {
  return { confirmation: t("the client confirms it"), objective: t("an objective is reached"), document: t("a document is there"), meeting: t("a meeting was held"), rule: t("the evidence shows it") }[kind] ?? kind;
}
export function whole(days: number): string {
  return tn(Math.round(days), "{n} day", "{n} days");
}
/** The three numbers that are never mixed. */
export function milestonesWord(c: Pick<Client, "milestones">): string {
  return t("{passed} of {total}", { passed: c.milestones.passed, total: c.milestones.total });
}
export function attainmentWord(c: Pick<Client, "attainment">): string {
  return c.attainment === null ? "–" : pct(c.attainment);
}
export function timeWord(c: Pick<Client, "time">): string {
  const { used_days, expected_days } = c.time;
  return expected_days ? t("{used} of {expected} days", { used: num(Math.floor(used_days)), expected: num(Math.round(expected_days)) }) : whole(Math.floor(used_days));
}
export function happeningWord(kind: string): string {
  return ({
    started: t("started"), done: t("done"), reading: t("reading"), milestone: t("milestone passed"), feeling: t("how it feels"), proof: t("proof given"), sign: t("sign of life"),
    note: t("note of the team"), message: t("message"), left: tc("client", "left"), file: t("file"),
  } as Record<string, string>)[kind] ?? kind;
}
/** Worst first, then who has been so for longest. */
export function byNeed(a: Client, b: Client): number {
  return STATES.indexOf(a.state) - STATES.indexOf(b.state) || (a.since ?? "").localeCompare(b.since ?? "") || a.customer.localeCompare(b.customer);
}
