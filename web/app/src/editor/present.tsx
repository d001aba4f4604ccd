import { Page } from "../app/page";
import { t } from "../lang/lang";

export default function PresentPage() {
  return <Page title={t("Presentation")}><p /></Page>;
}
