// Makes a report of what report.rs hands over. What is read here in order is written there in the same order.

const BEARING = ["judged", "trust-policy", "no-guardrail", "unread"];
const EFFECT = ["Allow", "Deny"];
const KIND = ["identity", "permissions-boundary", "session", "scp", "rcp", "resource"];
const ROLE = ["grants", "gap", "shadowed", "denies", "note"];
const SEVERITY = ["error", "warning"];
const VERDICT = ["not-applicable", "pass", "warn", "undecided", "fail"];

/** Numbers, lengths of lists and texts, and which word it is; and how far they are read. */
let numbers = new Uint32Array();
let next = 0;

/** All texts, one behind the other; and how far they are read. */
let texts = "";
let end = 0;

/** @param {Uint32Array} ofNumbers @param {string} ofTexts */
export function report(ofNumbers, ofTexts) {
  numbers = ofNumbers;
  texts = ofTexts;
  next = end = 0;
  const whole = {
    inputs: list(input),
    documents: list(document),
    principals: list(principal),
    guardrails: list(guardrail),
    assumptions: list(text),
    replays: list(replay),
  };
  texts = "";
  return whole;
}

const input = () => ({ form: text(), formReason: text(), problems: list(problem) });

const document = () => ({
  source: number(),
  name: text(),
  path: text(),
  span: span(),
  attachedTo: list(text),
  kind: option(kind),
  kindReason: text(),
  bearing: BEARING[number()],
  statements: list(statement),
  problems: list(problem),
});

const statement = () => ({
  index: number(),
  sid: option(text),
  effect: EFFECT[number()],
  span: span(),
});

const problem = () => ({ severity: SEVERITY[number()], message: text(), span: span() });

const principal = () => ({
  principal: option(text),
  name: text(),
  documents: list(number),
  verdict: verdict(),
  verdicts: list(verdict),
});

const guardrail = () => ({
  id: text(),
  verdict: verdict(),
  summary: text(),
  actions: list(action),
  findings: list(finding),
  witness: option(witness),
  principals: list(result),
});

const action = () => ({ action: text(), verdict: verdict() });

const result = () => ({
  principal: option(text),
  name: text(),
  verdict: verdict(),
  summary: text(),
  witness: option(witness),
  findings: list(finding),
});

const finding = () => ({
  role: ROLE[number()],
  document: number(),
  statement: option(number),
  span: span(),
  marks: list(span),
  message: text(),
  witness: option(witness),
});

const witness = () => ({
  principal: text(),
  action: text(),
  resource: text(),
  // Not assigned one by one: a key may be called `__proto__`.
  context: Object.fromEntries(list(entry)),
  replay: option(number),
});

const entry = () => [text(), number() === 0 ? text() : list(text)];

const replay = () => ({ command: text(), notes: list(text) });

const span = () => ({ start: number(), end: number(), line: number(), column: number() });

const kind = () => KIND[number()];

const verdict = () => VERDICT[number()];

const number = () => numbers[next++];

function text() {
  const start = end;
  end += number();
  return texts.slice(start, end);
}

/** @template T @param {() => T} item */
function list(item) {
  const items = [];
  for (let left = number(); left > 0; left -= 1) {
    items.push(item());
  }
  return items;
}

/** @template T @param {() => T} value */
const option = (value) => (number() === 0 ? null : value());
