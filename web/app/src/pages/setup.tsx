/** The first start: whoever has the link from the shell becomes the owner. */
import { useEffect, useState } from "preact/hooks";
import { Page } from "../app/page";
import { session } from "../app/session";
import { t } from "../lang/lang";
import { Button, EmptyState, Field } from "../ui";
import { Newcomer } from "./newcomer";

/** The secret after # is taken out of the address at once, so that history and screens do not keep it. */
export function useSecret(): string {
  const [secret] = useState(() => location.hash.slice(1));
  useEffect(() => { if (location.hash) history.replaceState({}, "", location.pathname); }, []);
  return secret;
}

export default function SetupPage() {
  const token = useSecret();
  const [title, setTitle] = useState("");
  if (session.value && !session.value.needs_owner)
    return <Page title={t("Welcome")}><EmptyState title={t("This workspace has an owner already")} actions={<Button kind="primary" href="/">{t("Go on")}</Button>} /></Page>;
  if (!token)
    return (
      <Page title={t("Welcome")}>
        <div class="stack"><p>{t("Viaggio is running and has no owner yet.")}</p><p>{t("The program has printed a link in the shell where it was started: open that link. It works once.")}</p></div>
      </Page>
    );
  return (
    <Page title={t("Welcome")} heading={t("Welcome to Viaggio")} sub={t("A minute, and the workspace is yours.")}>
      <Newcomer way="/setup" more={{ token, ...(title.trim() ? { title: title.trim() } : {}) }} label={t("Begin")} note={t("To log in with. Nothing is sent to it.")}
        first={<Field label={t("Name of the firm")} value={title} onInput={setTitle} autocomplete="organization" maxLength={200} note={t("Stands on every page. It can be changed.")} autofocus />} />
    </Page>
  );
}
