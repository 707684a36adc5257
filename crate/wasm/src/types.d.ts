/**
 * Checks documents against every guardrail. Pure: no network, no storage, no clock unless `settings.now` is left out.
 *
 * A policy that is broken is a report that says so, never an exception.
 * @throws {Error} where `request` is not a `CheckRequest`; the message names the field.
 */
export function check(request: CheckRequest): Report;

/**
 * A check in steps, for large input: the texts are read and the policies in them found at once, then principal by
 * principal is judged. `check` is a survey run to its end.
 *
 * @throws {Error} where `request` is not a `SurveyRequest`; the message names the field.
 */
export class Survey {
  constructor(request: SurveyRequest);
  /** What was found. What takes reading a policy (`bearing`, its problems) is there once the policy has been read. */
  overview(): Overview;
  /** Judges up to so many more principals. */
  step(principals: number): Step;
  /** The full report on one principal alone. Its documents are those of the row, in that order, counted from 0. */
  report(row: number): Report;
  /**
   * The report on some principals together, with the documents that apply to them, in the order of the overview. On all
   * of them it is what `check` gives, with the documents that apply to nobody too.
   */
  reportOn(rows: Uint32Array): Report;
  /** The text around a document, by its index in `Overview.documents`; `null` where there is none. */
  excerpt(document: number): Excerpt | null;
  /** What was taken for granted for the principals judged so far, in plain words. */
  assumptions(): string[];
  /** Gives the memory back. The survey is of no use afterwards. */
  free(): void;
}

/** What to check in steps. */
export interface SurveyRequest {
  documents: (DocumentInput | BytesInput)[];
  settings?: Settings;
}

/** A long text that comes in pieces: none of it has to be kept outside of the engine. */
export class Utf8 {
  /** With room for so many bytes. */
  constructor(bytes: number);
  /** Adds a piece, which may begin or end within a character. */
  append(piece: Uint8Array): void;
  free(): void;
}

/** A `DocumentInput` whose text never was a JavaScript string. */
export interface BytesInput {
  name: string;
  /** UTF-8; what is none reads as U+FFFD. A `Utf8` is taken over: it is of no use afterwards. */
  bytes: Uint8Array | Utf8;
  kind?: "auto" | DocumentKind;
  attachedTo?: string;
}

/** What was found in the inputs. */
export interface Overview {
  inputs: InputReport[];
  /** One for each policy found, in the order of the inputs. */
  documents: DocumentSummary[];
  /** How many principals there are to judge. */
  principals: number;
}

/** A policy that was found, in short: see `DocumentReport`. */
export interface DocumentSummary {
  source: number;
  name: string;
  path: string;
  /** `null` where it could not be read, and as long as it has to be read to be told. */
  kind: DocumentKind | null;
  /** `null` as long as it has not been read. */
  bearing: Bearing | null;
  attachedTo: string[];
  /** How many problems it has of each severity. */
  errors: number;
  warnings: number;
}

/** What one step has done. */
export interface Step {
  /** How many principals are judged, with those of this step, and how many there are. */
  judged: number;
  total: number;
  /** Those of this step. */
  rows: PrincipalRow[];
}

/** A principal judged, in short: see `PrincipalReport`. */
export interface PrincipalRow {
  /** Position in the order of judging, from 0. */
  index: number;
  principal: string | null;
  name: string;
  /** No principal but a policy, of which nobody says who has it. */
  policyAlone: boolean;
  verdict: Verdict;
  verdicts: Verdict[];
  /** The reason for the worst verdict, in one sentence. */
  summary: string;
  /** All documents that apply to it: indexes into `Overview.documents`. */
  documents: number[];
}

/** A part of an input around one policy. */
export interface Excerpt {
  text: string;
  /** The number of its first line, from 1. */
  line: number;
  /** UTF-16 code units of the input before it. */
  offset: number;
}

/** The guardrails, in the order in which a report lists them. */
export function guardrails(): GuardrailInfo[];

/** The settings that hold where a request has none. */
export function defaultSettings(): Settings;

/** The version of this package, such as `0.1.0`. */
export function version(): string;

/** What to check. A field that is not listed here is refused; one that is `undefined` counts as left out. */
export interface CheckRequest {
  documents: DocumentInput[];
  settings?: Settings;
}

