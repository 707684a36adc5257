/** What is wrong or suspicious in the documents, each with a way to its place. */
import type { InputReport, Report, Span } from "../contract";
import { h, replace } from "../dom/h";
import { icon } from "../dom/icons";
import { richText, sentence } from "../dom/rich-text";
import { countOf } from "../words";
import { adopt } from "../../styles/adopt";
import css from "./problems.css?inline";

adopt(css);

/** The list stops here; a text with more is broken in one way, many times. */
const SHOWN = 100;

/** Where a problem is: in a policy of the report, or outside of all of them. */
export interface Place {
  source: number;
  document: number | null;
  span: Span;
}

export interface Problems {
  element: HTMLElement;
  /** What the report says of its policies, and what was not understood around them. */
  update(report: Report | null, inputs: readonly InputReport[], names: readonly string[]): void;
}

export function createProblems(onJump: (place: Place) => void): Problems {
  const element = h("section", { class: "problems", "aria-labelledby": "problems-title", hidden: true });

  return {
    element,
    update(report, inputs, names) {
      const problems = [
        ...inputs.flatMap(({ problems }, source) => problems.map((problem) => ({ ...problem, source, name: names[source] ?? "", document: null }))),
        ...(report?.documents ?? []).flatMap(({ source, name, problems }, document) => problems.map((problem) => ({ ...problem, source, name, document }))),
      ];
      const errors = problems.filter(({ severity }) => severity === "error");
      const ordered = [...errors, ...problems.filter(({ severity }) => severity !== "error")];
      element.hidden = problems.length === 0;
      replace(
        element,
        h(
          "h3",
          { id: "problems-title" },
          [errors.length > 0 && countOf(errors.length, "error"), problems.length > errors.length && countOf(problems.length - errors.length, "warning")]
            .filter(Boolean)
            .join(", "),
          " in the text",
        ),
        errors.length > 0 && h("p", { class: "small soft" }, "A document with an error is not judged, since AWS would refuse it. The others are."),
        h(
          "ul",
          { class: "problem-list" },
          ordered.slice(0, SHOWN).map(({ severity, message, span, source, name, document }, index) =>
            h(
              "li",
              { class: `problem problem-${severity}` },
              h(
                "button",
                { type: "button", class: "finding-jump", "data-key": `problem ${index}`, on: { click: () => onJump({ source, document, span }) } },
                h("span", { class: "problem-severity" }, icon(severity === "error" ? "fail" : "warn"), severity === "error" ? "Error" : "Warning"),
                h("span", { class: "finding-place" }, `${name}, line ${span.line}`),
                icon("jump"),
              ),
              h("p", { class: "small" }, richText(sentence(message))),
            ),
          ),
        ),
        ordered.length > SHOWN && h("p", { class: "small soft" }, `And ${ordered.length - SHOWN} more.`),
      );
    },
  };
}
