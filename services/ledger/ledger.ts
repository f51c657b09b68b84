/** The ledger: figures of a store's business day. Sums come from verified rows only, in fen. */
import type { Store } from '../accounts/store.ts';
import type { Db, Tx } from '../database/database.ts';
import type { Span } from '../time/spans.ts';
import { perspective, type Perspective } from './perspective.ts';
import { isVerified, VERIFIED } from '../verification/verification.ts';
import { ofCodes } from './of-code.ts';
import { spanFigures, type SpanFigures } from './periods.ts';
import { reckon, type Figures, type SummaryRow } from './reckon.ts';

export { reckon, type Figures, type SummaryRow } from './reckon.ts';

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
  /** Days before `day` with rows changed since `since`. */
  changedDays(on: Db | Tx, storeId: string, day: string, since: number): Promise<readonly string[]>;
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
    span: (storeId, span, on = db) => spanFigures(on, storeId, span),
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
      const days = new Set(rows.flatMap(({ business_day }) => business_day ?? []));
      return [...days].filter((changed) => changed < day).toSorted();
    },
  };
}
