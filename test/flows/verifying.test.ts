import { describe, expect, it } from 'vitest';
import { labels, MINUTE, openHarness, texts } from './harness.ts';

describe('a code in Telegram', () => {
  it('becomes a card with what the coupon is, and one tap verifies it', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const card = await bot.card(owner, code);
    expect(card.text).toContain('开业特惠通用畅玩4小时');
    expect(card.text).toContain(`券码：${code}`);
    expect(card.text).toContain('售价：¥49.00');
    expect(card.text).toContain('门店：大声發24小时自助棋牌室5');
    expect(card.text).toContain('状态：未使用');
    expect(card.text).not.toContain('可用次数');
    expect(labels(card)).toEqual(['确认核销', '取消']);

    const press = owner.presses(card, '确认核销');
    await owner.chat.shows('核销成功');
    expect(card.text).toContain('核销成功');
    expect(card.text).toContain('核销人：王老板');
    expect(card.text).toContain('时间：2026-11-22 18:30');
    expect(card.text).toContain('金额：¥49.00');
    expect(card.buttons).toEqual([]);
    expect((await bot.telegram.answered(press)).alert).toBe(false);
    expect(bot.umember.books.used(code)).toHaveLength(1);
    expect(bot.faults).toEqual([]);
  });

  it('shows until when it is valid and whose phone it was bought with, where the platform tells', async () => {
    const bot = await openHarness();
    bot.umember.shape.flavour = 'rich';
    bot.umember.shape.ids = 'string';
    const owner = await bot.owner();
    const card = await bot.card(
      owner,
      bot.umember.books.coupon({ yuan: '59.90', until: Date.parse('2026-12-31T23:59:59+08:00') }),
    );
    expect(card.text).toContain('售价：¥59.90');
    expect(card.text).toContain('有效期：至 2026-12-31 23:59');
    expect(card.text).toContain('手机号：151****9212');
    await bot.press(owner, card, '确认核销');
    expect(card.text).toContain('核销成功');
    expect(card.text).toContain('¥59.90');
  });

  it('says 处理中 before the platform has answered, and 成功 only after', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const card = await bot.card(owner);
    bot.umember.fail('verify', { kind: 'late', ms: 100 });
    const press = owner.presses(card, '确认核销');
    await owner.chat.shows('处理中');
    expect(card.text).not.toContain('成功');
    expect(card.buttons).toEqual([]);
    await bot.telegram.answered(press);
    await owner.chat.shows('核销成功');
    expect(card.edits).toBe(2);
  });

  it('is left unused by 取消', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const card = await bot.card(owner, code);
    await bot.press(owner, card, '取消');
    expect(card.text).toContain('已取消');
    expect(card.buttons).toEqual([]);
    expect(bot.umember.calls('verify')).toBe(0);
    expect((await bot.card(owner, code)).text).toContain('未使用');
  });

  it('keeps its leading zeros and is understood in groups of digits', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon({ code: '0109760017' });
    owner.says('0109 7600 17');
    const card = await owner.chat.shows('0109760017');
    await bot.press(owner, card, '确认核销');
    expect(bot.umember.books.used(code)).toHaveLength(1);
  });
});

describe('a coupon that cannot be used is refused by a card: why in one line, and the end of the code', () => {
  const refusal = async (prepare: (books: Awaited<ReturnType<typeof openHarness>>['umember']['books']) => string) => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = prepare(bot.umember.books);
    const said = await bot.ask(owner, code);
    expect(said).toHaveLength(1);
    expect(said[0]!.text).toMatch(/^❌ \S.*\n券码：尾号 \d{4}(?:\n\n.+)?$/);
    expect(said[0]!.text).not.toContain(code);
    expect(said[0]!.text).toContain(code.slice(-4));
    expect(said[0]!.buttons).toEqual([]);
    expect(bot.umember.calls('verify')).toBe(0);
    return said[0]!.text;
  };

  it('已核销', async () => {
    const text = await refusal((books) => {
      const code = books.coupon();
      books.useElsewhere(code);
      return code;
    });
    expect(text).toContain('已核销');
  });

  it.each([
    ['已过期', { until: Date.parse('2026-11-01T00:00:00+08:00') }],
    ['已退款', { fate: '已退款' }],
    ['已冻结', { fate: '作弊已冻结' }],
    ['非本店', { store: 77 }],
  ])('%s', async (word, seed) => {
    expect(await refusal((books) => books.coupon(seed))).toContain(word);
  });

  it('券码不存在', async () => expect(await refusal(() => '9999999990')).toContain('券码不存在'));

  it('授权已过期, when the platform does not take the password any more', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    bot.umember.endLogins();
    bot.umember.books.account('owner@example.com', 'changed');
    const [said, ...more] = await bot.ask(owner, bot.umember.books.coupon());
    expect(more).toEqual([]);
    expect(said!.text).toContain('授权已过期');
    expect(said!.text).toContain('/bind');
  });

  it('授权已过期, when the shop has to be authorised anew', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    bot.umember.books.shops.get(5)!.status = 3;
    const [said] = await bot.ask(owner, bot.umember.books.coupon());
    expect(said!.text).toContain('授权已过期');
  });

  it('验券次数已用完, when the merchant has to top up', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    bot.umember.books.shops.get(5)!.requests = 0;
    const [said] = await bot.ask(owner, bot.umember.books.coupon());
    expect(said!.text).toContain('验券次数已用完');
  });

  it.each(['gateway', 'reset', 'error', 'cut', 'html'] as const)(
    'a lookup that ends in %s says so, and the code can be sent again',
    async (kind) => {
      const bot = await openHarness();
      const owner = await bot.owner();
      const code = bot.umember.books.coupon();
      bot.umember.fail('detail', { kind });
      const [said, ...more] = await bot.ask(owner, code);
      const nonsense = kind === 'html' || kind === 'cut';
      expect(said!.text).toContain(nonsense ? '平台没有正常答复，请稍后再试' : '连不上平台');
      expect(more).toEqual([]);
      await bot.press(owner, said!, '重新查券');
      expect(owner.chat.messages.at(-1)!.text).toContain('未使用');
      expect((await bot.card(owner, code)).text).toContain('未使用');
      expect(bot.faults).toEqual([]);
    },
  );

  it('at the press, used a moment before: it may be our own use, so nobody is told 已核销 or 成功', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const card = await bot.card(owner, code);
    bot.later(MINUTE);
    bot.umember.books.useElsewhere(code);
    await bot.press(owner, card, '确认核销');
    expect(card.text).toContain('结果待确认');
    expect(card.text).toContain('此券号已于 2026-11-22 18:31:00 被消费');
    expect(card.text).not.toContain('成功');
  });

  it.each([
    ['已过期', '该券已过期'],
    ['已退款', '券码正在退款中'],
    ['次数不足', '剩余可用次数不足'],
    ['非本店', '券码无效或不属于当前门店'],
    ['平台风控', '触发风控，请联系客服'],
  ])('at the press: %s', async (word, words) => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const card = await bot.card(owner);
    bot.umember.fail('verify', { kind: 'false', words });
    await bot.press(owner, card, '确认核销');
    expect(card.text).toContain(word);
    expect(card.text).not.toContain('成功');
    expect(texts(owner.chat).at(-1)).toBe(card.text);
  });

  it('a platform that is busy did nothing, and the same card offers another try', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const card = await bot.card(owner, code);
    bot.umember.fail('verify', { kind: 'busy' });
    await bot.press(owner, card, '确认核销');
    expect(card.text).toContain('平台繁忙');
    await bot.press(owner, card, '重新查券');
    await bot.press(owner, await owner.chat.shows('确认核销'), '确认核销');
    expect(bot.umember.books.used(code)).toHaveLength(1);
  });
});

