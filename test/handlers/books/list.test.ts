/** The list of the books: what a filter finds is what `/history` finds, page by page, and what the file holds. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReadFilter, type Filter } from '../../../handlers/books/filter.ts';
import { createShowRecords, PAGE, type RecordRow } from '../../../handlers/books/records.ts';
import { createWriteDownload } from '../../../handlers/books/download.ts';
import { words as wordsIn } from '../../../locales/index.ts';
import type { Store } from '../../../services/accounts/stores.ts';
import type { Database } from '../../../services/database/database.ts';
import { createExportDays } from '../../../services/ledger/export-days.ts';
import { createKnownWords } from '../../../services/ledger/names.ts';
import { createReadPage, positionOf, type From } from '../../../services/ledger/pages.ts';
import { readSearch } from '../../../services/ledger/read-search.ts';
import { openBooks, storeOf } from '../../fixtures/books.ts';

const NOW = Date.parse('2026-11-22T23:00:00+08:00');
const words = wordsIn('zh-CN');
const [ONE, TWO, OTHER] = [storeOf('a'), storeOf('b'), storeOf('other')];

let database: Database;
beforeAll(async () => {
  database = await openBooks({
    a: { last: '2026-11-22', days: 40, perDay: 12 },
    b: { last: '2026-11-21', days: 30, perDay: 9, products: 5 },
    other: { last: '2026-11-22', days: 40, perDay: 12 },
  });
});
afterAll(() => database.close());

const parts = () => {
  const { db } = database;
  const readPage = createReadPage(db);
  const knownWords = createKnownWords(db);
  const now = (): number => NOW;
  return {
    readPage,
    knownWords,
    readFilter: createReadFilter({ knownWords, now }),
    showRecords: createShowRecords({ readPage }),
    writeDownload: createWriteDownload({ exportDays: createExportDays(db), sleep: () => sleep(0), now }),
  };
};

/** All pages, from the newest on, turned forwards; and each turned back again. */
async function listed(filter: Filter, stores: readonly Store[]): Promise<readonly RecordRow[]> {
  const { readFilter, showRecords } = parts();
  const found = await readFilter(filter, stores);
  const rows: RecordRow[] = [];
  let from: From | undefined;
  for (let before: readonly RecordRow[] | undefined; ;) {
    const page = await showRecords(found, words, from);
    expect(page.rows.length).toBeLessThanOrEqual(PAGE);
    if (before && page.newer) expect((await showRecords(found, words, { before: page.newer })).rows).toEqual(before);
    rows.push(...page.rows);
    before = page.rows;
    if (!page.older) return rows;
    from = { after: page.older };
  }
}

/** The codes of the file, as CSV. */
async function downloaded(filter: Filter, stores: readonly Store[]): Promise<readonly string[]> {
  const { readFilter, writeDownload } = parts();
  const pieces: Uint8Array[] = [];
  for await (const piece of writeDownload(await readFilter(filter, stores), 'csv', words).pieces) pieces.push(piece);
  const lines = Buffer.concat(pieces).toString().trim().split('\r\n').slice(1);
  return lines.map((line) => /(?<=,)\d{10}(?=,)/.exec(line)![0]);
}

/** What `/history` finds, all of it. */
async function history(text: string, store: Store): Promise<readonly string[]> {
  const { readPage, knownWords } = parts();
  const { search } = await readSearch(text, store, { now: NOW, known: knownWords });
  const codes: string[] = [];
  for (let from: From | undefined; ;) {
    const rows = await readPage(store.id, search, 8, from);
    codes.push(...rows.map(({ code }) => code));
    if (rows.length < 8) return codes;
    from = { after: positionOf(rows.at(-1)!) };
  }
}

const codesOf = (rows: readonly RecordRow[]): readonly string[] => rows.map(({ code }) => code);
const sorted = (codes: readonly string[]): readonly string[] => codes.toSorted((a, b) => (a < b ? -1 : 1));

/** Each filter, and the words behind `/history` that mean the same. */
const FILTERS: readonly (readonly [Filter, string])[] = [
  [{}, ''],
  [{ text: '上周 小王 四小时' }, '上周 小王 四小时'],
  [{ text: '昨天 已撤销' }, '昨天 已撤销'],
  [{ text: '本月 生日' }, '本月 生日'],
  [{ code: '0014737574' }, '0014737574'],
  [{ code: '7574' }, '7574'],
  [{ from: '2026-11-09', to: '2026-11-15' }, '2026-11-09 2026-11-15'],
  [{ from: '2026-11-20', to: '2026-11-20', person: '小李' }, '2026-11-20 小李'],
  [{ person: '夜班小张' }, '夜班小张'],
  [{ product: '台球畅打2小时' }, '台球畅打2小时'],
  [{ product: '通宵8小时', status: 'verified' }, '通宵8小时 核销成功'],
  [{ place: '10号桌' }, '10号桌'],
  [{ status: 'undone' }, '已撤销'],
  [{ status: 'refused' }, '未通过'],
  [{ status: 'unsure', person: '小王' }, '待确认 小王'],
  [{ status: 'undo-refused' }, '撤销失败'],
  [{ text: '小王', from: '2026-11-01' }, '小王 2026-11-01 2026-11-22'],
];

describe('a filter', () => {
  it.each(FILTERS)('%o finds what /history %s finds, in its order, and the file holds the same', async (filter, text) => {
    const rows = await listed(filter, [ONE]);
    expect(codesOf(rows)).toEqual(await history(text, ONE));
    expect(sorted(await downloaded(filter, [ONE]))).toEqual(sorted(codesOf(rows)));
  });

  it.each(FILTERS)('%o of two stores finds what each finds by itself, and nothing of a third', async (filter) => {
    const rows = await listed(filter, [ONE, TWO]);
    const apart = [...(await listed(filter, [ONE])), ...(await listed(filter, [TWO]))];
    expect(sorted(rows.map(({ id }) => id))).toEqual(sorted(apart.map(({ id }) => id)));
    expect(rows.filter(({ store }) => store === OTHER.name)).toEqual([]);
    const moments = rows.map(({ day, at }) => `${day} ${at}`);
    expect(moments).toEqual(moments.toSorted((a, b) => (a < b ? 1 : a > b ? -1 : 0)));
    expect(sorted(await downloaded(filter, [ONE, TWO]))).toEqual(sorted(codesOf(rows)));
  });

  it('of a whole name finds that name alone, where the words find names that contain it', async () => {
    const { db } = database;
    await db
      .updateTable('verification')
      .set({ place: '11号桌' })
      .where('store_id', '=', 'a')
      .where('place', '=', '7号桌')
      .execute();
    const rows = await listed({ place: '1号桌' }, [ONE]);
    expect(new Set(rows.map(({ place }) => place))).toEqual(new Set(['1号桌']));
    expect(rows.length).toBeLessThan((await history('1号桌', ONE)).length);
  });

  it('names the words that mean nothing in any store, and skips stores where one means nothing', async () => {
    const { readFilter } = parts();
    await database.db
      .updateTable('verification')
      .set({ note: '火星文' })
      .where('store_id', '=', 'b')
      .where('place', '=', '4号桌')
      .execute();
    expect((await readFilter({ text: '昨天 张三丰' }, [ONE, TWO])).unknown).toEqual(['张三丰']);
    const { searches, unknown } = await readFilter({ text: '火星文' }, [ONE, TWO]);
    expect([searches.map(({ store }) => store.id), unknown]).toEqual([['b'], []]);
  });
});
