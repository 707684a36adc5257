/** The statements that decide: each with its part, what it does, and a way there. */
import type { Finding, Report, Witness } from "../contract";
import { h } from "../dom/h";
import { icon } from "../dom/icons";
import { richText, sentence } from "../dom/rich-text";
import { sidOf } from "../editor/paint";
import { ROLE_WORDS, ROLES, statementName } from "../words";
import { witnessBlock } from "./witness";
import { adopt } from "../../styles/adopt";
import css from "./finding.css?inline";

adopt(css);

/** So many statements at once; a policy of thousands of them would otherwise freeze the page. */
const ROOM = 50;

/** What can be done with a finding. */
export interface FindingActions {
  onJump(finding: Finding): void;
  /** ARN patterns that a Deny spares and nobody has authorized. A large text has to be asked for them. */
  spared(finding: Finding): Promise<string[]>;
  onAuthorize(pattern: string): void;
}

export interface FindingListOptions {
  report: Report;
  /** The request that stands over the list already. */
  shown: Witness | null;
  /** Tells this list's findings from another's, so that the focus finds its way back. */
  key: string;
  actions: FindingActions;
}

export function findingList(findings: readonly Finding[], { report, shown, key, actions }: FindingListOptions): HTMLElement {
  const statements = byStatement(findings);
  const list = h("ul", { class: "findings" });
  const more = h("button", { type: "button", on: { click: showMore } });

  function show(): void {
    const next = list.children.length;
    list.append(...statements.slice(next, next + ROOM).map(item));
    const left = statements.length - list.children.length;
    more.textContent = `Show more: ${left} left`;
    more.hidden = left === 0;
  }

  function showMore(): void {
    const next = list.children.length;
    show();
    list.children[next]?.querySelector("button")?.focus();
  }

  function item([finding, ...others]: Statement): HTMLElement {
    const { role, document: index, statement, span } = finding;
    const document = report.documents[index];
    const all = [finding, ...others];
    const element = h(
      "li",
      { class: `finding role-${role}`, "data-statement": `${index}/${statement ?? ""}` },
      h(
        "button",
        { type: "button", class: "finding-jump", "data-key": `${key} ${role} ${index} ${statement}`, on: { click: () => actions.onJump(finding) } },
        h("span", { class: "finding-role", title: ROLE_WORDS[role].meaning }, icon(role), ROLE_WORDS[role].name),
        h(
          "span",
          { class: "finding-place" },
          richText(statement === null ? "The document" : statementName(statement, sidOf(document, statement))),
          h("span", { class: "soft" }, ` ${document?.name ?? ""}, line ${span.line}`),
        ),
        icon("jump"),
      ),
      all.map(({ message, witness }) => [h("p", { class: "finding-message" }, richText(sentence(message))), witness && slipsThrough(report, witness, shown)]),
    );
    void offerToAuthorize(element, all, actions);
    return element;
  }

  show();
  return h("div", { class: "finding-list" }, list, more);
}

/** Whom a Deny spares may be meant to be spared. */
async function offerToAuthorize(element: HTMLElement, findings: readonly Finding[], { spared, onAuthorize }: FindingActions): Promise<void> {
  const patterns = new Set((await Promise.all(findings.map(spared))).flat());
  element.append(
    ...[...patterns].map((pattern) =>
      h(
        "p",
        { class: "finding-authorize small" },
        "Is it meant to be spared? ",
        h("button", { type: "button", on: { click: () => onAuthorize(pattern) } }, "Authorize ", h("code", null, pattern)),
      ),
    ),
  );
}

type Statement = [Finding, ...Finding[]];

/** What is said about one statement in one role belongs together; the worst roles come first. */
function byStatement(findings: readonly Finding[]): Statement[] {
  const statements = new Map<string, Statement>();
  for (const finding of findings) {
    const key = `${finding.role}/${finding.document}/${finding.statement}`;
    const statement = statements.get(key);
    if (statement) statement.push(finding);
    else statements.set(key, [finding]);
  }
  return [...statements.values()].sort(([a], [b]) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role));
}

function slipsThrough(report: Report, witness: Witness, shown: Witness | null): HTMLElement {
  const others = ({ principal, resource, context }: Witness): string => JSON.stringify([principal, resource, context]);
  if (!shown || others(witness) !== others(shown)) return witnessBlock(report, witness, "What slips through", "h5");
  const action = witness.action === shown.action ? "" : ` with \`${witness.action}\``;
  return h("p", { class: "small soft" }, richText(`The request above slips through here${action}.`));
}
