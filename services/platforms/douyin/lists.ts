/** Reads Douyin's lists by pages: shops, deals on sale, and verifications. */
import { countOf, present, textOf, type Fields } from '../../fields.ts';
import { chinaTime, parseTime } from '../../time/platform-time.ts';
import { readPages } from '../lists/read-pages.ts';
import { PlatformFault, type PlatformStore, type Refusal, type TakeTurn } from '../platform.ts';
import type { Deal, PlatformRecord } from '../platform-lists.ts';
import { refuse } from '../refuse.ts';
import { turnoverOf } from './amounts.ts';
import { fieldsIn, refused, rowsIn, type Answer } from './envelope.ts';
import { PARAMETER_CODES } from './errors.ts';
import type { Gateway, Query } from './gateway.ts';

/** The largest pages that are allowed, and the most of them that are read. */
const SHOPS = 50;
const DEALS = 50;
const RECORDS = 20;
const PAGES = 100;
/** Of the uses of a day, which may be those of all shops of an account. */
const RECORD_PAGES = 1_000;
/** A use is looked for among so many pages of the last days. */
const LOOKED_PAGES = 5;
const LOOKED_MS = 7 * 86_400_000;
const DAY_MS = 86_400_000;
const SECOND_MS = 1000;

const UNDONE = '2';
/** How a verification was made, as the merchant's app calls it. */
const MEANS: Readonly<Record<string, string>> = { '1': '顾客自助', '2': '商家扫码', '3': '商家输码', '4': '开放平台API' };

/** Gives the data of a list's answer. Throws `PlatformFault` for a no: a list is all or nothing. */
export function listed(answer: Answer): Fields {
  if (answer.success) return answer.data;
  const { reason, words } = refused(answer);
  const kind = reason === 'unauthorised' ? 'unauthorised' : 'nonsense';
  throw new PlatformFault(kind, 'not-done', `a list was refused: ${reason}`, undefined, words);
}

const SHOP_PATH = '/goodlife/v1/shop/poi/query/';
/** Asks for one shop: proves that the merchant has authorised this application. */
export const askShop = ({ read }: Gateway, account: string): Promise<Answer> =>
  read(account, SHOP_PATH, { account_id: account, page: '1', size: '1' });

export async function shopsOf({ read }: Gateway, account: string): Promise<readonly PlatformStore[]> {
  const shops = new Map<string, PlatformStore>();
  for (let page = 1; page <= PAGES; page += 1) {
    const data = listed(await read(account, SHOP_PATH, { account_id: account, page: String(page), size: String(SHOPS) }));
    const rows = rowsIn(data['pois']);
    for (const row of rows) {
      const poi = fieldsIn(row['poi']);
      const id = textOf(poi['poi_id']);
      if (id === undefined) continue;
      shops.set(id, { id, name: textOf(poi['poi_name']) ?? id, ...present({ address: textOf(poi['address']) }) });
    }
    if (rows.length < SHOPS) break;
  }
  return [...shops.values()];
}

export async function dealsOf({ read }: Gateway, account: string): Promise<readonly Deal[]> {
  const deals = new Map<string, Deal>();
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const query = { account_id: account, count: String(DEALS), status: '1', ...present({ cursor }) };
    const data = listed(await read(account, '/goodlife/v1/goods/product/online/query/', query));
    const before = deals.size;
    for (const row of rowsIn(data['products'])) {
      const [product, sku] = [fieldsIn(row['product']), fieldsIn(row['sku'])];
      const id = textOf(sku['sku_id']) ?? textOf(product['product_id']);
      const title = textOf(product['product_name']) ?? textOf(sku['sku_name']);
      if (id === undefined || title === undefined) continue;
      const prices = present({ price: countOf(sku['actual_amount']), marketPrice: countOf(sku['origin_amount']) });
      deals.set(id, { id, title, ...prices });
    }
    cursor = textOf(data['next_cursor']);
    if (data['has_more'] !== true || cursor === undefined || deals.size === before) break;
  }
  return [...deals.values()];
}

const RECORDS_PATH = '/goodlife/v1/fulfilment/certificate/verify_record/query/';
const recordsIn = (data: Fields): readonly Fields[] =>
  rowsIn(data['records']).length > 0 ? rowsIn(data['records']) : rowsIn(data['records_v2']);
