/** The JSON editor: one CodeMirror view in a shadow root, one state for each document. */
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { type ChangeSet, Compartment, EditorState, Prec, Transaction, type Extension } from "@codemirror/state";
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
import type { Excerpt } from "../../engine-client";
import type { Announcer } from "../announcer";
import { hasList } from "../answer";
import type { Checker } from "../checker";
import { h } from "../dom/h";
import { plainText } from "../dom/rich-text";
import type { PolicyDocument, Session } from "../session";
import { ROLE_WORDS, ROLES, statementName } from "../words";
import { adopt } from "../../styles/adopt";
import css from "./editor.css?inline";
import { formatted } from "./format";
import { excerptOfPaint, paintOf, type Paint, type PaintedStatement } from "./paint";
import { neighbour, painting, placeOf, setPaint, statementAt } from "./painting";
import { editorTheme } from "./theme";

adopt(css);

/** Above this many characters the text stays plain: colouring it and matching brackets would cost every key. */
export const HIGHLIGHT_LIMIT = 2_000_000;

const COMFORTS: Extension = [json(), bracketMatching(), highlightSelectionMatches()];
const PLAIN: Extension = [];

const NO_PAINT: Paint = { statements: [], problems: [] };

const EMPTY_HINT = `Paste a policy here, or drop files anywhere on the page.

What you have at hand: policy documents, the output of AWS CLI commands, templates and plans, up to 256 MB. The policies in it are found.

In here Tab indents; Escape, then Tab moves on.`;

