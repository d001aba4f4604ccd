import { Page } from "../app/page";
import { t } from "../lang/lang";

export default function HistoryPage() {
  return <Page title={t("History")}><p /></Page>;
}
