/** The whole page, put together. */
import type { EngineClient } from "../engine-client";
import type { Example } from "../examples";
import { createAnnouncer } from "./announcer";
import { documentOf } from "./answer";
import { Checker } from "./checker";
import type { GuardrailInfo } from "./contract";
import { createDocumentBar } from "./documents/document-bar";
import { createDropZone } from "./documents/drop-zone";
import { createExcerptBar } from "./documents/excerpt-bar";
import { createNotice } from "./documents/notice";
import { createTabs, tabId } from "./documents/tabs";
import { createExamplesDialog, createHelpDialog } from "./dialogs";
import { h } from "./dom/h";
import { icon } from "./dom/icons";
import { plainText } from "./dom/rich-text";
import { createEditor, type Editor } from "./editor/editor";
import { sidOf } from "./editor/paint";
import { megabytes, openFiles } from "./files";
import { createResults } from "./results/results";
import { isBlank, LARGE_TEXT, Session, type NewDocument, type PolicyDocument, type Snapshot } from "./session";
import { countOf, ROLE_WORDS, statementName } from "./words";
import { adopt } from "../styles/adopt";
import css from "./app.css?inline";

adopt(css);

export function createApp(client: EngineClient, guardrails: readonly GuardrailInfo[], trouble: string): HTMLElement[] {
  const session = new Session();
  const checker = new Checker(client, session);
  const announcer = createAnnouncer();
  const notice = createNotice(announcer);
  const version = client.version();

  const editor: Editor = createEditor({ session, checker, announcer, onStatement: (statement) => results.showStatement(statement) });
  const results = createResults({
    session,
    checker,
    announcer,
    guardrails,
    version,
    onExample: openExample,
    async onFinding(document, { document: index, statement, span, role }, report) {
      await excerpts.reach(document, checker.answer ? documentOf(checker.answer, index) : undefined, span);
      if (statement === null) editor.revealSpan(document, span);
      else editor.revealStatement(document, index, statement, span);
      const what = statement === null ? document.name : `${statementName(statement, sidOf(report.documents[index], statement))} in ${document.name}`;
      announcer.say(plainText(`${what}, line ${span.line}: ${ROLE_WORDS[role].name}`));
    },
    async onPlace(document, policy, span) {
      await excerpts.reach(document, policy, span);
      editor.revealSpan(document, span);
      announcer.say(`${document.name}, line ${span.line}, column ${span.column}`);
    },
    onPolicy: showPolicy,
    onChosen: () => editor.showChosen(),
  });
  const excerpts = createExcerptBar({ session, checker, editor, announcer, onOpen: openPolicy });

  const panelId = "document-panel";
  const tabs = createTabs({ session, checker, panelId, onRename: () => bar.focusName(), onRemove: remove });
  const bar = createDocumentBar({ session, checker, onRemove: () => remove(session.active), onFormat: () => editor.format() });
  const picker = h("input", {
    type: "file",
    multiple: true,
    hidden: true,
    "aria-label": "Policy files",
    on: {
      change: () => {
        void takeFiles([...(picker.files ?? [])]);
        picker.value = "";
      },
    },
  });
  const examples = createExamplesDialog(openExample);
  const help = createHelpDialog();

  function openExample(example: Example): void {
    const before = session.snapshot();
    const wasBlank = session.isBlank;
    checker.hurry();
    session.open(example.documents, example.settings, example.see);
    editor.showWorst();
    results.focus();
    if (wasBlank) notice.hide();
    else notice.show(`\`${example.title}\` took the place of your documents and settings.`, () => restore(before));
  }

  function remove(document: PolicyDocument): void {
    const before = session.snapshot();
    checker.hurry();
    session.remove(document);
    notice.show(`Removed \`${document.name}\`.`, () => restore(before));
  }

  function restore(before: Snapshot): void {
    checker.hurry();
    session.restore(before);
    editor.focus();
  }

  async function takeFiles(files: File[]): Promise<void> {
    const { documents, refused } = await openFiles(files);
    checker.hurry();
    session.add(documents);
    editor.showWorst();
    const [first] = documents;
    const opened = documents.length > 1 ? `Opened ${countOf(documents.length, "file")}.` : first ? `Opened \`${first.name}\`.` : "";
    notice.show([opened, ...refused].filter(Boolean).join(" "));
    if (documents.length > 0) editor.focus();
  }

  function takeText(text: string): void {
    const { active } = session;
    const replaced = editor.isAllSelected();
    if (text.length > LARGE_TEXT || (active.large !== null && replaced)) {
      const before = session.snapshot();
      checker.hurry();
      if (isBlank(active) || replaced) session.exchange(active, { name: active.name, text });
      else session.add([{ name: session.freeName(), text }]);
      editor.focus();
      const large = text.length > LARGE_TEXT ? `Pasted ${megabytes(text.length)}: too large for the editor, which shows the part that matters.` : "Pasted over the large text.";
      notice.show(large, isBlank(active) ? undefined : () => restore(before));
      return;
    }
    if (!isBlank(active)) session.add([{ name: session.freeName(), text: "" }]);
    editor.insert(text);
  }

  /** A policy of the list of what was found: the principal it applies to, and its place. */
  async function showPolicy(policy: number): Promise<void> {
    const { answer } = checker;
    const document = answer?.sources[answer.documents[policy]?.source ?? -1];
    if (!answer || !document) return;
    session.activate(document);
    try {
      const row = answer.rows.ofDocument(policy);
      if (row) await checker.select(row.index);
      if (document.large !== null) {
        await excerpts.show(document, policy, null);
        editor.focus();
      } else {
        const known = row && answer.report?.documents[row.documents.indexOf(policy)]?.span;
        const excerpt = known ? null : await answer.handle.ask("excerpt", { document: policy, near: null });
        const { offset, text } = excerpt ?? { offset: 0, text: "" };
        editor.revealSpan(document, known ?? { start: offset, end: offset + text.length });
      }
    } catch (error) {
      notice.show(error instanceof Error ? error.message : String(error));
    }
  }

  function openPolicy(policy: NewDocument, from: PolicyDocument): void {
    checker.hurry();
    session.describe(from, { aside: true });
    session.add([policy]);
    editor.focus();
    notice.show(`\`${policy.name}\` is in a tab of its own, to be edited. \`${from.name}\` is set aside until you have it judged again.`);
  }

  const panel = h("div", { class: "document-panel", id: panelId, role: "tabpanel", "aria-labelledby": tabId(session.active) }, bar.element, excerpts.element, editor.element);
  session.onChange(() => panel.setAttribute("aria-labelledby", tabId(session.active)));

  if (trouble !== "") notice.show(trouble);

  document.addEventListener("keydown", (event) => {
    // Inside the editor its own keys have seen it already.
    if (event.key !== "F8" || event.defaultPrevented) return;
    event.preventDefault();
    editor.step(!event.shiftKey);
  });

  const versionText = h("span", null, "iam-guardrails");
  version.then((known) => (versionText.textContent = `iam-guardrails ${known}`)).catch(() => undefined);

  return [
    h(
      "nav",
      { class: "skip-links", "aria-label": "Skip" },
      skipLink("Skip to the editor", () => editor.focus()),
      skipLink("Skip to the verdicts", () => results.focus()),
    ),
    h(
      "header",
      { class: "page-head" },
      icon("shield"),
      h("h1", null, "iam-guardrails"),
      h("p", { class: "tagline" }, "Does any IAM policy let someone tamper with CloudTrail?"),
      h("p", { class: "sealed" }, icon("private"), "Nothing leaves this page"),
      h(
        "div",
        { class: "page-actions" },
        h("button", { type: "button", on: { click: () => picker.click() } }, icon("open"), "Open files"),
        picker,
        h("button", { type: "button", on: { click: () => examples.showModal() } }, icon("examples"), "Examples"),
        h("button", { type: "button", on: { click: () => help.showModal() } }, icon("help"), "Help"),
      ),
    ),
    h(
      "main",
      { class: "page-main" },
      h(
        "section",
        { class: "documents", "aria-labelledby": "documents-title" },
        h("h2", { id: "documents-title", class: "visually-hidden" }, "Policies"),
        h(
          "div",
          { class: "tab-row" },
          tabs,
          h(
            "div",
            { class: "tab-actions" },
            h(
              "button",
              {
                type: "button",
                class: "quiet",
                on: {
                  click: () => {
                    session.add([{ name: session.freeName(), text: "" }]);
                    editor.focus();
                  },
                },
              },
              icon("add"),
              "Add",
            ),
          ),
        ),
        panel,
        notice.element,
      ),
      results.element,
    ),
    h(
      "footer",
      { class: "page-foot" },
      versionText,
      h("span", null, "The engine runs inside this page: nothing you paste is sent or stored."),
      h("span", null, "Source under the MIT licence"),
    ),
    examples,
    help,
    createDropZone({ onFiles: (files) => void takeFiles(files), onText: takeText, isForEditor: (text) => session.active.large === null && text.length <= LARGE_TEXT }),
    announcer.element,
  ];
}

/** Buttons, since a link to a fragment would change the address of the frame the page lives in. */
function skipLink(label: string, go: () => void): HTMLElement {
  return h("button", { type: "button", class: "skip-link", on: { click: go } }, label);
}
