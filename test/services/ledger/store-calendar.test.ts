/** Summaries over changes of a store's time zone and day's end: every day is told once, in order, and all money once. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createStores, type Store } from '../../../services/accounts/stores.ts';
import { openSqlite, type Database } from '../../../services/database/database.ts';
import { BY_PROGRAM } from '../../../services/facts/by.ts';
import { createFacts } from '../../../services/facts/facts.ts';
import { createLedger } from '../../../services/ledger/ledger.ts';
import { createReports, type DueReport } from '../../../services/ledger/reports.ts';
import { createStoreCalendars } from '../../../services/ledger/store-calendar.ts';
import { nextDay, previousDay } from '../../../services/time/business-day.ts';
import { dayAt } from '../../../services/time/calendar.ts';
import { verificationRow } from '../../fixtures/rows.ts';

let database: Database;
let at = 0;
let ids = 0;
const now = () => at;
const newId = () => String((ids += 1)).padStart(16, '0');
const CHAT = 'telegram:1';
const MINUTE = 60_000;

beforeAll(async () => {
  database = await openSqlite(':memory:');
  const account = { id: 'account', platform: 'practice', identity: 'a', sealed: '', created_at: 0 };
  await database.db.insertInto('account').values(account).execute();
});
afterAll(() => database.close());

const stores = () => createStores({ db: database.db, now, newId, zone: 'Asia/Shanghai' });
const open = (): Promise<Store> => stores().save('account', { id: newId(), name: '球馆' }, BY_PROGRAM);

async function sell({ id }: Store): Promise<void> {
  const store = (await stores().get(id))!;
  const changes = { state: 'verified', amount: 4900, business_day: dayAt(at, store), submitted_at: at, changed_at: at } as const;
  const subject = newId();
  await database.db
    .insertInto('verification')
    .values({ ...verificationRow(subject, id, changes), code: newId() })
    .execute();
  const fact = { stream: `store:${id}`, kind: 'verification.yes', subject, at } as const;
  await database.db.transaction().execute((tx) => createFacts(tx).record(tx, fact));
}

/** Posts what is due, as the job does. */
async function post(told: DueReport[]): Promise<void> {
  const reports = createReports({ db: database.db, ledger: createLedger(database.db), now });
  for (let due = await reports.due(); due.length > 0; due = await reports.due())
    await reports.post(due, (_, posted) => {
      told.push(...posted);
      return Promise.resolve();
    });
}

const ZONES = ['Asia/Shanghai', 'Asia/Tokyo', 'Europe/London', 'America/New_York', 'Pacific/Kiritimati', 'Pacific/Pago_Pago'];
const step = fc.oneof(
  fc.record({ wait: fc.integer({ min: 1, max: 20 * 60 }) }),
  fc.record({ wait: fc.integer({ min: 1, max: 20 * 60 }) }),
  fc.constant({ sell: true } as const),
  fc.record({ zone: fc.constantFrom(...ZONES) }),
  fc.record({ dayEnd: fc.constantFrom('00:00', '05:00', '12:00', '22:00') }),
);

it('whatever is changed, and when', async () => {
  // Each run has the time for itself: groups of the last one are due no more.
  const minutes = { min: Date.parse('2026-10-20') / MINUTE, max: Date.parse('2026-11-05') / MINUTE };
  await fc.assert(
    fc.asyncProperty(fc.integer(minutes), fc.array(step, { minLength: 5, maxLength: 30, size: 'max' }), async (start, steps) => {
      at = start * MINUTE;
      await database.db.deleteFrom('owner_group').execute();
      const store = await open();
      const calendars = createStoreCalendars({ db: database.db, now });
      const told: DueReport[] = [];
      const reports = createReports({ db: database.db, ledger: createLedger(database.db), now });
      const first = dayAt(at, store);
      await reports.subscribe(store, CHAT, BY_PROGRAM);
      let sold = 0;
      for (const one of [...steps, { wait: 3 * 24 * 60 }]) {
        if ('wait' in one) at += one.wait * MINUTE;
        else if ('sell' in one) {
          await sell(store);
          sold += 1;
        } else if ('zone' in one) await calendars.setZone(store, one.zone, BY_PROGRAM);
        else await calendars.setDayEnd(store, one.dayEnd, BY_PROGRAM);
        await post(told);
      }
      const days = told.map(({ day }) => day);
      // An end of the day that was set at night has the day before go on, which this chat was not told yet.
      expect([first, previousDay(first)]).toContain(days[0]);
      expect(days.slice(1)).toEqual(days.slice(0, -1).map(nextDay));
      const money = new Map<string, number>();
      for (const { day, figures, corrections } of told) {
        money.set(day, figures.total);
        for (const late of corrections) money.set(late.day, late.now.total);
      }
      expect([...money.values()].reduce((sum, fen) => sum + fen, 0)).toBe(sold * 4900);
    }),
    { numRuns: 25 },
  );
});
