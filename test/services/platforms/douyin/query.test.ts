/** What became of a call whose answer was lost, of several coupons and of times cards, and of coupons that others use meanwhile. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Coupon } from '../../../../services/coupons/coupon.ts';
import { readCoupon } from '../../../../services/platforms/douyin/coupon.ts';
import { readCouponHandle } from '../../../../services/platforms/douyin/handles.ts';
import type { LostCall, Receipt } from '../../../../services/platforms/platform.ts';
import { faultOf, openHarness, type Harness } from './harness.ts';
import { atOnce } from '../../../../services/platforms/lists/read-pages.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await openHarness();
});
afterEach(() => harness.close());

const ask = (lost: LostCall) => harness.platform.query(harness.session, lost, harness.now());
/** Asks as the recheck does, until it is settled. */
async function settle(lost: LostCall) {
  let call = lost;
  for (let n = 0; n < 10; n += 1) {
    const { result, note } = await ask(call);
    if (result.kind !== 'again') return result;
    harness.pass(result.afterMs);
    call = { ...call, asked: call.asked + 1, notes: [...call.notes, note] };
  }
  throw new Error('it never settled');
}
async function losing(coupon: Coupon, count: number, applied: boolean): Promise<LostCall> {
  harness.double.fail('verify', { kind: 'reset', applied });
  const request = harness.request(coupon, count);
  const submittedAt = harness.now();
  expect((await faultOf(harness.platform.verify(harness.session, request))).outcome).toBe('unknown');
  harness.pass(1_000);
  return { ...request, seenUnusedAt: submittedAt - 5_000, submittedAt, asked: 0, notes: [] };
}
const ticket = (code: string) => harness.double.books.find(code)!;
const useByApi = (code: string): void => void harness.double.books.use(ticket(code), harness.store, 4);

describe('several coupons of one order', () => {
  it('that were all used are all found, each to be undone by itself', async () => {
    const codes = harness.double.books.order(3);
    const coupon = await harness.coupon(codes[0]!);
    expect(coupon.remaining).toBe(3);
    const receipt = (await settle(await losing(coupon, 2, true))) as Receipt;
    expect(receipt).toMatchObject({ kind: 'verified', certainty: 'inferred', items: [{ amount: 4_990 }, { amount: 4_990 }] });
    for (const n of [0, 1])
      expect(await harness.platform.undo!(harness.session, harness.undoOf(codes[n]!, receipt, n))).toMatchObject({
        kind: 'undone',
      });
    expect(codes.map((code) => harness.double.books.standing(ticket(code)).length)).toEqual([0, 0, 0]);
  });

  it('of which one alone was used are looked at again, and then told apart', async () => {
    const codes = harness.double.books.order(2);
    const lost = await losing(await harness.coupon(codes[0]!), 2, false);
    useByApi(codes[1]!);
    expect((await ask(lost)).result.kind).toBe('again');
    expect(await settle(lost)).toMatchObject({
      kind: 'verified',
      items: [{ count: 1 }, { count: 1, refusal: { reason: 'lost' } }],
    });
  });

  it('of which none was used were not', async () => {
    const lost = await losing(await harness.coupon(harness.double.books.order(2)[0]!), 2, false);
    expect(await settle(lost)).toEqual({ kind: 'not-done' });
  });
});

describe('a times card', () => {
  it('is found used as often as it was asked, at the amounts of those uses', async () => {
    const code = harness.double.books.coupon({ amounts: [3_000, 2_000, 1_500, 1_000] });
    useByApi(code);
    harness.pass(120_000);
    const receipt = (await settle(await losing(await harness.coupon(code), 2, true))) as Receipt;
    expect(receipt.items.map(({ count, amount }) => [count, amount])).toEqual([
      [1, 2_000],
      [1, 1_500],
    ]);
  });

  it('that shows the uses of before alone was not used', async () => {
    const code = harness.double.books.coupon({ amounts: [3_000, 2_000, 1_500] });
    useByApi(code);
    expect(await settle(await losing(await harness.coupon(code), 1, false))).toEqual({ kind: 'not-done' });
  });

  it('whose number is given again after an undo was not used by a call, where that use is booked', async () => {
    const code = harness.double.books.coupon({ amounts: [3_000, 2_000, 1_500] });
    const [first, second] = [await harness.receipt(code, 1), await harness.receipt(code, 1)];
    await harness.platform.undo!(harness.session, harness.undoOf(code, first));
    const lost = await losing(await harness.coupon(code), 1, false);
    const booked = [first, second].map(({ items }) => items[0]!.handle!);
    expect(await settle({ ...lost, booked })).toEqual({ kind: 'not-done' });
  });

  describe('whose use of before was undone after it was shown', () => {
    const shown = async (): Promise<Coupon> => {
      const code = harness.double.books.coupon({ amounts: [3_000, 2_000, 1_500] });
      const first = await harness.receipt(code, 1);
      const coupon = await harness.coupon(code);
      await harness.platform.undo!(harness.session, harness.undoOf(code, first));
      return coupon;
    };
    /** As a coupon is listed that does not tell its uses. */
    const untold = (coupon: Coupon): Coupon => {
      const { card, ...handle } = JSON.parse(coupon.handle!) as { card: object };
      return { ...coupon, handle: JSON.stringify({ ...handle, card: { ...card, stood: [] } }) };
    };

    it('is found used by the number that was given again, at its amount', async () => {
      const receipt = await settle(await losing(await shown(), 1, true));
      expect(receipt).toMatchObject({ kind: 'verified', items: [{ count: 1, amount: 3_000 }] });
    });
    it('was not used by a call without effect', async () =>
      expect(await settle(await losing(await shown(), 1, false))).toEqual({ kind: 'not-done' }));
    it('is a person’s to judge where it was not told which uses stood', async () =>
      expect(await settle(await losing(untold(await shown()), 1, true))).toEqual({ kind: 'person' }));
  });

  it('keeps which uses stood when it was shown, and no empty entry', () => {
    const certificate = {
      certificate_id: '1',
      encrypted_code: 'E',
      status: 1,
      sku: { groupon_type: 3 },
      time_card: { times_count: 3, times_used: 2 },
      verify_records: [{ verify_id: '7' }, { verify_id: '0' }],
    };
    const shown = readCoupon({ verify_token: 't', certificates: [certificate] }, '104686121000007', 0) as Coupon;
    expect(readCouponHandle(shown.handle)?.card).toMatchObject({ used: 2, stood: ['7'] });
  });

  it('that somebody used by hand meanwhile is a person’s to judge', async () => {
    const code = harness.double.books.coupon({ amounts: [3_000, 2_000, 1_500] });
    const lost = await losing(await harness.coupon(code), 1, false);
    harness.double.books.useElsewhere(code, 3);
    expect(await settle(lost)).toEqual({ kind: 'person' });
  });
});

