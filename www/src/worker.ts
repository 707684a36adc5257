// One check away from the main thread. The client starts a worker for each job and ends it after the answer.

import { check, initSync } from "./engine/iam_guardrails_wasm.js";
import type { CheckRequest, Report } from "./engine/iam_guardrails_wasm.js";
import { type Failure, failureOf } from "./engine-failure";

export interface Job {
  module: WebAssembly.Module;
  request: CheckRequest;
}

export type Answer = { report: Report } | { failure: Failure };

self.onmessage = ({ data }: MessageEvent<Job>) => self.postMessage(answer(data));

function answer({ module, request }: Job): Answer {
  try {
    initSync({ module });
    return { report: check(request) };
  } catch (error) {
    return { failure: failureOf(error) };
  }
}
