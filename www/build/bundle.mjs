// Vite turns one entry and all it imports into one classic script.

import { build } from "vite";

/**
 * @param {string} root
 * @param {string} entry relative to `root`
 * @param {Record<string, string>} virtual what `virtual:NAME` imports give, each a string
 * @returns {Promise<string>}
 */
export async function bundle(root, entry, virtual) {
  const result = await build({
    root,
    configFile: false,
    logLevel: "warn",
    plugins: [virtualModules(virtual)],
    build: {
      write: false,
      target: ["chrome103", "firefox113", "safari16.4"],
      modulePreload: false,
      rolldownOptions: { input: entry, output: { format: "iife" } },
    },
  });
  // The engine's glue names the .wasm file for those who fetch it; the page has it as a string.
  const [chunk, ...others] = result.output.filter((file) => !file.fileName.endsWith(".wasm"));
  if (others.length > 0) {
    throw new Error(
      `${entry} brings files beside its script: ${others.map((file) => file.fileName).join(", ")}. ` +
        "The page is one file: import styles with `?inline` and everything else as a string.",
    );
  }
  return chunk.code;
}

/** @param {Record<string, string>} modules */
function virtualModules(modules) {
  return {
    name: "virtual-modules",
    resolveId: (/** @type {string} */ id) => (id.startsWith("virtual:") ? `\0${id}` : undefined),
    load: (/** @type {string} */ id) =>
      id.startsWith("\0virtual:") ? `export default ${JSON.stringify(modules[id.slice("\0virtual:".length)])}` : undefined,
  };
}
