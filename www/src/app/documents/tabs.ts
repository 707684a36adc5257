/** The documents as tabs: arrow keys, Home and End move, F2 renames, Delete removes. */
import { h, replace } from "../dom/h";
import { icon } from "../dom/icons";
import { foundIn } from "../answer";
import type { Checker } from "../checker";
import type { DocumentKind } from "../contract";
import { isBlank, type PolicyDocument, type Session } from "../session";
import { countOf, KIND_WORDS } from "../words";
import { adopt } from "../../styles/adopt";
import css from "./tabs.css?inline";

adopt(css);

export interface TabsOptions {
  session: Session;
  checker: Checker;
  /** Id of the element that shows the active document. */
  panelId: string;
  onRename(): void;
  onRemove(document: PolicyDocument): void;
}

export function createTabs({ session, checker, panelId, onRename, onRemove }: TabsOptions): HTMLElement {
  const list = h("div", { class: "tabs", role: "tablist", "aria-label": "Policy documents", on: { keydown } });

  function render(): void {
    replace(list, session.documents.map(tab));
    list.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function tab(document: PolicyDocument): HTMLElement {
    const active = document === session.active;
    const { kind, errors } = stateOf(document, checker);
    const name = document.name || "Unnamed";
    return h(
      "button",
      {
        type: "button",
        class: "tab",
        role: "tab",
        id: tabId(document),
        "data-key": tabId(document),
        "aria-label": `${name}, ${kind}`,
        "aria-selected": String(active),
        "aria-controls": panelId,
        tabindex: active ? 0 : -1,
        on: { click: () => session.activate(document), dblclick: onRename },
      },
      h("span", { class: "tab-name" }, name),
      h("span", { class: errors > 0 ? "tab-kind tab-error" : "tab-kind" }, errors > 0 && icon("fail"), kind),
    );
  }

  function keydown(event: KeyboardEvent): void {
    const { documents, active } = session;
    const position = documents.indexOf(active);
    const moves: Record<string, number> = {
      ArrowLeft: (position + documents.length - 1) % documents.length,
      ArrowRight: (position + 1) % documents.length,
      Home: 0,
      End: documents.length - 1,
    };
    const target = documents[moves[event.key] ?? -1];
    if (target) {
      session.activate(target);
      focusTab(list, target);
    } else if (event.key === "F2") {
      onRename();
    } else if (event.key === "Delete") {
      onRemove(active);
      focusTab(list, session.active);
    } else {
      return;
    }
    event.preventDefault();
  }

  session.onChange((change) => {
    if (change === "documents" || change === "active") render();
  });
  checker.onChange(render);
  render();
  return list;
}

export function tabId(document: PolicyDocument): string {
  return `document-${document.id}`;
}

function focusTab(list: HTMLElement, document: PolicyDocument): void {
  list.querySelector<HTMLElement>(`#${tabId(document)}`)?.focus();
}

function stateOf(document: PolicyDocument, { answer }: Checker): { kind: string; errors: number } {
  if (document.aside) return { kind: "set aside", errors: 0 };
  if (isBlank(document)) return { kind: "empty", errors: 0 };
  const { policies = 0, errors = 0, kinds = new Set<DocumentKind>() } = foundIn(answer, document) ?? {};
  if (policies > 1) {
    const found = countOf(policies, "policy", "policies");
    return { kind: errors > 0 ? `${found}, ${countOf(errors, "error")}` : found, errors };
  }
  const [kind] = kinds;
  return { kind: errors > 0 ? "error" : kind ? KIND_WORDS[kind].short : "…", errors };
}
