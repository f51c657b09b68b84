/** The list of verifications in the books: found by a filter, a page at a time, over one store or several. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import { shownCode } from '../../services/coupons/mask.ts';
import type { Names } from '../../services/ledger/names.ts';
import { positionOf, type From, type Position, type ReadPage } from '../../services/ledger/pages.ts';
import type { Verification } from '../../services/verification/verification.ts';
import { stateText } from '../history/rows.ts';
import type { Understood } from './filter.ts';

/** Rows of a page. */
export const PAGE = 50;

/** The most names of a kind to choose from. */
const MOST_NAMES = 1000;

/** A verification as a row, worded. */
export interface RecordRow {
  readonly id: string;
  readonly store: string;
  readonly day: string;
  /** By the store's clock. */
  readonly at: string;
  readonly outcome: string;
  readonly tone: 'good' | 'bad' | 'busy';
  readonly title: string;
  readonly code: string;
  readonly uses: number;
  /** Undefined where nobody knows, and where nothing was used. */
  readonly amount: string | undefined;
  readonly by: string | undefined;
  readonly place: string | undefined;
  readonly note: string | undefined;
}

export interface RecordPage {
  readonly rows: readonly RecordRow[];
  /** Where the pages beside it begin; undefined where there is none. */
  readonly older: Position | undefined;
  readonly newer: Position | undefined;
}

export type ShowRecords = (understood: Pick<Understood, 'searches'>, words: Words, from?: From) => Promise<RecordPage>;

/** The names by which the list of these stores can be filtered. */
export type NamesOf = (stores: readonly Store[]) => Promise<Names>;

export function createNamesOf({ readNames }: { readNames: (storeId: string) => Promise<Names> }): NamesOf {
  return async (stores) => {
    const all = await Promise.all(stores.map(({ id }) => readNames(id)));
    const of = (kind: keyof Names): readonly string[] =>
      [...new Set(all.flatMap((names) => names[kind]))].toSorted(compare).slice(0, MOST_NAMES);
    return { titles: of('titles'), people: of('people'), places: of('places') };
  };
}

export function createShowRecords({ readPage }: { readPage: ReadPage }): ShowRecords {
  return async ({ searches }, words, from) => {
    const newer = from !== undefined && 'before' in from;
    const pages = await Promise.all(
      searches.map(async ({ store, search }) =>
        (await readPage(store.id, search, PAGE + 1, from)).map((v) => ({ v, store, position: positionOf(v) })),
      ),
    );
    const found = pages.flat().toSorted((a, b) => newestFirst(a.position, b.position));
    // The page of newer ones is the one next to the position.
    const shown = newer ? found.slice(-PAGE) : found.slice(0, PAGE);
    const beyond = found.length > PAGE;
    const [first, last] = [shown[0]?.position, shown.at(-1)?.position];
    return {
      rows: shown.map(({ v, store }) => rowOf(v, store, words)),
      older: newer || beyond ? last : undefined,
      newer: newer ? (beyond ? first : undefined) : from && first,
    };
  };
}

/** The order of pages. */
const newestFirst = (a: Position, b: Position): number => compare(b.day, a.day) || b.at - a.at || compare(b.id, a.id);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function rowOf(v: Verification, store: Store, words: Words): RecordRow {
  return {
    id: v.id,
    store: store.name,
    day: v.businessDay ?? '',
    at: words.moment(v.submittedAt ?? v.openedAt, store.zone),
    outcome: [stateText(v, store, words), ...(v.decided ? [words.say('history-decided')] : [])].join(' · '),
    tone: toneOf(v),
    title: v.coupon.title,
    code: shownCode(v.code),
    uses: v.count,
    amount: v.amount === undefined ? undefined : words.money(v.amount),
    by: v.by?.name || undefined,
    place: v.place?.name,
    note: v.note,
  };
}

function toneOf({ state }: Verification): RecordRow['tone'] {
  switch (state) {
    case 'verified':
      return 'good';
    case 'refused':
    case 'dropped':
    case 'undone':
      return 'bad';
    default:
      return 'busy';
  }
}
