/** The right half of the page: settings, verdicts, problems, assumptions; before that, what the page is for. */
import type { Example } from "../../examples";
import type { Announcer } from "../announcer";
import { documentOf, hasList, type Answer } from "../answer";
import type { Checker, CheckState } from "../checker";
import type { Finding, GuardrailInfo, Report, Span, Verdict } from "../contract";
import { h, replace } from "../dom/h";
import { icon } from "../dom/icons";
import { plainText, richText, sentence } from "../dom/rich-text";
import type { PaintedStatement } from "../editor/paint";
import type { Counts } from "../principal-rows";
import type { PolicyDocument, Session } from "../session";
import { countOf, VERDICT_WORDS, VERDICTS } from "../words";
import { createEmptyState } from "./empty-state";
import { createGuardrailCard } from "./guardrail-card";
import { createInputs } from "./inputs";
import { cancelledText, countsOfVerdicts, createOverview, tallyText } from "./overview";
import { createPrincipals } from "./principals";
import { createProblems } from "./problems";
import { createReportActions } from "./report-actions";
import { createSettingsPanel } from "./settings-panel";
import { verdictBadge } from "./verdict";
import { adopt } from "../../styles/adopt";
import css from "./results.css?inline";

adopt(css);

export interface Results {
  element: HTMLElement;
  /** Goes to the top of the verdicts, with the focus. */
  focus(): void;
  /** Shows the first finding about a statement and puts the focus on it. */
  showStatement(statement: PaintedStatement): void;
}

export interface ResultsOptions {
  session: Session;
  checker: Checker;
  announcer: Announcer;
  guardrails: readonly GuardrailInfo[];
  version: Promise<string>;
  onExample(example: Example): void;
  onFinding(document: PolicyDocument, finding: Finding, report: Report): void;
  onPlace(document: PolicyDocument, policy: number | undefined, span: Span): void;
  /** Shows one of the policies found, by its index among all. */
  onPolicy(policy: number): void;
  /** A principal has been chosen from the list, and its report is there. */
  onChosen(): void;
}

