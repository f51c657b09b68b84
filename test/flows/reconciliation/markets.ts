/** The platforms with a list, as stories of reconciling need them: what people do in the merchant's own app, and what goes wrong. */
import { KEY } from '../../doubles/allinpay.ts';
import type { Use as AllinpayUse } from '../../doubles/allinpay/state.ts';
import { ACCOUNT } from '../../doubles/douyin.ts';
import type { Lists } from '../../doubles/lies.ts';
import type { Ticket, Use as MeituanUse } from '../../doubles/meituan/state.ts';
import type { FakeMessage, FakePerson } from '../../doubles/telegram.ts';
import { labels, type Harness } from '../harness.ts';

export const MARKETS = ['通联 Allinpay', '大众点评', '美团服务零售', '抖音来客'] as const;
export type MarketName = (typeof MARKETS)[number];

export interface Market {
  bind(owner: FakePerson): Promise<void>;
  /** A coupon of ¥49. */
  coupon(): string;
  /** One code for three uses of ¥49 each, or at Douyin of ¥49, ¥39 and ¥29. */
  card(): string;
  useElsewhere(code: string): void;
  /** The code that a coupon of this first code has today. */
  codeNow(code: string): string;
  /** The uses of a code, whatever code the coupon has by now. */
  uses(code: string): readonly { readonly at: number }[];
  /** Takes every use of the coupon back in the merchant's app. */
  takeBack(code: string): void;
  /** The customer has his money back after the use, and the use is listed no more. */
  refund(code: string): void;
  /** The platform loses the nth use: it never was. */
  lose(code: string, nth?: number): void;
  /** An undo that was said to be done was not. */
  resurrect(code: string): void;
  /** The platform's price is another one, yuan. */
  reprice(code: string, yuan: string): void;
  /** Whether the list says that a use was taken back. */
  readonly tells: boolean;
  /** Moves the platform's uses of a code in time. */
  shift(code: string, ms: number): void;
  readonly lists: Lists;
  /** The next call to verify takes effect, and its answer is lost, or says no for certain. */
  loseAnswer(): void;
  refuse(): void;
  /** The `nth` page of a list from now on is refused for the moment. */
  stopPage(nth: number): void;
  /** Pages of lists that were read so far. */
  pages(): number;
}

const shift = (uses: readonly { readonly at: number }[], ms: number): void =>
  uses.forEach((use) => Object.assign(use, { at: use.at + ms }));

/** Chooses a platform at binding. */
async function choose(bot: Harness, owner: FakePerson, platform: string): Promise<FakeMessage> {
  const last = (): FakeMessage => owner.chat.messages.at(-1)!;
  await bot.ask(owner, '/bind');
  if (labels(last()).includes('使用新账号')) await bot.press(owner, last(), '使用新账号');
  await bot.press(owner, last(), platform);
  return last();
}

export function createMarket(bot: Harness, name: MarketName): Market {
  if (name === '通联 Allinpay') return allinpay(bot);
  return name === '抖音来客' ? douyin(bot) : meituan(bot, name);
}

function allinpay(bot: Harness): Market {
  const { books, lists, fail, calls } = bot.gateways.allinpay;
  const { usesOf } = books;
  const withdraw = (use: AllinpayUse): void => void books.cancel(use.ticket.type, 147, use.tranNo, undefined, 'by hand');
  return {
    async bind(owner) {
      await choose(bot, owner, '通联 Allinpay');
      for (const answer of ['1234567890', KEY, '147', '星巴克光华店', 'liangqi']) await bot.ask(owner, answer);
    },
    coupon: () => books.coupon({ type: 'mtdz', title: '畅玩4小时', yuan: '49.00' }),
    card: () => books.coupon({ type: 'meituan', title: '畅玩4小时', yuan: '49.00', uses: 3 }),
    useElsewhere: (code) => books.useElsewhere(code),
    codeNow: books.codeNow,
    uses: usesOf,
    takeBack: (code) => usesOf(code).forEach(withdraw),
    refund(code) {
      usesOf(code).forEach(withdraw);
      usesOf(code)[0]!.ticket.fate = '已退款';
    },
    lose(code, nth = 0) {
      const lost = usesOf(code)[nth]!;
      for (const { unit, count } of lost.parts) unit.left += count;
      books.uses.splice(books.uses.indexOf(lost), 1);
    },
    resurrect(code) {
      for (const part of usesOf(code).flatMap(({ parts }) => parts)) {
        part.undone = undefined;
        part.unit.left -= part.count;
        part.unit.no = part.no;
      }
    },
    reprice: (code, yuan) => void Object.assign(usesOf(code)[0]!.ticket, { yuan }),
    tells: true,
    shift: (code, ms) => shift(usesOf(code), ms),
    lists,
    loseAnswer: () => fail('consume', { kind: 'reset' }),
    refuse: () => fail('consume', { kind: 'three', applied: true, words: '该券不适用于当前门店' }),
    stopPage: (nth) => fail('consumeHistory', { kind: 'busy' }, nth),
    pages: () => calls('consumeHistory'),
  };
}

