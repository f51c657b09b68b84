/** How long the books in the browser take beside the ledger's million rows: the first page, the list, and what their sums cost. */
import { overviewHtml } from '../../bot/web/books/overview-html.ts';
import { recordsHtml } from '../../bot/web/books/records-html.ts';
import { createBooks } from '../../handlers/books/books.ts';
import type { Filter } from '../../handlers/books/filter.ts';
import type { Shelf } from '../../handlers/books/reader.ts';
import { words as wordsIn } from '../../locales/index.ts';
import { createExportDays } from '../../services/ledger/export-days.ts';
import { createDayTotals } from '../../services/ledger/day-totals.ts';
import { createLedger } from '../../services/ledger/ledger.ts';
import { createKnownWords, namesOf } from '../../services/ledger/names.ts';
import { createReadPage } from '../../services/ledger/pages.ts';
import type { Database } from '../../services/database/database.ts';
import { systemTime } from '../../services/time/time.ts';
import { STORE } from '../fixtures/cards.ts';
import { watchTurns } from './turns.ts';

/** What the bench of the ledger asks, and within what it is to be answered. */
export type Question = readonly [what: string, limitMs: number, ask: (n: number) => Promise<unknown>];

const VIEW_MS = 200;
const LIST_MS = 100;
const words = wordsIn('zh-CN');
const never = (): never => {
  throw new Error('not of the books');
};

/** Opens the books of the stores that the ledger's bench has filled, as of this moment. */
export function openBooks({ db }: Database, now: () => number) {
  const ledger = createLedger(db);
  const dayTotals = createDayTotals({ db, ledger, now, sleep: systemTime.sleep });
  const books = createBooks({
    ownStores: () => Promise.resolve([]),
    ledger,
    dayTotals,
    knownWords: createKnownWords(db),
    readNames: (storeId) => namesOf(db, storeId),
    readPage: createReadPage(db),
    exportDays: createExportDays(db),
    sleep: systemTime.sleep,
    now,
    desk: { get: never, batchOf: never },
    facts: { of: never },
    stores: { storeAccount: never },
    client: never,
  });
  const shelfOf = (...ids: string[]): Shelf => {
    const chosen = ids.map((id) => ({ ...STORE, id, name: id }));
    return { stores: chosen, chosen, store: undefined, together: true };
  };
  const place = { base: '', at: '/b', locale: 'zh-CN', here: '/b' } as const;
  return {
    dayTotals,
    /** The first page, as it is sent. */
    async view(...ids: string[]): Promise<string> {
      const shelf = shelfOf(...ids);
      return overviewHtml({ ...place, shelf, page: 'overview' }, await books.showOverview(shelf.chosen), true);
    },
    /** The list, as it is sent. */
    async list(filter: Filter, ...ids: string[]): Promise<string> {
      const shelf = shelfOf(...ids);
      const understood = await books.readFilter(filter, shelf.chosen);
      const page = await books.showRecords(understood, words);
      const names = await books.namesOf(shelf.chosen);
      const asked = { store: undefined, filter, from: undefined };
      return recordsHtml({ ...place, shelf, page: 'records' }, { asked, understood, names, page });
    },
  };
}

/** Makes the sums of all stores, as the job does after an update; how long that takes, and the longest turn of it. */
export async function makeSums(books: ReturnType<typeof openBooks>, stores: number) {
  const turns = watchTurns();
  const started = performance.now();
  // The job takes twenty stores a minute.
  for (let done = 0; done < stores; done += 20) await books.dayTotals.refresh();
  const seconds = (performance.now() - started) / 1000;
  await systemTime.sleep(5);
  return { seconds, longest: turns().busiest };
}

/** The questions, of a busy store with half of all rows, and of twenty stores together. */
export function bookQuestions(
  books: ReturnType<typeof openBooks>,
  busy: string,
  dayOf: (n: number) => string,
): readonly Question[] {
  const twenty = Array.from({ length: 20 }, (_, n) => `shop-${n}`);
  return [
    ['books: first view, busy store (500,000 rows)', VIEW_MS, () => books.view(busy)],
    ['books: first view, twenty stores together', VIEW_MS, () => books.view(...twenty)],
    ['books: the list, busy store', LIST_MS, () => books.list({}, busy)],
    ['books: the list, twenty stores together', VIEW_MS, () => books.list({}, ...twenty)],
    [
      'books: the list, a deal, a person and days',
      LIST_MS,
      (n) => books.list({ product: `台球畅打${n % 30}小时`, person: `员工${n % 20}`, from: dayOf(n), to: dayOf(n) }, busy),
    ],
    ['books: the list, whoever left a year ago', LIST_MS, () => books.list({ person: '老李' }, busy)],
    ['books: the list, a place', LIST_MS, (n) => books.list({ place: `${1 + (n % 60)}号桌` }, busy)],
    [
      'books: the list, a deal that nobody refused',
      LIST_MS,
      () => books.list({ product: '台球畅打4小时', status: 'refused' }, busy),
    ],
    ['books: the list, a person and a deal that never met', LIST_MS, () => books.list({ person: '员工1', place: '2号桌' }, busy)],
  ];
}
