/** People who try what is not theirs, or write without end: they are slowed, and nobody else is. */
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { FakeChat, FakePerson } from '../doubles/telegram.ts';
import { DAY, labels, MINUTE, openHarness, SECOND, texts, type Harness } from './harness.ts';

const EMAIL = 'owner@example.com';
/** A code that no shop sold. */
const unknown = (n: number): string => String(9_000_000_000 + n);

/** Each guesser stands before the password's question in a group of his own; no password was sent yet. */
async function atTheDoor(bot: Harness, guessers: readonly FakePerson[]): Promise<FakeChat[]> {
  const groups = guessers.map((guesser, n) => bot.telegram.group(`群 ${n}`, { admins: [guesser] }));
  const inMinutes = async (step: (guesser: FakePerson, group: FakeChat) => void): Promise<void> => {
    for (const [n, group] of groups.entries()) {
      if (n % 15 === 0) bot.later(MINUTE);
      step(guessers[n]!, group);
      if (n % 15 === 14) await bot.quiet();
    }
    await bot.quiet();
  };
  await inMinutes((guesser, group) => guesser.says('/bind@HexiaoBot', { in: group }));
  await inMinutes((guesser, group) => guesser.presses(group.messages.at(-1)!, '美团 · umember'));
  await inMinutes((guesser, group) => guesser.says(EMAIL, { in: group, replyTo: group.messages.at(-1)! }));
  bot.later(MINUTE);
  return groups;
}

const typeWrong = (guessers: readonly FakePerson[], groups: readonly FakeChat[]): void => {
  for (const [n, group] of groups.entries()) guessers[n]!.says(`wrong ${n}`, { in: group, replyTo: group.messages.at(-1)! });
};

/** The dialogue up to a password, in a private chat; gives what the bot said last. */
async function tryPassword(bot: Harness, person: FakePerson, password: string, email = EMAIL): Promise<string> {
  const [platforms] = await bot.ask(person, '/bind');
  await bot.press(person, platforms!, '美团 · umember');
  await bot.ask(person, email);
  await bot.ask(person, password);
  return person.chat.messages.at(-1)!.text;
}

describe('wrong passwords', () => {
  it.each([
    ['one stranger in 45 groups', 1],
    ['45 strangers', 45],
  ])('of %s do not stand in the way of the owner’s codes', async (_, many) => {
    const bot = await openHarness({ perSecond: 2, timeoutMs: 10_000 });
    const owner = await bot.owner();
    const people = Array.from({ length: many }, (__, n) => bot.telegram.person(`路人${n}`));
    const guessers = Array.from({ length: 45 }, (__, n) => people[n % many]!);
    const groups = await atTheDoor(bot, guessers);
    const before = bot.umember.calls('login');
    const answers = (person: FakePerson) => texts(person.chat).filter((text) => /未使用|平台繁忙/.test(text));
    typeWrong(guessers, groups);
    await bot.telegram.acknowledged();
    const waits: number[] = [];
    for (let n = 0; n < 6; n++) {
      const from = performance.now();
      const code = bot.umember.books.coupon();
      const answered = answers(owner).length;
      owner.says(code);
      await expect.poll(() => answers(owner).length, { interval: 5 }).toBeGreaterThan(answered);
      waits.push(performance.now() - from);
    }
    expect(texts(owner.chat).filter((text) => text.includes('平台繁忙'))).toEqual([]);
    expect(Math.max(...waits)).toBeLessThan(2 * SECOND);
    expect(bot.umember.calls('login') - before).toBeLessThanOrEqual(3);
    // The logins that still wait are made at once.
    while ((await bot.waiting()) > 0) {
      bot.later(5 * SECOND);
      await pause(50);
    }
  });

  it('of one person: five, then a pause that doubles up to half an hour, over all chats and accounts', async () => {
    const bot = await openHarness();
    const thief = bot.telegram.person('路人');
    for (let n = 0; n < 5; n++) {
      bot.later(MINUTE / 4);
      expect(await tryPassword(bot, thief, `wrong ${n}`, `shop${n}@example.com`)).toContain('邮箱或密码不正确');
    }
    for (const minutes of [1, 2, 4, 8, 16, 30, 30]) {
      const before = bot.umember.calls('login');
      expect(await tryPassword(bot, thief, 'again')).toContain(`请 ${minutes} 分钟后再试`);
      expect(bot.umember.calls('login')).toBe(before);
      bot.later(minutes * MINUTE);
      expect(await tryPassword(bot, thief, 'again', 'another@example.com')).toContain('邮箱或密码不正确');
    }
  });

  it('for one account of many people: ten, then a pause; its owners are told once, and may still log in', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const tries = async (from: number, to: number): Promise<string> => {
      let said = '';
      for (let n = from; n < to; n++) said = await tryPassword(bot, bot.telegram.person(`路人${n}`), `wrong ${n}`);
      return said;
    };
    await tries(0, 4);
    await bot.tick();
    expect(texts(owner.chat).join()).not.toContain('提醒');
    expect(await tries(4, 10)).toContain('邮箱或密码不正确');
    const before = bot.umember.calls('login');
    // Whoever has not failed yet is let through, one a minute.
    expect(await tries(10, 20)).toContain('分钟后再试');
    expect(bot.umember.calls('login') - before).toBe(1);
    await bot.tick();
    expect(texts(owner.chat).filter((text) => text.includes('提醒') && text.includes(EMAIL))).toHaveLength(1);
    await bot.press(owner, (await bot.ask(owner, '/bind'))[0]!, '使用新账号');
    await bot.press(owner, owner.chat.messages.at(-1)!, '美团 · umember');
    await bot.ask(owner, EMAIL);
    await bot.ask(owner, 'secret');
    expect(owner.chat.messages.at(-1)!.text).toMatch(/已绑定|门店/);
    expect(bot.umember.calls('login') - before).toBe(2);
    bot.later(2 * DAY);
    await tries(20, 25);
    await bot.tick();
    expect(texts(owner.chat).filter((text) => text.includes('提醒') && text.includes(EMAIL))).toHaveLength(2);
  });

  it('of a stranger do not lock out the merchant who binds for the first time', async () => {
    const bot = await openHarness();
    const thief = bot.telegram.person('路人');
    const accomplice = bot.telegram.person('同伙');
    for (let n = 0; n < 5; n++) {
      bot.later(MINUTE / 4);
      await tryPassword(bot, thief, `wrong ${n}`);
      await tryPassword(bot, accomplice, `wrong ${n}`);
    }
    expect(await tryPassword(bot, thief, 'wrong')).toContain('分钟后再试');
    const merchant = bot.telegram.person('王老板');
    expect(await tryPassword(bot, merchant, 'secret')).toContain('已绑定');
  });

  it('one login of a person is under way at a time', async () => {
    const bot = await openHarness();
    const person = bot.telegram.person('路人');
    const people = [person, person, person];
    const groups = await atTheDoor(bot, people);
    bot.umember.fail('login', { kind: 'late', ms: 200 });
    typeWrong(people, groups);
    await bot.quiet();
    expect(bot.umember.calls('login')).toBe(1);
    const said = groups.map((group) => texts(group).at(-1)!);
    expect(said.filter((text) => text.includes('还没结束'))).toHaveLength(2);
  });
});

