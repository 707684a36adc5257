// For everyone: no violation that axe can find, the whole job by keyboard, no motion for those who want none.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";

import { AxeBuilder } from "@axe-core/playwright";

import { analyze, drop, editorOf, expectVerdict, judged, openApp, painted, paste, policy } from "./harness/app.mjs";
import { launchBrowser } from "./harness/browser.mjs";

const denyAll = { Sid: "Spares", Effect: "Deny", Action: "cloudtrail:*", Resource: "*", Condition: { ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/Ops" } } };
const everything = { Sid: "Everything", Effect: "Allow", Action: "*", Resource: "*" };
const policies = policy(denyAll, everything);
/** Seven principals with their policies. */
const accountDetails = readFileSync(new URL("../fixtures/forms/account-authorization-details.json", import.meta.url), "utf8");

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

describe("axe finds nothing", () => {
  /** What there is to see, by what brings it about. */
  const states = {
    "before anything is pasted": async () => undefined,
    "with verdicts, everything unfolded": async (frame) => {
      await paste(frame, policies);
      await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "fail");
      await frame.evaluate(() => {
        for (const details of document.querySelectorAll("details")) details.open = true;
      });
    },
    "with an error": async (frame) => {
      await paste(frame, policies.replace(",", ""));
      await frame.locator(".problem-error").first().waitFor();
    },
    "with the examples open": (frame) => frame.getByRole("button", { name: "Examples" }).click(),
    "with the help open": (frame) => frame.getByRole("button", { name: "Help" }).click(),
  };
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    for (const width of [320, 3840]) {
      test(`${colorScheme}, ${width} pixels wide`, async () => {
        for (const [state, reach] of Object.entries(states)) {
          const { page, frame } = await openApp(browser, { colorScheme, viewport: { width, height: 900 }, reducedMotion: "reduce" });
          await reach(frame);
          const axe = new AxeBuilder({ page });
          // What is behind a modal dialog is not there for anyone; axe would miss its headings.
          if ((await frame.locator("dialog[open]").count()) > 0) axe.include({ fromFrames: ["iframe", "dialog[open]"] });
          const violations = await analyze(axe);
          assert.deepEqual(violations.map(({ id, nodes }) => `${state}: ${id}: ${nodes.map(({ html }) => html).join(" ")}`), []);
          const overflow = await frame.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(overflow <= 0, `${state}: ${overflow} pixels stick out`);
          await page.context().close();
        }
      });
    }
  }
});

test("the whole job by keyboard: to the editor, out of it, to a finding, to its statement, and round", async () => {
  const { page, frame } = await openApp(browser);
  const { keyboard } = page;

  // The first stop leads past the head of the page.
  await keyboard.press("Tab");
  assert.equal((await focused(frame)).text, "Skip to the editor");
  await keyboard.press("Enter");
  assert.equal((await focused(frame)).label, "Policy text, JSON");
  await keyboard.insertText(policies);
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "fail");

  // In the editor Tab indents; after Escape it goes on.
  await keyboard.press("Escape");
  const finding = await tabTo(page, frame, ({ text }) => text.includes("Grants") && text.includes("Everything"));
  assert.ok(finding.isSeen, "the focus is seen");
  await keyboard.press("Enter");
  assert.equal((await focused(frame)).label, "Policy text, JSON");
  assert.deepEqual(JSON.parse(await frame.evaluate(() => String(document.querySelector(".editor").shadowRoot.getSelection()))), everything);

  // F8 walks from statement to statement, Control+Enter leads to what is said about one.
  await keyboard.press("F8");
  await keyboard.press("ControlOrMeta+Enter");
  assert.match((await focused(frame)).text, /Spares|Everything/);

  // A setting is reached, unfolded and filled, and the verdict follows.
  await tabTo(page, frame, ({ text }) => text.startsWith("Settings:"), "Shift+Tab");
  await keyboard.press("Enter");
  await tabTo(page, frame, ({ id }) => id === "setting-authorizedPrincipals");
  await keyboard.type("*");
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "pass");

  // Nothing holds the focus: it comes round to where it began, and every stop can be seen.
  const stops = [];
  await tabTo(page, frame, (stop) => {
    stops.push(stop);
    return stop.text === "Skip to the editor";
  });
  assert.deepEqual(stops.filter(({ isSeen }) => !isSeen), []);
});

