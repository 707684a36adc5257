// What a browser loads.

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import { wasmFile } from "./engine.mjs";
import { count, table } from "./measure.mjs";

const pageFile = fileURLToPath(new URL("../../www/dist/index.html", import.meta.url));

export function sizes() {
  const files = [
    ["engine, .wasm", wasmFile],
    ["page, one file", pageFile],
  ];
  const rows = files.map(([name, file]) => {
    if (!existsSync(file)) {
      return [name, "not built", "", ""];
    }
    const bytes = readFileSync(file);
    const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
    return [name, count(bytes.length), count(gzipSync(bytes, { level: 9 }).length), count(brotli.length)];
  });
  table("Sizes, in bytes", ["", "raw", "gzip", "brotli"], rows);
}
