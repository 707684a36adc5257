// The page is one file that needs nothing: it works wherever it is opened, asks for nothing and leaves nothing behind.

import assert from "node:assert/strict";
import { homedir } from "node:os";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";

import { expectVerdict, listen, paste, policy } from "./harness/app.mjs";
import { launchBrowser } from "./harness/browser.mjs";
import { appFrame, builtFile, builtPage } from "./harness/built-page.mjs";
import { serve } from "./harness/server.mjs";

const administrator = policy({ Effect: "Allow", Action: "*", Resource: "*" });
/** Large enough for the worker. */
const largeAdministrator = administrator + " ".repeat(100_000);
const reader = policy({ Effect: "Allow", Action: "ec2:DescribeInstances", Resource: "*" });

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

test("from a web server", async (t) => {
  const server = await serve(t, { "/": builtPage() });
  await works(await open(`${server.origin}/`));
  assert.deepEqual(server.received, ["GET /"]);
});

test("from a saved file", async () => works(await open(pathToFileURL(builtFile).href)));

test("in another site's sandboxed iframe, by address", async (t) => {
  const host = hostPage('src="/page"');
  const server = await serve(t, { "/": host, "/page": builtPage() });
  await works(await open(`${server.origin}/`));
  assert.deepEqual(server.received, ["GET /", "GET /page"]);
});

test("embedded in another page it starts no worker before somebody is there", async (t) => {
  const server = await serve(t, { "/": hostPage('src="/page"'), "/page": builtPage() });
  const { page, frame } = await open(`${server.origin}/`);
  await frame.getByText("What to paste").waitFor();
  await page.waitForTimeout(300);
  assert.equal(page.workers().length, 0);
  const started = page.waitForEvent("worker");
  await frame.getByText("What to paste").hover();
  await started;
});

test("in another site's sandboxed iframe, by its text", async (t) => {
  const host = hostPage(`srcdoc="${builtPage().replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"`);
  const server = await serve(t, { "/": host });
  await works(await open(`${server.origin}/`));
  assert.deepEqual(server.received, ["GET /"]);
});

test("offline, with its server gone", async (t) => {
  const server = await serve(t, { "/": builtPage() });
  const visit = await open(`${server.origin}/`);
  await visit.page.context().setOffline(true);
  server.close();
  await works(visit);
});

test("after use there is no cookie, no storage, no cache and no service worker", async (t) => {
  const server = await serve(t, { "/": builtPage() });
  const visit = await open(`${server.origin}/`);
  await works(visit);
  const { page, frame } = visit;

  assert.deepEqual(await page.context().storageState({ indexedDB: true }), { cookies: [], origins: [] });
  assert.deepEqual(await page.evaluate(whatIsStored), nothingStored);
  assert.deepEqual(page.context().serviceWorkers(), []);

  // In the app's frame there is not even a place to store anything.
  for (const place of ["localStorage", "sessionStorage", "document.cookie", "navigator.serviceWorker", "caches"]) {
    await assert.rejects(frame.evaluate(place), /SecurityError|caches is not defined/, place);
  }
  await assert.rejects(frame.evaluate(() => indexedDB.databases()), /SecurityError|UnknownError/);
});

test("only scripts whose hash the page names run, in the frame and around it", async (t) => {
  const server = await serve(t, { "/": builtPage() });
  const { page, frame } = await open(`${server.origin}/`);
  for (const where of [page, frame]) {
    const { policy, scripts } = await where.evaluate(policyAndScripts);
    assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|https?:|'self'|\*/);
    assert.ok(scripts.length > 0);
    for (const hash of scripts) assert.ok(policy.includes(`'sha256-${hash}'`), `the policy names ${hash}`);
    assert.equal(await where.evaluate(runsAnother), false);
  }
});

test("without JavaScript it says what it needs", async () => {
  const page = await browser.newPage({ javaScriptEnabled: false });
  await page.goto(pathToFileURL(builtFile).href);
  assert.match(await page.locator("body").innerText(), /JavaScript/);
});

test("the frame is told the page's address, fragment included, whenever it changes", async () => {
  const address = pathToFileURL(builtFile).href;
  const { page, frame } = await open(address);
  const told = frame.evaluate(
    () =>
      new Promise((resolve) => {
        addEventListener("message", ({ data, source }) => resolve([data.address, source === parent]), { once: true });
      }),
  );
  await page.evaluate(() => {
    location.hash = "something";
  });
  assert.deepEqual(await told, [`${address}#something`, true]);
});

test("the file is the same wherever it is built: it names no folder of the machine", () => {
  const page = builtPage();
  const [engine] = page.match(/H4sI[A-Za-z0-9+/]{1000,}=*/) ?? [];
  assert.ok(engine, "the engine, gzipped, in base64");
  const contents = page + gunzipSync(Buffer.from(engine, "base64")).toString("latin1");
  const repository = fileURLToPath(new URL("../..", import.meta.url));
  for (const folder of [repository, `${homedir()}/`, `${homedir()}\\`]) {
    assert.ok(!contents.includes(folder), `found ${folder}: ${around(contents, folder)}`);
  }
});

/** Judges small texts and large ones, and draws no complaint: no violation of a policy, no error. */
async function works({ frame, complaints }) {
  await paste(frame, administrator);
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "fail");
  await paste(frame, reader);
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "warn");
  await paste(frame, largeAdministrator);
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "fail");
  assert.deepEqual(complaints, []);
}

async function open(address) {
  const page = await browser.newPage();
  const complaints = listen(page);
  await page.goto(address);
  const frame = await appFrame(page);
  // From here on it asks for nothing, of anyone; the worker's script is in the page.
  page.on("request", (request) => {
    if (!request.url().startsWith("blob:")) complaints.push(`requested ${request.url()}`);
  });
  return { page, frame, complaints };
}

const hostPage = (content) =>
  `<!doctype html><link rel="icon" href="data:,"><iframe sandbox="allow-scripts" width="900" height="700" ${content}></iframe>`;

const nothingStored = { local: 0, session: 0, databases: [], caches: [], workers: 0, cookie: "" };

async function whatIsStored() {
  return {
    local: localStorage.length,
    session: sessionStorage.length,
    databases: await indexedDB.databases(),
    // There only in secure contexts.
    caches: globalThis.caches ? await caches.keys() : [],
    workers: navigator.serviceWorker ? (await navigator.serviceWorker.getRegistrations()).length : 0,
    cookie: document.cookie,
  };
}

function runsAnother() {
  globalThis.ran = false;
  const script = document.createElement("script");
  script.append("globalThis.ran = true");
  document.body.append(script);
  return globalThis.ran;
}

async function policyAndScripts() {
  const scripts = [...document.scripts].map(({ textContent }) => new TextEncoder().encode(textContent ?? ""));
  const hashes = await Promise.all(scripts.map((script) => crypto.subtle.digest("SHA-256", script)));
  return {
    policy: document.querySelector("meta[http-equiv=Content-Security-Policy]")?.getAttribute("content") ?? "",
    scripts: hashes.map((hash) => btoa(String.fromCharCode(...new Uint8Array(hash)))),
  };
}

function around(text, part) {
  const at = text.indexOf(part);
  return text.slice(Math.max(0, at - 60), at + 120);
}
