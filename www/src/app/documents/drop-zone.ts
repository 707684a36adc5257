/** Files can be dropped anywhere on the page, and text pasted anywhere outside a field. */
import { h } from "../dom/h";
import { icon } from "../dom/icons";
import { adopt } from "../../styles/adopt";
import css from "./drop-zone.css?inline";

adopt(css);

export interface DropZoneOptions {
  onFiles(files: File[]): void;
  onText(text: string): void;
  /** Whether the editor takes a text that is pasted into it. */
  isForEditor(text: string): boolean;
}

export function createDropZone({ onFiles, onText, isForEditor }: DropZoneOptions): HTMLElement {
  const element = h(
    "div",
    { class: "drop-zone", hidden: true, "aria-hidden": "true" },
    h("p", null, icon("open"), " Drop to check: files up to 256 MB, each becomes a document"),
  );
  // Every element that is entered and left fires: only the last leave counts.
  let inside = 0;

  function settle(): void {
    inside = 0;
    element.hidden = true;
  }

  // In the capture phase: otherwise the editor would take a dropped file as text at the cursor.
  const listen = <K extends keyof DocumentEventMap>(type: K, listener: (event: DocumentEventMap[K]) => void): void =>
    document.addEventListener(type, listener, { capture: true });

  listen("dragenter", (event) => {
    if (!carriesFiles(event)) return;
    inside += 1;
    element.hidden = false;
  });
  listen("dragleave", (event) => {
    if (!carriesFiles(event)) return;
    inside -= 1;
    if (inside <= 0) settle();
  });
  listen("dragover", (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
  listen("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    settle();
    onFiles([...(event.dataTransfer?.files ?? [])]);
  });

  // In the capture phase too: a large text must not get into the editor.
  listen("paste", (event) => {
    const [target] = event.composedPath();
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (isField(target) && (!isEditor(target) || isForEditor(text))) return;
    const files = [...(event.clipboardData?.files ?? [])];
    if (text.trim() !== "") onText(text);
    else if (files.length > 0) onFiles(files);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  return element;
}

function carriesFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes("Files") ?? false;
}

function isEditor(target: EventTarget | undefined): boolean {
  return target instanceof Element && target.closest(".cm-editor") !== null;
}

function isField(target: EventTarget | undefined): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}
