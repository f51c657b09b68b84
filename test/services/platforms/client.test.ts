/** A client logs in when needed, once, and repeats only calls that certainly did nothing. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPlatformClients, type PlatformClient, type PlatformClients } from '../../../services/platforms/client.ts';
import type { Holder } from '../../../services/platforms/logins.ts';
import { rateLimited } from '../../../services/rate-limit/rate-limited.ts';
import type { Session, VerifyRequest } from '../../../services/platforms/platform.ts';
import { ownSlots } from '../../fixtures/own-slots.ts';
import { createUmember } from '../../../services/platforms/umember/umember.ts';
import { createJsonHttp } from '../../../services/platforms/json-http.ts';
import { openSqlite, type Database } from '../../../services/database/database.ts';
import { createCollections, type Collection } from '../../../services/database/collections.ts';
import { createLeases } from '../../../services/database/locks/leases.ts';
import { createSeal } from '../../../services/database/seal.ts';
import { startUmember, type FakeUmember } from '../../doubles/umember.ts';
import { systemTime } from '../../../services/time/time.ts';

let double: FakeUmember;
let database: Database;
let logins: Collection<Session>;
let clients: PlatformClients;
let client: PlatformClient;
let password: string;
let heard: boolean[];
let ahead: number;
const now = () => Date.now() + ahead;

const holder: Holder = {
  platform: 'umember',
  identity: 'owner@example.com',
  credentials: () => ({ email: 'Owner@example.com', password }),
  renewed: () => Promise.reject(new Error('umember renews nothing')),
};

beforeEach(async () => {
  ahead = 0;
  password = 'secret';
  heard = [];
  double = await startUmember({ now, perSecond: undefined });
  double.books.account('Owner@example.com');
  double.books.shop({ owner: 'Owner@example.com', id: 5 });
  database = await openSqlite(':memory:');
  logins = createCollections(database.db, createSeal(randomBytes(32)), () => Date.now())<Session>('logins', 86_400_000);
  // The limit has its own tests; here nothing shall wait.
  const umember = {
    ...createUmember({ http: createJsonHttp({ timeoutMs: 500 }), baseUrl: double.url, now }),
    perSecond: undefined,
  };
  const polite = rateLimited(umember, {
    slots: ownSlots(database.db, now),
    now,
    sleep: systemTime.sleep,
  });
  const onLogin = (_: Holder, taken: boolean) => Promise.resolve(void heard.push(taken));
  const leases = createLeases(database.db, now);
  clients = createPlatformClients({ platforms: () => polite, logins, now, sleep: systemTime.sleep, leases, me: 'here', onLogin });
  client = clients.forAccount(holder);
});
afterEach(async () => {
  await double.close();
  await database.close();
});

const verification = (code: string): VerifyRequest => ({
  store: '5',
  code,
  handle: undefined,
  count: 1,
  requestId: 'vb-1',
  operator: 'telegram:1',
  operatorName: '张三',
});

test('the first call logs in, the next ones do not', async () => {
  const code = double.books.coupon();
  expect(await client.lookup('5', code, 'meituan')).toHaveProperty('kind', 'coupon');
  expect(await client.verify(verification(code))).toHaveProperty('kind', 'verified');
  expect(await clients.forAccount(holder).stores()).toHaveLength(1);
  expect(double.calls('login')).toBe(1);
});

test('the login is kept sealed', async () => {
  await client.stores();
  const token = [...double.tokens.keys()][0]!;
  expect(await logins.get('umember:owner@example.com')).toHaveProperty('token', token);
  expect(JSON.stringify(await database.db.selectFrom('kv').selectAll().execute())).not.toContain(token);
});

test('ten calls at once share one login', async () => {
  const code = double.books.coupon();
  const answers = await Promise.all(Array.from({ length: 10 }, () => client.lookup('5', code, 'meituan')));
  expect(answers.every(({ kind }) => kind === 'coupon')).toBe(true);
  expect(double.calls('login')).toBe(1);
});

test('a login that is over is renewed, and the call made again', async () => {
  const code = double.books.coupon();
  await client.lookup('5', code, 'meituan');
  double.endLogins();
  expect(await client.verify(verification(code))).toHaveProperty('kind', 'verified');
  expect(double.books.used(code)).toHaveLength(1);
  expect([double.calls('login'), double.calls('verify')]).toEqual([2, 2]);
});

test('ten calls that meet an ended login renew it once', async () => {
  const code = double.books.coupon();
  await client.lookup('5', code, 'meituan');
  double.endLogins();
  const answers = await Promise.all(Array.from({ length: 10 }, () => client.lookup('5', code, 'meituan')));
  expect(answers.every(({ kind }) => kind === 'coupon')).toBe(true);
  expect(double.calls('login')).toBe(2);
});

test('before its day is over a login is renewed without a call being refused', async () => {
  const code = double.books.coupon();
  await client.lookup('5', code, 'meituan');
  ahead = 20 * 3_600_000;
  await client.lookup('5', code, 'meituan');
  expect([double.calls('login'), double.calls('detail')]).toEqual([2, 2]);
});

test('a lost verification is never made again', async () => {
  const code = double.books.coupon();
  double.fail('verify', { kind: 'reset' });
  await expect(client.verify(verification(code))).rejects.toMatchObject({ kind: 'unreachable', outcome: 'unknown' });
  expect([double.calls('verify'), double.books.used(code).length]).toEqual([1, 1]);
});

test('a login lost on the way to a verification did nothing', async () => {
  const code = double.books.coupon();
  double.fail('login', { kind: 'reset' });
  await expect(client.verify(verification(code))).rejects.toMatchObject({ outcome: 'not-done' });
  expect(await client.verify(verification(code))).toHaveProperty('kind', 'verified');
});

test('a changed password is a refusal where there are refusals, else a fault; the owner can be told', async () => {
  const code = double.books.coupon();
  password = 'old';
  expect(await client.lookup('5', code, 'meituan')).toMatchObject({ kind: 'refused', reason: 'unauthorised' });
  expect(await client.verify(verification(code))).toMatchObject({ kind: 'refused', reason: 'unauthorised' });
  const lost = { ...verification(code), seenUnusedAt: now(), submittedAt: now(), asked: 0, notes: [] };
  await expect(client.stores()).rejects.toMatchObject({ kind: 'unauthorised', outcome: 'not-done' });
  await expect(client.query(lost)).rejects.toMatchObject({ kind: 'unauthorised', outcome: 'not-done' });
  expect(heard).toEqual([false, false, false, false]);
  password = 'secret';
  expect(await client.lookup('5', code, 'meituan')).toHaveProperty('kind', 'coupon');
  expect(heard.at(-1)).toBe(true);
});

test('a store whose authorisation is over stays refused after one new login', async () => {
  const code = double.books.coupon();
  double.books.shops.get(5)!.status = 3;
  expect(await client.lookup('5', code, 'meituan')).toEqual({ kind: 'refused', reason: 'unauthorised' });
  expect(double.calls('login')).toBe(2);
});

test('a lost answer is queried through the same client', async () => {
  const code = double.books.coupon();
  double.fail('verify', { kind: 'cut' });
  const submittedAt = now();
  await client.verify(verification(code)).catch(() => undefined);
  const lost = { ...verification(code), seenUnusedAt: submittedAt, submittedAt, asked: 0, notes: [] };
  expect(await client.query(lost)).toMatchObject({ result: { kind: 'verified' } });
});

test('enrolling proves the credentials anew, lists the stores, and keeps the login', async () => {
  await client.stores();
  expect(await clients.enrol('umember', { email: 'Owner@example.com', password: 'wrong' })).toHaveProperty('kind', 'refused');
  const credentials = { email: 'Owner@example.com', password: 'secret' };
  expect(await clients.enrol('umember', credentials)).toMatchObject({
    kind: 'enrolled',
    identity: 'owner@example.com',
    stores: [{ id: '5' }],
  });
  expect(double.calls('login')).toBe(3);
  await client.stores();
  expect(double.calls('login')).toBe(3);
});

test('what holds a call back does not hold back the login that others share, and is asked again before a repeat', async () => {
  const code = double.books.coupon();
  const over = new Error('its time is over');
  const looks: number[] = [];
  const before = async (): Promise<void> => {
    looks.push(double.calls('verify'));
    if (looks.length > 1) throw over;
  };
  // A session that the platform does not know any more: the first try is refused, and would be repeated with a new one.
  await client.lookup('5', code, 'meituan');
  double.endLogins();
  await expect(client.verify(verification(code), { before })).rejects.toBe(over);
  expect(double.calls('login')).toBe(2);
  expect(double.books.used(code)).toEqual([]);
});
