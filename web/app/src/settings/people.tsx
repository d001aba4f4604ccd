/** Who is in, with what rights; invitations; tokens for programs. */
import { useState } from "preact/hooks";
import { api } from "../api/client";
import { forget, useApi } from "../api/use";
import type { Invitation, List, Person, Role, Token } from "../api/types";
import { may, person, session } from "../app/session";
import { ago, date } from "../lang/format";
import { t, tn } from "../lang/lang";
import { Avatar, Button, Card, Check, Chip, Choice, confirm, Dialog, Field, Icon, Menu, openDialog, problemText, Select, Skeleton, toast, toastProblem, Trouble } from "../ui";
import { Once } from "../share/share";

export function roleWord(role: Role): string {
  return { owner: t("owner"), editor: t("editor"), reader: t("reader") }[role];
}
function roleNote(role: Role): string {
  return { owner: t("everything, people and settings too"), editor: t("maps, evidence, actions"), reader: t("looks, and comments") }[role];
}
const ROLES: Role[] = ["owner", "editor", "reader"];

export function People() {
  const people = useApi<List<Person>>("/people", { limit: 500 });
  const invitations = useApi<List<Invitation>>(may("owner") ? "/invitations" : null);
  const owner = may("owner");
  const change = async (p: Person, part: Partial<Person>, said: string, back: Partial<Person>) => {
    try {
      await api.patch("/people/" + encodeURIComponent(p.id), part);
      forget("/people");
      toast(said, { undo: () => api.patch("/people/" + encodeURIComponent(p.id), back).then(() => forget("/people")) });
    } catch (error) {
      toastProblem(error);
    }
  };
  const remove = async (p: Person) => {
    if (!(await confirm({ title: t("Remove {name}?", { name: p.name }), text: t("{name} can no longer log in. What {name} wrote stays. This cannot be undone; to keep the way back open, lock the account instead.", { name: p.name }), yes: t("Remove"), danger: true }))) return;
    try {
      await api.delete("/people/" + encodeURIComponent(p.id));
      forget("/people");
      toast(t("{name} is removed.", { name: p.name }));
    } catch (error) {
      toastProblem(error);
    }
  };
  const revoke = async (i: Invitation) => {
    try {
      await api.delete("/invitations/" + encodeURIComponent(i.id));
      forget("/invitations");
      toast(t("The invitation no longer opens."));
    } catch (error) {
      toastProblem(error);
    }
  };
  const owners = people.data?.items.filter((p) => p.role === "owner" && !p.disabled).length ?? 0;
  return (
    <Card title={t("People")} action={owner && !session.value?.solo ? <Button kind="primary" small onClick={() => void openDialog<void>((done) => <Invite done={() => done()} />)}>{t("Invite")}</Button> : undefined}>
      {session.value?.solo && <p class="quiet lead">{t("Viaggio runs for one person on this machine. For a team, start it without --solo: then people are invited here.")}</p>}
      {people.error && !people.data ? <Trouble error={people.error} onRetry={people.reload} /> : !people.data ? <Skeleton lines={4} height={36} /> : (
        <ul class="people">
          {people.data.items.map((p) => {
            const me = p.id === person.value?.id, last = p.role === "owner" && !p.disabled && owners === 1;
            return (
              <li key={p.id} class={p.disabled ? "locked" : undefined}>
                <Avatar silent name={p.name} size={34} />
                <span class="person-name"><b>{p.name}</b>{me && <span class="note"> {t("(you)")}</span>}<br /><span class="note">{[p.email, p.last_seen ? t("last here {when}", { when: ago(p.last_seen) }) : owner && !me ? t("never here") : ""].filter(Boolean).join(" · ")}</span></span>
                {p.disabled && <Chip tone="bad">{t("locked")}</Chip>}
                {owner && !session.value?.solo ? (
                  <>
                    <Select label={t("Role of {name}", { name: p.name })} hideLabel value={p.role} disabled={last} onChange={(role) => void change(p, { role: role as Role }, t("{name} is now {role}.", { name: p.name, role: roleWord(role as Role) }), { role: p.role })} options={ROLES.map((r) => ({ value: r, label: roleWord(r) }))} />
                    {!me && <Menu button={{ kind: "quiet", icon: <Icon name="more" />, label: t("More about {name}", { name: p.name }) }} items={[
                      p.disabled ? { label: t("Unlock"), onSelect: () => void change(p, { disabled: false }, t("{name} can log in again.", { name: p.name }), { disabled: true }) }
                        : { label: t("Lock"), note: t("cannot log in, nothing is lost"), disabled: last, onSelect: () => void change(p, { disabled: true }, t("{name} is locked out.", { name: p.name }), { disabled: false }) },
                      { label: t("Remove …"), danger: true, disabled: last, onSelect: () => void remove(p) },
                    ]} />}
                  </>
                ) : <Chip>{roleWord(p.role)}</Chip>}
              </li>
            );
          })}
        </ul>
      )}
      {!!invitations.data?.items.length && (
        <section class="below">
          <h3>{t("Open invitations")}</h3>
          <ul class="rows">
            {invitations.data.items.map((i) => (
              <li key={i.id}><span>{i.email || t("whoever has the link")} <span class="note">{[roleWord(i.role), i.expires && t("until {day}", { day: date(i.expires) })].filter(Boolean).join(" · ")}</span></span><Button small onClick={() => void revoke(i)}>{t("Take back")}</Button></li>
            ))}
          </ul>
        </section>
      )}
    </Card>
  );
}

