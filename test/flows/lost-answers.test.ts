import { describe, expect, it } from 'vitest';
import type { FakeMessage, FakePerson } from '../doubles/telegram.ts';
import type { Fault } from '../doubles/umember.ts';
import { DAY, labels, MINUTE, openTown, SECOND, texts, type Town } from './harness.ts';

/** A pressed card whose answer was lost on the way. */
async function lose(town: Town, fault: Fault, owner?: FakePerson) {
  const person = owner ?? (await town.owner());
  const code = town.umember.books.coupon();
  const card = await town.card(person, code);
  const confirm = card.buttons[0]![0]!.data;
  town.umember.fail('verify', fault);
  await town.press(person, card, '确认核销');
  return { owner: person, code, card, confirm };
}

const isUnsure = (card: FakeMessage): void => {
  expect(card.text).toContain('结果待确认');
  expect(card.text).toContain('请勿重复操作');
  expect(card.text).not.toContain('成功');
  expect(card.text).toMatch(/售价: ¥49\.00[\s\S]*操作人: 王老板/);
  expect(card.text).not.toMatch(/核销人|金额/);
  expect(card.buttons).toEqual([]);
};

/** The clock's jobs for a while, as often as the platform is asked again. */
async function wait(town: Town, ms: number, step = SECOND): Promise<void> {
  for (let passed = 0; passed < ms; passed += step) {
    town.later(step);
    await town.tick();
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
    const town = await openTown({ timeoutMs: 150 });
    const { owner, code, card } = await lose(town, { ...fault, applied: true });
    isUnsure(card);
    const before = texts(owner.chat).length;
    town.later(SECOND);
    await town.tick();
    expect(card.text).toContain('核销成功');
    expect(texts(owner.chat).slice(before)).toEqual([expect.stringContaining('核销成功')]);
    expect(texts(owner.chat).at(-1)).toContain(code.slice(-4));
    expect(texts(owner.chat).at(-1)).not.toContain(code);
    await wait(town, MINUTE, 10 * SECOND);
    expect(texts(owner.chat)).toHaveLength(before + 1);
    expect(town.umember.books.used(code)).toHaveLength(1);
    expect(town.umember.calls('verify')).toBe(1);
    expect(town.faults).toEqual([]);
  });
});

describe('an answer that is lost before the platform did anything', () => {
  it.each(LOSSES)('($kind): 结果待确认, then by itself 未核销, and the coupon can be used', async (fault) => {
    const town = await openTown({ timeoutMs: 150 });
    const { owner, code, card } = await lose(town, { ...fault, applied: false });
    isUnsure(card);
    await wait(town, 20 * SECOND);
    expect(card.text).toContain('未核销');
    expect(card.text).toContain('操作人: 王老板');
    expect(card.text).not.toContain('成功');
    expect(texts(owner.chat).filter((text) => text.includes('未核销'))).toHaveLength(2);
    const told = owner.chat.messages.at(-1)!;
    expect(told.text).toContain('可以重新核销');
    await town.press(owner, told, '重新查券');
    const fresh = owner.chat.messages.at(-1)!;
    await town.press(owner, fresh, '确认核销');
    expect(fresh.text).toContain('核销成功');
    expect(town.umember.books.used(code)).toHaveLength(1);
  });
});

describe('while nobody knows', () => {
  it('neither another press nor the code sent again reaches the platform', async () => {
    const town = await openTown();
    const { owner, code, card, confirm } = await lose(town, { kind: 'reset', applied: true });
    const calls = town.umember.arrivals.length;
    const [again] = await town.ask(owner, code);
    expect(again!.text).toContain('结果待确认');
    expect(labels(again!)).toEqual(['重新查券']);
    await town.press(owner, again!, '重新查券');
    owner.forges(card, confirm);
    await town.quiet();
    expect(town.umember.arrivals).toHaveLength(calls);
  });

  it('a platform that stays away is asked ever more rarely, and the result still comes', async () => {
    const town = await openTown();
    const { owner, card } = await lose(town, { kind: 'reset', applied: true });
    for (let n = 0; n < 3; n++) town.umember.fail('detail', { kind: 'gateway' });
    await wait(town, 10 * SECOND);
    isUnsure(card);
    const asked = town.umember.calls('detail');
    await wait(town, 2 * MINUTE, 5 * SECOND);
    expect(town.umember.calls('detail')).toBeLessThan(asked + 5);
    expect(card.text).toContain('核销成功');
    expect(texts(owner.chat).at(-1)).toContain('核销成功');
  });

  it('the summary counts it as 待确认 and not as money', async () => {
    const town = await openTown();
    const { owner } = await lose(town, { kind: 'reset', applied: true });
    const [summary] = await town.ask(owner, '/summary');
    expect(summary!.text).toContain('核销 0 张');
    expect(summary!.text).toContain('合计 ¥0.00');
    expect(summary!.text).toContain('待确认 1 张');
  });

  it('a settled card that cannot be edited any more is told as a new one', async () => {
    const town = await openTown();
    const { owner, card } = await lose(town, { kind: 'reset', applied: true });
    card.locked = true;
    town.later(SECOND);
    await town.tick();
    expect(card.text).toContain('结果待确认');
    expect(texts(owner.chat).filter((text) => text.includes('核销成功'))).toHaveLength(2);
  });
});

