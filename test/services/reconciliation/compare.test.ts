/** The ledger beside a platform's list: each cause by its name, and no false alarm on days on which both tell the same. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlatformRecord } from '../../../services/platforms/platform-lists.ts';
import { CLOCKS_MS, compare, LATE_MS, type Day } from '../../../services/reconciliation/compare.ts';
import type { OurUse } from '../../../services/reconciliation/our-uses.ts';

const HOUR = 3_600_000;
const FROM = Date.parse('2026-11-22T05:00:00+08:00');
const DAY: Day = {
  day: '2026-11-22',
  from: FROM,
  to: FROM + 24 * HOUR,
  storeId: 's1',
  listingId: undefined,
  now: FROM + 25 * HOUR,
};
const NOON = FROM + 7 * HOUR;

let made = 0;
const sale = (use: Partial<OurUse> = {}): OurUse => ({
  id: `v${(made += 1)}`,
  storeId: 's1',
  listingId: undefined,
  code: '0332808512',
  market: undefined,
  dealId: undefined,
  ids: [],
  title: '畅玩4小时',
  state: 'verified',
  usedByOthers: false,
  day: '2026-11-22',
  at: NOON,
  undoneAt: undefined,
  partial: false,
  count: 1,
  amount: 4_900,
  ...use,
});
const listed = (record: Partial<PlatformRecord> = {}): PlatformRecord => ({
  code: '0332808512',
  title: '畅玩4小时',
  at: NOON + 1_000,
  amount: 4_900,
  ...record,
});
const causes = (ours: readonly OurUse[], theirs: readonly PlatformRecord[], day: Partial<Day> = {}): readonly string[] =>
  compare(ours, theirs, { ...DAY, ...day }).differences.map(({ cause }) => cause);

describe('the causes', () => {
  test('a use that both have is no difference', () => {
    expect(compare([sale()], [listed()], DAY)).toEqual({ count: 1, total: 4_900, differences: [], pending: 0 });
  });

  test('used elsewhere, and by what means', () => {
    expect(compare([], [listed({ via: 'POS', by: '前台小王' })], DAY).differences).toMatchObject([
      { cause: 'elsewhere', code: '0332808512', title: '畅玩4小时', theirs: { via: 'POS', by: '前台小王', amount: 4_900 } },
    ]);
  });

  test('a coupon that was refused here because others had used it was used elsewhere', () => {
    expect(causes([sale({ state: 'refused', usedByOthers: true, count: 0 })], [listed()])).toEqual(['elsewhere']);
  });

  test.each(['submitting', 'unsure', 'person'] as const)('listed, and here still %s', (state) => {
    expect(causes([sale({ state, amount: undefined })], [listed()])).toEqual(['unsettled']);
  });

  test('listed, and refused here', () => {
    expect(causes([sale({ state: 'refused' })], [listed()])).toEqual(['refused-here']);
  });

  test('listed, and undone here; what was used anew afterwards was used elsewhere', () => {
    const undone = sale({ state: 'undone', undoneAt: NOON + HOUR });
    expect(causes([undone], [listed()])).toEqual(['undone-here']);
    expect(causes([undone], [listed({ at: NOON + 2 * HOUR })])).toEqual(['elsewhere']);
  });

  test('its own number tells a use that was undone from one anew, whatever the clocks say', () => {
    const undone = sale({ state: 'undone', undoneAt: NOON - 60_000, ids: ['t1'] });
    expect(causes([undone], [listed({ ids: ['t1'] })])).toEqual(['undone-here']);
    expect(causes([undone], [listed({ ids: ['t2'] })])).toEqual(['elsewhere']);
  });

  test('an undo that is fresh is waited for, as the list may have it later than the use', () => {
    const undone = sale({ state: 'undone', undoneAt: NOON + HOUR });
    const now = NOON + HOUR + LATE_MS - 1;
    expect(compare([undone], [listed()], { ...DAY, now })).toMatchObject({ differences: [], pending: 1 });
    expect(causes([undone], [listed()], { now: now + 1 })).toEqual(['undone-here']);
  });

  test('undone there: in its own row, or in one of the next day', () => {
    expect(causes([sale()], [listed({ undoneAt: NOON + HOUR })])).toEqual(['undone-there']);
    const use = listed({ ids: ['t1'] });
    const undo = listed({ ids: ['t1'], at: FROM + 24 * HOUR, undoneAt: FROM + 24 * HOUR });
    expect(causes([sale()], [use, undo])).toEqual(['undone-there']);
  });

  test('of a card whose one use was undone here, the others stand, and one that is lost was not taken back', () => {
    const first = sale({ ids: ['u1', 'card'], state: 'undone', undoneAt: NOON + HOUR });
    const second = sale({ ids: ['u2', 'card'] });
    const undone = listed({ ids: ['u1', 'card'], undoneAt: NOON + HOUR });
    expect(causes([first, second], [undone, listed({ ids: ['u2', 'card'] })])).toEqual([]);
    expect(causes([first, second], [undone])).toEqual(['missing']);
    expect(causes([{ ...first, state: 'verified' }, second], [undone, listed({ ids: ['u2', 'card'] })])).toEqual([
      'undone-there',
    ]);
  });

  test('an undo that both have, whenever it was, is no difference', () => {
    const undone = sale({ state: 'undone', undoneAt: FROM + 24 * HOUR });
    const undo = listed({ ids: ['t1'], at: FROM + 24 * HOUR, undoneAt: FROM + 24 * HOUR });
    expect(causes([undone], [listed({ ids: ['t1'] }), undo])).toEqual([]);
  });

  test('not listed; while it is fresh, it is waited for', () => {
    expect(causes([sale()], [])).toEqual(['missing']);
    expect(compare([sale()], [], { ...DAY, now: NOON + LATE_MS - 1 })).toMatchObject({ differences: [], pending: 1 });
  });

  test('another amount', () => {
    expect(compare([sale()], [listed({ amount: 4_850 })], DAY).differences).toMatchObject([
      { cause: 'amount', ours: { amount: 4_900 }, theirs: { amount: 4_850 } },
    ]);
  });

  test('an amount that one of the two does not say, or that stands for several uses, is not compared', () => {
    expect(causes([sale({ amount: undefined })], [listed()])).toEqual([]);
    expect(causes([sale({ count: 2, amount: 9_800 })], [listed({ count: 2 })])).toEqual([]);
  });

  test('another number of uses', () => {
    expect(causes([sale({ count: 3, amount: 14_700 })], [listed({ count: 2 })])).toEqual(['count']);
    expect(causes([sale()], [listed({ count: 2 })])).toEqual(['count']);
  });

  test('the platform has it on another day; at the very end of the day the clocks may differ', () => {
    const late = sale({ at: DAY.to - 60_000 });
    expect(causes([late], [listed({ at: DAY.to + CLOCKS_MS })])).toEqual(['other-day']);
    expect(causes([late], [listed({ at: DAY.to + CLOCKS_MS - 1 })])).toEqual([]);
    // Seen from the other day, it is explained.
    const next = { day: '2026-11-23', from: DAY.to, to: DAY.to + 24 * HOUR, now: DAY.to + 25 * HOUR };
    expect(causes([late], [listed({ at: DAY.to + CLOCKS_MS })], next)).toEqual([]);
  });

  test('here it is the sale of another store', () => {
    expect(causes([sale({ storeId: 's2' })], [listed()])).toEqual(['other-store']);
  });

  test('listed twice', () => {
    expect(causes([sale()], [listed(), listed({ at: NOON + HOUR })])).toEqual(['twice']);
  });

  test('what went through another account of the store is explained, and missed in its own list alone', () => {
    const through = sale({ listingId: 'l2' });
    expect(compare([through], [listed()], DAY)).toMatchObject({ count: 0, differences: [] });
    expect(causes([through], [])).toEqual([]);
    expect(causes([through], [], { listingId: 'l2' })).toEqual(['missing']);
  });
});

describe('pairs', () => {
  test('uses of a times card under one code, each by its own number', () => {
    const ours = [1, 2, 3].map((n) => sale({ ids: [`u${n}`, 'card'], at: NOON + n * HOUR, amount: n * 100 }));
    const theirs = [3, 1, 2].map((n) => listed({ ids: [`u${n}`, 'card'], at: NOON, amount: n * 100, count: 1 }));
    expect(causes(ours, theirs)).toEqual([]);
    expect(causes(ours, theirs.slice(1))).toEqual(['missing']);
  });

  test('one sale of several uses and a row for each, with and without their number', () => {
    const two = sale({ count: 2, amount: 9_800 });
    expect(causes([two], [listed({ count: 1 }), listed({ count: 1 })])).toEqual([]);
    expect(causes([two], [listed(), listed()])).toEqual([]);
    expect(causes([two], [listed()])).toEqual([]);
  });

  test('several codes under one number of the transaction', () => {
    const ours = ['a', 'b'].map((code) => sale({ code, ids: ['t1', code] }));
    const theirs = ['b', 'a'].map((code) => listed({ code, ids: ['t1'], count: 1 }));
    expect(causes(ours, theirs)).toEqual([]);
    expect(compare(ours, theirs.slice(1), DAY).differences).toMatchObject([{ cause: 'missing', code: 'b' }]);
  });
});

describe('laws', () => {
  /** A day as it may go: coupons, times cards, undos and new codes, and a platform's clock that is up to five minutes off. */
  const day = fc.record({
    skew: fc.integer({ min: -CLOCKS_MS + 1, max: CLOCKS_MS - 1 }),
    numbered: fc.boolean(),
    counted: fc.boolean(),
    coupons: fc.array(
      fc.record({
        at: fc.integer({ min: -2 * HOUR, max: 26 * HOUR - 1 }),
        uses: fc.integer({ min: 1, max: 3 }),
        fen: fc.integer({ min: 0, max: 100_000 }),
        fate: fc.constantFrom('kept', 'undone', 'undone-and-anew', 'refused', 'again' as const),
        told: fc.boolean(),
      }),
      { maxLength: 12 },
    ),
  });

  function tell({ skew, numbered, counted, coupons }: typeof day extends fc.Arbitrary<infer T> ? T : never) {
    const ours: OurUse[] = [];
    const theirs: PlatformRecord[] = [];
    coupons.forEach(({ at: since, uses, fen, fate, told }, n) => {
      const at = FROM + since;
      const code = String(1_000_000_000 + n);
      const dayOf = (time: number): string => (time < FROM ? '2026-11-21' : time < DAY.to ? '2026-11-22' : '2026-11-23');
      const book = (state: OurUse['state'], time: number, mark: string, number = code): void => {
        const ids = numbered ? [`${number}-${mark}`] : [];
        const undoneAt = state === 'undone' ? time + 60_000 : undefined;
        ours.push(sale({ code: number, ids, at: time, day: dayOf(time), state, undoneAt, count: uses, amount: fen * uses }));
        if (state === 'refused') return;
        const row = listed({
          code: number,
          at: time + skew,
          ...(numbered && { ids }),
          ...(counted && { count: uses }),
          ...(told || uses > 1 ? { amount: fen } : { amount: fen * uses }),
        });
        if (state === 'verified') theirs.push(row);
        else if (numbered) theirs.push({ ...row, undoneAt: time + skew + 60_000 });
      };
      if (fate === 'refused') book('refused', at, 'r');
      else book(fate.startsWith('undone') ? 'undone' : 'verified', at, 'first');
      if (fate === 'undone-and-anew') book('verified', at + 10 * 60_000, 'second', String(2_000_000_000 + n));
      if (fate === 'again') book('verified', at + 20 * 60_000, 'second');
    });
    return { ours, theirs };
  }

  test('there is no false alarm on a thousand days on which both tell the same', () => {
    fc.assert(
      fc.property(day, (drawn) => {
        const { ours, theirs } = tell(drawn);
        expect(compare(ours, theirs, { ...DAY, now: DAY.to + 3 * HOUR }).differences).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  test('a use that one side lacks is always named, and no other', () => {
    fc.assert(
      fc.property(day, fc.nat(), (drawn, pick) => {
        const { ours, theirs } = tell(drawn);
        const now = DAY.to + 3 * HOUR;
        // Not where another use of the same code may stand in for it.
        const alone = (code: string): boolean => ours.filter((use) => use.code === code).length === 1;
        const middle = theirs.filter(
          ({ at = 0, undoneAt, code }) =>
            undoneAt === undefined && alone(code) && at >= FROM + CLOCKS_MS && at < DAY.to - CLOCKS_MS,
        );
        if (middle.length === 0) return;
        const gone = middle[pick % middle.length]!;
        const missing = compare(
          ours,
          theirs.filter((record) => record !== gone),
          { ...DAY, now },
        ).differences;
        expect(missing).toMatchObject([{ cause: 'missing', code: gone.code }]);
        const elsewhere = compare(
          ours.filter(({ code }) => code !== gone.code),
          theirs,
          { ...DAY, now },
        ).differences;
        expect(elsewhere).toMatchObject([{ cause: 'elsewhere', code: gone.code }]);
      }),
      { numRuns: 500 },
    );
  });

  test('the sum is the ledger’s, to the fen', () => {
    fc.assert(
      fc.property(day, (drawn) => {
        const { ours, theirs } = tell(drawn);
        const mine = ours.filter(({ state, day: of }) => state === 'verified' && of === '2026-11-22');
        const { count, total } = compare(ours, theirs, DAY);
        expect(total).toBe(mine.reduce((sum, { amount = 0 }) => sum + amount, 0));
        expect(count).toBe(mine.reduce((sum, use) => sum + use.count, 0));
      }),
    );
  });
});
