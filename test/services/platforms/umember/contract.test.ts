/** umember over real HTTP keeps the platform contract, in both of its shapes. */
import { createUmember } from '../../../../services/platforms/umember/umember.ts';
import { createJsonHttp } from '../../../../services/platforms/json-http.ts';
import { platformContract, type PlatformHarness } from '../../../contracts/platform.ts';
import { startUmember, type Shape } from '../../../doubles/umember.ts';

/** A refusal inside of a yes; and codes, none of which is published. */
const NOES = [
  { kind: 'no' },
  { kind: 'false' },
  { kind: 'no', code: 0 },
  { kind: 'no', code: -1 },
  { kind: 'no', code: 500 },
  { kind: 'no', code: 10_500, status: 400 },
  { kind: 'no', code: 9_999, status: 404 },
] as const;
const FATES = { refunded: '已退款' } as const;

const open = (shape: Partial<Shape>) => async (): Promise<PlatformHarness> => {
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const double = await startUmember({ now, perSecond: undefined });
  Object.assign(double.shape, shape);
  const elsewhere = double.books.shop({ name: '另一家' }).id;
  const { books } = double;
  return {
    platform: createUmember({ http: createJsonHttp(), baseUrl: double.url, now }),
    credentials: { email: ' Owner@Example.com '.trim().toLowerCase(), password: 'secret' },
    store: '5',
    market: 'meituan',
    now,
    price: 4_900,
    unused: () => books.coupon(),
    refused(reason) {
      if (reason === 'not-found') return '9999999999';
      if (reason === 'wrong-store') return books.coupon({ store: elsewhere });
      if (reason === 'expired') return books.coupon({ until: now() - 1 });
      const code = books.coupon(reason === 'refunded' ? { fate: FATES[reason] } : {});
      if (reason === 'used') books.useElsewhere(code);
      return code;
    },
    lost(when) {
      double.fail('verify', { kind: 'reset', applied: when === 'after' });
      return books.coupon();
    },
    noes: NOES.map((no) => (_, words, applied) => double.fail('verify', { ...no, words, applied })),
    busy() {
      double.fail('verify', { kind: 'busy' });
      return books.coupon();
    },
    answersUsed: (applied) => double.fail('verify', { kind: 'used', applied }),
    pass: (ms) => void (ahead += ms),
    uses: (code) => Promise.resolve(books.used(code).length),
    close: () => double.close(),
  };
};

platformContract('umember, as documented,', open({ flavour: 'plain', ids: 'number', busy: 'http' }));
platformContract('umember, as later seen,', open({ flavour: 'rich', ids: 'string', busy: 'code', success: 'Success' }));
