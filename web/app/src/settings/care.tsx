/** You, the workspace, the backup, and the audit. */
import { useEffect, useState } from "preact/hooks";
import { api, url } from "../api/client";
import { forget, useApi } from "../api/use";
import type { AuditEntry, Doctor, List, MapCard, Person, WorkspaceSettings } from "../api/types";
import { loadSession, may, person, session } from "../app/session";
import { setTheme, theme, type Theme } from "../app/theme";
import { bytes, dateTime, num } from "../lang/format";
import { lang, setLang, t, tn, type Lang } from "../lang/lang";
import { Button, Card, Choice, Field, Icon, problemText, Select, Skeleton, Table, toast, toastProblem, Trouble } from "../ui";
import { passwordFault, PasswordField } from "../pages/password";
import { recordProblem } from "./records";

export function You() {
  const me = person.value!;
  const [name, setName] = useState(me.name);
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const [error, setError] = useState("");
  const [tried, setTried] = useState(false);
  const saveName = async () => {
    if (!name.trim() || name.trim() === me.name) return;
    try {
      await api.put("/me", { name: name.trim() }, "*");
      forget("/people");
      await loadSession();
      toast(t("Saved."));
    } catch (e) {
      toastProblem(e);
    }
  };
  const savePassword = async () => {
    setTried(true);
    setError("");
    if (!old || passwordFault(fresh, [me.name, me.email ?? ""])) return;
    try {
      await api.put("/me/password", { old, new: fresh }, "*");
      setOld("");
      setFresh("");
      setTried(false);
      await loadSession();
      toast(t("The password is changed. Other devices are logged out."));
    } catch (e) {
      setError(problemText(e));
    }
  };
  const pickLang = (to: Lang) => void setLang(to).then(() => (session.value?.solo ? undefined : api.put("/me", { lang: to }, "*").then(() => undefined))).catch(toastProblem);
  return (
    <>
      <Card title={t("You")}>
        <div class="stack narrow">
          {!session.value?.solo && <form class="record-add" onSubmit={(e) => { e.preventDefault(); void saveName(); }}><Field label={t("Your name")} value={name} onInput={setName} autocomplete="name" maxLength={200} /><Button type="submit" disabled={!name.trim() || name.trim() === me.name}>{t("Save")}</Button></form>}
          <Choice label={t("Language")} value={lang.value} onChange={pickLang} options={[{ value: "it", label: "Italiano" }, { value: "en", label: "English" }]} />
          <Choice label={t("Colours")} value={theme.value} onChange={(v: Theme) => setTheme(v)} options={[{ value: "system", label: t("As the system") }, { value: "light", label: t("Light") }, { value: "dark", label: t("Dark") }]} />
        </div>
      </Card>
      {!session.value?.solo && (
        <Card title={t("Change the password")}>
          <form class="stack narrow" noValidate onSubmit={(e) => { e.preventDefault(); void savePassword(); }}>
            {error && <p class="trouble" role="alert">{error}</p>}
            <input type="text" class="hidden" autocomplete="username" value={me.email ?? me.name} readOnly tabIndex={-1} aria-hidden="true" />
            <PasswordField label={t("The password until now")} value={old} onInput={setOld} autocomplete="current-password" error={tried && !old ? t("Needed, so that nobody else changes it.") : null} />
            <PasswordField label={t("The new password")} value={fresh} onInput={setFresh} autocomplete="new-password" error={tried ? passwordFault(fresh, [me.name, me.email ?? ""]) : null} note={t("Four words in a row are good.")} />
            <div><Button type="submit">{t("Change the password")}</Button></div>
          </form>
        </Card>
      )}
    </>
  );
}

