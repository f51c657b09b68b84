import { describe, expect, it } from 'vitest';
import type { FakeChat, FakePerson } from '../doubles/telegram.ts';
import { DAY, HOUR, MINUTE, openHarness, SECOND, texts, type Harness } from './harness.ts';

const at = (time: string): number => Date.parse(`${time}:00+08:00`);

/** Time passes until then; the jobs run at the end of it. */
async function until(bot: Harness, time: string): Promise<void> {
  bot.later(at(time) - Date.now());
  await bot.tick();
}

async function verify(bot: Harness, person: FakePerson, seed: Parameters<Harness['umember']['books']['coupon']>[0] = {}) {
  const card = await bot.card(person, bot.umember.books.coupon(seed));
  await bot.press(person, card, '确认核销');
  return card;
}

/** A group of owners that receives the summary. */
async function ownersGroup(bot: Harness, owner: FakePerson, title = '老板群'): Promise<FakeChat> {
  const group = bot.telegram.group(title, { admins: [owner] });
  await bot.ask(owner, '/report', { in: group });
  return group;
}

const posted = (chat: FakeChat): string[] => texts(chat).filter((text) => text.includes('日报 · '));

describe('/summary', () => {
  it('stands beside the day before and its weekday once the day is over, and never while it runs', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const group = await ownersGroup(bot, owner);
    await verify(bot, owner, { yuan: '49.90' });
    await until(bot, '2026-11-23 00:00');
    await verify(bot, owner, { yuan: '10.00' });
    await verify(bot, owner, { yuan: '10.00' });
    expect((await bot.ask(owner, '/summary')).at(-1)!.text).not.toContain('比前一天');
    await until(bot, '2026-11-24 00:00');
    expect(posted(group).at(-1)).toContain('核销 2 张\n合计 ¥20.00\n');
    expect(posted(group).at(-1)).toContain('\n比前一天 +1 张 −¥29.90\n');
    await until(bot, '2026-11-30 00:00');
    expect(posted(group).at(-1)).toContain('日报 · 大声發24小时自助棋牌室5 · 2026-11-29');
    expect(posted(group).at(-1)).toContain('\n与前一天持平 · 比平时周日 −1 张 −¥49.90');
  });

  it('is exact to the fen, by product and by person; refused and unsure are counted, not added up', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const helper = await bot.staff(owner);
    await verify(bot, owner, { yuan: '49.90' });
    await verify(bot, helper, { yuan: '49.90' });
    await verify(bot, helper, { yuan: '0.01', title: '茶水' });
    await verify(bot, helper, { yuan: '1234.56', title: '包月' });
    const refused = await bot.card(helper);
    bot.umember.fail('verify', { kind: 'false', words: '该券已过期' });
    await bot.press(helper, refused, '确认核销');
    const lost = await bot.card(helper);
    bot.umember.fail('verify', { kind: 'reset', applied: true });
    await bot.press(helper, lost, '确认核销');
    await bot.press(helper, await bot.card(helper), '取消');

    const [summary, ...more] = await bot.ask(owner, '/summary');
    expect(more).toEqual([]);
    expect(summary!.text).toBe(
      [
        '日报 · 大声發24小时自助棋牌室5 · 2026-11-22（截至目前）',
        '核销 4 张',
        '合计 ¥1,334.37',
        '撤销 0 张 · 待确认 1 张 · 未通过 1 次（平台没有核销）',
        '',
        '按商品',
        '· 包月 × 1　¥1,234.56',
        '· 开业特惠通用畅玩4小时 × 2　¥99.80',
        '· 茶水 × 1　¥0.01',
        '',
        '按人员',
        '· 小李 × 3　¥1,284.47',
        '· 王老板 × 1　¥49.90',
      ].join('\n'),
    );
    expect((await bot.ask(helper, '日报'))[0]!.text).toBe(summary!.text);
  });

  it('of another day; of a day to come, or of none, it says what to write', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    await verify(bot, owner);
    bot.later(DAY);
    expect((await bot.ask(owner, '/summary'))[0]!.text).toContain('核销 0 张');
    for (const day of ['昨天', '2026-11-22', '11-22', '11月22日', '22号']) {
      const [summary] = await bot.ask(owner, `/summary ${day}`);
      expect(summary!.text).toContain('2026-11-22');
      expect(summary!.text).not.toContain('截至目前');
      expect(summary!.text).toContain('核销 1 张');
    }
    expect((await bot.ask(owner, '/summary 2026-12-24'))[0]!.text).toContain('还没到');
    for (const nonsense of ['2月30日', '上辈子', '<b>', '9'.repeat(40)])
      expect((await bot.ask(owner, `/summary ${nonsense}`))[0]!.text).toContain('用法');
  });

  it('the day ends when the store says so: three in the morning belongs to the day before', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const [on] = await bot.ask(owner, '/report 05:00');
    expect(on!.text).toContain('每天 05:00');
    bot.later(8.5 * HOUR);
    await verify(bot, owner);
    expect((await bot.ask(owner, '/summary'))[0]!.text).toMatch(/2026-11-22[\s\S]*次日 05:00 截止[\s\S]*核销 1 张/);
    await until(bot, '2026-11-23T05:00');
    expect((await bot.ask(owner, '/summary'))[0]!.text).toMatch(/2026-11-23[\s\S]*核销 0 张/);
    expect((await bot.ask(owner, '/summary 昨天'))[0]!.text).toContain('核销 1 张');
  });
});

