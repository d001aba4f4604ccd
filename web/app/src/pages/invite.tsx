/** An invitation by link: name and password, and one is in. */
import { useState } from "preact/hooks";
import { Problem } from "../api/client";
import { Page } from "../app/page";
import { session } from "../app/session";
import { t } from "../lang/lang";
import { Button, EmptyState } from "../ui";
import { Newcomer } from "./newcomer";
import { useSecret } from "./setup";

export default function InvitePage() {
  const token = useSecret();
  const [gone, setGone] = useState(!token);
  if (gone)
    return (
      <Page title={t("Invitation")}>
        <EmptyState title={t("This invitation does not open any more")} actions={<Button href="/login">{t("Log in")}</Button>}>
          <p>{t("It has been used, taken back, or is too old. Ask whoever sent it for a new one.")}</p>
        </EmptyState>
      </Page>
    );
  const title = session.value?.workspace.title;
  return (
    <Page title={t("Invitation")} heading={title ? t("{title} invites you", { title }) : t("You are invited")} sub={t("To draw and look at the journeys of the customers together.")}>
      <Newcomer way="/invitations/accept" more={{ token }} label={t("Come in")} onProblem={(e) => { if (e instanceof Problem && e.status === 404) setGone(true); }} />
    </Page>
  );
}
