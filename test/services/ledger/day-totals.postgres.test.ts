/** The sums of closed days on PostgreSQL, looked at by several instances at once. Runs with POSTGRES=1. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPostgres, type Database } from '../../../services/database/database.ts';
import { createDayTotals } from '../../../services/ledger/day-totals.ts';
import { createLedger } from '../../../services/ledger/ledger.ts';
import { STORE } from '../../fixtures/cards.ts';
import { storeRow, verificationRow } from '../../fixtures/rows.ts';

const URL = 'postgres://root@127.0.0.1:5432/test';
const schema = `hexiao_${randomBytes(6).toString('hex')}`;
const DAY = 86_400_000;
const SHOP = { ...STORE, id: 'shop' };
let now = Date.parse('2026-11-10T09:00:00+08:00');

let instances: Database[];
beforeAll(async () => {
  instances = [await openPostgres(URL, schema), await openPostgres(URL, schema), await openPostgres(URL, schema)];
  const { db } = instances[0]!;
  const account = { id: 'account', platform: 'umember', identity: 'a', sealed: '', created_at: 0 };
  await db.insertInto('account').values(account).execute();
  await db.insertInto('store').values(storeRow('shop')).execute();
});
afterAll(async () => {
  await Promise.all(instances.map((one) => one.close()));
  const client = new pg.Client({ connectionString: URL });
  await client.connect();
  await client.query(`drop schema ${schema} cascade`);
  await client.end();
});

it('are the same to all of them, and the ledger’s own', async () => {
  const { db } = instances[0]!;
  const ledger = createLedger(db);
  const all = instances.map((one) =>
    createDayTotals({ db: one.db, ledger: createLedger(one.db), now: () => now, sleep: () => Promise.resolve() }),
  );
  for (let day = 10; day < 16; day++) {
    const today = `2026-11-${day}`;
    for (let n = 0; n < 3; n++)
      await db
        .insertInto('verification')
        .values(
          verificationRow(`v${day}-${n}`, 'shop', {
            code: `${day}${n}`,
            state: 'verified',
            amount: 9_000_000_000 + n,
            business_day: today,
            submitted_at: now,
            changed_at: now,
          }),
        )
        .execute();
    // Something of the first day is undone meanwhile.
    const change = db
      .updateTable('verification')
      .set({ state: 'undone', changed_at: now })
      .where('id', '=', `v10-${day % 3}`);
    const [, ...seen] = await Promise.all([change.execute(), ...all.map((totals) => totals.since(SHOP, ''))]);
    expect(seen).toHaveLength(3);
    now += DAY;
    const looks = await Promise.all(all.map((totals) => totals.since(SHOP, '')));
    for (const look of looks) expect(look).toEqual(looks[0]);
    for (const { day: of, ...sum } of looks[0]!) expect(await ledger.figures('shop', of)).toMatchObject(sum);
    expect(looks[0]!.map(({ day: of }) => of).at(-1)).toBe(today);
  }
});
