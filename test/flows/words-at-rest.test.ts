/** Whoever reads a copy of the database gets in nowhere: words that open a door do not stand in it. */
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { linkIn, openHarness, type Harness } from './harness.ts';

/** Every row of every table, as text. */
async function everything({ database: { db } }: Harness): Promise<string> {
  const { rows: tables } = await sql<{ name: string }>`select name from sqlite_master where type = 'table'`.execute(db);
  const rows = await Promise.all(tables.map(async ({ name }) => (await sql`select * from ${sql.table(name)}`.execute(db)).rows));
  return JSON.stringify(rows);
}

it('an invitation’s word and digits, the state of an authorisation and the link to the books lie in no row', async () => {
  const bot = await openHarness({ gateways: true });
  const owner = await bot.owner();
  const [list] = await bot.ask(owner, '/staff');
  await bot.press(owner, list!, '邀请员工');
  const word = /join-([0-9a-f]{32})/.exec(linkIn(owner.chat.messages.at(-1)!))![1]!;
  const digits = await bot.digits(owner);
  const books = linkIn((await bot.ask(owner, '/books'))[0]!)
    .split('/')
    .at(-1)!;
  const newcomer = bot.telegram.person('新店主');
  await bot.press(newcomer, (await bot.ask(newcomer, '/bind'))[0]!, '大众点评');
  const page = linkIn(newcomer.chat.messages.at(-1)!).split('/').at(-1)!;
  const shown = [word, digits, books, page];
  expect(shown.every((one) => one.length >= 8)).toBe(true);
  const stored = await everything(bot);
  expect(stored).toContain(owner.ref);
  for (const one of shown) expect(stored).not.toContain(one);
  // They open what they are for.
  expect((await bot.ask(bot.telegram.person('小李'), digits))[0]!.text).toContain('欢迎');
});