describe('a coupon that was looked at more than a minute before the press', () => {
  const lookedAtLongAgo = async (town: Town) => {
    const owner = await town.owner();
    const code = town.umember.books.coupon();
    const card = await town.card(owner, code);
    town.later(61 * SECOND);
    town.umember.fail('verify', { kind: 'reset', applied: true });
    await town.press(owner, card, '确认核销');
    isUnsure(card);
    town.later(SECOND);
    await town.tick();
    return { owner, code, card, told: owner.chat.messages.at(-1)! };
  };

  it('and is used now: somebody decides, and 是本次核销 makes it 核销成功 wherever it stands', async () => {
    const town = await openTown();
    const { owner, card, told } = await lookedAtLongAgo(town);
    expect(told.text).toContain('需要人工判断');
    expect(told.text).toContain('商家后台');
    expect(labels(told)).toEqual(['是本次核销', '不是']);
    expect(card.text).toContain('需要人工判断');
    await town.press(owner, told, '是本次核销');
    expect(told.text).toContain('核销成功');
    expect(card.text).toContain('核销成功');
    expect(card.buttons).toEqual([]);
    const [summary] = await town.ask(owner, '/summary');
    expect(summary!.text).toContain('核销 1 张');
    expect(summary!.text).toContain('合计 ¥49.00');
  });

  it('or 不是, once: the second answer changes nothing', async () => {
    const town = await openTown();
    const { owner, card, told } = await lookedAtLongAgo(town);
    owner.presses(told, '不是');
    owner.presses(card, '是本次核销');
    await town.quiet();
    for (const message of [told, card]) {
      expect(message.text).toContain('未核销');
      expect(message.text).toContain('人工判断');
      expect(message.text).not.toContain('没有被使用');
      expect(message.buttons).toEqual([]);
    }
    const [summary] = await town.ask(owner, '/summary');
    expect(summary!.text).toContain('核销 0 张');
    expect(summary!.text).toContain('未通过 1 次');
  });

  it('is not decided by somebody else', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const [helper, other] = [town.telegram.person('小李'), town.telegram.person('小张')];
    const group = await town.group(owner, [helper, other], '群内所有人');
    const card = await town.card(helper, town.umember.books.coupon(), group);
    town.later(61 * SECOND);
    town.umember.fail('verify', { kind: 'reset', applied: true });
    await town.press(helper, card, '确认核销');
    town.later(SECOND);
    await town.tick();
    expect(await town.press(other, card, '是本次核销')).toContain('只有店主或核销人');
    expect(card.text).toContain('需要人工判断');
    await town.press(helper, card, '是本次核销');
    expect(card.text).toContain('核销成功');
  });
});

it('whoever was removed from the staff decides nothing any more, not even about his own', async () => {
  const town = await openTown();
  const owner = await town.owner();
  const helper = await town.staff(owner);
  const card = await town.card(helper);
  town.later(61 * SECOND);
  town.umember.fail('verify', { kind: 'reset', applied: true });
  await town.press(helper, card, '确认核销');
  town.later(SECOND);
  await town.tick();
  await town.press(owner, (await town.ask(owner, '/staff'))[0]!, '移除 小李');
  expect(await town.press(helper, card, '是本次核销')).toContain('只有店主或核销人');
  expect(card.text).toContain('需要人工判断');
});

it('after a day without any answer somebody decides: nothing stays open for ever', async () => {
  const town = await openTown();
  const { card } = await lose(town, { kind: 'reset', applied: true });
  for (let n = 0; n < 100; n++) town.umember.fail('detail', { kind: 'gateway' });
  await wait(town, DAY + 2 * 30 * MINUTE, 30 * MINUTE);
  expect(card.text).toContain('需要人工判断');
});
