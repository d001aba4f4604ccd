import { Page } from "../app/page";
import { t } from "../lang/lang";

export default function RealityPage() {
  return <Page title={t("Reality")}><p /></Page>;
}