describe('unknown codes', () => {
  it.each(['used', 'unused'])(
    '400 of them, a known one (%s) after every four: the pause comes all the same',
    async (kind) => {
      const bot = await openHarness();
      const owner = await bot.owner();
      const helper = await bot.staff(owner);
      const known = bot.umember.books.coupon();
      if (kind === 'used') {
        await bot.press(owner, await bot.card(owner, known), '确认核销');
        await owner.chat.shows('核销成功');
      }
      const before = bot.umember.calls('detail');
      for (let n = 0; n < 400; n++) {
        await bot.ask(helper, unknown(n));
        if (n % 4 === 3) await bot.ask(helper, known);
      }
      await bot.tick();
      expect(bot.umember.calls('detail') - before).toBeLessThanOrEqual(8);
      expect(texts(owner.chat).filter((text) => text.includes('不存在的券码'))).toHaveLength(1);
    },
    60_000,
  );

  it('are made up for once by a usable one, however often it is looked up', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const helper = await bot.staff(owner);
    const usable = bot.umember.books.coupon();
    const answers: string[] = [];
    for (let n = 0; n < 12; n++) {
      answers.push((await bot.ask(helper, unknown(n)))[0]!.text);
      await bot.ask(helper, usable);
    }
    expect(answers.filter((text) => text.includes('券码不存在\n'))).toHaveLength(6);
    expect(answers.at(-1)).toContain('分钟后再试');
    await bot.tick();
    expect(texts(owner.chat).filter((text) => text.includes('不存在的券码'))).toHaveLength(1);
  });

  it('of somebody who mistypes every other code of a busy day bring no pause, whoever verifies the others', async () => {
    const bot = await openHarness();
    const helper = await bot.staff(await bot.owner());
    for (let n = 0; n < 12; n++) {
      expect((await bot.ask(helper, unknown(n)))[0]!.text).toContain('券码不存在\n');
      await bot.card(helper);
    }
  });

  it('in a practice store are nobody’s secret, and its coupons make up for none elsewhere', async () => {
    const bot = await openHarness();
    const helper = await bot.staff(await bot.owner());
    for (let n = 0; n < 4; n++) await bot.ask(helper, unknown(n));
    const learner = await bot.learner('李店长');
    const group = bot.telegram.group('练习群', { admins: [learner], members: [helper] });
    await bot.press(learner, (await bot.ask(learner, '/bind', { in: group }))[0]!, labels(group.messages.at(-1)!)[0]!);
    await bot.press(learner, group.messages.at(-1)!, '练习棋牌室（人民路店）');
    await bot.press(learner, await group.shows('谁可以核销'), '群内所有人');
    for (let n = 0; n < 8; n++)
      expect((await bot.ask(helper, `111000000${n}`, { in: group }))[0]!.text).toContain('券码不存在\n');
    for (let n = 0; n < 4; n++) await bot.card(helper, `100012345${n}`, group);
    expect((await bot.ask(helper, unknown(5)))[0]!.text).toContain('券码不存在\n');
    expect((await bot.ask(helper, unknown(6)))[0]!.text).toContain('分钟后再试');
  });

  it('in twenty groups at once: five get to the platform', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const helper = bot.telegram.person('小李');
    const groups: FakeChat[] = [];
    for (let n = 0; n < 20; n++) groups.push(await bot.group(owner, [helper], '群内所有人'));
    const before = bot.umember.calls('detail');
    bot.telegram.hold();
    for (const [n, group] of groups.entries()) helper.says(unknown(n), { in: group });
    bot.telegram.release();
    await bot.quiet();
    expect(bot.umember.calls('detail') - before).toBe(5);
    const said = groups.map((group) => texts(group).at(-1)!);
    expect(said.filter((text) => text.includes('请 1 分钟后再试'))).toHaveLength(15);
  });

  it('never bring a pause longer than half an hour', async () => {
    const bot = await openHarness();
    const helper = await bot.staff(await bot.owner());
    for (let n = 0; n < 4; n++) await bot.ask(helper, unknown(n));
    for (const minutes of [1, 2, 4, 8, 16, 30, 30]) {
      expect((await bot.ask(helper, unknown(9)))[0]!.text).toContain('不存在');
      expect((await bot.ask(helper, unknown(9)))[0]!.text).toContain(`请 ${minutes} 分钟后再试`);
      bot.later(minutes * MINUTE);
    }
    await bot.card(helper);
  });

  it('of people who are on no list: a store takes 200 a day, then only its own staff is answered', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const helper = await bot.staff(owner);
    const guests = Array.from({ length: 51 }, (_, n) => bot.telegram.person(`客人${n}`));
    const group = await bot.group(owner, [helper, ...guests], '群内所有人');
    for (let n = 0; n < 200; n++) await bot.ask(guests[n % 50]!, unknown(n), { in: group });
    const before = bot.umember.calls('detail');
    const fresh = guests[50]!;
    expect((await bot.ask(fresh, bot.umember.books.coupon(), { in: group }))[0]!.text).toContain('今天');
    expect(bot.umember.calls('detail')).toBe(before);
    await bot.card(helper, undefined, group);
    await bot.tick();
    expect(texts(owner.chat).filter((text) => text.includes('200 个'))).toHaveLength(1);
    bot.later(DAY);
    await bot.card(fresh, undefined, group);
  });
});

