/** What platforms say happened outside of this program, where several messages about the same come at once. */
import { expect, it } from 'vitest';
import type { Account } from '../../../services/accounts/account.ts';
import { openSqlite } from '../../../services/database/database.ts';
import type { PlatformClient } from '../../../services/platforms/client.ts';
import { createTakeNews } from '../../../services/verification/outside-news.ts';
import { storeRow, verificationRow } from '../../fixtures/rows.ts';
import { NOON } from './harness.ts';

it.each(['refunded', 'used'] as const)(
  'a coupon that was %s is told once, however many messages say so at the same time',
  async (what) => {
    const database = await openSqlite(':memory:');
    const account = { id: 'a', platform: 'douyin', identity: '716' } as Account;
    const coupon = { refunded: what === 'refunded', uses: [{ id: 'u1', mark: 'u1', at: NOON }] };
    let told = 0;
    let reading = 0;
    let allHaveRead = (): void => undefined;
    const barrier = new Promise<void>((resolve) => (allHaveRead = resolve));
    const take = createTakeNews({
      db: database.db,
      accounts: { find: () => Promise.resolve(account) },
      clientOf: () => Promise.resolve({ state: () => Promise.resolve(coupon) } as unknown as PlatformClient),
      now: () => NOON,
      // Each has read the coupon before any of them records what is new.
      async notifier() {
        if ((reading += 1) === 3) allHaveRead();
        await barrier;
        return async () => void (told += 1);
      },
    });
    const news = { what, identity: '716', order: '1079', coupon: '7520' };
    await Promise.all([take('douyin', news), take('douyin', news), take('douyin', news)]);
    const facts = await database.db.selectFrom('fact').select('kind').execute();
    expect(facts.map(({ kind }) => kind)).toEqual([what === 'refunded' ? 'coupon.refunded' : 'coupon.used-elsewhere']);
    expect(told).toBe(1);
    await database.close();
  },
);

it.each([
  ['somebody decided that it was ours', { state: 'verified', receipt_handle: null }, 0],
  ['it is booked', { state: 'verified', receipt_handle: '{"verification":"u1"}' }, 0],
  ['a call is under way', { state: 'unsure' }, 0],
  ['another use is booked', { state: 'verified', receipt_handle: '{"verification":"u0"}' }, 1],
  ['somebody decided that it was not ours', { state: 'refused' }, 1],
] as const)('where %s, a use is told %j', async (_, row, times) => {
  const database = await openSqlite(':memory:');
  const account = { id: 'account', platform: 'douyin', identity: '716' } as Account;
  const stored = { id: 'account', platform: 'douyin', identity: '716', sealed: '', refused_at: null, created_at: NOON };
  await database.db.insertInto('account').values(stored).execute();
  await database.db.insertInto('store').values(storeRow('shop')).execute();
  const coupon = { code: '104686126200130', title: '3小时棋牌', handle: '{"certificates":[{"id":"7520"}]}' };
  const of = { order_id: '1079', business_day: '2026-11-22', coupon: JSON.stringify(coupon) };
  await database.db
    .insertInto('verification')
    .values(verificationRow('v', 'shop', { ...of, ...row }))
    .execute();
  let told = 0;
  const take = createTakeNews({
    db: database.db,
    accounts: { find: () => Promise.resolve(account) },
    clientOf: () =>
      Promise.resolve({
        state: () => Promise.resolve({ refunded: false, uses: [{ id: 'u1', mark: '"verification":"u1"', at: NOON }] }),
      } as unknown as PlatformClient),
    now: () => NOON,
    notifier: () => Promise.resolve(() => Promise.resolve(void (told += 1))),
  });
  await take('douyin', { what: 'used', identity: '716', order: '1079', coupon: '7520' });
  expect(told).toBe(times);
  await database.close();
});
