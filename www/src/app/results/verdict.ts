/** A verdict as the page always shows it: an icon, the word, and a colour. */
import type { Verdict } from "../contract";
import { h } from "../dom/h";
import { icon } from "../dom/icons";
import { VERDICT_WORDS } from "../words";
import { adopt } from "../../styles/adopt";
import css from "./verdict.css?inline";

adopt(css);

export function verdictBadge(verdict: Verdict, size: "large" | "small" = "large"): HTMLElement {
  return h("span", { class: `verdict verdict-${verdict} verdict-${size}` }, icon(verdict), VERDICT_WORDS[verdict].name);
}
