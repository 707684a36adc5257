// What a person does with the page, and sees there.

/** @typedef {import("playwright-core").Frame} Frame */

/** A policy document as people lay it out. @param {object[]} statements */
export const policy = (...statements) => JSON.stringify({ Version: "2012-10-17", Statement: statements }, null, 2);

/** @param {Frame} frame */
export const editorOf = (frame) => frame.locator(".cm-content");

/** Pastes over all that stands in the editor. @param {Frame} frame @param {string} text */
export async function paste(frame, text) {
  await editorOf(frame).press("ControlOrMeta+a");
  await editorOf(frame).evaluate((content, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", pasted);
    content.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

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
