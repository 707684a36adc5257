/** Puts text on the clipboard, or where the browser does not let the page, shows it selected, to be copied by hand. */
import { h } from "./h";
import { icon } from "./icons";
import { adopt } from "../../styles/adopt";
import css from "./copy.css?inline";

adopt(css);

/** A button that copies what `text` gives when it is pressed, and says so. */
export function copyButton(label: string, text: () => string | Promise<string>, options: { quiet?: boolean; describes?: string } = {}): HTMLButtonElement {
  const words = h("span", { "aria-live": "polite" }, label);
  let resting: ReturnType<typeof setTimeout> | undefined;

  async function press(): Promise<void> {
    clearTimeout(resting);
    const given = text();
    if (typeof given !== "string") words.textContent = "Copying…";
    try {
      const copied = await copy(given);
      if (!copied) showSelected(await given);
      words.textContent = copied ? "Copied" : label;
    } catch {
      words.textContent = "Not copied: check again";
    }
    resting = setTimeout(() => (words.textContent = label), 2000);
  }

  const button = h(
    "button",
    {
      type: "button",
      class: options.quiet ? "quiet copy" : "copy",
      "data-key": `copy ${label} ${options.describes ?? ""}`,
      on: { click: () => void press() },
    },
    icon("copy"),
    words,
    options.describes && h("span", { class: "visually-hidden" }, ` ${options.describes}`),
  );
  return button;
}

async function copy(text: string | Promise<string>): Promise<boolean> {
  try {
    if (typeof text === "string") await navigator.clipboard.writeText(text);
    // Asked for at once: a text that takes long to write would outlast what the press permits.
    else await navigator.clipboard.write([new ClipboardItem({ "text/plain": text.then((written) => new Blob([written], { type: "text/plain" })) })]);
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
