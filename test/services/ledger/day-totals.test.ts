/** The kept sums of days equal the ledger's figures at every moment, whatever changes, whichever day ends when. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../../services/accounts/stores.ts';
import { openSqlite, type Database } from '../../../services/database/database.ts';
import type { VerificationState } from '../../../services/database/schema/tables.ts';
import { createDayTotals } from '../../../services/ledger/day-totals.ts';
import { BY_PROGRAM } from '../../../services/facts/by.ts';
import { createStoreCalendars } from '../../../services/ledger/store-calendar.ts';
import { createLedger } from '../../../services/ledger/ledger.ts';
import { nextDay, previousDay } from '../../../services/time/business-day.ts';
import { dayAt } from '../../../services/time/calendar.ts';
import { storeRow, verificationRow } from '../../fixtures/rows.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-10T09:00:00+08:00');
const SHOP: Store = {
  id: 'shop',
  accountId: 'account',
  externalId: 'shop',
  name: '球馆',
  zone: 'Asia/Shanghai',
  dayEnd: '00:00',
  lastSuccessAt: undefined,
  mayUndo: 'verifier',
  groupCodes: 'auto',
};

let database: Database;
beforeEach(async () => {
  database = await openSqlite(':memory:');
  const account = { id: 'account', platform: 'umember', identity: 'a', sealed: '', created_at: 0 };
  await database.db.insertInto('account').values(account).execute();
});
afterEach(() => database.close());

/** A shop whose time passes. */
async function openShop() {
  const { db } = database;
  for (const table of ['verification', 'day_total', 'store'] as const) await db.deleteFrom(table).execute();
  await db.insertInto('store').values(storeRow('shop')).execute();
  let now = START;
  let store = SHOP;
  let rows = 0;
  const ledger = createLedger(db);
  const totals = createDayTotals({ db, ledger, now: () => now, sleep: () => Promise.resolve() });
  const today = (): string => dayAt(now, store);
  return {
    totals,
    ledger,
    today,
    later: (ms: number) => void (now += ms),
    async verifies(amount: number | null) {
      const row = verificationRow(`v${(rows += 1)}`, 'shop', {
        code: String(rows),
        state: 'verified',
        amount,
        count: 1,
        submitted_at: now,
        business_day: today(),
        changed_at: now,
      });
      await db.insertInto('verification').values(row).execute();
    },
    /** Something becomes of one of the rows, however old. */
    async changes(n: number, state: VerificationState) {
      if (rows === 0) return;
      const id = `v${1 + (n % rows)}`;
      await db.updateTable('verification').set({ state, changed_at: now }).where('id', '=', id).execute();
    },
    async endsAt(dayEnd: string) {
      store = await createStoreCalendars({ db, now: () => now }).setDayEnd(store, dayEnd, BY_PROGRAM);
    },
    since: (from = '') => totals.since(store, from),
    /** What the ledger itself says of each closed day. */
    async truth() {
      const found = [];
      for (let day = '2026-11-01'; day < today(); day = nextDay(day)) {
        const { byProduct: _, byPerson: __, ...sum } = await ledger.figures('shop', day);
        if (Object.values(sum).some((figure) => figure > 0)) found.push({ ...sum, day });
      }
      return found;
    },
  };
}
const withSomething = (sums: readonly { readonly day: string }[]) =>
  sums.filter((sum) => Object.entries(sum).some(([name, figure]) => name !== 'day' && Number(figure) > 0));

describe('the sums of closed days', () => {
  it('are the ledger’s own, to the fen, at every look, whatever happens in between', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('verify' as const), amount: fc.option(fc.integer({ min: 0, max: 99_999 })) }),
      fc.record({
        kind: fc.constant('change' as const),
        n: fc.nat(50),
        state: fc.constantFrom<VerificationState>('undone', 'refused', 'unsure', 'verified', 'undoing', 'person'),
      }),
      fc.record({ kind: fc.constant('later' as const), hours: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ kind: fc.constant('back' as const), hours: fc.integer({ min: 1, max: 3 }) }),
      fc.record({ kind: fc.constant('end' as const), dayEnd: fc.constantFrom('00:00', '05:00', '06:30', '22:00') }),
      fc.record({ kind: fc.constant('look' as const) }),
      fc.record({ kind: fc.constant('job' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 40, size: 'max' }), async (steps) => {
        const shop = await openShop();
        for (const one of steps)
          switch (one.kind) {
            case 'verify':
              await shop.verifies(one.amount);
              break;
            case 'change':
              await shop.changes(one.n, one.state);
              break;
            case 'later':
              shop.later(one.hours * HOUR);
              break;
            case 'back':
              // The machine's clock is set back; the job notices within a minute.
              shop.later(-one.hours * HOUR);
              await shop.totals.refresh();
              break;
            case 'end':
              await shop.endsAt(one.dayEnd);
              break;
            case 'look':
              expect(withSomething(await shop.since())).toEqual(await shop.truth());
              break;
            case 'job':
              await shop.totals.refresh();
          }
        expect(withSomething(await shop.since())).toEqual(await shop.truth());
      }),
      { numRuns: 40 },
    );
  });

  it('are not those of the running day, also where it runs again', async () => {
    const shop = await openShop();
    await shop.verifies(4900);
    shop.later(17 * HOUR);
    expect((await shop.since()).map(({ day, total }) => [day, total])).toEqual([['2026-11-10', 4900]]);
    await shop.endsAt('05:00');
    expect(shop.today()).toBe('2026-11-10');
    expect(await shop.since()).toEqual([]);
  });

  it('begin where they are asked for, and with the first verification', async () => {
    const shop = await openShop();
    expect(await shop.totals.first('shop')).toBeUndefined();
    for (let day = 0; day < 4; day++) {
      await shop.verifies(100 + day);
      shop.later(24 * HOUR);
    }
    expect((await shop.since('2026-11-12')).map(({ total }) => total)).toEqual([102, 103]);
    expect(await shop.totals.first('shop')).toBe('2026-11-10');
    expect(previousDay(shop.today())).toBe('2026-11-13');
  });
});
