/** The report for a ticket or a review: as plain text, or as the engine's JSON. */
import { hasList, type Answer } from "../answer";
import type { Finding, Report, Witness } from "../contract";
import { sidOf } from "../editor/paint";
import { countOf, grouped, KIND_WORDS, ROLE_WORDS, statementName, VERDICT_WORDS } from "../words";
import { countsOfVerdicts, tallyText } from "./overview";
import { witnessSentence } from "./witness";

/** The whole report; of many principals, on those that the filter shows, with the policies that apply to them. */
export function reportJson({ report, settings, at, rows, principals, handle }: Answer, version: string): string | Promise<string> {
  if (!hasList({ principals })) return `${JSON.stringify({ version, at, settings, ...report }, null, 2)}\n`;
  const head = { version, at, settings, judged: rows.length, of: principals, counts: rows.counts(null), filter: rows.filter, shown: rows.shown };
  return handle.ask("json", { rows: [...rows.list()].map(({ index }) => index), head });
}

export function reportText(answer: Answer, version: string): string {
  const { report, settings, at } = answer;
  const head = [`iam-guardrails ${version}, ${at}`];
  const settingLines = [
    "",
    "Settings",
    ...Object.entries(settings)
      .filter(([, value]) => value.length > 0)
      .map(([name, value]) => `- ${name}: ${Array.isArray(value) ? value.join(", ") : value}`),
  ];
  const lines = hasList(answer) ? [...head, ...listLines(answer), ...settingLines] : report ? [...head, ...reportLines(report, settingLines)] : head;
  return `${lines.join("\n")}\n`;
}

function listLines({ inputs, sources, documents, rows, principals, complete, assumptions }: Answer): string[] {
  const { text, guardrail, verdict } = rows.filter;
  const filters = [text !== "" && `words: ${text}`, guardrail !== null && `guardrail: number ${guardrail + 1}`, verdict !== null && `verdict: ${VERDICT_WORDS[verdict].name}`].filter(Boolean);
  return [
    `${countOf(rows.length, ...rows.noun)} judged: ${tallyText(rows.counts(null))}`,
    ...(complete ? [] : [`This is a part: there are ${grouped(principals)}.`]),
    "",
    "What was found",
    ...inputs.flatMap(({ form, formReason, problems }, source) => [
      `- ${sources[source]?.name ?? ""}: ${form} (${formReason})`,
      ...problems.map(({ severity, message, span }) => `  ${severity} in line ${span.line}: ${message}`),
    ]),
    `- ${countOf(documents.length, "policy", "policies")}`,
    "",
    `Verdict by ${rows.noun[0]}, worst first${filters.length > 0 ? `; only ${filters.join(", ")}: ${grouped(rows.shown)} of ${grouped(rows.length)}` : ""}`,
    ...[...rows.list()].map(({ name, principal, verdict, summary }) => `- ${VERDICT_WORDS[verdict].name}: ${name}${principal && principal !== name ? ` (${principal})` : ""}: ${summary}`),
    ...(assumptions.length > 0 ? ["", "Taken for granted", ...assumptions.map((assumption) => `- ${assumption}`)] : []),
  ];
}

function reportLines(report: Report, settingLines: readonly string[]): string[] {
  const lines = [
    tallyText(countsOfVerdicts(report.guardrails.map(({ verdict }) => verdict))),
    "",
    "Policies",
    ...report.documents.flatMap(({ name, kind, problems }) => [
      `- ${name}: ${kind ? KIND_WORDS[kind].name : "could not be read"}`,
      ...problems.map(({ severity, message, span }) => `  ${severity} in line ${span.line}: ${message}`),
    ]),
    ...settingLines,
  ];
  for (const { id, verdict, summary, actions, witness, findings } of report.guardrails) {
    lines.push("", `${id}: ${VERDICT_WORDS[verdict].name}`, summary);
    lines.push(...actions.map((one) => `- ${one.action}: ${VERDICT_WORDS[one.verdict].name}`));
    if (witness) lines.push("A request that gets through:", ...witnessLines(witness));
    lines.push(...findings.flatMap((finding) => findingLines(report, finding)));
  }
  if (report.assumptions.length > 0) lines.push("", "Taken for granted", ...report.assumptions.map((assumption) => `- ${assumption}`));
  return lines;
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
