/** Lists a shop's deals from Allinpay's three lists: 到餐 set meals, 到综 products, and Douyin's. */
import { parseFen } from '../../coupons/money.ts';
import { parseTime } from '../../time/platform-time.ts';
import { countOf, isRecord, present, textOf, type Fields } from '../../fields.ts';
import { refuse } from '../refuse.ts';
import type { Deal } from '../platform-lists.ts';
import type { Account } from './account.ts';
import type { Gateway } from './gateway.ts';
import { gathered, nextPage, paged } from './paging.ts';
import { recordsOf } from './tolerant-shapes.ts';

/** The most products on a page. */
const PAGE = 100;
const ON_SALE = 1;

/**
 * Reads all three lists, in sequence. The values of `dealStatus` and of a product's `type` are not documented, so they are left
 * out. A refused list is one that the shop does not have.
 */
export async function dealsOf({ ask }: Gateway, account: Account, now: number): Promise<readonly Deal[]> {
  const report = (name: string, business: Fields, marks: readonly string[]) =>
    ask(account, { method: `thirdDataService.${name}`, business, marks });
  const lists = await gathered<readonly Deal[]>([
    async () => {
      const answer = await report('meituanSetMealList', {}, ['dealId']);
      return answer.kind === 'refused' ? answer : readSetMeals(answer.data, now);
    },
    () =>
      paged(async (cursor) => {
        const page = { pageNo: Number(cursor ?? '1'), pageSize: PAGE };
        const answer = await report('meituanProductList', page, ['productId']);
        if (answer.kind === 'refused') return answer;
        return { rows: readProducts(answer.data), next: nextPage(cursor, recordsOf(answer.data).length, PAGE) };
      }),
    () =>
      paged(async (cursor) => {
        const answer = await report('tiktokProductQuery', { status: ON_SALE, cursor }, ['products', 'hasMore']);
        if (answer.kind === 'refused') return answer;
        const { products, hasMore, nextCursor, errorCode, description } = recordsOf(answer.data)[0] ?? {};
        // Douyin's own no, within Allinpay's yes.
        if ((textOf(errorCode) ?? '0') !== '0') return refuse('other', textOf(description));
        return { rows: readDouyin(products), next: hasMore === true ? textOf(nextCursor) : undefined };
      }),
  ]);
  return lists.flat();
}

/** Reads set meals: ids and prices in yuan. Those whose end has passed are left out. */
const readSetMeals = (data: unknown, now: number): readonly Deal[] =>
  recordsOf(data)
    .filter((row) => (parseTime(row['dealEndTime']) ?? now) >= now)
    .flatMap((row) => dealOf(row['dealId'], row['dealTitle'], row['dealPrice'], row['dealValue']));

/**
 * Reads the items of products, which are what is sold. The unit of their prices is undocumented and taken for yuan, as
 * elsewhere in 到综.
 */
const readProducts = (data: unknown): readonly Deal[] =>
  recordsOf(data)
    .flatMap((product) => recordsOf(product['productItemList']))
    .flatMap((item) => dealOf(item['productItemId'], item['name'], item['price'], item['marketPrice']));

/** Reads Douyin's products, which have no prices; status 1 is on sale, 2 and 3 are not. */
const readDouyin = (products: unknown): readonly Deal[] =>
  recordsOf(products)
    .filter((row) => (countOf(row['onlineStatus']) ?? ON_SALE) === ON_SALE)
    .map((row) => (isRecord(row['product']) ? row['product'] : row))
    .flatMap((product) => dealOf(product['productId'], product['productName']));

function dealOf(id: unknown, title: unknown, price?: unknown, marketPrice?: unknown): readonly Deal[] {
  const known = textOf(id);
  if (known === undefined) return [];
  const prices = present({ price: parseFen(price), marketPrice: parseFen(marketPrice) });
  return [{ id: known, title: textOf(title) ?? known, ...prices }];
}
