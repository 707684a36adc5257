// The main job, as a person does it: paste policies, read the verdicts, see the statements that decide.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { drop, expectVerdict, openApp, paste, painted, policy } from "./harness/app.mjs";
import { launchBrowser } from "./harness/browser.mjs";

const everything = { Effect: "Allow", Action: "*", Resource: "*" };
const breakGlassRole = "arn:aws:iam::*:role/BreakGlass";
const protectTrails = {
  Sid: "ProtectTrails",
  Effect: "Deny",
  Action: ["cloudtrail:DeleteTrail", "cloudtrail:StopLogging"],
  Resource: "*",
  Condition: { ArnNotLike: { "aws:PrincipalArn": breakGlassRole } },
};

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

test("a pasted policy is judged, and the request that gets through is told", async () => {
  const { frame, complaints } = await openApp(browser);
  await paste(frame, policy(everything));
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "fail");
  await expectVerdict(frame, "IAM-CLOUDTRAIL-2", "fail");
  await expectVerdict(frame, "IAM-CLOUDTRAIL-3", "not-applicable");
  await expectVerdict(frame, "IAM-CLOUDTRAIL-4", "fail");
  const card = await frame.locator("#iam-cloudtrail-1").innerText();
  for (const words of ["Fail", "may call cloudtrail:", "arn:aws:cloudtrail:", "aws:PrincipalArn", "Statement 1", "Grants"]) {
    assert.ok(card.includes(words), `the card says ${words}: ${card}`);
  }
  assert.deepEqual(complaints, []);
});

test("the command that replays a request holds the policies as they are pasted", async () => {
  const { frame } = await openApp(browser);
  const other = (action) => ({ Effect: "Allow", Action: action, Resource: "*" });
  await paste(frame, policy(everything, other("s3:GetObject")));
  await expectVerdict(frame, "IAM-CLOUDTRAIL-2", "fail");
  const replay = frame.locator("#iam-cloudtrail-2 .replay").first();
  await replay.locator("summary").click();
  const command = replay.getByRole("region", { name: "Command for cloudtrail:UpdateTrail" });
  const shown = await command.innerText();
  assert.ok(shown.startsWith("aws iam simulate-custom-policy"), shown);
  for (const part of ['"s3:GetObject"', "--action-names 'cloudtrail:UpdateTrail'", "--resource-arns 'arn:aws:cloudtrail:"]) {
    assert.ok(shown.includes(part), `${part} in ${shown}`);
  }
  // As long, and about another service: nothing in the card changes but the command.
  await paste(frame, policy(everything, other("s3:PutObject")));
  await frame.locator("#iam-cloudtrail-2 .replay pre", { hasText: "s3:PutObject" }).first().waitFor({ state: "attached" });
});

test("several policies are judged together", async () => {
  const { frame } = await openApp(browser);
  await paste(frame, policy(everything));
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "fail");
  await frame.getByRole("button", { name: "Add", exact: true }).click();
  await paste(frame, policy({ Effect: "Allow", Action: "ec2:*", Resource: "*" }));
  await frame.getByLabel("Kind").selectOption("permissions-boundary");
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "warn");
  await frame.getByRole("button", { name: "Remove", exact: true }).click();
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "fail");
});

test("a changed setting changes the verdict", async () => {
  const { frame } = await openApp(browser);
  await paste(frame, policy(protectTrails));
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "fail");
  await frame.locator("#settings").click();
  await frame.getByRole("textbox", { name: "Authorized principals" }).fill(breakGlassRole);
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "pass");
  await frame.getByRole("textbox", { name: "Authorized principals" }).fill("");
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "fail");
});

describe("the highlight holds exactly the statement's text", () => {
  const statements = [
    { ...protectTrails, Condition: { StringNotEquals: { "aws:PrincipalTag/team": "Größe-🔐" } } },
    { Sid: "After", ...everything },
  ];
  const laidOut = JSON.stringify({ Version: "2012-10-17", Id: "🔐 👩🏽‍🚀 ключ", Statement: statements }, null, 2);
  const layouts = {
    "two spaces, with emoji before it": laidOut,
    "tabs": laidOut.replaceAll("  ", "\t"),
    "CRLF": laidOut.replaceAll("\n", "\r\n"),
    "tabs, CRLF and empty lines before it": `\r\n\t\r\n${laidOut.replaceAll("  ", "\t").replaceAll("\n", "\r\n")}`,
    "one line": JSON.stringify(JSON.parse(laidOut)),
  };
  for (const [name, text] of Object.entries(layouts)) {
    test(name, async () => {
      const { frame } = await openApp(browser);
      await paste(frame, text);
      await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "fail");
      const found = await painted(frame);
      // The editor counts lines, not their endings.
      const pasted = text.replaceAll("\r\n", "\n");
      assert.deepEqual(found.map(({ statement }) => statement), ["0/0", "0/1"]);
      found.forEach((highlight, index) => {
        assert.ok(pasted.includes(highlight.text), highlight.text);
        assert.match(highlight.text, /^\{[^]*\}$/);
        assert.deepEqual(JSON.parse(highlight.text), statements[index]);
      });
      assert.ok(found[0].marks.join().includes("Größe-🔐"), `the exception is marked: ${found[0].marks}`);
      assert.ok(found[1].marks.join().includes('"*"'), `what is allowed is marked: ${found[1].marks}`);
    });
  }
});

