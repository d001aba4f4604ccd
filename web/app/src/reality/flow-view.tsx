// The flow: the program's own picture, drawn for the detail asked; its lines and boxes open the
// customers who went that way. Zoomed by buttons, keys or the wheel with Ctrl; dragged by hand.
import { useEffect, useRef, useState } from "preact/hooks";
import { useApi } from "../api/use";
import { theme } from "../app/theme";
import { Figure, TableTwin } from "../charts/table-twin";
import { count, percent, span } from "../charts/words";
import { t } from "../lang/lang";
import { Button, Card, Icon, Progress, Trouble } from "../ui";
import type { Edge, Flow, Study } from "./insight";
import { useKept } from "./kept";
import { asked, change, openPeople, type View } from "./view";

const most = 4, least = 0.25;

export function FlowView({ study, view }: { study: Study; view: View }) {
  const written = Number(view.query.get("detail"));
  const detail = view.query.has("detail") && written >= 0 && written <= 100 ? written : 40;
  const [sliding, slide] = useState(detail);
  useEffect(() => slide(detail), [detail]);
  const dark = theme.value === "dark" || (theme.value === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  const pairs: [string, string][] = [["map", view.map], ["detail", String(detail / 100)]];
  if (dark) pairs.push(["dark", "1"]);
  const picture = useKept<string>("/pictures/flow.svg", asked(view.filter, pairs));
  const flow = useApi<Flow>("/insight/flow", asked(view.filter));
  const edges = (flow.data ?? study.flow)?.edges ?? [];
  return (
    <Card title={t("What comes after what")}>
      <div class="flow-tools row between">
        <label class="flow-detail">
          <span>{t("Detail")}</span>
          <input type="range" min={0} max={100} step={5} value={sliding} aria-valuetext={percent(sliding / 100)}
            onInput={(event) => slide(Number(event.currentTarget.value))} onChange={(event) => change({ detail: event.currentTarget.value }, true)} />
          <output>{sliding === 0 ? t("only the main way") : sliding === 100 ? t("everything") : percent(sliding / 100)}</output>
        </label>
      </div>
      {picture.error && !picture.loading && <Trouble error={picture.error} onRetry={picture.reload} />}
      {picture.loading && <Progress value={null} label={t("Drawing the flow …")} />}
      {picture.data && <Canvas svg={picture.data} edges={edges} />}
      <TableTwin
        caption={t("Passages, the most frequent first")}
        rows={edges.slice(0, 200)}
        columns={[
          { head: t("from"), cell: (edge) => edge.from },
          { head: t("to"), cell: (edge) => edge.to },
          { head: t("how often"), number: true, cell: (edge) => <Figure label={t("“{from}” → “{to}”: {n} times. Show the customers", { from: edge.from, to: edge.to, n: count(edge.count) })} onOpen={() => openPeople({ about: "passage", from: edge.from, to: edge.to })}>{count(edge.count)}</Figure> },
          { head: t("half within"), number: true, cell: (edge) => span(edge.median_s) },
          { head: t("95% within"), number: true, cell: (edge) => span(edge.p95_s) },
        ]}
      />
    </Card>
  );
}

/** The picture's tree without what a picture needs no more in this page: its fonts, and anything that acts. */
export function cleanSvg(text: string): SVGSVGElement | null {
  // (The page's policy forbids a style sheet in a picture, even while it is only read.)
  const parsed = new DOMParser().parseFromString(text.replace(/<style[\s>][\s\S]*?<\/style>/g, ""), "image/svg+xml");
  const svg = parsed.documentElement;
  if (svg.nodeName !== "svg" || parsed.querySelector("parsererror")) return null;
  for (const element of [...svg.querySelectorAll("style,script,foreignObject,a,use,image")]) element.remove();
  for (const element of [svg, ...svg.querySelectorAll("*")])
    for (const { name } of [...element.attributes]) if (/^on|href|^style$/i.test(name)) element.removeAttribute(name);
  return svg as unknown as SVGSVGElement;
}

function Canvas({ svg, edges }: { svg: string; edges: Edge[] }) {
  const frame = useRef<HTMLDivElement>(null);
  const [zoom, setZoom] = useState(1);
  const natural = useRef({ width: 0, height: 0 });
  const scaled = (to: number) => setZoom(Math.min(most, Math.max(least, to)));
  const fit = () => {
    const box = frame.current;
    if (box && natural.current.width) scaled(Math.min(1, (box.clientWidth - 24) / natural.current.width));
  };
  useEffect(() => {
    const box = frame.current, drawn = cleanSvg(svg);
    if (!box || !drawn) return;
    natural.current = { width: Number(drawn.getAttribute("width")), height: Number(drawn.getAttribute("height")) };
    for (const group of drawn.querySelectorAll<SVGGElement>("g.passage,g.node")) {
      const title = group.querySelector("title")?.textContent ?? "";
      const edge = edges.find(({ from, to }) => title.startsWith(`${from} → ${to}:`) || title === `${from} → ${to}`);
      const name = title.split(":")[0]?.trim() ?? "";
      const node = !edge && edges.find(({ from, to }) => from === name || to === name) ? name : "";
      if (!edge && !node) continue;
      group.classList.add("opens");
      group.addEventListener("click", () => openPeople(edge ? { about: "passage", from: edge.from, to: edge.to } : { about: "activity", activity: node }));
    }
    box.replaceChildren(drawn);
    fit();
  }, [svg, edges]);
  useEffect(() => {
    const drawn = frame.current?.firstElementChild as SVGSVGElement | null;
    if (!drawn) return;
    drawn.style.width = `${natural.current.width * zoom}px`;
    drawn.style.height = `${natural.current.height * zoom}px`;
  }, [zoom, svg, edges]);
  useEffect(() => {
    const box = frame.current!;
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      setZoom((now) => Math.min(most, Math.max(least, now * (event.deltaY < 0 ? 1.1 : 1 / 1.1))));
    };
    box.addEventListener("wheel", wheel, { passive: false });
    return () => box.removeEventListener("wheel", wheel);
  }, []);
  const grip = useRef<{ x: number; y: number; left: number; top: number } | null>(null);
  return (
    <div class="flow-canvas">
      <div class="flow-zoom row" role="group" aria-label={t("Zoom")}>
        <Button small icon={<Icon name="minus" size={16} />} label={t("Smaller")} onClick={() => scaled(zoom / 1.25)} />
        <output aria-live="off">{percent(zoom)}</output>
        <Button small icon={<Icon name="plus" size={16} />} label={t("Larger")} onClick={() => scaled(zoom * 1.25)} />
        <Button small onClick={fit}>{t("Fit")}</Button>
        <Button small onClick={() => scaled(1)}>100%</Button>
      </div>
      <div class="flow-frame" ref={frame} role="region" tabIndex={0} aria-label={t("Picture of the flow; the passages follow as a table")}
        onKeyDown={(event) => {
          if (event.key === "+") scaled(zoom * 1.25);
          else if (event.key === "-") scaled(zoom / 1.25);
          else if (event.key === "0") scaled(1);
          else if (event.key === "f") fit();
          else return;
          event.preventDefault();
        }}
        onPointerDown={(event) => {
          if (event.pointerType !== "mouse" || event.button !== 0) return;
          const box = frame.current!;
          grip.current = { x: event.clientX, y: event.clientY, left: box.scrollLeft, top: box.scrollTop };
        }}
        onPointerMove={(event) => {
          if (!grip.current || event.buttons !== 1) { grip.current = null; return; }
          frame.current!.scrollLeft = grip.current.left - (event.clientX - grip.current.x);
          frame.current!.scrollTop = grip.current.top - (event.clientY - grip.current.y);
        }}
      />
    </div>
  );
}
