// The page as it was built, and the app's frame in it.

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const builtFile = fileURLToPath(new URL("../../../www/dist/index.html", import.meta.url));

/** @returns {string} */
export function builtPage() {
  if (!existsSync(builtFile)) {
    throw new Error("www/dist/index.html is not there: build the page first, with `cargo xtask build` or `npm run build` in www");
  }
  return readFileSync(builtFile, "utf8");
}

/**
 * The frame that holds the app, once the app stands.
 * @param {import("playwright-core").Page} page
 */
export async function appFrame(page) {
  const innermost = () => page.frames().findLast((frame) => frame.childFrames().length === 0);
  await page.waitForFunction(() => document.querySelector("iframe") !== null);
  const frame = innermost();
  await frame.waitForFunction(() => document.querySelector("main") !== null);
  return frame;
}
