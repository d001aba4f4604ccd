/** The client's own page: my path, my next step, done, a proof, how I feel, a message. One hand, one phone, no account;
 * what is written without a connection is kept and sent later. Printed, it is a sheet to hang up. */
import { render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { date, num } from "../lang/format";
import { lang, t, tn, useWords } from "../lang/lang";
import { Face, valenceWord } from "../ui/face";
import { Kept } from "./kept";
import { fitting } from "./picture";
import { Outbox, shelfKey, type Waiting } from "./queue";
import { give, type Goal, mine, type Mine, type Phase, Refused, type Step, takeBack, tell } from "./wire";

const UNDO_MS = 6000;
const token = decodeURIComponent(location.hash.slice(1));
const shelf = (() => { try { return localStorage; } catch { return null; } })();
const kept = new Kept(shelf, shelfKey(token) + ".kept", token);
const ended = (e: unknown) => [401, 403, 404].includes((e as Refused).status);

async function speak(to: "it" | "en"): Promise<void> {
  if (to === "it") useWords((await import("lang:p")).default, "it"); else useWords({}, "en");
}

type View = { data?: Mine; trouble?: "gone" | "offline" };
function App() {
  const [view, setView] = useState<View>({});
  const [, redraw] = useState(0);
  const [said, setSaid] = useState<{ text: string; undo?: () => void } | null>(null);
  const box = useRef<Outbox>();
  const show = async (data: Mine, trouble?: "offline") => {
    await speak(data.lang);
    document.title = data.title;
    setView({ data, trouble });
  };
  /** The link has ended: what lies on this phone of it goes, too. */
  const gone = async () => {
    kept.forget();
    box.current?.forget();
    try { shelf?.removeItem(shelfKey(token) + ".draft"); } catch { /* no storage */ }
    await speak(navigator.language.startsWith("it") ? "it" : "en");
    setSaid(null);
    setView({ trouble: "gone" });
  };
  const load = () => mine(token).then((data) => { void kept.put(data); return show(data); }, async (e: Refused) => {
    if (ended(e)) return gone();
    const before = await kept.get();
    if (before) return show(before, "offline");
    await speak(navigator.language.startsWith("it") ? "it" : "en");
    setView((old) => ({ ...old, trouble: "offline" }));
  });
  if (!box.current) box.current = new Outbox(shelf, shelfKey(token), async (w: Waiting) => {
    try {
      await tell(token, { ...w.body, client: w.client });
      void load();
      return "sent";
    } catch (e) {
      const status = (e as Refused).status;
      if (status === 0 || status === 429 || status >= 500) { void load(); return "later"; }
      if (ended(e)) { await gone(); return "later"; }
      setSaid({ text: (e as Error).message || t("That could not be kept.") });
      return "refused";
    }
  }, () => redraw((n) => n + 1));
  const out = box.current;
  useEffect(() => {
    void load();
    void out.run();
    const online = () => { void load(); void out.run(); }, leave = () => void out.run(true);
    addEventListener("online", online);
    addEventListener("pagehide", leave);
    const see = () => { if (document.visibilityState === "visible") void load(); };
    document.addEventListener("visibilitychange", see);
    return () => { removeEventListener("online", online); removeEventListener("pagehide", leave); document.removeEventListener("visibilitychange", see); };
  }, []);
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(null), said.undo ? UNDO_MS : 8000);
    return () => clearTimeout(timer);
  }, [said]);
  /** Kept at once; can be taken back for some seconds. */
  const write = (body: Record<string, unknown>, thanks: string, undoable = true) => {
    const id = out.add(body, undoable ? UNDO_MS : 0);
    setSaid({ text: thanks, undo: undoable ? () => { out.takeBack(id); setSaid(null); } : undefined });
  };
  const { data, trouble } = view;
  const waiting = out.waiting.filter((w) => w.at <= Date.now());
  return (
    <div key={lang.value}>
      {trouble === "gone" ? <Gone /> : !data ? <Waitings offline={trouble === "offline"} again={() => void load()} /> : (
        <>
          <Own data={data} out={out.waiting} write={write} reload={() => void load()} say={(text, undo) => setSaid({ text, undo: undo && (() => { setSaid(null); undo(); }) })} />
          <Sheet data={data} />
        </>
      )}
      <div class="p-say" role="status" aria-live="polite">
        {(trouble === "offline" && data) || waiting.length ? <p class="p-offline">{waiting.length ? tn(waiting.length, "Not connected: {n} thing is kept here, and sent when the connection is back.", "Not connected: {n} things are kept here, and sent when the connection is back.") : t("Not connected. What you write is kept here.")}</p> : null}
        {said && <p class="p-toast"><span>{said.text}</span>{said.undo && <button type="button" onClick={said.undo}>{t("Undo")}</button>}</p>}
      </div>
    </div>
  );
}

