/** One step, with all that is known of it: what is believed, to be edited, beside what the evidence says; each number
 * leads to the customers behind it. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { useApi } from "../api/use";
import type { List } from "../api/types";
import type { PageProps } from "../app/lazy";
import { Page } from "../app/page";
import { date, interval, num, pct, signed, span } from "../lang/format";
import { t, tn } from "../lang/lang";
import { writePeople } from "../reality/people";
import { Button, Card, EmptyState, Face, Icon, Skeleton, valenceWord } from "../ui";
import { ActionsDialog } from "./actionform";
import sheet from "./editor.css";
import { CommentsPanel } from "./comments";
import { StepFields, StepTitle } from "./fields";
import { PictureDialog } from "./lanespanel";
import { ContextMenu, deedsOf, type PageActions } from "./menus";
import type { Step } from "./model/document.ts";
import type { Lane } from "./model/lanes.ts";
import { matchText } from "./model/text.ts";
import { MapTrouble, SavedState, useEditor } from "./page";
import type { Editor } from "./store";
import type { StudyStep } from "./study";

export const style = sheet;

export default function StepPage({ params }: PageProps) {
  const { editor, error, again } = useEditor(params.id!);
  if (error) return <MapTrouble error={error} again={again} />;
  if (!editor) return <Page title={t("Step")}><Skeleton lines={8} height={36} /></Page>;
  return <OpenStep key={params.step} editor={editor} id={params.step!} />;
}

type Kind = "reached" | "moved-on" | "lost" | "travelling" | "seen" | "skipped" | "repeated";
/** The customers behind a number: a link to their list, as Reality opens it. */
export function drillHref(map: string, step: string, kind: Kind): string {
  return `/reality?${new URLSearchParams({ map, people: writePeople({ about: "step", step, kind }) })}`;
}

function OpenStep({ editor, id }: { editor: Editor; id: string }) {
  const columns = editor.columns.value;
  const at = columns.findIndex((one) => one.key === id), column = columns[at];
  const [dialog, setDialog] = useState<{ step: Step; pain?: string } | { step: Step; lane: Lane } | null>(null), [menu, setMenu] = useState<HTMLElement | { x: number; y: number } | null>(null);
  useEffect(() => { if (column) editor.select({ row: "step", step: id }); }, [id]);
  const address = `/map/${encodeURIComponent(editor.id)}`;
  const nothing = () => {};
  const actions = useMemo<PageActions>(() => ({
    menu: setMenu, help: nothing, palette: nothing, comment: () => document.querySelector<HTMLElement>(".ed-step-comments textarea")?.focus(), action: (step, pain) => setDialog({ step, pain }), picture: (step, lane) => setDialog({ step, lane }),
    bird: nothing, lanes: nothing, about: nothing, comments: nothing, checks: nothing, history: nothing, present: nothing, share: nothing, undo: () => editor.undo(), redo: () => editor.redo(),
  }), [editor]);
  if (!column?.step) return <Page title={t("Step")}><EmptyState title={t("This step is not in the map any more")} actions={<Button kind="primary" href={address}>{t("To the map")}</Button>} /></Page>;
  const step = column.step, seen = editor.study.value?.steps.get(step.id) ?? null;
  const before = columns.slice(0, at).reverse().find((one) => one.step), after = columns.slice(at + 1).find((one) => one.step);
  const href = (key: string) => `${address}/step/${encodeURIComponent(key)}`;
  return (
    <Page title={step.title} sub={<span class="ed-sub"><a href={`${address}?at=${encodeURIComponent(step.id)}`}>{editor.document.value.title}</a> · {column.phase.title} · {t("step {n} of {all}", { n: column.number, all: columns.filter((one) => one.step).length })} · <SavedState editor={editor} /></span>} actions={
      <div class="row">
        {editor.canEdit.value && <Button kind="quiet" icon={<Icon name="undo" />} label={t("Undo (Ctrl+Z)")} disabled={!editor.undoable.value} onClick={() => editor.undo()} />}
        <Button icon={<Icon name="left" size={16} />} href={before && href(before.key)} disabled={!before} label={before ? t("Before: {title}", { title: before.step!.title }) : t("No step before")} />
        <Button icon={<Icon name="right" size={16} />} href={after && href(after.key)} disabled={!after} label={after ? t("Next: {title}", { title: after.step!.title }) : t("No step after")} />
        <Button href={`${address}?at=${encodeURIComponent(step.id)}`}>{t("On the map")}</Button>
      </div>
    }>
      <div class="ed-step-page">
        <section class="card ed-step-believed" aria-labelledby="believed">
          <h2 id="believed" class="card-title">{t("What we believe")}</h2>
          <StepTitle key={step.id} editor={editor} step={step} number={column.number} />
          <StepFields editor={editor} column={column} actions={actions} lanes={editor.allLanes.value.filter((lane) => lane.kind !== "reality" && (!lane.hidden || !lane.own))} />
        </section>
        <div class="stack">
          <EvidenceOf editor={editor} step={step} seen={seen} />
          <section class="card ed-step-comments"><h2 class="card-title">{t("Comments")}</h2><CommentsPanel editor={editor} autofocus={false} /></section>
        </div>
      </div>
      {menu && <ContextMenu at={menu} onClose={() => setMenu(null)} items={deedsOf(editor, actions).filter((one) => one.on === "step")} />}
      {dialog && "lane" in dialog && <PictureDialog editor={editor} step={dialog.step} lane={dialog.lane} onClose={() => setDialog(null)} />}
      {dialog && !("lane" in dialog) && <ActionsDialog editor={editor} step={dialog.step} pain={dialog.pain} onClose={() => setDialog(null)} />}
    </Page>
  );
}

