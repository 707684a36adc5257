/** The JSON editor: one CodeMirror view in a shadow root, one state for each document. */
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, Prec, Transaction, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
} from "@codemirror/view";
import type { Announcer } from "../announcer";
import type { Checker } from "../checker";
import { h } from "../dom/h";
import { plainText } from "../dom/rich-text";
import type { PolicyDocument, Session } from "../session";
import { ROLE_WORDS, ROLES, statementName } from "../words";
import { adopt } from "../../styles/adopt";
import css from "./editor.css?inline";
import { formatted } from "./format";
import { paintOf, type Paint, type PaintedStatement } from "./paint";
import { neighbour, painting, placeOf, setPaint, statementAt } from "./painting";
import { editorTheme } from "./theme";

adopt(css);

/** Above this many characters the text stays plain: colouring it and matching brackets would cost every key. */
export const HIGHLIGHT_LIMIT = 2_000_000;

const COMFORTS: Extension = [json(), bracketMatching(), highlightSelectionMatches()];
const PLAIN: Extension = [];

const NO_PAINT: Paint = { statements: [], problems: [] };

const EMPTY_HINT = `Paste a policy here, or drop files anywhere on the page.

Any IAM policy document in JSON: identity-based policy, permissions boundary, session policy, SCP, RCP or bucket policy.

In here Tab indents; Escape, then Tab moves on.`;

export interface Editor {
  element: HTMLElement;
  focus(): void;
  /** Takes text as if it had been pasted at the cursor. */
  insert(text: string): void;
  /** Shows a document's statement, selects it and puts the focus there. */
  revealStatement(document: PolicyDocument, report: number, statement: number, span: { start: number; end: number }): void;
  /** Selects a place of a document and puts the focus there. */
  revealSpan(document: PolicyDocument, span: { start: number; end: number }): void;
  /** Scrolls to the worst statement once the next answer is there. The cursor and the focus stay. */
  showWorst(): void;
  /** Lays the active document's JSON out, one element a line. */
  format(): void;
  /** The next or previous painted statement, in this document or another. */
  step(forward: boolean): void;
}

export interface EditorOptions {
  session: Session;
  checker: Checker;
  announcer: Announcer;
  /** The person asks what is said about a painted statement. */
  onStatement(statement: PaintedStatement): void;
}

