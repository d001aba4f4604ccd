import { useState } from "preact/hooks";
import { Problem } from "../api/client";
import { Page } from "../app/page";
import { enter, session } from "../app/session";
import { t } from "../lang/lang";
import { Button, Field, problemText } from "../ui";
import { PasswordField } from "./password";

export default function LoginPage() {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    if (!email.trim() || !password) return setError(t("Both are needed: e-mail address and password."));
    setBusy(true);
    setError("");
    try {
      await enter("/session", { email: email.trim(), password }); // main.tsx then goes where the reader wanted
    } catch (e) {
      setError(e instanceof Problem && e.status === 401 ? e.detail || t("E-mail address and password do not go together.") : problemText(e));
      setBusy(false);
    }
  };
  return (
    <Page title={t("Log in")} heading={session.value?.workspace.title || t("Log in")} sub={session.value?.workspace.title ? t("Log in to go on.") : undefined}>
      <form class="stack" noValidate onSubmit={(e) => { e.preventDefault(); void submit(); }}>
        {error && <p class="trouble" role="alert">{error}</p>}
        <Field label={t("E-mail address")} type="email" autocomplete="username" value={email} onInput={setEmail} required autofocus />
        <PasswordField label={t("Password")} autocomplete="current-password" value={password} onInput={setPassword} />
        <Button kind="primary" type="submit" busy={busy}>{t("Log in")}</Button>
        <p class="note">{t("Forgotten the password? Whoever looks after Viaggio can make a new link for you.")}</p>
      </form>
    </Page>
  );
}
