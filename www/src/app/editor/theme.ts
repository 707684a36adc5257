/** How the editor looks. CodeMirror adopts it in the editor's shadow root; the tokens reach in by inheritance. */
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { ROLES, type Role } from "../words";

/** Each role has its own line style, so that it is told without its colour. */
const RULES: Readonly<Record<Role, { edge: string; underline: string }>> = {
  grants: { edge: "4px solid", underline: "solid 2px" },
  gap: { edge: "4px dashed", underline: "wavy 1.5px" },
  shadowed: { edge: "4px dotted", underline: "dashed 2px" },
  denies: { edge: "4px double", underline: "double 1.5px" },
  note: { edge: "1px solid", underline: "dotted 2px" },
};

/** How far the text stands from the edge, so that it keeps its column whatever the edge's width. */
const edgeOf = (role: Role): string => RULES[role].edge.split(" ")[0] ?? "0px";

const roleRules = Object.fromEntries(
  ROLES.flatMap((role) => [
    [`.role-${role}`, { "--role": `var(--${role})`, "--role-soft": `var(--${role}-soft)` }],
    [`.cm-line.cm-painted.role-${role}`, { borderInlineStart: `${RULES[role].edge} var(--${role})`, paddingLeft: `calc(0.5rem + 4px - ${edgeOf(role)})` }],
    [`.cm-deciding.role-${role}`, { textDecoration: `underline ${RULES[role].underline} var(--${role})` }],
  ]),
);

