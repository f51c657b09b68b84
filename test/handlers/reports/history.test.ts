/** 记录 in an owner group: anybody in it reads, and only owners and staff read whole codes. */
import { expect, it } from 'vitest';
import { GUEST, LI, openHandlers, OWNERS, textOf, WANG } from '../harness.ts';

it('shows codes to the last four digits to whoever may not verify: a refused use left its coupon as good as it was', async () => {
  const bot = await openHandlers();
  await bot.bind();
  await bot.invite();
  await bot.ask(WANG, '/report', OWNERS);
  await bot.pressed(WANG, await bot.ask(WANG, '1000123456'), '确认核销');
  for (const person of [WANG, LI]) expect(textOf(await bot.ask(person, '/history', OWNERS))).toContain('1000123456');
  const read = textOf(await bot.ask(GUEST, '/history', OWNERS));
  expect(read).toContain('****3456');
  expect(read).not.toContain('1000123456');
});
