/**
 * Lays JSON out, one element a line, by its brackets alone: strings, numbers, doubled keys
 * and even mistakes stay as they are, which `JSON.parse` and back would not do.
 */
export function formatted(text: string): string {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"?|[[\]{},:]|[^\s[\]{},:"]+/gs) ?? [];
  const parts: string[] = [];
  let depth = 0;
  tokens.forEach((token, position) => {
    const previous = tokens[position - 1];
    const next = tokens[position + 1];
    // Two values in a row: another document, or a mistake. Never run together.
    if (previous !== undefined && ENDS_VALUE.test(previous) && STARTS_VALUE.test(token)) parts.push(newLine(depth));
    if (token === "{" || token === "[") {
      parts.push(token);
      if (next === "}" || next === "]") return;
      depth += 1;
      parts.push(newLine(depth));
    } else if (token === "}" || token === "]") {
      const empty = previous === "{" || previous === "[";
      if (!empty) {
        depth = Math.max(0, depth - 1);
        parts.push(newLine(depth));
      }
      parts.push(token);
    } else if (token === ",") {
      parts.push(token, newLine(depth));
    } else if (token === ":") {
      parts.push(": ");
    } else {
      parts.push(token);
    }
  });
  return `${parts.join("")}\n`;
}

const ENDS_VALUE = /^[^[{,:]/s;
const STARTS_VALUE = /^[^\]},:]/s;

function newLine(depth: number): string {
  return `\n${"  ".repeat(depth)}`;
}