function Gone() {
  return <main class="p p-alone"><h1>{t("This link does not work any more")}</h1><p>{t("It may have ended or been replaced. Ask whoever sent it to you for a new one.")}</p></main>;
}
function Waitings({ offline, again }: { offline: boolean; again: () => void }) {
  return <main class="p p-alone" aria-busy={!offline}>{offline ? <><h1>{t("No connection")}</h1><p>{t("Your path comes back with the connection.")}</p><button type="button" class="p-big" onClick={again}>{t("Try again")}</button></> : <h1 class="hidden">…</h1>}</main>;
}

interface Use { data: Mine; out: readonly Waiting[]; write: (body: Record<string, unknown>, thanks: string, undoable?: boolean) => void; reload: () => void; say: (text: string, undo?: () => void) => void }
function Own({ data, out, write, reload, say }: Use) {
  const pending = new Set(out.filter((w) => w.body.kind === "done").map((w) => String(w.body.step)));
  const way = data.path, here = way.phases.find((f) => f.here);
  const todo = (s: Step) => !!s.id && !s.done && !pending.has(s.id);
  const open = way.phases.flatMap((f) => f.steps).filter(todo);
  const next = way.next && todo(way.next) ? way.next : here?.steps.find(todo) ?? null;
  const arrived = !!way.arrived;
  return (
    <main class="p">
      <header class="p-head">
        <p class="p-firm">{data.firm}</p>
        <h1>{data.title}</h1>
        <p class="p-name">{data.customer}</p>
        <ol class="p-stones" aria-label={t("My milestones: {passed} of {total}", { passed: way.passed, total: way.total })}>
          {way.phases.map((f, i) => <li key={f.id} class={(f.behind ? "passed" : f.here ? "here" : "") + ` phase-${(i % 8) + 1}`}><span aria-hidden="true">{f.behind ? "✓" : i + 1}</span><small>{f.title}</small></li>)}
        </ol>
      </header>

      {arrived ? (
        <section class="p-card p-arrived" aria-label={t("Arrived")}><h2>{t("I have arrived")}</h2><p>{way.arrival}</p><button type="button" class="p-second" onClick={() => print()}>{t("Print my sheet")}</button></section>
      ) : (
        <section class="p-card p-next" aria-label={t("My next step")}>
          <p class="p-over">{t("My next step")}</p>
          <h2>{next ? next.title : here?.milestone || t("The milestone")}</h2>
          {next?.objectives?.map((o) => <p key={o} class="p-doing">{o}</p>)}
          {!next && here && <p class="p-doing">{here.proofs.some((p) => p.required) || !data.firm ? t("All steps here are done: what is left is the milestone.") : t("All steps here are done. {firm} confirms when the milestone is passed.", { firm: data.firm })}</p>}
          {next && <button type="button" class="p-big" onClick={() => write({ kind: "done", step: next.id }, t("Done: {title}", { title: next.title }))}><Tick /> {t("Done!")}</button>}
          {here && <Proofs phase={here} write={write} reload={reload} say={say} />}
        </section>
      )}

      <Feel write={write} last={way.feelings.at(-1)} />
      <section class="p-card" aria-label={t("My path")}>
        <h2>{t("My path")}</h2>
        {way.start && <p class="p-end"><span>{t("I start from")}</span>{way.start}</p>}
        <ol class="p-way">{way.phases.map((f, i) => <WayPhase key={f.id} phase={f} number={i + 1} pending={pending} write={write} />)}</ol>
        {way.arrival && <p class="p-end to"><span>{t("I get to")}</span>{way.arrival}</p>}
        {open.length === 0 && !arrived && <p class="p-quiet">{t("All steps are done.")}</p>}
      </section>
      {way.objectives.length > 0 && <Goals list={way.objectives} />}
      <Talk data={data} out={out} write={write} />
      <footer class="p-foot">
        <button type="button" class="p-second" onClick={() => print()}>{t("Print my sheet")}</button>
        <p>{t("Only you and {firm} see this page.", { firm: data.firm || "…" })}{data.expires && " " + t("The link works until {day}.", { day: date(data.expires.slice(0, 10), "long") })}</p>
      </footer>
    </main>
  );
}
const Tick = () => <svg width="22" height="22" viewBox="0 0 20 20" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"><path d="M4 10.5l3.8 3.800L16 5.500" /></svg>;

