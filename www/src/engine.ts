// The engine, a WebAssembly module that is part of the page: nothing is fetched.

import { defaultSettings, guardrails, initSync, Survey, version } from "./engine/iam_guardrails_wasm.js";
import wasm from "virtual:engine-wasm";

export type * from "./engine/iam_guardrails_wasm.js";

const engine = { Survey, guardrails, defaultSettings, version };

/** The contract over the WebAssembly boundary; every call runs on the calling thread. */
export type Engine = typeof engine;

let compiling: Promise<WebAssembly.Module> | undefined;

/** The compiled module, which a worker can instantiate again without compiling it. */
export function compileEngine(): Promise<WebAssembly.Module> {
  compiling ??= compile();
  return compiling;
}

/** The engine on this thread: one instance, however often it is asked for. */
export async function loadEngine(): Promise<Engine> {
  initSync({ module: await compileEngine() });
  return engine;
}

function compile(): Promise<WebAssembly.Module> {
  const zipped = Uint8Array.from(atob(wasm), (character) => character.charCodeAt(0));
  const bytes = new Blob([zipped]).stream().pipeThrough(new DecompressionStream("gzip"));
  return WebAssembly.compileStreaming(new Response(bytes, { headers: { "Content-Type": "application/wasm" } }));
}
