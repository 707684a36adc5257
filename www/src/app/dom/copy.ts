/** Puts text on the clipboard, or where the browser does not let the page, shows it selected, to be copied by hand. */
import { h } from "./h";
import { icon } from "./icons";
import { adopt } from "../../styles/adopt";
import css from "./copy.css?inline";

adopt(css);

/** A button that copies what `text` gives when it is pressed, and says so. */
export function copyButton(label: string, text: () => string, options: { quiet?: boolean; describes?: string } = {}): HTMLButtonElement {
  const words = h("span", { "aria-live": "polite" }, label);
  const button = h(
    "button",
    {
      type: "button",
      class: options.quiet ? "quiet copy" : "copy",
      "data-key": `copy ${label} ${options.describes ?? ""}`,
      on: {
        click: async () => {
          if (!(await copy(text()))) return showSelected(text());
          words.textContent = "Copied";
          setTimeout(() => (words.textContent = label), 2000);
        },
      },
    },
    icon("copy"),
    words,
    options.describes && h("span", { class: "visually-hidden" }, ` ${options.describes}`),
  );
  return button;
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function showSelected(text: string): void {
  const area = h("textarea", { readonly: true, rows: 12, "aria-labelledby": "copy-title", spellcheck: "false" });
  area.value = text;
  const dialog = h(
    "dialog",
    { class: "copy-dialog", "aria-labelledby": "copy-title", on: { close: () => dialog.remove() } },
    h("h2", { id: "copy-title" }, "Copy it by hand"),
    h("p", null, "The browser does not let this page write to the clipboard. The text is selected: press Ctrl+C, or ⌘C."),
    area,
    h("button", { type: "button", class: "primary", on: { click: () => dialog.close() } }, "Close"),
  );
  document.body.append(dialog);
  dialog.showModal();
  area.select();
}
