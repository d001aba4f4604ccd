/** Words that several pages say alike. */
import type { Freshness } from "../api/types";
import { daysUntil, relativeDay, todayDate } from "../lang/format";
import { t, tc, tn } from "../lang/lang";
import type { Tone } from "../ui";

export function freshnessWords(state: Freshness, days: number | null): { text: string; tone: Tone } {
  if (state === "fresh") return { text: t("fresh"), tone: "good" };
  if (state === "review") return { text: t("to be reviewed"), tone: "warn" };
  if (state === "never") return { text: t("never observed"), tone: "plain" };
  if (days === null) return { text: tc("freshness", "out of date"), tone: "bad" };
  const months = Math.round(days / 30.4);
  return { text: months >= 1 ? tn(months, "no news for {n} month", "no news for {n} months") : tn(days, "no news for {n} day", "no news for {n} days"), tone: "bad" };
}

/** "6 days late", "in 3 days". */
export function dueWords(due: string | undefined, left: number | null = null): { text: string; late: boolean } {
  if (!due) return { text: t("no date"), late: false };
  const days = left ?? daysUntil(due); // the server's day, where it says it
  return days < 0 ? { text: tn(-days, "{n} day late", "{n} days late"), late: true } : { text: relativeDay(due, todayDate()), late: false };
}

/** The small words above a finding. */
export function kicker(kind: string, given = ""): string {
  const words: Record<string, string> = { loss: t("Where customers are lost"), belief: t("Believed and lived"), shortcut: t("A way the map does not know"), wait: t("Where they wait"), loop: t("What they do again and again"), effect: t("What has worked"), detour: t("A detour") };
  return given || words[kind] || t("Worth a look");
}