function Figure({ value, label, note, href, bad }: { value: string; label: string; note?: string; href?: string; bad?: boolean }) {
  const inside = <><strong class={bad ? "bad" : undefined}>{value}</strong><span>{label}</span>{note && <span class="note">{note}</span>}</>;
  return href ? <a class="ed-figure" href={href}>{inside}</a> : <div class="ed-figure">{inside}</div>;
}

function EvidenceOf({ editor, step, seen }: { editor: Editor; step: Step; seen: StudyStep | null }) {
  const study = editor.study.value, map = editor.id;
  if (!study || !seen || (!seen.reached && !seen.n)) return (
    <Card title={t("What the evidence says")}>
      <p class="quiet">{step.match?.length ? t("Nobody was seen at this step: {activities}.", { activities: step.match.map(matchText).join(", ") }) : t("Nothing in the evidence is tied to this step yet.")}</p>
      <p class="row"><Button href={`/reality?map=${encodeURIComponent(map)}`}>{t("Tie it to the evidence")}</Button></p>
    </Card>
  );
  const findings = study.findings.filter((one) => one.step === step.id);
  const believed = step.feeling?.valence;
  const gap = typeof believed === "number" && seen.mean !== null ? seen.mean - believed : null;
  return (
    <>
      {findings.map((one) => <Card key={one.kind + one.headline} tone={one.kind === "loss" ? "loss" : "belief"} title={one.headline}><p>{one.detail}</p>{one.advice && <p class="quiet">{one.advice}</p>}</Card>)}
      <Card title={t("What the evidence says")}>
        <div class="ed-figures">
          <Figure value={num(seen.reached)} label={t("get here")} note={t("{share} of {n}", { share: pct(seen.reached / study.customers), n: num(study.customers) })} href={drillHref(map, step.id, "reached")} />
          <Figure value={num(seen.movedOn)} label={t("go on")} note={seen.reached ? pct(seen.movedOn / seen.reached) : undefined} href={drillHref(map, step.id, "moved-on")} />
          <Figure value={num(seen.lost)} bad={seen.lost > 0} label={t("are lost here")} note={seen.lostShare !== null ? `${pct(seen.lostShare)}${seen.lostLow !== null && seen.lostHigh !== null ? ` (${interval(seen.lostLow * 100, seen.lostHigh * 100, 0, "%")})` : ""}` : undefined} href={drillHref(map, step.id, "lost")} />
          <Figure value={num(seen.travelling)} label={t("still on their way")} href={drillHref(map, step.id, "travelling")} />
          {seen.after !== null && <Figure value={span(seen.after)} label={t("since the step before, for half of them")} />}
        </div>
      </Card>
      {seen.mean !== null && (
        <Card title={t("How they feel")}>
          <div class="ed-feels">
            <div><Face valence={seen.mean} size={44} /><p><strong>{signed(seen.mean)}</strong> {valenceWord(seen.mean)}</p><p class="note">{seen.low !== null && seen.high !== null ? interval(seen.low, seen.high, 1) + " · " : ""}{tn(seen.n, "{n} voice", "{n} voices")}</p></div>
            {typeof believed === "number" && <div><Face valence={believed} size={44} /><p><strong>{signed(believed)}</strong> {t("believed")}</p>{gap !== null && <p class="note">{Math.abs(gap) < 0.3 ? t("as believed") : gap < 0 ? t("{gap} worse than believed", { gap: num(-gap, 1) }) : t("{gap} better than believed", { gap: num(gap, 1) })}</p>}</div>}
          </div>
          {seen.quotes.map((one) => <blockquote class="ed-voice" key={one}>{one}</blockquote>)}
        </Card>
      )}
      {seen.shortcuts.length > 0 && <Card title={t("What they do instead")}><ul class="ed-lines">{seen.shortcuts.map((one) => <li key={one.activity}>{t("{share}: {activity}", { share: pct(one.share), activity: one.activity })} <span class="quiet">{tn(one.count, "{n} customer", "{n} customers")}{one.actor ? ", " + t("mostly with {actor}", { actor: one.actor }) : ""}</span></li>)}</ul></Card>}
      <Some editor={editor} step={step} />
    </>
  );
}

interface Row { name: string; events: number; last: string; last_activity: string }
/** Some who were lost here, to ring up. */
function Some({ editor, step }: { editor: Editor; step: Step }) {
  const lost = useApi<List<Row>>(`/maps/${encodeURIComponent(editor.id)}/customers`, { step: step.id, kind: "lost", limit: 8 });
  const rows = lost.data?.items ?? [];
  if (!rows.length) return null;
  return (
    <Card title={t("Lost here: ring ten of them")}>
      <ul class="ed-customers">{rows.map((one) => <li key={one.name}><a href={`/customer?name=${encodeURIComponent(one.name)}`}>{one.name}</a> <span class="note">{one.last_activity}, {date(one.last)}</span></li>)}</ul>
      <p><Button kind="link" href={drillHref(editor.id, step.id, "lost")}>{t("All of them")}</Button></p>
    </Card>
  );
}
