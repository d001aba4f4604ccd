/** The first start: whoever has the link from the shell becomes the owner. */
import { useEffect, useState } from "preact/hooks";
import { Page } from "../app/page";
import { go } from "../app/router";
import { enter, session } from "../app/session";
import { t } from "../lang/lang";
import { Button, EmptyState, Field, problemText } from "../ui";
import { passwordFault, PasswordField } from "./password";

/** The secret after # is taken out of the address at once, so that history and screens do not keep it. */
export function useSecret(): string {
  const [secret] = useState(() => location.hash.slice(1));
  useEffect(() => { if (location.hash) history.replaceState({}, "", location.pathname); }, []);
  return secret;
}

export default function SetupPage() {
  const token = useSecret();
  const [title, setTitle] = useState("");
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  if (session.value && !session.value.needs_owner)
    return <Page title={t("Welcome")}><EmptyState title={t("This workspace has an owner already")} actions={<Button kind="primary" href="/">{t("Go on")}</Button>} /></Page>;
  if (!token)
    return (
      <Page title={t("Welcome")}>
        <div class="stack"><p>{t("Viaggio is running and has no owner yet.")}</p><p>{t("The program has printed a link in the shell where it was started: open that link. It works once.")}</p></div>
      </Page>
    );
  const faults = { name: name.trim() ? null : t("How shall we call you?"), email: /^\S+@\S+$/.test(email.trim()) ? null : t("An e-mail address, such as anna@firm.example."), password: passwordFault(password, [name, email]) };
  const submit = async () => {
    setTried(true);
    if (Object.values(faults).some(Boolean)) return;
    setBusy(true);
    setError("");
    try {
      await enter("/setup", { token, name: name.trim(), email: email.trim(), password, ...(title.trim() ? { title: title.trim() } : {}) });
      await go("/");
    } catch (e) {
      setError(problemText(e));
      setBusy(false);
    }
  };
  return (
    <Page title={t("Welcome")} heading={t("Welcome to Viaggio")} sub={t("A minute, and the workspace is yours.")}>
      <form class="stack" noValidate onSubmit={(e) => { e.preventDefault(); void submit(); }}>
        {error && <p class="trouble" role="alert">{error}</p>}
        <Field label={t("Name of the firm")} value={title} onInput={setTitle} autocomplete="organization" maxLength={200} note={t("Stands on every page. It can be changed.")} autofocus />
        <Field label={t("Your name")} value={name} onInput={setName} autocomplete="name" required maxLength={200} error={tried ? faults.name : null} />
        <Field label={t("E-mail address")} type="email" value={email} onInput={setEmail} autocomplete="username" required error={tried ? faults.email : null} note={t("To log in with. Nothing is sent to it.")} />
        <PasswordField label={t("Password")} value={password} onInput={setPassword} autocomplete="new-password" error={tried ? faults.password : null} note={t("Four words in a row are good.")} />
        <Button kind="primary" type="submit" busy={busy}>{t("Begin")}</Button>
      </form>
    </Page>
  );
}
