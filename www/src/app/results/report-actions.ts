/** Takes the report along: as text, as JSON, as a file. */
import type { Answer, Checker } from "../checker";
import { copyButton } from "../dom/copy";
import { h } from "../dom/h";
import { icon } from "../dom/icons";
import { reportJson, reportText } from "./report-text";

export function createReportActions(checker: Checker, version: Promise<string>): HTMLElement {
  let engineVersion = "";
  version.then((known) => (engineVersion = known)).catch(() => undefined);
  const withAnswer = (write: (answer: Answer, version: string) => string) => (): string =>
    checker.answer ? write(checker.answer, engineVersion) : "";

  function download(): void {
    const url = URL.createObjectURL(new Blob([withAnswer(reportJson)()], { type: "application/json" }));
    h("a", { href: url, download: "iam-guardrails-report.json" }).click();
    // Not at once: the browser has yet to take it.
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }

  return h(
    "div",
    { class: "report-actions", role: "group", "aria-label": "Report" },
    copyButton("Copy text", withAnswer(reportText), { quiet: true, describes: "of the report" }),
    copyButton("Copy JSON", withAnswer(reportJson), { quiet: true, describes: "of the report" }),
    h(
      "button",
      { type: "button", class: "quiet", on: { click: download } },
      icon("download"),
      "Save",
      h("span", { class: "visually-hidden" }, " the report as JSON"),
    ),
  );
}
