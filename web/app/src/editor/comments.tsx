// Comments on a step or one of its cells: threads with answers, mentions (@ and a name) and "resolved".
import { useMemo, useRef, useState } from "preact/hooks";
import { api } from "../api/client";
import type { Comment } from "../api/types";
import { may, person } from "../app/session";
import { ago } from "../lang/format";
import { t, tn } from "../lang/lang";
import { Avatar, Button, Check, Icon, Menu, say, toastProblem } from "../ui";
import * as deeds from "./deeds";
import { stepOf } from "./model/document.ts";
import { laneTitle } from "./names";
import type { Editor } from "./store";

/** "@[Anna Neri](p2)" as a name that stands out. */
export function CommentText({ text }: { text: string }) {
  const parts = text.split(/(@\[[^\]]+\]\([^)]+\))/);
  return <p class="ed-comment-text">{parts.map((one, i) => { const found = /^@\[([^\]]+)\]/.exec(one); return found ? <strong key={i} class="ed-mention">@{found[1]}</strong> : one; })}</p>;
}

/** A field in which @ offers the people of the workspace. */
export function CommentField({ editor, label, onSend, autofocus, value: start = "", onCancel }: { editor: Editor; label: string; onSend: (text: string) => Promise<boolean>; autofocus?: boolean; value?: string; onCancel?: () => void }) {
  const plain = (text: string) => text.replace(/@\[([^\]]+)\]\([^)]+\)/g, "@$1");
  const [text, setText] = useState(plain(start)), [at, setAt] = useState(0), [busy, setBusy] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const caret = area.current?.selectionStart ?? text.length;
  const asked = /(^|\s)@([\p{L}' .-]{0,30})$/u.exec(text.slice(0, caret));
  const simple = (s: string) => s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const [closed, setClosed] = useState(false);
  const people = asked && !closed ? editor.members.value.filter((one) => simple(one.name).includes(simple(asked[2]!.trim()))).slice(0, 6) : [];
  const pick = (name: string) => {
    const from = caret - asked![2]!.length;
    setText(text.slice(0, from) + name + " " + text.slice(caret));
    setAt(0);
    requestAnimationFrame(() => { area.current?.focus(); area.current?.setSelectionRange(from + name.length + 1, from + name.length + 1); });
  };
  const send = async () => {
    if (!text.trim() || busy) return;
    setBusy(true);
    let whole = text.trim();
    for (const one of [...editor.members.value].sort((a, b) => b.name.length - a.name.length)) whole = whole.replaceAll("@" + one.name, `@[${one.name}](${one.id})`);
    if (await onSend(whole)) setText("");
    setBusy(false);
  };
  return (
    <div class="ed-comment-field">
      <textarea ref={area} class="input" rows={2} aria-label={label} placeholder={label} value={text} maxLength={5000} autofocus={autofocus} aria-controls="ed-mentions" aria-autocomplete="list" aria-activedescendant={people[at] ? `ed-mention-${at}` : undefined}
        onInput={(e) => { setText(e.currentTarget.value); setAt(0); setClosed(false); }}
        onKeyDown={(e) => {
          e.stopPropagation();
          if (people.length && (e.key === "ArrowDown" || e.key === "ArrowUp")) { e.preventDefault(); setAt((at + (e.key === "ArrowDown" ? 1 : -1) + people.length) % people.length); }
          else if (people.length && (e.key === "Enter" || e.key === "Tab")) { e.preventDefault(); pick(people[at]!.name); }
          else if (e.key === "Escape" && people.length) { e.preventDefault(); setClosed(true); }
          else if (e.key === "Escape" && onCancel) { e.preventDefault(); onCancel(); }
          else if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) { e.preventDefault(); void send(); }
        }} />
      <ul class="ed-suggest still" id="ed-mentions" role="listbox" aria-label={t("People to mention")} hidden={!people.length}>
        {people.map((one, i) => <li key={one.id} id={`ed-mention-${i}`} role="option" aria-selected={i === at} class={i === at ? "on" : undefined} onPointerDown={(e) => { e.preventDefault(); pick(one.name); }}><Avatar name={one.name} size={20} /> {one.name}</li>)}
      </ul>
      <div class="row between"><span class="note">{t("@ mentions somebody · Ctrl+Enter sends")}</span>
        <span class="row">{onCancel && <Button small onClick={onCancel}>{t("Cancel")}</Button>}<Button small kind="primary" busy={busy} disabled={!text.trim()} onClick={() => void send()}>{t("Send")}</Button></span></div>
    </div>
  );
}

