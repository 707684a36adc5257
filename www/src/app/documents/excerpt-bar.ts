/**
 * A text too large for the editor is shown in part: around the policy that the shown verdict is about. Its policies are
 * edited in tabs of their own.
 */
import { documentOf, type Answer } from "../answer";
import type { Announcer } from "../announcer";
import type { Checker } from "../checker";
import type { Finding, Span } from "../contract";
import { h, replace } from "../dom/h";
import { icon } from "../dom/icons";
import { plainText } from "../dom/rich-text";
import type { Editor } from "../editor/editor";
import { formatted } from "../editor/format";
import { megabytes } from "../files";
import type { NewDocument, PolicyDocument, Session } from "../session";
import { grouped, ROLES } from "../words";
import { adopt } from "../../styles/adopt";
import css from "./excerpt-bar.css?inline";

adopt(css);

/** Characters of a text in which no policy was found that are shown from its beginning. */
const HEAD = 50_000;

/** So many policies of one principal can be chosen here; the list beside has them all. */
const CHOICES = 100;

export interface ExcerptBar {
  element: HTMLElement;
  /** Shows the text around a policy, or around a place in it. Resolves once it is shown. */
  show(document: PolicyDocument, policy: number, near: number | null): Promise<void>;
  /** Sees to it that a place of a finding or a problem can be shown. */
  reach(document: PolicyDocument, policy: number | undefined, span: Span): Promise<void>;
}

export interface ExcerptBarOptions {
  session: Session;
  checker: Checker;
  editor: Editor;
  announcer: Announcer;
  /** One policy becomes a document; the text that it came from is set aside. */
  onOpen(policy: NewDocument, from: PolicyDocument): void;
}

/** What is shown of a document, and of which answer. */
interface Shown {
  answer: Answer;
  selected: number | null;
  policy: number | null;
}

