/** Allinpay over real HTTP keeps the platform contract: each type of coupon, each signer, each body. */
import { platformContract, type PlatformHarness } from '../../../contracts/platform.ts';
import type { Shape, Type } from '../../../doubles/allinpay.ts';
import { credentialsFor, MARKETS, openStage, TYPES } from './harness.ts';

/** Code 3, whose reason is in its words; and others, none of which is published. */
const NOES = [
  { kind: 'three' },
  { kind: 'no' },
  { kind: 'no', code: 4 },
  { kind: 'no', code: -1 },
  { kind: 'three', status: 400 },
  { kind: 'no', code: 'E_UNKNOWN' },
] as const;

type Variant = Parameters<typeof openStage>[0];

const open =
  (type: Type, variant: Variant, shape: Partial<Shape> = {}) =>
  async (): Promise<PlatformHarness> => {
    const { double, platform, now, pass, lookup } = await openStage(variant);
    Object.assign(double.shape, shape);
    const { books } = double;
    const elsewhere = books.shop({ name: '另一家' });
    return {
      platform,
      credentials: credentialsFor(variant?.signer ?? 'md5'),
      store: '147',
      market: MARKETS[type],
      now,
      price: 4_900,
      handle: (await lookup(books.coupon({ type }), type)).handle!,
      unused: () => books.coupon({ type }),
      refused(reason) {
        if (reason === 'not-found') return '9999999999';
        if (reason === 'wrong-store') return books.coupon({ type, shop: elsewhere });
        if (reason === 'expired') return books.coupon({ type, until: now() - 1 });
        const code = books.coupon({ type, fate: reason === 'refunded' ? '已退款' : undefined });
        if (reason === 'used') books.useElsewhere(code);
        return code;
      },
      lost(when) {
        double.fail('consume', { kind: 'reset', applied: when === 'after' });
        return books.coupon({ type });
      },
      // How a call is signed, which takes its time, changes nothing about how its answer is read.
      noes: (variant?.signer === 'md5' ? NOES : NOES.slice(0, 0)).map((no) => (write, words, applied) => {
        double.fail(write === 'verify' ? 'consume' : 'cancel', { ...no, words, applied });
      }),
      busy() {
        double.fail('consume', { kind: 'busy' });
        return books.coupon({ type });
      },
      answersUsed: (applied) => double.fail('consume', { kind: 'used', applied }),
      lists: double.lists,
      refund: (code) => void (books.find(code)!.ticket.fate = '已退款'),
      pass,
      uses: (code) => Promise.resolve(books.used(code)),
      close: () => double.close(),
    };
  };

for (const type of TYPES) {
  platformContract(`allinpay (${type}, md5, form)`, open(type, { signer: 'md5', body: 'form' }));
  platformContract(`allinpay (${type}, rsa-sha256, json)`, open(type, { signer: 'rsa-sha256', body: 'json' }, { busy: 'code' }));
}
platformContract(
  'allinpay, otherwise than in its examples',
  open(
    'mtdz',
    { signer: 'md5', body: 'json' },
    { code: 'number', values: 'number', rows: 'object', names: 'shared', parts: 'list' },
  ),
);
platformContract(
  'allinpay, with less than is described',
  open('tiktok', { signer: 'rsa-sha256', body: 'form' }, { code: 'text', wrapped: false, undoings: false, busy: 'three' }),
);
platformContract('allinpay, whose list shows no remarks', open('mtdz', { signer: 'md5', body: 'form' }, { remarks: false }));