export function createResults(options: ResultsOptions): Results {
  const { session, checker, announcer, guardrails, version, onExample, onFinding, onPlace, onPolicy, onChosen } = options;

  const settings = createSettingsPanel(session, checker);
  const actions = createReportActions(checker, version);
  const overview = createOverview(checker, actions.element);
  const hint = h("div", { class: "hint", hidden: true });
  const problems = createProblems(({ source, document: index, span }) => {
    const { answer } = checker;
    const document = answer?.sources[source];
    if (answer && document) onPlace(document, index === null ? undefined : documentOf(answer, index), span);
  });
  const inputs = createInputs(checker, onPolicy);
  const principals = createPrincipals({ checker, announcer, guardrails, onChoose: (row) => void choose(row), onShown: () => actions.update() });
  const chosen = h("div", { class: "chosen", hidden: true, tabindex: -1 });
  const cards = new Map(guardrails.map((guardrail) => [guardrail.id, createGuardrailCard(guardrail, { onJump: jump, spared, onAuthorize: authorize })]));
  const cardList = h("div", { class: "cards" }, [...cards.values()].map(({ element }) => element));
  const assumptions = h("section", { class: "assumptions", "aria-labelledby": "assumptions-title" });
  const empty = createEmptyState(guardrails, onExample);
  const report = h(
    "div",
    { class: "report" },
    settings,
    overview,
    hint,
    inputs,
    principals,
    chosen,
    problems.element,
    cardList,
    assumptions,
  );
  const element = h("section", { class: "results", id: "results", tabindex: -1, "aria-labelledby": "results-title" }, h("h2", { id: "results-title", class: "visually-hidden" }, "Verdicts"), empty, report);

  /** The answer that was announced last, and the state. */
  let announced: Answer | null = null;
  let known: CheckState = "idle";

  function jump(finding: Finding): void {
    const { answer } = checker;
    const document = answer?.sources[answer.report?.documents[finding.document]?.source ?? -1];
    if (answer?.report && document) onFinding(document, finding, answer.report);
  }

  async function choose(row: number): Promise<void> {
    try {
      await checker.select(row);
      onChosen();
      announcer.say(chosenAnnouncement(checker.answer));
    } catch (error) {
      announcer.say(plainText(error instanceof Error ? error.message : String(error)));
      renderChosen(checker.answer, error instanceof Error ? error.message : String(error));
    }
  }

  /** The ARN patterns among what a Deny's exception marks, as they stand in the text. */
  async function spared({ role, document, marks }: Finding): Promise<string[]> {
    const { answer } = checker;
    if (role !== "gap" || !answer) return [];
    const places = marks.filter(({ start, end }) => end - start < LONGEST_ARN);
    const text = answer.texts[answer.report?.documents[document]?.source ?? -1];
    const policy = documentOf(answer, document);
    let quotes: string[] = [];
    if (text) {
      quotes = places.map(({ start, end }) => text.sliceString(start, end));
    } else if (policy !== undefined && places.length > 0) {
      // Without an answer the offer is left out: the pattern can still be typed.
      quotes = await answer.handle.ask("quotes", { document: policy, places }).catch(() => []);
    }
    return quotes.flatMap((quote) => principalPattern(quote) ?? []);
  }

  function authorize(pattern: string): void {
    checker.hurry();
    session.set({ authorizedPrincipals: [...session.settings.authorizedPrincipals, pattern] });
    element.focus({ preventScroll: true });
    announcer.say(`${pattern} is authorized. You can take it back in the settings.`);
  }

  function render(): void {
    const { answer } = checker;
    const blank = session.isBlank && checker.state !== "failed";
    empty.hidden = !blank;
    report.hidden = blank;
    cardList.hidden = !answer?.report;
    if (!answer?.report) assumptions.hidden = true;
    if (!answer) problems.element.hidden = true;
    element.setAttribute("aria-busy", String(checker.state === "checking"));
    element.dataset["state"] = checker.state;
    renderChosen(answer);
    if (answer && (checker.state !== "checking" || hasList(answer))) {
      problems.update(answer.report, answer.inputs, answer.sources.map(({ name }) => name));
      if (answer.report) renderReport(answer.report);
    }
    if (checker.state === "done" && answer) {
      // Once for each answer, not for each principal looked at.
      if (announced !== answer) announcer.say(announcement(answer));
      announced = answer;
    } else if (checker.state === "failed") {
      announcer.say(plainText(`No verdict. ${checker.failure}`));
    } else if (checker.state !== known) {
      if (checker.state === "checking") announcer.say("Checking…");
      if (checker.state === "cancelled") announcer.say(cancelledText(checker));
    }
    known = checker.state;
  }

  /** Whom the cards below are about, where there is a list to choose from. */
  function renderChosen(answer: Answer | null, trouble = ""): void {
    const row = answer && hasList(answer) && answer.selected !== null ? answer.rows.byIndex(answer.selected) : undefined;
    chosen.hidden = !row;
    if (!row) return replace(chosen);
    replace(
      chosen,
      h("h3", null, row.name || "The unnamed principal"),
      row.principal !== null && row.principal !== row.name && h("p", { class: "small" }, h("code", null, row.principal)),
      h("p", { class: "small soft" }, verdictBadge(row.verdict, "small"), ` decided with ${countOf(row.documents.length, "policy", "policies")}`),
      trouble !== "" && h("p", { class: "small" }, trouble),
    );
  }

  function renderReport(answer: Report): void {
    for (const result of answer.guardrails) cards.get(result.id)?.update(answer, result);
    orderCards(answer);
    replace(
      assumptions,
      answer.assumptions.length > 0 && [
        h("h3", { id: "assumptions-title" }, "Taken for granted"),
        h("p", { class: "small soft" }, "What was not pasted, and what no policy can say. Paste it, or set it, to have it decided."),
        h("ul", { class: "bullets" }, answer.assumptions.map((assumption) => h("li", null, richText(sentence(assumption))))),
      ],
    );
    assumptions.hidden = answer.assumptions.length === 0;
  }

  /** The worst verdict first; but nothing moves while somebody is in there. */
  function orderCards({ guardrails }: Report): void {
    const rank = ({ verdict }: { verdict: Verdict }): number => VERDICTS.indexOf(verdict);
    const ordered = [...guardrails].sort((a, b) => rank(a) - rank(b)).flatMap(({ id }) => cards.get(id)?.element ?? []);
    const settled = ordered.every((card, position) => cardList.children[position] === card);
    if (!settled && !cardList.contains(document.activeElement)) cardList.append(...ordered);
  }

  function renderHint(): void {
    hint.hidden = session.hint === "";
    replace(
      hint,
      !hint.hidden && [
        icon("note"),
        h("p", null, h("b", null, "What to see: "), richText(session.hint)),
        h(
          "button",
          {
            type: "button",
            class: "quiet",
            on: {
              click: () => {
                session.clearHint();
                renderHint();
              },
            },
          },
          icon("close"),
          h("span", { class: "visually-hidden" }, "Dismiss"),
        ),
      ],
    );
  }

  session.onChange((change) => {
    if (change === "documents") renderHint();
    if (change === "documents" || change === "text") render();
  });
  checker.onChange(render);
  render();

  return {
    element,
    focus() {
      element.scrollTop = 0;
      element.focus();
    },
    showStatement({ document, index, sid }) {
      const finding = element.querySelector<HTMLElement>(`[data-statement="${document}/${index}"]`);
      if (!finding) return;
      finding.closest("details")?.setAttribute("open", "");
      finding.scrollIntoView({ block: "center" });
      finding.querySelector("button")?.focus({ preventScroll: true });
      const count = element.querySelectorAll(`[data-statement="${document}/${index}"]`).length;
      announcer.say(plainText(`${countOf(count, "finding")} about statement ${index + 1} ${sid ?? ""}`));
    },
  };
}

