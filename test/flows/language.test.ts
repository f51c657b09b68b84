/** A newcomer is spoken to in the language of the app, until another one is chosen; a Chinese shop with an English phone is not disturbed. */
import { expect, test } from 'vitest';
import { openHarness, texts } from './harness.ts';

test('an English newcomer is greeted in English, also in what comes by itself later', async () => {
  const bot = await openHarness();
  const owner = await bot.owner();
  const smith = bot.telegram.person('Smith', { language_code: 'en-GB' });
  expect((await bot.ask(smith, '/start'))[0]!.text).toContain('Send /bind to bind your store');
  expect((await bot.ask(smith, '0158082330'))[0]!.text).toContain('This chat is not bound');
  await bot.press(owner, (await bot.ask(owner, '/staff'))[0]!, '邀请员工');
  const word = /join-[0-9a-f]{32}/.exec(texts(owner.chat).at(-1)!)![0];
  await bot.ask(smith, `/start ${word}`);
  expect(texts(smith.chat).at(-1)).toContain('Welcome');
  // Bound by now: the language was kept.
  expect((await bot.ask(smith, '/help'))[0]!.text).toContain('This chat is bound to');
});

test('another language, a group, and a chat that is bound or has chosen keep what they have', async () => {
  const bot = await openHarness();
  const heard = async (code: string) => (await bot.ask(bot.telegram.person('某人', { language_code: code }), '/start'))[0]!.text;
  expect(await heard('fr')).toContain('你好');
  expect(await heard('zh-hant')).toContain('你好');
  const smith = bot.telegram.person('Smith', { language_code: 'en' });
  await bot.press(smith, (await bot.ask(smith, '/language'))[0]!, '中文');
  expect((await bot.ask(smith, '/start'))[0]!.text).toContain('你好');
});