const spanOf = (from: number, to: number): Query => ({
  start_time: String(Math.floor(from / SECOND_MS)),
  end_time: String(Math.floor(to / SECOND_MS)),
});

/** Reads verifications by pages of a span of time, ms. */
export async function* verifications(
  { read }: Gateway,
  account: string,
  from: number,
  to: number,
  pages: number,
): AsyncIterable<Fields> {
  let cursor = '0';
  for (let page = 0; page < pages; page += 1) {
    const query = { account_id: account, cursor, size: String(RECORDS), ...spanOf(from, to) };
    const rows = recordsIn(listed(await read(account, RECORDS_PATH, query)));
    yield* rows;
    const next = textOf(rows.at(-1)?.['cursor']);
    if (rows.length < RECORDS || next === undefined || next === cursor) return;
    cursor = next;
  }
}

/**
 * Lists the uses of a day, those taken back too. The list is of the whole account unless it is asked for one shop; whether and how
 * it takes a shop is described in two ways, so a no to that is asked again without. Rows that say another shop are left out, and
 * those that say none are marked.
 */
export async function recordsOn(
  { read }: Gateway,
  { account, store, day }: { readonly account: string; readonly store: string; readonly day: string },
  inTurn: TakeTurn,
): Promise<readonly PlatformRecord[]> {
  const from = parseTime(day) ?? 0;
  const base = { account_id: account, size: String(RECORDS), ...spanOf(from, from + DAY_MS - SECOND_MS) };
  let shops: Query = { poi_ids: store };
  const rows = await readPages<Fields>(
    async ({ pages, last }) => {
      const cursor = pages === 0 ? '0' : textOf(last?.['cursor']);
      if (cursor === undefined) return undefined;
      const ask = (): Promise<Answer> => inTurn(() => read(account, RECORDS_PATH, { ...base, ...shops, cursor }));
      let answer = await ask();
      if (!answer.success && pages === 0 && PARAMETER_CODES.has(answer.code)) {
        shops = {};
        answer = await ask();
      }
      const data = listed(answer);
      return { rows: recordsIn(data), total: countOf(data['total']) };
    },
    { size: RECORDS, most: RECORD_PAGES, nameOf: (row) => textOf(row['verify_id']) ?? JSON.stringify(row) },
  );
  return rows.flatMap((row) => readRecord(row, store, day, from)).toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0));
}

function readRecord(row: Fields, store: string, day: string, from: number): readonly PlatformRecord[] {
  const shop = textOf(row['poi_id']) ?? textOf(fieldsIn(row['verify'])['poi_id']);
  const at = parseTime(row['verify_time']);
  if (shop !== undefined && shop !== store) return [];
  if (at !== undefined && chinaTime(at).slice(0, 10) !== day) return [];
  const undoneAt = textOf(row['status']) === UNDONE ? (parseTime(row['cancel_time']) ?? at ?? from) : undefined;
  const ids = [textOf(row['verify_id']), textOf(row['certificate_id'])].filter((id) => id !== undefined);
  const use = fieldsIn(fieldsIn(row['verify_amount_info'])['times_card_serial_amount']);
  const amount = turnoverOf(fieldsIn(use['amount'])) ?? turnoverOf(fieldsIn(row['amount']));
  const via = MEANS[textOf(row['verify_type']) ?? ''];
  const anyStore = shop === undefined || undefined;
  return [
    {
      code: textOf(row['code']) ?? textOf(row['certificate_id']) ?? '',
      ids,
      count: 1,
      ...present({ title: textOf(fieldsIn(row['sku'])['title']), at, amount, via, undoneAt, anyStore }),
    },
  ];
}

/**
 * Looks for a code among the uses of the last days: a used coupon is simply not found, or nothing is usable under its code. Gives
 * nothing where the list cannot be had.
 */
export async function useOf(gateway: Gateway, account: string, code: string, now: number): Promise<Refusal | undefined> {
  try {
    for await (const row of verifications(gateway, account, now - LOOKED_MS, now + DAY_MS, LOOKED_PAGES)) {
      if (textOf(row['code']) !== code || textOf(row['status']) === UNDONE) continue;
      const at = parseTime(row['verify_time']);
      return { ...refuse('used'), ...(at !== undefined && { used: { at } }) };
    }
  } catch (error) {
    if (!(error instanceof PlatformFault)) throw error;
  }
  return undefined;
}
