/**
 * Takes a platform's message that a coupon was refunded, or used outside of this program: reads it back, compares it with the
 * ledger, and records what is new as a fact of the account. The ledger itself stays as it is.
 */
import type { Account, Accounts } from '../accounts/accounts.ts';
import type { Stores } from '../accounts/stores.ts';
import type { Alert } from '../alerts/alert.ts';
import type { Db, Tx } from '../database/database.ts';
import { createLockAccount } from '../database/locks/row-locks.ts';
import { createFacts, type Detail, type Fact } from '../facts/facts.ts';
import { BY_PLATFORM } from '../facts/by.ts';
import type { PlatformClient } from '../platforms/client.ts';
import type { CouponState, News } from '../platforms/messages.ts';
import type { PlatformName } from '../platforms/names.ts';
import { chinaTime } from '../time/platform-time.ts';
import { read } from './repository/row-mapping.ts';
import { isVerified, type State, type Verification } from './verification.ts';

/** What is new, for the owners of the account. Time in ms. */
export interface OutsideNews {
  readonly kind: 'coupon.refunded' | 'coupon.used-elsewhere';
  readonly account: Account;
  /** Names the event: the coupon that was refunded, or the use. */
  readonly id: string;
  readonly coupon: Pick<CouponState, 'title'>;
  readonly at: number;
  /** The platform's id of the store of the use. */
  readonly store?: string;
  /** The verification in the ledger that was refunded afterwards. */
  readonly verified?: Verification;
}

export interface OutsideNewsParts {
  readonly db: Db;
  readonly accounts: Pick<Accounts, 'find'>;
  readonly clientOf: (accountId: string) => Promise<PlatformClient>;
  readonly now: () => number;
  /** Prepares what is told; the result writes it in the transaction of the fact. */
  readonly notifier: (news: OutsideNews) => Promise<(tx: Tx) => Promise<void>>;
}

/**
 * Whether a use may be this verification's: it is; or its call is under way, which the recheck settles; or somebody decided that it
 * took effect, and no receipt says which use that is.
 */
const mayBeOurs = ({ state, receiptHandle, coupon }: Verification, id: string, mark: string): boolean =>
  IN_FLIGHT.has(state) ||
  (receiptHandle === undefined
    ? isVerified(state) && (coupon.handle?.includes(`"${id}"`) ?? false)
    : receiptHandle.includes(mark));

/** What the owners are told of it. */
export async function alertOf(
  { kind, account, coupon, at, store, verified, id }: OutsideNews,
  stores: Pick<Stores, 'listedBy'>,
): Promise<Alert> {
  const listed = await stores.listedBy(account.id);
  const there = listed.filter(({ externalId, storeId }) => (verified ? storeId === verified.storeId : externalId === store));
  const storeIds = [...new Set((there.length > 0 ? there : listed).map(({ storeId }) => storeId))];
  const about = { key: `${account.id}:${id}`, accountId: account.id, storeIds };
  const told = { platform: account.platform, title: coupon.title ?? '' };
  if (kind === 'coupon.refunded') return { ...about, kind: 'refund', facts: { ...told, verification: verified?.id ?? null } };
  const name = store === undefined ? null : (there[0]?.name ?? null);
  return { ...about, kind: 'elsewhere', facts: { ...told, at, store: name } };
}

/** What is recorded: under the first of its subjects, unless the same is known under any of them. */
export interface Recorded {
  readonly subjects: readonly [string, ...string[]];
  readonly detail: Detail;
  readonly isSame?: (known: Fact) => boolean;
}

/** Records news once, with what is told of it: the same is often noticed at one time, at one instance or at two. */
export function createRecordNews({ db, now, notifier }: Pick<OutsideNewsParts, 'db' | 'now' | 'notifier'>) {
  const facts = createFacts(db);
  const lockAccount = createLockAccount(db);
  return async (news: OutsideNews, { subjects, detail, isSame = () => true }: Recorded): Promise<void> => {
    const { kind, account } = news;
    const tell = await notifier(news);
    await db.transaction().execute(async (tx) => {
      await lockAccount(tx, account.id);
      for (const subject of subjects)
        if ((await facts.of(subject, tx)).some((known) => known.kind === kind && isSame(known))) return;
      const stream = `account:${account.id}` as const;
      await facts.record(tx, { stream, kind, subject: subjects[0], by: BY_PLATFORM, at: now(), detail });
      await tell(tx);
    });
  };
}

/** Throws `PlatformFault` where it cannot be read back. */
export type TakeNews = (platform: PlatformName, news: News) => Promise<void>;

/** The ledger is searched for the coupon in the business days from this long before the use, ms. */
const BEFORE_MS = 2 * 86_400_000;
/** Of a refund it is searched that far back. */
const REFUND_MS = 90 * 86_400_000;
const IN_FLIGHT: ReadonlySet<State> = new Set(['submitting', 'unsure', 'person', 'undoing', 'undo-unsure']);

export function createTakeNews({ db, accounts, clientOf, now, notifier }: OutsideNewsParts): TakeNews {
  const record = createRecordNews({ db, now, notifier });

  /** The verifications of an order in all stores that the account lists. */
  const ofOrder = async ({ id }: Account, order: string, since: number): Promise<readonly Verification[]> => {
    const listed = db.selectFrom('listing').select('store_id as id').where('account_id', '=', id);
    const rows = await db
      .selectFrom('verification')
      .selectAll()
      .where('store_id', 'in', db.selectFrom('store').select('id').where('account_id', '=', id).union(listed))
      .where('business_day', 'is not', null)
      .where('business_day', '>=', chinaTime(since).slice(0, 10))
      .where('order_id', '=', order)
      .execute();
    return rows.map(read);
  };

  return async (platform, news) => {
    const account = await accounts.find(platform, news.identity);
    if (!account) return;
    const coupon = await (await clientOf(account.id)).state(news);
    if (!coupon) return;
    if (news.what === 'refunded') {
      if (!coupon.refunded) return;
      const before = await ofOrder(account, news.order, now() - REFUND_MS);
      const verified = before.find(
        ({ state, receiptHandle }) => state === 'verified' && receiptHandle?.includes(`"${news.coupon}"`),
      );
      const told = {
        kind: 'coupon.refunded',
        account,
        id: news.coupon,
        coupon,
        at: now(),
        ...(verified && { verified }),
      } as const;
      const detail = { order: news.order, ...(verified && { verification: verified.id }) };
      return await record(told, { subjects: [news.coupon, ...(verified ? [verified.id] : [])], detail });
    }
    for (const use of coupon.uses) {
      const at = use.at ?? now();
      const before = await ofOrder(account, news.order, at - BEFORE_MS);
      if (before.some((v) => mayBeOurs(v, news.coupon, use.mark))) continue;
      const where = use.store === undefined ? {} : { store: use.store };
      const told = { kind: 'coupon.used-elsewhere', account, id: use.id, coupon, at, ...where } as const;
      const detail = { order: news.order, use: use.id, at };
      await record(told, { subjects: [news.coupon], detail, isSame: (known) => known.detail['use'] === use.id });
    }
  };
}
