/** An authorisation is granted once, renewed before it ends, and expires when it cannot be renewed. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Session, Credentials } from '../../../../services/platforms/platform.ts';
import { DAY, DIALECTS, faultOf, openHarness, type Harness } from './harness.ts';

const HOUR = 3_600_000;

describe.each(DIALECTS)('%s', (dialect) => {
  const refreshing = dialect === 'dianping' ? 'token' : 'refresh';
  /** When a token is renewed, and when everything is over. Days. */
  const [early, ends] = dialect === 'dianping' ? [27, 30] : [20, 35];
  let town: Harness;
  const login = (credentials = town.credentials) => town.platform.login(credentials);
  const refreshes = () => town.double.arrivals.filter(({ raw }) => /grant_?type=refresh_token/i.test(raw)).length;
  const renewedBy = (answer: Awaited<ReturnType<typeof login>>): Credentials => {
    if ('kind' in answer || !answer.renewed) throw new Error('nothing was renewed');
    return answer.renewed;
  };

  beforeEach(async () => {
    town = await openHarness(dialect);
  });
  afterEach(() => town.double.close());

  test('the page says who asks, and brings back what it was given', async () => {
    const { page, answer } = town.platform.authorisation!;
    const back = await town.double.approve(page('st-9f'));
    expect(back.get('state')).toBe('st-9f');
    expect(back.get(answer)).toMatch(/^[0-9a-f]{40}$/);
    expect(page('st-9f')).toContain(dialect === 'dianping' ? '/dz-open/merchant/auth?' : '/general/auth?');
  });

  test('an answer is redeemed once', async () => {
    const { page, answer, redeem } = town.platform.authorisation!;
    const code = (await town.double.approve(page('s'))).get(answer)!;
    expect(await redeem(code)).toHaveProperty('kind', 'granted');
    expect(await redeem(code)).toMatchObject({ kind: 'refused', reason: 'unauthorised' });
    const late = (await town.double.approve(page('s'))).get(answer)!;
    town.pass(601_000);
    expect(await redeem(late)).toMatchObject({ kind: 'refused', reason: 'unauthorised' });
  });

  test('credentials are text, name the merchant and say how long they last', () => {
    const { credentials, platform } = town;
    for (const value of Object.values(credentials)) expect(typeof value).toBe('string');
    expect(platform.identity(credentials)).toBe(
      dialect === 'dianping' ? '857d16528a9c1abc3329fd390ad0b488' : '6eb50f3547e1195d43eb447b8ab62449',
    );
    const { renewAt, endsAt, renewalsLeft } = platform.authorisation!.term(credentials);
    expect(Math.round((renewAt - town.now()) / HOUR)).toBe(early * 24);
    expect(Math.round((endsAt - town.now()) / HOUR)).toBe(ends * 24);
    expect(renewalsLeft).toBe(dialect === 'dianping' ? 12 : undefined);
  });

  test('while the token is good, logging in asks nobody', async () => {
    const before = town.double.arrivals.length;
    town.pass(early * DAY - HOUR);
    const session = (await login()) as Session;
    expect(session.renewed).toBeUndefined();
    expect(session.expiresAt).toBe(Number(town.credentials['renewAt']));
    expect(town.double.arrivals).toHaveLength(before);
    expect(await town.platform.stores(session)).toHaveLength(1);
  });

  test('then one request renews it: both tokens change, and the rest stays', async () => {
    town.pass(early * DAY + HOUR);
    const session = (await login({ ...town.credentials, owner: 'telegram:1' })) as Session;
    const renewed = renewedBy(session);
    expect(refreshes()).toBe(1);
    expect(renewed['accessToken']).not.toBe(town.credentials['accessToken']);
    expect(renewed['refreshToken']).not.toBe(town.credentials['refreshToken']);
    expect(renewed['owner']).toBe('telegram:1');
    expect(town.platform.identity(renewed)).toBe(town.platform.identity(town.credentials));
    expect(session.token).toContain(renewed['accessToken']);
    expect(session.expiresAt).toBe(Number(renewed['renewAt']));
    expect(await town.platform.stores(session)).toHaveLength(1);
    if (dialect === 'dianping') expect(town.platform.authorisation!.term(renewed).renewalsLeft).toBe(11);
  });

  test('a refresh token serves once: the old one is refused, and its token used on, an hour at a time', async () => {
    town.pass(early * DAY + HOUR);
    renewedBy(await login());
    const again = (await login()) as Session;
    expect(again.renewed).toBeUndefined();
    expect(again.expiresAt).toBeLessThanOrEqual(town.now() + HOUR);
    expect(again.token).toContain(town.credentials['accessToken']);
  });

  test.each(['reset', 'gateway', 'late', 'html'] as const)(
    'a refresh that fails (%s) leaves the old token in use',
    async (kind) => {
      town.pass(early * DAY + HOUR);
      town.double.fail(refreshing, { kind });
      const session = (await (kind === 'late' ? town.impatient : town.platform).login(town.credentials)) as Session;
      expect(session).not.toHaveProperty('renewed');
      expect(session.expiresAt).toBeLessThanOrEqual(town.now() + HOUR);
      expect(await town.platform.stores(session)).toHaveLength(1);
    },
  );

  test('what is left of an old token is not stretched', async () => {
    town.pass(30 * DAY - 60_000);
    town.double.fail(refreshing, { kind: 'reset', applied: false });
    const session = (await login()) as Session;
    expect(session.expiresAt).toBe(Number(town.credentials['goodUntil']));
  });

  test('when all is over it is a refusal, and nobody is asked', async () => {
    town.pass(ends * DAY);
    const before = town.double.arrivals.length;
    expect(await login()).toMatchObject({ kind: 'refused', reason: 'unauthorised' });
    expect(town.double.arrivals).toHaveLength(before);
  });

  test('a wrong answer to a redemption is refused, trouble is a fault that did nothing', async () => {
    expect(await town.platform.authorisation!.redeem('nonsense')).toMatchObject({ kind: 'refused', reason: 'unauthorised' });
    town.double.fail('token', { kind: 'no', words: '系统繁忙，请稍后再试' });
    expect(await faultOf(town.platform.authorisation!.redeem('x'))).toMatchObject({ kind: 'busy', outcome: 'not-done' });
    town.double.fail('token', { kind: 'reset' });
    expect(await faultOf(town.platform.authorisation!.redeem('x'))).toMatchObject({ outcome: 'not-done' });
  });

  test('a yes without a token is nonsense', async () => {
    town.double.fail('token', {
      kind: 'words',
      words: JSON.stringify({ code: dialect === 'dianping' ? 200 : 0, msg: 'success' }),
    });
    expect(await faultOf(town.platform.authorisation!.redeem('x'))).toMatchObject({ kind: 'nonsense', outcome: 'not-done' });
  });

  test('a login that was taken away is a fault that did nothing', async () => {
    const code = town.double.books.coupon();
    town.double.permits.endLogins();
    const { platform, session, store } = town;
    const over = { kind: 'unauthorised', outcome: 'not-done' };
    expect(await faultOf(platform.lookup(session, store, code, 'meituan'))).toMatchObject(over);
    expect(await faultOf(platform.deals(session, store))).toMatchObject(over);
  });

  test('credentials that were never any are refused', async () => {
    expect(await login({})).toMatchObject({ kind: 'refused', reason: 'unauthorised' });
  });
});