describe('/report', () => {
  it('posts the day by itself, once, in the moment it ends', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const group = await ownersGroup(bot, owner);
    expect(texts(group).at(-1)).toContain('每天 00:00');
    await verify(bot, owner);
    await until(bot, '2026-11-22T23:59');
    expect(posted(group)).toEqual([]);
    await until(bot, '2026-11-23T00:00');
    expect(posted(group)).toHaveLength(1);
    expect(posted(group)[0]).toMatch(/2026-11-22\n核销 1 张\n合计 ¥49\.00/);
    for (let n = 0; n < 3; n++) await bot.tick();
    await until(bot, '2026-11-23T23:59');
    expect(posted(group)).toHaveLength(1);
    await until(bot, '2026-11-24T00:00');
    expect(posted(group)).toHaveLength(2);
    expect(posted(group)[1]).toContain('2026-11-23');
    expect(posted(group)[1]).toContain('核销 0 张');
  });

  it.each(['05:00', '5:00', '05：00'])('%s: at the day’s end, nights belong to the evening', async (time) => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const group = await ownersGroup(bot, owner);
    await bot.ask(owner, `/report ${time}`, { in: group });
    await verify(bot, owner);
    await until(bot, '2026-11-23T03:00');
    await verify(bot, owner);
    expect(posted(group)).toEqual([]);
    await until(bot, '2026-11-23T05:00');
    await verify(bot, owner);
    expect(posted(group)).toEqual([expect.stringMatching(/2026-11-22[\s\S]*核销 2 张/)]);
  });

  it('22:00, said in the evening: today ends then, with what was verified before, and is named today', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const group = await ownersGroup(bot, owner);
    await verify(bot, owner);
    await bot.ask(owner, '/report 22:00', { in: group });
    await verify(bot, owner);
    expect((await bot.ask(owner, '/summary'))[0]!.text).toMatch(/2026-11-22[\s\S]*当日 22:00 截止[\s\S]*核销 2 张/);
    await until(bot, '2026-11-22T22:00');
    expect(posted(group)).toEqual([expect.stringMatching(/2026-11-22[\s\S]*核销 2 张/)]);
    await until(bot, '2026-11-22T23:00');
    await verify(bot, owner);
    await until(bot, '2026-11-23T22:00');
    expect(posted(group)[1]).toMatch(/2026-11-23[\s\S]*核销 1 张/);
  });

  it('05:00, said at night to a group that has heard nothing yet: the night belongs to the evening', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    await until(bot, '2026-11-23T02:00');
    const group = await ownersGroup(bot, owner);
    await verify(bot, owner, { yuan: '49.00' });
    await bot.ask(owner, '/report 05:00', { in: group });
    await verify(bot, owner, { yuan: '78.00' });
    await until(bot, '2026-11-24T05:00');
    expect(posted(group)).toEqual([
      expect.stringMatching(/2026-11-22[\s\S]*核销 2 张\n合计 ¥127\.00/),
      expect.stringMatching(/2026-11-23[\s\S]*核销 0 张\n合计 ¥0\.00/),
    ]);
  });

  it('05:00, said at night to a group that was told at midnight: the night is a correction', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const group = await ownersGroup(bot, owner);
    await until(bot, '2026-11-23T02:00');
    await verify(bot, owner, { yuan: '49.00' });
    await bot.ask(owner, '/report 05:00', { in: group });
    await verify(bot, owner, { yuan: '78.00' });
    expect((await bot.ask(owner, '/summary'))[0]!.text).toMatch(/2026-11-22[\s\S]*合计 ¥127\.00/);
    await until(bot, '2026-11-24T05:00');
    expect(posted(group)).toEqual([
      expect.stringMatching(/2026-11-22\n核销 0 张/),
      expect.stringMatching(/2026-11-23[\s\S]*核销 0 张[\s\S]*更正 2026-11-22：核销 0 → 2 张，合计 ¥0\.00 → ¥127\.00/),
    ]);
  });

  it('off after a summary, and on again with a later end: what came since is a correction, not lost', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const group = await ownersGroup(bot, owner);
    await bot.ask(owner, '/report 20:00', { in: group });
    await verify(bot, owner, { yuan: '49.00' });
    await until(bot, '2026-11-22T20:00');
    await bot.ask(owner, '/report off', { in: group });
    await until(bot, '2026-11-22T20:30');
    await verify(bot, owner, { yuan: '78.00' });
    await bot.ask(owner, '/report 23:00', { in: group });
    await verify(bot, owner, { yuan: '10.00' });
    await until(bot, '2026-11-23T23:00');
    expect(posted(group)).toEqual([
      expect.stringMatching(/2026-11-22[\s\S]*核销 1 张\n合计 ¥49\.00/),
      expect.stringMatching(/2026-11-23[\s\S]*核销 0 张[\s\S]*更正 2026-11-22：核销 1 → 3 张，合计 ¥49\.00 → ¥137\.00/),
    ]);
  });

  it('05:00 said at 04:59, 22:00 said at 05:01, and a restart between: each sale is told once, no day twice', async () => {
    const bot = await openHarness({ now: at('2026-11-23T04:50') });
    const owner = await bot.owner();
    const group = await ownersGroup(bot, owner);
    await verify(bot, owner, { yuan: '1.00' });
    await until(bot, '2026-11-23T04:59');
    await bot.ask(owner, '/report 05:00', { in: group });
    bot.later(at('2026-11-23T05:00') - Date.now());
    await bot.crash();
    bot.later(500);
    for (let n = 0; n < 3; n++) await bot.tick();
    await verify(bot, owner, { yuan: '2.00' });
    bot.later(at('2026-11-23T05:01') - Date.now());
    await bot.ask(owner, '/report 22:00', { in: group });
    await bot.tick();
    const days = () => posted(group).map((text) => /(\d{4}-\d\d-\d\d)[\s\S]*?核销 (\d+) 张\n合计 (\S+)/.exec(text)!.slice(1));
    expect(days()).toEqual([['2026-11-22', '1', '¥1.00']]);
    await until(bot, '2026-11-23T21:59');
    await verify(bot, owner, { yuan: '3.00' });
    await until(bot, '2026-11-23T22:00');
    await bot.crash();
    for (let n = 0; n < 3; n++) await bot.tick();
    await until(bot, '2026-11-24T21:59');
    expect(days().slice(1)).toEqual([['2026-11-23', '2', '¥5.00']]);
    await until(bot, '2026-11-24T22:00');
    expect(days().slice(2)).toEqual([['2026-11-24', '0', '¥0.00']]);
  });

  it('after a minute of downtime posts the day that ended, not the one that runs', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const group = await ownersGroup(bot, owner);
    await verify(bot, owner);
    await until(bot, '2026-11-23T00:01');
    expect(posted(group)).toEqual([expect.stringMatching(/2026-11-22[\s\S]*核销 1 张/)]);
  });

  it('after three days of downtime posts each day, oldest first; after a month the last week', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const group = await ownersGroup(bot, owner);
    await verify(bot, owner);
    await until(bot, '2026-11-25T18:30');
    const days = () => posted(group).map((text) => /\d{4}-\d\d-\d\d/.exec(text)![0]);
    expect(days()).toEqual(['2026-11-22', '2026-11-23', '2026-11-24']);
    await until(bot, '2026-12-25T18:30');
    expect(days().slice(3)).toEqual(Array.from({ length: 7 }, (_, n) => `2026-12-${18 + n}`));
  });

  it('off: nothing more; on again: from the running day', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const group = await ownersGroup(bot, owner);
    expect((await bot.ask(owner, '/report off', { in: group }))[0]!.text).toContain('已关闭');
    expect((await bot.ask(owner, '/report off', { in: group }))[0]!.text).toContain('没有接收');
    await until(bot, '2026-11-24T12:00');
    expect(posted(group)).toEqual([]);
    await bot.ask(owner, '绑定日报', { in: group });
    await until(bot, '2026-11-25T00:00');
    expect(posted(group)).toEqual([expect.stringContaining('2026-11-24')]);
  });

  it('is the owner’s to set and to end', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const helper = await bot.staff(owner);
    const group = await ownersGroup(bot, owner);
    const rival = await bot.learner('李四');
    for (const person of [helper, rival, bot.telegram.person('路人')])
      expect((await bot.ask(person, '/report off', { in: group }))[0]!.text).toContain('只有店主');
    expect((await bot.ask(helper, '/report'))[0]!.text).toContain('只有店主');
    await until(bot, '2026-11-23T00:00');
    expect(posted(group)).toHaveLength(1);
  });
});

