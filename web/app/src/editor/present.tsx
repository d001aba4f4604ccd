/** The map told step by step, on the whole screen: arrows or a click go on, Escape goes back. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { PageProps } from "../app/lazy";
import { useTitle } from "../app/page";
import { go } from "../app/router";
import { pct, signed, span } from "../lang/format";
import { t, tn } from "../lang/lang";
import { Avatar, Button, Face, Icon, runs, say, Skeleton, smoothPath, Trouble, valenceWord } from "../ui";
import sheet from "./editor.css";
import { CellContent, ChannelChip } from "./cell";
import { actionsOf, feelingOf } from "./model/commands.ts";
import { laneTitle, stateName } from "./names";
import { useEditor } from "./page";
import type { Column, Editor } from "./store";

export const style = sheet;
export default function PresentPage({ params }: PageProps) {
  const { editor, error, again } = useEditor(params.id!);
  if (error) return <div class="page"><Trouble error={error} onRetry={again} /></div>;
  if (!editor) return <div class="page"><Skeleton lines={6} height={40} /></div>;
  return <Show editor={editor} />;
}

function Show({ editor }: { editor: Editor }) {
  const map = editor.document.value, columns = editor.columns.value.filter((one) => one.step);
  const [at, setAt] = useState(-1); // −1: the head of the map; last: the end
  const box = useRef<HTMLDivElement>(null), now = useRef(-1); // keys may come faster than it is drawn
  const last = columns.length;
  useTitle(map.title);
  const back = `/map/${encodeURIComponent(editor.id)}`;
  const leave = () => {
    if (document.fullscreenElement) void document.exitFullscreen().catch(() => {});
    void go(back + (columns[at] ? `?at=${encodeURIComponent(columns[at]!.key)}` : ""));
  };
  const to = (i: number) => {
    const next = Math.max(-1, Math.min(last, i));
    now.current = next;
    setAt(next);
    const column = columns[next];
    say(column ? t("Step {n} of {all}, in “{phase}”", { n: column.number, all: last, phase: column.phase.title ?? "" }) + ": " + column.step!.title : map.title);
  };
  useEffect(() => {
    box.current?.focus();
    const key = (e: KeyboardEvent) => {
      if (e.ctrlKey || e.metaKey || e.altKey || (e.target as Element).closest("button, a") && (e.key === "Enter" || e.key === " ")) return;
      if (["ArrowRight", "ArrowDown", "PageDown", " ", "Enter"].includes(e.key)) { e.preventDefault(); to(now.current + 1); }
      else if (["ArrowLeft", "ArrowUp", "PageUp", "Backspace"].includes(e.key)) { e.preventDefault(); to(now.current - 1); }
      else if (e.key === "Home") to(-1);
      else if (e.key === "End") to(last);
      else if (e.key === "Escape" && !document.fullscreenElement) leave();
      else if (e.key.toLowerCase() === "f") whole();
    };
    addEventListener("keydown", key);
    return () => removeEventListener("keydown", key);
  }, [at, last]);
  const whole = () => { if (document.fullscreenElement) void document.exitFullscreen(); else void box.current?.requestFullscreen?.().catch(() => {}); };
  const column = columns[at];
  return (
    <div class="ed-show" ref={box} tabIndex={-1}>
      <header class="ed-show-bar">
        <p>{map.title} · {stateName(map.state)}</p>
        <div class="row">
          <Button kind="quiet" icon={<Icon name="left" />} label={t("Back")} disabled={at < 0} onClick={() => to(at - 1)} />
          <span class="note tabular">{column ? t("{n} of {all}", { n: column.number, all: last }) : at < 0 ? t("beginning") : t("end")}</span>
          <Button kind="quiet" icon={<Icon name="right" />} label={t("Go on")} disabled={at >= last} onClick={() => to(at + 1)} />
          <Button small onClick={whole}>{t("Full screen")}</Button>
          <Button small onClick={leave}>{t("Leave")}</Button>
        </div>
      </header>
      <div class="ed-show-stage" tabIndex={0} role="region" aria-label={t("What is shown")} onClick={(e) => { if (!(e.target as Element).closest("button, a")) to(at + 1); }}>
        {column ? <StepSlide editor={editor} column={column} /> : at < 0 ? <HeadSlide editor={editor} /> : <EndSlide editor={editor} />}
      </div>
      <Curve editor={editor} columns={columns} at={at} onGo={to} />
    </div>
  );
}

function HeadSlide({ editor }: { editor: Editor }) {
  const map = editor.document.value, persona = map.personas?.[0];
  return (
    <div class="ed-slide head">
      <h1>{map.title}</h1>
      {map.objective?.text && <p class="ed-slide-aim">{map.objective.text}</p>}
      <div class="ed-slide-who">
        {persona && <div class="row"><Avatar name={persona.name ?? "?"} size={64} picture={persona.picture ?? undefined} /><div><h2>{persona.name}</h2><p class="quiet">{persona.role}</p>{persona.quote && <p><q class="ed-quote">{persona.quote}</q></p>}</div></div>}
        {(map.start || map.arrival) && <div class="ed-slide-way"><p>{map.start}</p><Icon name="right" size={28} /><p>{map.arrival}</p></div>}
      </div>
    </div>
  );
}

function StepSlide({ editor, column }: { editor: Editor; column: Column }) {
  const map = editor.document.value, step = column.step!, study = editor.study.value, seen = study?.steps.get(step.id);
  const feeling = feelingOf(map, step, editor.personaShown.value);
  const lanes = editor.lanes.value.filter((lane) => lane.own || ["needs", "opportunities", "backstage", "objectives"].includes(lane.kind));
  const valence = seen?.mean ?? feeling.valence ?? null;
  return (
    <div class={`ed-slide step hue-p${column.phaseIndex % 8}`}>
      <p class="ed-slide-phase">{column.phase.title}</p>
      <h1>{step.title}{step.moment_of_truth && <span class="ed-slide-star" role="img" aria-label={t("moment of truth")}>★</span>}</h1>
      <div class="ed-slide-body">
        <div class="ed-slide-main">
          {step.doing && <p class="ed-slide-doing">{step.doing}</p>}
          {step.thinking && <p class="ed-slide-think"><q class="ed-quote">{step.thinking.replace(/^[«"“]\s*|\s*[»"”]$/g, "")}</q></p>}
          <p class="row">{(step.touchpoints ?? []).map((one) => <span class="row" key={one.id}>{one.title}{one.channel && <ChannelChip name={one.channel} list={editor.channels.value} />}</span>)}</p>
          {(step.pains ?? []).length > 0 && <div class="ed-slide-pains">{step.pains!.map((one) => <div key={one.id} class="ed-pain">{one.text}</div>)}</div>}
          {actionsOf(map, step).map((one) => <p key={one.id} class="ed-slide-action">→ {one.title}{one.department ? ` · ${one.department}` : ""}</p>)}
          {lanes.map((lane) => <LaneLine key={lane.id} title={laneTitle(lane)}><CellContent lane={lane} step={step} data={{ channels: [], actions: [], study: null, customers: 0 }} /></LaneLine>)}
        </div>
        <div class="ed-slide-side">
          {valence !== null && <><Face valence={valence} size={132} /><p class="ed-slide-emotion">{feeling.emotion || valenceWord(valence)}</p></>}
          {seen?.mean != null && <p class="note">{t("The evidence says {what}", { what: `${signed(seen.mean)} · ${tn(seen.n, "{n} voice", "{n} voices")}` })}{typeof feeling.valence === "number" && <><br />{t("believed {valence}", { valence: signed(feeling.valence) })}</>}</p>}
          {seen && study && seen.reached > 0 && <dl class="ed-slide-numbers">
            <div><dt>{pct(seen.reached / study.customers)}</dt><dd>{t("get here")}{seen.after !== null ? ", " + t("after {time}", { time: span(seen.after) }) : ""}</dd></div>
            {seen.lostShare !== null && seen.lost > 0 && <div class="bad"><dt>{pct(seen.lostShare)}</dt><dd>{t("are lost here")}</dd></div>}
          </dl>}
          {seen?.quotes[0] && <blockquote class="ed-voice">{seen.quotes[0]}</blockquote>}
        </div>
      </div>
    </div>
  );
}
function LaneLine({ title, children }: { title: string; children: preact.ComponentChildren }) {
  const box = useRef<HTMLDivElement>(null);
  return <div class="ed-slide-lane" ref={box}><h3>{title}</h3><div>{children}</div></div>;
}

function EndSlide({ editor }: { editor: Editor }) {
  const findings = editor.study.value?.findings.slice(0, 3) ?? [], actions = (editor.document.value.actions ?? []).filter((one) => one.state !== "dropped").slice(0, 8);
  return (
    <div class="ed-slide end">
      <h1>{findings.length ? t("What to look at first") : t("What happens next")}</h1>
      {findings.map((one, i) => <div class="ed-slide-finding" key={one.headline}><strong>{i + 1}</strong><div><h2>{one.headline}</h2><p class="quiet">{one.detail}</p></div></div>)}
      {actions.length > 0 && <><h2>{t("Actions")}</h2><ul class="ed-lines">{actions.map((one) => <li key={one.id}>{one.title} <span class="quiet">{[one.department, one.due].filter(Boolean).join(" · ")}</span></li>)}</ul></>}
    </div>
  );
}

function Curve({ editor, columns, at, onGo }: { editor: Editor; columns: Column[]; at: number; onGo: (i: number) => void }) {
  const map = editor.document.value, study = editor.study.value, n = columns.length;
  const x = (i: number) => (n < 2 ? 500 : 20 + (i * 960) / (n - 1)), y = (v: number) => 10 + ((2 - Math.max(-2, Math.min(2, v))) / 4) * 60;
  const believed = columns.map((one) => feelingOf(map, one.step!, editor.personaShown.value).valence ?? null), seen = columns.map((one) => study?.steps.get(one.key)?.mean ?? null);
  return (
    <nav class="ed-show-curve" aria-label={t("Steps")}>
      <svg viewBox="0 0 1000 80" aria-hidden="true" preserveAspectRatio="none">
        {runs(believed, (i, v) => ({ x: x(i), y: y(v) })).map((run, i) => <path key={"b" + i} d={smoothPath(run)} class="ed-belief" />)}
        {runs(seen, (i, v) => ({ x: x(i), y: y(v) })).map((run, i) => <path key={"s" + i} d={smoothPath(run)} class="ed-evidence" />)}
      </svg>
      <ol>{columns.map((one, i) => <li key={one.key} style={{ left: x(i) / 10 + "%" }}><button type="button" class={`hue-p${one.phaseIndex % 8}` + (i === at ? " on" : "")} aria-current={i === at ? "step" : undefined} aria-label={`${one.number}. ${one.step!.title}`} title={one.step!.title} onClick={() => onGo(i)} /></li>)}</ol>
    </nav>
  );
}
