/** What is said between the page and whoever runs a survey: this thread, or a worker. All of it is plain data. */
import type { DocumentKind, DocumentSummary, Overview, PrincipalRow, Report, Settings } from "../engine";
import type { Failure } from "../engine-failure";

/** One text to survey. A file stays unread until a worker reads it. */
export interface SurveyText {
  name: string;
  content: string | Blob;
  kind: "auto" | DocumentKind;
  attachedTo?: string;
}

export interface SurveyRequest {
  documents: SurveyText[];
  settings: Settings;
}

/**
 * How a survey gets on: reading, finding, `overview`, `documents` by and by, `rows` by and by, the documents again with
 * what is known of them by then, `done`.
 */
export type News =
  | { kind: "reading"; bytes: number; of: number }
  | { kind: "finding" }
  | { kind: "overview"; inputs: Overview["inputs"]; principals: number }
  | { kind: "documents"; first: number; documents: DocumentSummary[] }
  | { kind: "rows"; rows: PrincipalRow[]; judged: number }
  | { kind: "done"; assumptions: string[] };

/** What can be asked of a survey that has begun to judge. */
export interface Questions {
  /** The full report on one principal, by the index of its row. */
  report: { ask: { row: number }; answer: Report };
  /** The whole report on some principals as JSON, under what is said before it. Written where it is made: it may be long. */
  json: { ask: { rows: number[]; head: object }; answer: string };
  /** The pasted text around a policy, by its index in the overview. */
  excerpt: { ask: { document: number; near: number | null }; answer: Excerpt };
  /** What stands at some places of a policy; empty where a place is outside of it. */
  quotes: { ask: { document: number; places: Place[] }; answer: string[] };
}

/** Offsets in UTF-16 code units of a pasted text. */
export interface Place {
  start: number;
  end: number;
}

/** A part of a pasted text: its first line's number, and its offset in UTF-16 code units. */
export interface Excerpt {
  text: string;
  line: number;
  offset: number;
}

export type Question = { [Name in keyof Questions]: { id: number; name: Name; ask: Questions[Name]["ask"] } }[keyof Questions];

/** A worker gets the engine, and by and by one request; what it is asked then is about that. */
export type ToWorker = { module: WebAssembly.Module } | { request: SurveyRequest } | { stop: true } | { question: Question };

export type FromWorker = { news: News } | { stopped: true } | { id: number; answer: Questions[keyof Questions]["answer"] } | { id: number | null; failure: Failure };