function meituan(bot: Harness, platform: '大众点评' | '美团服务零售'): Market {
  const { books, lists, fail, calls } = bot.gateways.meituan;
  const { used } = books;
  const ticketOf = (code: string): Ticket => books.tickets.get(books.codeNow(code))!;
  return {
    async bind(owner) {
      await bot.authorises(await choose(bot, owner, platform));
    },
    coupon: () => books.coupon({ title: '畅玩4小时', yuan: '49.00' }),
    card: () => books.coupon({ title: '畅玩4小时', yuan: '49.00', uses: 3 }),
    useElsewhere: (code) => books.useElsewhere(code),
    codeNow: books.codeNow,
    uses: used,
    takeBack(code) {
      const { shop, dealId } = ticketOf(code);
      books.reverse(code, shop, String(dealId));
    },
    refund(code) {
      used(code).forEach((use) => (use.undone = true));
      ticketOf(code).fate = '已退款';
    },
    lose: (code, nth = 0) => void (used(code) as MeituanUse[]).splice(nth, 1),
    resurrect(code) {
      const ticket = ticketOf(code);
      books.tickets.delete(ticket.code);
      ticket.code = code;
      books.tickets.set(code, ticket);
      used(code).forEach((use) => (use.undone = false));
    },
    reprice: (code, yuan) => void Object.assign(ticketOf(code), { yuan }),
    tells: false,
    shift: (code, ms) => shift(used(code), ms),
    lists,
    loseAnswer: () => fail('consume', { kind: 'reset' }),
    refuse: () => fail('consume', { kind: 'no', applied: true, words: '该券不适用于当前门店' }),
    stopPage: (nth) => fail('querylistbydate', { kind: 'busy' }, nth),
    pages: () => calls('querylistbydate'),
  };
}

function douyin(bot: Harness): Market {
  const { books, lists, fail, asked } = bot.gateways.laike;
  const { used } = books;
  return {
    async bind(owner) {
      await choose(bot, owner, '抖音来客');
      await bot.ask(owner, ACCOUNT);
    },
    coupon: () => books.coupon({ title: '畅玩4小时', original: 4_900, merchant: 0 }),
    card: () => books.coupon({ title: '畅玩4小时', original: 11_700, merchant: 0, amounts: [4_900, 3_900, 2_900] }),
    useElsewhere: (code) => books.useElsewhere(code),
    codeNow: (code) => code,
    uses: used,
    takeBack: (code) => used(code).forEach((use) => void books.undo(use)),
    refund(code) {
      used(code).forEach((use) => void books.undo(use));
      books.refund(code);
    },
    lose: (code, nth = 0) => void books.find(code)!.uses.splice(nth, 1),
    resurrect: (code) => used(code).forEach((use) => delete (use as { undone?: number }).undone),
    reprice(code, yuan) {
      const original = Math.round(Number(yuan) * 100);
      const ticket = books.find(code)!;
      Object.assign(ticket, { original, amounts: ticket.amounts.map((amount, n) => (n === 0 ? original : amount)) });
    },
    tells: true,
    shift: (code, ms) => shift(used(code), ms),
    lists,
    loseAnswer: () => fail('verify', { kind: 'reset' }),
    refuse: () => fail('verify', { kind: 'no', applied: true, code: 3_000_002, words: '该门店不可用' }),
    stopPage: (nth) => fail('records', { kind: 'busy' }, nth),
    pages: () => asked('records').length,
  };
}
