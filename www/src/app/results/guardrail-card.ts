/** One guardrail: its verdict, why, what gets through, the statements that decide, and how to mend it. */
import type { GuardrailInfo, GuardrailResult, Report } from "../contract";
import { copyButton } from "../dom/copy";
import { h, replace } from "../dom/h";
import { richText, sentence } from "../dom/rich-text";
import { findingList, type FindingActions } from "./finding";
import { verdictBadge } from "./verdict";
import { witnessBlock } from "./witness";
import { adopt } from "../../styles/adopt";
import css from "./guardrail-card.css?inline";

adopt(css);

export interface GuardrailCard {
  element: HTMLElement;
  update(report: Report, result: GuardrailResult): void;
}

export function createGuardrailCard(guardrail: GuardrailInfo, findingActions: FindingActions): GuardrailCard {
  const { id, title } = guardrail;
  const badge = h("span", { class: "card-verdict", id: `${id}-verdict` });
  // The verdict is part of the card's name and of its heading's: whoever goes from one to the next hears it.
  const name = `${id}-verdict ${id}-title`;
  const body = h("div", { class: "card-body" });
  const element = h(
    "article",
    { class: "card", id: id.toLowerCase(), tabindex: -1, "aria-labelledby": name },
    h(
      "header",
      { class: "card-head" },
      badge,
      h("h3", { id: `${id}-title`, "aria-labelledby": name }, h("span", { class: "card-id" }, id), " ", title),
    ),
    body,
    about(guardrail),
  );
  let shown = "";

  return {
    element,
    update(report, result) {
      const names = report.documents.map(({ name, statements }) => [name, statements.map(({ sid }) => sid)]);
      const state = JSON.stringify([result, names, report.replays]);
      // The same answer leaves the card alone: what is open, selected or focused stays so.
      if (state === shown) return;
      shown = state;
      element.dataset["verdict"] = result.verdict;
      // How to mend what was not judged helps nobody.
      element.classList.toggle("card-unread", report.documents.length > 0 && report.documents.every(({ bearing }) => bearing === "unread"));
      replace(badge, verdictBadge(result.verdict));
      replace(body, ...contents(report, result, findingActions));
    },
  };
}

function contents(report: Report, result: GuardrailResult, findingActions: FindingActions) {
  const { id, summary, actions, witness, findings, principals = [] } = result;
  return [
    h("p", { class: "card-summary" }, richText(sentence(summary))),
    actions.length > 1 &&
      result.verdict !== "not-applicable" &&
      // Nothing more to say where nothing was judged.
      actions.some(({ verdict }) => verdict !== "undecided") &&
      h(
        "ul",
        { class: "actions", "aria-label": "Verdict by action" },
        actions.map(({ action, verdict }) => h("li", null, h("code", null, action), " ", verdictBadge(verdict, "small"))),
      ),
    witness && witnessBlock(report, witness, "A request that gets through"),
    findings.length > 0 && h("h4", null, "Statements that decide"),
    findings.length > 0 && findingList(findings, { report, shown: witness, key: id, actions: findingActions }),
    principals.length > 1 && h("h4", null, "Verdict by principal"),
    principals.length > 1 &&
      h(
        "ul",
        { class: "principals" },
        principals.map((one, index) =>
          h(
            "li",
            null,
            h(
              "details",
              null,
              h(
                "summary",
                { "data-key": `${id} principal ${index}` },
                verdictBadge(one.verdict, "small"),
                " ",
                one.principal ? h("code", null, one.principal) : one.name || "The principal that the other documents are attached to",
              ),
              h("p", null, richText(sentence(one.summary))),
              one.witness && witnessBlock(report, one.witness, "A request that gets through", "h5"),
              one.findings.length > 0 && findingList(one.findings, { report, shown: one.witness, key: `${id} ${index}`, actions: findingActions }),
            ),
          ),
        ),
      ),
  ];
}

/** The guardrail's own text. Links cannot open in the sealed page, so addresses are text to copy. */
function about({ id, why, remedy, references, actions }: GuardrailInfo): HTMLElement {
  return h(
    "details",
    { class: "card-about" },
    h("summary", null, "Why, and how to mend it", h("span", { class: "visually-hidden" }, `: ${id}`)),
    h("h4", null, "Why it matters"),
    h("p", null, richText(why)),
    h("h4", null, "How to mend it"),
    h("p", null, richText(remedy)),
    actions.length > 0 && h("h4", null, "Actions"),
    actions.length > 0 && h("ul", { class: "actions" }, actions.map((action) => h("li", null, h("code", null, action)))),
    h("h4", null, "References"),
    h("p", { class: "small soft" }, "This page is sealed, so it opens no links. Copy the address instead."),
    h(
      "ul",
      { class: "references" },
      references.map((address) =>
        h("li", null, h("code", null, address), copyButton("Copy", () => address, { quiet: true, describes: `the address ${address}` })),
      ),
    ),
  );
}
