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

/** So many findings at once; a policy of thousands of statements would otherwise freeze the page. */
const ROOM = 50;

export interface FindingOptions {
  report: Report;
  /** The request that stands over the list already. */
  shown: Witness | null;
  /** Tells this list's findings from another's, so that the focus finds its way back. */
  key: string;
  onJump(finding: Finding): void;
}

export function findingList(findings: readonly Finding[], { report, shown, key, onJump }: FindingOptions): HTMLElement {
  const list = h("ul", { class: "findings" });
  const more = h("button", { type: "button", on: { click: showMore } });
  let next = 0;

  function showMore(): void {
    const first = next;
    show(ROOM);
    list.children[first]?.querySelector("button")?.focus();
  }

  function show(count: number): void {
    list.append(...findings.slice(next, next + count).map((finding, index) => item(finding, next + index)));
    next += count;
    more.textContent = `Show more: ${findings.length - next} left`;
    if (next >= findings.length) more.remove();
  }

  function item(finding: Finding, index: number): HTMLElement {
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
  }

  show(ROOM);
  return h("div", { class: "finding-list" }, list, next < findings.length && more);
}

function slipsThrough(witness: Witness, shown: Witness | null): HTMLElement {
  if (JSON.stringify(witness) === JSON.stringify(shown)) return h("p", { class: "small soft" }, "The request above slips through here.");
  return witnessBlock(witness, "What slips through", "h5");
}
