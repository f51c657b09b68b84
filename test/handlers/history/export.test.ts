import { readXlsx } from 'hucre';
import { expect, it, vi } from 'vitest';
import type { Reply } from '../../../handlers/message.ts';
import { sql } from '../../../services/database/database.ts';
import { GROUP, LI, openHandlers, textOf, WANG } from '../harness.ts';

type File = Extract<Reply, { kind: 'file' }>;
const fileIn = (replies: readonly Reply[]): File => replies.find((reply) => reply.kind === 'file')!;
const bytesOf = (replies: readonly Reply[]): Buffer => Buffer.from(fileIn(replies).bytes, 'base64');

async function opened() {
  const bot = await openHandlers();
  await bot.bind();
  await bot.invite();
  await bot.pressed({ ...LI, name: '=1+1' }, await bot.ask(LI, '1000001001 生日'), '确认核销');
  vi.setSystemTime(Date.now() + 60_000);
  await bot.pressed(WANG, await bot.ask(WANG, '5000001002'), '核销 2 张');
  vi.setSystemTime(Date.now() + 24 * 3_600_000);
  const card = await bot.pressed(WANG, await bot.ask(WANG, '1000001003'), '确认核销');
  await bot.pressed(WANG, await bot.pressed(WANG, card, '撤销'), '确认撤销');
  await bot.pressed(WANG, await bot.ask(WANG, '7000001004'), '确认核销');
  return bot;
}

it('an owner gets the rows that words choose, with totals that are the summary’s to the fen', async () => {
  const bot = await opened();
  const replies = await bot.ask(WANG, '导出');
  expect(fileIn(replies)).toMatchObject({ name: expect.stringMatching(/^核销记录 .* 2026-11-23\.xlsx$/) });
  const { sheets } = await readXlsx(bytesOf(replies));
  const rows = sheets[0]!.rows.slice(1);
  expect(rows.map((row) => [row[2], row[4], row[5], row[6], row[7], row[8], row[10]])).toEqual(
    [
      ['核销成功', '1000001001', 1, 49, null, '=1+1', '生日'],
      ['核销成功', '5000001002', 2, 98, null, '王老板', null],
      ['已撤销', '1000001003', 1, null, 49, '王老板', null],
      ['待确认', '7000001004', 1, null, null, '王老板', null],
    ].map((row) => row.map((cell) => (cell === null ? expect.toSatisfy((one) => one === null || one === undefined) : cell))),
  );
  // As the clock on the shop's wall showed it.
  expect(rows[0]![0]).toEqual(new Date('2026-11-22T18:30:00Z'));
  expect(rows[0]![1]).toEqual(new Date('2026-11-22T00:00:00Z'));
  expect(sheets[1]!.rows.slice(1).map((row) => row.slice(1))).toEqual([
    ['畅玩4小时', 3, 147],
    ['合计', 3, 147],
  ]);
  expect(textOf(await bot.ask(WANG, '日报 昨天'))).toContain('合计 ¥147.00');
  expect(fileIn(replies).caption).toContain('共 4 条，核销 3 张，合计 ¥147.00');

  const chosen = await bot.ask(WANG, '/export 昨天 生日');
  expect((await readXlsx(bytesOf(chosen))).sheets[0]!.rows).toHaveLength(2);
  expect(fileIn(chosen).caption).toContain('：2026-11-22 · 生日');
  expect((await readXlsx(bytesOf(await bot.ask(WANG, '/export 2026-11-22 2026-11-23')))).sheets[0]!.rows).toHaveLength(5);
  expect((await readXlsx(bytesOf(await bot.ask(WANG, '/export 去年')))).sheets[0]!.rows).toHaveLength(1);
  expect(bot.faults).toEqual([]);
});

it('as CSV it is UTF-8 with a mark, and nothing in it is a formula', async () => {
  const bot = await opened();
  const replies = await bot.ask(WANG, '/export 昨天 csv');
  expect(fileIn(replies).name).toMatch(/\.csv$/);
  expect(bytesOf(replies).toString().split('\r\n')).toEqual([
    '\uFEFF时间,营业日,结果,商品,券码,张数,金额（元）,撤销金额（元）,核销人,位置,备注',
    "2026-11-22 18:30,2026-11-22,核销成功,畅玩4小时,1000001001,1,49.00,,'=1+1,,生日",
    '2026-11-22 18:31,2026-11-22,核销成功,畅玩4小时,5000001002,2,98.00,,王老板,,',
    '',
  ]);
});

it('a word that is nothing here exports nothing, staff export nothing, and too much is refused', async () => {
  const bot = await opened();
  expect(textOf(await bot.ask(WANG, '/export 昨天 小张'))).toMatch(/^没看懂：小张\n没有导出/);
  expect(textOf(await bot.ask(LI, '/export'))).toContain('只有店主');
  await bot.bind(GROUP);
  expect(textOf(await bot.ask(LI, '/export', GROUP))).toContain('只有店主');
  const [store] = await bot.database.db.selectFrom('store').select('id').execute();
  await sql`with recursive n (i) as (select 0 union all select i + 1 from n where i < 100000)
    insert into verification (id, store_id, code, code_tail, state, title, remaining, count, coupon, chat_id, opened_at,
      submitted_at, business_day, asked, notes, decided, changed_at)
    select 'x' || i, ${store!.id}, '1', '1', 'verified', '畅玩', 1, 1, '{}', '', 0, i, '2026-11-01', 0, '[]', 0, 0 from n`.execute(
    bot.database.db,
  );
  expect(textOf(await bot.ask(WANG, '/export'))).toContain('超过 100,000 条');
});
