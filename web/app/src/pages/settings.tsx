import { Page } from "../app/page";
import { t } from "../lang/lang";

export default function SettingsPage() {
  return <Page title={t("Settings")}><p /></Page>;
}