describe('what changes after a day was posted', () => {
  it('a late result is a correction in the next summary, once', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const group = await ownersGroup(bot, owner);
    await verify(bot, owner);
    await until(bot, '2026-11-22T23:59');
    const card = await bot.card(owner);
    bot.umember.fail('verify', { kind: 'reset', applied: true });
    for (let n = 0; n < 4; n++) bot.umember.fail('detail', { kind: 'gateway' });
    await bot.press(owner, card, '确认核销');
    await until(bot, '2026-11-23T00:00');
    expect(posted(group)[0]).toMatch(/核销 1 张\n合计 ¥49\.00[\s\S]*待确认 1 张/);
    for (let n = 0; n < 10; n++) {
      bot.later(MINUTE);
      await bot.tick();
    }
    expect(card.text).toContain('核销成功');
    await until(bot, '2026-11-24T00:00');
    expect(posted(group)[1]).toContain('2026-11-23\n核销 0 张');
    expect(posted(group)[1]).toContain(
      '更正 2026-11-22：核销 1 → 2 张，合计 ¥49.00 → ¥98.00，撤销 0 张，待确认 1 → 0 张，未通过 0 次',
    );
    await until(bot, '2026-11-25T00:00');
    expect(posted(group)[2]).not.toContain('更正');
  });

  it('an undo after midnight too', async () => {
    const bot = await openHarness();
    const owner = await bot.learner();
    const group = await ownersGroup(bot, owner);
    await until(bot, '2026-11-22T23:55');
    const card = await bot.card(owner, '1000123456');
    await bot.press(owner, card, '确认核销');
    await until(bot, '2026-11-23T00:03');
    expect(posted(group)[0]).toMatch(/核销 1 张\n合计 ¥49\.00/);
    await bot.press(owner, card, '撤销（还剩 2 分钟）');
    await bot.press(owner, card, '确认撤销');
    await until(bot, '2026-11-24T00:00');
    expect(posted(group)[1]).toContain('更正 2026-11-22：核销 1 → 0 张，合计 ¥49.00 → ¥0.00，撤销 0 → 1 张');
  });
});

