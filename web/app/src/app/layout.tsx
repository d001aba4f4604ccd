/** The rail at the left (a bar at the foot on phones), and the page beside it. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { api, reachable } from "../api/client";
import { useApi } from "../api/use";
import type { ActionRow, List } from "../api/types";
import { lang, setLang, t, tn, type Lang } from "../lang/lang";
import { Avatar, Button, Dialog, Icon, LiveRegion, Menu, Toasts, toastProblem, type MenuItem } from "../ui";
import { leave, may, person, session } from "./session";
import { setTheme, theme, type Theme } from "./theme";
import { go, where } from "./router";

interface Place { href: string; label: string; icon: string; under: string[]; count?: number; countLabel?: string }
function places(late: number): Place[] {
  return [
    { href: "/", label: t("Maps"), icon: "maps", under: ["/map"] },
    { href: "/evidence", label: t("Evidence"), icon: "evidence", under: ["/evidence", "/customer"] },
    { href: "/reality", label: t("Reality"), icon: "reality", under: ["/reality"] },
    { href: "/checks", label: t("Checks"), icon: "checks", under: ["/checks"] },
    { href: "/actions", label: t("Actions"), icon: "actions", under: ["/actions"], count: late, countLabel: tn(late, "{n} late", "{n} late") },
    { href: "/results", label: t("Results"), icon: "results", under: ["/results", "/whatif"] },
    { href: "/paths", label: t("Paths"), icon: "paths", under: ["/paths", "/path", "/client"] },
    { href: "/personas", label: t("Personas"), icon: "personas", under: ["/personas"] },
  ];
}
const current = (p: Place, path: string) => (p.href === "/" ? path === "/" : false) || p.under.some((u) => path === u || path.startsWith(u + "/"));

function NavLink({ place, path, icons }: { place: Place; path: string; icons?: boolean }) {
  return (
    <a href={place.href} aria-current={current(place, path) ? "page" : undefined}>
      {icons && <Icon name={place.icon} size={22} />}
      <span>{place.label}</span>
      {!!place.count && <span class="nav-count"><span aria-hidden="true">{place.count}</span><span class="hidden">{place.countLabel}</span></span>}
    </a>
  );
}

function changeLang(to: Lang): void {
  void setLang(to).then(() => {
    const me = person.value;
    if (me && !session.value?.solo) return api.put("/me", { name: me.name, lang: to }, "*").then(() => undefined);
  }).catch(toastProblem);
}
export function personMenu(): MenuItem[] {
  const themes: [Theme, string][] = [["system", t("As the system")], ["light", t("Light")], ["dark", t("Dark")]];
  const items: MenuItem[] = themes.map(([value, label]) => ({ label, checked: theme.value === value, onSelect: () => setTheme(value) }));
  items.push({ line: true });
  for (const [value, label] of [["it", "Italiano"], ["en", "English"]] as [Lang, string][]) items.push({ label, checked: lang.value === value, onSelect: () => changeLang(value) });
  if (person.value && !session.value?.solo)
    items.push({ line: true }, { label: t("Log out"), icon: <Icon name="logout" />, onSelect: () => void leave().then(() => go("/login"), toastProblem) });
  return items;
}

export function Layout({ children }: { children: ComponentChildren }) {
  const path = where.value.path;
  const late = useApi<List<ActionRow>>(person.value ? "/actions" : null, { late: 1 });
  const all = places(late.data?.items.length ?? 0);
  const [more, setMore] = useState(false);
  const me = person.value && { ...person.value, name: person.value.name || t("Only me") }; // alone, one has no name
  const settings = { href: "/settings", label: t("Settings"), icon: "settings", under: ["/settings"] };
  return (
    <div class="frame">
      <a class="skip" href="#main" onClick={(e) => { e.preventDefault(); document.getElementById("main")?.focus(); }}>{t("Skip to the page")}</a>
      <header class="rail">
        <a class="mark" href="/" aria-label={t("Viaggio, home")}>viaggio<span aria-hidden="true">.</span></a>
        <nav aria-label={t("Main")}>{all.map((p) => <NavLink key={p.href} place={p} path={path} />)}</nav>
        <div class="rail-foot">
          {session.value?.workspace.title && <p class="workspace">{session.value.workspace.title}</p>}
          <nav aria-label={t("Workspace")}><NavLink place={settings} path={path} /></nav>
          {me && <Menu align="start" label={t("You, theme and language")} button={{ kind: "quiet", class: "me", icon: session.value?.solo ? <Icon name="personas" /> : <Avatar silent name={me.name} size={26} />, children: me.name || t("Theme and language") }} items={personMenu()} />}
        </div>
      </header>
      {!reachable.value && <div class="offline" role="status">{t("Not connected. What you write is kept here and sent when the connection is back.")}</div>}
      <main id="main" tabIndex={-1}>{children}</main>
      <nav class="footbar" aria-label={t("Main")}>
        {all.filter((p) => ["/", "/evidence", "/reality", "/actions"].includes(p.href)).map((p) => <NavLink key={p.href} place={p} path={path} icons />)}
        <button type="button" aria-haspopup="dialog" onClick={() => setMore(true)}><Icon name="menu" size={22} /><span>{t("More")}</span></button>
      </nav>
      {more && (
        <Dialog title={session.value?.workspace.title || "Viaggio"} onClose={() => setMore(false)} side>
          <nav class="drawer" aria-label={t("All pages")} onClick={(e) => { if ((e.target as Element).closest("a")) setMore(false); }}>
            {[...all, settings].map((p) => <NavLink key={p.href} place={p} path={path} icons />)}
          </nav>
          {me && <div class="drawer-me">{session.value?.solo ? <Icon name="personas" /> : <Avatar silent name={me.name} />} <span>{me.name}</span></div>}
          <div class="drawer-menu">
            {personMenu().filter((i) => !i.line).map((i) => <Button key={i.label} small pressed={i.checked} icon={i.icon} onClick={() => i.onSelect?.()}>{i.label}</Button>)}
          </div>
        </Dialog>
      )}
    </div>
  );
}

/** The page of those who are not in: log-in, set-up, invitation. */
export function Bare({ children }: { children: ComponentChildren }) {
  return (
    <div class="bare">
      <header class="bare-head">
        <span class="mark">viaggio<span aria-hidden="true">.</span></span>
        <Menu label={t("Theme and language")} button={{ kind: "quiet", small: true, icon: <Icon name="settings" />, label: t("Theme and language") }} items={personMenu()} />
      </header>
      <main id="main" tabIndex={-1}>{children}</main>
    </div>
  );
}
export { LiveRegion, Toasts, may };
