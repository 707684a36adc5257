/** The report for a ticket or a review: as plain text, or as the engine's JSON. */
import type { Answer } from "../checker";
import type { Finding, Report, Witness } from "../contract";
import { sidOf } from "../editor/paint";
import { KIND_WORDS, ROLE_WORDS, statementName, VERDICT_WORDS } from "../words";
import { tallyText } from "./overview";
import { witnessSentence } from "./witness";

export function reportJson({ report, settings }: Answer, version: string): string {
  return `${JSON.stringify({ version, settings, ...report }, null, 2)}\n`;
}

export function reportText({ report, settings }: Answer, version: string): string {
  const lines = [
    `iam-guardrails ${version}`,
    tallyText(report.guardrails.map(({ verdict }) => verdict)),
    "",
    "Policies",
    ...report.documents.flatMap(({ name, kind, problems }) => [
      `- ${name}: ${kind ? KIND_WORDS[kind].name : "could not be read"}`,
      ...problems.map(({ severity, message, span }) => `  ${severity} in line ${span.line}: ${message}`),
    ]),
    "",
    "Settings",
    ...Object.entries(settings)
      .filter(([, value]) => value.length > 0)
      .map(([name, value]) => `- ${name}: ${Array.isArray(value) ? value.join(", ") : value}`),
  ];
  for (const { id, verdict, summary, actions, witness, findings, principals = [] } of report.guardrails) {
    lines.push("", `${id}: ${VERDICT_WORDS[verdict].name}`, summary);
    lines.push(...actions.map((one) => `- ${one.action}: ${VERDICT_WORDS[one.verdict].name}`));
    if (witness) lines.push("A request that gets through:", ...witnessLines(witness));
    lines.push(...findings.flatMap((finding) => findingLines(report, finding)));
    for (const one of principals) {
      lines.push(`For ${one.principal ?? "the unnamed principal"}: ${VERDICT_WORDS[one.verdict].name}. ${one.summary}`);
      if (one.witness) lines.push(...witnessLines(one.witness));
      lines.push(...one.findings.flatMap((finding) => findingLines(report, finding)));
    }
  }
  if (report.assumptions.length > 0) lines.push("", "Taken for granted", ...report.assumptions.map((assumption) => `- ${assumption}`));
  return `${lines.join("\n")}\n`;
}

function witnessLines(witness: Witness): string[] {
  const context = Object.entries(witness.context).map(([key, value]) => `    ${key} = ${Array.isArray(value) ? value.join(", ") : value}`);
  return [`  ${witnessSentence(witness)}`, ...context];
}

function findingLines(report: Report, { role, document, statement, span, message, witness }: Finding): string[] {
  const where = report.documents[document];
  const what = statement === null ? "the document" : statementName(statement, sidOf(where, statement));
  const line = `- ${ROLE_WORDS[role].name}: ${what} of ${where?.name ?? ""}, line ${span.line}: ${message}`;
  return witness ? [line, ...witnessLines(witness)] : [line];
}
