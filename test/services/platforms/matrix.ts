/** Every gateway with its double, its operations, and the call by which each can be made to fail. */
import { randomBytes } from 'node:crypto';
import { createPractice, type Page } from '../../../services/platforms/practice/practice.ts';
import type {
  Session,
  Credentials,
  LostCall,
  LostUndo,
  Platform,
  PlatformName,
  Receipt,
  UndoRequest,
  VerifyRequest,
} from '../../../services/platforms/platform.ts';
import { createUmember } from '../../../services/platforms/umember/umember.ts';
import { createJsonHttp } from '../../../services/platforms/json-http.ts';
import { openSqlite } from '../../../services/database/database.ts';
import { createCollections } from '../../../services/database/collections.ts';
import { createSeal } from '../../../services/database/seal.ts';
import type { Market } from '../../../services/coupons/markets.ts';
import type { Fault } from '../../doubles/faults.ts';
import type { CallName } from '../../doubles/meituan.ts';
import { startUmember } from '../../doubles/umember.ts';
import { CREDENTIALS, openStage } from './allinpay/harness.ts';
import { CREDENTIALS as DOUYIN, openHarness as openDouyin } from './douyin/harness.ts';
import type { CallName as DouyinCall } from '../../doubles/douyin.ts';
import { openHarness } from './meituan/harness.ts';

