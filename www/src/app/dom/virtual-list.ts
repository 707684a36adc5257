/**
 * A list of any length of which only the rows in view are in the page. Rows are of one height. Arrow keys, Page Up and
 * Down, Home and End move; Enter and Space choose.
 */
import { h, uniqueId } from "./h";
import { adopt } from "../../styles/adopt";
import css from "./virtual-list.css?inline";

adopt(css);

/** Rows kept above and below those in view, so that a quick scroll shows no gap. */
const SPARE = 6;

/** Height of a row in rem, as in the style sheet, and at first in pixels. */
const ROW_REM = 3.25;
const ROW = 16 * ROW_REM;

export interface VirtualListOptions {
  label: string;
  /** What stands in the row at a position. */
  row(position: number): HTMLElement;
  /** The position that is chosen; -1 for none. */
  chosen(): number;
  onChoose(position: number): void;
  /** A character has been typed on the list. */
  onType?(character: string): void;
}

export interface VirtualList {
  element: HTMLElement;
  /** Draws again; the list has so many rows now. What is at the top of the view stays there. */
  update(length: number, moved?: (position: number) => number): void;
  /** Brings a row into view and makes it the one that keys act on. */
  show(position: number): void;
  focus(): void;
}

export function createVirtualList({ label, row, chosen, onChoose, onType }: VirtualListOptions): VirtualList {
  const id = uniqueId("list");
  const space = h("div", { class: "virtual-space", role: "presentation" });
  const element = h("div", { class: "virtual-list", role: "listbox", tabindex: 0, "aria-label": label, on: { keydown, scroll: draw, click, focus: draw } }, space);
  let length = 0;
  let current = 0;
  let drawing = false;
  /** Of a row, in pixels. */
  let height = ROW;

  function draw(): void {
    if (drawing) return;
    drawing = true;
    requestAnimationFrame(() => {
      drawing = false;
      drawNow();
    });
  }

  function drawNow(): void {
    const first = Math.max(0, Math.floor(element.scrollTop / height) - SPARE);
    const last = Math.min(length - 1, Math.ceil((element.scrollTop + element.clientHeight) / height) + SPARE);
    const selected = chosen();
    const rows: HTMLElement[] = [];
    // The row that keys act on is there even out of view: assistive technology looks it up by its id.
    for (const position of new Set([...positions(first, last), ...(current < length ? [current] : [])])) {
      const item = h(
        "div",
        {
          class: position === current ? "virtual-row is-current" : "virtual-row",
          role: "option",
          id: `${id}-${position}`,
          "data-position": position,
          "aria-selected": String(position === selected),
          "aria-setsize": length,
          "aria-posinset": position + 1,
        },
        row(position),
      );
      item.style.insetBlockStart = `${position * height}px`;
      rows.push(item);
    }
    space.style.blockSize = `${length * height}px`;
    space.replaceChildren(...rows);
    if (current < length) element.setAttribute("aria-activedescendant", `${id}-${current}`);
    else element.removeAttribute("aria-activedescendant");
  }

  function show(position: number): void {
    if (length === 0) return;
    current = Math.max(0, Math.min(position, length - 1));
    // The space has to be there before one can scroll in it.
    space.style.blockSize = `${length * height}px`;
    const top = current * height;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + height > element.scrollTop + element.clientHeight) element.scrollTop = top + height - element.clientHeight;
    drawNow();
  }

  function keydown(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(element.clientHeight / height) - 1);
    const moves: Record<string, number> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + page,
      PageUp: current - page,
      Home: 0,
      End: length - 1,
    };
    const target = moves[event.key];
    if (target !== undefined) show(target);
    else if ((event.key === "Enter" || event.key === " ") && current < length) onChoose(current);
    else if (event.key.length === 1 && onType) onType(event.key);
    else return;
    event.preventDefault();
  }

  function click({ target }: MouseEvent): void {
    const item = target instanceof Element ? target.closest<HTMLElement>("[data-position]") : null;
    if (!item) return;
    current = Number(item.dataset["position"]);
    drawNow();
    onChoose(current);
  }

  // Rows are drawn once there is room for them, and when the room changes: a rem follows the window.
  new ResizeObserver(() => {
    height = ROW_REM * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    draw();
  }).observe(element);

  return {
    element,
    show,
    focus: () => element.focus(),
    update(now, moved) {
        const top = Math.floor(element.scrollTop / height);
      const movedTop = moved && element.scrollTop > 0 ? moved(top) : top;
      if (moved) current = moved(current);
      length = now;
      current = Math.max(0, Math.min(current, length - 1));
      if (movedTop !== top) {
        space.style.blockSize = `${length * height}px`;
        element.scrollTop += (movedTop - top) * height;
      }
      draw();
    },
  };
}

function* positions(first: number, last: number): Iterable<number> {
  for (let position = first; position <= last; position += 1) yield position;
}
