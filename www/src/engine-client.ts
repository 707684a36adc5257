// Who runs a check: this thread for small texts, a worker of its own for large ones.

import { type CheckRequest, compileEngine, type Engine, type GuardrailInfo, loadEngine, type Report, type Settings } from "./engine";
import { EngineFailure, engineFailure, failureOf, Superseded } from "./engine-failure";
import type { Answer, Job } from "./worker";
import { startWorker } from "./worker-start";

export { EngineFailure, Superseded } from "./engine-failure";

export interface EngineClient {
  /** Rejects with `Superseded` where a newer check came in between, else with `EngineFailure`. */
  check(request: CheckRequest): Promise<Report>;
  /** Ends the check that runs, which rejects with `Superseded`. */
  cancel(): void;
  guardrails(): Promise<GuardrailInfo[]>;
  defaultSettings(): Promise<Settings>;
  version(): Promise<string>;
}

/** Characters that this thread checks without anyone noticing. */
const SMALL = 64 * 1024;

export function createEngineClient(): EngineClient {
  const engine = load();
  // Every call awaits it and reports what went wrong; here it must only not count as unhandled.
  engine.catch(() => undefined);

  let newest = 0;
  let abandon = () => {};
  // After a trap the instance on this thread is not used again; workers have one of their own each.
  let trappedHere = false;

  function cancel(): void {
    newest += 1;
    abandon();
  }

  async function check(request: CheckRequest): Promise<Report> {
    cancel();
    const mine = newest;
    const here = await engine;
    const module = await compileEngine();
    if (mine !== newest) throw new Superseded();
    const away = trappedHere || sizeOf(request) > SMALL;
    return away ? checkInWorker({ module, request }) : checkHere(here, request);
  }

  function checkHere(here: Engine, request: CheckRequest): Report {
    try {
      return here.check(request);
    } catch (error) {
      const failure = failureOf(error);
      trappedHere = failure.trapped;
      throw engineFailure(failure);
    }
  }

  async function checkInWorker(job: Job): Promise<Report> {
    const worker = startWorker();
    try {
      return await new Promise<Report>((resolve, reject) => {
        abandon = () => reject(new Superseded());
        worker.onmessage = ({ data }: MessageEvent<Answer>) =>
          "report" in data ? resolve(data.report) : reject(engineFailure(data.failure));
        worker.onerror = ({ message }) => reject(engineFailure({ trapped: true, message }));
        worker.postMessage(job);
      });
    } finally {
      // Answered, failed or superseded: its memory would never shrink, and a trap would stay in it.
      worker.terminate();
    }
  }

  return {
    check,
    cancel,
    guardrails: async () => (await engine).guardrails(),
    defaultSettings: async () => (await engine).defaultSettings(),
    version: async () => (await engine).version(),
  };
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

function sizeOf({ documents }: CheckRequest): number {
  return documents.reduce((total, { text }) => total + text.length, 0);
}
