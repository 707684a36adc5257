/** A request that the policies let through, in words, with its context and how to replay it. */
import type { Replay, Report, Witness } from "../contract";
import { copyButton } from "../dom/copy";
import { h, uniqueId, type Child } from "../dom/h";
import { richText, sentence } from "../dom/rich-text";
import { adopt } from "../../styles/adopt";
import css from "./witness.css?inline";

adopt(css);

export function witnessSentence({ principal, action, resource }: Witness): string {
  const caller = principal === "*" ? "Anyone, without signing in," : `\`${principal}\``;
  return `${caller} may call \`${action}\` on \`${resource}\``;
}

/** The heading's level follows the place where the witness stands. */
export function witnessBlock(report: Report, witness: Witness, title: string, level: "h4" | "h5" = "h4"): HTMLElement {
  const context = Object.entries(witness.context).sort(([a], [b]) => a.localeCompare(b));
  const titleId = uniqueId("witness");
  const replay = witness.replay === null ? undefined : report.replays[witness.replay];
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
    replay && replayBlock(replay, witness.action),
  );
}

/** How to ask AWS itself. */
function replayBlock({ command, notes }: Replay, action: string): HTMLElement {
  return h(
    "details",
    { class: "replay" },
    h("summary", null, "Replay it with AWS itself", h("span", { class: "visually-hidden" }, `: ${action}`)),
    h("pre", { tabindex: 0, role: "region", "aria-label": `Command for ${action}` }, h("code", null, command)),
    copyButton("Copy command", () => command, { describes: `for ${action}` }),
    h("ul", { class: "bullets small" }, notes.map((note) => h("li", null, richText(sentence(note))))),
  );
}

function values(value: string | string[]): Child {
  const all = typeof value === "string" ? [value] : value;
  if (all.length === 0) return h("span", { class: "soft" }, "an empty list");
  return all.map((one, index) => [index > 0 && ", ", one === "" ? h("span", { class: "soft" }, "an empty value") : h("code", null, one)]);
}
