// Builds dist/index.html: the whole page in one sealed file. The engine must have been built into src/engine.

import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { bundle } from "./bundle.mjs";
import { seal } from "./seal.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const read = (/** @type {string} */ file) => readFile(join(root, file), "utf8");

const wasm = await readFile(join(root, "src/engine/iam_guardrails_wasm_bg.wasm"));
const worker = await bundle(root, "src/worker.ts", {});
const app = await bundle(root, "src/main.ts", {
  "engine-wasm": gzip(wasm).toString("base64"),
  "worker-script": worker,
});

const page = seal({
  outer: await read("shell/outer.html"),
  inner: await read("shell/inner.html"),
  style: await read("shell/outer.css"),
  address: await read("shell/address.js"),
  lockdown: await read("shell/lockdown.js"),
  app,
});

await mkdir(join(root, "dist"), { recursive: true });
await writeFile(join(root, "dist/index.html"), page);

console.log(`engine  ${size(wasm)}`);
console.log(`page    ${size(Buffer.from(page))}`);
console.log(`sha256  ${createHash("sha256").update(page).digest("hex")}  dist/index.html`);

/** Gzip with the same bytes on every system: the header's last byte names the one it was made on. */
function gzip(/** @type {Buffer} */ bytes) {
  const zipped = gzipSync(bytes, { level: 9 });
  zipped[9] = 255;
  return zipped;
}

function size(/** @type {Buffer} */ bytes) {
  return `${bytes.length} bytes, ${gzip(bytes).length} gzipped`;
}
