import { Page } from "../app/page";
import { t } from "../lang/lang";

export default function PersonasPage() {
  return <Page title={t("Personas")}><p /></Page>;
}
