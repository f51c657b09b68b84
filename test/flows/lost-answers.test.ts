import { describe, expect, it } from 'vitest';
import type { FakeMessage, FakePerson } from '../doubles/telegram.ts';
import type { Fault } from '../doubles/umember.ts';
import { DAY, labels, MINUTE, openHarness, SECOND, texts, type Harness } from './harness.ts';

/** A pressed card whose answer was lost on the way. */
async function lose(bot: Harness, fault: Fault, owner?: FakePerson) {
  const person = owner ?? (await bot.owner());
  const code = bot.umember.books.coupon();
  const card = await bot.card(person, code);
  const confirm = card.buttons[0]![0]!.data;
  bot.umember.fail('verify', fault);
  await bot.press(person, card, '确认核销');
  return { owner: person, code, card, confirm };
}

const isUnsure = (card: FakeMessage): void => {
  expect(card.text).toContain('结果待确认');
  expect(card.text).toContain('请勿重复操作');
  expect(card.text).not.toContain('成功');
  expect(card.text).toMatch(/售价：¥49\.00[\s\S]*操作人：王老板/);
  expect(card.text).not.toMatch(/核销人|金额/);
  expect(card.buttons).toEqual([]);
};

/** The clock's jobs for a while, as often as the platform is asked again. */
async function wait(bot: Harness, ms: number, step = SECOND): Promise<void> {
  for (let passed = 0; passed < ms; passed += step) {
    bot.later(step);
    await bot.tick();
  }
}

const LOSSES: readonly Fault[] = [
  { kind: 'late' },
  { kind: 'reset' },
  { kind: 'gateway' },
  { kind: 'error' },
  { kind: 'cut' },
  { kind: 'html' },
  { kind: 'no-data' },
  { kind: 'redirect' },
];

describe('an answer that is lost after the platform did it', () => {
  it.each(LOSSES)('($kind): 结果待确认, then by itself 核销成功, told in the chat and on the card', async (fault) => {
    const bot = await openHarness({ timeoutMs: 150 });
    const { owner, code, card } = await lose(bot, { ...fault, applied: true });
    isUnsure(card);
    const before = texts(owner.chat).length;
    bot.later(SECOND);
    await bot.tick();
    expect(card.text).toContain('核销成功');
    expect(texts(owner.chat).slice(before)).toEqual([expect.stringContaining('核销成功')]);
    expect(texts(owner.chat).at(-1)).toContain(code.slice(-4));
    expect(texts(owner.chat).at(-1)).not.toContain(code);
    await wait(bot, MINUTE, 10 * SECOND);
    expect(texts(owner.chat)).toHaveLength(before + 1);
    expect(bot.umember.books.used(code)).toHaveLength(1);
    expect(bot.umember.calls('verify')).toBe(1);
    expect(bot.faults).toEqual([]);
  });
});

describe('an answer that is lost before the platform did anything', () => {
  it.each(LOSSES)('($kind): 结果待确认, then by itself 未核销, and the coupon can be used', async (fault) => {
    const bot = await openHarness({ timeoutMs: 150 });
    const { owner, code, card } = await lose(bot, { ...fault, applied: false });
    isUnsure(card);
    await wait(bot, 20 * SECOND);
    expect(card.text).toContain('未核销');
    expect(card.text).toContain('操作人：王老板');
    expect(card.text).not.toContain('成功');
    expect(texts(owner.chat).filter((text) => text.includes('未核销'))).toHaveLength(2);
    const told = owner.chat.messages.at(-1)!;
    expect(told.text).toContain('可以重新核销');
    await bot.press(owner, told, '重新查券');
    const fresh = owner.chat.messages.at(-1)!;
    await bot.press(owner, fresh, '确认核销');
    expect(fresh.text).toContain('核销成功');
    expect(bot.umember.books.used(code)).toHaveLength(1);
  });
});

describe('while nobody knows', () => {
  it('neither another press nor the code sent again reaches the platform', async () => {
    const bot = await openHarness();
    const { owner, code, card, confirm } = await lose(bot, { kind: 'reset', applied: true });
    const calls = bot.umember.arrivals.length;
    const [again] = await bot.ask(owner, code);
    expect(again!.text).toContain('结果待确认');
    expect(labels(again!)).toEqual(['重新查券']);
    await bot.press(owner, again!, '重新查券');
    owner.forges(card, confirm);
    await bot.quiet();
    expect(bot.umember.arrivals).toHaveLength(calls);
  });

  it('a platform that stays away is asked ever more rarely, and the result still comes', async () => {
    const bot = await openHarness();
    const { owner, card } = await lose(bot, { kind: 'reset', applied: true });
    for (let n = 0; n < 3; n++) bot.umember.fail('detail', { kind: 'gateway' });
    await wait(bot, 10 * SECOND);
    isUnsure(card);
    const asked = bot.umember.calls('detail');
    await wait(bot, 2 * MINUTE, 5 * SECOND);
    expect(bot.umember.calls('detail')).toBeLessThan(asked + 5);
    expect(card.text).toContain('核销成功');
    expect(texts(owner.chat).at(-1)).toContain('核销成功');
  });

  it('the summary counts it as 待确认 and not as money', async () => {
    const bot = await openHarness();
    const { owner } = await lose(bot, { kind: 'reset', applied: true });
    const [summary] = await bot.ask(owner, '/summary');
    expect(summary!.text).toContain('核销 0 张');
    expect(summary!.text).toContain('合计 ¥0.00');
    expect(summary!.text).toContain('待确认 1 张');
  });

  it('a settled card that cannot be edited any more is told as a new one', async () => {
    const bot = await openHarness();
    const { owner, card } = await lose(bot, { kind: 'reset', applied: true });
    card.locked = true;
    bot.later(SECOND);
    await bot.tick();
    expect(card.text).toContain('结果待确认');
    expect(texts(owner.chat).filter((text) => text.includes('核销成功'))).toHaveLength(2);
  });
});

