/** Lists of the fake Allinpay: uses by call and by day, and the reports of Meituan and Douyin that it forwards. */
import { asValue, type Shape } from './answers.ts';
import type { Books, Part, Use } from './state.ts';
import { codeIn, listedRows, nameIn, pageOfRows, type Lists } from '../lies.ts';
import { chinaTime } from '../china-time.ts';

type Asked = Readonly<Record<string, unknown>>;

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const sizeOf = ({ pageSize = 20 }: Asked): number => (Number(pageSize) >= 1 && Number(pageSize) <= 200 ? Number(pageSize) : 20);
const pageOf = <Row>(rows: readonly Row[], asked: Asked): readonly Row[] => {
  const { pageNo = 1 } = asked;
  return rows.slice((Number(pageNo) - 1) * sizeOf(asked), Number(pageNo) * sizeOf(asked));
};

/** `consumeHistory`: one row for each use, or each of its parts; another for each undoing. */
export function history(books: Books, asked: Asked, shape: Shape, lists: Lists & { readonly now: number }): unknown {
  const { type, searchStr, shopId, operUserId, createStartTime, createEndTime } = asked;
  const mine = books.uses.filter(({ ticket, operator }) => {
    const named = operUserId === undefined || operator === operUserId;
    return ticket.shop === Number(shopId) && (type === undefined || ticket.type === type) && named;
  });
  const rows = mine.flatMap((use) => {
    const undone = shape.undoings ? use.parts.filter((part) => part.undone) : [];
    return [
      ...rowsOf(use, use.parts, use.at, shape, lists),
      ...undone.flatMap((part) => rowsOf(use, [part], part.undone!.at, shape, lists, part)),
    ];
  });
  const found = rows.filter(({ at, words }) => {
    const time = chinaTime(at);
    const searched = text(searchStr);
    const after = createStartTime === undefined || time >= text(createStartTime);
    const before = createEndTime === undefined || time <= text(createEndTime);
    return after && before && (searched === '' || words.some((word) => word.includes(searched)));
  });
  const size = sizeOf(asked);
  const offset = (Number(asked['pageNo'] ?? 1) - 1) * Math.min(size, lists.most);
  const page = pageOfRows(lists, listedRows(lists, found, lists.now), offset, size).map(({ row }) => row);
  return shape.rows === 'object' && page.length === 1 ? page[0] : page;
}

function rowsOf(use: Use, parts: readonly Part[], at: number, shape: Shape, lists: Lists, undone?: Part) {
  const { ticket, tranNo, operator, remark } = use;
  const told = shape.remarks ? (undone?.undone?.remark ?? remark) : '';
  const single =
    ticket.type === 'meituan' ? [{ no: ticket.code, count: parts.reduce((sum, { count }) => sum + count, 0) }] : parts;
  return single.map(({ no, count }) => {
    const couponNo = ticket.type === 'tiktok' && use.parts.length === 1 ? ticket.code : no;
    const source = undone ? 312 : use.source;
    const row = {
      changeId: 1000 + Number(BigInt(tranNo) % 1000n),
      tranNo,
      couponNo: shape.numbers === 'tranNo' ? tranNo : codeIn(lists, couponNo),
      remark: told,
      createUserId: '1584',
      createUserName: 'baowei',
      createTime: chinaTime(at),
      shopId: asValue(shape, ticket.shop),
      shopName: '星巴克光华店',
      changeSource: asValue(shape, source),
      sourceId: '56153',
      couponValue: ticket.marketYuan,
      couponBuyPrice: ticket.yuan,
      termNo: '00000001',
      tranDateTime: chinaTime(at),
      userId: nameIn(lists, operator, 'baowei'),
      couponDetails: {
        templateId: '5582',
        couponType: '代金券',
        couponName: ticket.title,
        couponNo: '000000546246490337',
        balanceChanged: (undone ? 1 : -1) * count,
        remark: '',
      },
    };
    return { at, row, words: [couponNo, ticket.code, tranNo, ticket.title] };
  });
}