function WayPhase({ phase: f, number, pending, write }: { phase: Phase; number: number; pending: Set<string>; write: Use["write"] }) {
  return (
    <li class={f.behind ? "passed" : f.here ? "here" : ""} aria-current={f.here ? "step" : undefined}>
      <details open={f.here}>
        <summary><b>{number}. {f.title}</b>{f.here && <em>{t("I am here")}</em>}{f.behind && <em class="ok">{f.passed ? date(f.passed, "short") : "✓"}</em>}</summary>
        {f.aim && <p class="p-quiet">{f.aim}</p>}
        <ul>
          {f.steps.map((s) => {
            const done = !!s.done || pending.has(s.id ?? "");
            return (
              <li key={s.id} class={done ? "done" : undefined}>
                <span class="p-tick" aria-hidden="true">{done ? "✓" : ""}</span>
                <span>{s.title}{done && <small>{s.done ? t("done {day}", { day: date(s.done, "short") }) : t("done")}</small>}</span>
                {!done && f.here && <button type="button" onClick={() => write({ kind: "done", step: s.id }, t("Done: {title}", { title: s.title }))}>{t("Done")}<span class="hidden">: {s.title}</span></button>}
              </li>
            );
          })}
        </ul>
        {f.milestone && <p class={"p-stone" + (f.passed ? " passed" : "")}><b>★</b><span>{f.milestone}<small>{f.passed ? t("passed on {day}", { day: date(f.passed) }) : t("the milestone")}</small></span></p>}
      </details>
    </li>
  );
}

