/** Runs a check whenever the session has changed, and tells how it stands. */
import type { Text } from "@codemirror/state";
import { Superseded, type EngineClient } from "../engine-client";
import type { CheckRequest, Report, Settings } from "./contract";
import { isBlank, type PageSettings, type PolicyDocument, type Session } from "./session";

export type CheckState = "idle" | "checking" | "done" | "cancelled" | "failed";

/** A report, and what it is about: its spans are offsets in `texts[document.source]`. */
export interface Answer {
  report: Report;
  sources: readonly PolicyDocument[];
  /** The sources' texts as they were checked; a source may have been typed in since. */
  texts: readonly Text[];
  settings: PageSettings;
}

/** Wait this long after a key, so that a word is one check. */
const TYPING_PAUSE = 250;
/** Large texts are copied out of the editor for a check: not at every pause. */
const LARGE_TYPING_PAUSE = 900;
const LARGE = 1_000_000;
/** A check that takes longer than this says that it runs. */
const PATIENCE = 150;

export class Checker {
  state: CheckState = "idle";
  answer: Answer | null = null;
  /** Why there is no report, where `state` is "failed". */
  failure = "";

  readonly #client: EngineClient;
  readonly #session: Session;
  readonly #listeners: (() => void)[] = [];
  #pause: ReturnType<typeof setTimeout> | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #hurry = false;

  constructor(client: EngineClient, session: Session) {
    this.#client = client;
    this.#session = session;
    session.onChange((change) => {
      if (change !== "active") this.#schedule();
    });
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** The next change is a paste, a drop or an example: check it at once. */
  hurry(): void {
    this.#hurry = true;
  }

  /** Checks now. */
  run(): void {
    clearTimeout(this.#pause);
    void this.#check();
  }

  /** Ends the check that runs. What is shown stays. */
  cancel(): void {
    clearTimeout(this.#pause);
    this.#client.cancel();
    this.#become("cancelled");
  }

  #schedule(): void {
    clearTimeout(this.#pause);
    const pause = this.#hurry ? 0 : this.#typingPause();
    this.#pause = setTimeout(() => void this.#check(), pause);
  }

  #typingPause(): number {
    return this.#session.active.text.length > LARGE ? LARGE_TYPING_PAUSE : TYPING_PAUSE;
  }

  async #check(): Promise<void> {
    this.#hurry = false;
    const sources = this.#session.documents.filter((document) => !isBlank(document));
    if (sources.length === 0) {
      this.answer = null;
      this.#become("idle");
      return;
    }
    const texts = sources.map(({ text }) => text);
    const { settings } = this.#session;
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.#become("checking"), PATIENCE);
    try {
      const report = await this.#client.check(requestOf(sources, settings));
      this.answer = { report, sources, texts, settings };
      this.#become("done");
    } catch (error) {
      if (error instanceof Superseded) return;
      this.failure = error instanceof Error ? error.message : String(error);
      this.#become("failed");
    }
  }

  #become(state: CheckState): void {
    clearTimeout(this.#patience);
    this.state = state;
    for (const listener of this.#listeners) listener();
  }
}

function requestOf(sources: readonly PolicyDocument[], { now, ...settings }: PageSettings): CheckRequest {
  return {
    documents: sources.map(({ name, text, kind, attachedTo }) => ({
      name,
      text: text.toString(),
      kind,
      ...(attachedTo.trim() === "" ? {} : { attachedTo: attachedTo.trim() }),
    })),
    settings: now === "" ? settings : ({ ...settings, now } satisfies Settings),
  };
}
