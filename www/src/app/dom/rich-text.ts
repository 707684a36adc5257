import { h, type Child } from "./h";

/** The engine puts the user's text in backticks; here it becomes `<code>`. */
export function richText(message: string): Child[] {
  const parts = message.split("`");
  // An odd number of backticks is text that holds one: shown as it is.
  if (parts.length % 2 === 0) return [message];
  return parts.map((part, index) => (index % 2 === 1 ? h("code", null, part) : part));
}

/** The engine's messages are clauses; where they stand alone they become sentences. */
export function sentence(clause: string): string {
  if (clause === "") return "";
  const capital = clause.charAt(0).toUpperCase() + clause.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}

/** The same message where only text fits: announcements, titles. */
export function plainText(message: string): string {
  return message.replaceAll("`", "");
}
