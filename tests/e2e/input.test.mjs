// Bad input, large input, and an engine that breaks: a clear message, no freeze, nothing lost.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { copied, editorOf, expectVerdict, openApp, paste, policy } from "./harness/app.mjs";
import { launchBrowser } from "./harness/browser.mjs";
import { longestTask } from "./harness/tasks.mjs";

const everything = { Effect: "Allow", Action: "*", Resource: "*" };
const administrator = policy(everything);
/** Milliseconds that the page's thread may work at one thing: a person does not notice it. */
const FREEZE = 200;

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

describe("bad input is told of in words, at its place, and the page goes on", () => {
  const inputs = {
    "not JSON": ["hello 🔐", 1, /not JSON/],
    "JSON that is cut off": [administrator.slice(0, -8), 4, /never closed/],
    "JSON that is cut off in a string": [administrator.slice(0, -20), 7, /text ends inside this string/],
    "a list": ["[]", 1, /list/],
    "a number": ["\n\n42", 3, /number/],
    "no statements": ["{}", 1, /no `?Statement/],
    "wrong types": [policy({ Effect: true, Action: 1, Resource: {} }), 5, /takes a string/],
    "an unknown element": [policy({ Effect: "Deny", Actions: "*", Resource: "*" }), 6, /`?Actions`?.*did you mean `?Action/],
    "a doubled element": [administrator.replace('"Version"', '"Version": "2012-10-17",\n  "Version"'), 3, /second time/],
    "half a surrogate pair": [administrator.replace('"Allow"', '"Allow\\ud800"'), 5, /surrogate/],
    "brackets without end": ["[".repeat(3_000_000), 1, /nested/],
    "objects without end": ['{"Statement":'.repeat(300_000), 1, /nested/],
  };
  for (const [name, [text, line, message]] of Object.entries(inputs)) {
    test(name, async () => {
      const { frame, complaints } = await openApp(browser);
      await paste(frame, text);
      const problem = frame.locator(".problem-error", { hasText: message }).first();
      await problem.waitFor();
      assert.match(await problem.innerText(), new RegExp(`line ${line}\\b`));
      await frame.locator(".cm-message-error").first().waitFor();
      await paste(frame, administrator);
      await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "fail");
      assert.deepEqual(complaints, []);
    });
  }
});

test("empty text leads back to the beginning", async () => {
  const { frame } = await openApp(browser);
  await paste(frame, administrator);
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "fail");
  await editorOf(frame).press("ControlOrMeta+a");
  await editorOf(frame).press("Delete");
  await frame.getByText("What to paste").waitFor();
});

test("small texts are judged on the page's thread, large ones in a worker that ends", async () => {
  const { page, frame } = await openApp(browser);
  // In a page of its own one is made ready at once.
  await until(() => page.workers().length === 1);
  const [worker] = page.workers();
  const ended = new Promise((resolve) => worker.on("close", resolve));
  const sent = await watchRequests(frame);
  await paste(frame, administrator);
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "fail");
  assert.equal(await sent(), 0);
  await paste(frame, policy({ Effect: "Allow", Action: "ec2:*", Resource: "*" }) + " ".repeat(64 * 1024));
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "warn");
  assert.equal(await sent(), 1);
  await ended;
  assert.equal(page.workers().length, 0);
});

describe("10 MB do not freeze the page", () => {
  const statement = JSON.stringify({ Sid: "S", ...everything, Action: "s3:GetObject" }, null, 2);
  const inputs = {
    "a policy": `{"Version": "2012-10-17", "Statement": [\n${Array(Math.ceil(10e6 / (statement.length + 2))).fill(statement).join(",\n")}\n]}`,
    "something else": "The quick brown fox jumps over the lazy dog 🦊\n".repeat(10e6 / 47),
    "one line": `"${"x".repeat(10e6)}"`,
  };
  for (const [name, text] of Object.entries(inputs)) {
    test(name, async () => {
      const { page, frame, complaints } = await openApp(browser, { viewport: { width: 1280, height: 800 } });
      assert.ok(text.length >= 9.9e6);
      const pasteIt = await copied(frame, text);
      const longest = await longestTask(page, async () => {
        await pasteIt();
        await frame.locator(".results[aria-busy=false] .problem, .results[aria-busy=false] .card[data-verdict]").first().waitFor({ timeout: 60_000 });
        await editorOf(frame).press("ControlOrMeta+Home");
        await page.keyboard.type("abc");
      });
      assert.ok(longest < FREEZE, `frozen for ${longest} ms`);
      await paste(frame, administrator);
      await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "fail");
      assert.deepEqual(complaints, []);
    });
  }
});

test("only the newest text's verdict is shown, however fast the texts follow each other", async () => {
  const { frame } = await openApp(browser);
  const large = administrator + " ".repeat(1_000_000);
  for (let turn = 0; turn < 5; turn += 1) await paste(frame, large);
  await paste(frame, policy({ Effect: "Allow", Action: "ec2:*", Resource: "*" }));
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "warn");
  await frame.waitForTimeout(1_000);
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "warn");
});

describe("an engine that breaks says so, and the next check starts afresh", () => {
  test("on the page's thread", async () => {
    const { frame } = await openApp(browser);
    await frame.evaluate(() => {
      // The ways by which text goes in, of which the glue takes one: what is thrown here comes out of the engine like a trap.
      for (const name of ["encode", "encodeInto"]) {
        const encode = TextEncoder.prototype[name];
        TextEncoder.prototype[name] = function (text, ...rest) {
          if (text.includes("🧨")) throw new WebAssembly.RuntimeError("unreachable");
          return encode.call(this, text, ...rest);
        };
      }
    });
    await paste(frame, administrator.replace("Version", "🧨"));
    await frame.getByRole("alert").getByText(/The engine stopped in the middle of this check/).waitFor();
    assert.match(await editorOf(frame).innerText(), /🧨/);

    const sent = await watchRequests(frame);
    await paste(frame, administrator);
    await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "fail");
    assert.equal(await sent(), 1, "a worker has judged it");
    assert.equal(await frame.getByRole("alert").getByText("No verdict").count(), 0);
  });

  test("in the worker", async () => {
    const { frame } = await openApp(browser);
    const large = administrator + " ".repeat(100_000);
    await frame.evaluate(() => {
      const post = Worker.prototype.postMessage;
      Worker.prototype.postMessage = function (message) {
        if (!("request" in message)) return post.call(this, message);
        Worker.prototype.postMessage = post;
        return post.call(this, { request: null });
      };
    });
    await paste(frame, large);
    await frame.getByRole("alert").getByText("No verdict").waitFor();
    await paste(frame, large);
    await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "fail");
  });
});

/** Counts what workers get to judge from now on. */
async function watchRequests(frame) {
  await frame.evaluate(() => {
    globalThis.requests = 0;
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (message) {
      if ("request" in message) globalThis.requests += 1;
      return post.call(this, message);
    };
  });
  return () => frame.evaluate(() => globalThis.requests);
}

/** Waits until something is so. */
async function until(isSo) {
  for (const start = Date.now(); !isSo(); await new Promise((resolve) => setTimeout(resolve, 20))) {
    if (Date.now() - start > 10_000) throw new Error(`not within ten seconds: ${isSo}`);
  }
}
