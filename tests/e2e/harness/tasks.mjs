// How long the page keeps everything else waiting.

/**
 * The longest task on the page's thread while something is done, in milliseconds of its own work: what else the machine does
 * meanwhile does not count.
 * @param {import("playwright-core").Page} page
 * @param {() => Promise<unknown>} work
 */
export async function longestTask(page, work) {
  const browser = page.context().browser();
  await browser.startTracing(page, { categories: ["toplevel"] });
  let trace;
  try {
    await work();
  } finally {
    trace = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(String(trace));
  const threadOf = ({ pid, tid }) => `${pid}/${tid}`;
  const main = new Set(traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(threadOf));
  const tasks = traceEvents.filter((event) => event.name.endsWith("RunTask") && main.has(threadOf(event)) && event.tdur !== undefined);
  if (tasks.length === 0) throw new Error("the browser has traced no task");
  // Microseconds.
  return Math.max(...tasks.map(({ tdur }) => tdur)) / 1000;
}
