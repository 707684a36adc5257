/** The words of the page: what each verdict, role and kind is called, and what it means. */
import type { Bearing, DocumentKind, Finding, Verdict } from "./contract";

export type Role = Finding["role"];

/** From worst to best: the order in which the page counts and lists verdicts. */
export const VERDICTS: readonly Verdict[] = ["fail", "undecided", "warn", "pass", "not-applicable"];

export const VERDICT_WORDS: Readonly<Record<Verdict, { name: string; meaning: string }>> = {
  fail: {
    name: "Fail",
    meaning: "A request by someone unauthorized is allowed. The page shows that request.",
  },
  undecided: {
    name: "Undecided",
    meaning: "The check could not decide, and says why. It never counts as a pass.",
  },
  warn: {
    name: "Warn",
    meaning: "Nothing gets through today, but only one of the two safeguards holds: an explicit Deny, or no Allow at all.",
  },
  pass: {
    name: "Pass",
    meaning: "No request by anyone unauthorized is allowed, and an explicit Deny says so.",
  },
  "not-applicable": {
    name: "Not applicable",
    meaning: "None of the policies can bear on this guardrail.",
  },
};

/** From worst to best: a statement that plays several parts is painted as the worst. */
export const ROLES: readonly Role[] = ["grants", "gap", "shadowed", "denies", "note"];

export const ROLE_WORDS: Readonly<Record<Role, { name: string; meaning: string }>> = {
  grants: { name: "Grants", meaning: "an Allow that lets the request through" },
  gap: { name: "Gap", meaning: "a Deny with a hole: it leaves some request out" },
  shadowed: { name: "Shadowed", meaning: "an Allow that only a Deny holds back" },
  denies: { name: "Denies", meaning: "a Deny that covers the requests" },
  note: { name: "Note", meaning: "worth knowing; it does not change the verdict" },
};

export const KINDS: readonly DocumentKind[] = ["identity", "permissions-boundary", "session", "scp", "rcp", "resource"];

export const KIND_WORDS: Readonly<Record<DocumentKind, { name: string; short: string }>> = {
  identity: { name: "Identity-based policy", short: "identity" },
  "permissions-boundary": { name: "Permissions boundary", short: "boundary" },
  session: { name: "Session policy", short: "session" },
  scp: { name: "Service control policy (SCP)", short: "SCP" },
  rcp: { name: "Resource control policy (RCP)", short: "RCP" },
  resource: { name: "Resource-based policy", short: "resource" },
};

/** "Statement 2", with its Sid where it has one. Statements are counted from 1, as people do. */
export function statementName(index: number, sid: string | null | undefined): string {
  return sid ? `Statement ${index + 1} \`${sid}\`` : `Statement ${index + 1}`;
}

export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** "6,194". By hand: the browser's own way takes long enough to be felt, the first time. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** What a policy that was found has to do with the guardrails. */
export const BEARING_WORDS: Readonly<Record<Bearing, { name: string }>> = {
  judged: { name: "Judged" },
  "trust-policy": { name: "Trust policy: no guardrail" },
  "no-guardrail": { name: "Bears on no guardrail" },
  unread: { name: "Could not be read" },
};

/** "IAM-CLOUDTRAIL-1, -2, -4" for three guardrails of one family: short enough for a label. */
export function guardrailNumbers(ids: readonly string[]): string {
  const families = new Map<string, string[]>();
  for (const id of ids) {
    const [, family = id, number = ""] = /^(.*)-(\d+)$/.exec(id) ?? [];
    families.set(family, [...(families.get(family) ?? []), number]);
  }
  const names = [...families].map(([family, numbers]) => `${family}-${numbers.join(", -")}`);
  return names.length > 3 ? countOf(ids.length, "guardrail") : names.join("; ");
}
