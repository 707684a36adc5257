/** What is known of the active document: its name, its kind and why, the principal it is attached to. */
import { foundIn } from "../answer";
import type { Checker } from "../checker";
import type { DocumentReport } from "../contract";
import { h, replace } from "../dom/h";
import { icon } from "../dom/icons";
import { richText, sentence } from "../dom/rich-text";
import { HIGHLIGHT_LIMIT } from "../editor/editor";
import { isBlank, type KindChoice, type Session } from "../session";
import { countOf, KIND_WORDS, KINDS } from "../words";
import { adopt } from "../../styles/adopt";
import css from "./document-bar.css?inline";

adopt(css);

export interface DocumentBar {
  element: HTMLElement;
  focusName(): void;
}

export interface DocumentBarOptions {
  session: Session;
  checker: Checker;
  onRemove(): void;
  onFormat(): void;
}

export function createDocumentBar({ session, checker, onRemove, onFormat }: DocumentBarOptions): DocumentBar {
  const name = h("input", {
    id: "document-name",
    type: "text",
    maxlength: 120,
    autocomplete: "off",
    on: { input: () => session.describe(session.active, { name: name.value }) },
  });
  const detected = h("option", { value: "auto" }, "Detect");
  const kind = h(
    "select",
    { id: "document-kind", "aria-describedby": "document-kind-reason", on: { change: () => session.describe(session.active, { kind: kind.value as KindChoice }) } },
    detected,
    KINDS.map((value) => h("option", { value }, KIND_WORDS[value].name)),
  );
  const principal = h("input", {
    id: "document-principal",
    type: "text",
    spellcheck: "false",
    autocomplete: "off",
    placeholder: "Optional: arn:aws:iam::111122223333:role/Developer",
    "aria-describedby": "document-principal-help",
    on: { input: () => session.describe(session.active, { attachedTo: principal.value }) },
  });
  const principalField = h(
    "div",
    { class: "field field-principal" },
    h("label", { for: "document-principal" }, "Attached to"),
    principal,
    h("span", { class: "visually-hidden", id: "document-principal-help" }, "Optional: the ARN of the user or role that has this policy."),
  );
  const format = h("button", { type: "button", class: "quiet", on: { click: onFormat } }, icon("format"), "Format");
  const reason = h("p", { class: "small soft document-reason", id: "document-kind-reason" });

  function render(): void {
    const { active } = session;
    // Not while it is typed in: that would move the cursor.
    if (name.value !== active.name) name.value = active.name;
    if (principal.value !== active.attachedTo) principal.value = active.attachedTo;
    const reports = reportsOf(session, checker);
    const [first] = reports;
    const alone = (foundIn(checker.answer, active)?.policies ?? 1) < 2;
    detected.textContent = alone && first?.kind && active.kind === "auto" ? `Detected: ${KIND_WORDS[first.kind].short}` : "Detect";
    kind.value = active.kind;
    format.hidden = active.large !== null;
    format.disabled = isBlank(active) || active.text.length > HIGHLIGHT_LIMIT;
    principalField.hidden = !((alone && first?.kind === "identity") || active.kind === "identity" || active.attachedTo !== "");
    replace(reason, reasonOf(session, checker, reports));
  }

  session.onChange((change) => {
    if (change !== "settings") render();
  });
  checker.onChange(render);
  render();

  return {
    element: h(
      "div",
      { class: "document-bar" },
      h("div", { class: "field field-name" }, h("label", { for: "document-name" }, "Name"), name),
      h("div", { class: "field field-kind" }, h("label", { for: "document-kind" }, "Kind"), kind),
      h(
        "div",
        { class: "document-actions" },
        format,
        h("button", { type: "button", class: "quiet", on: { click: onRemove } }, icon("remove"), "Remove"),
      ),
      principalField,
      reason,
    ),
    focusName() {
      name.focus();
      name.select();
    },
  };
}

/** What the report that is shown says of the document's policies. */
function reportsOf({ active }: Session, { answer }: Checker): DocumentReport[] {
  const source = answer?.sources.indexOf(active) ?? -1;
  return answer?.report?.documents.filter((report) => report.source === source) ?? [];
}

function reasonOf({ active }: Session, { answer }: Checker, reports: readonly DocumentReport[]) {
  const [first] = reports;
  const size =
    active.large === null && active.text.length > HIGHLIGHT_LIMIT
      ? ` This text is large (${(active.text.length / 1e6).toFixed(1)} million characters), so its syntax is not coloured.`
      : "";
  if (active.aside) return ["Set aside: it is not judged."];
  if (isBlank(active)) return ["The kind is detected from what you paste."];
  const found = foundIn(answer, active);
  if (!found) return [`Being read.${size}`];
  if (found.policies > 1) return [`${countOf(found.policies, "policy", "policies")} found in this text.${size}`];
  return first ? [...richText(sentence(first.kindReason)), size] : [size];
}
