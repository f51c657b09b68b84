/** The platform before its double: what the tests of this platform begin with. */
import { randomBytes } from 'node:crypto';
import { openSqlite } from '../../../../services/database/database.ts';
import { createCollections } from '../../../../services/database/collections.ts';
import { noMutex } from '../../../../services/database/locks/mutex.ts';
import { createSeal } from '../../../../services/database/seal.ts';
import { createFollowDouyinLink } from '../../../../services/coupons/douyin-link.ts';
import type { Coupon } from '../../../../services/coupons/coupon.ts';
import { createJsonHttp } from '../../../../services/platforms/json-http.ts';
import { createDouyin, type DouyinParts } from '../../../../services/platforms/douyin/douyin.ts';
import { TOKEN_MS, type AppToken } from '../../../../services/platforms/douyin/token.ts';
import {
  PlatformFault,
  type LostCall,
  type Receipt,
  type Refusal,
  type UndoRequest,
  type VerifyRequest,
} from '../../../../services/platforms/platform.ts';
import { ACCOUNT, APP, startDouyin } from '../../../doubles/douyin.ts';
import { startDouyinLinks } from '../../../doubles/douyin-links.ts';

export const CREDENTIALS = { 'account-id': ACCOUNT };

/** A double, and a clock that tests move. `timeoutMs`: how long an answer is waited for. */
export async function openHarness({ timeoutMs = 10_000 }: { readonly timeoutMs?: number } = {}) {
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const [double, links, database] = await Promise.all([startDouyin({ now }), startDouyinLinks(), openSqlite(':memory:')]);
  const { connector, resolve } = links;
  const tokens = createCollections(database.db, createSeal(randomBytes(32)), now)<AppToken>('douyin-token', TOKEN_MS);
  const logged: object[] = [];
  const http = createJsonHttp({ timeoutMs });
  const parts: DouyinParts = {
    http,
    tokenHttp: http,
    follow: createFollowDouyinLink({ monotonic: () => performance.now(), connector, resolve }),
    baseUrl: double.url,
    ...APP,
    tokens,
    mutex: noMutex,
    log: { warn: (message: string, facts: object = {}) => void logged.push({ message, ...facts }) },
    now,
  };
  const platform = createDouyin(parts);
  const session = { token: ACCOUNT, expiresAt: now() + 86_400_000 };
  const store = double.books.shops[0]!.id;
  let requests = 0;
  const harness = {
    double,
    links,
    database,
    parts,
    platform,
    session,
    store,
    logged,
    now,
    pass: (ms: number): void => void (ahead += ms),
    lookup: (code: string) => platform.lookup(session, store, code, 'douyin'),
    coupon: async (code: string): Promise<Coupon> => {
      const found = await harness.lookup(code);
      if (found.kind !== 'coupon') throw new Error(`refused: ${found.reason}`);
      return found;
    },
    request: ({ code, handle }: Coupon, count = 1): VerifyRequest => ({
      store,
      code,
      handle,
      count,
      requestId: `vb-${(requests += 1)}`,
      operator: 'telegram:1',
      operatorName: '王老板',
    }),
    verify: async (code: string, count = 1): Promise<Receipt | Refusal> =>
      await platform.verify(session, harness.request(await harness.coupon(code), count)),
    receipt: async (code: string, count = 1): Promise<Receipt> => {
      const answer = await harness.verify(code, count);
      if (answer.kind !== 'verified') throw new Error(`refused: ${answer.reason}`);
      return answer;
    },
    undoOf: (code: string, receipt: Receipt, n = 0): UndoRequest => ({
      store,
      code,
      handle: undefined,
      receiptHandle: receipt.items[n]!.handle!,
      requestId: `un-${(requests += 1)}`,
      operator: 'telegram:1',
      operatorName: '王老板',
    }),
    /** A call of which no answer came, asked about so often already. */
    lost: (request: VerifyRequest, more: Partial<LostCall> = {}): LostCall => ({
      ...request,
      seenUnusedAt: now() - 5_000,
      submittedAt: now() - 2_000,
      asked: 0,
      notes: [],
      ...more,
    }),
    async close(): Promise<void> {
      await Promise.all([double.close(), links.stop()]);
      await database.close();
    },
  };
  return harness;
}

export type Harness = Awaited<ReturnType<typeof openHarness>>;

export async function faultOf(call: Promise<unknown>): Promise<PlatformFault> {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  if (!(error instanceof PlatformFault)) throw new Error('expected a fault', { cause: error });
  return error;
}
