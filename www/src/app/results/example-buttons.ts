/** The examples as buttons: in the empty state and in the dialog. */
import { EXAMPLES, type Example } from "../../examples";
import { h } from "../dom/h";
import { richText } from "../dom/rich-text";
import { adopt } from "../../styles/adopt";
import css from "./example-buttons.css?inline";

adopt(css);

export function exampleButtons(onExample: (example: Example) => void): HTMLElement {
  return h(
    "ul",
    { class: "examples" },
    EXAMPLES.map((example) =>
      h(
        "li",
        null,
        h(
          "button",
          { type: "button", class: "example", on: { click: () => onExample(example) } },
          h("span", { class: "example-title" }, example.title),
          h("span", { class: "example-see" }, richText(example.see)),
        ),
      ),
    ),
  );
}
