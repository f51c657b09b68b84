/** Reads what the reader of the books looks for: words as behind `/history`, and fields beside them, as a search in each store. */
import type { Store } from '../../services/accounts/stores.ts';
import { readOutcome } from '../../services/ledger/outcome-words.ts';
import type { KnownWords } from '../../services/ledger/names.ts';
import { readSearch } from '../../services/ledger/read-search.ts';
import type { Outcome, Search } from '../../services/ledger/search.ts';

/** Choices of what became of verifications, each by the word that `/history` has for it. */
export const STATUSES = {
  verified: '核销成功',
  undone: '已撤销',
  'undo-refused': '撤销失败',
  refused: '未通过',
  unsure: '待确认',
  person: '待判断',
} as const;
export type StatusChoice = keyof typeof STATUSES;

export const isStatus = (text: string): text is StatusChoice => Object.hasOwn(STATUSES, text);

/** A filter as it was filled in; what is left out does not choose. */
export interface Filter {
  /** Words, codes and times, as behind `/history`. */
  readonly text?: string | undefined;
  /** A code, or its last digits: four or more. */
  readonly code?: string | undefined;
  readonly product?: string | undefined;
  readonly person?: string | undefined;
  readonly place?: string | undefined;
  /** Business days, both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly status?: StatusChoice | undefined;
}

/** A filter as it was understood. */
export interface Understood {
  /** The stores in which something may be found, with the search in each. */
  readonly searches: readonly { readonly store: Store; readonly search: Search }[];
  /** Words that mean nothing in any of the stores. */
  readonly unknown: readonly string[];
}

export type ReadFilter = (filter: Filter, stores: readonly Store[]) => Promise<Understood>;

export function createReadFilter({ knownWords, now }: { knownWords: KnownWords; now: () => number }): ReadFilter {
  return async ({ text = '', ...fields }, stores) => {
    const own = searchOf(fields);
    const readings = await Promise.all(
      stores.map(async (store) => ({ store, ...(await readSearch(text, store, { now: now(), known: knownWords })) })),
    );
    const unknown = (readings[0]?.unknown ?? []).filter((word) => readings.every((reading) => reading.unknown.includes(word)));
    return {
      // In a store that does not know a word which another one knows, nothing is meant.
      searches: readings
        .filter((reading) => reading.unknown.every((word) => unknown.includes(word)))
        .map(({ store, search }) => ({ store, search: together(search, own) })),
      unknown,
    };
  };
}

const outcomeOf = (status: StatusChoice): Outcome => readOutcome(STATUSES[status])!;

const searchOf = ({ code, product, person, place, from, to, status }: Omit<Filter, 'text'>): Search => ({
  ...(code !== undefined && { codeEnd: code }),
  ...(product !== undefined && { product }),
  ...(person !== undefined && { person }),
  ...(place !== undefined && { place }),
  ...(from !== undefined && { from }),
  ...(to !== undefined && { to }),
  ...(status !== undefined && { outcomes: [outcomeOf(status)] }),
});

/** A search by words with the fields beside it, which count where both say the same thing. */
function together(said: Search, own: Search): Search {
  const { clock, from, to, ...others } = said;
  const dated = own.from !== undefined || own.to !== undefined;
  return { ...others, ...(!dated && { from, to, clock }), ...own };
}
