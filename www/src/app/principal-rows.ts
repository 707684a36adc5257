/** The principals that have been judged, worst first, as far as a filter lets them through. Rows may come in at any time. */
import type { PrincipalRow, Verdict } from "./contract";
import { VERDICTS } from "./words";

export interface RowFilter {
  /** Every word has to stand in the row's name, ARN or summary. */
  text: string;
  /** Position of the guardrail whose verdict counts; null for the worst of all. */
  guardrail: number | null;
  verdict: Verdict | null;
}

export const NO_FILTER: RowFilter = { text: "", guardrail: null, verdict: null };

export type Counts = Record<Verdict, number>;

export class PrincipalRows {
  /** By the row's index. */
  readonly #all: PrincipalRow[] = [];
  /** Of the worst verdict, then of each guardrail. */
  readonly #counts: Counts[] = [];
  /** What the filter lets through, by verdict, each in the order of judging. */
  #shown = noRows();
  #filter = NO_FILTER;
  #principals = 0;
  #words: string[] = [];

  get length(): number {
    return this.#all.length;
  }

  /** What a row is about: a principal, or where there is none, a policy by itself. */
  get noun(): readonly [one: string, many: string] {
    return this.#principals > 0 ? ["principal", "principals"] : ["policy", "policies"];
  }

  get filter(): RowFilter {
    return this.#filter;
  }

  /** How many rows the filter lets through. */
  get shown(): number {
    return VERDICTS.reduce((total, verdict) => total + this.#shown[verdict].length, 0);
  }

  /** The worst of all, whatever the filter. */
  get worst(): PrincipalRow | undefined {
    for (const verdict of VERDICTS) {
      const found = this.#all.find((row) => row.verdict === verdict);
      if (found) return found;
    }
    return undefined;
  }

  add(rows: readonly PrincipalRow[]): void {
    for (const row of rows) {
      this.#all[row.index] = row;
      if (!row.policyAlone) this.#principals += 1;
      [row.verdict, ...row.verdicts].forEach((verdict, position) => {
        const counts = (this.#counts[position] ??= noCounts());
        counts[verdict] += 1;
      });
      this.#show(row);
    }
  }

  setFilter(filter: RowFilter): void {
    this.#filter = filter;
    this.#words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
    this.#shown = noRows();
    for (const row of this.#all) this.#show(row);
  }

  /** How many rows have each verdict on a guardrail, or as their worst, whatever the filter. */
  counts(guardrail: number | null): Counts {
    return this.#counts[guardrail === null ? 0 : guardrail + 1] ?? noCounts();
  }

  byIndex(index: number): PrincipalRow | undefined {
    return this.#all[index];
  }

  /** The first row that a policy applies to. */
  ofDocument(document: number): PrincipalRow | undefined {
    return this.#all.find(({ documents }) => documents.includes(document));
  }

  /** The row at a position in the list. */
  at(position: number): PrincipalRow | undefined {
    let left = position;
    for (const verdict of VERDICTS) {
      const rows = this.#shown[verdict];
      if (left < rows.length) return rows[left];
      left -= rows.length;
    }
    return undefined;
  }

  /** Where a row stands in the list; -1 where the filter holds it back. */
  positionOf(index: number): number {
    const row = this.#all[index];
    let before = 0;
    for (const verdict of VERDICTS) {
      const rows = this.#shown[verdict];
      if (row && this.#counted(row) === verdict) {
        const found = firstFrom(rows, index);
        return rows[found] === row ? before + found : -1;
      }
      before += rows.length;
    }
    return -1;
  }

  /** What is in the list, in its order. */
  *list(): Iterable<PrincipalRow> {
    for (const verdict of VERDICTS) yield* this.#shown[verdict];
  }

  #show(row: PrincipalRow): void {
    const { verdict } = this.#filter;
    const counted = this.#counted(row);
    if (verdict !== null && counted !== verdict) return;
    if (this.#words.length > 0) {
      const text = `${row.name}\n${row.principal ?? ""}\n${row.summary}`.toLowerCase();
      if (!this.#words.every((word) => text.includes(word))) return;
    }
    this.#shown[counted].push(row);
  }

  #counted(row: PrincipalRow): Verdict {
    const { guardrail } = this.#filter;
    return guardrail === null ? row.verdict : (row.verdicts[guardrail] ?? row.verdict);
  }
}

/** Position of the first row whose index is not below, in rows ordered by index. */
function firstFrom(rows: readonly PrincipalRow[], index: number): number {
  let from = 0;
  let to = rows.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((rows[middle]?.index ?? 0) < index) from = middle + 1;
    else to = middle;
  }
  return from;
}

function noCounts(): Counts {
  return { fail: 0, undecided: 0, warn: 0, pass: 0, "not-applicable": 0 };
}

function noRows(): Record<Verdict, PrincipalRow[]> {
  return { fail: [], undecided: [], warn: [], pass: [], "not-applicable": [] };
}
