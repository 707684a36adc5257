/** Takes the report along, as text or as JSON. No file: the sandbox lets the page save none, since that could carry data out. */
import type { Answer, Checker } from "../checker";
import { hasList } from "../answer";
import { copyButton } from "../dom/copy";
import { h } from "../dom/h";
import { countOf, grouped } from "../words";
import { reportJson, reportText } from "./report-text";

export interface ReportActions {
  element: HTMLElement;
  /** The list shows others than before. */
  update(): void;
}

export function createReportActions(checker: Checker, version: Promise<string>): ReportActions {
  let engineVersion = "";
  version.then((known) => (engineVersion = known)).catch(() => undefined);
  const withAnswer = (write: (answer: Answer, version: string) => string | Promise<string>) => (): string | Promise<string> =>
    checker.answer ? write(checker.answer, engineVersion) : "";

  // What is copied is what is shown: said where that is not all.
  const scope = h("span", { class: "small soft", id: "report-scope" });
  const element = h(
    "div",
    { class: "report-actions", role: "group", "aria-label": "Report", "aria-describedby": "report-scope" },
    copyButton("Copy text", withAnswer(reportText), { quiet: true, describes: "of the report" }),
    copyButton("Copy JSON", withAnswer(reportJson), { quiet: true, describes: "of the report" }),
    scope,
  );

  return {
    element,
    update() {
      const { answer } = checker;
      const some = answer && hasList(answer) && answer.rows.shown < answer.rows.length;
      scope.textContent = some ? `of the ${grouped(answer.rows.shown)} of ${countOf(answer.rows.length, ...answer.rows.noun)} that the filter shows` : "";
    },
  };
}
