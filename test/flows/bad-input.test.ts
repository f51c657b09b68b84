import { describe, expect, it } from 'vitest';
import { openHarness, texts } from './harness.ts';

const MEGABYTE = 1_000_000;

describe('a message of any kind', () => {
  it.each([
    ['a megabyte of digits', '7'.repeat(MEGABYTE)],
    ['a megabyte of groups', '1234 '.repeat(MEGABYTE / 5)],
    ['a megabyte of letters', '核'.repeat(MEGABYTE)],
    ['a megabyte of blanks and a word', `${' '.repeat(MEGABYTE)}x`],
    ['emoji', '👨‍👩‍👧‍👦🎫🎫🎫'],
    ['marks that turn the text round', '\u202E0158082330\u202C'],
    ['HTML', '<b>0332</b><script>alert(1)</script>&nbsp;'],
    ['nulls', '\0\0\0'],
    ['half of a character', '\uD83D'],
    ['a template', '${{7*7}} {{x}} %s %n'],
    ['SQL', "'; drop table verification; --"],
  ])('%s: is answered in a word, and the bot works on', async (_, text) => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const said = await bot.ask(owner, text);
    expect(said.length).toBeLessThanOrEqual(1);
    for (const message of said) expect(message.text.length).toBeLessThan(200);
    await bot.press(owner, await bot.card(owner), '确认核销');
    expect(texts(owner.chat).at(-1)).toContain('核销成功');
    expect(bot.faults).toEqual([]);
  });

  it.each(['/history', '/summary', '/undo', '/report', '/start', '/help', '/bind', '/cancel', '记录'])(
    '%s with rubbish behind it has an answer',
    async (command) => {
      const bot = await openHarness();
      const owner = await bot.owner();
      for (const rubbish of ['\u202E', '%', '_'.repeat(400), '<a href="', '-1', '9'.repeat(30), '99-99', '\0x', '😀'])
        for (const message of await bot.ask(owner, `${command} ${rubbish}`)) expect(message.text).not.toContain('抱歉');
      expect(bot.faults).toEqual([]);
    },
  );

  it.each(['http://dpurl.cn/AbCd123', '看这个 https://www.dianping.com/shop/1234567890'])(
    'a link without a code says so: %s',
    async (link) => {
      const bot = await openHarness();
      const owner = await bot.owner();
      expect((await bot.ask(owner, link))[0]!.text).toBe('这个链接里没有券码，请发送券码数字。');
      expect((await bot.ask(owner, '你好'))[0]!.text).toContain('发送券码就能核销');
    },
  );

  it('a link of Douyin is called one, and the digits are asked for', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const [answer] = await bot.ask(owner, '复制打开抖音，看看【团购】 https://v.douyin.com/iAbCdE/ 1@3.com');
    expect(answer!.text).toMatch(/^这是抖音的券链接.*请发送券上印的数字/);
  });

  it('names of any kind are shown as they are', async () => {
    const bot = await openHarness();
    for (const name of ['\u202Eevil', '<b>', '👨‍👩‍👧', 'a'.repeat(255), ' ', '*_`[']) {
      const owner = bot.telegram.person(name);
      await bot.bind(owner);
      const card = await bot.card(owner);
      await bot.press(owner, card, '确认核销');
      expect(card.text).toContain('核销成功');
      expect((await bot.ask(owner, '/history')).length).toBeGreaterThan(0);
      await bot.ask(owner, '/summary');
    }
    expect(bot.faults).toEqual([]);
  });
});

it('neither a name nor a title turns the amount beside it round', async () => {
  const bot = await openHarness();
  const owner = bot.telegram.person('\u202Eevil\u2067');
  await bot.bind(owner);
  const code = bot.umember.books.coupon({ yuan: '49.00', title: '\u202E畅玩' });
  await bot.press(owner, await bot.card(owner, code), '确认核销');
  const [summary] = await bot.ask(owner, '/summary');
  expect(summary!.text).toMatch(/^· evil × 1　¥49\.00$/m);
  expect(summary!.text).toMatch(/^· 畅玩 × 1　¥49\.00$/m);
  expect(texts(owner.chat).join()).not.toMatch(/\p{Bidi_Control}/u);
});

