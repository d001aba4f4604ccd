// What the map's checks observe, in its margin: where, what to do, "take me there", and "not so, because …", which
// stays with the map for everybody to read.
import { useState } from "preact/hooks";
import { person } from "../app/session";
import { date, today } from "../lang/format";
import { t, tn } from "../lang/lang";
import { Button, Field, Icon } from "../ui";
import * as deeds from "./deeds";
import { newId } from "./model/ids.ts";
import type { Editor, Finding } from "./store";

export function dismiss(editor: Editor, finding: Finding, because: string): boolean {
  const value = { id: newId("not-so"), rule: finding.rule, at: finding.where, about: finding.about ?? "", because, who: person.value?.name ?? "", on: today() };
  const done = editor.act([{ op: "insert", at: "", list: "dismissed", value }], { label: t("observation put aside"), said: t("Kept with the map") });
  if (done) editor.findings.value = editor.findings.value.map((one) => (one === finding ? { ...one, dismissed: { id: value.id, because, who: value.who, on: value.on } } : one));
  return done;
}
export function takeBack(editor: Editor, finding: Finding): void {
  const own = (editor.document.value.dismissed ?? []).filter((one) => one.id === finding.dismissed?.id);
  if (editor.act(own.map((one) => ({ op: "delete", item: one.id })), { label: t("observation") })) editor.findings.value = editor.findings.value.map((one) => (one.dismissed && one.dismissed.id === finding.dismissed?.id ? { ...one, dismissed: null } : one));
}

function One({ editor, finding, onGo }: { editor: Editor; finding: Finding; onGo?: () => void }) {
  const [saying, setSaying] = useState(false), [because, setBecause] = useState("");
  if (finding.dismissed) return (
    <li class="ed-finding put-aside">
      <p>{finding.sentence}</p>
      <p class="note">{t("Not so: {because}", { because: finding.dismissed.because })} · {[finding.dismissed.who, finding.dismissed.on && date(finding.dismissed.on, "short")].filter(Boolean).join(", ")}</p>
      {editor.canEdit.value && <Button kind="link" onClick={() => takeBack(editor, finding)}>{t("It is so after all")}</Button>}
    </li>
  );
  return (
    <li class={"ed-finding " + finding.severity}>
      <p><strong>{finding.title ? t("“{step}”:", { step: finding.title }) + " " : ""}</strong>{finding.sentence} <span class="quiet">{finding.remedy}</span></p>
      {saying ? (
        <form class="ed-not-so" onSubmit={(e) => { e.preventDefault(); if (because.trim() && dismiss(editor, finding, because.trim())) setSaying(false); }}>
          <Field label={t("Not so, because …")} value={because} autofocus onInput={setBecause} />
          <div class="row"><Button small kind="primary" type="submit" disabled={!because.trim()}>{t("Keep with the map")}</Button><Button small onClick={() => setSaying(false)}>{t("Cancel")}</Button></div>
        </form>
      ) : (
        <p class="row">
          {finding.where && <Button kind="link" onClick={() => { onGo?.(); deeds.goTo(editor, finding.where); }}>{t("Take me there")}</Button>}
          {editor.canEdit.value && <Button kind="link" onClick={() => setSaying(true)}>{t("Not so …")}</Button>}
        </p>
      )}
    </li>
  );
}

export function FindingsList({ editor, aside = true }: { editor: Editor; aside?: boolean }) {
  const all = editor.findings.value, open = all.filter((one) => !one.dismissed), gone = all.filter((one) => one.dismissed);
  return (
    <>
      {!open.length && <p class="quiet">{t("Nothing to observe: the map holds.")}</p>}
      <ul class="ed-findings">{open.map((one) => <One key={one.id} editor={editor} finding={one} />)}</ul>
      {aside && gone.length > 0 && <details><summary>{tn(gone.length, "{n} put aside", "{n} put aside")}</summary><ul class="ed-findings">{gone.map((one) => <One key={one.id} editor={editor} finding={one} />)}</ul></details>}
    </>
  );
}

/** In the corner of the map: the first few, or only their number (at first, where they would cover the map). */
export function FindingsCard({ editor, onAll }: { editor: Editor; onAll: () => void }) {
  const [small, setSmall] = useState(() => { try { const kept = localStorage.getItem("viaggio.findings"); return kept ? kept === "small" : innerWidth < 1440; } catch { return innerWidth < 1440; } });
  const open = editor.findings.value.filter((one) => !one.dismissed);
  if (!open.length) return null;
  const fold = (to: boolean) => { setSmall(to); try { localStorage.setItem("viaggio.findings", to ? "small" : "open"); } catch { /* asked again next time */ } };
  if (small) return <button type="button" class="ed-findings-pill" onClick={() => fold(false)}><Icon name="checks" size={16} /> {tn(open.length, "{n} observation", "{n} observations")}</button>;
  const first = [...open].sort((a, b) => Number(Boolean(b.where)) - Number(Boolean(a.where))).slice(0, 2);
  return (
    <section class="ed-findings-card" aria-label={t("Observations on the map")}>
      <header><h2>{tn(open.length, "{n} observation on the map", "{n} observations on the map")}</h2><Button kind="quiet" small icon={<Icon name="down" size={18} />} label={t("Fold away")} onClick={() => fold(true)} /></header>
      <ul class="ed-findings">{first.map((one) => <One key={one.id} editor={editor} finding={one} />)}</ul>
      {open.length > first.length && <Button kind="link" onClick={onAll}>{tn(open.length, "All {n}", "All {n}")}</Button>}
    </section>
  );
}
