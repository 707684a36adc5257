// What people have in their clipboard, pasted into the page: what was found, the verdict by principal, and the marks where
// they stand in the pasted text. The native and the wasm tests read all the fixtures; here those do that look different.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { judged, openApp, painted, paste } from "./harness/app.mjs";
import { launchBrowser } from "./harness/browser.mjs";

const folder = new URL("../fixtures/forms/", import.meta.url);
const WORDS = { fail: "Fail", undecided: "Undecided", warn: "Warn", pass: "Pass", "not-applicable": "Not applicable" };
const BEARINGS = { judged: "Judged", "trust-policy": "Trust policy", "no-guardrail": "Bears on no guardrail", unread: "Could not be read" };

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

for (const file of [
  "account-authorization-details.json",
  "damaged-line.jsonl",
  "describe-policy-scp.json",
  "get-role.json",
  "list-attached-role-policies.txt",
  "managed-policies.json",
  "markdown.md",
  "no-policy.json",
  "url-encoded.txt",
]) {
  test(file, async () => {
    const text = readFileSync(new URL(file, folder), "utf8");
    const { form, documents, principals, marks = [], problems = [] } = JSON.parse(readFileSync(new URL(`${file}.expect.json`, folder), "utf8"));
    const { frame, complaints } = await openApp(browser);
    // A policy without a name of its own has the document's.
    await frame.getByLabel("Name", { exact: true }).fill(file);
    await paste(frame, text);
    await judged(frame);

    const found = frame.locator("details.inputs");
    if (await found.isVisible()) {
      await found.locator("summary").click();
      await found.locator(".input-list li").first().waitFor();
      assert.ok((await found.locator(".input-list").innerText()).includes(form));
      const listed = await allRows(frame, "Policies found");
      assert.equal(listed.length, documents.length);
      documents.forEach(({ name, path, bearing }, index) => {
        for (const part of [name, path, BEARINGS[bearing]]) assert.ok(!part || listed[index].includes(part), `${part} in ${listed[index]}`);
      });
    } else {
      assert.equal(documents.length, 1);
    }

    const seen = new Set();
    if (principals.length > 1) {
      const listed = await allRows(frame, /^Verdict by/);
      assert.deepEqual(listed.map((row) => row.split("\n")[0].trim()), principals.map(({ verdicts }) => WORDS[worst(verdicts)]));
      for (const { name } of principals) {
        await frame.getByRole("listbox", { name: /^Verdict by/ }).getByRole("option", { name }).first().click();
        await frame.locator(".chosen h3", { hasText: name }).waitFor();
        for (const mark of (await painted(frame)).flatMap((statement) => statement.marks)) seen.add(mark);
      }
    } else {
      for (const mark of (await painted(frame)).flatMap((statement) => statement.marks)) seen.add(mark);
    }
    // A mark over several lines is painted line by line.
    const lines = marks.flatMap((mark) => mark.split("\n").map((line) => line.trim()));
    for (const mark of seen) assert.ok(lines.some((line) => line.includes(mark.trim())), `${mark} is marked, and is none of ${lines.join(" | ")}`);
    assert.equal(seen.size > 0, marks.length > 0);

    for (const problem of problems) assert.ok((await frame.locator(".problems").innerText()).includes(problem.replaceAll("`", "")), problem);
    assert.deepEqual(complaints, []);
  });
}

const worst = (verdicts) => Object.keys(WORDS).find((verdict) => verdicts.includes(verdict));

/** What the rows of a short list say, in order. */
async function allRows(frame, name) {
  const list = frame.getByRole("listbox", { name });
  await list.evaluate((element) => {
    element.style.maxBlockSize = "none";
  });
  await list.getByRole("option").first().waitFor();
  await frame.waitForTimeout(100);
  return list.getByRole("option").allInnerTexts();
}
