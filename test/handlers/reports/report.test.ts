import { describe, expect, it } from 'vitest';
import { openHandlers, OWNERS, textOf, WANG } from '../harness.ts';

describe('/report', () => {
  it.each(['25:00', '5点', 'yes', '05:60'])('%s is told how to write it', async (rest) => {
    const bot = await openHandlers();
    await bot.bind();
    expect(textOf(await bot.ask(WANG, `/report ${rest}`))).toContain('用法');
  });

  it('makes the chat an owner group, which receives the day at its end', async () => {
    const bot = await openHandlers();
    await bot.bind();
    expect(textOf(await bot.ask(WANG, '/report 05:00', OWNERS))).toContain('05:00');
    expect(textOf(await bot.ask(WANG, '/summary', OWNERS))).toContain('营业日次日 05:00 截止');
  });

  it('deletes a webhook’s address of somebody who owns no store, too', async () => {
    const bot = await openHandlers();
    const said = await bot.ask(WANG, '/report https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1');
    expect(said.map(({ kind }) => kind)).toEqual(['forget', 'say']);
  });
});
