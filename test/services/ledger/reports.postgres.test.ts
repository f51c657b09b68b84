/** Summaries while other instances change what they are made of. Runs with POSTGRES=1. */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createStores, type Store } from '../../../services/accounts/stores.ts';
import { openPostgres, sql, type Database } from '../../../services/database/database.ts';
import { BY_PROGRAM } from '../../../services/facts/by.ts';
import { createFacts } from '../../../services/facts/facts.ts';
import { createLedger } from '../../../services/ledger/ledger.ts';
import { createReports, type DueReport } from '../../../services/ledger/reports.ts';
import { createStoreCalendars } from '../../../services/ledger/store-calendar.ts';
import { businessDay } from '../../../services/time/business-day.ts';
import { verificationRow } from '../../fixtures/rows.ts';

const URL = 'postgres://root@127.0.0.1:5432/test';
const schema = `hexiao_${randomBytes(6).toString('hex')}`;
const CHAT = 'telegram:1';

let instances: Database[];
let store: Store;
let at: number;
let sold: number;
/** What the chat was told, in this order. */
let told: DueReport[];
const now = () => at;
const clock = (time: string): void => void (at = Date.parse(`${time}+08:00`));

beforeAll(async () => {
  instances = [await openPostgres(URL, schema), await openPostgres(URL, schema)];
  const account = { id: 'account', platform: 'practice', identity: 'a', sealed: '', created_at: 0 };
  await instances[0]!.db.insertInto('account').values(account).execute();
});
afterAll(async () => {
  await Promise.all(instances.map((one) => one.close()));
  const client = new pg.Client({ connectionString: URL });
  await client.connect();
  await client.query(`drop schema ${schema} cascade`);
  await client.end();
});
beforeEach(async () => {
  clock('2026-11-22T12:00:00');
  told = [];
  sold = 0;
  const newId = () => randomBytes(8).toString('hex');
  store = await createStores({ db: instances[0]!.db, now, newId, zone: 'Asia/Shanghai' }).save(
    'account',
    {
      id: newId(),
      name: '球馆',
    },
    BY_PROGRAM,
  );
});

const reportsOf = ({ db }: Database) => createReports({ db, ledger: createLedger(db), now });
/** Posts what is due, as the job does. */
async function post(instance: Database, meanwhile: () => Promise<void> = () => Promise.resolve()): Promise<void> {
  const reports = reportsOf(instance);
  for (const due of await reports.due())
    if (due.storeId === store.id)
      await reports.post([due], async (_, posted) => {
        told.push(...posted);
        await meanwhile();
      });
}
/** A sale of 49 yuan, now. */
async function sell(instance: Database): Promise<void> {
  const { day_end: dayEnd } = await instance.db
    .selectFrom('store')
    .select('day_end')
    .where('id', '=', store.id)
    .executeTakeFirstOrThrow();
  const changes = { state: 'verified', amount: 4900, business_day: businessDay(at, store.zone, dayEnd) } as const;
  const id = randomBytes(8).toString('hex');
  const row = verificationRow(id, store.id, { ...changes, submitted_at: at, changed_at: at });
  const code = String((sold += 1));
  await instance.db.transaction().execute(async (tx) => {
    await tx
      .insertInto('verification')
      .values({ ...row, code })
      .execute();
    await createFacts(instance.db).record(tx, { stream: `store:${store.id}`, kind: 'verification.yes', subject: id, at });
  });
}
/** The money that was told in all: the last word on every day. */
function money(): number {
  const days = new Map<string, number>();
  for (const { day, figures, corrections } of told) {
    days.set(day, figures.total);
    for (const one of corrections) days.set(one.day, one.now.total);
  }
  return [...days.values()].reduce((sum, fen) => sum + fen, 0);
}
const waitsForALock = async (): Promise<boolean> => {
  const waiting = await sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%owner_group%'`.execute(
    instances[0]!.db,
  );
  return waiting.rows.length > 0;
};

describe('a day end that is changed while the summary is posted', () => {
  it('tells each day once, and a sale in between as a correction', async () => {
    const [posting, setting] = instances as [Database, Database];
    await reportsOf(posting).subscribe(store, CHAT, BY_PROGRAM);
    await sell(posting);
    clock('2026-11-23T00:00:01');
    let changed: Promise<unknown> = Promise.resolve();
    await post(posting, async () => {
      changed = createStoreCalendars({ db: setting.db, now: Date.now }).setDayEnd(store, '05:00', BY_PROGRAM);
      await expect.poll(waitsForALock).toBe(true);
    });
    await changed;
    // Until five it is the 22nd again, which was told.
    clock('2026-11-23T00:30:00');
    await sell(setting);
    for (const time of ['2026-11-23T05:00:02', '2026-11-24T05:00:02']) {
      clock(time);
      await Promise.all(instances.map((one) => post(one)));
    }
    expect(told.map(({ day, corrections }) => [day, corrections.map((one) => one.day)])).toEqual([
      ['2026-11-22', []],
      ['2026-11-23', ['2026-11-22']],
    ]);
    expect(money()).toBe(2 * 4900);
  });

  it('tells all money once, whatever comes first', async () => {
    const [one, other] = instances as [Database, Database];
    await reportsOf(one).subscribe(store, CHAT, BY_PROGRAM);
    for (let night = 23; night < 28; night++) {
      clock(`2026-11-${night}T00:00:01`);
      await Promise.all([
        post(one, () => pause(night % 3)),
        post(other),
        createStoreCalendars({ db: other.db, now: Date.now }).setDayEnd(store, night % 2 ? '05:00' : '00:00', BY_PROGRAM),
        sell(one),
        sell(other),
      ]);
      clock(`2026-11-${night}T06:00:00`);
      await sell(one);
      await Promise.all([
        post(one),
        createStoreCalendars({ db: one.db, now: Date.now }).setDayEnd(store, '00:00', BY_PROGRAM),
        sell(other),
      ]);
    }
    for (const day of ['28', '29', '30']) {
      clock(`2026-11-${day}T00:00:01`);
      await post(one);
    }
    expect(new Set(told.map(({ day }) => day)).size).toBe(told.length);
    expect(money()).toBe(sold * 4900);
  });
});