describe('guessed invitations', () => {
  it('are slowed all the same for somebody who sends a good one of his own in between', async () => {
    const bot = await openHarness();
    const thief = await bot.learner('路人');
    const own = await bot.digits(thief);
    const guessed = Array.from({ length: 8 }, (_, n) => String(10_000_000 + n)).filter((word) => word !== own);
    const answers: string[] = [];
    for (const word of guessed) {
      answers.push((await bot.ask(thief, `加入 ${word}`))[0]!.text);
      await bot.ask(thief, `加入 ${own}`);
    }
    expect(answers.filter((text) => text.includes('不存在'))).toHaveLength(5);
    expect(answers.at(-1)).toContain('试得太多');
  });
});

describe('messages without end', () => {
  it('of a stranger: twenty a minute are answered, one sentence says so, and then nothing until the minute is over', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const stranger = bot.telegram.person('路人');
    bot.telegram.hold();
    for (let n = 0; n < 300; n++) stranger.says(`hello ${n}`);
    bot.telegram.release();
    await bot.quiet();
    expect(texts(stranger.chat)).toHaveLength(21);
    expect(texts(stranger.chat).at(-1)).toContain('消息太多');
    await bot.card(owner);
    bot.later(MINUTE);
    expect(await bot.ask(stranger, '/help')).toHaveLength(1);
  });

  it('count over all chats of a person', async () => {
    const bot = await openHarness();
    const stranger = bot.telegram.person('路人');
    const groups = Array.from({ length: 30 }, (_, n) => bot.telegram.group(`群 ${n}`, { admins: [stranger] }));
    for (const group of groups) stranger.says('/help@HexiaoBot', { in: group });
    await bot.quiet();
    expect(groups.flatMap(texts).filter((text) => text.includes('/bind')).length).toBeLessThanOrEqual(20);
  });

  it('that nobody asked an answer to do not count', async () => {
    const bot = await openHarness();
    const member = bot.telegram.person('路人');
    const group = bot.telegram.group('闲聊', { members: [member] });
    for (let n = 0; n < 60; n++) member.says(`闲聊 ${n}`, { in: group });
    await bot.quiet();
    expect(await bot.ask(member, '/help')).toHaveLength(1);
  });

  it('of people with a role are all answered, also where they have none', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const helper = await bot.staff(owner);
    const group = bot.telegram.group('新群', { admins: [owner] });
    for (let n = 0; n < 40; n++) {
      helper.says('/help');
      owner.says('/help@HexiaoBot', { in: group });
    }
    await bot.quiet();
    expect(texts(helper.chat).filter((text) => text.includes('消息太多'))).toEqual([]);
    expect(texts(group)).toHaveLength(40);
  });
});
