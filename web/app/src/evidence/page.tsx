import { Page } from "../app/page";
import { t } from "../lang/lang";

export default function EvidencePage() {
  return <Page title={t("Evidence")}><p /></Page>;
}