test("the highlight moves along while the text before it is edited, until the next verdict", async () => {
  const { frame } = await openApp(browser);
  await paste(frame, policy(everything));
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "fail");
  const before = await painted(frame);
  await frame.locator(".cm-content").press("ControlOrMeta+Home");
  await frame.page().keyboard.type("  \n");
  assert.deepEqual(await painted(frame), before);
});

test("a finding leads to its statement, and the statement's label to what is said about it", async () => {
  const { frame } = await openApp(browser);
  await paste(frame, policy(protectTrails, { Sid: "Second", ...everything }));
  await expectVerdict(frame, "IAM-CLOUDTRAIL-4", "fail");
  await frame.locator("#iam-cloudtrail-4 .finding-jump", { hasText: "Second" }).first().click();
  assert.deepEqual(JSON.parse(await selection(frame)), { Sid: "Second", ...everything });
  await frame.locator(".cm-label", { hasText: "Second" }).click();
  assert.match(await frame.evaluate(() => document.activeElement?.textContent), /Second/);
});

test("an error stands at its place, and the rest of the page goes on", async () => {
  const { frame, complaints } = await openApp(browser);
  await paste(frame, policy(everything));
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "fail");
  await frame.getByRole("button", { name: "Add", exact: true }).click();
  const broken = policy(protectTrails).replace('"Effect": "Deny",', '"Effect": "Deny"');
  await paste(frame, broken);

  const message = frame.locator(".cm-message-error");
  await message.waitFor();
  const line = await message.evaluate((element) => element.closest(".cm-between")?.previousElementSibling?.textContent);
  assert.match(line ?? "", /"Effect": "Deny"|"Action"/);
  await frame.locator(".problem-error .finding-jump").click();
  assert.match(await frame.locator(".problem-error").innerText(), /Policy 2, line [56]/);

  // The other document is still read and painted.
  await frame.getByRole("tab", { name: /Policy 1/ }).click();
  assert.equal((await painted(frame)).length, 1);

  // Mended, it is judged.
  await frame.getByRole("tab", { name: /Policy 2/ }).click();
  await paste(frame, policy(protectTrails));
  await frame.locator(".problem-error").waitFor({ state: "detached" });
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "fail");
  assert.deepEqual(complaints, []);
});

test("dropped files become documents", async () => {
  const { frame } = await openApp(browser);
  await drop(frame, { "admin.json": policy(everything), "scp.json": policy(protectTrails) });
  await frame.getByRole("tab", { name: /scp\.json/ }).waitFor();
  assert.equal(await frame.getByRole("tab").count(), 2);
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "fail");
});

test("every example shows what it says it shows", async () => {
  const { frame, complaints } = await openApp(browser);
  const seen = {};
  for (let index = 0, count = 1; index < count; index += 1) {
    await paste(frame, "");
    await frame.getByRole("button", { name: "Examples" }).click();
    const examples = frame.getByRole("dialog").locator("button.example");
    count = await examples.count();
    const title = await examples.nth(index).locator(".example-title").innerText();
    await examples.nth(index).click();
    await frame.locator("#tally").getByText(/\d/).first().waitFor();
    seen[title] = await verdicts(frame);
  }
  assert.deepEqual(seen, {
    "An administrator policy": ["fail", "fail", "not-applicable", "fail"],
    "An SCP with a break-glass exception": ["pass", "pass", "not-applicable", "pass"],
    "The same SCP with holes": ["fail", "fail", "not-applicable", "fail"],
    "A developer role under an SCP": ["warn", "warn", "not-applicable", "warn"],
    "AWS's CloudTrail bucket policy": ["not-applicable", "not-applicable", "pass", "not-applicable"],
    "A trail bucket with an outside role": ["not-applicable", "not-applicable", "fail", "not-applicable"],
    "A broken document": ["undecided", "undecided", "undecided", "undecided"],
  });
  assert.deepEqual(complaints, []);
});

test("the report can be copied", async () => {
  const { page, frame } = await openApp(browser, { permissions: ["clipboard-read", "clipboard-write"] });
  await paste(frame, policy(everything));
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "fail");
  await frame.getByRole("button", { name: "Copy text of the report" }).click();
  await frame.getByRole("button", { name: "Copied of the report" }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^iam-guardrails [\d.]+, 20\d\d-\d\d-\d\dT[\d:.]+Z\n/);
  assert.match(copied, /IAM-CLOUDTRAIL-1/);
  assert.match(copied, /may call/);
});

/** The four guardrails' verdicts, in their order. */
const verdicts = (frame) =>
  frame.locator(".card").evaluateAll((cards) =>
    cards.sort((one, other) => one.id.localeCompare(other.id)).map((card) => card.dataset.verdict),
  );

const selection = (frame) => frame.evaluate(() => {
  const root = document.querySelector(".editor")?.shadowRoot;
  return String((root && "getSelection" in root ? root.getSelection() : getSelection()) ?? "");
});
