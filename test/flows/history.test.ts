/** Records and their export through the whole program, on each channel of staff. */
import { readXlsx } from 'hucre';
import { expect, it } from 'vitest';
import { labels, openHarness, texts } from './harness.ts';
import { labels as appLabels, openWecomAppHarness } from './wecom-app-harness.ts';
import { openSmartBotHarness } from './wecom-smart-bot-harness.ts';

it('Telegram: a page, the story of a row with its card, and the spreadsheet as a document', async () => {
  const bot = await openHarness();
  const owner = await bot.owner();
  const code = bot.umember.books.coupon();
  await bot.press(owner, await bot.card(owner, code), '确认核销');
  const [page] = await bot.ask(owner, '记录 今天 核销成功');
  expect(page!.text).toContain(code);
  expect(labels(page!)[0]).toBe(code.slice(-4));
  await bot.press(owner, page!, code.slice(-4));
  expect(texts(owner.chat).at(-2)).toMatch(/经过：.*\n.*查到这张券.*\n.*王老板 确认核销.*\n.*答复：核销成功$/);
  expect(texts(owner.chat).at(-1)).toMatch(/核销成功\n商品/);

  const [file] = await bot.ask(owner, '导出 今天');
  expect(file!.text).toContain('共 1 条，核销 1 张，合计 ¥49.00');
  const { sheets } = await readXlsx(bot.telegram.files.get(file!.file!)!);
  expect(sheets[0]!.rows[1]![4]).toBe(code);
  expect(bot.faults).toEqual([]);
});

it('企业微信 app: the same, with the file uploaded', async () => {
  const bot = await openWecomAppHarness();
  const owner = await bot.owner();
  const code = bot.umember.books.coupon();
  await bot.press(owner, await bot.card(owner, code), '确认核销');
  const said = await bot.ask(owner, '记录 今天');
  expect(said.map(({ text }) => text).join('\n')).toContain(code);
  const page = said.find((message) => appLabels(message).includes(code.slice(-4)))!;
  const story = await bot.press(owner, page, code.slice(-4));
  expect(JSON.stringify(story)).toContain('答复：核销成功');
  const exported = await bot.ask(owner, '导出');
  const { sheets } = await readXlsx(exported.find(({ file }) => file)!.file!.bytes);
  expect(sheets[0]!.rows[1]![4]).toBe(code);
  expect(bot.faults).toEqual([]);
});

it('智能机器人: the page and its story', async () => {
  const bot = await openSmartBotHarness();
  const owner = await bot.owner();
  const code = bot.umember.books.coupon();
  const card = (await bot.ask(owner, code)).find(({ look }) => look.text.includes(code))!;
  await bot.press(owner, card, '确认核销');
  const said = await bot.ask(owner, '记录');
  expect(said.map(({ look }) => look.text).join('\n')).toContain(code);
  const story = await bot.press(owner, said.at(-1)!, code.slice(-4));
  expect(story.join('\n')).toContain('答复：核销成功');
  expect(bot.faults).toEqual([]);
});
