import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqlite, type Database } from '../../../services/database/database.ts';
import { createUptime, gapsIn } from '../../../services/silence/uptime.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
let database: Database;
let at: number;
beforeEach(async () => {
  database = await openSqlite(':memory:');
  at = 1_000 * HOUR;
});
afterEach(() => database.close());

/** Runs so long, with a beat every minute as the job has it. */
async function run(ms: number): Promise<void> {
  const uptime = createUptime({ db: database.db, now: () => at });
  for (const end = at + ms; at < end; at += MINUTE) await uptime.beat();
}
const gaps = async () =>
  (await gapsIn(database.db, { from: 1_000 * HOUR, to: 1_024 * HOUR })).map(({ from, to }) => [
    from / HOUR - 1_000,
    to / HOUR - 1_000,
  ]);

describe('the time in which the program ran', () => {
  it('has no gap where it ran, and knows nothing of the time before its first run', async () => {
    at += 3 * HOUR;
    await run(30 * HOUR);
    expect(await gaps()).toEqual([]);
    expect(await database.db.selectFrom('uptime').selectAll().execute()).toHaveLength(1);
  });

  it('has a gap where it stood still, cut to the day; a restart of minutes is none', async () => {
    at -= HOUR;
    await run(30 * MINUTE);
    at += 90 * MINUTE;
    await run(2 * HOUR);
    at += 4 * MINUTE;
    await run(HOUR);
    at += 3 * HOUR;
    await run(MINUTE);
    const [first, second, ...more] = await gaps();
    expect(more).toEqual([]);
    expect(first).toEqual([0, 1]);
    expect(second![1]! - second![0]!).toBeCloseTo(3, 1);
  });

  it('is not confused by a clock that is set back, nor by a second instance', async () => {
    await run(2 * HOUR);
    at -= HOUR;
    await run(70 * MINUTE);
    await Promise.all([createUptime({ db: database.db, now: () => at }).beat(), run(MINUTE)]);
    expect(await gaps()).toEqual([]);
  });

  it('forgets what is older than 400 days', async () => {
    await run(HOUR);
    at += 401 * 24 * HOUR;
    await run(MINUTE);
    await createUptime({ db: database.db, now: () => at }).sweep();
    expect(await database.db.selectFrom('uptime').selectAll().execute()).toEqual([{ since: at - MINUTE, until: at - MINUTE }]);
  });
});
