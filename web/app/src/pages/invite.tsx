/** An invitation by link: name and password, and one is in. */
import { useState } from "preact/hooks";
import { Problem } from "../api/client";
import { Page } from "../app/page";
import { go } from "../app/router";
import { enter, session } from "../app/session";
import { t } from "../lang/lang";
import { Button, EmptyState, Field, problemText } from "../ui";
import { passwordFault, PasswordField } from "./password";
import { useSecret } from "./setup";

export default function InvitePage() {
  const token = useSecret();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const [error, setError] = useState("");
  const [gone, setGone] = useState(!token);
  const [busy, setBusy] = useState(false);
  if (gone)
    return (
      <Page title={t("Invitation")}>
        <EmptyState title={t("This invitation does not open any more")} actions={<Button href="/login">{t("Log in")}</Button>}>
          <p>{t("It has been used, taken back, or is too old. Ask whoever sent it for a new one.")}</p>
        </EmptyState>
      </Page>
    );
  const faults = { name: name.trim() ? null : t("How shall we call you?"), email: /^\S+@\S+$/.test(email.trim()) ? null : t("An e-mail address, such as anna@firm.example."), password: passwordFault(password, [name, email]) };
  const submit = async () => {
    setTried(true);
    if (Object.values(faults).some(Boolean)) return;
    setBusy(true);
    setError("");
    try {
      await enter("/invitations/accept", { token, name: name.trim(), email: email.trim(), password });
      await go("/");
    } catch (e) {
      if (e instanceof Problem && e.status === 404) setGone(true);
      setError(problemText(e));
      setBusy(false);
    }
  };
  const title = session.value?.workspace.title;
  return (
    <Page title={t("Invitation")} heading={title ? t("{title} invites you", { title }) : t("You are invited")} sub={t("To draw and look at the journeys of the customers together.")}>
      <form class="stack" noValidate onSubmit={(e) => { e.preventDefault(); void submit(); }}>
        {error && <p class="trouble" role="alert">{error}</p>}
        <Field label={t("Your name")} value={name} onInput={setName} autocomplete="name" required maxLength={200} error={tried ? faults.name : null} autofocus />
        <Field label={t("E-mail address")} type="email" value={email} onInput={setEmail} autocomplete="username" required error={tried ? faults.email : null} />
        <PasswordField label={t("Password")} value={password} onInput={setPassword} autocomplete="new-password" error={tried ? faults.password : null} note={t("Four words in a row are good.")} />
        <Button kind="primary" type="submit" busy={busy}>{t("Come in")}</Button>
      </form>
    </Page>
  );
}
