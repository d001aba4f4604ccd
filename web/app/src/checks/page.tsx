import { Page } from "../app/page";
import { t } from "../lang/lang";

export default function ChecksPage() {
  return <Page title={t("Checks")}><p /></Page>;
}