/** Characters of a mark that may be an ARN. */
const LONGEST_ARN = 2048;

/** The ARN pattern of principals that a piece of text is, in quotation marks or without, as templates and strings have it. */
function principalPattern(quote: string): string | undefined {
  const arn = /^[\\"'\s]*(arn:[^:"'\\\s]*:(?:iam|sts):[^"'\\\s]+)[\\"'\s]*$/.exec(quote)?.[1];
  // What a variable stands for is not known here.
  return arn?.includes("${") ? undefined : arn;
}

/** The tally, then every verdict that is not well, then errors. */
function announcement(answer: Answer): string {
  if (hasList(answer)) return `${countOf(answer.rows.length, ...answer.rows.noun)} judged: ${spoken(answer.rows.counts(null))}`;
  const { report } = answer;
  if (!report) return "";
  const errors = report.documents.flatMap((document) => document.problems).filter(({ severity }) => severity === "error").length;
  return [verdictsSpoken(report), errors > 0 && `${countOf(errors, "error")} in the text`].filter(Boolean).join(". ");
}

function chosenAnnouncement(answer: Answer | null): string {
  const row = answer && answer.selected !== null ? answer.rows.byIndex(answer.selected) : undefined;
  return answer?.report && row ? `${row.name}: ${verdictsSpoken(answer.report)}` : "";
}

function verdictsSpoken({ guardrails }: Report): string {
  const bad = guardrails.filter(({ verdict }) => verdict === "fail" || verdict === "warn" || verdict === "undecided");
  return [spoken(countsOfVerdicts(guardrails.map(({ verdict }) => verdict))), ...bad.map(({ id, verdict }) => `${id}: ${VERDICT_WORDS[verdict].name}`)].join(". ");
}

function spoken(counts: Counts): string {
  return tallyText(counts).replaceAll(" · ", ", ");
}
