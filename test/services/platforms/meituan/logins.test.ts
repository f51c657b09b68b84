/** A client with an authorisation renews it once for all concurrent calls, and stores it before it is used. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPlatformClients, type PlatformClient } from '../../../../services/platforms/client.ts';
import { rateLimited } from '../../../../services/rate-limit/rate-limited.ts';
import type { Session, Credentials } from '../../../../services/platforms/platform.ts';
import { ownSlots } from '../../../fixtures/own-slots.ts';
import { openSqlite, type Database } from '../../../../services/database/database.ts';
import { createCollections } from '../../../../services/database/collections.ts';
import { createLeases } from '../../../../services/database/locks/leases.ts';
import { createSeal } from '../../../../services/database/seal.ts';
import { DAY, DIALECTS, faultOf, openHarness, type Harness } from './harness.ts';
import { systemTime } from '../../../../services/time/time.ts';

describe.each(DIALECTS)('%s', (dialect) => {
  let town: Harness;
  let db: Database;
  let kept: Credentials;
  let renewals: number;
  let heard: boolean[];
  /** One instance of the program, before the common database. */
  let instance: () => PlatformClient;
  const refreshes = () => town.double.arrivals.filter(({ raw }) => /grant_?type=refresh_token/i.test(raw)).length;

  beforeEach(async () => {
    town = await openHarness(dialect);
    db = await openSqlite(':memory:');
    kept = town.credentials;
    renewals = 0;
    heard = [];
    const { platform, now } = town;
    const logins = createCollections(db.db, createSeal(randomBytes(32)), () => Date.now())<Session>('login', 40 * DAY);
    const polite = rateLimited(platform, {
      slots: ownSlots(db.db, now),
      now,
      sleep: systemTime.sleep,
    });
    let instances = 0;
    instance = () => {
      instances += 1;
      const onLogin = (_: unknown, taken: boolean) => Promise.resolve(void heard.push(taken));
      const leases = createLeases(db.db, now);
      const clients = createPlatformClients({
        platforms: () => polite,
        logins,
        now,
        sleep: systemTime.sleep,
        leases,
        me: `i-${instances}`,
        onLogin,
      });
      return clients.forAccount({
        platform: dialect,
        identity: platform.identity(kept),
        credentials: () => kept,
        renewed: async (credentials) => {
          renewals += 1;
          kept = credentials;
        },
      });
    };
  });
  afterEach(async () => {
    await town.double.close();
    await db.close();
  });

  test('ten calls at once, by two instances, renew it once', async () => {
    const [one, two] = [instance(), instance()];
    const code = town.double.books.coupon();
    await one.lookup(town.store, code, 'meituan');
    town.pass(28 * DAY);
    const calls = Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? one : two).lookup(town.store, code, 'meituan'));
    const answers = await Promise.all(calls);
    expect(answers.every(({ kind }) => kind === 'coupon')).toBe(true);
    expect([refreshes(), renewals]).toEqual([1, 1]);
    expect(kept['refreshToken']).not.toBe(town.credentials['refreshToken']);
  });

  test('a lost renewal is asked for again an hour later, and the merchant notices nothing before the token’s end', async () => {
    const client = instance();
    const code = town.double.books.coupon({ until: town.now() + 365 * DAY });
    town.pass(28 * DAY);
    town.double.fail(dialect === 'dianping' ? 'token' : 'refresh', { kind: 'reset' });
    expect(await client.lookup(town.store, code, 'meituan')).toHaveProperty('kind', 'coupon');
    town.pass(3_600_001);
    expect(await client.lookup(town.store, code, 'meituan')).toHaveProperty('kind', 'coupon');
    expect([refreshes(), renewals]).toEqual([2, 0]);
    town.pass(8 * DAY);
    expect(await client.lookup(town.store, code, 'meituan')).toMatchObject({ kind: 'refused', reason: 'unauthorised' });
    expect(heard.at(-1)).toBe(false);
  });

  test('a session turned away for a moment is tried once more, and no coupon is used twice', async () => {
    const client = instance();
    const code = town.double.books.coupon();
    town.double.fail('consume', { kind: 'login-over' });
    const request = { store: town.store, code, handle: undefined, count: 1, requestId: 'vb-1', operator: 'o', operatorName: '' };
    expect(await client.verify(request)).toHaveProperty('kind', 'verified');
    expect(town.double.books.used(code)).toHaveLength(1);
  });

  test('an authorisation that was taken away is a refusal', async () => {
    const client = instance();
    town.double.permits.revoke();
    expect(await client.lookup(town.store, town.double.books.coupon(), 'meituan')).toMatchObject({
      kind: 'refused',
      reason: 'unauthorised',
    });
  });

  describe('a token that is refused before its time', () => {
    const HOUR = 3_600_000;

    test('is renewed once, however many calls of two instances meet it, and nobody is told to bind again', async () => {
      const [one, two] = [instance(), instance()];
      const code = town.double.books.coupon();
      for (const client of [one, two]) await client.lookup(town.store, code, 'meituan');
      town.pass(2 * HOUR);
      town.double.permits.endLogins();
      const calls = Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? one : two).lookup(town.store, code, 'meituan'));
      const answers = await Promise.all(calls);
      expect(answers.map(({ kind }) => kind)).toEqual(Array(10).fill('coupon'));
      expect([refreshes(), renewals]).toEqual([1, 1]);
      expect(heard).not.toContain(false);
      expect(kept['accessToken']).not.toBe(town.credentials['accessToken']);
    });

    test('does not keep a use from being made, once', async () => {
      const client = instance();
      const code = town.double.books.coupon();
      town.pass(2 * HOUR);
      town.double.permits.endLogins();
      const request = {
        store: town.store,
        code,
        handle: undefined,
        count: 1,
        requestId: 'vb-1',
        operator: 'o',
        operatorName: '',
      };
      expect(await client.verify(request)).toHaveProperty('kind', 'verified');
      expect(town.double.books.used(code)).toHaveLength(1);
      expect(refreshes()).toBe(1);
    });

    test('is not renewed at every call where that does not help, but an hour later', async () => {
      const client = instance();
      const code = town.double.books.coupon();
      const lookup = () => client.lookup(town.store, code, 'meituan');
      town.pass(2 * HOUR);
      town.double.permits.endLogins();
      expect(await lookup()).toHaveProperty('kind', 'coupon');
      town.double.permits.endLogins();
      for (let calls = 0; calls < 3; calls += 1) expect(await lookup()).toMatchObject({ reason: 'unauthorised' });
      expect([refreshes(), heard.at(-1)]).toEqual([1, false]);
      town.pass(HOUR);
      expect(await lookup()).toHaveProperty('kind', 'coupon');
      expect([refreshes(), heard.at(-1)]).toEqual([2, true]);
    });

    test('is a fault that did nothing while its renewal cannot be had', async () => {
      const client = instance();
      const code = town.double.books.coupon();
      town.pass(2 * HOUR);
      town.double.permits.endLogins();
      town.double.fail(dialect === 'dianping' ? 'token' : 'refresh', { kind: 'reset', applied: false });
      expect(await faultOf(client.lookup(town.store, code, 'meituan'))).toMatchObject({
        kind: 'unreachable',
        outcome: 'not-done',
      });
      expect(heard).not.toContain(false);
      expect(await client.lookup(town.store, code, 'meituan')).toHaveProperty('kind', 'coupon');
    });

    test('is the end where it cannot be renewed either', async () => {
      const client = instance();
      town.pass(2 * HOUR);
      town.double.permits.revoke();
      const code = town.double.books.coupon();
      expect(await client.lookup(town.store, code, 'meituan')).toMatchObject({ kind: 'refused', reason: 'unauthorised' });
      expect(heard.at(-1)).toBe(false);
    });
  });
});
