/** Weeks and months: which have ended, and figures of spans that are those of their days together. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqlite, type Database } from '../../../services/database/database.ts';
import { createLedger } from '../../../services/ledger/ledger.ts';
import { endedPeriods } from '../../../services/ledger/periods.ts';
import { daysOf } from '../../../services/time/spans.ts';
import { STORE } from '../../fixtures/cards.ts';
import { accountRow, storeRow, verificationRow } from '../../fixtures/rows.ts';

describe('the periods that ended with a day', () => {
  it.each([
    ['2026-11-28', 'both', []],
    ['2026-11-29', 'both', ['week 2026-11-23 2026-11-29']],
    ['2026-11-29', 'month', []],
    ['2026-11-29', 'none', []],
    ['2026-11-30', 'both', ['month 2026-11-01 2026-11-30']],
    ['2024-02-29', 'month', ['month 2024-02-01 2024-02-29']],
    ['2027-01-03', 'week', ['week 2026-12-28 2027-01-03']],
    ['2026-05-31', 'both', ['week 2026-05-25 2026-05-31', 'month 2026-05-01 2026-05-31']],
  ] as const)('of %s, where %s are wanted: %j', (day, wanted, periods) => {
    expect(endedPeriods(day, day, wanted).map(({ kind, from, to }) => `${kind} ${from} ${to}`)).toEqual(periods);
  });

  it('are not lost where days are skipped after a long downtime', () => {
    expect(endedPeriods('2026-11-28', '2026-12-02', 'both').map(({ to }) => to)).toEqual(['2026-11-29', '2026-11-30']);
  });
});

describe('the figures of a span', () => {
  let database: Database;
  beforeEach(async () => {
    database = await openSqlite(':memory:');
    await database.db.insertInto('account').values(accountRow('account', 'practice')).execute();
    await database.db
      .insertInto('store')
      .values([storeRow(STORE.id), storeRow('other')])
      .execute();
  });
  afterEach(() => database.close());

  const row = fc.record({
    state: fc.constantFrom('verified', 'undone', 'refused', 'unsure', 'undoing', 'person', 'dropped'),
    day: fc.integer({ min: 20, max: 30 }),
    count: fc.integer({ min: 1, max: 5 }),
    amount: fc.option(fc.integer({ min: 0, max: 1_000_000 })),
    title: fc.constantFrom('茶', '台球', ''),
    store: fc.constantFrom(STORE.id, 'other'),
  });

  const sums = async (rows: readonly (typeof row extends fc.Arbitrary<infer T> ? T : never)[]): Promise<void> => {
    const { db } = database;
    await db.deleteFrom('verification').execute();
    for (const [n, { day, store, ...rest }] of rows.entries())
      await db
        .insertInto('verification')
        .values(verificationRow(`v${n}`, store, { ...rest, code: `c${n}`, business_day: `2026-11-${day}` }))
        .execute();
    const ledger = createLedger(db);
    const span = { from: '2026-11-22', to: '2026-11-28' };
    const whole = await ledger.span(STORE.id, span);
    const days = await Promise.all(daysOf(span).map((day) => ledger.figures(STORE.id, day)));
    for (const figure of ['count', 'total', 'unpriced', 'undone', 'undoneTotal', 'refused', 'unsure'] as const)
      expect(whole[figure]).toBe(days.reduce((sum, one) => sum + one[figure], 0));
    expect(whole.byDay).toEqual(daysOf(span).map((day, n) => ({ day, count: days[n]!.count, total: days[n]!.total })));
    expect(whole.byProduct.reduce((sum, { total }) => sum + total, 0)).toBe(whole.total);
  };

  it('are the sums of its days, to the fen, and of no other store', () =>
    fc.assert(fc.asyncProperty(fc.array(row, { maxLength: 30 }), sums), { numRuns: 40 }));
});
