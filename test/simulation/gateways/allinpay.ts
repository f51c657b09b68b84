/** Allinpay in memory: the books and answers of the tests' double, without HTTP. Signatures are tested elsewhere. */
import { present, textOf } from '../../../services/fields.ts';
import type { HttpRequest } from '../../../services/http.ts';
import { cancelled, consumed, no, prepared, shapeOfExamples, state, yes } from '../../doubles/allinpay/answers.ts';
import { createBooks } from '../../doubles/allinpay/state.ts';
import type { Lists } from '../../doubles/lies.ts';
import { history, verified } from '../../doubles/allinpay/lists.ts';
import { json, PAGE, type Answer, type Arrival, type Gateway, type Lie } from './gateway.ts';

export const ALLINPAY = { host: 'allinpay.test', operator: 'liangqi', shop: 147 };
export const ALLINPAY_CREDENTIALS = {
  'app-id': '1234567890',
  key: 'demo-key',
  'shop-id': String(ALLINPAY.shop),
  'shop-name': '光华店',
  operator: ALLINPAY.operator,
};

export interface AllinpayGateway extends Gateway {
  /** Makes a coupon of Douyin's known here too, as it is in a shop that has both. */
  alsoDouyin(code: string, yuan: string): void;
}

export function createAllinpayGateway(now: () => number, lists: Lists): AllinpayGateway {
  const books = createBooks(now);
  const shape = shapeOfExamples();
  const arrivals: Arrival[] = [];

  const act = (call: string, asked: Record<string, unknown>): unknown => {
    const code = textOf(asked['couponNo']) ?? '';
    const type = textOf(asked['type']) ?? '';
    switch (call) {
      case 'prepare': {
        const why = books.obstacle({ type, code, shop: ALLINPAY.shop, count: 1 });
        if (why !== undefined) return no(3, why);
        return yes(shape, prepared(books.find(code, type)!.ticket, books, shape), { code: '0' });
      }
      case 'consume': {
        const wish = { type, code, shop: ALLINPAY.shop, count: Number(asked['num'] ?? 1) };
        const [orderId, remark, operator] = [asked['orderId'], asked['remark'], asked['operUserId']].map(String) as [
          string,
          string,
          string,
        ];
        const use = books.use(wish, { orderId, remark, operator, source: 42 });
        return typeof use === 'string' ? no(3, use) : yes(shape, consumed(use, code, shape));
      }
      case 'cancel': {
        const number = typeof asked['couponNo'] === 'string' ? code : undefined;
        const remark = String(asked['remark']);
        const use = books.cancel(type, ALLINPAY.shop, String(asked['tranNo']), number, remark);
        return typeof use === 'string' ? no(3, use) : yes(shape, cancelled(use, remark, shape));
      }
      case 'queryById': {
        const found = books.find(code, type);
        if (!found) return no(3, '券码不存在');
        const used = (found.own?.left ?? books.leftOf(found.ticket)) === 0;
        return yes(shape, state(found.ticket, used ? books.lastUse(found.ticket) : undefined));
      }
      case 'consumeHistory':
        return yes(shape, history(books, asked, shape, { ...lists, now: now() }));
      case 'verifyHistory':
        return yes(shape, verified(books, asked), { wrapped: false });
      default:
        return no(3, '接口不存在');
    }
  };

  const handle = ({ body = '' }: HttpRequest, lie: Lie | undefined): Answer => {
    const parameters = new URLSearchParams(String(body));
    const call = (parameters.get('method') ?? '').split('.').at(-1) ?? '';
    const asked = JSON.parse(parameters.get('bizContent') ?? '{}') as Record<string, unknown>;
    const writes = call === 'consume' || call === 'cancel';
    arrivals.push({
      at: now(),
      account: 'allinpay',
      call,
      code: textOf(asked['couponNo']) ?? '',
      writes,
      ...present({ market: textOf(asked['type']) }),
    });
    if (lie?.kind === 'busy') return json(no(40_029, '请求过于频繁'), 429);
    if (!writes) return json(act(call, asked));
    const told = lie && !lie.applied ? no(50_000, '') : act(call, asked);
    if (lie?.kind === 'broken') return PAGE;
    if (lie?.kind === 'no-data') return json({ code: 0 });
    if (lie?.kind === 'words') return json(no(3, lie.words ?? ''));
    if (lie?.kind === 'echo' && call === 'consume') return json(no(3, '该券已核销'));
    return json(told);
  };

  /** Coupons change their code with an undo. */
  const first = (code: string): string =>
    books.tickets.find((one) => one.units.some(({ no: own }) => own === code))?.code ?? code;
  return {
    host: ALLINPAY.host,
    arrivals,
    handle,
    coupon: ({ yuan, shop }) => books.coupon({ type: 'mtdz', yuan, shop: Number(shop) }),
    alsoDouyin: (code, yuan) => void books.coupon({ type: 'tiktok', code, yuan }),
    useElsewhere: (code) => {
      const today = books.codeNow(first(code));
      if (books.obstacle({ type: 'mtdz', code: today, shop: ALLINPAY.shop, count: 1 }) === undefined) books.useElsewhere(today);
    },
    everUsed: (code) => books.usesOf(first(code)).some(({ source }) => source === 42),
    standing(code) {
      const uses = books.usesOf(first(code)).filter(({ parts }) => parts.some(({ undone }) => !undone));
      return {
        ours: uses.filter(({ source }) => source === 42).length,
        others: uses.filter(({ source }) => source !== 42).length,
        size: 1,
      };
    },
  };
}
