/** Surveys the session whenever it has changed, and tells how that stands. */
import type { EngineClient, News, SurveyHandle, SurveyRequest } from "../engine-client";
import { newAnswer, setDocuments, type Answer } from "./answer";
import type { Settings } from "./contract";
import { isBlank, type PageSettings, type PolicyDocument, type Session } from "./session";

export type { Answer } from "./answer";

export type CheckState = "idle" | "checking" | "done" | "cancelled" | "failed";

/** How far the check has come: bytes, then nothing that can be counted, then principals. */
export interface Progress {
  phase: "reading" | "finding" | "judging";
  done: number;
  of: number;
}

/** Wait this long after a key, so that a word is one check. */
const TYPING_PAUSE = 250;
/** Large texts are copied out of the editor for a check: not at every pause. */
const LARGE_TYPING_PAUSE = 900;
const LARGE = 1_000_000;
/** A check that takes longer than this says that it runs. */
const PATIENCE = 150;
/** Milliseconds between two looks at how far it has come: each draws a part of the page anew. */
const PROGRESS_PAUSE = 120;
/** Milliseconds after which whoever has not been told yet is told in a task of its own. */
const SLICE = 10;

export class Checker {
  state: CheckState = "idle";
  /** The newest answer that can be shown: a whole one, or one of many principals that grows. */
  answer: Answer | null = null;
  progress: Progress = { phase: "finding", done: 0, of: 0 };
  /** Why there is no report, where `state` is "failed". */
  failure = "";

  readonly #client: EngineClient;
  readonly #session: Session;
  readonly #listeners: (() => void)[] = [];
  readonly #progressListeners: (() => void)[] = [];
  #coming: Answer | null = null;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #progressPause: ReturnType<typeof setTimeout> | undefined;
  #telling: ReturnType<typeof setTimeout> | undefined;
  #hurry = false;

  constructor(client: EngineClient, session: Session) {
    this.#client = client;
    this.#session = session;
    session.onChange((change) => {
      if (change !== "active") this.#schedule();
    });
  }

  /** The state has changed, or what is shown. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** The check has come a little further: policies and rows may have come in. */
  onProgress(listener: () => void): void {
    this.#progressListeners.push(listener);
  }

  /** The next change is a paste, a drop or an example: check it at once. */
  hurry(): void {
    this.#hurry = true;
  }

  /** Checks now. */
  run(): void {
    clearTimeout(this.#pause);
    this.#check();
  }

  /** Ends the check that runs. What has been judged stays, and where that is nothing, what was shown before. */
  cancel(): void {
    clearTimeout(this.#pause);
    const coming = this.#coming;
    this.#coming = null;
    if (coming && coming.rows.length > 0) {
      coming.handle.stop();
      this.answer = coming;
      this.#become("cancelled");
      void this.#chooseOne(coming).then(() => this.answer === coming && this.#tell());
    } else {
      coming?.handle.end();
      this.#become("cancelled");
    }
  }

  /** Shows the report on one principal. Rejects where it cannot be had any more. */
  async select(row: number): Promise<void> {
    const { answer } = this;
    if (!answer || answer.selected === row) return;
    answer.selected = row;
    this.#tell();
    const report = await answer.handle.ask("report", { row });
    // Another one may have been chosen meanwhile, or all be different.
    if (this.answer !== answer || answer.selected !== row) return;
    answer.report = report;
    this.#tell();
  }

  #schedule(): void {
    clearTimeout(this.#pause);
    const pause = this.#hurry ? 0 : this.#typingPause();
    this.#pause = setTimeout(() => this.#check(), pause);
  }

  #typingPause(): number {
    return this.#session.active.text.length > LARGE ? LARGE_TYPING_PAUSE : TYPING_PAUSE;
  }

  #check(): void {
    this.#hurry = false;
    this.#coming?.handle.end();
    this.#coming = null;
    const sources = this.#session.documents.filter((document) => !isBlank(document) && !document.aside);
    if (sources.length === 0) {
      this.answer?.handle.end();
      this.answer = null;
      this.#become("idle");
      return;
    }
    const { settings } = this.#session;
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.#become("checking"), PATIENCE);
    this.progress = { phase: "finding", done: 0, of: 0 };

    let coming: Answer | null = null;
    const handle: SurveyHandle = this.#client.survey(requestOf(sources, settings), {
      news: (news) => coming && coming === this.#coming && this.#hear(coming, news),
      failed: ({ message }) => {
        if (!coming || (coming !== this.#coming && coming !== this.answer)) return;
        this.#coming = null;
        this.failure = message;
        this.#become("failed");
      },
    });
    coming = newAnswer({ sources, texts: sources.map(({ text, large }) => (large === null ? text : null)), settings, at: new Date().toISOString(), handle });
    this.#coming = coming;
  }

