/** The ledger: figures of a store's business day. Sums come from verified rows only, in fen. */
import type { Store } from '../accounts/store.ts';
import type { Fen } from '../coupons/coupon.ts';
import type { Db, Tx } from '../database/database.ts';
import { daysOf, type Span } from '../time/spans.ts';
import { perspective, type Perspective, type Sum } from './perspective.ts';
import { isVerified, VERIFIED, type Verification } from '../verification/verification.ts';
import { ofCodes } from './of-code.ts';

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

/** Figures of all days of a span, and each of its days; a day without a use is a zero. */
export interface SpanFigures extends Figures {
  readonly byDay: readonly (Sum & { readonly day: string })[];
}

/** One business day for other programs: the figures, and what they consist of. */
export interface Day extends Figures {
  /** By the account that it went through: `Verification.listingId`. */
  readonly byListing: readonly (Omit<SummaryRow, 'name'> & { readonly listingId: string | undefined })[];
  /** When how many uses were verified, ms. */
  readonly uses: readonly { readonly at: number; readonly count: number }[];
}

/** Overlap of two checks for changes, for those written while a summary was posted. A double check is harmless. */
const OVERLAP_MS = 10 * 60_000;

export interface Ledger {
  figures(storeId: string, day: string, on?: Db | Tx): Promise<Figures>;
  /** The figures of a span of days, and of each of them. */
  span(storeId: string, span: Pick<Span, 'from' | 'to'>, on?: Db | Tx): Promise<SpanFigures>;
  /** The day beside others, by platform, place and hour. */
  perspective(store: Store, day: string, on?: Db | Tx): Promise<Perspective>;
  /** The figures with more detail, of the same rows. */
  day(storeId: string, day: string): Promise<Day>;
  /** The subset of these codes that is verified here and not undone. */
  known(storeId: string, codes: readonly string[]): Promise<ReadonlySet<string>>;
  /** Days before `day` with rows changed since `since`, ms. */
  changedDays(on: Db | Tx, storeId: string, day: string, since: number): Promise<readonly string[]>;
  /** Days before `day` with rows that later facts of the store than this one changed, whatever any clock said then. */
  changedAfter(on: Db | Tx, storeId: string, day: string, fact: number): Promise<readonly string[]>;
}

export function createLedger(db: Db): Ledger {
  return {
    async figures(storeId, day, on = db) {
      const rows = await on
        .selectFrom('verification')
        .select(['state', 'title', 'person', 'person_name', 'count', 'amount'])
        .where('store_id', '=', storeId)
        .where('business_day', '=', day)
        .execute();
      return reckon(rows);
    },
    async span(storeId, { from, to }, on = db) {
      const rows = await on
        .selectFrom('verification')
        .select(['state', 'title', 'person', 'person_name', 'count', 'amount', 'business_day'])
        .where('store_id', '=', storeId)
        .where('business_day', '>=', from)
        .where('business_day', '<=', to)
        .execute();
      const days = Map.groupBy(rows, ({ business_day: day }) => day);
      const byDay = daysOf({ from, to }).map((day) => {
        const { count, total } = reckon(days.get(day) ?? []);
        return { day, count, total };
      });
      return { ...reckon(rows), byDay };
    },
    perspective: (store, day, on = db) => perspective(on, store, day),
    async day(storeId, day) {
      const rows = await db
        .selectFrom('verification')
        .select(['state', 'title', 'person', 'person_name', 'count', 'amount', 'listing_id', 'submitted_at', 'settled_at'])
        .where('store_id', '=', storeId)
        .where('business_day', '=', day)
        .execute();
      const verified = rows.filter(({ state }) => isVerified(state));
      const listings = Map.groupBy(verified, ({ listing_id: id }) => id ?? undefined);
      const byListing = [...listings].map(([listingId, through]) => {
        const { count, total } = reckon(through);
        return { listingId, count, total };
      });
      const uses = verified.map(({ settled_at: settled, submitted_at: at, count }) => ({ at: settled ?? at ?? 0, count }));
      return { ...reckon(rows), byListing, uses };
    },
    async known(storeId, codes) {
      if (codes.length === 0) return new Set();
      const rows = await db
        .selectFrom('verification')
        .select(['code', 'other_code'])
        .where('id', 'in', ofCodes(db, storeId, codes))
        .where('state', 'in', VERIFIED)
        .execute();
      return new Set(rows.flatMap(({ code, other_code: other }) => (other === null ? [code] : [code, other])));
    },
    async changedDays(on, storeId, day, since) {
      // Filtered here: with `distinct`, SQLite scans all days of the store instead of the few changed rows.
      const rows = await on
        .selectFrom('verification')
        .select('business_day')
        .where('store_id', '=', storeId)
        .where('business_day', 'is not', null)
        .where('changed_at', '>=', since - OVERLAP_MS)
        .execute();
      return before(day, rows);
    },
    async changedAfter(on, storeId, day, fact) {
      const rows = await on
        .selectFrom('fact')
        .innerJoin('verification', 'verification.id', 'fact.subject')
        .select('verification.business_day')
        .where('fact.stream', '=', `store:${storeId}`)
        .where('fact.sequence', '>', fact)
        .execute();
      return before(day, rows);
    },
  };
}

/** The days of rows before this one, the oldest first. */
function before(day: string, rows: readonly { readonly business_day: string | null }[]): readonly string[] {
  const days = new Set(rows.flatMap(({ business_day }) => business_day ?? []));
  return [...days].filter((changed) => changed < day).toSorted();
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
