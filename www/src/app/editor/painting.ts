/** Paints a report's statements, marks and problems in a CodeMirror editor, and moves them along while the text changes. */
import { RangeSetBuilder, StateEffect, StateField, type EditorState, type Extension, type Range } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin, WidgetType, type DecorationSet, type ViewUpdate } from "@codemirror/view";
import { h } from "../dom/h";
import { icon } from "../dom/icons";
import { richText } from "../dom/rich-text";
import { guardrailNumbers, ROLE_WORDS, ROLES, statementName, type Role } from "../words";
import type { Paint, PaintedProblem, PaintedStatement } from "./paint";

export const setPaint = StateEffect.define<Paint>();

/** More messages between the lines than this, and the text would drown; the list beside has them all. */
const PROBLEMS_BETWEEN_LINES = 20;

/** AWS takes no policy with as many statements; painting more would freeze the page. */
const STATEMENTS_PAINTED = 2000;

/** An element longer than this is marked at its beginning only. */
const MARKED_LINES = 100;

interface Painted {
  /** Whole statements, as marks that know their statement. */
  statements: DecorationSet;
  /** The deciding elements. */
  marks: DecorationSet;
  /** Labels over statements and messages under problems. */
  widgets: DecorationSet;
}

const NOTHING: Painted = { statements: Decoration.none, marks: Decoration.none, widgets: Decoration.none };

const painted = StateField.define<Painted>({
  create: () => NOTHING,
  update(value, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setPaint)) return paint(transaction.state, effect.value);
    }
    if (!transaction.docChanged) return value;
    return {
      statements: value.statements.map(transaction.changes),
      marks: value.marks.map(transaction.changes),
      widgets: value.widgets.map(transaction.changes),
    };
  },
  provide: (field) => [
    // Marks inside statements: what comes first is nested innermost.
    EditorView.decorations.from(field, ({ marks }) => marks),
    EditorView.decorations.from(field, ({ statements }) => statements),
    EditorView.decorations.from(field, ({ widgets }) => widgets),
  ],
});

/** Tints the lines that one statement has for itself; only those in view, however long the text is. */
const lines = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = linesInView(view);
    }
    update(update: ViewUpdate): void {
      const changed = update.state.field(painted) !== update.startState.field(painted);
      if (changed || update.viewportChanged) this.decorations = linesInView(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

export function painting(onLabel: (statement: PaintedStatement) => void): Extension {
  const clicks = EditorView.domEventHandlers({
    click(event, view) {
      const label = event.target instanceof Element ? event.target.closest(".cm-label") : null;
      const statement = label && statementAt(view.state, view.posAtDOM(label));
      if (!statement) return false;
      onLabel(statement);
      return true;
    },
  });
  return [painted, lines, clicks];
}

/** The painted statement around or at a position. */
export function statementAt(state: EditorState, position: number): PaintedStatement | null {
  let found: PaintedStatement | null = null;
  const line = state.doc.lineAt(position);
  // A label stands at the start of its line, before the statement's first character.
  const to = position === line.from ? line.to : position;
  state.field(painted).statements.between(position, to, (_from, _to, decoration) => {
    found = statementOf(decoration);
    return false;
  });
  return found;
}

/** Where a statement of the last report stands now. */
export function placeOf(state: EditorState, document: number, index: number): { from: number; to: number } | null {
  let place: { from: number; to: number } | null = null;
  state.field(painted).statements.between(0, state.doc.length, (from, to, decoration) => {
    const statement = statementOf(decoration);
    if (statement.document !== document || statement.index !== index) return;
    place = { from, to };
    return false;
  });
  return place;
}

/** The start of the next painted statement after a position, or of the last one before it. */
export function neighbour(state: EditorState, position: number, forward: boolean): { from: number; to: number; statement: PaintedStatement } | null {
  let found: { from: number; to: number; statement: PaintedStatement } | null = null;
  state.field(painted).statements.between(0, state.doc.length, (from, to, decoration) => {
    if (forward ? from <= position : from >= position) return forward ? undefined : false;
    found = { from, to, statement: statementOf(decoration) };
    return forward ? false : undefined;
  });
  return found;
}

function statementOf(decoration: Decoration): PaintedStatement {
  return (decoration.spec as { statement: PaintedStatement }).statement;
}

function paint(state: EditorState, { statements, problems }: Paint): Painted {
  const length = state.doc.length;
  const fits = ({ start, end }: { start: number; end: number }): boolean => start <= end && end <= length;
  const kept = worst(statements.filter(({ span }) => fits(span) && span.start < span.end));
  return {
    statements: Decoration.set(kept.map((statement) => statementRange(state, statement))),
    marks: Decoration.set(
      kept.flatMap(({ marks }) => marks.filter(({ span }) => fits(span)).flatMap((mark) => markRanges(state, mark))),
      true,
    ),
    widgets: Decoration.set(
      [
        ...kept.map((statement) => labelRange(state, statement)),
        ...problems.filter(({ span }) => fits(span)).slice(0, PROBLEMS_BETWEEN_LINES).map((problem) => problemRange(state, problem)),
      ],
      true,
    ),
  };
}

/** All statements, or of very many the worst, in the order of the text. */
function worst(statements: readonly PaintedStatement[]): readonly PaintedStatement[] {
  if (statements.length <= STATEMENTS_PAINTED) return statements;
  return [...statements]
    .sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role))
    .slice(0, STATEMENTS_PAINTED)
    .sort((a, b) => a.span.start - b.span.start);
}

function statementRange(state: EditorState, statement: PaintedStatement): Range<Decoration> {
  const shared = ownsItsLines(state, statement.span.start, statement.span.end) ? "" : " cm-statement-inline";
  return Decoration.mark({
    class: `cm-statement${shared} role-${statement.role}`,
    attributes: { "data-statement": `${statement.document}/${statement.index}`, "data-role": statement.role },
    statement,
  }).range(statement.span.start, statement.span.end);
}