/** Longer than the channel waits. */
const NOT_NOW = { kind: 'flood', retryAfter: 120 } as const;

describe('a summary on its way', () => {
  it('that was delivered although the answer was lost comes again, marked as a repeat', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const group = await ownersGroup(bot, owner);
    bot.telegram.fault('sendMessage', { kind: 'reset', applied: true });
    await until(bot, '2026-11-23T00:00');
    expect(posted(group)).toHaveLength(1);
    bot.later(2 * SECOND);
    await bot.tick();
    expect(posted(group)).toHaveLength(2);
    expect(posted(group)[0]).not.toContain('重复');
    expect(posted(group)[1]).toContain('（可能是重复消息）');
    bot.later(HOUR);
    await bot.tick();
    expect(posted(group)).toHaveLength(2);
  });

  it('that certainly was not delivered comes later, and is no repeat', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const group = await ownersGroup(bot, owner);
    bot.telegram.fault('sendMessage', NOT_NOW);
    await until(bot, '2026-11-23T00:00');
    expect(posted(group)).toEqual([]);
    bot.later(5 * SECOND);
    await bot.tick();
    expect(posted(group)).toEqual([expect.not.stringContaining('重复')]);
  });

  it('to a group where the bot may not write any more reaches the owner in private', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const group = await ownersGroup(bot, owner);
    group.botMuted = true;
    await until(bot, '2026-11-23T00:00');
    await bot.tick();
    expect(posted(group)).toEqual([]);
    expect(texts(owner.chat).at(-1)).toMatch(/发不到「未命名」[\s\S]*日报 · /);
  });

  it('of several days keeps its order when the first does not get through', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const group = await ownersGroup(bot, owner);
    bot.telegram.fault('sendMessage', NOT_NOW);
    await until(bot, '2026-11-25T00:00');
    expect(posted(group)).toEqual([]);
    for (let n = 0; n < 4; n++) {
      bot.later(5 * SECOND);
      await bot.tick();
    }
    expect(posted(group).map((text) => /\d{4}-\d\d-\d\d/.exec(text)![0])).toEqual(['2026-11-22', '2026-11-23', '2026-11-24']);
  });

  it('to a group that is gone is left, and delays no other', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const [gone, there] = [await ownersGroup(bot, owner, '旧群'), await ownersGroup(bot, owner)];
    gone.deleted = true;
    await until(bot, '2026-11-23T00:00');
    expect(posted(there)).toHaveLength(1);
    expect(await bot.stored.outgoing()).toBe(0);
    expect(bot.faults).toEqual([]);
  });

  it('of many products is parted into as many messages as it takes', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const group = await ownersGroup(bot, owner);
    for (let n = 0; n < 25; n++) await verify(bot, owner, { title: `${n}${'超值组合'.repeat(60)}` });
    await until(bot, '2026-11-23T00:00');
    expect(texts(group).join('\n')).toContain('其余 5 项');
    expect(texts(group).join('\n')).toContain('按人员');
  });
});