test("documents by keyboard: arrows between tabs, F2 renames, Delete removes", async () => {
  const { page, frame } = await openApp(browser);
  await paste(frame, policies);
  await frame.getByRole("button", { name: "Add", exact: true }).press("Enter");
  await page.keyboard.insertText(policy(everything));
  await frame.getByRole("tab", { selected: true }).focus();
  await page.keyboard.press("ArrowLeft");
  assert.match(await frame.getByRole("tab", { selected: true }).innerText(), /Policy 1/);
  assert.equal((await painted(frame)).length, 2);
  await page.keyboard.press("F2");
  await page.keyboard.insertText("Renamed");
  await frame.getByRole("tab", { name: /Renamed/ }).waitFor();
  await frame.getByRole("tab", { selected: true }).focus();
  await page.keyboard.press("Delete");
  assert.equal(await frame.getByRole("tab").count(), 1);
  assert.match(await editorOf(frame).innerText(), /Everything/);
});

test("who wants less motion gets none", async () => {
  const { frame } = await openApp(browser, { reducedMotion: "reduce" });
  await paste(frame, policies);
  await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "fail");
  const moving = await frame.evaluate(() => {
    const roots = [document, ...[...document.querySelectorAll("*")].map(({ shadowRoot }) => shadowRoot).filter(Boolean)];
    const longest = (durations) => Math.max(...durations.split(",").map(Number.parseFloat));
    return roots
      // The text cursor blinks as it does everywhere.
      .flatMap((root) => [...root.querySelectorAll("*:not(.cm-cursorLayer)")])
      .filter((element) => {
        const { animationName, animationDuration, transitionDuration } = getComputedStyle(element);
        return (animationName !== "none" && longest(animationDuration) > 0.01) || longest(transitionDuration) > 0.01;
      })
      .map(({ outerHTML }) => outerHTML.slice(0, 200));
  });
  assert.deepEqual(moving, []);
});

test("the parts for many principals by keyboard: list, filters, excerpt, a policy in a tab of its own", async () => {
  const { page, frame } = await openApp(browser, { viewport: { width: 1280, height: 800 } });
  const { keyboard } = page;
  // Large, so that there is an excerpt.
  await drop(frame, { "account.json": accountDetails + " ".repeat(1 << 20) });
  await judged(frame);
  const stops = [];
  const on = (isThere, key) => tabTo(page, frame, (stop) => (stops.push(stop), isThere(stop)), key);
  await on(({ id }) => id === "filter-text");
  await keyboard.type("alice");
  await frame.getByText("1 of 7 principals shown").first().waitFor();
  await on(({ id }) => id === "filter-verdict");
  await keyboard.press("f");
  await on(({ label }) => label.startsWith("Verdict by principal"));
  await keyboard.press("Enter");
  await frame.locator(".chosen h3", { hasText: "alice" }).waitFor();
  await on(({ text }) => text.includes("Open this policy in a tab"), "Shift+Tab");
  await keyboard.press("Enter");
  await frame.getByRole("tab", { name: /operate/, selected: true }).waitFor();
  assert.deepEqual(stops.filter(({ isSeen }) => !isSeen), []);
});

test("whoever goes from heading to heading, or from tab to tab, hears what matters", async () => {
  const { frame } = await openApp(browser);
  await paste(frame, accountDetails);
  await judged(frame);
  for (const role of /** @type {const} */ (["article", "heading"])) {
    await frame.getByRole(role, { name: /^Fail IAM-CLOUDTRAIL-1 Check that/ }).waitFor();
  }
  await frame.getByRole("tab", { name: "Policy 1, 11 policies" }).waitFor();
  await frame.getByRole("option", { name: /^Fail user alice arn:aws:iam::111122223333:user\/alice ?\. IAM-CLOUDTRAIL-1 ?: arn:aws:iam/ }).waitFor();
  await frame.getByRole("group", { name: "A request that gets through" }).waitFor();
});

