/** What a report says about one text, as the editor paints it: statements by role, deciding elements, problems. */
import type { Excerpt } from "../../engine-client";
import type { DocumentReport, Finding, GuardrailResult, Problem, Report, Span } from "../contract";
import { ROLES, type Role } from "../words";

export interface PaintedStatement {
  readonly span: Span;
  /** The worst of its parts, and all of them with the guardrails they concern. */
  readonly role: Role;
  readonly parts: ReadonlyMap<Role, readonly string[]>;
  readonly index: number;
  readonly sid: string | null;
  readonly document: number;
  readonly marks: readonly { span: Span; role: Role }[];
}

export interface PaintedProblem {
  readonly span: Span;
  readonly severity: "error" | "warning";
  readonly message: string;
}

export interface Paint {
  readonly statements: readonly PaintedStatement[];
  readonly problems: readonly PaintedProblem[];
}

/** All that is said about one statement. */
interface Gathered extends Finding {
  readonly parts: Map<Role, Set<string>>;
  readonly marked: { span: Span; role: Role }[];
}

/** The paint of the text that stood at `source` in the request, with what was not understood in it. */
export function paintOf(report: Report | null, notUnderstood: readonly Problem[], source: number): Paint {
  const { guardrails, documents } = report ?? { guardrails: [], documents: [] };
  const statements = new Map<string, Gathered>();
  for (const guardrail of guardrails) {
    for (const finding of allFindings(guardrail)) {
      if (finding.statement === null || documents[finding.document]?.source !== source) continue;
      const key = `${finding.document}/${finding.statement}`;
      const statement: Gathered = statements.get(key) ?? { ...finding, parts: new Map(), marked: [] };
      statements.set(key, statement);
      const guardrails = statement.parts.get(finding.role) ?? new Set();
      statement.parts.set(finding.role, guardrails.add(guardrail.id));
      statement.marked.push(...finding.marks.map((span) => ({ span, role: finding.role })));
    }
  }
  return {
    statements: [...statements.values()]
      .map(({ span, statement, document, parts, marked }) => ({
        span,
        document,
        index: statement ?? 0,
        sid: sidOf(documents[document], statement),
        role: ROLES.find((role) => parts.has(role)) ?? "note",
        parts: new Map(ROLES.filter((role) => parts.has(role)).map((role) => [role, [...(parts.get(role) ?? [])].sort()])),
        marks: worstMarks(marked),
      }))
      .sort((a, b) => a.span.start - b.span.start),
    problems: [...notUnderstood, ...documents.filter((document) => document.source === source).flatMap(({ problems }) => problems)],
  };
}

/** The part of a paint that falls into an excerpt, placed as the excerpt counts. */
export function excerptOfPaint({ statements, problems }: Paint, { offset, text }: Excerpt): Paint {
  const isInside = ({ span }: { span: Span }): boolean => span.start >= offset && span.end <= offset + text.length;
  const shifted = (span: Span): Span => ({ ...span, start: span.start - offset, end: span.end - offset });
  return {
    statements: statements.filter(isInside).map((statement) => ({
      ...statement,
      span: shifted(statement.span),
      marks: statement.marks.filter(isInside).map(({ span, role }) => ({ span: shifted(span), role })),
    })),
    problems: problems.filter(isInside).map((problem) => ({ ...problem, span: shifted(problem.span) })),
  };
}

function allFindings({ findings, principals = [] }: GuardrailResult): Finding[] {
  return [...findings, ...principals.flatMap((principal) => principal.findings)];
}

export function sidOf(document: DocumentReport | undefined, statement: number | null): string | null {
  return (statement !== null && document?.statements[statement]?.sid) || null;
}

/** One mark for each place: where several guardrails mark it, the worst role's. */
function worstMarks(marks: readonly { span: Span; role: Role }[]): { span: Span; role: Role }[] {
  const places = new Map<string, { span: Span; role: Role }>();
  for (const mark of marks) {
    const key = `${mark.span.start}-${mark.span.end}`;
    const other = places.get(key);
    if (!other || ROLES.indexOf(mark.role) < ROLES.indexOf(other.role)) places.set(key, mark);
  }
  return [...places.values()].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}
