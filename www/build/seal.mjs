// Puts the page together: an outer document without app code, and in it the app in a sandboxed frame.
// Both say in their Content-Security-Policy that nothing is loaded, and name the scripts that may run by hash.

import { createHash } from "node:crypto";

/**
 * @param {{ outer: string, inner: string, style: string, address: string, lockdown: string, app: string }} parts
 * @returns {string} the whole page
 */
export function seal({ outer, inner, ...parts }) {
  const lockdown = asScript(parts.lockdown);
  const app = asScript(parts.app);
  const address = asScript(parts.address);

  const innerPolicy = [
    "default-src 'none'",
    `script-src ${hash(lockdown)} ${hash(app)} 'wasm-unsafe-eval'`,
    "worker-src blob:",
    "connect-src 'none'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types guard-worker",
  ];
  // The frame inherits this policy beside its own, so it has to name the frame's scripts too.
  const outerPolicy = [
    "default-src 'none'",
    `script-src ${hash(address)} ${hash(lockdown)} ${hash(app)} 'wasm-unsafe-eval'`,
    `style-src ${hash(parts.style)}`,
    "worker-src blob:",
    "img-src data:",
    "frame-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ];

  const frame = fill(inner, { policy: innerPolicy.join("; "), lockdown, app });
  return fill(outer, { policy: outerPolicy.join("; "), style: parts.style, address, frame: asAttribute(frame) });
}

/** Fills each `{{name}}` once; what is filled in is not looked at again. */
function fill(/** @type {string} */ template, /** @type {Record<string, string>} */ values) {
  return template.replace(/\{\{(\w+)\}\}/g, (_, name) => {
    const value = values[name];
    if (value === undefined) throw new Error(`nothing to fill in for {{${name}}}`);
    return value;
  });
}

/** A CSP source expression for an inline script or style of exactly this text. */
function hash(/** @type {string} */ text) {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/**
 * JavaScript that HTML leaves as it is. `</script` and `<!--` can only stand in strings, templates and regular
 * expressions, where `\x3c` means the same; HTML would turn a carriage return into a line feed, and the hash would not match.
 */
function asScript(/** @type {string} */ code) {
  if (code.includes("\r")) throw new Error("a script holds a carriage return");
  return code.trim().replace(/<(?=\/script|!--)/gi, "\\x3c");
}

function asAttribute(/** @type {string} */ html) {
  return html.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
}
