// What things are called on the screen.
import { t } from "../lang/lang";
import type { Column } from "./store";
import type { ActionState, MapDocument } from "./model/document.ts";
import type { CustomKind, Lane, LaneKind } from "./model/lanes.ts";

export function laneTitle(lane: Lane): string {
  if (lane.own) return lane.title || t("Without a name");
  const names: Partial<Record<LaneKind, string>> = {
    doing: t("Doing"), touchpoints: t("Touchpoint"), thinking: t("Thinking"), feeling: t("Feeling"), needs: t("Needs"), reality: t("Reality"),
    pains: t("Pains"), opportunities: t("Opportunities"), actions: t("Actions"), owner: t("Who answers for it"), backstage: t("Backstage"),
    moment: t("Moment of truth"), match: t("In the evidence"), objectives: t("Objectives"),
  };
  return names[lane.kind] ?? lane.kind;
}

/** What to write there, in one line: shown in the empty cell being edited. */
export function laneHint(lane: Lane): string {
  const hints: Partial<Record<LaneKind, string>> = {
    doing: t("What does the customer do?"), thinking: t("What do they say to themselves?"), needs: t("One need per line"),
    pains: t("One pain per line"), opportunities: t("One per line"), backstage: t("What they do not see, one per line"), objectives: t("One per line"),
    owner: t("A department"), match: t("An activity of the evidence, one per line"), feeling: t("A word, a number −2 … +2, or both"),
    touchpoints: t("What do they meet, on which channel?"), actions: t("What will be done?"),
    number: lane.unit ? t("A number, in {unit}", { unit: lane.unit }) : t("A number"),
  };
  return hints[lane.kind] ?? "";
}

/** A key as it is called on the reader's keyboard. */
export function keyName(keys: string): string {
  return keys.replace("Enter", t("Enter")).replace("Shift", t("Shift"));
}

export function customKindName(kind: CustomKind): string {
  return { text: t("Text"), note: t("Sticky note"), number: t("Number"), image: t("Picture") }[kind];
}

export function stepName(column: Column): string {
  return column.step?.title || t("Empty phase");
}

export function stateName(state: MapDocument["state"]): string {
  return state === "to-be" ? t("to be") : t("as is");
}

export function actionStateName(state: ActionState | null | undefined): string {
  return { idea: t("idea"), planned: t("planned"), doing: t("under way"), done: t("done"), verified: t("proved"), dropped: t("dropped") }[state ?? "idea"];
}
