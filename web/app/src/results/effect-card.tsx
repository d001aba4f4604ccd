// Before and after an action: the sentence first, then the picture: two estimates with their intervals, and under
// them the difference with its own, against the line of no difference.
import type { ComponentChildren } from "preact";
import { linear } from "../charts/scale";
import { TableTwin } from "../charts/table-twin";
import { count } from "../charts/words";
import { date } from "../lang/format";
import { t } from "../lang/lang";
import { Chip } from "../ui";
import type { Compared, Effect, EffectRow, Side, Unit } from "./shapes";
import { unitOf } from "./shapes";
import { change, changeRange, measure, measureRange, nothing, verdictWord } from "./words";

/** The two halves of the sentence: what is to be said first stands out. */
export function sentenceParts(sentence: string): [string, string] {
  const cut = sentence.indexOf(". ");
  return cut < 0 ? [sentence, ""] : [sentence.slice(0, cut + 1), sentence.slice(cut + 2)];
}

export function EffectCard({ row, actions }: { row: EffectRow; actions?: ComponentChildren }) {
  const effect = row.effect, verdict = effect && verdictWord(effect.verdict);
  const [first, rest] = sentenceParts(effect?.sentence ?? "");
  return (
    <article class={"card effect " + (effect?.verdict ?? "unknown")}>
      <header class="effect-head">
        <h3>{row.title}</h3>
        {verdict && <Chip tone={verdict.tone}>{verdict.text}</Chip>}
      </header>
      <p class="note">{[row.kpi_name, row.since && t("since {day}", { day: date(row.since) })].filter(Boolean).join(" · ")}</p>
      {row.problem && <p class="notice">{row.problem}</p>}
      {effect && (
        <>
          <p class="effect-said"><b>{rest || first}</b>{rest && <span>{first}</span>}</p>
          <BeforeAfter effect={effect} unit={row.unit ?? unitOf(effect.kind)} down={row.direction === "down"} />
          {effect.group && <Group group={effect.group} unit={row.unit} name={row.group_name ?? ""} />}
          {effect.warnings.length > 0 && <ul class="effect-warnings">{effect.warnings.map((w) => <li key={w}>{w}</li>)}</ul>}
          {effect.under_way > 0 && <p class="note">{t("{n} are still under way, and not counted yet.", { n: count(effect.under_way) })}</p>}
        </>
      )}
      {actions && <div class="row effect-foot">{actions}</div>}
    </article>
  );
}

const at = (value: number): string => `${(Math.max(0, Math.min(1, value)) * 100).toFixed(2)}%`;
function Estimate({ label, side, place, unit, kind }: { label: string; side: Side; place: (v: number) => number; unit: Unit; kind: string }) {
  return (
    <li>
      <span class="ba-label">{label}</span>
      <span class="ba-track" aria-hidden="true">
        {typeof side.low === "number" && typeof side.high === "number" && <i class={"ba-doubt " + kind} style={{ left: at(place(side.low)), right: `calc(100% - ${at(place(side.high))})` }} />}
        {side.value !== null && <i class={"ba-dot " + kind} style={{ left: at(place(side.value)) }} />}
      </span>
      <span class="ba-value"><b>{measure(unit, side.value)}</b><small>{t("{n} observed", { n: count(side.n) })}</small></span>
    </li>
  );
}
function BeforeAfter({ effect, unit, down }: { effect: Effect; unit: Unit; down: boolean }) {
  const known = [effect.before, effect.after].flatMap((s) => [s.value, s.low ?? null, s.high ?? null]).filter((v): v is number => v !== null && isFinite(v));
  if (!known.length) return null;
  const least = Math.min(...known), most = Math.max(...known), room = (most - least || Math.abs(most) || 1) * 0.25;
  const place = linear([least - room, most + room], [0, 1]);
  const reach = Math.max(...[effect.low, effect.high, effect.difference, 0].map((v) => Math.abs(v ?? 0))) * 1.15 || 1;
  const gap = linear([-reach, reach], [0, 1]);
  const good = effect.difference !== null && effect.difference !== 0 && (effect.difference > 0) !== down;
  const tone = effect.verdict === "none" || effect.verdict === "too-few" ? "unsure" : good ? "good" : "bad";
  return (
    <div class="ba">
      <ul>
        <Estimate label={t("before")} side={effect.before} place={place} unit={unit} kind="was" />
        <Estimate label={t("after")} side={effect.after} place={place} unit={unit} kind="is" />
        <li class="ba-gap">
          <span class="ba-label">{t("difference")}</span>
          <span class="ba-track gap" aria-hidden="true">
            <i class="ba-zero" />
            {effect.low !== null && effect.high !== null && <i class={"ba-doubt " + tone} style={{ left: at(gap(effect.low)), right: `calc(100% - ${at(gap(effect.high))})` }} />}
            {effect.difference !== null && <i class={"ba-dot " + tone} style={{ left: at(gap(effect.difference)) }} />}
            <em>{t("no difference")}</em>
          </span>
          <span class="ba-value"><b>{change(unit, effect.difference)}</b><small>{changeRange(unit, effect.low, effect.high)}</small></span>
        </li>
      </ul>
      <TableTwin caption={t("Before and after")} rows={[{ what: t("before"), s: effect.before }, { what: t("after"), s: effect.after }]} columns={[
        { head: "", cell: (r) => r.what },
        { head: t("value"), number: true, cell: (r) => measure(unit, r.s.value) },
        { head: t("95% interval"), number: true, cell: (r) => measureRange(unit, r.s.low, r.s.high) || nothing },
        { head: t("observed"), number: true, cell: (r) => count(r.s.n) },
      ]} />
    </div>
  );
}
function Group({ group, unit, name }: { group: Compared; unit: Unit; name: string }) {
  return (
    <p class="effect-group">
      {t("Where nothing was done{name}: from {before} to {after}, {difference} ({range}). That is already taken off above.", {
        name: name ? ` (${name})` : "", before: measure(unit, group.before.value), after: measure(unit, group.after.value), difference: change(unit, group.difference), range: changeRange(unit, group.low, group.high),
      })}
    </p>
  );
}
