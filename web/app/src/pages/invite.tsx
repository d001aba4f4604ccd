import { Page } from "../app/page";
import { t } from "../lang/lang";

export default function InvitePage() {
  return <Page title={t("Invitation")}><p /></Page>;
}
