/** What one press brought stands in the books item by item: exact to the fen, together or not at all, each taken back for itself. */
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLedger } from '../../../services/ledger/ledger.ts';
import type { Item, Receipt } from '../../../services/platforms/platform.ts';
import { createRepository } from '../../../services/verification/repository/repository.ts';
import { recordOutcome, recordUndoOutcome } from '../../../services/verification/outcome.ts';
import { freshHarness, NOON, openShops, ZHANG, type Shops, type Harness } from './harness.ts';

let shops: Shops;
let harness: Harness;
beforeAll(async () => {
  shops = await openShops();
});
beforeEach(async () => {
  harness = await freshHarness(shops);
});
afterAll(async () => {
  vi.useRealTimers();
  await shops.database.close();
});

const CODE = '7992697494';

/** A verification of `count` uses whose call is under way, and what the books say once it is answered. */
async function submitting(count: number, price?: number, remaining = count) {
  const { db } = shops.database;
  const rows = createRepository(db);
  const [shop] = shops.shops;
  const coupon = {
    kind: 'coupon',
    code: CODE,
    title: '畅玩4小时',
    remaining,
    ...(price === undefined ? {} : { price }),
  } as const;
  const card = { id: `v${Math.random()}`.slice(0, 16), storeId: shop.id, coupon, chat: 'telegram:1', openedAt: NOON };
  const changes = {
    person: ZHANG.id,
    person_name: ZHANG.name,
    count,
    submitted_at: NOON,
    business_day: '2026-11-22',
    changed_at: NOON,
  };
  const begun = (await rows.begin(db, card, 'confirm', { ...changes, request_id: `vb-${card.id}` }, ZHANG))!;
  const answer = (items: readonly Item[], undoUntil?: number) => {
    const receipt: Receipt = { kind: 'verified', at: NOON, items, ...(undoUntil === undefined ? {} : { undoUntil }) };
    return recordOutcome(db, rows, begun, receipt, { certainty: 'answered', at: NOON });
  };
  const figures = () => createLedger(db).figures(shop.id, '2026-11-22');
  return { rows, begun, answer, figures, shop, db };
}

describe('several coupons of one order', () => {
  const items: readonly Item[] = [
    { code: '5948286811', count: 1, handle: 'b' },
    { code: CODE, count: 1, handle: 'a' },
    { code: '4357249135', count: 1, handle: 'c' },
  ];

  it('are verifications of their own, the submitted code first', async () => {
    const { rows, begun, answer, figures } = await submitting(3, 4_990);
    await answer(items);
    const all = await rows.batchOf((await rows.get(begun.id))!);
    expect(all.map(({ code, state, amount, receiptHandle }) => [code, state, amount, receiptHandle])).toEqual([
      [CODE, 'verified', 4_990, 'a'],
      ['5948286811', 'verified', 4_990, 'b'],
      ['4357249135', 'verified', 4_990, 'c'],
    ]);
    expect(await figures()).toMatchObject({ count: 3, total: 14_970, byPerson: [{ name: '张三', count: 3 }] });
  });

  it('are each known as used, whichever code is sent next', async () => {
    const { answer } = await submitting(3, 4_990);
    await answer(items);
    for (const { code = '' } of items)
      expect(await harness.lookup(code)).toMatchObject({ kind: 'known', verification: { code, state: 'verified' } });
  });

  it('under one code leave its remaining uses usable', async () => {
    harness.outside.ticket(CODE, 1);
    const { answer } = await submitting(2, 4_990, 3);
    await answer([
      { code: '7560254070939566118', count: 1, handle: 'x' },
      { code: '7560254070939566119', count: 1, handle: 'y' },
    ]);
    harness.later(1_000);
    const shown = await harness.lookup(CODE);
    expect(shown).toMatchObject({ kind: 'open', card: { coupon: { remaining: 1 } } });
    expect(await harness.press(harness.cards[0]!)).toMatchObject({ kind: 'begun' });
    expect(await harness.lookup(CODE)).toMatchObject({ kind: 'known', verification: { state: 'verified' } });
  });

  it('under one code that is used up are known without a call', async () => {
    const { answer } = await submitting(2, 4_990);
    await answer([
      { code: '7560254070939566118', count: 1 },
      { code: '7560254070939566119', count: 1 },
    ]);
    expect(await harness.lookup(CODE)).toMatchObject({ kind: 'known', verification: { state: 'verified' } });
  });

  it('are stored once when the answer comes again', async () => {
    const { answer, figures } = await submitting(3, 4_990);
    await Promise.all([answer(items), answer(items)]);
    await answer(items);
    expect(await figures()).toMatchObject({ count: 3, total: 14_970 });
  });

  it('of which some were refused are separate, and only consumed ones count', async () => {
    const { rows, begun, answer, figures } = await submitting(3, 4_990);
    const refusal = { kind: 'refused', reason: 'refunded' } as const;
    await answer([{ code: '5948286811', count: 1, refusal }, items[1]!, items[2]!]);
    const all = await rows.batchOf((await rows.get(begun.id))!);
    expect(all.map(({ code, state }) => [code, state])).toEqual([
      [CODE, 'verified'],
      ['4357249135', 'verified'],
      ['5948286811', 'refused'],
    ]);
    expect(await figures()).toMatchObject({ count: 2, total: 9_980, refused: 1 });
  });

  it('are undone one by one', async () => {
    const { rows, begun, answer, figures, db } = await submitting(3, 4_990);
    await answer(items, NOON + 600_000);
    const [, second] = await rows.batchOf((await rows.get(begun.id))!);
    const undoing = (await rows.transition(db, second!.id, 'undo', { undo_request_id: 'un-1', changed_at: NOON }, ZHANG))!;
    await recordUndoOutcome(db, rows, undoing, { kind: 'undone', at: NOON }, { at: NOON });
    expect(await figures()).toMatchObject({ count: 2, total: 9_980, undone: 1, undoneTotal: 4_990 });
    expect((await rows.batchOf(second!)).map(({ state }) => state)).toEqual(['verified', 'undone', 'verified']);
  });
});