export function createEditor({ session, checker, announcer, onStatement }: EditorOptions): Editor {
  const host = h("div", { class: "editor", id: "editor" });
  const root = host.attachShadow({ mode: "open" });
  const states = new WeakMap<PolicyDocument, EditorState>();
  let shown = session.active;
  let worstWanted = false;

  const comforts = new Compartment();
  const extensions: Extension = [
    lineNumbers(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    EditorState.allowMultipleSelections.of(true),
    EditorState.tabSize.of(2),
    EditorView.lineWrapping,
    indentOnInput(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    search({ top: true }),
    placeholder(EMPTY_HINT),
    EditorView.contentAttributes.of({
      "aria-label": "Policy text, JSON",
      "aria-description": "Escape, then Tab leaves the editor. F8 goes to the next highlighted statement. Control Enter shows the verdict on the statement at the cursor.",
      "aria-multiline": "true",
      tabindex: "0",
      spellcheck: "false",
      autocorrect: "off",
      autocapitalize: "off",
    }),
    Prec.high(
      keymap.of([
        { key: "Mod-Enter", run: () => showStatement() },
        { key: "F8", run: () => (step(true), true) },
        { key: "Shift-F8", run: () => (step(false), true) },
      ]),
    ),
    keymap.of([...searchKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
    painting(onStatement),
    editorTheme(),
    EditorView.updateListener.of(({ docChanged, state, transactions }) => {
      if (!docChanged) return;
      if (transactions.some((transaction) => transaction.isUserEvent("input.paste"))) checker.hurry();
      session.edit(shown, state.doc);
      fitComforts();
    }),
  ];

  const view = new EditorView({ state: stateOf(session.active), parent: root, root });

  function stateOf(document: PolicyDocument): EditorState {
    const known = states.get(document);
    if (known) return known;
    const large = document.text.length > HIGHLIGHT_LIMIT;
    const state = EditorState.create({ doc: document.text, extensions: [extensions, comforts.of(large ? PLAIN : COMFORTS)] });
    states.set(document, state);
    return state;
  }

  /** Turns the comforts off when a text grows past the limit, and on again. */
  function fitComforts(): void {
    const fitting = view.state.doc.length > HIGHLIGHT_LIMIT ? PLAIN : COMFORTS;
    if (comforts.get(view.state) !== fitting) view.dispatch({ effects: comforts.reconfigure(fitting) });
  }

  function show(document: PolicyDocument): void {
    if (document === shown) return;
    states.set(shown, view.state);
    shown = document;
    view.setState(stateOf(document));
  }

  function repaint(): void {
    const { answer } = checker;
    if (checker.state !== "done" && checker.state !== "idle") return;
    for (const document of session.documents) {
      const source = answer?.sources.indexOf(document) ?? -1;
      // Typed in since it was sent: the old paint moves along until the next answer comes.
      if (answer && source >= 0 && answer.texts[source] !== document.text) continue;
      const paint = answer && source >= 0 ? paintOf(answer.report, source) : NO_PAINT;
      const effects = setPaint.of(paint);
      if (document === shown) {
        view.dispatch({ effects });
        view.dispatch(setDiagnostics(view.state, diagnosticsOf(paint, view.state.doc.length)));
      } else {
        const state = stateOf(document).update({ effects, annotations: Transaction.addToHistory.of(false) }).state;
        states.set(document, state.update(setDiagnostics(state, diagnosticsOf(paint, state.doc.length))).state);
      }
    }
  }

  function scrollToWorst(): void {
    const { answer } = checker;
    if (!worstWanted || checker.state !== "done" || !answer) return;
    worstWanted = false;
    const { statements } = paintOf(answer.report, answer.sources.indexOf(shown));
    const worst = ROLES.map((role) => statements.find((statement) => statement.role === role)).find(Boolean);
    if (worst) view.dispatch({ effects: EditorView.scrollIntoView(worst.span.start, { y: "center" }) });
  }

  function reveal(document: PolicyDocument, place: (state: EditorState) => { from: number; to: number }): void {
    session.activate(document);
    const { from, to } = place(view.state);
    const end = view.state.doc.length;
    view.dispatch({
      // The cursor at the start, where reading begins.
      selection: { anchor: Math.min(to, end), head: Math.min(from, end) },
      effects: EditorView.scrollIntoView(Math.min(from, end), { y: "start", yMargin: 64 }),
    });
    view.focus();
    host.scrollIntoView({ block: "nearest" });
  }

  function showStatement(): boolean {
    const statement = statementAt(view.state, view.state.selection.main.from);
    if (statement) onStatement(statement);
    else announcer.say("Nothing is said about the statement here.");
    return true;
  }

  function step(forward: boolean): void {
    const { documents } = session;
    const start = documents.indexOf(shown);
    for (let distance = 0; distance <= documents.length; distance += 1) {
      const offset = forward ? distance : -distance;
      const document = documents[(start + offset + documents.length) % documents.length];
      if (!document) return;
      const state = document === shown ? view.state : stateOf(document);
      const here = distance === 0 ? state.selection.main.from : forward ? -1 : state.doc.length + 1;
      const next = neighbour(state, here, forward);
      if (!next) continue;
      const { statement } = next;
      reveal(document, () => next);
      announcer.say(plainText(`${ROLE_WORDS[statement.role].name}: ${statementName(statement.index, statement.sid)} in ${document.name}`));
      return;
    }
    announcer.say("No statement is highlighted.");
  }

  session.onChange((change) => {
    if (change === "active" || change === "documents") show(session.active);
  });
  checker.onChange(() => {
    repaint();
    scrollToWorst();
  });

  return {
    element: host,
    focus: () => view.focus(),
    insert(text) {
      view.dispatch({ ...view.state.replaceSelection(text), userEvent: "input.paste" });
      view.focus();
    },
    revealStatement(document, report, statement, span) {
      reveal(document, (state) => placeOf(state, report, statement) ?? { from: span.start, to: span.end });
    },
    revealSpan(document, span) {
      reveal(document, () => ({ from: span.start, to: span.end }));
    },
    showWorst() {
      worstWanted = true;
    },
    format() {
      const text = formatted(view.state.doc.toString());
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, userEvent: "input.paste" });
      view.focus();
    },
    step,
  };
}

function diagnosticsOf({ problems }: Paint, length: number) {
  return problems
    .filter(({ span }) => span.end <= length)
    .map(({ span, severity, message }) => ({ from: span.start, to: span.end, severity, message: plainText(message) }));
}