/** `verifyHistory`: 到餐's own list of a day. Its total is not the number of its rows. */
export function verified(books: Books, asked: Asked) {
  const uses = books.uses.filter(
    ({ ticket, at, parts }) =>
      ticket.type === 'meituan' &&
      ticket.shop === Number(asked['shopId']) &&
      chinaTime(at).startsWith(text(asked['date'])) &&
      parts.some(({ undone }) => !undone),
  );
  const rows = uses.map(({ ticket, at, source }) => ({
    couponBuyPrice: Number(ticket.yuan),
    couponCancelStatus: 1,
    couponCode: ticket.code,
    couponStatusDesc: '已使用',
    couponUseTime: chinaTime(at),
    dealBeginTime: '2018-03-18 11:35:20',
    dealTitle: ticket.title,
    dealValue: Number(ticket.marketYuan),
    isVerifyPay: 2,
    isVoucher: false,
    verifyAcct: source === 42 ? '账号:' : '账号:前台小王',
    verifyType: source === 42 ? '美团技术服务合作中心api验证' : '商家版app验证',
  }));
  return { couponVerifyHistoryList: pageOf(rows.toReversed(), asked), total: rows.length + 1 };
}

/** Reports by their method. */
export const REPORTS: Readonly<Record<string, (asked: Asked, books: Books) => unknown>> = {
  meituanBooking: ({ dataType }) => ({
    result: [0, 1, 2].map((platform) => ({
      totalBooking: Number(dataType) * (platform === 0 ? 3 : 1),
      midasBooking: 1,
      telephoneBooking: 2,
      platform,
    })),
  }),
  meituanConsumption: ({ dataType }) => ({
    result: [0, 1, 2].map((platform) => ({
      tgConsumeAmount: platform === 0 ? '1234.56' : '600.1',
      tgConsumeCount: Number(dataType),
      mopayConsumeAmount: 0.29,
      mopayConsumeCount: 2,
      reservationConsumeAmount: 1.15,
      reservationConsumeCount: 1,
      platform,
    })),
  }),
  meituanDealGroupsConsumption: () => ({
    result: [
      {
        consumeAmt: 490.5,
        consumeCnt: 10,
        dealGroupId: 1_081_740_947,
        dealGroupShortTitle: '星巴克',
        dealGroupTitle: '双人餐',
        dealGroupPrice: 49.05,
        marketPrice: '68.00',
        platform: 0,
      },
    ],
  }),
  meituanPoiTraffic: () => ({ viewUv: 900, shopUv: 300, buyUv: 30, consumeUv: 25, bookUv: 4, pageTime: 61 }),
  meituanSetMealList: (_, books) =>
    books.tickets
      .filter(({ type }) => type === 'meituan')
      .map((ticket, n) => ({
        dealEndTime: 4_102_415_999 - (n === 1 ? 3_000_000_000 : 0),
        dealId: Number(ticket.deal) + n,
        dealValue: Number(ticket.marketYuan),
        dealStatus: 1,
        beginTime: 1_700_000_000,
        dealPrice: Number(ticket.yuan),
      })),
  meituanProductList: (asked, books) =>
    pageOf(
      books.tickets
        .filter(({ type }) => type === 'mtdz' || type === 'dianping')
        .map(({ title, yuan, marketYuan }, n) => ({
          productId: 9_000 + n,
          type: 1,
          productItemList: [
            { productItemId: 90_000 + n, productId: 9_000 + n, name: title, price: yuan, marketPrice: marketYuan },
          ],
        })),
      asked,
    ),
  /** Pages of two. */
  tiktokProductQuery: ({ cursor = '0', status }, books) => {
    const all = books.tickets.filter(({ type }) => type === 'tiktok');
    const from = Number(cursor);
    const products = all.slice(from, from + 2).map(({ title }, n) => ({
      onlineStatus: Number(status ?? 1),
      product: {
        productId: `71023456789012345${60 + from + n}`,
        productName: title,
        soldStartTime: 1_749_275_574,
        soldEndTime: 4_102_415_999,
      },
    }));
    return { hasMore: from + 2 < all.length, nextCursor: String(from + 2), description: '', errorCode: 0, products };
  },
};