it('sums are exact whatever is consumed, refused and undone', async () => {
  const item = fc.record({ count: fc.integer({ min: 1, max: 5 }), fate: fc.constantFrom('used', 'refused', 'undone') });
  await fc.assert(
    fc.asyncProperty(
      fc.array(item, { minLength: 1, maxLength: 8 }).filter((all) => all.some(({ fate }) => fate !== 'refused')),
      fc.option(fc.integer({ min: 1, max: 1_000_000 }), { nil: undefined }),
      async (fates, price) => {
        harness = await freshHarness(shops);
        const count = fates.reduce((sum, one) => sum + one.count, 0);
        const { rows, begun, answer, figures, db } = await submitting(count, price);
        const told = (n: number) => (n + 1) * 101;
        await answer(
          fates.map(({ count: uses, fate }, n) => ({
            code: String(5_000_000_000 + n),
            count: uses,
            amount: told(n),
            ...(fate === 'refused' && { refusal: { kind: 'refused', reason: 'used' } as const }),
          })),
          NOON + 600_000,
        );
        for (const v of await rows.batchOf((await rows.get(begun.id))!)) {
          const n = Number(v.coupon.code) - 5_000_000_000;
          if (fates[n]?.fate !== 'undone') continue;
          const undoing = (await rows.transition(db, v.id, 'undo', { undo_request_id: `un-${n}`, changed_at: NOON }, ZHANG))!;
          await recordUndoOutcome(db, rows, undoing, { kind: 'undone', at: NOON }, { at: NOON });
        }
        const of = (fate: string) => fates.flatMap((one, n) => (one.fate === fate ? [{ ...one, n }] : []));
        const money = (fate: string) =>
          of(fate).reduce((sum, one) => sum + (price === undefined ? told(one.n) : price * one.count), 0);
        const uses = (fate: string) => of(fate).reduce((sum, one) => sum + one.count, 0);
        expect(await figures()).toMatchObject({
          count: uses('used'),
          total: money('used'),
          undone: uses('undone'),
          undoneTotal: money('undone'),
          refused: of('refused').length,
        });
      },
    ),
    { numRuns: 60 },
  );
});