/** One pasted text. It may hold several policies, and each becomes a `DocumentReport`. */
export interface DocumentInput {
  /** Names the document in the report. */
  name: string;
  /** The text, exactly as the person has it: places are counted in it. A lone surrogate reads as U+FFFD. */
  text: string;
  /** How the policy is in force; `"auto"`, the default, detects it. */
  kind?: "auto" | DocumentKind;
  /** ARN of the principal that an identity-based policy is attached to. Left out: one unnamed, unauthorized principal. */
  attachedTo?: string;
}

/**
 * What a policy document is in AWS, and so what it does in the decision: `identity` grants; `permissions-boundary` and
 * `session` cap what identity-based policies grant; `scp` caps everything in an account; `rcp` caps access to
 * resources; `resource` grants and denies on one resource.
 */
export type DocumentKind = "identity" | "permissions-boundary" | "session" | "scp" | "rcp" | "resource";

/** What a check should know besides the documents. Every field may be left out. */
export interface Settings {
  /** Who may hold the power: ARN patterns with `*` and `?`, or `KEY=PATTERN` such as `aws:PrincipalTag/team=security`. Default: nobody. */
  authorizedPrincipals?: string[];
  /** ARN patterns of the trails to protect. Default: every trail. */
  protectedTrails?: string[];
  /** Names of the buckets that hold CloudTrail logs. Default: those whose policy looks like one. */
  trailBuckets?: string[];
  /** Organizations, such as `o-a1b2c3d4e5`, whose principals may touch these buckets. */
  organizationIds?: string[];
  /** Accounts, of 12 digits, that may touch these buckets. */
  trustedAccounts?: string[];
  /** Whether it is worth a warning (`"required"`, the default) that only the implicit deny holds an action back. */
  explicitDeny?: "required" | "optional";
  /** The time of the check in ISO 8601: requests happen then or later. Default: the clock. */
  now?: string;
}

/** The answer to one check. */
export interface Report {
  /** One for each input. */
  inputs: InputReport[];
  /** One for each policy found, in the order of the inputs. */
  documents: DocumentReport[];
  /** Everyone who was judged by itself, the worst first; the one unnamed principal where no other is named. */
  principals: PrincipalReport[];
  /** One for each guardrail, in the order of `guardrails()`. */
  guardrails: GuardrailResult[];
  /** What was taken for granted because it was not pasted, in plain words. */
  assumptions: string[];
  /** How to put the witnesses to AWS's own simulator; many findings share one. */
  replays: Replay[];
}

/** What an input was recognised as, by its structure. */
export interface InputReport {
  /** Such as "a policy document", or "the output of `aws iam get-role`". */
  form: string;
  /** By what it was recognised. */
  formReason: string;
  /** What was not understood, and parts that are damaged; the rest is judged. */
  problems: Problem[];
}

/** A principal, or another subject that is judged by itself, such as a version of a managed policy. */
export interface PrincipalReport {
  /** Its ARN; `null` where it is not known, and for a subject that is no principal. */
  principal: string | null;
  /** What it is called. */
  name: string;
  /** All documents that apply to it: indexes into `Report.documents`. */
  documents: number[];
  /** The worst of `verdicts`. */
  verdict: Verdict;
  /** By guardrail, in the order of `guardrails()`. */
  verdicts: Verdict[];
}

/**
 * Whether a policy has a say in any guardrail: `judged`; a role's `trust-policy`; `no-guardrail`, for the reason in
 * `kindReason`; `unread`, since it is broken.
 */
export type Bearing = "judged" | "trust-policy" | "no-guardrail" | "unread";

/** What was read from one policy. */
export interface DocumentReport {
  /** Index of the input the policy stands in; its spans are offsets in that input's text. */
  source: number;
  /** The policy's own name, or the input's. */
  name: string;
  /** Where in the input, such as `RoleDetailList[3].RolePolicyList[0].PolicyDocument`; "" where the input is the policy. */
  path: string;
  /** All of it, in the pasted text. */
  span: Span;
  /** Names of the principals it is attached to. */
  attachedTo: string[];
  bearing: Bearing;
  /** The kind it was judged as; `null` where it could not be read. */
  kind: DocumentKind | null;
  /** Why that kind; and why the policy has no say, where it has none. */
  kindReason: string;
  statements: StatementReport[];
  /** What is wrong or suspicious in it, by place. */
  problems: Problem[];
}