export const OPERATIONS = ['login', 'stores', 'deals', 'lookup', 'verify', 'query', 'undo', 'queryUndo'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** One gateway, and a coupon on which everything is done. */
export interface Site {
  readonly platform: Platform;
  readonly credentials: Credentials;
  readonly session: Session;
  readonly store: string;
  readonly market: Market;
  /** A fresh coupon; for the practice store one whose code makes the operation fail, if there is. */
  coupon(operation: Operation, fault: Fault): string | undefined;
  /** The next call of this operation goes wrong; whether there is such a call. */
  fail(operation: Operation, fault: Fault): boolean;
  /** So much time passes that the token is over and the next login has to renew it, where there is such a thing. */
  toRenew?(): void;
  /** Uses of the coupon that stand. */
  standing(code: string): Promise<number>;
  now(): number;
  close(): Promise<void>;
}

/** How long an answer is waited for: long enough for this machine, short enough for a test of silence. */
const TIMEOUT_MS = 300;
/** The same where each cell opens a database of its own. */
const DATABASE_MS = 1_500;

const DIALECT = {
  login: 'refresh',
  deals: 'queryshopdeal',
  lookup: 'prepare',
  verify: 'consume',
  query: 'getconsumed',
  undo: 'reverseconsume',
  queryUndo: 'prepare',
} as const;
const CALLS = {
  umember: { login: 'login', stores: 'stores', deals: 'deals', lookup: 'detail', verify: 'verify', query: 'detail' },
  allinpay: {
    login: 'verifyHistory',
    deals: 'meituanSetMealList',
    lookup: 'prepare',
    verify: 'consume',
    query: 'consumeHistory',
    undo: 'cancel',
    queryUndo: 'consumeHistory',
  },
  douyin: {
    login: 'shops',
    stores: 'shops',
    deals: 'goods',
    lookup: 'prepare',
    verify: 'verify',
    query: 'query',
    undo: 'cancel',
    queryUndo: 'query',
  },
  dianping: { ...DIALECT, stores: 'scope' },
  meituan: DIALECT,
} as const satisfies Readonly<Record<string, Partial<Record<Operation, string>>>>;

/** The practice store's codes that fail: not applied, and applied. */
const FAMILIES: Partial<Record<Operation, Partial<Record<Fault['kind'], readonly [string, string]>>>> = {
  lookup: { busy: ['8000', '8000'] },
  verify: { late: ['7000', '7100'] },
};

type Fail<Call> = (call: Call, fault: Fault) => void;

/** The call an operation makes first, told to fail. */
const failing =
  <Call>(calls: Partial<Record<Operation, Call>>, fail: Fail<Call>): Site['fail'] =>
  (operation, fault) => {
    const call = calls[operation];
    if (call !== undefined) fail(call, fault);
    return call !== undefined;
  };

export const SITES: Readonly<Record<PlatformName, () => Promise<Site>>> = {
  async umember() {
    const double = await startUmember({ perSecond: undefined });
    const platform = createUmember({ http: createJsonHttp({ timeoutMs: TIMEOUT_MS }), baseUrl: double.url, now: Date.now });
    const credentials = { email: 'owner@example.com', password: 'secret' };
    return {
      ...(await entered(platform, credentials)),
      store: '5',
      market: 'meituan',
      coupon: () => double.books.coupon(),
      fail: failing(CALLS.umember, double.fail),
      standing: (code) => Promise.resolve(double.books.used(code).length),
      now: Date.now,
      close: () => double.close(),
    };
  },

  async allinpay() {
    const { double, hasty, now, close } = await openStage();
    return {
      ...(await entered(hasty, CREDENTIALS)),
      store: '147',
      market: 'meituan',
      coupon: () => double.books.coupon({ type: 'mtdz' }),
      fail: failing(CALLS.allinpay, double.fail),
      standing: (code) =>
        Promise.resolve(
          double.books.usesOf(code).reduce((sum, { parts }) => sum + parts.filter(({ undone }) => !undone).length, 0),
        ),
      now,
      close,
    };
  },

  dianping: () => dialect('dianping'),
  meituan: () => dialect('meituan'),

  async douyin() {
    const { double, platform, store, now, close } = await openDouyin({ timeoutMs: DATABASE_MS });
    return {
      ...(await entered(platform, DOUYIN)),
      store,
      market: 'douyin',
      coupon: () => double.books.coupon(),
      fail: failing<DouyinCall>(CALLS.douyin, double.fail),
      standing: (code) => Promise.resolve(double.books.used(code).filter(({ undone }) => undone === undefined).length),
      now,
      close,
    };
  },

  async practice() {
    const kept = await openSqlite(':memory:');
    const books = createCollections(kept.db, createSeal(randomBytes(32)), () => Date.now())<Page>('practice', 86_400_000);
    const platform = createPractice({ books, now: Date.now, pause: () => Promise.resolve() });
    let last = 100_000;
    return {
      ...(await entered(platform, { owner: 'web:zhang' })),
      store: 'practice-1',
      market: 'meituan',
      // What goes wrong is in the code; nothing else can.
      coupon: (operation, { kind, applied }) => {
        const family = FAMILIES[operation]?.[kind]?.[applied === false ? 0 : 1];
        return family && `${family}${(last += 10)}`;
      },
      fail: () => true,
      standing: async (code) => (await books.get(`web:zhang/${code}`))?.uses.filter(({ undone }) => !undone).length ?? 0,
      now: Date.now,
      close: () => kept.close(),
    };
  },
};

async function dialect(name: 'dianping' | 'meituan'): Promise<Site> {
  const { double, impatient: platform, credentials, session, store, now, pass } = await openHarness(name);
  return {
    platform,
    credentials,
    session,
    store,
    market: 'meituan',
    coupon: () => double.books.coupon(),
    fail: failing<CallName>(CALLS[name], double.fail),
    standing: (code) => Promise.resolve(double.books.used(code).filter(({ undone }) => !undone).length),
    toRenew: () => pass(platform.authorisation!.term(credentials).endsAt - now() - 1_000),
    now,
    close: () => double.close(),
  };
}

async function entered(platform: Platform, credentials: Credentials) {
  const session = await platform.login(credentials);
  if ('kind' in session) throw new Error('the login was refused');
  return { platform, credentials, session };
}

export async function cardOf(site: Site, code: string): Promise<VerifyRequest> {
  const coupon = await site.platform.lookup(site.session, site.store, code, site.market);
  if (coupon.kind !== 'coupon') throw new Error(`refused: ${coupon.reason}`);
  const { handle } = coupon;
  return { store: site.store, code, handle, count: 1, requestId: 'vb-1', operator: 'telegram:1', operatorName: '王老板' };
}

export const lostCall = (site: Site, request: VerifyRequest): LostCall => ({
  ...request,
  seenUnusedAt: site.now() - 5_000,
  submittedAt: site.now() - 1_000,
  asked: 0,
  notes: [],
});

export function undoRequest({ store, code, handle }: VerifyRequest, { items }: Receipt): UndoRequest {
  const item = items[0]?.handle;
  const own = item === undefined ? {} : { receiptHandle: item };
  return { store, code, handle, ...own, requestId: 'un-1', operator: 'telegram:1', operatorName: '王老板' };
}

export const lostUndo = (site: Site, request: UndoRequest): LostUndo => ({
  ...request,
  submittedAt: site.now() - 1_000,
  asked: 0,
  notes: [],
});
