// No data leaves the page: every known way out is tried with the app's own privilege, and nothing arrives.
// The same code on the same page without the seal must arrive, or the trial would prove nothing.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";

import { channels, coverWithLink, gestures, helpers, workerChannels } from "./channels.mjs";
import { judged, paste } from "./harness/app.mjs";
import { launchBrowser } from "./harness/browser.mjs";
import { appFrame, builtPage } from "./harness/built-page.mjs";
import { serve } from "./harness/server.mjs";

/** How long something may take to arrive that is sent: generous where it must, and still long where it must not. */
const MUST_ARRIVE = 15_000;
const MUST_NOT_ARRIVE = 1_000;

const control = '<!doctype html><link rel="icon" href="data:,"><iframe srcdoc="<!doctype html><main>control</main>"></iframe>';

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

describe("from the app's frame", { concurrency: 4 }, () => {
  for (const [name, probe] of Object.entries(channels)) {
    test(`${name}: out of the control page, not out of the sealed one`, (t) =>
      compare(t, { control: appFrame, sealed: appFrame }, run(probe)));
  }
});

describe("from the engine's worker", { concurrency: 4 }, () => {
  for (const [name, probe] of Object.entries(workerChannels)) {
    test(`${name}: out of the control page's worker, not out of the sealed page's`, (t) =>
      compare(t, { control: plainWorker, sealed: engineWorker }, run(probe)));
  }
});

describe("by a person's hand, on a link that covers the page", { concurrency: 4 }, () => {
  for (const [name, gesture] of Object.entries(gestures)) {
    for (const hidden of [false, true]) {
      test(`${name}${hidden ? ", in a closed shadow root" : ""}: out of the control page, not out of the sealed one`, (t) =>
        compare(t, { control: appFrame, sealed: appFrame }, lead(gesture, hidden)));
    }
  }
});

test("no other worker can be started: the page's Trusted Types policy is not to be had twice, and there is no other", async (t) => {
  const { page } = await visit(t, builtPage());
  const frame = await appFrame(page);
  for (const name of ["guard-worker", "another"]) {
    const create = frame.evaluate((policy) => trustedTypes.createPolicy(policy, { createScriptURL: (url) => url }), name);
    await assert.rejects(create, /Failed to execute 'createPolicy'/);
  }
});

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {import("playwright-core").Frame | import("playwright-core").Worker} Inside where the app's code runs
 * @typedef {(page: Page) => Promise<Inside>} Realm
 * @typedef {(inside: Inside, to: import("./channels.mjs").Target, page: Page) => Promise<unknown>} Attempt
 */

/** The probe, run by a script. @param {(to: import("./channels.mjs").Target) => unknown} probe @returns {Attempt} */
function run(probe) {
  return (inside, to) => inside.evaluate(`{ ${helpers} (${probe})(${JSON.stringify(to)}); undefined }`);
}

/** A link laid over the page by a script, and a person led to it. @returns {Attempt} */
function lead(gesture, hidden) {
  return async (inside, { url }, { mouse, keyboard }) => {
    await inside.evaluate(coverWithLink, { url, hidden });
    await gesture(mouse, keyboard);
  };
}

/**
 * @param {import("node:test").TestContext} t
 * @param {{ control: Realm, sealed: Realm }} realm
 * @param {Attempt} attempt
 */
async function compare(t, realm, attempt) {
  const unsealed = await tryOut(t, control, realm.control, attempt, { patience: MUST_ARRIVE, enough: isLeak });
  assert.ok(unsealed.some(isLeak), "the control page must leak, or this trial proves nothing");

  const sealed = await tryOut(t, builtPage(), realm.sealed, attempt, { patience: MUST_NOT_ARRIVE, enough: () => false });
  assert.deepEqual(sealed, []);
}

/** @param {string} arrival */
const isLeak = (arrival) => arrival.includes("/leak") || arrival.startsWith("DATAGRAM");

/** What arrives at the page's own server and at another one once the page has loaded. */
async function tryOut(t, html, realm, attempt, { patience, enough }) {
  const other = await serve(t);
  const { page, own } = await visit(t, html);
  const inside = await realm(page);
  const loaded = own.received.length;
  for (const server of [other, own]) {
    const to = {
      url: `${server.origin}/leak.js`,
      socket: `${server.origin.replace("http", "ws")}/leak`,
      datagrams: `127.0.0.1:${server.datagramPort}`,
    };
    // What it answers does not matter, nor whether it throws or takes its frame away: only what arrives.
    attempt(inside, to, page).catch(() => undefined);
    await wait(50);
  }
  const received = () => [...own.received.slice(loaded), ...other.received];
  for (const end = Date.now() + patience; Date.now() < end && !received().some(enough); ) await wait(50);
  await page.context().close();
  return received();
}

/** Opens a page served by a server of its own. */
async function visit(t, html) {
  const own = await serve(t, { "/": html });
  const page = await browser.newPage();
  await page.goto(`${own.origin}/`);
  return { page, own };
}

/** The worker that checks a large text, kept from ending with its answer. */
async function engineWorker(page) {
  const frame = await appFrame(page);
  await frame.evaluate(() => {
    Worker.prototype.terminate = () => undefined;
  });
  await paste(frame, `"${"x".repeat(100_000)}"`);
  await judged(frame);
  const [worker] = page.workers();
  return worker;
}

async function plainWorker(page) {
  const frame = await appFrame(page);
  const start = frame.evaluate(() => {
    globalThis.worker = new Worker(URL.createObjectURL(new Blob([""], { type: "text/javascript" })));
  });
  const [worker] = await Promise.all([page.waitForEvent("worker"), start]);
  return worker;
}
