/** Settings: one part at a time, each with its own address. */
import type { ComponentType } from "preact";
import type { PageProps } from "../app/lazy";
import { Page } from "../app/page";
import { may, session } from "../app/session";
import { t } from "../lang/lang";
import { EmptyState } from "../ui";
import { Audit, Backup, Workspace, You } from "../settings/care";
import { Channels, Departments, Emotions } from "../settings/lists";
import { People, Tokens } from "../settings/people";
import { Webhooks } from "../settings/webhooks";
import sheet from "./settings.css";

export const style = sheet;

interface Part { id: string; label: string; part: ComponentType; owner?: boolean; team?: boolean }
function parts(): Part[] {
  return [
    { id: "you", label: t("You"), part: You },
    { id: "people", label: t("People"), part: People },
    { id: "departments", label: t("Departments"), part: Departments },
    { id: "channels", label: t("Channels"), part: Channels },
    { id: "emotions", label: t("Words for feelings"), part: Emotions },
    { id: "workspace", label: t("Workspace"), part: Workspace },
    { id: "tokens", label: t("Tokens"), part: Tokens },
    { id: "webhooks", label: t("Calls to other programs"), part: Webhooks, owner: true },
    { id: "backup", label: t("Backup"), part: Backup, owner: true },
    { id: "audit", label: t("Audit"), part: Audit, owner: true },
  ];
}

export default function SettingsPage({ params }: PageProps) {
  const all = parts(), chosen = params.part ?? "you";
  const part = all.find((p) => p.id === chosen);
  const Part = part?.part;
  return (
    <Page title={part ? `${part.label} · ${t("Settings")}` : t("Settings")} heading={t("Settings")} sub={session.value ? t("Viaggio {version}", { version: session.value.version }) : undefined}>
      <div class="settings">
        <nav aria-label={t("Settings")} class="settings-nav">
          {all.filter((p) => !p.owner || may("owner")).map((p) => <a key={p.id} href={p.id === "you" ? "/settings" : "/settings/" + p.id} aria-current={p.id === chosen ? "page" : undefined}>{p.label}</a>)}
        </nav>
        <div class="stack settings-part">
          {!Part ? <EmptyState title={t("There is no such setting")} /> : part!.owner && !may("owner") ? <EmptyState title={t("Only an owner can see this")} /> : <Part key={chosen} />}
        </div>
      </div>
    </Page>
  );
}