/** What still has to be shown for the milestone: confirm it, or send a picture. */
function Proofs({ phase, write, reload, say }: { phase: Phase; write: Use["write"]; reload: () => void; say: Use["say"] }) {
  const file = useRef<HTMLInputElement>(null), wanted = useRef("");
  const [busy, setBusy] = useState(false), [sent, setSent] = useState<Set<string>>(new Set());
  const open = phase.proofs.filter((p) => !p.held && p.kind !== "objective" && p.kind !== "rule" && !sent.has(p.id));
  const pick = (proof: string) => { wanted.current = proof; file.current?.click(); };
  const back = (id: number, proof: string) => void takeBack(token, id).then(() => { setSent((old) => new Set([...old].filter((x) => x !== proof))); reload(); }, (e: Refused) => say(e.message || t("That could not be kept.")));
  const send = async (picked: File) => {
    const proof = wanted.current;
    setBusy(true);
    try {
      const f = await fitting(picked);
      if (!f) { say(t("The file is larger than 2 MB: a smaller one, please.")); return; }
      const id = await give(token, f, proof, "");
      setSent(new Set([...sent, proof]));
      say(t("The file has arrived. Thank you!"), () => back(id, proof));
      reload();
    } catch (e) {
      if (ended(e)) return reload();
      say((e as Refused).status === 0 ? t("No connection: the file has not gone. Try again later.") : (e as Refused).status === 422 ? t("This is neither a picture nor a PDF: PNG, JPEG, WebP and PDF are.") : (e as Error).message || t("That could not be kept."));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="p-proofs">
      {open.length > 0 && <p class="p-over">{t("To pass the milestone")}</p>}
      <ul>
        {open.map((p) => (
          <li key={p.id}>
            <span>{p.text}{!p.required && <small>{t("if you like")}</small>}</span>
            {p.kind === "document" ? <button type="button" disabled={busy} onClick={() => pick(p.id)}>{t("Send a photo")}<span class="hidden">: {p.text}</span></button>
              : p.kind === "confirmation" || p.kind === "meeting" ? <button type="button" onClick={() => { setSent(new Set([...sent, p.id])); write({ kind: "proof", proof: p.id }, t("Kept: {title}", { title: p.text }), false); }}>{t("Yes, it is so")}<span class="hidden">: {p.text}</span></button> : null}
          </li>
        ))}
      </ul>
      <button type="button" class="p-second" disabled={busy} aria-busy={busy} onClick={() => pick("")}>{busy ? t("Sending …") : t("Add a proof: photo or PDF")}</button>
      <input ref={file} type="file" class="hidden" tabIndex={-1} aria-label={t("Photo or PDF")} accept="image/png,image/jpeg,image/webp,application/pdf" onChange={(e) => { const f = e.currentTarget.files?.[0]; e.currentTarget.value = ""; if (f) void send(f); }} />
    </div>
  );
}

function Feel({ write, last }: { write: Use["write"]; last: { at: string; valence: number } | undefined }) {
  const [value, setValue] = useState<number | null>(null), [words, setWords] = useState("");
  const send = () => {
    write({ kind: "feeling", value, ...(words.trim() ? { text: words.trim() } : {}) }, t("Thank you: it is written down."));
    setValue(null);
    setWords("");
  };
  return (
    <section class="p-card" aria-label={t("How do I feel?")}>
      <fieldset class="p-faces">
        <legend>{t("How do I feel?")}</legend>
        <div>
          {[-2, -1, 0, 1, 2].map((v) => (
            <label key={v} class={value === v ? "on" : undefined}><input type="radio" name="feel" value={v} checked={value === v} onChange={() => setValue(v)} /><span aria-hidden="true"><Face valence={v} size={46} /></span><small>{valenceWord(v)}</small></label>
          ))}
        </div>
      </fieldset>
      {value !== null ? (
        <div class="p-words"><label for="p-words">{t("A word, if you like")}</label><textarea id="p-words" rows={2} maxLength={2000} value={words} onInput={(e) => setWords(e.currentTarget.value)} /><button type="button" class="p-big" onClick={send}>{t("Send")}</button></div>
      ) : last && <p class="p-quiet">{t("Last time, {day}: {word}", { day: date(last.at, "short"), word: valenceWord(last.valence) })}</p>}
    </section>
  );
}

function Goals({ list }: { list: Goal[] }) {
  const shown = (n: number | null, unit = "") => (n === null ? "–" : num(n, Number.isInteger(n) ? 0 : 1) + (unit ? "\u2009" + unit : ""));
  return (
    <section class="p-card" aria-label={t("What changes")}>
      <h2>{t("What changes")}</h2>
      <ul class="p-goals">{list.map((o) => <li key={o.metric}><p>{o.name}</p><span class="p-bar" aria-hidden="true"><i style={{ width: `${(o.attained ?? 0) * 100}%` }} /></span><p class="p-goal"><span>{shown(o.baseline)}</span><b>{o.readings.length ? t("now {value}", { value: shown(o.now, o.unit) }) : t("not measured yet")}</b><span>{shown(o.target)}</span></p></li>)}</ul>
    </section>
  );
}

function Talk({ data, out, write }: { data: Mine; out: readonly Waiting[]; write: Use["write"] }) {
  const draft = shelfKey(token) + ".draft";
  const [text, setText] = useState(() => { try { return shelf?.getItem(draft) ?? ""; } catch { return ""; } });
  const keep = (value: string) => { setText(value); try { if (value) shelf?.setItem(draft, value); else shelf?.removeItem(draft); } catch { /* no storage */ } };
  const mineNow = out.filter((w) => w.body.kind === "message");
  return (
    <section class="p-card" aria-label={t("Messages")}>
      <h2>{t("Write to {firm}", { firm: data.firm || "…" })}</h2>
      <ul class="p-talk">
        {data.mine.filter((m) => m.kind === "message").slice(0, 12).reverse().map((m) => <li key={m.id} class={m.by_me ? "mine" : undefined}><p>{m.text}</p><small>{m.by_me ? t("you") : data.firm}, {date(m.at, "short")}</small></li>)}
        {mineNow.map((w) => <li key={w.client} class="mine waiting"><p>{String(w.body.text)}</p><small>{t("on its way …")}</small></li>)}
      </ul>
      <label for="p-message" class="hidden">{t("Message")}</label>
      <textarea id="p-message" rows={3} maxLength={5000} value={text} placeholder={t("A question, a thought …")} onInput={(e) => keep(e.currentTarget.value)} />
      <button type="button" class="p-big second" disabled={!text.trim()} onClick={() => { write({ kind: "message", text: text.trim() }, t("The message is on its way.")); keep(""); }}>{t("Send")}</button>
    </section>
  );
}

/** On paper only: what has been reached, to hang up. */
function Sheet({ data }: { data: Mine }) {
  return (
    <section class="sheet" aria-hidden="true">
      <div class="sheet-frame">
        <p class="sheet-firm">{data.firm}</p>
        <h2>{data.customer}</h2>
        <p class="sheet-path">{data.title}</p>
        <p class="sheet-count">{t("{passed} of {total} milestones", { passed: data.path.passed, total: data.path.total })}</p>
        <ol>{data.path.phases.map((f) => <li key={f.id} class={f.behind ? "passed" : undefined}><b>{f.behind ? "★" : "☆"}</b><span>{f.milestone || f.title}</span><em>{f.passed ? date(f.passed, "long") : ""}</em></li>)}</ol>
        {data.path.objectives.length > 0 && <ul>{data.path.objectives.filter((o) => o.now !== null && o.readings.length).map((o) => <li key={o.metric}>{o.name}: {t("from {value}", { value: num(o.baseline ?? 0) })} → <b>{num(o.now!, Number.isInteger(o.now) ? 0 : 1)}</b></li>)}</ul>}
        <p class="sheet-sign"><span>{date(data.path.today?.slice(0, 10) ?? new Date(), "long")}</span><span>{data.firm}</span></p>
      </div>
    </section>
  );
}

render(<App />, document.getElementById("app")!);
// Its files, for a reload without a network; later, so as not to be in the way now.
if ("serviceWorker" in navigator && token) setTimeout(() => void navigator.serviceWorker.register("/p-sw.js", { scope: "/p" }).catch(() => {}), 1000);
