/** Share: a read-only link with an end and, if wished, a password; what was given out, to take back;
 * and the forms to take away. Open it with openShare({id, title}). */
import { useState } from "preact/hooks";
import { api } from "../api/client";
import { useApi } from "../api/use";
import type { List, Share } from "../api/types";
import { may, session } from "../app/session";
import { date, relativeDay } from "../lang/format";
import { t, tn } from "../lang/lang";
import { Button, Check, Choice, Dialog, Field, Icon, openDialog, Select, Tabs, toast, toastProblem, Trouble } from "../ui";
import { useAbout, type About } from "../results/about";
import { exportForms, exportHref } from "./export";

export function openShare(map: { id: string; title: string }, tab: "link" | "export" = "link"): Promise<void | undefined> {
  return openDialog<void>((done) => <ShareDialog map={map} first={may("editor") && !session.value?.solo ? tab : "export"} done={() => done()} />);
}

/** A password that can be read out on the telephone: four groups, no letters that look alike. */
export function readablePassword(random: (n: number) => Uint8Array = (n) => crypto.getRandomValues(new Uint8Array(n))): string {
  const letters = "abcdefghjkmnpqrstuvwxyz23456789";
  const out: string[] = [];
  while (out.length < 12) for (const b of random(16)) if (b < Math.floor(256 / letters.length) * letters.length && out.length < 12) out.push(letters[b % letters.length]!);
  return out.join("").replace(/(.{4})(?=.)/g, "$1-");
}

/** false: it could not be copied, and this has been said. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    toast(t("The browser does not allow copying: mark the text and copy it by hand."), { kind: "wrong" });
    return false;
  }
}

/** A secret shown once, with the button that copies it. */
export function Once({ label, value, note }: { label: string; value: string; note?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    if (!(await copyText(value))) return;
    setCopied(true);
    setTimeout(() => setCopied(false), 4000);
  };
  return (
    <div class="once">
      <Field label={label} value={value} note={note} onInput={() => {}} />
      <Button kind="primary" icon={<Icon name={copied ? "checks" : "copy"} />} onClick={() => void copy()}>{copied ? t("Copied.") : t("Copy")}</Button>
      <span class="hidden" role="status">{copied ? t("Copied.") : ""}</span>
    </div>
  );
}

function ShareDialog({ map, first, done }: { map: { id: string; title: string }; first: "link" | "export"; done: () => void }) {
  const [tab, setTab] = useState(first);
  const link = may("editor") ? [{ value: "link" as const, label: t("By link") }] : [], file = { value: "export" as const, label: t("As a file") };
  const tabs = session.value?.solo ? [file, ...link] : [...link, file];
  const about = useAbout(map.id);
  return (
    <Dialog title={t("Share “{title}”", { title: map.title })} onClose={done} wide>
      <Tabs label={t("How")} value={tab} tabs={tabs} onChange={setTab}>
        {about.said && <p class="note">{about.said}</p>}
        {tab === "link" ? <ByLink map={map.id} about={about} /> : <ByFile map={map.id} about={about} />}
      </Tabs>
    </Dialog>
  );
}

function ByFile({ map, about }: { map: string; about: About }) {
  return (
    <ul class="export-list">
      {exportForms().map((f) => <li key={f.format}><a href={exportHref(map, f.format, about.query)} download><Icon name="download" /><b>{f.label}</b><span class="note">{f.note}</span></a></li>)}
    </ul>
  );
}

function ByLink({ map, about }: { map: string; about: About }) {
  const [what, setWhat] = useState<"map" | "report">("map");
  const [days, setDays] = useState("30");
  const [locked, setLocked] = useState(false);
  const [password, setPassword] = useState("");
  const [made, setMade] = useState<{ link: string; password: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const given = useApi<List<Share>>("/shares");
  const make = async () => {
    setBusy(true);
    try {
      const share = (await api.post<Share>("/shares", { map, what, days: Number(days), filter: new URLSearchParams(about.query).toString(), ...(locked ? { password } : {}) })).data;
      setMade({ link: new URL(share.link!, location.origin).href, password: locked ? password : "" });
      given.reload();
    } catch (error) {
      toastProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const mine = given.data?.items.filter((s) => s.map === map && !s.revoked) ?? [];
  const ends = (s: Share) => (s.expires ? t("until {day}", { day: date(s.expires) }) : t("without end"));
  const revoke = async (s: Share) => {
    try {
      await api.delete("/shares/" + encodeURIComponent(s.id));
      given.reload();
      toast(t("The link no longer opens."));
    } catch (error) {
      toastProblem(error);
    }
  };
  const short = locked && password.length < 8;
  return (
    <div class="stack">
      {session.value?.solo && <p class="notice">{t("Viaggio runs for you alone: this link opens on this computer only. To send the poster, take it as a file.")}</p>}
      {made ? (
        <div class="stack made" role="status">
          <Once label={t("The link")} value={made.link} note={t("Shown only now: it is not kept. Whoever has it can read, and change nothing.")} />
          {made.password && <Once label={t("The password")} value={made.password} note={t("Send it by another way than the link.")} />}
          <div><Button onClick={() => { setMade(null); setPassword(""); setLocked(false); }}>{t("Another link")}</Button></div>
        </div>
      ) : (
        <form class="stack" onSubmit={(e) => { e.preventDefault(); if (!short) void make(); }}>
          <Choice label={t("What can be seen")} value={what} onChange={setWhat} options={[{ value: "map", label: t("The map"), note: t("the poster") }, { value: "report", label: t("The whole report"), note: t("with the evidence, names of customers hidden") }]} />
          <Select label={t("How long it opens")} value={days} onChange={setDays} options={[7, 30, 90, 365].map((n) => ({ value: String(n), label: n === 365 ? t("a year") : tn(n, "{n} day", "{n} days") }))} />
          <Check label={t("Ask for a password")} checked={locked} onChange={(on) => { setLocked(on); if (on && !password) setPassword(readablePassword()); }} />
          {locked && <Field label={t("Password")} value={password} onInput={setPassword} error={short && password ? t("At least 8 characters.") : null} />}
          <div><Button kind="primary" type="submit" busy={busy} disabled={short || !about.ready} icon={<Icon name="link" />}>{t("Make the link")}</Button></div>
        </form>
      )}
      {given.error && <Trouble error={given.error} onRetry={given.reload} />}
      {mine.length > 0 && (
        <section>
          <h3>{t("Links that open this map")}</h3>
          <ul class="rows">
            {mine.map((s) => (
              <li key={s.id}>
                <span><b>{s.what === "report" ? t("The whole report") : t("The map")}</b> <span class="note">{[ends(s), s.password && t("with a password"), s.created && t("made {when}", { when: relativeDay(s.created) })].filter(Boolean).join(" · ")}</span></span>
                <Button small kind="danger" onClick={() => void revoke(s)}>{t("Close the link")}</Button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