describe('a coupon that somebody else uses', () => {
  it('in another shop is never taken for ours', async () => {
    const code = harness.double.books.coupon();
    const lost = await losing(await harness.coupon(code), 1, false);
    harness.double.books.use(ticket(code), harness.double.books.shop('另一家').id, 4);
    expect(await settle(lost)).toEqual({ kind: 'person' });
  });

  it('at the till is theirs, which one look tells', async () => {
    const code = harness.double.books.coupon();
    const lost = await losing(await harness.coupon(code), 1, false);
    harness.double.books.use(ticket(code), harness.store, 2);
    expect((await ask(lost)).result).toMatchObject({ kind: 'not-done', refusal: { reason: 'used' } });
  });

  it('by another program at the same shop is a person’s to judge, where the card was shown long before', async () => {
    const code = harness.double.books.coupon();
    const lost = await losing(await harness.coupon(code), 1, false);
    useByApi(code);
    expect(await settle({ ...lost, seenUnusedAt: lost.submittedAt - 600_000 })).toEqual({ kind: 'person' });
  });

  it('long before the card was shown was not us', async () => {
    const code = harness.double.books.coupon();
    const coupon = await harness.coupon(code);
    useByApi(code);
    harness.pass(700_000);
    const lost = harness.lost(harness.request(coupon));
    expect((await ask(lost)).result).toMatchObject({ kind: 'not-done', refusal: { reason: 'used' } });
  });
});

it('a lost undo is settled by the use: gone or standing', async () => {
  for (const applied of [true, false]) {
    const code = harness.double.books.coupon({ amounts: [2_000, 1_000] });
    const undo = harness.undoOf(code, await harness.receipt(code, 2), 1);
    harness.double.fail('cancel', { kind: 'reset', applied });
    expect((await faultOf(harness.platform.undo!(harness.session, undo))).outcome).toBe('unknown');
    let notes: readonly string[] = [];
    const submittedAt = harness.now();
    let found = '';
    for (let asked = 0; asked < 6 && !found; asked += 1) {
      harness.pass(5_000);
      const { result, note } = await harness.platform.queryUndo!(
        harness.session,
        { ...undo, submittedAt, asked, notes },
        harness.now(),
      );
      if (result.kind !== 'again') found = result.kind;
      notes = [...notes, note];
    }
    expect(found).toBe(applied ? 'undone' : 'not-done');
    expect(harness.double.books.standing(ticket(code))).toHaveLength(applied ? 1 : 2);
  }
});

describe('lists', () => {
  it('of a day are this shop’s, what was undone says so, by pages', async () => {
    const other = harness.double.books.shop('另一家').id;
    const codes = Array.from({ length: 45 }, () => harness.double.books.coupon());
    for (const [n, code] of codes.entries())
      harness.double.books.use(ticket(code), n === 7 ? other : harness.store, n % 2 === 0 ? 4 : 3);
    ticket(codes[3]!).uses[0]!.undone = harness.now();
    const day = new Date(harness.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    const records = await harness.platform.records!(harness.session, harness.store, day, atOnce);
    expect(records).toHaveLength(44);
    expect(records.filter(({ undoneAt }) => undoneAt !== undefined).map(({ code }) => code)).toEqual([codes[3]]);
    expect(records[0]).toMatchObject({ title: '3小时棋牌', amount: 4_990 });
    expect(new Set(records.map(({ via }) => via))).toEqual(new Set(['开放平台API', '商家输码']));
    expect(harness.double.asked('records')).toHaveLength(3);
  });

  it('tell nothing of who reserved', async () => {
    const coupon = await harness.coupon(harness.double.books.coupon());
    expect(JSON.stringify(coupon)).not.toMatch(/王小明|13800000000|110101/);
  });
});

describe('a message is read back', () => {
  const news = (code: string) => ({
    what: 'refunded' as const,
    identity: '',
    order: ticket(code).order,
    coupon: ticket(code).id,
  });

  it('or it is a fault: an authorisation that is over is no missing coupon', async () => {
    const code = harness.double.books.coupon();
    harness.double.fail('query', { kind: 'login-over' });
    const refusedToken = await faultOf(harness.platform.state!(harness.session, news(code)));
    expect(refusedToken).toMatchObject({ kind: 'unauthorised', outcome: 'not-done' });
    expect(await harness.platform.state!(harness.session, news(code))).toMatchObject({ refunded: false });
    const unknown = await faultOf(harness.platform.state!(harness.session, { ...news(code), order: '1' }));
    expect(unknown).toMatchObject({ kind: 'nonsense', outcome: 'not-done' });
  });
});