export interface Editor {
  element: HTMLElement;
  focus(): void;
  /** Whether all of the text is selected: what is pasted takes its place. */
  isAllSelected(): boolean;
  /** Shows a part of a large document's text, to be read and not to be changed. */
  showExcerpt(document: PolicyDocument, excerpt: Excerpt): void;
  /** What is shown of a large document. */
  excerptOf(document: PolicyDocument): Excerpt | undefined;
  /** Takes text as if it had been pasted at the cursor. */
  insert(text: string): void;
  /** Shows a document's statement, selects it and puts the focus there. */
  revealStatement(document: PolicyDocument, report: number, statement: number, span: { start: number; end: number }): void;
  /** Selects a place of a document and puts the focus there. */
  revealSpan(document: PolicyDocument, span: { start: number; end: number }): void;
  /** Scrolls to the worst statement once the next answer is there. The cursor and the focus stay. */
  showWorst(): void;
  /** Scrolls to the worst statement about the chosen principal, in whichever document that is. */
  showChosen(): void;
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
  /** Of large documents, whose places count in the whole text. */
  const excerpts = new WeakMap<PolicyDocument, Excerpt>();
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
    EditorView.updateListener.of(({ docChanged, state, transactions, changes }) => {
      if (!docChanged) return;
      if (transactions.some((transaction) => transaction.isUserEvent("input.paste"))) {
        checker.hurry();
        worstWanted = lengthAdded(changes) > state.doc.length / 2;
      }
      session.edit(shown, state.doc);
      fitComforts();
    }),
  ];

  const view = new EditorView({ state: stateOf(session.active), parent: root, root });

  function stateOf(document: PolicyDocument): EditorState {
    const known = states.get(document);
    if (known) return known;
    const large = document.text.length > HIGHLIGHT_LIMIT;
    const state =
      document.large === null
        ? EditorState.create({ doc: document.text, extensions: [extensions, comforts.of(large ? PLAIN : COMFORTS), placeholder(EMPTY_HINT)] })
        : excerptState({ text: "", line: 1, offset: 0 });
    states.set(document, state);
    return state;
  }

  function excerptState({ text, line }: Excerpt): EditorState {
    return EditorState.create({ doc: text, extensions: [extensions, comforts.of(COMFORTS), readOnlyFrom(line)] });
  }

  /** A place of a document's whole text, as the editor counts. */
  function placed(document: PolicyDocument, { start, end }: { start: number; end: number }): { from: number; to: number } {
    const { offset, text } = excerpts.get(document) ?? { offset: 0, text: null };
    const inside = (place: number): number => Math.max(0, text === null ? place : Math.min(place - offset, text.length));
    return { from: inside(start), to: inside(end) };
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

  /** What the shown report says of a document, where the editor has its text. */
  function paintOn(document: PolicyDocument): Paint {
    const { answer } = checker;
    const source = answer?.sources.indexOf(document) ?? -1;
    if (!answer || source < 0) return NO_PAINT;
    const paint = paintOf(answer.report, answer.inputs[source]?.problems ?? [], source);
    const excerpt = excerpts.get(document);
    return excerpt ? excerptOfPaint(paint, excerpt) : paint;
  }

  function repaint(): void {
    const { answer } = checker;
    // While a check runs, the paint of the one before stays; but a list's principals can be looked at meanwhile.
    const settled = checker.state === "done" || checker.state === "idle" || checker.state === "cancelled" || (answer !== null && hasList(answer));
    if (!settled) return;
    for (const document of session.documents) {
      if (document.large !== null && !excerpts.has(document)) continue;
      const source = answer?.sources.indexOf(document) ?? -1;
      // Typed in since it was sent: the old paint moves along until the next answer comes.
      if (answer && source >= 0 && document.large === null && answer.texts[source] !== document.text) continue;
      const paint = paintOn(document);
      if (document === shown) {
        view.dispatch({ effects: setPaint.of(paint) });
        view.dispatch(setDiagnostics(view.state, diagnosticsOf(paint, view.state.doc.length)));
      } else {
        states.set(document, paintedState(stateOf(document), paint));
      }
    }
  }

  function scrollToWorst(): void {
    const { answer } = checker;
    if (!worstWanted || checker.state !== "done" || !answer) return;
    worstWanted = false;
    scrollTo(worstOf(paintOn(shown)));
  }

  function scrollTo(statement: PaintedStatement | undefined): void {
    if (statement) view.dispatch({ effects: EditorView.scrollIntoView(statement.span.start, { y: "start", yMargin: 96 }) });
  }

  function showChosen(): void {
    const worst = new Map(session.documents.map((document) => [document, worstOf(paintOn(document))]));
    const role = ROLES.find((role) => [...worst.values()].some((statement) => statement?.role === role));
    if (role === undefined || worst.get(shown)?.role === role) return scrollTo(worst.get(shown));
    for (const [document, statement] of worst) {
      if (statement?.role !== role) continue;
      session.activate(document);
      return scrollTo(statement);
    }
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
    isAllSelected() {
      const { from, to } = view.state.selection.main;
      return from === 0 && to === view.state.doc.length;
    },
    insert(text) {
      view.dispatch({ ...view.state.replaceSelection(text), userEvent: "input.paste" });
      view.focus();
    },
    revealStatement(document, report, statement, span) {
      reveal(document, (state) => placeOf(state, report, statement) ?? placed(document, span));
    },
    revealSpan(document, span) {
      reveal(document, () => placed(document, span));
    },
    showExcerpt(document, excerpt) {
      excerpts.set(document, excerpt);
      const paint = paintOn(document);
      const state = paintedState(excerptState(excerpt), paint);
      states.set(document, state);
      if (document !== shown) return;
      view.setState(state);
      scrollTo(worstOf(paint));
    },
    excerptOf: (document) => excerpts.get(document),
    showWorst() {
      worstWanted = true;
    },
    showChosen,
    format() {
      const text = formatted(view.state.doc.toString());
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, userEvent: "input.paste" });
      view.focus();
    },
    step,
  };
}

/** A state that is not in view, painted. */
function paintedState(bare: EditorState, paint: Paint): EditorState {
  const { state } = bare.update({ effects: setPaint.of(paint), annotations: Transaction.addToHistory.of(false) });
  return state.update(setDiagnostics(state, diagnosticsOf(paint, state.doc.length))).state;
}

function worstOf({ statements }: Paint): PaintedStatement | undefined {
  return ROLES.map((role) => statements.find((statement) => statement.role === role)).find(Boolean);
}

/** Lines are numbered as in the whole text. */
function readOnlyFrom(line: number): Extension {
  return [
    EditorState.readOnly.of(true),
    EditorView.contentAttributes.of({ "aria-readonly": "true" }),
    lineNumbers({ formatNumber: (number) => String(number + line - 1) }),
    placeholder("The text around a policy is shown here once it has been found."),
  ];
}

function lengthAdded(changes: ChangeSet): number {
  let length = 0;
  changes.iterChanges((_fromA, _toA, from, to) => (length += to - from));
  return length;
}

function diagnosticsOf({ problems }: Paint, length: number) {
  return problems
    .filter(({ span }) => span.end <= length)
    .map(({ span, severity, message }) => ({ from: span.start, to: span.end, severity, message: plainText(message) }));
}