function Invite({ done }: { done: () => void }) {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("editor");
  const [days, setDays] = useState("7");
  const [link, setLink] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const wrong = email.trim() && !/^\S+@\S+$/.test(email.trim()) ? t("An e-mail address, such as anna@firm.example.") : null;
  const make = async () => {
    if (wrong || busy || link) return;
    setBusy(true);
    try {
      const made = (await api.post<Invitation>("/invitations", { ...(email.trim() ? { email: email.trim() } : {}), role, days: Number(days) })).data;
      setLink(new URL(made.link!, location.origin).href);
      forget("/invitations");
    } catch (e) {
      setError(problemText(e));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={t("Invite somebody")} onClose={done} onSubmit={() => void make()} footer={link ? <Button kind="primary" onClick={done}>{t("Done")}</Button> : <><Button onClick={done}>{t("Cancel")}</Button><Button kind="primary" type="submit" busy={busy} disabled={!!wrong}>{t("Make the invitation")}</Button></>}>
      {error && <p class="trouble" role="alert">{error}</p>}
      {link ? (
        <div class="made" role="status"><Once label={t("The link of the invitation")} value={link} note={t("Send it to them: Viaggio sends no mail. It is shown only now, and works once.")} /></div>
      ) : (
        <>
          <Field label={t("E-mail address")} type="email" value={email} onInput={setEmail} error={wrong} note={t("If given, only this address can use it.")} />
          <Choice label={t("May")} value={role} onChange={setRole} options={ROLES.map((r) => ({ value: r, label: roleWord(r), note: roleNote(r) }))} />
          <Select label={t("How long it opens")} value={days} onChange={setDays} options={[1, 7, 30].map((n) => ({ value: String(n), label: tn(n, "{n} day", "{n} days") }))} />
        </>
      )}
    </Dialog>
  );
}

const scopeWord = (s: string) => ({ read: t("read"), write: t("write"), admin: t("administer") })[s] ?? s;
export function Tokens() {
  const tokens = useApi<List<Token>>("/tokens");
  const revoke = async (token: Token) => {
    if (!(await confirm({ title: t("Revoke “{title}”?", { title: token.name }), text: t("Whatever uses this token stops working at once. A new one can be made."), yes: t("Revoke"), danger: true }))) return;
    try {
      await api.delete("/tokens/" + encodeURIComponent(token.id));
      forget("/tokens");
    } catch (error) {
      toastProblem(error);
    }
  };
  return (
    <Card title={t("Tokens for programs")} action={<Button small kind="primary" onClick={() => void openDialog<void>((done) => <NewToken done={() => done()} />)}>{t("New token")}</Button>}>
      <p class="quiet lead">{t("With a token a script or another system speaks with Viaggio in your stead: evidence in every night, numbers out.")} <a href="/api/v1/openapi.json" target="_blank" rel="noreferrer">{t("What it can ask (OpenAPI)")}</a></p>
      {tokens.error && !tokens.data ? <Trouble error={tokens.error} onRetry={tokens.reload} /> : !tokens.data ? <Skeleton /> : !tokens.data.items.length ? <p class="quiet">{t("No tokens.")}</p> : (
        <ul class="rows">
          {tokens.data.items.map((k) => (
            <li key={k.id}><span><b>{k.name}</b> <span class="note">{[k.scopes.map(scopeWord).join(", "), k.expires && t("until {day}", { day: date(k.expires) }), k.used ? t("used {when}", { when: ago(k.used) }) : t("never used")].filter(Boolean).join(" · ")}</span></span><Button small kind="danger" onClick={() => void revoke(k)}>{t("Revoke")}</Button></li>
          ))}
        </ul>
      )}
    </Card>
  );
}
function NewToken({ done }: { done: () => void }) {
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<string[]>(["read"]);
  const [days, setDays] = useState("90");
  const [token, setToken] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const ready = name.trim() && scopes.length;
  const make = async () => {
    if (!ready || busy || token) return;
    setBusy(true);
    try {
      setToken((await api.post<Token>("/tokens", { name: name.trim(), scopes, days: Number(days) })).data.token!);
      forget("/tokens");
    } catch (e) {
      setError(problemText(e));
    } finally {
      setBusy(false);
    }
  };
  const notes: Record<string, string> = { read: t("maps, evidence, insight"), write: t("import evidence, change maps"), admin: t("people, settings, backup, measures") };
  return (
    <Dialog title={t("New token")} onClose={done} onSubmit={() => void make()} footer={token ? <Button kind="primary" onClick={done}>{t("Done")}</Button> : <><Button onClick={done}>{t("Cancel")}</Button><Button kind="primary" type="submit" busy={busy} disabled={!ready}>{t("Make the token")}</Button></>}>
      {error && <p class="trouble" role="alert">{error}</p>}
      {token ? (
        <div class="made" role="status"><Once label={t("The token")} value={token} note={t("Shown only now: keep it as you keep a password.")} /></div>
      ) : (
        <>
          <Field label={t("What it is for")} value={name} onInput={setName} maxLength={200} placeholder={t("nightly import from the CRM")} autofocus />
          <fieldset class="pains"><legend>{t("May")}</legend>
            {["read", "write", ...(may("owner") ? ["admin"] : [])].map((s) => <Check key={s} label={scopeWord(s)} note={notes[s]} checked={scopes.includes(s)} onChange={(on) => setScopes(on ? [...scopes, s] : scopes.filter((x) => x !== s))} />)}
          </fieldset>
          <Select label={t("How long it works")} value={days} onChange={setDays} options={[30, 90, 365].map((n) => ({ value: String(n), label: n === 365 ? t("a year") : tn(n, "{n} day", "{n} days") }))} />
        </>
      )}
    </Dialog>
  );
}