/** One range a line, without its indentation, which would be underlined too. */
function markRanges(state: EditorState, { span, role }: { span: { start: number; end: number }; role: Role }): Range<Decoration>[] {
  const mark = Decoration.mark({
    class: `cm-deciding role-${role}`,
    attributes: { title: `This decides: ${ROLE_WORDS[role].meaning}` },
  });
  const ranges: Range<Decoration>[] = [];
  const last = state.doc.lineAt(span.end).number;
  for (let number = state.doc.lineAt(span.start).number; number <= last && ranges.length < MARKED_LINES; number += 1) {
    const line = state.doc.line(number);
    const indent = line.text.search(/\S/);
    const from = Math.max(span.start, line.from + Math.max(0, indent));
    const to = Math.min(span.end, line.to);
    if (from < to) ranges.push(mark.range(from, to));
  }
  return ranges;
}

function labelRange(state: EditorState, statement: PaintedStatement): Range<Decoration> {
  const line = state.doc.lineAt(statement.span.start);
  const own = opensItsLine(state, statement.span.start);
  const widget = new Label(statement, own, statement.span.start - line.from);
  if (own) return Decoration.widget({ widget, block: true, side: -1 }).range(line.from);
  return Decoration.widget({ widget, side: -1 }).range(statement.span.start);
}

function problemRange(state: EditorState, problem: PaintedProblem): Range<Decoration> {
  const line = state.doc.lineAt(problem.span.start);
  return Decoration.widget({ widget: new Message(problem), block: true, side: 1 }).range(line.to);
}

function opensItsLine(state: EditorState, start: number): boolean {
  const line = state.doc.lineAt(start);
  // In text of one very long line there is no need to copy it to know.
  return start - line.from < 1000 && /^\s*$/.test(state.sliceDoc(line.from, start));
}

function ownsItsLines(state: EditorState, start: number, end: number): boolean {
  const last = state.doc.lineAt(end);
  return opensItsLine(state, start) && last.to - end < 1000 && /^[\s,\]}]*$/.test(state.sliceDoc(end, last.to));
}

function linesInView(view: EditorView): DecorationSet {
  const { doc } = view.state;
  const builder = new RangeSetBuilder<Decoration>();
  let done = -1;
  for (const { from, to } of view.visibleRanges) {
    view.state.field(painted).statements.between(from, to, (start, end, decoration) => {
      if (!ownsItsLines(view.state, start, end)) return;
      const line = LINES[statementOf(decoration).role];
      let at = doc.lineAt(Math.max(start, from)).from;
      while (at <= Math.min(end, to)) {
        if (at > done) builder.add(at, at, line);
        done = Math.max(done, at);
        at = doc.lineAt(at).to + 1;
      }
    });
  }
  return builder.finish();
}

const LINES: Readonly<Record<Role, Decoration>> = {
  grants: Decoration.line({ class: "cm-painted role-grants" }),
  gap: Decoration.line({ class: "cm-painted role-gap" }),
  shadowed: Decoration.line({ class: "cm-painted role-shadowed" }),
  denies: Decoration.line({ class: "cm-painted role-denies" }),
  note: Decoration.line({ class: "cm-painted role-note" }),
};

/** Says in words what the paint says in colour: role, guardrails, statement number, Sid. */
class Label extends WidgetType {
  readonly #statement: PaintedStatement;
  /** On a line of its own, or in the middle of one. */
  readonly #between: boolean;
  readonly #indent: number;

  constructor(statement: PaintedStatement, between: boolean, indent: number) {
    super();
    this.#statement = statement;
    this.#between = between;
    this.#indent = indent;
  }

  override eq(other: Label): boolean {
    return this.#words() === other.#words() && this.#between === other.#between && this.#indent === other.#indent;
  }

  override toDOM(): HTMLElement {
    const { role, parts, index, sid } = this.#statement;
    const element = h(
      "span",
      { class: `cm-label role-${role}`, title: "Show what is said about this statement" },
      [...parts].map(([part, guardrails]) =>
        h(
          "span",
          { class: `cm-part role-${part}` },
          icon(part),
          h("b", null, ROLE_WORDS[part].name),
          h("span", { class: "cm-guardrails" }, guardrailNumbers(guardrails)),
        ),
      ),
      h("span", { class: "cm-name" }, richText(statementName(index, sid))),
    );
    if (!this.#between) return element;
    element.style.setProperty("--indent", `${Math.min(this.#indent, 12)}ch`);
    return h("div", { class: "cm-between" }, element);
  }

  override get estimatedHeight(): number {
    return this.#between ? 32 : -1;
  }

  override ignoreEvent(): boolean {
    return false;
  }

  #words(): string {
    const { parts, index, sid, document } = this.#statement;
    return JSON.stringify([[...parts], index, sid, document]);
  }
}

/** A problem's message, under the line it is on. */
class Message extends WidgetType {
  readonly #problem: PaintedProblem;

  constructor(problem: PaintedProblem) {
    super();
    this.#problem = problem;
  }

  override eq(other: Message): boolean {
    return this.#problem.message === other.#problem.message && this.#problem.severity === other.#problem.severity;
  }

  override toDOM(): HTMLElement {
    const { severity, message } = this.#problem;
    const error = severity === "error";
    const text = h("span", null, h("b", null, error ? "Error: " : "Warning: "), richText(message));
    return h("div", { class: "cm-between" }, h("span", { class: `cm-message cm-message-${severity}` }, icon(error ? "fail" : "warn"), text));
  }

  override get estimatedHeight(): number {
    return 32;
  }
}
