// Feelings over time, −2 … +2: a face where something was said, the line between; the same as a table.
import { smoothPath } from "../ui/curve";
import { linear } from "../charts/scale";
import { TableTwin } from "../charts/table-twin";
import { useWidth } from "../charts/width";
import { valence } from "../charts/words";
import { date } from "../lang/format";
import { t } from "../lang/lang";
import { FaceShape, valenceWord } from "../ui";
import type { Feeling } from "./shapes";

const high = 132, edge = 16;
export function FeelingsChart({ list, from }: { list: Feeling[]; from: string }) {
  const [ref, width] = useWidth<HTMLDivElement>(360);
  const sorted = [...list].sort((a, b) => a.at.localeCompare(b.at)).slice(-60);
  const first = Math.min(Date.parse(from), Date.parse(sorted[0]!.at)), last = Date.parse(sorted.at(-1)!.at);
  const x = linear([first, last > first ? last : first + 864e5], [edge, width - edge]);
  const y = linear([2, -2], [edge, high - 34]);
  const points = sorted.map((f) => ({ x: x(Date.parse(f.at)), y: y(f.valence) }));
  const size = sorted.length > 16 ? 0.55 : 0.8;
  return (
    <div class="feelings" ref={ref}>
      <svg width={width} height={high} aria-hidden="true">
        <line class="grid-line" x1={0} x2={width} y1={y(0)} y2={y(0)} />
        <path class="curve-lived" d={smoothPath(points)} />
        {sorted.map((f, i) => <g key={i} transform={`translate(${points[i]!.x} ${points[i]!.y}) scale(${size})`}><title>{`${date(f.at)}: ${valenceWord(f.valence)} ${f.text}`}</title><FaceShape valence={f.valence} /></g>)}
        <text class="axis-text" x={0} y={high - 6}>{date(new Date(first), "short")}</text>
        {last - first > 7 * 864e5 && <text class="axis-text" x={width} y={high - 6} text-anchor="end">{date(new Date(last), "short")}</text>}
      </svg>
      <TableTwin caption={t("How it feels")} rows={[...sorted].reverse()} columns={[
        { head: t("Day"), cell: (f) => date(f.at) }, { head: t("how it feels"), cell: (f) => `${valenceWord(f.valence)}, ${valence(f.valence)}` }, { head: t("in words"), cell: (f) => f.text },
      ]} />
    </div>
  );
}