export function Workspace() {
  const kept = useApi<{ version: number; body: WorkspaceSettings }>("/settings/workspace");
  const [draft, setDraft] = useState<WorkspaceSettings | null>(null);
  const [worth, setWorth] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  if (kept.error && !kept.data) return <Trouble error={kept.error} onRetry={kept.reload} />;
  if (!kept.data) return <Skeleton lines={4} height={36} />;
  const now = draft ?? kept.data.body, canEdit = may("owner");
  const worthText = worth ?? (now.value_per_customer != null ? String(now.value_per_customer).replace(".", lang.value === "it" ? "," : ".") : "");
  const worthNumber = readNumber(worthText, lang.value), worthWrong = worthText.trim() !== "" && (worthNumber === null || worthNumber < 0);
  const save = async () => {
    if (worthWrong || !now.title?.trim()) return;
    setBusy(true);
    try {
      await api.put("/settings/workspace", { ...now, title: now.title.trim(), value_per_customer: worthText.trim() === "" ? null : worthNumber }, `"${kept.data!.version}"`);
      forget("/settings/workspace");
      await loadSession();
      setDraft(null);
      setWorth(null);
      toast(t("Saved."));
    } catch (error) {
      recordProblem("settings/workspace", error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card title={t("Workspace")}>
      <form class="narrow" noValidate onSubmit={(e) => { e.preventDefault(); void save(); }}>
        <fieldset class="stack" disabled={!canEdit}>
          <legend class="hidden">{t("Workspace")}</legend>
          <Field label={t("Name of the firm")} value={now.title ?? ""} onInput={(title) => setDraft({ ...now, title })} maxLength={200} error={now.title?.trim() ? null : t("It stands on every page: it needs a name.")} />
          <Select label={t("Language of the workspace")} value={now.lang ?? "it"} onChange={(v) => setDraft({ ...now, lang: v as Lang })} options={[{ value: "it", label: "Italiano" }, { value: "en", label: "English" }]} note={t("For who has not chosen, and for what the workspace makes by itself.")} />
          <Field label={t("What a customer is worth")} value={worthText} inputMode="decimal" onInput={setWorth} error={worthWrong ? t("A number, such as 1200.") : null} note={t("In your currency, over the years. With it, what mending a pain is worth can be said in money. May stay empty.")} />
          {canEdit && <div><Button kind="primary" type="submit" busy={busy} disabled={!draft && worth === null}>{t("Save")}</Button></div>}
        </fieldset>
      </form>
      {!canEdit && <p class="note">{t("Only an owner can change this.")}</p>}
    </Card>
  );
}
/** 1.200,50 in Italian, 1,200.50 in English; null when it is no number. */
export function readNumber(text: string, language: Lang): number | null {
  const plain = text.trim().replace(/\s/g, "").replace(/^\u2212/, "-");
  if (plain === "") return null;
  const [group, point] = language === "it" ? [".", ","] : [",", "."];
  if (!new RegExp(`^-?(\\d{1,3}(\\${group}\\d{3})+|\\d+)(\\${point}\\d+)?$`).test(plain)) return null;
  return Number(plain.replaceAll(group, "").replace(point, "."));
}

export function Backup() {
  const doctor = useApi<Doctor>("/doctor");
  const words: Record<string, string> = { events: t("events"), evidence: t("evidence"), maps: t("maps"), operations: t("changes to maps"), files: t("pictures"), audit: t("audit") };
  return (
    <>
      <Card title={t("Backup")}>
        <p class="quiet lead">{t("Everything is in one file: maps, evidence, people. The copy is whole even while others work. Keep it as you keep the customers’ data: they are in it.")}</p>
        <div><Button kind="primary" icon={<Icon name="download" />} href={url("/backup")} download>{t("Download a backup")}</Button></div>
        <p class="note below">{t("To go back to a copy: “viaggio restore” in the shell, with the program stopped.")}</p>
      </Card>
      <Card title={t("State of the data file")} action={<Button small onClick={() => { forget("/doctor"); }}>{t("Look again")}</Button>}>
        {doctor.error && !doctor.data ? <Trouble error={doctor.error} onRetry={doctor.reload} /> : !doctor.data ? <Skeleton /> : (
          <div class="stack">
            <p class="row">{doctor.data.healthy ? <><Icon name="checks" /> {t("Nothing is wrong with it.")}</> : <strong class="late">{t("Something is wrong with it:")}</strong>}</p>
            {doctor.data.faults.length > 0 && <ul>{doctor.data.faults.map((f, i) => <li key={i}>{f}</li>)}</ul>}
            <p class="note">{[bytes(doctor.data.file_bytes), tn(doctor.data.events, "{n} event", "{n} events"), tn(doctor.data.imports, "{n} import", "{n} imports"), tn(doctor.data.maps, "{n} map", "{n} maps")].join(" · ")}</p>
            <details><summary>{t("What takes its space")}</summary>
              <Table caption={t("What takes its space")} hideCaption rows={doctor.data.sizes} rowKey={(r) => r.what} columns={[{ key: "what", title: t("What"), head: true, cell: (r) => words[r.what] ?? r.what }, { key: "rows", title: t("Rows"), number: true, cell: (r) => num(r.rows) }, { key: "bytes", title: t("Size"), number: true, cell: (r) => bytes(r.bytes) }]} />
            </details>
          </div>
        )}
      </Card>
    </>
  );
}

/** What was done, in words; a word that is not known yet is shown as it is. */
export function auditWord(what: string): string {
  const words: Record<string, string> = {
    create: t("made the data file"), import: t("imported evidence"), "import-undo": t("took an import back"), erase: t("erased a customer"), alias: t("joined two names of a customer"), "alias-undo": t("parted two names"),
    "map-new": t("made a map"), "map-delete": t("deleted a map"), "map-undelete": t("put a map back"), "person-new": t("came in"), delete: t("deleted"), share: t("made a link"), "share-revoke": t("closed a link"), title: t("renamed the workspace"),
    "token-new": t("made a token"), "token-revoke": t("revoked a token"), login: t("logged in"), "login-failed": t("failed to log in"), logout: t("logged out"), refused: t("was refused"), backup: t("took a backup"), "export-customer": t("exported a customer"),
"export-map": t("exported a map"), setting: t("changed a setting"), person: t("changed a profile"), role: t("changed a role"), "person-delete": t("removed a person"), disable: t("locked or unlocked a person"), invite: t("invited somebody"),
    "invite-delete": t("took an invitation back"), joined: t("accepted an invitation"), password: t("changed the password"), setup: t("became the owner"), restore: t("restored a copy"), "webhook-secret": t("made a new key for calls to other programs"),
  };
  return words[what] ?? what;
}
export function Audit() {
  const [rows, setRows] = useState<AuditEntry[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const people = useApi<List<Person>>("/people", { limit: 500 }), maps = useApi<List<MapCard>>("/maps");
  const names = new Map([...(people.data?.items ?? []).map((p) => [p.id, p.name] as const), ...(maps.data?.items ?? []).map((m) => [m.id, m.title] as const)]);
  const doer = (r: AuditEntry) => r.name || names.get(r.who) || ({ shell: t("the shell"), nobody: t("not logged in"), solo: t("on this machine") } as Record<string, string>)[r.who] || r.who;
  const load = (after: string | null) => {
    api.get<List<AuditEntry>>("/audit", { after, limit: 100 }).then(
      ({ data }) => { setRows((r) => (after ? [...(r ?? []), ...data.items] : data.items)); setNext(data.next); setError(null); }, setError);
  };
  useEffect(() => load(null), []);
  if (error && !rows) return <Trouble error={error} onRetry={() => load(null)} />;
  if (!rows) return <Skeleton lines={8} height={24} />;
  return (
    <Card title={t("Audit")}>
      <p class="quiet lead">{t("Who did what, and when; never what was said, never a customer’s name. Each line seals the one before: one taken out would be seen.")}</p>
      <Table caption={t("What was done, the latest first")} hideCaption rows={rows} rowKey={(r) => String(r.seq)} columns={[
        { key: "at", title: t("When"), class: "nowrap", cell: (r) => dateTime(r.at) },
        { key: "who", title: t("Who"), head: true, cell: doer },
        { key: "what", title: t("What"), cell: (r) => auditWord(r.what) },
        { key: "about", title: t("About"), cell: (r) => (names.has(r.about) ? names.get(r.about) : r.about ? <code>{r.about}</code> : "") },
      ]} />
      {next && <div class="row center below"><Button onClick={() => load(next)}>{t("Show more")}</Button></div>}
    </Card>
  );
}
