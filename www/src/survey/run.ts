/** A survey step by step, on whatever thread: the engine judges, this one tells the news and answers questions. */
import type { DocumentSummary, Survey } from "../engine";
import type { Excerpt, News, Question, Questions } from "./protocol";

/** Policies told of at once: a message of thousands would hold up the page. */
const TOLD_AT_ONCE = 500;

/** Milliseconds of judging between two messages. */
const TURN = 25;

/** A step of fewer milliseconds may be of more principals, up to so many. */
const QUICK = 2;
const FASTEST = 16;

/** UTF-16 code units of an excerpt: more than the longest policy, and nothing for an editor. */
const EXCERPT = 200_000;

export class SurveyRun {
  readonly #survey: Survey;
  readonly #tell: (news: News) => void;
  #judged = 0;
  #total = 0;
  /** Principals judged at once: each call out of the engine has its price, and a hard one must not come with others. */
  #pace = 1;

  constructor(survey: Survey, tell: (news: News) => void) {
    this.#survey = survey;
    this.#tell = tell;
  }

  /** Tells what was found. */
  begin(): void {
    const { inputs, documents, principals } = this.#survey.overview();
    this.#total = principals;
    this.#tell({ kind: "overview", inputs, principals });
    this.#tellDocuments(documents);
  }

  /** Judges for a moment. False once everything has been judged. */
  turn(): boolean {
    const rows = [];
    const end = performance.now() + TURN;
    for (let now = performance.now(); this.#judged < this.#total && now < end; ) {
      const step = this.#survey.step(this.#pace);
      rows.push(...step.rows);
      this.#judged = step.judged;
      const took = performance.now() - now;
      this.#pace = took < QUICK ? Math.min(2 * this.#pace, FASTEST) : 1;
      now += took;
    }
    if (rows.length > 0) this.#tell({ kind: "rows", rows, judged: this.#judged });
    if (this.#judged < this.#total) return true;
    this.#finish();
    return false;
  }

  /** Tells what has become known of the documents by judging, and that nothing more comes. */
  #finish(): void {
    this.#tellDocuments(this.#survey.overview().documents);
    this.#tell({ kind: "done", assumptions: this.#survey.assumptions() });
  }

  #excerpt(document: number): Excerpt {
    return this.#survey.excerpt(document) ?? { text: "", line: 1, offset: 0 };
  }

  #tellDocuments(documents: readonly DocumentSummary[]): void {
    for (let first = 0; first < documents.length; first += TOLD_AT_ONCE) {
      this.#tell({ kind: "documents", first, documents: documents.slice(first, first + TOLD_AT_ONCE) });
    }
  }

  free(): void {
    this.#survey.free();
  }

  answer(question: Question): Questions[keyof Questions]["answer"] {
    switch (question.name) {
      case "report":
        return this.#survey.report(question.ask.row);
      case "json": {
        const { rows, head } = question.ask;
        return `${JSON.stringify({ ...head, ...this.#survey.reportOn(Uint32Array.from(rows)) }, null, 2)}\n`;
      }
      case "excerpt":
        return cut(this.#excerpt(question.ask.document), question.ask.near);
      case "quotes": {
        const { document, places } = question.ask;
        const { text, offset } = this.#excerpt(document);
        return places.map(({ start, end }) => (start < offset ? "" : text.slice(start - offset, end - offset)));
      }
    }
  }
}

/** Keeps what is around a place, whole lines where there are any. */
function cut({ text, line, offset }: Excerpt, near: number | null): Excerpt {
  if (text.length <= EXCERPT) return { text, line, offset };
  const place = Math.min(Math.max(0, (near ?? offset) - offset), text.length);
  const before = Math.max(0, Math.min(place - EXCERPT / 2, text.length - EXCERPT));
  const lineStart = before === 0 ? 0 : text.indexOf("\n", before) + 1;
  const start = lineStart > 0 && lineStart <= place ? lineStart : before;
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < start; at = text.indexOf("\n", at + 1)) lines += 1;
  return { text: text.slice(start, start + EXCERPT), line: line + lines, offset: offset + start };
}
