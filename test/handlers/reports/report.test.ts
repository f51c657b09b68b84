import { describe, expect, it } from 'vitest';
import { GUEST, labelsOf, LI, openHandlers, OWNERS, textOf, WANG } from '../harness.ts';

describe('/report', () => {
  it.each(['25:00', '25点', 'yes', '05:60'])('%s is told how to write it', async (rest) => {
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

  it.each(['凌晨5点', '5点', '早上五点', '5am', '０５：００'])('%s ends the day at five', async (rest) => {
    const bot = await openHandlers();
    await bot.bind();
    expect(textOf(await bot.ask(WANG, `绑定日报 ${rest}`))).toContain('每天 05:00 自动发送');
  });

  it('offers the usual ends of the day as buttons, which only owners may press', async () => {
    const bot = await openHandlers();
    await bot.bind();
    const told = await bot.ask(WANG, '/report', OWNERS);
    expect(labelsOf(told)).toEqual(['每天 02:00', '每天 05:00']);
    expect(textOf(await bot.pressed(GUEST, told, '每天 02:00', OWNERS))).toContain('只有店主');
    expect(textOf(await bot.pressed(WANG, told, '每天 02:00', OWNERS))).toContain('每天 02:00 自动发送');
    expect(textOf(await bot.ask(WANG, '/summary', OWNERS))).toContain('营业日次日 02:00 截止');
  });

  it('off: whoever owns the store that the group is bound to now ends what an earlier owner began there', async () => {
    const bot = await openHandlers();
    await bot.bind();
    await bot.ask(WANG, '/report', OWNERS);
    // 小李 has a store of his own, and binds the group to it.
    bot.administrators.add(LI.id);
    const stores = await bot.pressed(LI, await bot.ask(LI, '/bind', OWNERS), '练习店', OWNERS);
    await bot.pressed(LI, stores, '练习棋牌室（人民路店）', OWNERS);
    expect(textOf(await bot.ask(GUEST, '/report off', OWNERS))).toContain('只有店主');
    expect(textOf(await bot.ask(LI, '/report off', OWNERS))).toContain('不再');
    expect(await bot.database.db.selectFrom('owner_group').selectAll().execute()).toEqual([]);
  });

  it('deletes a webhook’s address of somebody who owns no store, too', async () => {
    const bot = await openHandlers();
    const said = await bot.ask(WANG, '/report https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1');
    expect(said.map(({ kind }) => kind)).toEqual(['forget', 'say']);
  });
});
