// The engine as it is built for the page, loaded into Node.

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = new URL("../../www/src/engine/", import.meta.url);
export const wasmFile = fileURLToPath(new URL("iam_guardrails_wasm_bg.wasm", folder));

if (!existsSync(wasmFile)) {
  console.error("the engine is not built: `cargo xtask bench` builds it");
  process.exit(1);
}
const glue = await import(new URL("iam_guardrails_wasm.js", folder));
const exports = glue.initSync({ module: readFileSync(wasmFile) });

/** The time of every check, so that each run decides the same. */
export const NOW = "2026-01-01T00:00:00Z";

/** @param {{documents: object[], settings?: object}} request */
export function check({ documents, settings }) {
  return glue.check({ documents, settings: { now: NOW, ...settings } });
}

/** A check in steps. */
export function survey({ documents, settings }) {
  return new glue.Survey({ documents, settings: { now: NOW, ...settings } });
}

/** Bytes that the engine has taken so far; WebAssembly gives none back. */
export function memory() {
  return exports.memory.buffer.byteLength;
}
