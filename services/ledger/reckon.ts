/** Sums rows of the ledger up: uses and money, by product and by person. Sums come from verified rows only, in fen. */
import type { Fen } from '../coupons/coupon.ts';
import type { Verification } from '../verification/verification.ts';

/** A row of a summary: uses and money. */
export interface SummaryRow {
  readonly name: string;
  readonly count: number;
  readonly total: Fen;
}

/** One business day of one store. */
export interface Figures {
  /** Uses verified, and their money. */
  readonly count: number;
  readonly total: Fen;
  /** Verified uses without a known amount; not in `total`. */
  readonly unpriced: number;
  readonly undone: number;
  readonly undoneTotal: Fen;
  readonly refused: number;
  /** Verifications without a known outcome yet. */
  readonly unsure: number;
  readonly byProduct: readonly SummaryRow[];
  readonly byPerson: readonly SummaryRow[];
}

interface Row {
  readonly state: Verification['state'];
  readonly title: string;
  readonly person: string | null;
  readonly person_name: string | null;
  readonly count: number;
  readonly amount: Fen | null;
}

/** Sums up a day. Rows are keyed by the person's id (two people may share a name) and by the product's title. */
export function reckon(rows: readonly Row[]): Figures {
  const products = new Map<string, SummaryRow>();
  const people = new Map<string, SummaryRow>();
  const sum = { count: 0, total: 0, unpriced: 0, undone: 0, undoneTotal: 0, refused: 0, unsure: 0 };
  for (const row of rows) {
    const amount = row.amount ?? 0;
    switch (row.state) {
      // An undo under way or unsure: verified until the platform confirms it.
      case 'verified':
      case 'undoing':
      case 'undo-unsure':
        sum.count += row.count;
        sum.total += amount;
        if (row.amount === null) sum.unpriced += row.count;
        add(products, row.title, row.title, row.count, amount);
        add(people, row.person ?? '', row.person_name ?? '', row.count, amount);
        break;
      case 'undone':
        sum.undone += row.count;
        sum.undoneTotal += amount;
        break;
      case 'refused':
        sum.refused += 1;
        break;
      case 'submitting':
      case 'unsure':
      case 'person':
        sum.unsure += row.count;
        break;
      case 'open':
      case 'dropped':
        break;
    }
  }
  return { ...sum, byProduct: sorted(products), byPerson: sorted(people) };
}

function add(lines: Map<string, SummaryRow>, key: string, name: string, count: number, total: Fen): void {
  const line = lines.get(key) ?? { name, count: 0, total: 0 };
  lines.set(key, { name, count: line.count + count, total: line.total + total });
}

/** Sorts by money, then by uses, then by name: deterministic. */
function sorted(lines: Map<string, SummaryRow>): readonly SummaryRow[] {
  return [...lines.values()].toSorted((a, b) => b.total - a.total || b.count - a.count || (a.name < b.name ? -1 : 1));
}
