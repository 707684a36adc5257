/** A line that says what just happened, with a way back. It stays until it is dismissed or something else happens. */
import { h, replace } from "../dom/h";
import { icon } from "../dom/icons";
import { plainText, richText } from "../dom/rich-text";
import type { Announcer } from "../announcer";
import { adopt } from "../../styles/adopt";
import css from "./notice.css?inline";

adopt(css);

export interface Notice {
  element: HTMLElement;
  show(message: string, undo?: () => void): void;
  hide(): void;
}

export function createNotice(announcer: Announcer): Notice {
  const element = h("div", { class: "notice", hidden: true });

  function hide(): void {
    element.hidden = true;
    replace(element);
  }

  return {
    element,
    hide,
    show(message, undo) {
      element.hidden = false;
      replace(
        element,
        h("span", { class: "notice-text" }, richText(message)),
        undo &&
          h(
            "button",
            {
              type: "button",
              on: {
                click: () => {
                  hide();
                  undo();
                },
              },
            },
            "Undo",
          ),
        h("button", { type: "button", class: "quiet", on: { click: hide } }, icon("close"), h("span", { class: "visually-hidden" }, "Dismiss")),
      );
      announcer.say(plainText(message) + (undo ? " Undo is at hand, after the editor." : ""));
    },
  };
}