test("with the colours of the system alone, each part is told by its line", async () => {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    const { page, frame } = await openApp(browser, { forcedColors: "active", colorScheme });
    await paste(frame, policies);
    await expectVerdict(frame, "IAM-CLOUDTRAIL-1", "fail");
    const looks = await editorOf(frame).evaluate((content) =>
      ["gap", "grants"].map((role) => {
        const line = getComputedStyle(content.querySelector(`.cm-line.cm-painted.role-${role}`));
        const mark = getComputedStyle(content.querySelector(`.cm-deciding.role-${role}`));
        return { edge: `${line.borderInlineStartStyle} ${line.borderInlineStartWidth}`, underline: `${mark.textDecorationLine} ${mark.textDecorationStyle}` };
      }),
    );
    assert.deepEqual(looks, [
      { edge: "dashed 4px", underline: "underline wavy" },
      { edge: "solid 4px", underline: "underline solid" },
    ]);

    await paste(frame, accountDetails);
    await judged(frame);
    const list = frame.getByRole("listbox", { name: /^Verdict by/ });
    await list.focus();
    await page.keyboard.press("ArrowDown");
    const [chosen, current] = await list.evaluate((element) => {
      const outline = getComputedStyle(element.querySelector(".is-current"));
      const bar = getComputedStyle(element.querySelector("[aria-selected=true]"), "::before");
      return [`${bar.borderInlineStartStyle} ${bar.borderInlineStartWidth}`, `${outline.outlineStyle} ${outline.outlineWidth}`];
    });
    assert.deepEqual([chosen, current], ["solid 6px", "solid 3px"]);
    await page.context().close();
  }
});

test("what is pasted is shown where it matters, and so is whoever is chosen", async () => {
  const { page, frame } = await openApp(browser, { viewport: { width: 1280, height: 700 } });
  await paste(frame, accountDetails);
  await judged(frame);
  const granting = editorOf(frame).locator(".cm-painted.role-grants");
  await inView(granting.filter({ hasText: '"Sid": "Operate"' }));
  await frame.getByRole("listbox", { name: /^Verdict by/ }).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await frame.locator(".chosen h3", { hasText: "Bounded" }).waitFor();
  await inView(granting.filter({ hasText: '"Action": "*"' }));
});

test("what happens is said to those who do not see it", async () => {
  const { frame } = await openApp(browser);
  await paste(frame, policies);
  await frame.getByRole("status").getByText(/fail.*IAM-CLOUDTRAIL-1: Fail/).waitFor({ state: "attached" });
});

/**
 * What has the focus, through shadow roots, and whether that can be seen.
 * @param {import("playwright-core").Frame} frame
 */
const focused = (frame) =>
  frame.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    if (!element || element === document.body) return { id: "", label: "", text: "", isSeen: true };
    const seen = (candidate) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(candidate);
      return (outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0) || boxShadow !== "none";
    };
    return {
      id: element.id,
      label: element.getAttribute("aria-label") ?? "",
      text: element.matches(".cm-content") ? "" : element.textContent,
      // The editor shows it on its frame.
      isSeen: seen(element) || seen(element.closest(".cm-editor") ?? element) || seen(element.getRootNode().host ?? element),
    };
  });

/** Presses Tab until the focus is where it should be. */
async function tabTo(page, frame, isThere, key = "Tab") {
  for (let step = 0; step < 100; step += 1) {
    await page.keyboard.press(key);
    const stop = await focused(frame);
    if (isThere(stop)) return stop;
    if (stop.label === "Policy text, JSON") await page.keyboard.press("Escape");
  }
  throw new Error("a hundred steps and still not there");
}

/** Waits until an element of the editor is within what can be seen of it. */
async function inView(element) {
  await element.evaluate(
    (node) =>
      new Promise((resolve, reject) => {
        const start = performance.now();
        const look = () => {
          const { top, bottom } = node.getBoundingClientRect();
          const { top: first, bottom: last } = node.getRootNode().querySelector(".cm-scroller").getBoundingClientRect();
          if (top >= first && bottom <= last) resolve();
          else if (performance.now() - start > 5000) reject(new Error(`at ${top} to ${bottom}, and ${first} to ${last} can be seen`));
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
}
