// Findings by weight; those put aside apart, with their reason. Also when the reason came with the list
// and the document has not been read again yet, or the other way round.
import type { Check } from "../reality/insight";

export interface Dismissed { id: string; rule: string; at: string; about?: string; because: string; who: string; on: string }
export interface Aside { because: string; who: string; on?: string | undefined }
export type Shown<F> = F & { key: string; aside: Aside | null };

export const keyOf = (rule: string, at: string, about = ""): string => `${rule} ${at} ${about}`;

/** The entry that puts a finding aside; one from before they said what they are about holds for all of its place. */
export function asideOf<D extends { rule: string; at: string; about?: string | null }>(dismissed: readonly D[], finding: { rule: string; where: string; about?: string }): D | undefined {
  return dismissed.find((each) => each.rule === finding.rule && (each.at ?? "") === finding.where && (each.about == null || each.about === (finding.about ?? "")));
}

export function grouped<F extends Check & { dismissed?: (Aside & { at?: string }) | null }>(
  findings: readonly F[], dismissed: readonly Dismissed[],
): Record<"error" | "warning" | "note" | "aside", Shown<F>[]> {
  const out: Record<"error" | "warning" | "note" | "aside", Shown<F>[]> = { error: [], warning: [], note: [], aside: [] };
  const seen = new Map<string, number>();
  for (const finding of findings) {
    const key = keyOf(finding.rule, finding.where, finding.about);
    const again = seen.get(key) ?? 0;
    seen.set(key, again + 1);
    const aside = asideOf(dismissed, finding) ?? (dismissed.length === 0 ? finding.dismissed ?? null : null);
    out[aside ? "aside" : finding.severity].push({ ...finding, key: again ? `${key} ${again}` : key, aside });
  }
  return out;
}

/** Where a finding's item is: its place on the map. */
export function itemAt(map: string, item: string): string {
  return `/map/${encodeURIComponent(map)}${item ? `?at=${encodeURIComponent(item)}` : ""}`;
}