describe('a press', () => {
  it('a second time shows the same settled card', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const card = await bot.card(owner, code);
    const [first, second] = [owner.presses(card, '确认核销'), owner.presses(card, '确认核销')];
    await bot.quiet();
    await Promise.all([bot.telegram.answered(first), bot.telegram.answered(second)]);
    expect(card.text).toContain('核销成功');
    expect(texts(owner.chat).filter((text) => text.includes('核销成功'))).toHaveLength(1);
    expect(bot.umember.calls('verify')).toBe(1);
  });

  it('on 取消 after 确认核销 changes nothing', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const card = await bot.card(owner);
    owner.presses(card, '确认核销');
    owner.presses(card, '取消');
    await bot.quiet();
    expect(card.text).toContain('核销成功');
  });

  it('on a card older than a quarter of an hour asks for the code again', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const card = await bot.card(owner);
    bot.later(15 * MINUTE + 1);
    expect(await bot.press(owner, card, '确认核销')).toContain('重新发送券码');
    expect(bot.umember.calls('verify')).toBe(0);
  });

  it('on the card of a store that was unbound since counts by the person’s right, not by the chat', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const helper = await bot.staff(owner);
    const code = bot.umember.books.coupon();
    const card = await bot.card(helper, code);
    helper.says('/unbind');
    await bot.press(helper, await helper.chat.shows('确定解绑'), '确定解绑');
    await bot.press(helper, card, '确认核销');
    expect(bot.umember.books.used(code)).toHaveLength(1);
  });

  it('on a card of the same coupon in another chat says 已核销, when and by whom', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const helper = await bot.staff(owner);
    const code = bot.umember.books.coupon();
    const mine = await bot.card(owner, code);
    const theirs = await bot.card(helper, code);
    await bot.press(owner, mine, '确认核销');
    bot.later(MINUTE);
    await bot.press(helper, theirs, '确认核销');
    expect(theirs.text).toContain('已核销');
    expect(theirs.text).toContain('2026-11-22 18:30');
    expect(theirs.text).toContain('王老板');
    expect(theirs.text).not.toContain('成功');
    expect(bot.umember.calls('verify')).toBe(1);
  });

  it('while another card of the same coupon is at work waits with it, and can look again', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const helper = await bot.staff(owner);
    const code = bot.umember.books.coupon();
    const mine = await bot.card(owner, code);
    const theirs = await bot.card(helper, code);
    bot.umember.fail('verify', { kind: 'late', ms: 150 });
    owner.presses(mine, '确认核销');
    await owner.chat.shows('处理中');
    helper.presses(theirs, '确认核销');
    await helper.chat.shows('处理中');
    await owner.chat.shows('核销成功');
    await bot.press(helper, theirs, '重新查券');
    expect(texts(helper.chat).at(-1)).toContain('已核销');
    expect(bot.umember.books.used(code)).toHaveLength(1);
  });

  it('of the same code sent again after it was verified needs no call: 已核销', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    await bot.press(owner, await bot.card(owner, code), '确认核销');
    const calls = bot.umember.arrivals.length;
    bot.later(9 * MINUTE);
    const [said] = await bot.ask(owner, code);
    expect(said!.text).toContain('已核销');
    expect(said!.text).toContain('2026-11-22 18:30');
    expect(bot.umember.arrivals).toHaveLength(calls);
    // Later it may have been taken back outside, so the platform is asked.
    bot.later(MINUTE);
    expect((await bot.ask(owner, code))[0]!.text).toContain('2026-11-22 18:30');
    expect(bot.umember.arrivals).toHaveLength(calls + 1);
  });
});
