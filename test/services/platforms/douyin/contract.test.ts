/** Douyin over real HTTP keeps the platform contract. */
import { writeHandle } from '../../../../services/platforms/douyin/handles.ts';
import { platformContract, type PlatformHarness } from '../../../contracts/platform.ts';
import type { DouyinFault } from '../../../doubles/douyin.ts';
import { CREDENTIALS, openHarness } from './harness.ts';

/** Codes that nobody has published, the business's own refusal, and a result inside of a good envelope. */
const NOES: readonly DouyinFault[] = [
  { kind: 'no', code: 9_999_999 },
  { kind: 'no', code: 3_000_001 },
  { kind: 'no', code: 5, status: 400 },
  { kind: 'result' },
  { kind: 'result', code: 1265 },
];

const open = (used: 'empty' | number) => async (): Promise<PlatformHarness> => {
  const { double, platform, store, now, pass, close } = await openHarness();
  const { books } = double;
  double.used.code = used;
  const elsewhere = books.shop('另一家').id;
  return {
    platform,
    credentials: CREDENTIALS,
    store,
    market: 'douyin',
    now,
    price: 4_990,
    /** As it was on the card while the coupon was usable. */
    handle(code) {
      const ticket = books.find(code);
      const order = ticket?.order ?? books.tickets[0]!.order;
      double.prepared.set(`vt-of-${code}`, { order });
      const certificate = { id: ticket?.id ?? '1', sealed: ticket?.sealed ?? 'none', amount: 4_990 };
      return writeHandle({ token: `vt-of-${code}`, order, certificates: [certificate] });
    },
    unused: () => books.coupon(),
    refused(reason) {
      if (reason === 'not-found') return books.coupon() && '999999999999999';
      if (reason === 'wrong-store') return books.coupon({ shop: elsewhere });
      if (reason === 'expired') return books.coupon({ until: now() - 1_000 });
      const code = books.coupon();
      if (reason === 'refunded') books.refund(code);
      if (reason === 'used') books.useElsewhere(code);
      return code;
    },
    lost(when) {
      double.fail('verify', { kind: 'reset', applied: when === 'after' });
      return books.coupon();
    },
    noes: NOES.map((no) => (write, words, applied) => {
      double.fail(write === 'verify' ? 'verify' : 'cancel', { ...no, words, applied });
    }),
    busy() {
      double.fail('verify', { kind: 'busy' });
      return books.coupon();
    },
    answersUsed: (applied) => double.fail('verify', { kind: 'used', applied }),
    pass,
    uses: (code) => Promise.resolve(books.used(code).length),
    close,
  };
};

platformContract('douyin', open('empty'));
platformContract('douyin, that does not find used coupons', open(1212));
