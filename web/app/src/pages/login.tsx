import { Page } from "../app/page";
import { t } from "../lang/lang";

export default function LoginPage() {
  return <Page title={t("Log in")}><p /></Page>;
}
