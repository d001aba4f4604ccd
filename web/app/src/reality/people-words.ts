// The words above a list of customers.
import type { MapDocument } from "../api/types";
import { t } from "../lang/lang";
import { stepTitle, type People } from "./people";

export function peopleTitle(people: People, map: MapDocument | undefined, page: URLSearchParams): string {
  switch (people.about) {
    case "all": return t("All customers of this view");
    case "step": {
      const step = stepTitle(map, people.step);
      switch (people.kind) {
        case "reached": return t("Arrived at “{step}”", { step });
        case "moved-on": return t("Gone on after “{step}”", { step });
        case "lost": return t("Lost after “{step}”", { step });
        case "travelling": return t("Still travelling after “{step}”", { step });
        case "elsewhere": return t("Gone on by another way after “{step}”", { step });
        case "seen": return t("Seen at “{step}”", { step });
        case "skipped": return t("Without “{step}”", { step });
        case "repeated": return t("More than once at “{step}”", { step });
        case "quoted": return t("Gave a score at “{step}”", { step });
      }
    }
    case "shortcut": return t("Through “{activity}”, after “{step}”", { activity: people.via, step: people.step ? stepTitle(map, people.step) : t("the start") });
    case "jump": return t("From “{from}” straight to “{to}”", { from: people.step ? stepTitle(map, people.step) : t("the start"), to: stepTitle(map, people.to) });
    case "passage":
      return !people.from ? t("Begin with “{activity}”", { activity: people.to }) : !people.to ? t("End with “{activity}”", { activity: people.from })
        : t("“{to}” right after “{from}”", { from: people.from, to: people.to });
    case "activity": return t("With “{activity}”", { activity: people.activity });
    case "variant": return t("Way number {n}", { n: people.variant });
    case "funnel": {
      const step = page.getAll("step")[people.at - 1] ?? "";
      return people.kind === "lost" ? t("Lost after “{step}”", { step }) : people.kind === "travelling" ? t("Still travelling after “{step}”", { step })
        : people.kind === "moved-on" ? t("Gone on after “{step}”", { step }) : t("Arrived at “{step}”", { step });
    }
    case "wait": {
      const from = stepTitle(map, page.get("from") ?? ""), to = stepTitle(map, page.get("to") ?? "");
      return people.kind === "arrived" ? t("From “{from}” to “{to}”: arrived", { from, to }) : t("From “{from}” to “{to}”: still waiting", { from, to });
    }
  }
}
