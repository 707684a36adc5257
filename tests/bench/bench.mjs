// The built engine in Node: sizes, every AWS managed policy beside JSON.parse, the catalogue of them, hard cases, growth.
// And the page in a browser.
// `cargo xtask bench` builds what is needed and runs this. It asserts nothing: it measures.

import { browser } from "./browser.mjs";
import { growth } from "./growth.mjs";
import { hard } from "./hard.mjs";
import { large } from "./large.mjs";
import { managedPolicies } from "./managed-policies.mjs";
import { sizes } from "./sizes.mjs";

const SECTIONS = { sizes, "managed-policies": managedPolicies, large, hard, growth, browser };

const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (!(name in SECTIONS)) {
    console.error(`there is no section \`${name}\`; the sections are ${Object.keys(SECTIONS).join(", ")}`);
    process.exit(1);
  }
}
for (const [name, section] of Object.entries(SECTIONS)) {
  if (wanted.length === 0 || wanted.includes(name)) {
    await section();
  }
}
