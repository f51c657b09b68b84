/** A day beside others, in the database. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqlite, type Database } from '../../../services/database/database.ts';
import { perspective } from '../../../services/ledger/perspective.ts';
import { STORE } from '../../fixtures/cards.ts';
import { accountRow, storeRow, verificationRow } from '../../fixtures/rows.ts';

let database: Database;
beforeEach(async () => {
  database = await openSqlite(':memory:');
  const store = { ...storeRow(STORE.id), account_id: 'umember' };
  await database.db
    .insertInto('account')
    .values([accountRow('umember'), accountRow('douyin')])
    .execute();
  await database.db.insertInto('store').values(store).execute();
  await database.db
    .insertInto('listing')
    .values({ id: 'l2', store_id: STORE.id, account_id: 'douyin', external_id: 'x', name: '', since: 0, removed_at: null })
    .execute();
});
afterEach(() => database.close());

let made = 0;
async function sale(day: string, fen: number, more: Parameters<typeof verificationRow>[2] = {}): Promise<void> {
  const id = `v${(made += 1)}`;
  const row = { state: 'verified', code: id, business_day: day, count: 1, amount: fen, settled_at: at('12'), ...more } as const;
  await database.db
    .insertInto('verification')
    .values(verificationRow(id, STORE.id, row))
    .execute();
}
const at = (hour: string): number => Date.parse(`2026-11-22T${hour}:30:00+08:00`);
const seen = () => perspective(database.db, STORE, '2026-11-22');

describe('a day beside others', () => {
  it('has the day before and the mean of its weekday; what is not verified does not count', async () => {
    await sale('2026-11-08', 3_000);
    await sale('2026-11-15', 1_001, { count: 2 });
    await sale('2026-11-21', 4_900);
    await sale('2026-11-21', 4_900, { state: 'undone' });
    expect(await seen()).toMatchObject({ before: { count: 1, total: 4_900 }, usual: { count: 1.5, total: 2_001 } });
  });

  it('takes no day before the first sale for an idle one; an idle one after it counts', async () => {
    await sale('2026-11-22', 4_900);
    expect(await seen()).toMatchObject({ before: undefined, usual: undefined });
    await sale('2026-11-10', 4_900);
    expect(await seen()).toMatchObject({ before: { count: 0, total: 0 }, usual: { count: 0, total: 0 } });
  });

  it('is divided by platform and by place, what brought most first, and knows its busiest hour', async () => {
    await sale('2026-11-22', 100, { settled_at: at('09'), place: '3号桌' });
    await sale('2026-11-22', 200, { settled_at: at('20'), listing_id: 'l2', place: '包间' });
    await sale('2026-11-22', 100, { settled_at: at('20'), place: '3号桌', count: 2 });
    await sale('2026-11-22', 50, { settled_at: at('09') });
    expect(await seen()).toMatchObject({
      byPlatform: [
        { platform: 'umember', count: 4, total: 250 },
        { platform: 'douyin', count: 1, total: 200 },
      ],
      byPlace: [
        { name: '3号桌', count: 3, total: 200 },
        { name: '包间', count: 1, total: 200 },
      ],
      busiest: { hour: 20, count: 3 },
    });
  });
});
