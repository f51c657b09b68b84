/** Both dialects over real HTTP keep the platform contract. */
import { platformContract, type PlatformHarness } from '../../../contracts/platform.ts';
import { DIALECTS, openHarness } from './harness.ts';

/** Numbers and names beside the three that are known. */
const NOES = [
  {},
  { code: 'OP_FAILED' },
  { code: 1_099 },
  { code: 'RPC_FAILED' },
  { code: -1 },
  { code: 500 },
  { code: 'OP_SYSTEM_ERROR' },
  { code: 1_500, status: 400 },
] as const;

const open = (dialect: (typeof DIALECTS)[number]) => async (): Promise<PlatformHarness> => {
  const { double, platform, credentials, store, now, pass } = await openHarness(dialect);
  const { books } = double;
  const elsewhere = books.shop({ name: '另一家' }).id;
  return {
    platform,
    credentials,
    store,
    market: 'meituan',
    now,
    price: 4_990,
    unused: () => books.coupon(),
    refused(reason) {
      if (reason === 'not-found') return '9999999999';
      if (reason === 'wrong-store') return books.coupon({ shop: elsewhere });
      if (reason === 'expired') return books.coupon({ until: now() - 1 });
      const code = books.coupon(reason === 'refunded' ? { fate: '已退款' } : {});
      if (reason === 'used') books.useElsewhere(code);
      return code;
    },
    lost(when) {
      double.fail('consume', { kind: 'reset', applied: when === 'after' });
      return books.coupon();
    },
    noes: NOES.map((no) => (write, words, applied) => {
      double.fail(write === 'verify' ? 'consume' : 'reverseconsume', { kind: 'no', ...no, words, applied });
    }),
    busy() {
      double.fail('consume', { kind: 'busy' });
      return books.coupon();
    },
    answersUsed: (applied) => double.fail('consume', { kind: 'used', applied }),
    lists: double.lists,
    refund: (code) => void (books.tickets.get(code)!.fate = '已退款'),
    pass,
    uses: (code) => Promise.resolve(books.used(code).length),
    close: () => double.close(),
  };
};

for (const dialect of DIALECTS) platformContract(dialect, open(dialect));
