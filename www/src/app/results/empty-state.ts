/** What the page says before there is anything to judge. */
import type { Example } from "../../examples";
import type { GuardrailInfo } from "../contract";
import { h } from "../dom/h";
import { icon } from "../dom/icons";
import { VERDICT_WORDS, VERDICTS } from "../words";
import { exampleButtons } from "./example-buttons";
import { verdictBadge } from "./verdict";
import { adopt } from "../../styles/adopt";
import css from "./empty-state.css?inline";

adopt(css);

export function createEmptyState(guardrails: readonly GuardrailInfo[], onExample: (example: Example) => void): HTMLElement {
  return h(
    "div",
    { class: "empty-state" },
    h(
      "section",
      { "aria-labelledby": "what-title" },
      h("h3", { id: "what-title" }, "Can anyone switch your audit log off?"),
      h(
        "p",
        { class: "lead" },
        "Paste the IAM policies of an account, and this page decides whether anyone unauthorized may stop, delete or hollow out its CloudTrail, or reach the bucket that holds the logs. ",
        "It does not look for patterns: it decides over every request that AWS could see, with conditions, wildcards, boundaries and SCPs taken together. ",
        "If something gets through, it shows you that very request and the statements that let it in.",
      ),
      h("p", { class: "promise" }, icon("private"), h("span", null, h("b", null, "Nothing you paste leaves this page."), " The engine is inside it, no network is allowed to it, and nothing is stored. Save the page and it works offline.")),
    ),
    h(
      "section",
      { "aria-labelledby": "paste-title" },
      h("h3", { id: "paste-title" }, "What to paste"),
      h(
        "p",
        { class: "reading" },
        "Whatever you have at hand: policy documents of every kind, the output of AWS CLI commands such as ",
        h("code", null, "aws iam get-account-authorization-details"),
        ", templates and plans, catalogues of policies, up to 256 MB. Paste into the editor, or drop files anywhere: the policies in them are found, and each principal is decided with all that applies to it. ",
        "What you leave out is taken to restrict nothing, and the report lists every such assumption.",
      ),
    ),
    h("section", { "aria-labelledby": "examples-title" }, h("h3", { id: "examples-title" }, "Or start from an example"), exampleButtons(onExample)),
    h(
      "section",
      { "aria-labelledby": "guardrails-title" },
      h("h3", { id: "guardrails-title" }, "What is checked"),
      h("ul", { class: "guardrail-list" }, guardrails.map(({ id, title }) => h("li", null, h("span", { class: "card-id" }, id), title))),
    ),
    h(
      "section",
      { "aria-labelledby": "verdicts-title" },
      h("h3", { id: "verdicts-title" }, "What a verdict means"),
      h(
        "dl",
        { class: "meanings" },
        VERDICTS.map((verdict) => h("div", null, h("dt", null, verdictBadge(verdict, "small")), h("dd", null, VERDICT_WORDS[verdict].meaning))),
      ),
    ),
  );
}
