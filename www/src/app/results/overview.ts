/** The line over the verdicts: how many of each, whether a check runs, and ways to take the report along. */
import type { Checker } from "../checker";
import type { Verdict } from "../contract";
import { h, replace, type Child } from "../dom/h";
import { icon } from "../dom/icons";
import { tally, VERDICT_WORDS } from "../words";
import { adopt } from "../../styles/adopt";
import css from "./overview.css?inline";

adopt(css);

export function createOverview(checker: Checker, actions: HTMLElement): HTMLElement {
  const line = h("p", { class: "tally", id: "tally" });
  const state = h("p", { class: "check-state" });

  function render(): void {
    const verdicts = checker.answer?.report.guardrails.map(({ verdict }) => verdict) ?? [];
    replace(line, tallyLine(verdicts));
    replace(state, stateLine(checker));
    actions.hidden = verdicts.length === 0;
  }

  checker.onChange(render);
  render();
  return h("div", { class: "overview" }, line, state, actions);
}

/** "3 pass · 1 fail", for announcements and text reports. */
export function tallyText(verdicts: readonly Verdict[]): string {
  return tally(verdicts)
    .map(({ verdict, count }) => `${count} ${VERDICT_WORDS[verdict].name.toLowerCase()}`)
    .join(" · ");
}

function tallyLine(verdicts: readonly Verdict[]): Child[] {
  return tally(verdicts).map(({ verdict, count }, index) => [
    index > 0 && h("span", { class: "soft" }, " · "),
    h("span", { class: `tally-part verdict-${verdict}` }, icon(verdict), `${count} ${VERDICT_WORDS[verdict].name.toLowerCase()}`),
  ]);
}

function stateLine(checker: Checker): Child[] {
  switch (checker.state) {
    case "checking":
      return [
        h("span", { class: "busy" }, icon("busy"), "Checking…"),
        h("button", { type: "button", "data-key": "cancel", on: { click: () => checker.cancel() } }, "Cancel"),
      ];
    case "cancelled":
      return [
        checker.answer ? "Cancelled. What is shown is from before the last change." : "Cancelled.",
        h("button", { type: "button", "data-key": "again", on: { click: () => checker.run() } }, "Check again"),
      ];
    case "failed":
      return checker.answer ? ["What is shown is from before the last change."] : [];
    default:
      return [];
  }
}
