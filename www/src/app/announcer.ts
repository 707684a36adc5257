/** Says what happened to those who do not see it: a polite live region. */
import { h } from "./dom/h";

export interface Announcer {
  element: HTMLElement;
  say(message: string): void;
}

export function createAnnouncer(): Announcer {
  const element = h("p", { class: "visually-hidden", role: "status", "aria-live": "polite" });
  return {
    element,
    say(message) {
      element.textContent = message;
    },
  };
}
