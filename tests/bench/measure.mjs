// Timing, and tables on a terminal.

/** Milliseconds that a call takes. */
export function time(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** The most milliseconds that are spent on timing one thing, unless a single run takes longer. */
const BUDGET = 60;

/** The least of several times: what else the machine does only ever adds to it. */
export function least(work) {
  let best = Infinity;
  let spent = 0;
  for (let run = 0; run === 0 || (spent < BUDGET && run < 1000); run += 1) {
    const took = time(work);
    best = Math.min(best, took);
    spent += took;
  }
  return best;
}

/** Milliseconds in words. */
export function duration(ms) {
  if (ms < 1) {
    return `${(ms * 1000).toFixed(ms < 0.01 ? 1 : 0)} µs`;
  }
  return ms < 1000 ? `${ms.toFixed(ms < 10 ? 2 : 1)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

/** Thousands apart. */
export function count(number) {
  return Math.round(number).toLocaleString("en-US").replaceAll(",", " ");
}

/**
 * Prints a table; columns of numbers are set to the right.
 * @param {string} title
 * @param {string[]} head
 * @param {(string | number)[][]} rows
 */
export function table(title, head, rows) {
  const cells = [head, ...rows.map((row) => row.map(String))];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => [...row[column]].length)));
  const numeric = head.map((_, column) => rows.every((row) => /^[-–]?[\d ]*[\d.]*( ?[×%µmskMB/]+)?$/u.test(String(row[column]))));
  const line = (row) =>
    row.map((cell, column) => pad(cell, widths[column], numeric[column])).join("  ").trimEnd();
  console.log(`\n${title}`);
  console.log(line(head));
  console.log(widths.map((width) => "─".repeat(width)).join("  "));
  for (const row of cells.slice(1)) {
    console.log(line(row));
  }
}

function pad(text, width, right) {
  const space = " ".repeat(width - [...text].length);
  return right ? space + text : text + space;
}