describe('a press with forged data', () => {
  it('of any kind does nothing, and is answered', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const card = await bot.card(owner);
    const [verb, id] = card.buttons[0]![0]!.data.split(':');
    const forged = [
      '',
      'x',
      'use',
      'use:',
      `use:${'a'.repeat(60)}`,
      'use:nothing-1',
      `${verb}:${id!.replace(/-1$/, '-0')}`,
      `${verb}:${id!.replace(/-1$/, '-2')}`,
      `${verb}:${id!.replace(/-1$/, '-99999999999')}`,
      `${verb}:${id!.replace(/-1$/, '')}`,
      `${verb}:${id!.replace(/-1$/, '-1e0')}`,
      'use:__proto__-1',
      'constructor:x',
      'toString:x',
      '__proto__:x',
      'find:x-0',
      'bind-store:x-0',
      'report:nothing',
      'staff-remove:nothing',
      'staff-invite:nothing',
      'undo-yes:nothing',
      'was-us:nothing',
      'language:xx',
      '{"verb":"use"}',
      '\0',
      '核销:1',
    ];
    for (const data of forged) {
      const press = owner.forges(card, data);
      await bot.quiet();
      await bot.telegram.answered(press);
    }
    expect(card.text).toContain('未使用');
    expect(bot.umember.calls('verify')).toBe(0);
    expect(bot.faults).toEqual([]);
    await bot.press(owner, card, '确认核销');
    expect(card.text).toContain('核销成功');
  });

  it('somebody else’s cards, staff and reports cannot be reached with it', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const card = await bot.card(owner);
    const [list] = await bot.ask(owner, '/staff');
    const rival = await bot.learner('李四');
    const [home] = await bot.ask(rival, '/help');
    for (const { data } of [...card.buttons.flat(), ...list!.buttons.flat()]) {
      // Shows whoever presses his own accounts.
      if (data === 'link:all') continue;
      const press = rival.forges(home!, data);
      expect([data, (await bot.telegram.answered(press)).alert]).toEqual([data, true]);
    }
    const store = await bot.database.db.selectFrom('store').select('id').where('external_id', '=', '5').executeTakeFirstOrThrow();
    const press = rival.forges(home!, `report:${store.id}`);
    expect((await bot.telegram.answered(press)).text).toContain('只有店主');
    expect(card.text).toContain('未使用');
    expect(bot.umember.calls('verify')).toBe(0);
  });
});

describe('a platform that answers what nobody knows', () => {
  const BODIES = [
    'null',
    '[]',
    '"yes"',
    '{}',
    '{"code":"10000","data":{}}',
    '{"code":10000}',
    '{"code":10000,"data":[]}',
    '{"code":10000,"data":{"status":7}}',
    '{"code":10000,"data":{"status":"未使用","sku_name":null,"price":"NaN"}}',
    '{"code":10000,"data":{"status":{"a":1},"sku_name":["x"]}}',
    '{"code":10000,"data":{"verify_success":"true"}}',
    '{"__proto__":{"code":10000}}',
    `{"code":10000,"msg":${JSON.stringify('长'.repeat(100_000))},"data":null}`,
    `{"code":50000,"msg":"<b>http://evil.example/ ${'x'.repeat(5000)}</b>"}`,
    '\u0000',
    '{"code":1e999}',
    '['.repeat(50_000),
  ];
  it.each(BODIES.map((body) => [body.slice(0, 50), body] as const))('%s: never 成功, and no fault of ours', async (_, body) => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const card = await bot.card(owner);
    bot.umember.fail('detail', { kind: 'words', words: body });
    bot.umember.fail('verify', { kind: 'words', words: body, applied: false });
    const said = await bot.ask(owner, '0332999999');
    expect(said).toHaveLength(1);
    expect(said[0]!.text).not.toContain('evil');
    expect(said[0]!.text.length).toBeLessThan(400);
    await bot.press(owner, card, '确认核销');
    expect(card.text).not.toContain('成功');
    expect(card.text).toMatch(/结果待确认|平台没有明确答复|平台繁忙|授权已过期/);
    expect(bot.faults).toEqual([]);
  });
});
