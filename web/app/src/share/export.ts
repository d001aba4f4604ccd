/** The forms a map can be taken away in, as items of a menu. */
import { url } from "../api/client";
import { lang, t } from "../lang/lang";
import type { MenuItem } from "../ui";

export interface ExportForm { format: string; label: string; note: string }
export function exportForms(): ExportForm[] {
  return [
    { format: "pdf", label: "PDF", note: t("the poster, to print") },
    { format: "png", label: "PNG", note: t("the poster, for slides") },
    { format: "svg", label: "SVG", note: t("the poster, to edit as a drawing") },
    { format: "html", label: t("Report"), note: t("one page with map and evidence, opens anywhere") },
    { format: "xlsx", label: "Excel", note: t("steps and lanes as a table") },
    { format: "csv", label: "CSV", note: t("the same, as text") },
    { format: "markdown", label: "Markdown", note: t("for wikis and documents") },
    { format: "mermaid", label: "Mermaid", note: t("a journey diagram") },
    { format: "json", label: "JSON", note: t("everything, to bring back in") },
  ];
}
/** who: whose customers it is about, as useAbout says. */
export function exportHref(map: string, format: string, who: { persona?: string }): string {
  return url(`/maps/${encodeURIComponent(map)}/export`, { format, lang: lang.value, ...who });
}
export function exportItems(map: string, who: { persona?: string }): MenuItem[] {
  return exportForms().map((f) => ({ label: f.label, note: f.note, href: exportHref(map, f.format, who), download: true }));
}
