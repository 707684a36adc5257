/** What a survey has found and judged so far, and what it is about. */
import type { Text } from "@codemirror/state";
import type { SurveyHandle } from "../engine-client";
import type { DocumentKind, DocumentSummary, InputReport, Report } from "./contract";
import { PrincipalRows } from "./principal-rows";
import type { PageSettings, PolicyDocument } from "./session";

export interface Answer {
  /** Spans of a source are offsets in `texts`, or in the large text that nobody on this thread has read. */
  readonly sources: readonly PolicyDocument[];
  /** The sources' texts as they were sent; a source may have been typed in since. Null for large ones. */
  readonly texts: readonly (Text | null)[];
  readonly settings: PageSettings;
  /** When it was asked for, ISO 8601. */
  readonly at: string;
  /** To ask for more. */
  readonly handle: SurveyHandle;
  inputs: readonly InputReport[];
  /** The policies found; they come in by and by. */
  readonly documents: DocumentSummary[];
  /** What was found in each source. */
  readonly found: Found[];
  readonly rows: PrincipalRows;
  /** How many principals there are to judge. */
  principals: number;
  /** All of them have been judged. */
  complete: boolean;
  assumptions: readonly string[];
  /** Index of the principal's row that `report` is about; null before there is one. */
  selected: number | null;
  report: Report | null;
}

/** The policies of one source, in short. */
export interface Found {
  policies: number;
  kinds: Set<DocumentKind>;
  errors: number;
}

export function newAnswer(about: Pick<Answer, "sources" | "texts" | "settings" | "at" | "handle">): Answer {
  return {
    ...about,
    inputs: [],
    documents: [],
    found: [],
    rows: new PrincipalRows(),
    principals: 0,
    complete: false,
    assumptions: [],
    selected: null,
    report: null,
  };
}

/** Puts documents in their places, `first` onwards; they may have been told of before, with less known. */
export function setDocuments(answer: Answer, first: number, documents: readonly DocumentSummary[]): void {
  if (first === 0) answer.found.length = 0;
  documents.forEach((document, position) => {
    answer.documents[first + position] = document;
    const found = (answer.found[document.source] ??= { policies: 0, kinds: new Set(), errors: 0 });
    found.policies += 1;
    found.errors += document.errors;
    if (document.kind) found.kinds.add(document.kind);
  });
}

/** What was found in a document of the session, if it has been looked at. */
export function foundIn(answer: Answer | null, document: PolicyDocument): Found | undefined {
  return answer?.found[answer.sources.indexOf(document)];
}

/** Index among all policies of one that the shown report counts from its own first. */
export function documentOf(answer: Answer, document: number): number | undefined {
  return answer.selected === null ? undefined : answer.rows.byIndex(answer.selected)?.documents[document];
}

/** More than one principal: there is a list to choose from. */
export function hasList({ principals }: Pick<Answer, "principals">): boolean {
  return principals > 1;
}
