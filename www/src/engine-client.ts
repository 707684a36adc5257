// Who runs a survey: this thread for small texts, a worker of its own for large ones.

import { compileEngine, type Engine, type GuardrailInfo, loadEngine, type Settings } from "./engine";
import { EngineFailure, engineFailure, failureOf } from "./engine-failure";
import type { FromWorker, News, Question, Questions, SurveyRequest, ToWorker } from "./survey/protocol";
import { SurveyRun } from "./survey/run";
import { startWorker } from "./worker-start";

export { EngineFailure } from "./engine-failure";
export type { Excerpt, News, SurveyRequest } from "./survey/protocol";

export interface EngineClient {
  /** Starts a worker ahead of the first large text, once. */
  prepare(): void;
  /** Begins a survey. The one before it ends without another word. */
  survey(request: SurveyRequest, listener: SurveyListener): SurveyHandle;
  guardrails(): Promise<GuardrailInfo[]>;
  defaultSettings(): Promise<Settings>;
  version(): Promise<string>;
}

export interface SurveyListener {
  news(news: News): void;
  /** Nothing more comes. */
  failed(failure: EngineFailure): void;
}

export interface SurveyHandle {
  /** Rejects with an `EngineFailure`, also where the survey has ended. */
  ask<Name extends keyof Questions>(name: Name, ask: Questions[Name]["ask"]): Promise<Questions[Name]["answer"]>;
  /** Judges no further. What has been judged can still be asked about, unless it was stopped before there was anything. */
  stop(): void;
  /** Frees all that it holds. */
  end(): void;
}

/** Characters that this thread judges without anyone noticing. */
const SMALL = 64 * 1024;

/** Milliseconds that a worker has to stop by itself, which keeps what it knows. After that it is ended. */
const STOP_PATIENCE = 60;

const ENDED = "This check has been ended, so nothing more can be told about it. Check again.";

export function createEngineClient(): EngineClient {
  const engine = load();
  // Every call awaits it and reports what went wrong; here it must only not count as unhandled.
  engine.catch(() => undefined);
  /** Waits for the first large text. */
  let ready: Worker | undefined;
  let preparing: Promise<void> | undefined;

  let current: SurveyHandle | undefined;
  // After a trap the instance on this thread is not used again; workers have one of their own each.
  let trappedHere = false;

  /** What goes wrong here is told when there is something to judge. */
  async function prepare(): Promise<void> {
    await engine;
    const module = await compileEngine();
    // Whoever has a large text by now has a worker too.
    if (current === undefined) ready = workerWith(module);
  }

  function survey(request: SurveyRequest, listener: SurveyListener): SurveyHandle {
    current?.end();
    const away = trappedHere || isLarge(request);
    current = away ? surveyAway(request, listener) : surveyHere(request, listener);
    return current;
  }

  function surveyHere(request: SurveyRequest, { news, failed }: SurveyListener): SurveyHandle {
    let ended = false;
    let run: SurveyRun | undefined;

    async function judge(): Promise<void> {
      try {
        const { Survey } = await engine;
        if (ended) return;
        const documents = request.documents.map(({ content, ...rest }) => ({ ...rest, text: String(content) }));
        run = new SurveyRun(new Survey({ documents, settings: request.settings }), news);
        run.begin();
        while (run.turn());
      } catch (error) {
        if (!ended) failed(failureHere(error));
      }
    }
    void judge();

    return {
      async ask(name, ask) {
        if (!run) throw new EngineFailure("Nothing has been judged yet.");
        try {
          return run.answer({ id: 0, name, ask } as Question) as never;
        } catch (error) {
          throw failureHere(error);
        }
      },
      stop() {
        ended = true;
      },
      end() {
        ended = true;
        if (!trappedHere) run?.free();
        run = undefined;
      },
    };
  }

  function failureHere(error: unknown): EngineFailure {
    if (error instanceof EngineFailure) return error;
    const failure = failureOf(error);
    trappedHere = failure.trapped;
    return engineFailure(failure);
  }

  function surveyAway(request: SurveyRequest, { news, failed }: SurveyListener): SurveyHandle {
    const waiting = new Map<number, { resolve(answer: never): void; reject(failure: EngineFailure): void }>();
    let worker: Worker | undefined;
    let ended = false;
    let lastId = 0;
    let patience: ReturnType<typeof setTimeout> | undefined;

    const post = (message: ToWorker): void => worker?.postMessage(message);

    function end(why = new EngineFailure(ENDED)): void {
      ended = true;
      clearTimeout(patience);
      worker?.terminate();
      worker = undefined;
      for (const { reject } of waiting.values()) reject(why);
      waiting.clear();
    }

    function breakOff(failure: EngineFailure): void {
      if (ended) return;
      end(failure);
      failed(failure);
    }

    function hear(message: FromWorker): void {
      // What an ended worker had already sent.
      if (ended) return;
      if ("news" in message) {
        news(message.news);
      } else if ("stopped" in message) {
        clearTimeout(patience);
      } else if ("answer" in message) {
        waiting.get(message.id)?.resolve(message.answer as never);
        waiting.delete(message.id);
      } else if (message.id === null || message.failure.trapped) {
        breakOff(engineFailure(message.failure));
      } else {
        waiting.get(message.id)?.reject(engineFailure(message.failure));
        waiting.delete(message.id);
      }
    }

    async function start(): Promise<void> {
      try {
        await engine;
        const module = await compileEngine();
        if (ended) return;
        worker = ready ?? workerWith(module);
        ready = undefined;
        worker.onmessage = ({ data }: MessageEvent<FromWorker>) => hear(data);
        worker.onerror = ({ message }) => breakOff(engineFailure({ trapped: true, message }));
        post({ request });
      } catch (error) {
        breakOff(error instanceof EngineFailure ? error : engineFailure(failureOf(error)));
      }
    }
    void start();

    return {
      ask(name, ask) {
        if (!worker) return Promise.reject(new EngineFailure(ENDED));
        lastId += 1;
        const id = lastId;
        post({ question: { id, name, ask } as Question });
        return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
      },
      stop() {
        if (!worker) return end();
        post({ stop: true });
        patience = setTimeout(() => end(), STOP_PATIENCE);
      },
      end: () => end(),
    };
  }

  return {
    prepare() {
      preparing ??= prepare().catch(() => undefined);
    },
    survey,
    guardrails: async () => (await engine).guardrails(),
    defaultSettings: async () => (await engine).defaultSettings(),
    version: async () => (await engine).version(),
  };
}

function workerWith(module: WebAssembly.Module): Worker {
  const worker = startWorker();
  worker.postMessage({ module } satisfies ToWorker);
  return worker;
}

async function load(): Promise<Engine> {
  try {
    return await loadEngine();
  } catch (error) {
    throw new EngineFailure(
      `The engine could not start (${failureOf(error).message}), so nothing can be checked. ` +
        "It needs WebAssembly and DecompressionStream, which every browser has since 2023; " +
        "a site that shows this page in its own must allow 'wasm-unsafe-eval'.",
    );
  }
}

function isLarge({ documents }: SurveyRequest): boolean {
  let characters = 0;
  for (const { content } of documents) {
    if (typeof content !== "string") return true;
    characters += content.length;
  }
  return characters > SMALL;
}
