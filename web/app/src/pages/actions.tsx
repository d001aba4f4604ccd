import { Page } from "../app/page";
import { t } from "../lang/lang";

export default function ActionsPage() {
  return <Page title={t("Actions")}><p /></Page>;
}
