/** The practice platform: what its codes do, and that its books are kept. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Coupon } from '../../../../services/coupons/coupon.ts';
import {
  PlatformFault,
  type Session,
  type Platform,
  type Receipt,
  type Refusal,
} from '../../../../services/platforms/platform.ts';
import { createPractice, type Page } from '../../../../services/platforms/practice/practice.ts';
import { practiceSamples } from '../../../../services/platforms/practice/samples.ts';
import { openSqlite, type Database } from '../../../../services/database/database.ts';
import { createCollections, type Collection } from '../../../../services/database/collections.ts';
import { createSeal } from '../../../../services/database/seal.ts';

let database: Database;
let books: Collection<Page>;
let practice: Platform;
let zhang: Session;
let clock: number;
let paused: number[];

const open = () =>
  createPractice({
    books,
    now: () => clock,
    pause: (ms) => {
      paused.push(ms);
      return Promise.resolve();
    },
  });

beforeEach(async () => {
  clock = Date.parse('2024-12-16T00:06:04+08:00');
  paused = [];
  database = await openSqlite(':memory:');
  books = createCollections(database.db, createSeal(randomBytes(32)), () => Date.now())<Page>('practice', 86_400_000);
  practice = open();
  zhang = (await practice.login({ owner: 'web:zhang' })) as Session;
});
afterEach(() => database.close());

let requests = 0;
const verify = (code: string, count = 1, requestId = `vb-${(requests += 1)}`, session = zhang) =>
  practice.verify(session, {
    store: 'practice-1',
    code,
    handle: undefined,
    count,
    requestId,
    operator: 'web:zhang',
    operatorName: '张三',
  });
const lookup = (code: string, session = zhang) => practice.lookup(session, 'practice-1', code, 'meituan');
const undo = (code: string, receipt: Receipt, requestId: string) =>
  practice.undo!(zhang, {
    store: 'practice-1',
    code,
    handle: undefined,
    receiptHandle: receipt.items[0]!.handle!,
    requestId,
    operator: 'web:zhang',
    operatorName: '张三',
  });

test.each([
  ['1000123456', '畅玩4小时', 4_900],
  ['1000123457', '通宵8小时', 7_800],
  ['1000123458', '双人撸猫', 5_990],
])('%s is %s', async (code, title, price) => {
  expect(await lookup(code)).toMatchObject({ kind: 'coupon', code, title, price });
});

test('a used one says when, where and by whom', async () => {
  expect(await lookup('2000123456')).toEqual({
    kind: 'refused',
    reason: 'used',
    used: { at: Date.parse('2024-12-15T20:15:00+08:00'), where: '练习棋牌室（人民路店）', by: '前台小王' },
  });
});

test.each(['123456', '10001234567', '1000abc456', '1234567890', ''])('there is no %j', async (code) => {
  expect(await lookup(code)).toEqual({ kind: 'refused', reason: 'not-found' });
});

test('every family does something of its own', async () => {
  const outcomes = await Promise.all(
    practiceSamples.map(async ({ family, key }) => {
      const code = `${family}123456`;
      const word = (call: Promise<Coupon | Receipt | Refusal>): Promise<string> =>
        call.then(
          (answer) => (answer.kind === 'refused' ? answer.reason : answer.kind),
          (error: PlatformFault) => `${error.kind} ${error.outcome}`,
        );
      return [key, await word(lookup(code)), await word(verify(code))];
    }),
  );
  expect(outcomes).toEqual([
    ['unused', 'coupon', 'verified'],
    ['used', 'used', 'used'],
    ['expired', 'expired', 'expired'],
    ['wrong-store', 'wrong-store', 'wrong-store'],
    ['several', 'coupon', 'verified'],
    ['slow', 'coupon', 'verified'],
    ['lost-before', 'coupon', 'unreachable unknown'],
    ['lost-after', 'coupon', 'unreachable unknown'],
    ['busy', 'busy not-done', 'busy not-done'],
    ['refunded', 'refunded', 'refunded'],
  ]);
  expect(paused).toEqual([3_000, 3_000]);
});

test('three uses are used one by one or together, and no more', async () => {
  const code = '5000123456';
  expect(await lookup(code)).toMatchObject({ remaining: 3 });
  expect(await verify(code, 4)).toMatchObject({ reason: 'count' });
  expect(await verify(code, 2)).toMatchObject({ kind: 'verified', items: [{ count: 2, amount: 9_800 }] });
  expect(await lookup(code)).toMatchObject({ remaining: 1 });
  expect(await verify(code, 2)).toMatchObject({ reason: 'count' });
  expect(await verify(code, 1)).toMatchObject({ items: [{ amount: 4_900 }] });
  expect(await lookup(code)).toMatchObject({ reason: 'used', used: { at: clock } });
});

test('one request is one use, however often it is sent', async () => {
  const [first, second] = [await verify('5000123456', 1, 'vb-same'), await verify('5000123456', 1, 'vb-same')];
  expect(second).toEqual(first);
  expect(await lookup('5000123456')).toMatchObject({ remaining: 2 });
});

test('a code whose answer was lost once can be verified after that', async () => {
  await expect(verify('7000123456')).rejects.toBeInstanceOf(PlatformFault);
  expect(await verify('7000123456')).toHaveProperty('kind', 'verified');
  await expect(verify('7100123456')).rejects.toBeInstanceOf(PlatformFault);
  expect(await verify('7100123456')).toMatchObject({ reason: 'used' });
});

test('the books outlive a restart, and belong to one owner', async () => {
  await verify('1000123456');
  practice = open();
  expect(await lookup('1000123456')).toMatchObject({ reason: 'used' });
  const li = (await practice.login({ owner: 'web:li' })) as Session;
  expect(await lookup('1000123456', li)).toHaveProperty('kind', 'coupon');
});

test('what is taken back has all its uses again, under a new code of the same deal', async () => {
  const receipt = (await verify('5000123458', 2)) as Receipt;
  expect(receipt.undoUntil).toBe(clock + 585_000);
  const undone = await undo('5000123458', receipt, 'un-1');
  const newCode = undone.kind === 'undone' ? undone.newCode! : '';
  expect(newCode).toMatch(/^5000\d{5}8$/);
  expect(await lookup('5000123458')).toMatchObject({ reason: 'not-found' });
  expect(await lookup(newCode)).toMatchObject({ title: '双人撸猫', remaining: 3 });
  expect(await undo('5000123458', receipt, 'un-2')).toMatchObject({ kind: 'refused', reason: 'undo-late' });
});

test('two stores, three deals, no questions', async () => {
  expect((await practice.stores(zhang)).map(({ name }) => name)).toEqual(['练习棋牌室（人民路店）', '练习棋牌室（大学城店）']);
  expect(await practice.deals(zhang, 'practice-1')).toHaveLength(3);
  expect(practice.questions).toEqual([]);
});
