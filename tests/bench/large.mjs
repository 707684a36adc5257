// Every version of every AWS managed policy as one text, taken in steps as the page takes it, beside JSON.parse of
// the same text; and a megabyte of it, doubled.

import { readFileSync } from "node:fs";

import { memory, survey } from "./engine.mjs";
import { catalogueFile } from "./managed-policies.mjs";
import { count, duration, table, time } from "./measure.mjs";

const MEGABYTE = 1_000_000;
const SIZES = [1, 2, 4, 8, 16, 32, 64];
/** Principals that are judged between two looks at what else is to be done. */
const STEP = 64;
const ROUNDS = 3;
/** Most policies with all their versions are shorter. */
const LONG = 100_000;

export function large() {
  const whole = readFileSync(catalogueFile(), "utf8");
  const policies = megabyte(Object.entries(JSON.parse(whole)));
  // What runs first also waits for its machine code.
  for (let round = 0; round < ROUNDS; round += 1) {
    judge(new TextEncoder().encode(copies(policies, 4)));
  }
  const rows = [];
  let before = null;
  for (const text of [...SIZES.map((size) => copies(policies, size)), whole]) {
    const bytes = new TextEncoder().encode(text);
    let parse = Infinity;
    let took = Infinity;
    let rowCount = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      parse = Math.min(parse, time(() => JSON.parse(text)));
      took = Math.min(took, time(() => (rowCount = judge(bytes))));
    }
    rows.push([
      (bytes.length / MEGABYTE).toFixed(1),
      count(rowCount),
      duration(parse),
      duration(took),
      `${(took / parse).toFixed(2)} ×`,
      before === null ? "" : `${(took / before).toFixed(1)} ×`,
      `${(memory() / bytes.length).toFixed(1)} ×`,
    ]);
    before = took;
  }
  table(
    "The catalogue of AWS managed policies as one text (at most 6 × the time of JSON.parse); growth from row to row",
    ["MB", "policies", "JSON.parse", "survey", "time", "growth", "memory"],
    rows,
  );
}

/** The first policies of usual length, a megabyte of them. */
function megabyte(policies) {
  let room = MEGABYTE;
  return policies.filter(([name, policy]) => {
    const { length } = written({ [name]: policy });
    const fits = length < LONG && length <= room;
    room -= fits ? length : 0;
    return fits;
  });
}

/** So many copies of policies, under names of their own. */
function copies(policies, count) {
  const all = Array.from({ length: count }, (_, copy) => policies.map(([name, policy]) => [`${name}-${copy}`, policy]));
  return written(Object.fromEntries(all.flat()));
}

/** As the npm package indents. */
const written = (value) => JSON.stringify(value, null, 4);

/** Judges every policy of a text; answers how many they are. */
function judge(bytes) {
  const steps = survey({ documents: [{ name: "catalogue", bytes }] });
  steps.overview();
  let rows = 0;
  for (let last = null; last === null || last.judged < last.total; ) {
    last = steps.step(STEP);
    rows += last.rows.length;
  }
  steps.free();
  return rows;
}
