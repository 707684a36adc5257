/** The verdict by principal, worst first: a list to filter and to choose from. It fills while the check goes on. */
import type { Announcer } from "../announcer";
import { hasList } from "../answer";
import type { Checker } from "../checker";
import type { GuardrailInfo, Verdict } from "../contract";
import { h, replace } from "../dom/h";
import { plainText } from "../dom/rich-text";
import { createVirtualList } from "../dom/virtual-list";
import type { RowFilter } from "../principal-rows";
import { countOf, grouped, guardrailNumbers, VERDICT_WORDS, VERDICTS } from "../words";
import { verdictBadge } from "./verdict";
import { adopt } from "../../styles/adopt";
import css from "./principals.css?inline";

adopt(css);

/** Milliseconds without a change before the filter's effect is said. */
const SAY_AFTER = 700;

export interface PrincipalsOptions {
  checker: Checker;
  announcer: Announcer;
  guardrails: readonly GuardrailInfo[];
  onChoose(row: number): void;
  /** The list shows others, or more, than before. */
  onShown(): void;
}

export function createPrincipals({ checker, announcer, guardrails, onChoose, onShown }: PrincipalsOptions): HTMLElement {
  const title = h("h3", { id: "principals-title" });
  const text = h("input", { id: "filter-text", type: "search", autocomplete: "off", spellcheck: "false", on: { input: filter, keydown: leave } });
  const guardrail = h(
    "select",
    { id: "filter-guardrail", on: { change: filter } },
    h("option", { value: "" }, "Any: the worst"),
    guardrails.map(({ id }, position) => h("option", { value: position }, id)),
  );
  const verdictOptions = new Map(VERDICTS.map((verdict) => [verdict, h("option", { value: verdict })]));
  const verdict = h("select", { id: "filter-verdict", on: { change: filter } }, h("option", { value: "" }, "Every verdict"), [...verdictOptions.values()]);
  const count = h("p", { class: "small soft", id: "principals-count" });
  const nothing = h("p", { class: "list-empty small", hidden: true });
  const list = createVirtualList({
    label: "Verdict by principal, worst first",
    row,
    chosen: () => (checker.answer?.selected === null ? -1 : (checker.answer?.rows.positionOf(checker.answer.selected) ?? -1)),
    onChoose(position) {
      const chosen = checker.answer?.rows.at(position);
      if (chosen) onChoose(chosen.index);
    },
    onType(character) {
      text.value += character;
      text.focus();
      filter();
    },
  });
  /** Indexes of the rows that were drawn last, by position: where they are now keeps the view in place. */
  const drawn = new Map<number, number>();
  let saying: ReturnType<typeof setTimeout> | undefined;
  let about: unknown = null;

  function row(position: number): HTMLElement {
    const { answer } = checker;
    const found = answer?.rows.at(position);
    if (!answer || !found) return h("div");
    drawn.set(position, found.index);
    const only = answer.rows.filter.guardrail;
    const judged = only === null ? found.verdict : (found.verdicts[only] ?? found.verdict);
    const concerned = only === null ? guardrailNumbers(guardrails.filter((_, index) => found.verdicts[index] === judged).map(({ id }) => id)) : "";
    const arn = found.principal !== null && found.principal !== found.name ? ` ${found.principal}` : "";
    const summary = plainText(found.summary);
    return h(
      "div",
      { class: "list-row", title: [`${found.name}${arn}`, concerned, summary].filter(Boolean).join("\n") },
      verdictBadge(judged, "small"),
      h("span", { class: "list-name" }, found.name, arn !== "" && h("span", { class: "soft" }, arn), pause(".")),
      h("span", { class: "list-about" }, concerned !== "" && h("span", { class: "list-guardrails" }, concerned, pause(":"), " "), summary),
    );
  }

  function filter(): void {
    const { answer } = checker;
    if (!answer) return;
    answer.rows.setFilter(chosenFilter());
    list.update(answer.rows.shown);
    list.show(Math.max(0, answer.selected === null ? 0 : answer.rows.positionOf(answer.selected)));
    renderCounts();
    clearTimeout(saying);
    saying = setTimeout(() => announcer.say(shownOf()), SAY_AFTER);
  }

  function chosenFilter(): RowFilter {
    return {
      text: text.value,
      guardrail: guardrail.value === "" ? null : Number(guardrail.value),
      verdict: verdict.value === "" ? null : (verdict.value as Verdict),
    };
  }

  function leave(event: KeyboardEvent): void {
    if (event.key !== "ArrowDown" && event.key !== "Enter") return;
    event.preventDefault();
    list.focus();
  }

  function shownOf(): string {
    const { answer } = checker;
    if (!answer) return "";
    const { rows } = answer;
    return rows.shown === rows.length ? `All ${countOf(rows.length, ...rows.noun)} shown` : `${grouped(rows.shown)} of ${countOf(rows.length, ...rows.noun)} shown`;
  }

  function renderCounts(): void {
    onShown();
    const { answer } = checker;
    if (!answer || !hasList(answer)) return;
    const { rows, principals } = answer;
    const [one] = rows.noun;
    title.textContent = `Verdict by ${one}, worst first`;
    count.textContent = `${answer.complete ? `All ${grouped(principals)}` : `${grouped(rows.length)} of ${grouped(principals)}`} judged. ${shownOf()}.`;
    const counts = rows.counts(rows.filter.guardrail);
    for (const [value, option] of verdictOptions) option.textContent = `${VERDICT_WORDS[value].name} (${grouped(counts[value])})`;
    nothing.hidden = rows.shown > 0 || rows.length === 0;
    list.element.hidden = rows.shown === 0;
    replace(nothing, `None of the ${countOf(rows.length, ...rows.noun)} is like this. `, h("button", { type: "button", "data-key": "unfilter", on: { click: unfilter } }, "Show all"));
  }

  function unfilter(): void {
    text.value = guardrail.value = verdict.value = "";
    filter();
    list.focus();
  }

  function render(): void {
    const { answer } = checker;
    element.hidden = !answer || !hasList(answer);
    if (!answer || !hasList(answer)) return onShown();
    if (about !== answer) {
      about = answer;
      drawn.clear();
      // The filter outlives the answer it was set on.
      answer.rows.setFilter(chosenFilter());
      list.update(answer.rows.shown);
    } else {
      list.update(answer.rows.shown, (position) => {
        const index = drawn.get(position);
        return index === undefined ? position : Math.max(0, answer.rows.positionOf(index));
      });
    }
    renderCounts();
  }

  checker.onChange(render);
  checker.onProgress(render);

  const element = h(
    "section",
    { class: "principal-section", "aria-labelledby": "principals-title", hidden: true },
    title,
    h(
      "div",
      { class: "filters", role: "group", "aria-label": "Filter" },
      h("div", null, h("label", { for: "filter-text" }, "Principal or any words"), text),
      h("div", null, h("label", { for: "filter-guardrail" }, "Guardrail"), guardrail),
      h("div", null, h("label", { for: "filter-verdict" }, "Verdict"), verdict),
    ),
    count,
    list.element,
    nothing,
  );
  render();
  return element;
}

/** Heard, where a row is read out as one sentence. */
function pause(sign: string): HTMLElement {
  return h("span", { class: "visually-hidden" }, sign);
}
