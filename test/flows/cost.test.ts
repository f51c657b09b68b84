/** What an update costs the database: how many statements, and how often the disk is waited for. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSqlite, type Database } from '../../services/database/database.ts';
import { createLogFile } from '../../services/database/log-file.ts';
import { openHarness, type Harness } from './harness.ts';

let folder: string;
let database: Database;
const cost = { statements: 0, waits: 0 };

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hexiao-cost-'));
  const opened = await openSqlite(path.join(folder, 'hexiao.sqlite'), (log) =>
    createLogFile(log, async (handle) => {
      cost.waits += 1;
      await handle.datasync();
    }),
  );
  const counted = opened.db.withPlugin({
    transformQuery: ({ node }) => node,
    transformResult({ result }) {
      // The harness itself asks how many wait.
      if (!('n' in (result.rows[0] ?? {}))) cost.statements += 1;
      return Promise.resolve(result);
    },
  });
  database = { ...opened, db: counted };
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** What this costs from the person's message to the end of the event. */
async function costOf(bot: Harness, work: () => Promise<unknown>): Promise<typeof cost> {
  await bot.quiet();
  const before = { ...cost };
  await work();
  await bot.quiet();
  return { statements: cost.statements - before.statements, waits: cost.waits - before.waits };
}

it('a look-up waits for the disk once, and a press twice: what is made again after a power cut is not waited for', async () => {
  const bot = await openHarness({ database, perSecond: 20 });
  const staff = await bot.staff(await bot.owner());
  const { books } = bot.umember;
  // The first look-up makes the rows of its slots and counts.
  await bot.card(staff);
  const code = books.coupon();
  const lookup = await costOf(bot, () => bot.card(staff, code));
  const card = staff.chat.messages.at(-1)!;
  const press = await costOf(bot, async () => {
    staff.presses(card, '确认核销');
    await staff.chat.shows('核销成功');
  });
  expect({ lookup: lookup.waits, press: press.waits }).toEqual({ lookup: 1, press: 2 });
  expect(lookup.statements).toBeLessThanOrEqual(16);
  expect(press.statements).toBeLessThanOrEqual(29);
});
