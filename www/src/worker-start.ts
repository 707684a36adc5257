// The worker's script is part of the page, and the only thing that its Trusted Types policy lets through.

import script from "virtual:worker-script";

// Without the type some browsers never start it, and the caller would wait for ever.
const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));

// TypeScript's DOM types leave Trusted Types out, and not every browser has them.
declare const trustedTypes:
  | { createPolicy(name: string, rules: { createScriptURL(): string }): { createScriptURL(input: ""): URL } }
  | undefined;

const policy =
  typeof trustedTypes === "undefined"
    ? undefined
    : trustedTypes.createPolicy("guard-worker", { createScriptURL: () => url });

export function startWorker(): Worker {
  return new Worker(policy?.createScriptURL("") ?? url);
}
