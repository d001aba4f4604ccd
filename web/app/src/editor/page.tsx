import { Page } from "../app/page";
import { t } from "../lang/lang";

export default function MapPage() {
  return <Page title={t("Map")}><p /></Page>;
}
