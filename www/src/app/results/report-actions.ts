/** Takes the report along, as text or as JSON. No file: the sandbox lets the page save none, since that could carry data out. */
import type { Answer, Checker } from "../checker";
import { copyButton } from "../dom/copy";
import { h } from "../dom/h";
import { reportJson, reportText } from "./report-text";

export function createReportActions(checker: Checker, version: Promise<string>): HTMLElement {
  let engineVersion = "";
  version.then((known) => (engineVersion = known)).catch(() => undefined);
  const withAnswer = (write: (answer: Answer, version: string) => string | Promise<string>) => (): string | Promise<string> =>
    checker.answer ? write(checker.answer, engineVersion) : "";

  return h(
    "div",
    { class: "report-actions", role: "group", "aria-label": "Report" },
    copyButton("Copy text", withAnswer(reportText), { quiet: true, describes: "of the report" }),
    copyButton("Copy JSON", withAnswer(reportJson), { quiet: true, describes: "of the report" }),
  );
}
