import { Page } from "../app/page";
import { t } from "../lang/lang";

export default function SetupPage() {
  return <Page title={t("Welcome")}><p /></Page>;
}
