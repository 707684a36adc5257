/**
 * Gets the engine up to speed. A browser runs WebAssembly slowly at first, and compiles it well where it is seen to run
 * often: a large text would be half over by then. All instances of the module share what has been compiled.
 */
import { Survey } from "../engine/iam_guardrails_wasm.js";
import { EXAMPLES } from "../examples";

/** How long it takes altogether, in milliseconds; a text that comes earlier is not kept waiting. */
const LONG_ENOUGH = 1500;

/** Judges the examples again and again, and pauses after each turn. */
export function* warmUp(): Iterable<void> {
  const documents = [{ name: "examples", text: JSON.stringify(catalogue()) }];
  const end = performance.now() + LONG_ENOUGH;
  while (performance.now() < end) {
    const survey = new Survey({ documents });
    for (let step = null; step === null || step.judged < step.total; ) {
      step = survey.step(4);
      yield;
    }
    survey.free();
  }
}

/** A large text in small: policies by name, in versions. */
function catalogue(): object {
  const policies = EXAMPLES.flatMap(({ documents }) => documents).flatMap(({ text }) => parsed(String(text)));
  const versions = Object.fromEntries(Array.from({ length: 10 }, (_, n) => policies.map((document, p) => [`v${n}-${p}`, { document }] as const)).flat());
  return { examples: { versions } };
}

/** One of the examples is no JSON. */
function parsed(text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}
