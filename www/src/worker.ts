// One survey away from the page's thread. The client starts a worker for each, and ends it before the next.
// The first is started before there is anything to survey, and gets the engine up to speed meanwhile.

import { initSync, Survey, Utf8 } from "./engine/iam_guardrails_wasm.js";
import { type Failure, failureOf } from "./engine-failure";
import type { FromWorker, News, Question, SurveyRequest, SurveyText, ToWorker } from "./survey/protocol";
import { encode, readUtf8 } from "./survey/reading";
import { SurveyRun } from "./survey/run";
import { warmUp } from "./survey/warm-up";

let run: SurveyRun | undefined;
let asked = false;
let stopped = false;

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if ("module" in data) void prepare(data.module);
  else if ("request" in data) void survey(data.request);
  else if ("question" in data) answer(data.question);
  else stopped = true;
};

async function prepare(module: WebAssembly.Module): Promise<void> {
  try {
    initSync({ module });
    for (const _ of warmUp()) {
      await otherMessages();
      if (asked) return;
    }
  } catch (error) {
    fail(null, failureOf(error));
  }
}

async function survey(request: SurveyRequest): Promise<void> {
  asked = true;
  try {
    const documents = await read(request.documents);
    tell({ kind: "finding" });
    run = new SurveyRun(new Survey({ documents, settings: request.settings }), tell);
    run.begin();
    // Between two turns the messages that have come in meanwhile have theirs.
    while (!stopped && run.turn()) await otherMessages();
    if (stopped) post({ stopped: true });
  } catch (error) {
    fail(null, failureOf(error));
  }
}

async function read(texts: readonly SurveyText[]) {
  const of = texts.reduce((total, { content }) => total + (typeof content === "string" ? 0 : content.size), 0);
  let before = 0;
  const documents = [];
  for (const { content, ...rest } of texts) {
    if (typeof content === "string") {
      documents.push({ ...rest, bytes: encode(content) });
    } else {
      const bytes = new Utf8(content.size);
      await readUtf8(content, (piece) => bytes.append(piece), (read) => tell({ kind: "reading", bytes: before + read, of }));
      before += content.size;
      documents.push({ ...rest, bytes });
    }
  }
  return documents;
}

function answer(question: Question): void {
  try {
    if (run) post({ id: question.id, answer: run.answer(question) });
  } catch (error) {
    fail(question.id, failureOf(error));
  }
}

function tell(news: News): void {
  post({ news });
}

function fail(id: number | null, failure: Failure): void {
  post({ id, failure });
}

function post(message: FromWorker): void {
  self.postMessage(message);
}

/** A task of its own, without the delay of a timer. */
function otherMessages(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