/** Where one statement stands. */
export interface StatementReport {
  /** Position in the `Statement` element, from 0. */
  index: number;
  /** The `Sid` element; `null` where there is none. */
  sid: string | null;
  effect: "Allow" | "Deny";
  span: Span;
}

/** Something wrong in a document (`error`: AWS would refuse it, and it is not judged) or suspicious (`warning`). */
export interface Problem {
  severity: "error" | "warning";
  /** What is wrong, why it matters and what to do. User's text stands in backticks, in every message. */
  message: string;
  span: Span;
}

/**
 * `fail`: a request is allowed that should not be, and the witness shows it. `warn`: none is, but one of the two
 * clauses (explicitly denied; in no Allow) is open. `pass`: both hold. `not-applicable`: no document can bear on the
 * guardrail. `undecided`: no answer, and the summary says why; never a silent pass.
 */
export type Verdict = "pass" | "warn" | "fail" | "not-applicable" | "undecided";

/** One guardrail's verdict and what decided it. */
export interface GuardrailResult {
  /** Such as `IAM-CLOUDTRAIL-1`. */
  id: string;
  /** The worst over all actions and principals. */
  verdict: Verdict;
  /** The reason in one sentence. */
  summary: string;
  /** The verdict by action; empty for IAM-CLOUDTRAIL-3. */
  actions: ActionVerdict[];
  /** The statements that decide. */
  findings: Finding[];
  /** Present exactly when the verdict is `fail`. */
  witness: Witness | null;
  /** The verdict by principal, the worst first; empty where no principal is named. */
  principals: PrincipalResult[];
}

/** The verdict on one action, such as `cloudtrail:StopLogging`. */
export interface ActionVerdict {
  action: string;
  verdict: Verdict;
}

/** The verdict for the documents that are attached to one principal. */
export interface PrincipalResult {
  /** Its ARN; `null` where it is not known. */
  principal: string | null;
  /** What it is called. */
  name: string;
  verdict: Verdict;
  summary: string;
  witness: Witness | null;
  findings: Finding[];
}

/** A statement and its part in a verdict. */
export interface Finding {
  /**
   * `grants`: an Allow that lets the witness through. `shadowed`: an Allow that only a Deny holds back. `denies`: a Deny
   * that covers. `gap`: a Deny about the action that leaves a request out. `note`: changes no verdict.
   */
  role: "grants" | "shadowed" | "denies" | "gap" | "note";
  /** Index into `Report.documents`. */
  document: number;
  /** The statement's index; `null` where the finding is about the document. */
  statement: number | null;
  /** The statement. */
  span: Span;
  /** The elements in it that decided. */
  marks: Span[];
  /** What the statement does, in AWS's terms. */
  message: string;
  /** For `gap`: a request that slips through. */
  witness: Witness | null;
}

/** A concrete request that the documents allow. */
export interface Witness {
  /** The caller's ARN; `*` for an anonymous caller. */
  principal: string;
  /** Such as `cloudtrail:StopLogging`. */
  action: string;
  /** ARN of the trail, bucket or object. */
  resource: string;
  /** Every condition key that the decision depends on; one that must be absent is not there. */
  context: Record<string, string | string[]>;
  /** How to put the request to AWS's own simulator: index into `Report.replays`. */
  replay: number | null;
}

/** A command that puts a witness to AWS's own policy simulator. */
export interface Replay {
  /** For a POSIX shell. */
  command: string;
  /** What the simulator should answer, and what it does not take. */
  notes: string[];
}

/** A place in a document's text, as editors count. */
export interface Span {
  /** Offset of the first UTF-16 code unit, from 0. */
  start: number;
  /** Offset after the last UTF-16 code unit. */
  end: number;
  /** Line of `start`, from 1. */
  line: number;
  /** Column of `start` in UTF-16 code units, from 1. */
  column: number;
}

/** What a guardrail is, for those who have pasted nothing yet. */
export interface GuardrailInfo {
  /** Such as `IAM-CLOUDTRAIL-1`. */
  id: string;
  /** What it checks. */
  title: string;
  /** Why it matters. */
  why: string;
  /** What to do where it fails. */
  remedy: string;
  /** Addresses of AWS's documentation about it. */
  references: string[];
  /** The actions it is about; empty for IAM-CLOUDTRAIL-3. */
  actions: string[];
}
