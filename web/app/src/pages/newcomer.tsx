/** The form of whoever comes in for the first time, as owner or invited: name, address, password. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { go } from "../app/router";
import { enter } from "../app/session";
import { t } from "../lang/lang";
import { Button, Field, problemText } from "../ui";
import { passwordFault, PasswordField } from "./password";

export function Newcomer({ way, more, label, note, first, onProblem }: {
  way: "/setup" | "/invitations/accept";
  more: Record<string, string>; // what is sent besides: the link's secret, the firm's name
  label: string; // of the button
  note?: string; // under the address
  first?: ComponentChildren; // fields before the name
  onProblem?: (error: unknown) => void;
}) {
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const faults = {
    name: name.trim() ? null : t("How shall we call you?"),
    email: /^\S+@\S+$/.test(email.trim()) ? null : t("An e-mail address, such as anna@firm.example."),
    password: passwordFault(password, [name, email]),
  };
  const submit = async () => {
    setTried(true);
    if (busy || Object.values(faults).some(Boolean)) return;
    setBusy(true);
    setError("");
    try {
      await enter(way, { ...more, name: name.trim(), email: email.trim(), password });
      await go("/");
    } catch (e) {
      setError(problemText(e));
      setBusy(false);
      onProblem?.(e);
    }
  };
  return (
    <form class="stack" noValidate onSubmit={(e) => { e.preventDefault(); void submit(); }}>
      {error && <p class="trouble" role="alert">{error}</p>}
      {first}
      <Field label={t("Your name")} value={name} onInput={setName} autocomplete="name" required maxLength={200} error={tried ? faults.name : null} autofocus={!first} />
      <Field label={t("E-mail address")} type="email" value={email} onInput={setEmail} autocomplete="username" required error={tried ? faults.email : null} note={note} />
      <PasswordField label={t("Password")} value={password} onInput={setPassword} autocomplete="new-password" error={tried ? faults.password : null} note={t("Four words in a row are good.")} />
      <Button kind="primary" type="submit" busy={busy}>{label}</Button>
    </form>
  );
}
