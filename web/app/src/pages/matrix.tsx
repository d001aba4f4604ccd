/** The opportunity matrix: value against effort; a bubble is as large as the customers it touches, full where the
 * evidence has seen them, hollow where it is only believed. The same as a table, and what lacks a place below. */
import { useApi } from "../api/use";
import type { ActionRow } from "../api/types";
import type * as wire from "../api/wire";
import { TableTwin } from "../charts/table-twin";
import { useWidth } from "../charts/width";
import { count } from "../charts/words";
import { t, tn } from "../lang/lang";
import { readWhatIf } from "../results/read";
import type { WhatIf } from "../results/shapes";
import { customersMore, wholeRange } from "../results/words";
import { Button } from "../ui";
import { openAction } from "./action";
import { effortWord, valueWord } from "./measuring";

export interface Placed { action: ActionRow; effort: number; value: number; reached: number; worth: string; byHand: boolean }
/** Value: what people said; else what mending its pains is worth, held against the pain that is worth most. */
export function placed(actions: ActionRow[], what: WhatIf | undefined): { list: Placed[]; missing: ActionRow[] } {
  const list: Placed[] = [], missing: ActionRow[] = [];
  const most = Math.max(0, ...(what?.pains ?? []).map((p) => p.customers.value ?? 0));
  for (const action of actions) {
    const pains = (what?.pains ?? []).filter((p) => action.pains.some((x) => x.id === p.id));
    const best = pains.sort((a, b) => (b.customers.value ?? 0) - (a.customers.value ?? 0))[0];
    const steps = new Set([...(action.steps ?? []), ...action.pains.map((p) => p.step)]);
    const reached = Math.max(0, ...(what?.steps ?? []).filter((s) => steps.has(s.id)).map((s) => s.reached));
    const reckoned = best && most > 0 ? 1 + 4 * Math.max(0, Math.min(1, (best.customers.value ?? 0) / most)) : undefined;
    const value = action.value ?? reckoned;
    if (!action.effort || value === undefined) missing.push(action);
    else list.push({ action, effort: action.effort, value, reached, worth: best && best.customers.low !== null ? `${customersMore(best.customers)} (${wholeRange(best.customers)})` : "", byHand: action.value !== undefined });
  }
  return { list, missing };
}
export interface Bubble { x: number; y: number; r: number }
/** Bubbles of the same place stand beside each other, not on each other. */
export function spread(list: Placed[], width: number, height: number, most: number): Bubble[] {
  const out: Bubble[] = [];
  for (const p of list) {
    const r = most ? 9 + 19 * Math.sqrt(p.reached / most) : 11;
    let x = ((p.effort - 0.5) / 5) * width;
    const y = height - ((p.value - 0.5) / 5) * height;
    for (let i = 0; i < 12 && out.some((o) => Math.hypot(o.x - x, o.y - y) < o.r + r + 2); i++) x += (i % 2 ? -1 : 1) * (i + 1) * (r * 0.7);
    out.push({ x: Math.max(r, Math.min(width - r, x)), y: Math.max(r, Math.min(height - r, y)), r });
  }
  return out;
}

export function Matrix({ actions, map, canEdit }: { actions: ActionRow[]; map: string; canEdit: boolean }) {
  const [ref, width] = useWidth<HTMLDivElement>(720);
  const what = useApi<wire.WhatIf>(`/maps/${encodeURIComponent(map)}/whatif`);
  const { list, missing } = placed(actions, what.data && readWhatIf(what.data));
  const high = Math.round(Math.max(300, Math.min(460, width * 0.5)));
  const most = Math.max(0, ...list.map((p) => p.reached));
  const bubbles = spread(list, width, high, most);
  return (
    <div class="card matrix-card">
      <header><h2>{t("Where to begin")}</h2><span class="note">{t("up: worth more to customers · left: done sooner")}</span></header>
      {list.length > 0 && (
        <div class="matrix-frame">
          <span class="matrix-y" aria-hidden="true">{t("value")} →</span>
          <div class="matrix" ref={ref} style={{ height: high + "px" }}>
            <b class="matrix-corner tl">{t("do at once")}</b><b class="matrix-corner tr">{t("plan well")}</b><b class="matrix-corner bl">{t("when there is time")}</b><b class="matrix-corner br">{t("better not")}</b>
            <ol>
              {list.map((p, i) => {
                const b = bubbles[i]!, label = t("{title}: value {value}, effort {effort}", { title: p.action.title ?? "", value: valueWord(Math.round(p.value)), effort: effortWord(p.effort) });
                return (
                  <li key={p.action.map + p.action.id} style={{ left: b.x + "px", top: b.y + "px" }}>
                    <button type="button" class={"bubble" + (p.reached ? "" : " believed")} style={{ width: 2 * b.r + "px", height: 2 * b.r + "px" }} title={label} aria-label={`${i + 1}. ${label}`} onClick={() => void openAction({ map: p.action.map, id: p.action.id })}>{i + 1}</button>
                  </li>
                );
              })}
            </ol>
          </div>
          <span class="matrix-x" aria-hidden="true">{t("effort")} →</span>
        </div>
      )}
      {list.length > 0 && <ol class="matrix-key">{list.map((p, i) => <li key={p.action.map + p.action.id}><b aria-hidden="true">{i + 1}</b><Button kind="link" onClick={() => void openAction({ map: p.action.map, id: p.action.id })}>{p.action.title}</Button>{p.worth && <span class="note"> {p.worth}</span>}</li>)}</ol>}
      {list.length > 0 && <ul class="key" aria-hidden="true"><li><i class="swatch bubble-full" />{t("seen in the evidence: the larger, the more customers")}</li><li><i class="swatch bubble-hollow" />{t("only believed")}</li></ul>}
      {!list.length && <p class="quiet">{t("No action has both its effort and its value yet: say them in the action, and it finds its place here.")}</p>}
      {missing.length > 0 && (
        <p class="matrix-missing">{tn(missing.length, "{n} action has no place yet:", "{n} actions have no place yet:")}{" "}
          {missing.map((a, i) => <span key={a.map + a.id}>{i > 0 && " · "}{canEdit ? <Button kind="link" onClick={() => void openAction({ map: a.map, id: a.id })}>{a.title}</Button> : a.title}</span>)}</p>
      )}
      {list.length > 0 && <TableTwin caption={t("Value and effort of the actions")} rows={list} columns={[
        { head: t("Action"), cell: (p) => p.action.title ?? "" },
        { head: t("value"), cell: (p) => `${valueWord(Math.round(p.value))}${p.byHand ? "" : ` (${t("reckoned")})`}` },
        { head: t("effort"), cell: (p) => effortWord(p.effort) },
        { head: t("customers there"), number: true, cell: (p) => (p.reached ? count(p.reached) : t("not observed")) },
        { head: t("if a fifth fewer were lost"), number: true, cell: (p) => p.worth || "–" },
      ]} />}
    </div>
  );
}
