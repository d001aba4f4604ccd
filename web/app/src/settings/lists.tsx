/** Departments, channels, and the words for feelings. */
import { useEffect, useState } from "preact/hooks";
import { api } from "../api/client";
import { forget, useApi } from "../api/use";
import type { Channel, ChannelKind, Department, EmotionWords } from "../api/types";
import { may } from "../app/session";
import { signed } from "../lang/format";
import { t } from "../lang/lang";
import { Button, Card, Face, Field, Icon, Select, Skeleton, Tabs, toast, Trouble, valenceWord } from "../ui";
import { RecordEditor, recordProblem } from "./records";

export function Departments() {
  const usual = [t("Marketing"), t("Sales"), t("Customer service"), t("Logistics"), t("After-sales"), t("Administration")];
  return (
    <Card title={t("Departments")}>
      <p class="quiet lead">{t("Touchpoints and actions belong to a department: so every pain has somebody who answers for it.")}</p>
      <RecordEditor<Department> kind="departments" empty={t("No departments yet.")} addField={t("New department")} addLabel={t("Add")} make={(name) => ({ name })} title={(d) => d.name} suggestions={usual.map((name) => ({ name }))}
        fields={(d, change) => (
          <>
            <Saved label={t("Name")} value={d.name} save={(name) => change({ name })} />
            <Saved label={t("Who leads it")} value={d.head ?? ""} save={(head) => change({ head })} />
            <Saved label={t("Note")} value={d.note ?? ""} save={(note) => change({ note })} />
          </>
        )} />
    </Card>
  );
}

export function kindWord(kind: ChannelKind | undefined): string {
  return { person: t("in person"), phone: t("telephone"), mail: t("mail"), web: t("web"), app: t("app"), shop: t("shop"), paper: t("paper"), other: t("other") }[kind ?? "other"];
}
const KINDS: ChannelKind[] = ["person", "phone", "mail", "web", "app", "shop", "paper", "other"];
export function Channels() {
  const usual: Channel[] = [{ name: t("Web"), kind: "web" }, { name: t("E-mail"), kind: "mail" }, { name: t("Telephone"), kind: "phone" }, { name: t("In person"), kind: "person" }, { name: "WhatsApp", kind: "app" }, { name: t("Letter"), kind: "paper" }];
  return (
    <Card title={t("Channels")}>
      <p class="quiet lead">{t("The media customers use. A touchpoint is more than its channel: “the quote as a PDF”, not “e-mail”.")}</p>
      <RecordEditor<Channel> kind="channels" empty={t("No channels yet.")} addField={t("New channel")} addLabel={t("Add")} make={(name) => ({ name, kind: "other" })} title={(c) => c.name} suggestions={usual}
        fields={(c, change) => (
          <>
            <Saved label={t("Name")} value={c.name} save={(name) => change({ name })} />
            <Select label={t("Kind")} value={c.kind ?? "other"} onChange={(kind) => change({ kind: kind as ChannelKind })} options={KINDS.map((k) => ({ value: k, label: kindWord(k) }))} />
            <label class="colour"><span>{t("Colour")}</span><input type="color" value={/^#[0-9a-f]{6}$/i.test(c.colour ?? "") ? c.colour : "#2f6f8f"} onChange={(e) => change({ colour: e.currentTarget.value })} /></label>
          </>
        )} />
    </Card>
  );
}

/** A field that is saved when it is left, or with Enter; Escape takes the change back. */
export function Saved({ label, value, save, type }: { label: string; value: string; save: (value: string) => void; type?: "text" | "number" }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  return (
    <div onKeyDown={(e) => { if (e.key === "Escape" && text !== value) { e.stopPropagation(); setText(value); } }}>
      <Field label={label} value={text} type={type} maxLength={200} onInput={setText} onCommit={(v) => { if (v.trim() !== value) save(v.trim()); }} />
    </div>
  );
}

export function Emotions() {
  const kept = useApi<{ version: number; body: Partial<EmotionWords> }>("/settings/emotions");
  const [language, setLanguage] = useState<"it" | "en">("it");
  const [draft, setDraft] = useState<Partial<EmotionWords> | null>(null);
  const [word, setWord] = useState("");
  const [valence, setValence] = useState(0);
  const [busy, setBusy] = useState(false);
  const canEdit = may("owner");
  if (kept.error && !kept.data) return <Trouble error={kept.error} onRetry={kept.reload} />;
  if (!kept.data) return <Skeleton lines={5} height={30} />;
  const words = draft ?? kept.data.body;
  const here = [...(words[language] ?? [])].sort((a, b) => b.valence - a.valence || a.word.localeCompare(b.word));
  const put = (list: { word: string; valence: number }[]) => setDraft({ ...words, [language]: list });
  const there = here.some((w) => w.word.toLowerCase() === word.trim().toLowerCase());
  const save = async () => {
    setBusy(true);
    try {
      await api.put("/settings/emotions", words, `"${kept.data!.version}"`);
      forget("/settings/emotions");
      setDraft(null);
      toast(t("Saved."));
    } catch (error) {
      recordProblem("settings/emotions", error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card title={t("Words for feelings")}>
      <p class="quiet lead">{t("What is offered when somebody says how a step feels. A word brings its face along; any other word can be typed all the same.")}</p>
      <Tabs label={t("Language")} value={language} tabs={[{ value: "it", label: "Italiano", count: words.it?.length }, { value: "en", label: "English", count: words.en?.length }]} onChange={setLanguage}>
        {!here.length && <p class="quiet">{t("None of your own: the program’s words are offered.")}</p>}
        <ul class="words">
          {here.map((w) => (
            <li key={w.word}>
              <Face valence={w.valence} size={22} label={valenceWord(w.valence)} /><span>{w.word}</span>
              {canEdit && <Button kind="quiet" small icon={<Icon name="close" size={16} />} label={t("Take “{word}” away", { word: w.word })} onClick={() => put(here.filter((x) => x !== w))} />}
            </li>
          ))}
        </ul>
        {canEdit && (
          <form class="record-add word-add" noValidate onSubmit={(e) => { e.preventDefault(); if (word.trim() && !there) { put([...here, { word: word.trim(), valence }]); setWord(""); } }}>
            <Field label={t("New word")} value={word} onInput={setWord} maxLength={60} error={there && word.trim() ? t("This word is there already.") : null} />
            <Select label={t("How it feels")} value={String(valence)} onChange={(v) => setValence(Number(v))} options={[2, 1, 0, -1, -2].map((v) => ({ value: String(v), label: `${signed(v, 0)} ${valenceWord(v)}` }))} />
            <Button type="submit" disabled={!word.trim() || there} icon={<Icon name="plus" />}>{t("Add")}</Button>
          </form>
        )}
      </Tabs>
      {draft && <div class="row save-row"><Button kind="primary" busy={busy} onClick={() => void save()}>{t("Save")}</Button><Button onClick={() => setDraft(null)}>{t("Take back")}</Button></div>}
      {!canEdit && <p class="note">{t("Only an owner can change this.")}</p>}
    </Card>
  );
}
