/** Reads for a key: its store, verifications one by one and page by page, and the figures of a day. */
import type { Ledger } from '../../services/ledger/ledger.ts';
import { positionOf, type Position, type ReadPage } from '../../services/ledger/pages.ts';
import type { Search } from '../../services/ledger/search.ts';
import type { PlatformName } from '../../services/platforms/platform.ts';
import { hourOf } from '../../services/time/iso.ts';
import type { Desk } from '../../services/verification/desk.ts';
import { STATES } from '../../services/verification/verification.ts';
import { problem, type Answer, type Caller, type Reader, type Problem } from './answer.ts';
import type { Show } from './show.ts';
import { statusOf, type Status, type VerificationJson } from './verification-json.ts';

export interface StoreJson {
  readonly id: string;
  readonly name: string;
  readonly zone: string;
  /** `HH:MM`. */
  readonly day_end: string;
  readonly platforms: readonly PlatformName[];
}

export interface SummaryRowJson {
  readonly name: string;
  readonly count: number;
  readonly amount: number;
}

/** Counts are uses, but `refused`, which counts attempts; amounts are fen. */
export interface SummaryJson {
  readonly day: string;
  readonly count: number;
  readonly amount: number;
  /** Verified uses without a known amount; not in `amount`. */
  readonly unpriced: number;
  readonly undone: number;
  readonly undone_amount: number;
  readonly unsure: number;
  readonly refused: number;
  readonly by_product: readonly SummaryRowJson[];
  readonly by_person: readonly SummaryRowJson[];
  readonly by_platform: readonly SummaryRowJson[];
  /** Uses verified in each hour of the day by the store's clock, from 0 o'clock on. */
  readonly by_hour: readonly number[];
}

export interface PageAsk extends Pick<Search, 'from' | 'to' | 'code'> {
  readonly status?: Status | undefined;
  readonly limit: number;
  readonly after?: Position | undefined;
}

export interface ReadLedger {
  store(caller: Caller): Promise<StoreJson>;
  verification(id: string, caller: Caller): Promise<Answer<VerificationJson>>;
  /** `next`: where the next page begins; undefined on the last one. */
  page(
    ask: PageAsk,
    caller: Caller,
  ): Promise<{ readonly data: readonly VerificationJson[]; readonly next: Position | undefined }>;
  summary(day: string, reader: Pick<Reader, 'store'>): Promise<SummaryJson>;
}

/** Likewise for one of another store: a key does not learn that it exists. */
export const noVerification = (): Problem => problem('not_found', 'This store has no such verification.');

export interface ReadLedgerParts {
  readonly desk: Pick<Desk, 'get'>;
  readonly ledger: Pick<Ledger, 'day'>;
  readonly readPage: ReadPage;
  readonly show: Show;
}

export function createReadLedger({ desk, ledger, readPage, show }: ReadLedgerParts): ReadLedger {
  return {
    async store({ store }) {
      const { id, name, zone, dayEnd } = store;
      return { id, name, zone, day_end: dayEnd, platforms: await show.platforms(store) };
    },
    async verification(id, caller) {
      const v = await desk.get(id);
      // A card that was cancelled never was a verification.
      if (v?.storeId !== caller.store.id || v.state === 'dropped') return noVerification();
      return { kind: 'done', value: await show.verification(v, caller) };
    },
    async page({ status, limit, after, ...filter }, caller) {
      const outcomes = status && [{ states: STATES.filter((state) => statusOf(state) === status) }];
      // One more than asked tells whether there is another page.
      const found = await readPage(caller.store.id, { ...filter, outcomes }, limit + 1, after && { after });
      const shown = found.slice(0, limit);
      const last = found.length > limit ? shown.at(-1) : undefined;
      return { data: await show.verifications(shown, caller), next: last && positionOf(last) };
    },
    async summary(day, { store }) {
      const figures = await ledger.day(store.id, day);
      const rows = (lines: typeof figures.byProduct): SummaryRowJson[] =>
        lines.map(({ name, count, total: amount }) => ({ name, count, amount }));
      const platforms = new Map<string, SummaryRowJson>();
      for (const { listingId, count, total } of figures.byListing) {
        const name = await show.platform(store, listingId);
        const sum = platforms.get(name) ?? { name, count: 0, amount: 0 };
        platforms.set(name, { name, count: sum.count + count, amount: sum.amount + total });
      }
      const hours = Array.from({ length: 24 }, () => 0);
      for (const { at, count } of figures.uses) hours[hourOf(at, store.zone)]! += count;
      return {
        day,
        count: figures.count,
        amount: figures.total,
        unpriced: figures.unpriced,
        undone: figures.undone,
        undone_amount: figures.undoneTotal,
        unsure: figures.unsure,
        refused: figures.refused,
        by_product: rows(figures.byProduct),
        by_person: rows(figures.byPerson),
        by_platform: [...platforms.values()].toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1)),
        by_hour: hours,
      };
    },
  };
}