test('北极星 counts: after the last renewal nobody is asked, and the token serves to its end', async () => {
  const town = await openHarness('dianping');
  const last = { ...town.credentials, left: '0' };
  town.pass(27 * DAY + HOUR);
  const before = town.double.arrivals.length;
  const session = (await town.platform.login(last)) as Session;
  expect(session).not.toHaveProperty('renewed');
  expect(town.double.arrivals).toHaveLength(before);
  expect(town.platform.authorisation!.term(last).renewalsLeft).toBe(0);
  await town.double.close();
});

test('北极星 counts down to nothing, renewal by renewal', async () => {
  const town = await openHarness('dianping');
  town.double.permits.left.set('857d16528a9c1abc3329fd390ad0b488', 2);
  let { credentials } = town;
  for (const left of ['1', '0']) {
    town.pass(28 * DAY);
    const session = (await town.platform.login(credentials)) as Session;
    credentials = session.renewed!;
    expect(credentials['left']).toBe(left);
  }
  town.pass(31 * DAY);
  expect(await town.platform.login(credentials)).toMatchObject({ kind: 'refused', reason: 'unauthorised' });
  await town.double.close();
});

test('the successor renews for five days more after its token has ended, and a lost answer there is a fault, not a lost call', async () => {
  const town = await openHarness('meituan');
  town.pass(32 * DAY);
  town.double.fail('refresh', { kind: 'reset', applied: false });
  expect(await faultOf(town.platform.login(town.credentials) as Promise<unknown>)).toMatchObject({
    kind: 'unreachable',
    outcome: 'not-done',
  });
  expect(await town.platform.login(town.credentials)).toHaveProperty('renewed');
  expect(await town.platform.login(town.credentials)).toMatchObject({ kind: 'refused', reason: 'unauthorised' });
  await town.double.close();
});
