/** A request that the policies let through, in words, with its context and how to replay it. */
import type { Witness } from "../contract";
import { copyButton } from "../dom/copy";
import { h, uniqueId, type Child } from "../dom/h";
import { richText } from "../dom/rich-text";
import { adopt } from "../../styles/adopt";
import css from "./witness.css?inline";

adopt(css);

/** An engine that knows how to ask AWS itself says so here. */
interface Replay {
  command: string;
  notes: string[];
}

export function witnessSentence({ principal, action, resource }: Witness): string {
  const caller = principal === "*" ? "Anyone, without signing in," : `\`${principal}\``;
  return `${caller} may call \`${action}\` on \`${resource}\``;
}

/** The heading's level follows the place where the witness stands. */
export function witnessBlock(witness: Witness, title: string, level: "h4" | "h5" = "h4"): HTMLElement {
  const context = Object.entries(witness.context).sort(([a], [b]) => a.localeCompare(b));
  const replay = (witness as Witness & { replay?: Replay }).replay;
  const titleId = uniqueId("witness");
  return h(
    "div",
    { class: "witness", role: "group", "aria-labelledby": titleId },
    h(level, { id: titleId }, title),
    h("p", { class: "witness-sentence" }, richText(witnessSentence(witness))),
    context.length > 0 &&
      h(
        "table",
        { class: "context" },
        h("caption", null, "when the request carries"),
        h("thead", { class: "visually-hidden" }, h("tr", null, h("th", { scope: "col" }, "Context key"), h("th", { scope: "col" }, "Value"))),
        h(
          "tbody",
          null,
          context.map(([key, value]) => h("tr", null, h("th", { scope: "row" }, h("code", null, key)), h("td", null, values(value)))),
        ),
      ),
    replay &&
      h(
        "details",
        { class: "replay" },
        h("summary", null, "Replay it with AWS itself"),
        h("pre", { tabindex: 0, "aria-label": "Command" }, h("code", null, replay.command)),
        h("ul", { class: "bullets small" }, replay.notes.map((note) => h("li", null, richText(note)))),
        copyButton("Copy command", () => replay.command, { describes: `for ${witness.action}` }),
      ),
  );
}

function values(value: string | string[]): Child {
  const all = typeof value === "string" ? [value] : value;
  if (all.length === 0) return h("span", { class: "soft" }, "an empty list");
  return all.map((one, index) => [index > 0 && ", ", one === "" ? h("span", { class: "soft" }, "an empty value") : h("code", null, one)]);
}
