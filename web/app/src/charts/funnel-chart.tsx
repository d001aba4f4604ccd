// Who arrives, who is lost, who is still travelling: columns where there is room, rows where there is
// not. Of each step's customers the filled part moved on (its paler part by another way than the map's),
// the pale part is still travelling, the hatched part is lost; so the next column begins where the
// filled part ends.
import { useMemo, useState } from "preact/hooks";
import { t, tn } from "../lang/lang";
import type { MapDocument } from "../api/types";
import type { Funnel, FunnelStep } from "../reality/insight";
import { columns, elsewhereShown, worstLosses, type Column } from "./shape";
import { Figure, TableTwin } from "./table-twin";
import { count, lostWords, percent, range, span } from "./words";

export type Fate = "reached" | "moved-on" | "lost" | "travelling" | "elsewhere";
export type OpenStep = (step: FunnelStep, index: number, kind: Fate) => void;

const parts: { fate: Fate; size: (c: Column) => number }[] = [
  { fate: "lost", size: (c) => c.lost },
  { fate: "travelling", size: (c) => c.travelling },
  { fate: "elsewhere", size: (c) => c.elsewhere },
  { fate: "moved-on", size: (c) => c.moved },
];

/** Everything about one step in a sentence: the line below the chart, and the label of its column. */
export function stepSentence(step: FunnelStep, first: number): string {
  if (step.unseen) return t("{step}: never seen in the evidence", { step: step.activity });
  const said = [
    `${step.activity}: ${tn(step.reached, "{n} customer arrives ({share})", "{n} customers arrive ({share})", { n: count(step.reached), share: percent(step.reached / Math.max(1, first)) })}`,
    tn(step.moved_on, "{n} goes on", "{n} go on", { n: count(step.moved_on) }),
  ];
  if (step.elsewhere > 0) said.push(t("{n} of them by another way", { n: count(step.elsewhere) }));
  if (step.lost > 0) said.push(lostWords(step));
  if (step.travelling > 0) said.push(t("{n} still travelling", { n: count(step.travelling) }));
  if (step.median_s !== null) said.push(t("half of the others go on within {time}", { time: span(step.median_s) }));
  if (step.lost > 0 && step.patience_s !== null) said.push(t("lost means waiting longer than {time}", { time: span(step.patience_s) }));
  return said.join(" · ");
}

function StepColumn(props: { column: Column; index: number; first: number; onOpen: OpenStep; onLook: (index: number | null) => void }) {
  const { column, index, onOpen } = props;
  const { step } = column;
  const open = (kind: Fate) => () => onOpen(step, index, kind);
  const label = (kind: string, n: number): string => `${step.activity}: ${kind}, ${tn(n, "{n} customer", "{n} customers", { n: count(n) })}`;
  return (
    <li class={`funnel-step${column.phase === null ? "" : ` phase-${(column.phase % 8) + 1}`}`} onMouseEnter={() => props.onLook(index)} onFocusIn={() => props.onLook(index)}>
      {/* The mouse may click the bar itself; the same questions are the buttons below it. */}
      <div class="funnel-bar" aria-hidden="true">
        <i class="funnel-rest" style={{ "--size": 1 - column.reached }} />
        {parts.map(({ fate, size }) => size(column) > 0 && (
          <i key={fate} class={`funnel-part fate-${fate}`} style={{ "--size": size(column) }} onClick={open(fate)} />
        ))}
      </div>
      <div class="funnel-words">
        <Figure class="funnel-share" label={label(t("arrived"), step.reached)} onOpen={step.unseen ? undefined : open("reached")}>
          {percent(step.reached / Math.max(1, props.first))}
        </Figure>
        <span class="funnel-title">{step.activity}</span>
      </div>
      <div class="funnel-words fates">
        {(step.unseen || step.optional) && <span class="funnel-note">{step.unseen ? t("never seen") : t("optional")}</span>}
        {step.lost > 0 && (
          <Figure class="funnel-lost" label={label(t("lost"), step.lost)} onOpen={open("lost")}>
            <b>{t("{share} lost", { share: percent(step.lost_share) })}</b> <span class="funnel-note range">({range(step.lost_low, step.lost_high)})</span>
          </Figure>
        )}
        {step.travelling > 0 && (
          <Figure class="funnel-note" label={label(t("still travelling"), step.travelling)} onOpen={open("travelling")}>
            {t("{n} travelling", { n: count(step.travelling) })}
          </Figure>
        )}
        {step.elsewhere >= elsewhereShown * Math.max(1, step.reached) && (
          <Figure class="funnel-note" label={label(t("by another way"), step.elsewhere)} onOpen={open("elsewhere")}>
            {t("{n} by another way", { n: count(step.elsewhere) })}
          </Figure>
        )}
      </div>
    </li>
  );
}

