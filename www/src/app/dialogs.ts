/** The two dialogs: the examples, and the help with keys and words. */
import type { Example } from "../examples";
import { h, type Child } from "./dom/h";
import { icon } from "./dom/icons";
import { sentence } from "./dom/rich-text";
import { exampleButtons } from "./results/example-buttons";
import { verdictBadge } from "./results/verdict";
import { ROLE_WORDS, ROLES, VERDICT_WORDS, VERDICTS } from "./words";
import { adopt } from "../styles/adopt";
import css from "./dialogs.css?inline";

adopt(css);

export function createExamplesDialog(onExample: (example: Example) => void): HTMLDialogElement {
  const dialog = createDialog(
    "examples-dialog",
    "Examples",
    h("p", { class: "soft" }, "An example takes the place of what is open, settings included. You can undo that."),
    exampleButtons((example) => {
      dialog.close();
      onExample(example);
    }),
  );
  return dialog;
}

const KEYS: readonly { keys: readonly string[]; does: string }[] = [
  { keys: ["Escape", "Tab"], does: "Leave the editor. Inside it, Tab indents." },
  { keys: ["F8"], does: "Go to the next highlighted statement, in any document. Shift+F8: the one before." },
  { keys: ["Ctrl+Enter"], does: "From the editor: go to what is said about the statement at the cursor." },
  { keys: ["Enter"], does: "On a finding or a problem: go to its place in the text." },
  { keys: ["Ctrl+F"], does: "Search in the editor." },
  { keys: ["Ctrl+Z"], does: "Undo in the editor." },
  { keys: ["↑", "↓", "Page Up", "Page Down"], does: "In a list: move. Enter shows the principal or the policy; typing filters." },
  { keys: ["←", "→", "Home", "End"], does: "On a tab: go to another document." },
  { keys: ["F2"], does: "On a tab: rename the document." },
  { keys: ["Delete"], does: "On a tab: remove the document. It can be undone." },
  { keys: ["Ctrl+V"], does: "Anywhere outside a field: paste as a new document." },
];

export function createHelpDialog(): HTMLDialogElement {
  return createDialog(
    "help-dialog",
    "Help",
    section(
      "Verdicts",
      VERDICTS.map((verdict) => h("div", null, h("dt", null, verdictBadge(verdict, "small")), h("dd", null, VERDICT_WORDS[verdict].meaning))),
    ),
    section(
      "Highlighted statements",
      ROLES.map((role) =>
        h("div", null, h("dt", { class: `finding-role role-${role}` }, icon(role), ROLE_WORDS[role].name), h("dd", null, sentence(ROLE_WORDS[role].meaning))),
      ),
      "What decides inside a statement is underlined. Each part has its own line style, so that it can be told without its colour.",
    ),
    section(
      "Keys",
      KEYS.map(({ keys, does }) => h("div", null, h("dt", null, keys.map((key, index) => [index > 0 && " ", h("kbd", null, key)])), h("dd", null, does))),
      "On a Mac, ⌘ takes the place of Ctrl.",
    ),
  );
}

function section(title: string, entries: Child[], after = ""): HTMLElement {
  return h("section", null, h("h3", null, title), h("dl", { class: "key-list" }, entries), after !== "" && h("p", { class: "small soft" }, after));
}

function createDialog(id: string, title: string, ...body: Child[]): HTMLDialogElement {
  const dialog = h(
    "dialog",
    {
      id,
      "aria-labelledby": `${id}-title`,
      on: {
        // A click on the backdrop is a click on the dialog itself, outside its body.
        click: (event) => {
          if (event.target === dialog) dialog.close();
        },
      },
    },
    h(
      "div",
      { class: "dialog-body" },
      h(
        "div",
        { class: "dialog-head" },
        h("h2", { id: `${id}-title` }, title),
        // Not a form of method `dialog`: the sealed page's sandbox submits no forms, not even that one.
        h("button", { type: "button", on: { click: () => dialog.close() } }, icon("close"), "Close"),
      ),
      body,
    ),
  );
  return dialog;
}