export function createExcerptBar({ session, checker, editor, announcer, onOpen }: ExcerptBarOptions): ExcerptBar {
  const shown = new WeakMap<PolicyDocument, Shown>();
  const words = h("p");
  const choice = h("select", { id: "excerpt-policy", on: { change: () => void choose() } });
  const choiceField = h("div", { class: "field" }, h("label", { for: "excerpt-policy" }, "Policy"), choice);
  const open = h("button", { type: "button", on: { click: () => void openPolicy() } }, icon("add"), "Open this policy in a tab of its own");
  const again = h("button", { type: "button", on: { click: () => judgeAgain() } }, "Judge this text again");
  const element = h("div", { class: "excerpt-bar", role: "group", "aria-label": "Excerpt of a large text", hidden: true }, words, choiceField, open, again);
  let newest = 0;

  async function show(document: PolicyDocument, policy: number, near: number | null): Promise<void> {
    const { answer } = checker;
    if (!answer) return;
    const { selected } = answer;
    newest += 1;
    const mine = newest;
    try {
      const excerpt = await answer.handle.ask("excerpt", { document: policy, near });
      if (mine !== newest) return;
      shown.set(document, { answer, selected, policy });
      editor.showExcerpt(document, excerpt);
    } catch (error) {
      announcer.say(plainText(error instanceof Error ? error.message : String(error)));
    }
    render();
  }

  async function reach(document: PolicyDocument, policy: number | undefined, span: Span): Promise<void> {
    if (document.large === null || policy === undefined) return;
    const excerpt = editor.excerptOf(document);
    const isThere = excerpt && span.start >= excerpt.offset && span.end <= excerpt.offset + excerpt.text.length;
    if (!isThere) await show(document, policy, span.start);
  }

  /** Follows what is chosen: another principal has other policies. */
  function follow(): void {
    const { active } = session;
    const { answer } = checker;
    if (active.large === null || !answer || !answer.sources.includes(active)) return render();
    const known = shown.get(active);
    const stale = known?.answer !== answer || (known.selected !== answer.selected && answer.report !== null);
    if (!stale) return render();
    const [first] = policiesOf(answer, active);
    const worst = worstFinding(answer, active);
    const policy = (worst && documentOf(answer, worst.document)) ?? first;
    if (policy !== undefined) void show(active, policy, worst?.span.start ?? null);
    else if (answer.complete) void showHead(active, answer);
  }

  /** No policy was found in it: the beginning may tell why. */
  async function showHead(document: PolicyDocument, answer: Answer): Promise<void> {
    const { large } = document;
    shown.set(document, { answer, selected: answer.selected, policy: null });
    const text = typeof large === "string" ? large.slice(0, HEAD) : await (large?.slice(0, HEAD).text() ?? "");
    editor.showExcerpt(document, { text: text.replaceAll(/\r\n?/g, "\n"), line: 1, offset: 0 });
    render();
  }

  async function choose(): Promise<void> {
    await show(session.active, Number(choice.value), null);
  }

  async function openPolicy(): Promise<void> {
    const { active } = session;
    const known = shown.get(active);
    if (known?.policy == null) return;
    const { answer, policy } = known;
    const { name, kind, source } = answer.documents[policy] ?? {};
    const row = answer.selected === null ? undefined : answer.rows.byIndex(answer.selected);
    const span = answer.report?.documents[row?.documents.indexOf(policy) ?? -1]?.span;
    if (name === undefined || source === undefined || !span) return;
    try {
      const [raw = ""] = await answer.handle.ask("quotes", { document: policy, places: [span] });
      onOpen({ name, text: decoded(raw), kind: kind ?? "auto", attachedTo: kind === "identity" ? (row?.principal ?? "") : "" }, active);
    } catch (error) {
      announcer.say(plainText(error instanceof Error ? error.message : String(error)));
    }
  }

  function judgeAgain(): void {
    checker.hurry();
    session.describe(session.active, { aside: false });
  }

  function render(): void {
    const { active } = session;
    element.hidden = active.large === null;
    if (active.large === null) return;
    const { answer } = checker;
    const excerpt = editor.excerptOf(active);
    const known = shown.get(active);
    const size = megabytes(typeof active.large === "string" ? active.large.length : active.large.size);
    words.textContent = excerpt ? `${size}: an excerpt, from line ${grouped(excerpt.line)} on, to read` : `${size}: what is found in it will be shown here in part`;
    again.hidden = !active.aside;
    open.hidden = active.aside || known?.policy == null;
    const policies = answer && !active.aside ? policiesOf(answer, active).slice(0, CHOICES) : [];
    choiceField.hidden = policies.length < 2;
    replace(
      choice,
      policies.map((policy) => {
        const { name, path } = answer?.documents[policy] ?? { name: "", path: "" };
        return h("option", { value: policy, selected: policy === known?.policy }, path === "" ? name : `${name} (${path})`);
      }),
    );
  }

  session.onChange((change) => {
    if (change === "active" || change === "documents") follow();
  });
  checker.onChange(follow);
  render();
  return { element, show, reach };
}

/** The policies in a document that bear on the chosen principal, or all while none is chosen. */
function policiesOf(answer: Answer, document: PolicyDocument): number[] {
  const source = answer.sources.indexOf(document);
  const row = answer.selected === null ? undefined : answer.rows.byIndex(answer.selected);
  const policies = row ? row.documents : answer.complete ? [answer.documents.findIndex((policy) => policy.source === source)] : [];
  return policies.filter((policy) => answer.documents[policy]?.source === source);
}

function worstFinding({ report, sources }: Answer, document: PolicyDocument): Finding | undefined {
  const findings = report?.guardrails.flatMap((guardrail) => guardrail.findings) ?? [];
  const here = findings.filter((finding) => sources[report?.documents[finding.document]?.source ?? -1] === document);
  return ROLES.map((role) => here.find((finding) => finding.role === role)).find(Boolean);
}

/** A policy may stand in a string, and be URL-encoded in there: its own text is laid out, one element a line. */
function decoded(raw: string): string {
  let text = raw;
  try {
    if (text.startsWith('"')) text = String(JSON.parse(text));
    if (text.startsWith("%7B")) text = decodeURIComponent(text);
  } catch {
    // Shown as it stands.
  }
  return /^\s*[[{]/.test(text) ? formatted(text) : text;
}
