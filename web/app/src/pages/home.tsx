import { Page } from "../app/page";
import { t } from "../lang/lang";

export default function HomePage() {
  return <Page title={t("Maps")}><p /></Page>;
}