const theme = EditorView.theme({
  "&": {
    height: "100%",
    color: "var(--ink)",
    backgroundColor: "var(--surface)",
    fontSize: "var(--size-code)",
  },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-code)", lineHeight: "1.55", overflow: "auto" },
  ".cm-content": { padding: "0.5rem 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 0.75rem 0 calc(0.5rem + 4px)" },
  // No transparent border on the other lines: forced colours would paint it.
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  ".cm-placeholder": { color: "var(--ink-soft)", fontFamily: "var(--font-text)", whiteSpace: "pre-wrap" },
  ".cm-gutters": {
    color: "var(--ink-soft)",
    backgroundColor: "var(--surface)",
    border: "none",
  },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 0.5rem 0 0.75rem", minWidth: "2.25rem" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "var(--active-line)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--ink)", fontWeight: "700" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection)",
  },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    backgroundColor: "transparent",
    outline: "1px solid var(--line-strong)",
  },
  ".cm-searchMatch": { backgroundColor: "var(--match)", outline: "1px solid var(--line-strong)" },
  ".cm-searchMatch-selected": { outline: "2px solid var(--accent)" },
  ".cm-selectionMatch": { backgroundColor: "var(--accent-soft)" },

  ".cm-painted": { backgroundColor: "var(--role-soft)" },
  ".cm-painted.cm-activeLine": { backgroundColor: "var(--role-soft)" },
  "&.cm-focused .cm-painted.cm-activeLine": {
    backgroundImage: "linear-gradient(var(--active-line), var(--active-line))",
    backgroundColor: "var(--role-soft)",
  },
  ".cm-statement-inline": { backgroundColor: "var(--role-soft)", borderBottom: "1px solid var(--role)" },
  ".cm-deciding": { textUnderlineOffset: "0.22em", textDecorationSkipInk: "none", fontWeight: "650" },

  ".cm-label": {
    display: "inline-flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: "0.1rem 0.6rem",
    maxWidth: "100%",
    margin: "0 0.25rem",
    padding: "0.05rem 0.55rem",
    borderRadius: "0.75rem",
    border: "1px solid var(--role)",
    backgroundColor: "var(--surface)",
    color: "var(--ink)",
    fontFamily: "var(--font-text)",
    fontSize: "var(--size-small)",
    lineHeight: "1.45",
    whiteSpace: "normal",
    cursor: "pointer",
  },
  // Room around what stands between lines is padding: CodeMirror does not measure margins.
  ".cm-between": { padding: "0.3rem 0.75rem 0.15rem calc(0.5rem + 4px)" },
  ".cm-between > .cm-label": { margin: "0", marginInlineStart: "var(--indent, 0px)" },
  ".cm-label:hover": { backgroundColor: "var(--role-soft)" },
  ".cm-part": { display: "inline-flex", alignItems: "center", gap: "0.35em", color: "var(--role)" },
  ".cm-part b": { fontWeight: "700" },
  ".cm-guardrails": { color: "var(--ink-soft)" },
  ".cm-name code": { fontFamily: "var(--font-code)", fontWeight: "600" },
  ".icon": { width: "1.05em", height: "1.05em", flex: "none" },

  ".cm-message": {
    display: "flex",
    gap: "0.4rem",
    alignItems: "flex-start",
    width: "fit-content",
    padding: "0.15rem 0.6rem",
    borderRadius: "0.375rem",
    fontFamily: "var(--font-text)",
    fontSize: "var(--size-small)",
    lineHeight: "1.45",
    whiteSpace: "normal",
    color: "var(--ink)",
  },
  ".cm-message .icon": { marginTop: "0.2em" },
  ".cm-message-error": { backgroundColor: "var(--fail-soft)", border: "1px solid var(--fail)" },
  ".cm-message-error .icon, .cm-message-error b": { color: "var(--fail)" },
  ".cm-message-warning": { backgroundColor: "var(--warn-soft)", border: "1px solid var(--warn)" },
  ".cm-message-warning .icon, .cm-message-warning b": { color: "var(--warn)" },
  ".cm-message code": { fontFamily: "var(--font-code)" },

  ".cm-lintRange": { backgroundImage: "none", paddingBottom: "0" },
  ".cm-lintRange-error": { textDecoration: "underline wavy 2px var(--fail)", textDecorationSkipInk: "none" },
  ".cm-lintRange-warning": { textDecoration: "underline dotted 2px var(--warn)", textDecorationSkipInk: "none" },
  ".cm-lintPoint:after": { borderBottomColor: "var(--fail)" },
  ".cm-lintPoint-warning:after": { borderBottomColor: "var(--warn)" },
  ".cm-tooltip": {
    border: "1px solid var(--line-strong)",
    borderRadius: "0.375rem",
    backgroundColor: "var(--surface)",
    color: "var(--ink)",
  },
  ".cm-diagnostic": {
    padding: "0.3rem 0.6rem",
    fontFamily: "var(--font-text)",
    fontSize: "var(--size-small)",
    maxWidth: "32rem",
    whiteSpace: "normal",
  },
  ".cm-diagnostic-error": { borderLeftColor: "var(--fail)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warn)" },

  ".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--ink)", fontFamily: "var(--font-text)" },
  ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--line)" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-panel.cm-search": { padding: "0.5rem 2.25rem 0.5rem 0.75rem" },
  ".cm-panel.cm-search label": { fontSize: "var(--size-small)", display: "inline-flex", alignItems: "center", gap: "0.3em" },
  ".cm-textfield": {
    padding: "0.2rem 0.5rem",
    border: "1px solid var(--line-strong)",
    borderRadius: "0.375rem",
    backgroundColor: "var(--surface)",
    color: "var(--ink)",
    fontSize: "var(--size-small)",
  },
  ".cm-button": {
    padding: "0.2rem 0.6rem",
    border: "1px solid var(--line-strong)",
    borderRadius: "0.375rem",
    backgroundImage: "none",
    backgroundColor: "var(--surface)",
    color: "var(--ink)",
    fontSize: "var(--size-small)",
    textTransform: "capitalize",
    cursor: "pointer",
  },
  ".cm-panel.cm-search [name=close]": {
    top: "0.35rem",
    right: "0.5rem",
    minWidth: "1.75rem",
    minHeight: "1.75rem",
    fontSize: "1.1rem",
    color: "var(--ink)",
    cursor: "pointer",
  },
  ".cm-textfield:focus-visible, .cm-button:focus-visible, button:focus-visible, input:focus-visible": {
    outline: "3px solid var(--accent)",
    outlineOffset: "1px",
  },
  ...roleRules,
});

const json = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--code-key)" },
  { tag: tags.string, color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-atom)" },
  { tag: [tags.separator, tags.squareBracket, tags.brace, tags.punctuation], color: "var(--code-punctuation)" },
]);

export function editorTheme(): Extension {
  return [theme, syntaxHighlighting(json)];
}
