import { Page } from "../app/page";
import { t } from "../lang/lang";

export default function CustomerPage() {
  return <Page title={t("Customer")}><p /></Page>;
}
