/** A finding: a statement, its part, and a way there. */
import type { Finding, Report, Witness } from "../contract";
import { h } from "../dom/h";
import { icon } from "../dom/icons";
import { richText, sentence } from "../dom/rich-text";
import { sidOf } from "../editor/paint";
import { ROLE_WORDS, statementName } from "../words";
import { witnessBlock } from "./witness";
import { adopt } from "../../styles/adopt";
import css from "./finding.css?inline";

adopt(css);

export interface FindingOptions {
  report: Report;
  /** The request that stands over the list already. */
  shown: Witness | null;
  /** Tells this list's findings from another's, so that the focus finds its way back. */
  key: string;
  onJump(finding: Finding): void;
}

export function findingList(findings: readonly Finding[], { report, shown, key, onJump }: FindingOptions): HTMLElement {
  return h(
    "ul",
    { class: "findings" },
    findings.map((finding, index) => {
      const document = report.documents[finding.document];
      const statement = finding.statement === null ? "The document" : statementName(finding.statement, sidOf(document, finding.statement));
      return h(
        "li",
        { class: `finding role-${finding.role}`, "data-statement": `${finding.document}/${finding.statement ?? ""}` },
        h(
          "button",
          { type: "button", class: "finding-jump", "data-key": `${key} ${index}`, on: { click: () => onJump(finding) } },
          h("span", { class: "finding-role", title: ROLE_WORDS[finding.role].meaning }, icon(finding.role), ROLE_WORDS[finding.role].name),
          h(
            "span",
            { class: "finding-place" },
            richText(statement),
            h("span", { class: "soft" }, ` ${document?.name ?? ""}, line ${finding.span.line}`),
          ),
          icon("jump"),
        ),
        h("p", { class: "finding-message" }, richText(sentence(finding.message))),
        finding.witness && slipsThrough(finding.witness, shown),
      );
    }),
  );
}

function slipsThrough(witness: Witness, shown: Witness | null): HTMLElement {
  if (JSON.stringify(witness) === JSON.stringify(shown)) return h("p", { class: "small soft" }, "The request above slips through here.");
  return witnessBlock(witness, "What slips through", "h5");
}
