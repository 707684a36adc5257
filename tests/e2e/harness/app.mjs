// What a person does with the page, and sees there.

import { pathToFileURL } from "node:url";

import { appFrame, builtFile } from "./built-page.mjs";

/** @typedef {import("playwright-core").Frame} Frame */
/** @typedef {import("@axe-core/playwright").AxeBuilder} AxeBuilder */

/** A policy document as people lay it out. @param {object[]} statements */
export const policy = (...statements) => JSON.stringify({ Version: "2012-10-17", Statement: statements }, null, 2);

/** @param {Frame} frame */
export const editorOf = (frame) => frame.locator(".cm-content");

/** Pastes over all that stands in the editor. @param {Frame} frame @param {string} text */
export async function paste(frame, text) {
  const pasteIt = await copied(frame, text);
  await pasteIt();
}

/** A text on the clipboard, and the way to paste it: to get 10 MB there takes the driver long. @param {Frame} frame @param {string} text */
export async function copied(frame, text) {
  const clipboard = await frame.evaluateHandle((copied) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", copied);
    return clipboardData;
  }, text);
  return async () => {
    await editorOf(frame).press("ControlOrMeta+a");
    await editorOf(frame).evaluate((content, clipboardData) => {
      content.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true, composed: true }));
    }, clipboard);
  };
}

/**
 * Drops files anywhere on the page.
 * @param {Frame} frame
 * @param {Record<string, string | number[]>} files texts, or bytes, by name
 */
export async function drop(frame, files) {
  const dataTransfer = await frame.evaluateHandle((entries) => {
    const data = new DataTransfer();
    for (const [name, content] of entries) data.items.add(new File([typeof content === "string" ? content : new Uint8Array(content)], name));
    return data;
  }, Object.entries(files));
  for (const event of ["dragenter", "dragover", "drop"]) await frame.dispatchEvent("main", event, { dataTransfer });
}

/** Waits until a check has come to its end. @param {Frame} frame */
export const judged = (frame) => frame.locator('.results[data-state="done"]').waitFor({ timeout: 120_000 });

/**
 * Waits until the guardrail's card shows the verdict.
 * @param {Frame} frame
 * @param {string} guardrail
 * @param {string} verdict
 */
export async function expectVerdict(frame, guardrail, verdict) {
  const card = frame.locator(`#${guardrail.toLowerCase()}`);
  try {
    await card.and(frame.locator(`[data-verdict="${verdict}"]`)).waitFor({ timeout: 10_000 });
  } catch {
    throw new Error(`${guardrail} should be ${verdict}, and is ${await card.getAttribute("data-verdict")}`);
  }
}

/**
 * What the editor paints: each statement's text, line by line as it is seen, with the elements marked in it.
 * @param {Frame} frame
 * @returns {Promise<{ statement: string, role: string, text: string, marks: string[] }[]>}
 */
export function painted(frame) {
  return editorOf(frame).evaluate((content) => {
    const found = new Map();
    for (const line of content.querySelectorAll(".cm-line")) {
      const inLine = new Set();
      for (const part of line.querySelectorAll(".cm-statement")) {
        const { statement, role } = part.dataset;
        const seen = found.get(statement) ?? { statement, role, text: "", marks: [] };
        if (seen.text !== "" && !inLine.has(statement)) seen.text += "\n";
        seen.text += textOf(part);
        inLine.add(statement);
        found.set(statement, seen);
      }
      for (const mark of line.querySelectorAll(".cm-deciding")) {
        const part = mark.closest(".cm-statement") ?? mark.querySelector(".cm-statement");
        found.get(part?.dataset.statement)?.marks.push(textOf(mark));
      }
    }
    return [...found.values()];

    /** The person's text, without the page's labels. */
    function textOf(element) {
      const copy = element.cloneNode(true);
      for (const label of copy.querySelectorAll("[contenteditable=false], .cm-widgetBuffer")) label.remove();
      return copy.textContent;
    }
  });
}

/**
 * Opens the page as a saved file, in a window tall enough that the editor shows all of a policy.
 * @param {import("playwright-core").Browser} browser
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
export async function openApp(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 2400 }, ...options });
  const page = await context.newPage();
  const complaints = listen(page);
  await page.goto(pathToFileURL(builtFile).href);
  return { page, frame: await appFrame(page), complaints };
}

/**
 * What axe finds in the page and in the app's frame.
 * @param {AxeBuilder} axe
 */
export async function analyze(axe) {
  // It gives a frame one second to answer, and leaves it out where the machine is busy with other things.
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const { violations, passes } = await axe.analyze();
    if (passes.some(({ nodes }) => nodes.some(({ target }) => target.length > 1))) return violations;
  }
  throw new Error("axe has not looked into the app's frame");
}

/** Collects what the browser complains of: violations of a policy, errors, warnings. */
export function listen(page) {
  const complaints = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  return complaints;
}
