/** The application's one token: fetched once for everybody, kept sealed, renewed where another set-up ended it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLeases } from '../../../../services/database/locks/leases.ts';
import { createMutex } from '../../../../services/database/locks/mutex.ts';
import { createDouyin } from '../../../../services/platforms/douyin/douyin.ts';
import { systemTime } from '../../../../services/time/time.ts';
import { faultOf, openHarness, type Harness } from './harness.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await openHarness();
});
afterEach(() => harness.close());

const fetched = (): number => harness.double.asked('client_token').length + harness.double.asked('stable_client_token').length;
const shops = (platform = harness.platform) => platform.stores(harness.session);

/** Another instance of the program on the same database. */
const instance = (name: string) => {
  const { parts, database, now } = harness;
  const mutex = createMutex({ leases: createLeases(database.db, now), holder: name, wait: (ms) => systemTime.sleep(ms) });
  return createDouyin({ ...parts, mutex });
};

describe('the token', () => {
  it('is one for many calls at once and for all instances, and lies sealed in the database', async () => {
    const instances = [instance('a'), instance('b'), instance('c')];
    await Promise.all([...instances, ...instances].map(shops));
    expect(fetched()).toBe(1);
    const kept = await harness.database.db.selectFrom('kv').select('v').where('ns', '=', 'douyin-token').execute();
    expect(kept).toHaveLength(1);
    expect(kept[0]!.v).not.toContain('clt.');
  });

  it('is renewed before it ends', async () => {
    await shops();
    harness.pass(6_400_000);
    await shops();
    expect(fetched()).toBe(1);
    harness.pass(100_000);
    await shops();
    expect(fetched()).toBe(2);
  });

  it('that another set-up ended is renewed once, and the call repeated: a write too, as it did nothing', async () => {
    const code = harness.double.books.coupon();
    const request = harness.request(await harness.coupon(code));
    harness.double.tokens.end();
    expect(await harness.platform.verify(harness.session, request)).toMatchObject({ kind: 'verified' });
    expect(harness.double.books.used(code)).toHaveLength(1);
    expect(harness.double.asked('verify')).toHaveLength(2);
    expect(fetched()).toBe(2);
  });

  it('that is refused twice is given up for the moment; nothing was done', async () => {
    const code = harness.double.books.coupon();
    const request = harness.request(await harness.coupon(code));
    for (const _ of [1, 2]) harness.double.fail('verify', { kind: 'no', code: 28_001_008, words: 'access_token过期' });
    expect(await faultOf(harness.platform.verify(harness.session, request))).toMatchObject({ kind: 'busy', outcome: 'not-done' });
    expect(harness.double.books.used(code)).toEqual([]);
  });

  it('comes from the older call where the newer one is not there', async () => {
    harness.double.tokens.stable = false;
    expect(await shops()).toHaveLength(1);
    harness.double.tokens.end();
    expect(await shops()).toHaveLength(1);
    expect(harness.double.asked('stable_client_token')).toHaveLength(1);
    expect(harness.double.asked('client_token')).toHaveLength(2);
  });

  it('of a wrong secret is not asked for again and again, and says whose fault it is', async () => {
    const wrong = createDouyin({ ...harness.parts, clientSecret: 'wrong-secret' });
    const lookup = () => wrong.lookup(harness.session, harness.store, '104686126200130', 'douyin');
    expect(await lookup()).toMatchObject({ kind: 'refused', reason: 'operator' });
    const before = fetched();
    expect(await lookup()).toMatchObject({ kind: 'refused', reason: 'operator' });
    expect(fetched()).toBe(before);
    harness.pass(61_000);
    await lookup();
    expect(fetched()).toBeGreaterThan(before);
  });

  it('that cannot be had leaves a write undone, and is in no fault', async () => {
    const request = harness.request(await harness.coupon(harness.double.books.coupon()));
    harness.pass(7_200_000);
    harness.double.fail('stable_client_token', { kind: 'error' });
    const fault = await faultOf(harness.platform.verify(harness.session, request));
    expect(fault).toMatchObject({ kind: 'unreachable', outcome: 'not-done' });
    harness.double.fail('shops', { kind: 'reset' });
    expect(`${(await faultOf(shops())).stack}`).not.toContain('clt.');
  });
});
