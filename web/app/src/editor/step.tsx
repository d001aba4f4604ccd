import { Page } from "../app/page";
import { t } from "../lang/lang";

export default function StepPage() {
  return <Page title={t("Step")}><p /></Page>;
}