  #hear(coming: Answer, news: News): void {
    switch (news.kind) {
      case "reading":
        this.progress = { phase: "reading", done: news.bytes, of: news.of };
        break;
      case "finding":
        this.progress = { phase: "finding", done: 0, of: 0 };
        break;
      case "overview":
        coming.inputs = news.inputs;
        coming.principals = news.principals;
        break;
      case "documents":
        setDocuments(coming, news.first, news.documents);
        break;
      case "rows":
        coming.rows.add(news.rows);
        this.progress = { phase: "judging", done: news.judged, of: coming.principals };
        // Of many principals the first are worth seeing before the last are judged.
        if (news.judged < coming.principals && this.answer !== coming) {
          this.answer = coming;
          this.#become("checking");
        }
        break;
      case "done":
        coming.assumptions = news.assumptions;
        coming.complete = true;
        void this.#finish(coming);
        return;
    }
    this.#progressPause ??= setTimeout(() => this.#tellProgress(), PROGRESS_PAUSE);
  }

  #tellProgress(): void {
    clearTimeout(this.#progressPause);
    this.#progressPause = undefined;
    for (const listener of this.#progressListeners) listener();
  }

  async #finish(coming: Answer): Promise<void> {
    await this.#chooseOne(coming);
    if (coming !== this.#coming) return;
    this.#coming = null;
    this.answer = coming;
    // Nothing is left to ask: a worker's memory is given back.
    const hasAll = coming.principals === 1 && coming.report?.documents.length === coming.documents.length;
    if (hasAll && !coming.texts.includes(null)) coming.handle.end();
    this.#become("done");
  }

  /** Who has chosen nobody sees the principal that was shown before, or else the worst. */
  async #chooseOne(coming: Answer): Promise<void> {
    const before = this.#shownBefore(coming);
    const row = before ?? coming.rows.worst;
    if (coming.selected !== null || !row) return;
    try {
      const report = await coming.handle.ask("report", { row: row.index });
      if (coming.selected !== null) return;
      coming.selected = row.index;
      coming.report = report;
    } catch {
      // The list stands by itself.
    }
  }

  #shownBefore(coming: Answer) {
    const { answer } = this;
    if (!answer || answer === coming || answer.selected === null) return undefined;
    const before = answer.rows.byIndex(answer.selected);
    const now = coming.rows.byIndex(answer.selected);
    const same = before !== undefined && now?.name === before.name && now.principal === before.principal;
    // Only a choice is kept: without one the worst is shown.
    return same && before.index !== answer.rows.worst?.index ? now : undefined;
  }

  #become(state: CheckState): void {
    clearTimeout(this.#patience);
    clearTimeout(this.#progressPause);
    this.#progressPause = undefined;
    this.state = state;
    this.#tell();
  }

  /** Tells everyone, in several tasks where it takes long: typing and scrolling come in between. */
  #tell(): void {
    clearTimeout(this.#telling);
    const left = [...this.#listeners];
    const tellSome = (): void => {
      const end = performance.now() + SLICE;
      while (performance.now() < end) {
        const listener = left.shift();
        if (!listener) return;
        listener();
      }
      this.#telling = setTimeout(tellSome);
    };
    tellSome();
  }
}

function requestOf(sources: readonly PolicyDocument[], { now, ...settings }: PageSettings): SurveyRequest {
  return {
    documents: sources.map(({ name, text, large, kind, attachedTo }) => ({
      name,
      content: large ?? text.toString(),
      kind,
      ...(attachedTo.trim() === "" ? {} : { attachedTo: attachedTo.trim() }),
    })),
    settings: now === "" ? settings : ({ ...settings, now } satisfies Settings),
  };
}
