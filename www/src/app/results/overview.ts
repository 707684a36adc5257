/** The line over the verdicts: how many of each, how far the check has come, and ways to take the report along. */
import { hasList } from "../answer";
import type { Checker, Progress } from "../checker";
import type { Verdict } from "../contract";
import { h, replace, type Child } from "../dom/h";
import { icon } from "../dom/icons";
import { megabytes } from "../files";
import type { Counts } from "../principal-rows";
import { countOf, grouped, VERDICT_WORDS, VERDICTS } from "../words";
import { adopt } from "../../styles/adopt";
import css from "./overview.css?inline";

adopt(css);

export function createOverview(checker: Checker, actions: HTMLElement): HTMLElement {
  const line = h("p", { class: "tally", id: "tally" });
  const state = h("p", { class: "check-state" });
  const bar = h("progress", { "aria-label": "How far the check has come" });
  const step = h("span", { class: "step" });
  // One element as long as a check runs: a button that is drawn anew would miss its click.
  const running = h(
    "div",
    { class: "running", hidden: true },
    bar,
    step,
    h("button", { type: "button", "data-key": "cancel", on: { click: () => checker.cancel() } }, "Cancel"),
  );

  function renderProgress(): void {
    const { phase, done, of } = checker.progress;
    if (of > 0) {
      bar.max = of;
      bar.value = done;
    } else {
      bar.removeAttribute("value");
    }
    step.textContent = stepText(checker.progress, checker.answer?.rows.noun ?? ["principal", "principals"]);
    running.dataset["phase"] = phase;
    renderTally();
  }

  function renderTally(): void {
    const counts = countsOf(checker);
    replace(line, counts && tallyLine(counts));
    actions.hidden = counts === null;
  }

  function render(): void {
    running.hidden = checker.state !== "checking";
    replace(state, stateLine(checker));
    renderProgress();
  }

  checker.onChange(render);
  checker.onProgress(renderProgress);
  render();
  return h("div", { class: "overview" }, line, running, state, actions);
}

/** Of many principals the worst verdict of each is counted, of one its verdict on each guardrail. */
function countsOf({ answer }: Checker): Counts | null {
  if (answer && hasList(answer)) return answer.rows.counts(null);
  return answer?.report ? countsOfVerdicts(answer.report.guardrails.map(({ verdict }) => verdict)) : null;
}

export function countsOfVerdicts(verdicts: readonly Verdict[]): Counts {
  const counts: Counts = { fail: 0, undecided: 0, warn: 0, pass: 0, "not-applicable": 0 };
  for (const verdict of verdicts) counts[verdict] += 1;
  return counts;
}

/** "1 fail · 3 pass", for announcements and text reports. */
export function tallyText(counts: Counts): string {
  return VERDICTS.filter((verdict) => counts[verdict] > 0)
    .map((verdict) => `${grouped(counts[verdict])} ${VERDICT_WORDS[verdict].name.toLowerCase()}`)
    .join(" · ");
}

function tallyLine(counts: Counts): Child[] {
  return VERDICTS.filter((verdict) => counts[verdict] > 0).map((verdict, index) => [
    index > 0 && h("span", { class: "soft" }, " · "),
    h("span", { class: `tally-part verdict-${verdict}` }, icon(verdict), `${grouped(counts[verdict])} ${VERDICT_WORDS[verdict].name.toLowerCase()}`),
  ]);
}

function stepText({ phase, done, of }: Progress, [one, many]: readonly [string, string]): string {
  switch (phase) {
    case "reading":
      return `Reading: ${megabytes(done)} of ${megabytes(of)}`;
    case "finding":
      return "Finding the policies…";
    case "judging":
      return `Judged ${grouped(done)} of ${countOf(of, one, many)}`;
  }
}

function stateLine(checker: Checker): Child[] {
  const { answer, state } = checker;
  switch (state) {
    case "cancelled":
      return [
        cancelledText(checker),
        h("button", { type: "button", "data-key": "again", on: { click: () => checker.run() } }, "Check again"),
      ];
    case "failed":
      return answer ? ["What is shown is from before the last change, or a part."] : [];
    default:
      return [];
  }
}

/** What a check that was cancelled leaves behind. */
export function cancelledText({ answer }: Checker): string {
  if (!answer) return "Cancelled.";
  if (!hasList(answer) || answer.complete) return "Cancelled. What is shown is from before the last change.";
  return `Cancelled: a part. ${grouped(answer.rows.length)} of ${countOf(answer.principals, ...answer.rows.noun)} judged.`;
}