export function CommentsPanel({ editor, autofocus = true }: { editor: Editor; autofocus?: boolean }) {
  const [resolved, setResolved] = useState(false), [answering, setAnswering] = useState<string | number>(""), [editing, setEditing] = useState<string | number>("");
  const cursor = editor.cursor.value, map = editor.document.value;
  const path = `/maps/${encodeURIComponent(editor.id)}/comments`;
  const all = editor.comments.value;
  const threads = useMemo(() => all.filter((one) => !one.reply_to), [all]);
  const shown = threads.filter((one) => resolved || !one.resolved);
  const rank = (one: Comment) => (one.at === cursor.step ? 0 : 1);
  const sorted = [...shown].sort((a, b) => rank(a) - rank(b) || b.on.localeCompare(a.on));
  const doing = async (work: Promise<unknown>, said: string): Promise<boolean> => {
    try {
      await work;
      say(said);
      await editor.loadComments();
      return true;
    } catch (error) {
      toastProblem(error);
      return false;
    }
  };
  const whereName = (one: { at: string; field?: string }) => {
    const step = stepOf(map, one.at), lane = editor.allLanes.value.find((lane) => lane.id === one.field);
    return step ? [step.title, lane && laneTitle(lane)].filter(Boolean).join(" · ") : one.at ? map.phases.find((phase) => phase.id === one.at)?.title ?? t("something that is gone") : t("the map");
  };
  const here = { at: cursor.step.startsWith("@") ? "" : cursor.step, field: cursor.row === "step" || cursor.row === "phase" ? undefined : cursor.row };
  const item = (one: Comment) => {
    const mine = one.who === person.value?.id;
    return (
      <div key={one.id} class="ed-comment">
        <Avatar name={one.name || one.who} size={26} />
        <div>
          <p class="ed-comment-head"><strong>{one.name || one.who}</strong> <span class="note">{ago(one.on)}</span>
            {(mine || may("owner")) && <Menu button={{ kind: "quiet", small: true, icon: <Icon name="more" size={16} />, label: t("What can be done with this comment") }} items={[...(mine ? [{ label: t("Change"), onSelect: () => setEditing(one.id) }] : []), { label: t("Delete"), danger: true, onSelect: () => void doing(api.delete(`${path}/${encodeURIComponent(one.id)}`), t("Deleted")) }]} />}
          </p>
          {editing === one.id ? <CommentField editor={editor} label={t("Change the comment")} value={one.text} autofocus onCancel={() => setEditing("")} onSend={async (text) => { const ok = await doing(api.patch(`${path}/${encodeURIComponent(one.id)}`, { text }), t("Kept")); if (ok) setEditing(""); return ok; }} /> : <CommentText text={one.text} />}
        </div>
      </div>
    );
  };
  return (
    <>
      <section class="ed-here" aria-label={t("New comment")}>
        <p class="note">{t("On {place}", { place: whereName(here) })}</p>
        <CommentField editor={editor} label={t("Write a comment")} autofocus={autofocus} onSend={(text) => doing(api.post(path, { at: here.at, ...(here.field ? { field: here.field } : {}), text }), t("Sent"))} />
      </section>
      {threads.some((one) => one.resolved) && <Check label={t("Resolved ones too")} checked={resolved} onChange={setResolved} />}
      {!sorted.length && <p class="quiet">{t("No open comments. Choose a cell, then write.")}</p>}
      {sorted.map((one) => {
        const answers = all.filter((other) => other.reply_to === one.id);
        return (
          <section key={one.id} class={"ed-thread" + (one.resolved ? " resolved" : "") + (one.at === cursor.step ? " near" : "")}>
            <Button kind="link" onClick={() => deeds.goTo(editor, one.at)}>{whereName(one)}</Button>
            {item(one)}
            {answers.map(item)}
            {answering === one.id
              ? <CommentField editor={editor} label={t("Your answer")} autofocus onCancel={() => setAnswering("")} onSend={async (text) => { const ok = await doing(api.post(path, { at: one.at, ...(one.field ? { field: one.field } : {}), text, reply_to: one.id }), t("Sent")); if (ok) setAnswering(""); return ok; }} />
              : <div class="row"><Button small onClick={() => setAnswering(one.id)}>{t("Answer")}</Button><Button small onClick={() => void doing(api.patch(`${path}/${encodeURIComponent(one.id)}`, { resolved: !one.resolved }), one.resolved ? t("Open again") : t("Resolved"))}>{one.resolved ? t("Open again") : t("Resolved")}</Button></div>}
          </section>
        );
      })}
      <p class="hidden" role="status">{tn(threads.filter((one) => !one.resolved).length, "{n} open comment", "{n} open comments")}</p>
    </>
  );
}
