/** What was found in the texts: the form of each, and its policies with what they have to do with the guardrails. */
import type { Answer } from "../answer";
import type { Checker } from "../checker";
import type { Bearing, DocumentSummary } from "../contract";
import { h, replace } from "../dom/h";
import { richText, sentence } from "../dom/rich-text";
import { createVirtualList } from "../dom/virtual-list";
import { BEARING_WORDS, countOf, grouped, KIND_WORDS } from "../words";
import { adopt } from "../../styles/adopt";
import css from "./inputs.css?inline";

adopt(css);

const BEARINGS = Object.keys(BEARING_WORDS) as Bearing[];

export function createInputs(checker: Checker, onPolicy: (document: number) => void): HTMLElement {
  const summary = h("summary", { id: "inputs-title" });
  const forms = h("ul", { class: "input-list small" });
  const options = new Map(BEARINGS.map((bearing) => [bearing, h("option", { value: bearing })]));
  const all = h("option", { value: "" });
  const bearing = h("select", { id: "filter-bearing", on: { change: filter } }, all, [...options.values()]);
  const list = createVirtualList({
    label: "Policies found",
    row,
    chosen: () => -1,
    onChoose(position) {
      const document = shown[position];
      if (document !== undefined) onPolicy(document);
    },
  });
  /** Indexes of the policies that the filter lets through. */
  let shown: number[] = [];
  /** What the folded-out part is about; it is not drawn while it is folded. */
  let drawn: readonly [answer: Answer, policies: number, state: string] | null = null;

  function row(position: number): HTMLElement {
    const found = checker.answer?.documents[shown[position] ?? -1];
    if (!found) return h("div");
    const { name, path, kind, attachedTo } = found;
    const about = [
      path,
      kind ? KIND_WORDS[kind].name : null,
      attachedTo.length > 0 ? `attached to ${attachedTo.slice(0, 3).join(", ")}${attachedTo.length > 3 ? ` and ${grouped(attachedTo.length - 3)} more` : ""}` : null,
      found.errors > 0 ? countOf(found.errors, "error") : null,
      found.warnings > 0 ? countOf(found.warnings, "warning") : null,
    ].filter(Boolean);
    return h(
      "div",
      { class: "list-row", title: [name, ...about].join("\n") },
      h("span", { class: "bearing" }, bearingOf(found)),
      h("span", { class: "list-name" }, name || "Unnamed"),
      h("span", { class: "list-about" }, about.join(" · ")),
    );
  }

  function filter(): void {
    const documents = checker.answer?.documents ?? [];
    const wanted = bearing.value;
    shown = [];
    documents.forEach((document, index) => {
      if (wanted === "" || document.bearing === wanted) shown.push(index);
    });
    list.element.hidden = shown.length === 0;
    list.update(shown.length);
  }

  function render(): void {
    const { answer } = checker;
    element.hidden = answer === null || isPlain(answer);
    if (!answer || element.hidden) return;
    const { inputs, documents } = answer;
    const unread = documents.filter(({ bearing }) => bearing === "unread").length;
    const found = documents.length === unread ? "no policy" : countOf(documents.length - unread, "policy", "policies");
    summary.textContent = `What was found: ${found} in ${countOf(inputs.length, "text")}${unread > 0 && unread < documents.length ? `; ${grouped(unread)} could not be read` : ""}`;
    renderBody(answer);
  }

  function renderBody(answer: Answer): void {
    const { inputs, documents, sources } = answer;
    const known = drawn?.[0] === answer && drawn[1] === documents.length && drawn[2] === checker.state;
    if (known || !element.open) return;
    drawn = [answer, documents.length, checker.state];
    replace(
      forms,
      inputs.map(({ form, formReason }, source) => h("li", null, h("b", null, sources[source]?.name ?? ""), ": ", form, ". ", richText(sentence(formReason)))),
    );
    all.textContent = `All (${grouped(documents.length)})`;
    for (const [value, option] of options) {
      const count = documents.reduce((total, document) => total + (document.bearing === value ? 1 : 0), 0);
      option.textContent = `${BEARING_WORDS[value].name} (${grouped(count)})`;
      option.hidden = count === 0;
    }
    filter();
  }

  checker.onChange(render);

  const element = h(
    "details",
    { class: "inputs", hidden: true, on: { toggle: () => checker.answer && renderBody(checker.answer) } },
    summary,
    h("div", { class: "inputs-body" }, forms, h("div", { class: "bearing-filter" }, h("label", { for: "filter-bearing" }, "Show"), bearing), list.element),
  );
  render();
  return element;
}

/** Each text is one policy: the bar over the editor says all that there is to say. */
function isPlain({ found, inputs, documents }: Answer): boolean {
  return found.every(({ policies }) => policies === 1) && documents.every(({ path }) => path === "") && inputs.every(({ problems }) => problems.length === 0);
}

function bearingOf({ bearing }: DocumentSummary): string {
  return bearing === null ? "Not judged yet" : BEARING_WORDS[bearing].name;
}
