// The shared fixtures, put into the page by hand: the verdict in the file's name, and statements painted where they stand.
// The native and the wasm tests read them all; here one of each shape does, since the others look the same to the page.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { expectVerdict, openApp, painted, paste } from "./harness/app.mjs";
import { launchBrowser } from "./harness/browser.mjs";
import { appFrame } from "./harness/built-page.mjs";

const corpus = new URL("../fixtures/", import.meta.url);

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

const folders = readdirSync(corpus, { withFileTypes: true })
  // `forms` holds inputs of other kinds, and has readers of its own.
  .filter((entry) => entry.isDirectory() && entry.name !== "forms")
  .map(({ name }) => name);

for (const folder of folders) {
  const fixtures = fixturesOf(folder);
  test(`${folder}: ${fixtures.length} fixtures`, async () => {
    assert.ok(fixtures.length > 0);
    const { page, frame } = await openApp(browser);
    for (const fixture of fixtures) {
      await page.reload();
      await judge(await appFrame(page), fixture).catch((error) => {
        error.message = `${folder}/${fixture.file}: ${error.message}`;
        throw error;
      });
    }
  });
}

/** Puts documents and settings in, and looks at the verdict and at what is painted. */
async function judge(frame, { documents, settings, guardrail, verdict }) {
  for (const [index, { name, text, kind, attachedTo }] of documents.entries()) {
    if (index > 0) await frame.getByRole("button", { name: "Add", exact: true }).click();
    await paste(frame, text);
    await frame.getByLabel("Name").fill(name);
    if (kind) await frame.getByLabel("Kind").selectOption(kind);
    if (attachedTo) await frame.getByLabel("Attached to").fill(attachedTo);
  }
  await frame.locator("#settings").click();
  for (const [name, value] of Object.entries(settings)) {
    const field = frame.locator(`#setting-${name}`);
    if (name === "explicitDeny") await field.selectOption(value);
    else await field.fill([value].flat().join("\n"));
  }
  await expectVerdict(frame, guardrail, verdict);

  const { policy } = documents.at(-1);
  if (!policy?.Statement) return;
  const statements = [policy.Statement].flat();
  for (const { statement, text } of await painted(frame)) {
    const index = Number(statement.split("/")[1]);
    assert.deepEqual(JSON.parse(text), statements[index], `statement ${index + 1}`);
  }
}

/** Of those with the same verdict that use the same members, the first. */
function fixturesOf(folder) {
  const shapes = new Map();
  for (const file of readdirSync(new URL(`${folder}/`, corpus)).sort()) {
    const { documents, settings = {} } = JSON.parse(readFileSync(new URL(`${folder}/${file}`, corpus), "utf8"));
    const [verdict] = file.split(".").slice(-2);
    const shape = JSON.stringify([verdict, documents.map((one) => Object.keys(one).sort()), Object.keys(settings).sort()]);
    const fixture = {
      file,
      guardrail: `IAM-${folder}`,
      verdict,
      documents: documents.map((one) => ({ ...one, text: one.text ?? JSON.stringify(one.policy, null, 2) })),
      settings: { now: "2026-01-01T00:00:00Z", ...settings },
    };
    if (documents.length > 0 && !shapes.has(shape)) shapes.set(shape, fixture);
  }
  return [...shapes.values()];
}