describe('a coupon that was looked at more than a minute before the press', () => {
  const lookedAtLongAgo = async (bot: Harness) => {
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const card = await bot.card(owner, code);
    bot.later(61 * SECOND);
    bot.umember.fail('verify', { kind: 'reset', applied: true });
    await bot.press(owner, card, '确认核销');
    isUnsure(card);
    bot.later(SECOND);
    await bot.tick();
    return { owner, code, card, told: owner.chat.messages.at(-1)! };
  };

  it('and is used now: somebody decides, and 是本次核销 makes it 核销成功 wherever it stands', async () => {
    const bot = await openHarness();
    const { owner, card, told } = await lookedAtLongAgo(bot);
    expect(told.text).toContain('需要人工判断');
    expect(told.text).toContain('商家后台');
    expect(labels(told)).toEqual(['是本次核销', '不是']);
    expect(card.text).toContain('需要人工判断');
    await bot.press(owner, told, '是本次核销');
    expect(told.text).toContain('核销成功');
    expect(card.text).toContain('核销成功');
    expect(card.buttons).toEqual([]);
    const [summary] = await bot.ask(owner, '/summary');
    expect(summary!.text).toContain('核销 1 张');
    expect(summary!.text).toContain('合计 ¥49.00');
  });

  it('or 不是, once: the second answer changes nothing', async () => {
    const bot = await openHarness();
    const { owner, card, told } = await lookedAtLongAgo(bot);
    owner.presses(told, '不是');
    owner.presses(card, '是本次核销');
    await bot.quiet();
    for (const message of [told, card]) {
      expect(message.text).toContain('未核销');
      expect(message.text).toContain('人工判断');
      expect(message.text).not.toContain('没有被使用');
      expect(message.buttons).toEqual([]);
    }
    const [summary] = await bot.ask(owner, '/summary');
    expect(summary!.text).toContain('核销 0 张');
    expect(summary!.text).toContain('未通过 1 次');
  });

  it('is not decided by somebody else', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const [helper, other] = [bot.telegram.person('小李'), bot.telegram.person('小张')];
    const group = await bot.group(owner, [helper, other], '群内所有人');
    const card = await bot.card(helper, bot.umember.books.coupon(), group);
    bot.later(61 * SECOND);
    bot.umember.fail('verify', { kind: 'reset', applied: true });
    await bot.press(helper, card, '确认核销');
    bot.later(SECOND);
    await bot.tick();
    expect(await bot.press(other, card, '是本次核销')).toContain('只有店主或核销人');
    expect(card.text).toContain('需要人工判断');
    await bot.press(helper, card, '是本次核销');
    expect(card.text).toContain('核销成功');
  });
});

it('whoever was removed from the staff decides nothing any more, not even about his own', async () => {
  const bot = await openHarness();
  const owner = await bot.owner();
  const helper = await bot.staff(owner);
  const card = await bot.card(helper);
  bot.later(61 * SECOND);
  bot.umember.fail('verify', { kind: 'reset', applied: true });
  await bot.press(helper, card, '确认核销');
  bot.later(SECOND);
  await bot.tick();
  await bot.press(owner, (await bot.ask(owner, '/staff'))[0]!, '移除 小李');
  await bot.press(owner, await owner.chat.shows('移除 小李？'), '确定移除');
  expect(await bot.press(helper, card, '是本次核销')).toContain('只有店主或核销人');
  expect(card.text).toContain('需要人工判断');
});

it('after a day without any answer somebody decides: nothing stays open for ever', async () => {
  const bot = await openHarness();
  const { card } = await lose(bot, { kind: 'reset', applied: true });
  for (let n = 0; n < 100; n++) bot.umember.fail('detail', { kind: 'gateway' });
  await wait(bot, DAY + 2 * 30 * MINUTE, 30 * MINUTE);
  expect(card.text).toContain('需要人工判断');
});

it.each([
  ['at once', 0, '核销成功'],
  ['by a person, wherever he is', 61, '需要人工判断'],
] as const)('a group that was unbound meanwhile is told, and it is settled %s', async (_, seconds, title) => {
  const bot = await openHarness();
  const owner = await bot.owner();
  const clerk = bot.telegram.person('店员');
  const group = await bot.group(owner, [clerk], '群内所有人');
  const code = bot.umember.books.coupon();
  const card = await bot.card(clerk, code, group);
  bot.later(seconds * SECOND);
  bot.umember.fail('verify', { kind: 'reset', applied: true });
  await bot.press(clerk, card, '确认核销');
  const [question] = await bot.ask(owner, '/unbind', { in: group });
  await bot.press(owner, question!, '确定解绑');
  bot.later(SECOND);
  await bot.tick();
  expect(card.text).toContain(title);
  expect(texts(group).at(-1)).toContain(title);
  if (title === '需要人工判断') {
    // Whoever pressed has no right any more; the owner has, from a chat of his own.
    expect(await bot.press(clerk, card, '是本次核销')).toContain('只有店主或核销人');
    const [known] = await bot.ask(owner, code);
    await bot.press(owner, known!, '是本次核销');
    expect([known!.text, card.text]).toEqual([expect.stringContaining('核销成功'), expect.stringContaining('核销成功')]);
  }
  expect((await bot.ask(owner, '/summary'))[0]!.text).toContain('核销 1 张');
});
