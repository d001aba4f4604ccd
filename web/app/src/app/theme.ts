/** Light or dark: the system's, unless chosen here. */
import { computed, signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";
const kept = document.documentElement.dataset.theme;
export const theme = signal<Theme>(kept === "light" || kept === "dark" ? kept : "system");
const systemDark = matchMedia("(prefers-color-scheme: dark)");
const system = signal(systemDark.matches);
systemDark.addEventListener("change", (e) => (system.value = e.matches));
/** What is on the screen now: for pictures asked of the server and for canvases. */
export const dark = computed(() => (theme.value === "system" ? system.value : theme.value === "dark"));

export function setTheme(to: Theme): void {
  theme.value = to;
  if (to === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = to;
  try {
    if (to === "system") localStorage.removeItem("viaggio.theme");
    else localStorage.setItem("viaggio.theme", to);
  } catch {
    // without storage it holds until the page is left
  }
}