export function FunnelChart(props: { funnel: Funnel; map?: MapDocument | undefined; onOpen: OpenStep }) {
  const { funnel, onOpen } = props;
  const list = useMemo(() => columns(funnel, props.map), [funnel, props.map]);
  const worst = useMemo(() => funnel.steps.indexOf(worstLosses(funnel, 1)[0] ?? funnel.steps[0]!), [funnel]);
  const [looked, look] = useState<number | null>(null);
  const first = Math.max(1, ...funnel.steps.map((step) => step.reached));
  const told = funnel.steps[looked ?? worst];
  const some = (of: (step: FunnelStep) => number): boolean => funnel.steps.some((step) => of(step) > 0);
  return (
    <div class="funnel" onMouseLeave={() => look(null)}>
      <ol class="funnel-steps" style={{ "--count": list.length }}>
        {list.map((column, index) => (
          <StepColumn key={column.step.id} column={column} index={index} first={first} onOpen={onOpen} onLook={look} />
        ))}
      </ol>
      {told && <p class="funnel-told" aria-hidden="true">{stepSentence(told, first)}</p>}
      <ul class="key" aria-hidden="true">
        <li><i class="swatch fate-moved-on" />{t("gone on")}</li>
        {some((step) => step.elsewhere) && <li><i class="swatch fate-elsewhere" />{t("gone on by another way")}</li>}
        {some((step) => step.travelling) && <li><i class="swatch fate-travelling" />{t("still travelling")}</li>}
        {some((step) => step.lost) && <li><i class="swatch fate-lost" />{t("lost")}</li>}
      </ul>
      <TableTwin
        caption={t("Who arrives, who is lost, who is still travelling")}
        rows={funnel.steps}
        columns={[
          { head: t("Step"), cell: (step) => step.activity },
          { head: t("arrived"), number: true, cell: (step, i) => <Figure label={`${step.activity}: ${t("arrived")} ${count(step.reached)}`} onOpen={() => onOpen(step, i, "reached")}>{count(step.reached)}</Figure> },
          { head: t("share"), number: true, cell: (step) => percent(step.reached / first) },
          { head: t("gone on"), number: true, cell: (step, i) => <Figure label={`${step.activity}: ${t("gone on")} ${count(step.moved_on)}`} onOpen={() => onOpen(step, i, "moved-on")}>{count(step.moved_on)}</Figure> },
          { head: t("lost"), number: true, cell: (step, i) => <Figure label={`${step.activity}: ${t("lost")} ${count(step.lost)}`} onOpen={() => onOpen(step, i, "lost")}>{count(step.lost)}</Figure> },
          { head: t("lost, share (95% interval)"), number: true, cell: (step) => (step.reached ? `${percent(step.lost_share)} (${range(step.lost_low, step.lost_high)})` : "–") },
          { head: t("travelling"), number: true, cell: (step, i) => <Figure label={`${step.activity}: ${t("still travelling")} ${count(step.travelling)}`} onOpen={() => onOpen(step, i, "travelling")}>{count(step.travelling)}</Figure> },
          { head: t("half go on within"), number: true, cell: (step) => span(step.median_s) },
          { head: t("lost after"), number: true, cell: (step) => span(step.patience_s) },
        ]}
      />
    </div>
  );
}
