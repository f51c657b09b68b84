/** A counter logs in when it must, once, and repeats only what certainly did nothing. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCounters, type Counter, type Counters } from '../../../services/platforms/client.ts';
import type { Holder } from '../../../services/platforms/logins.ts';
import { limited } from '../../../services/platforms/rate-limited.ts';
import type { Access, VerifyRequest } from '../../../services/platforms/platform.ts';
import { createSlots } from '../../../services/platforms/slots.ts';
import { createUmember } from '../../../services/platforms/umember/umember.ts';
import { createWire } from '../../../services/platforms/json-http.ts';
import { openSqlite, type Store } from '../../../services/database/database.ts';
import { createCollections, type Collection } from '../../../services/database/collections.ts';
import { createLeases } from '../../../services/database/leases.ts';
import { createSeal } from '../../../services/database/seal.ts';
import { startUmember, type FakeUmember } from '../../doubles/umember.ts';

let double: FakeUmember;
let store: Store;
let logins: Collection<Access>;
let counters: Counters;
let counter: Counter;
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
  store = await openSqlite(':memory:');
  logins = createCollections(store.db, createSeal(randomBytes(32)))<Access>('logins', 86_400_000);
  // The limit has its own tests; here nothing shall wait.
  const umember = { ...createUmember({ wire: createWire({ timeoutMs: 500 }), baseUrl: double.url, now }), perSecond: undefined };
  const polite = limited(umember, { slots: createSlots({ db: store.db, embedded: true, now }), now });
  const onLogin = (_: Holder, taken: boolean) => Promise.resolve(void heard.push(taken));
  const leases = createLeases(store.db, now);
  counters = createCounters({ platforms: () => polite, logins, now, leases, me: 'here', onLogin });
  counter = counters.forAccount(holder);
});
afterEach(async () => {
  await double.close();
  await store.close();
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
  expect(await counter.lookup('5', code, 'meituan')).toHaveProperty('kind', 'coupon');
  expect(await counter.verify(verification(code))).toHaveProperty('kind', 'verified');
  expect(await counters.forAccount(holder).stores()).toHaveLength(1);
  expect(double.calls('login')).toBe(1);
});

test('the login is kept sealed', async () => {
  await counter.stores();
  const token = [...double.tokens.keys()][0]!;
  expect(await logins.get('umember:owner@example.com')).toHaveProperty('token', token);
  expect(JSON.stringify(await store.db.selectFrom('kv').selectAll().execute())).not.toContain(token);
});

test('ten calls at once share one login', async () => {
  const code = double.books.coupon();
  const answers = await Promise.all(Array.from({ length: 10 }, () => counter.lookup('5', code, 'meituan')));
  expect(answers.every(({ kind }) => kind === 'coupon')).toBe(true);
  expect(double.calls('login')).toBe(1);
});

test('a login that is over is renewed, and the call made again', async () => {
  const code = double.books.coupon();
  await counter.lookup('5', code, 'meituan');
  double.endLogins();
  expect(await counter.verify(verification(code))).toHaveProperty('kind', 'verified');
  expect(double.books.used(code)).toHaveLength(1);
  expect([double.calls('login'), double.calls('verify')]).toEqual([2, 2]);
});

test('ten calls that meet an ended login renew it once', async () => {
  const code = double.books.coupon();
  await counter.lookup('5', code, 'meituan');
  double.endLogins();
  const answers = await Promise.all(Array.from({ length: 10 }, () => counter.lookup('5', code, 'meituan')));
  expect(answers.every(({ kind }) => kind === 'coupon')).toBe(true);
  expect(double.calls('login')).toBe(2);
});

test('before its day is over a login is renewed without a call being refused', async () => {
  const code = double.books.coupon();
  await counter.lookup('5', code, 'meituan');
  ahead = 20 * 3_600_000;
  await counter.lookup('5', code, 'meituan');
  expect([double.calls('login'), double.calls('detail')]).toEqual([2, 2]);
});

test('a lost verification is never made again', async () => {
  const code = double.books.coupon();
  double.fail('verify', { kind: 'reset' });
  await expect(counter.verify(verification(code))).rejects.toMatchObject({ kind: 'unreachable', outcome: 'unknown' });
  expect([double.calls('verify'), double.books.used(code).length]).toEqual([1, 1]);
});

test('a login lost on the way to a verification did nothing', async () => {
  const code = double.books.coupon();
  double.fail('login', { kind: 'reset' });
  await expect(counter.verify(verification(code))).rejects.toMatchObject({ outcome: 'not-done' });
  expect(await counter.verify(verification(code))).toHaveProperty('kind', 'verified');
});

test('a changed password is a refusal where there are refusals, else a fault; the owner can be told', async () => {
  const code = double.books.coupon();
  password = 'old';
  expect(await counter.lookup('5', code, 'meituan')).toMatchObject({ kind: 'refused', reason: 'unauthorised' });
  expect(await counter.verify(verification(code))).toMatchObject({ kind: 'refused', reason: 'unauthorised' });
  const lost = { ...verification(code), seenUnusedAt: now(), submittedAt: now(), asked: 0, notes: [] };
  await expect(counter.stores()).rejects.toMatchObject({ kind: 'unauthorised', outcome: 'not-done' });
  await expect(counter.settle(lost)).rejects.toMatchObject({ kind: 'unauthorised', outcome: 'not-done' });
  expect(heard).toEqual([false, false, false, false]);
  password = 'secret';
  expect(await counter.lookup('5', code, 'meituan')).toHaveProperty('kind', 'coupon');
  expect(heard.at(-1)).toBe(true);
});

test('a store whose authorisation is over stays refused after one new login', async () => {
  const code = double.books.coupon();
  double.books.shops.get(5)!.status = 3;
  expect(await counter.lookup('5', code, 'meituan')).toEqual({ kind: 'refused', reason: 'unauthorised' });
  expect(double.calls('login')).toBe(2);
});

test('a lost answer is settled through the same counter', async () => {
  const code = double.books.coupon();
  double.fail('verify', { kind: 'cut' });
  const submittedAt = now();
  await counter.verify(verification(code)).catch(() => undefined);
  const lost = { ...verification(code), seenUnusedAt: submittedAt, submittedAt, asked: 0, notes: [] };
  expect(await counter.settle(lost)).toMatchObject({ settlement: { kind: 'verified' } });
});

test('enrolling proves the credentials anew, lists the stores, and keeps the login', async () => {
  await counter.stores();
  expect(await counters.enrol('umember', { email: 'Owner@example.com', password: 'wrong' })).toHaveProperty('kind', 'refused');
  const credentials = { email: 'Owner@example.com', password: 'secret' };
  expect(await counters.enrol('umember', credentials)).toMatchObject({
    kind: 'enrolled',
    identity: 'owner@example.com',
    stores: [{ id: '5' }],
  });
  expect(double.calls('login')).toBe(3);
  await counter.stores();
  expect(double.calls('login')).toBe(3);
});
