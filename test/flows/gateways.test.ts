/** Allinpay, Dianping and Meituan in the chat: bound in their own ways, several at one store, items one by one, undone, and watched. */
import { describe, expect, it } from 'vitest';
import { KEY } from '../doubles/allinpay.ts';
import type { FakeMessage, FakePerson } from '../doubles/telegram.ts';
import { DAY, HOUR, labels, MINUTE, openHarness, SECOND, texts, type Harness } from './harness.ts';

const open = () => openHarness({ gateways: true });

/** Starts binding and chooses a platform. */
async function choose(bot: Harness, owner: FakePerson, platform: string): Promise<FakeMessage> {
  let [asked] = await bot.ask(owner, '/bind');
  if (labels(asked!).includes('使用新账号')) {
    await bot.press(owner, asked!, '使用新账号');
    asked = owner.chat.messages.at(-1);
  }
  await bot.press(owner, asked!, platform);
  return owner.chat.messages.at(-1)!;
}

async function bindAllinpay(bot: Harness, owner: FakePerson): Promise<FakeMessage> {
  await choose(bot, owner, '通联 Allinpay');
  for (const answer of ['1234567890', KEY, '147', '星巴克光华店']) await bot.ask(owner, answer);
  return (await bot.ask(owner, 'liangqi')).at(-1)!;
}

async function bindDianping(bot: Harness, owner: FakePerson): Promise<FakeMessage> {
  await bot.authorises(await choose(bot, owner, '大众点评'));
  return owner.chat.messages.at(-1)!;
}

const owner = (bot: Harness) => bot.telegram.person('王老板');
const undoOf = (card: FakeMessage): string => labels(card).find((label) => label.startsWith('撤销')) ?? 'no 撤销';

describe('通联 Allinpay', () => {
  it('is bound by answering five questions; the key’s message is deleted', async () => {
    const bot = await open();
    const wang = owner(bot);
    const done = await bindAllinpay(bot, wang);
    expect(done.text).toContain('已绑定「星巴克光华店」');
    expect(wang.chat.messages.map(({ text }) => text)).not.toContain(KEY);
    expect(bot.gateways.allinpay.asked('verifyHistory')).toHaveLength(1);
    expect(bot.faults).toEqual([]);
  });

  it('that refuses the key says its code and words, and asks again', async () => {
    const bot = await open();
    const wang = owner(bot);
    await choose(bot, wang, '通联 Allinpay');
    for (const answer of ['1234567890', 'wrong-key', '147', '星巴克光华店']) await bot.ask(wang, answer);
    const said = (await bot.ask(wang, 'liangqi')).at(-1)!;
    expect(said.text).toContain('平台没有接受这些信息');
    expect(labels(said)).toEqual(['重新输入', '取消', '改应用编号', '改店铺号', '改门店名称', '改核销人']);
  });

  it('that refused the key asks for nothing but the key again, and deletes it', async () => {
    const bot = await open();
    const wang = owner(bot);
    await choose(bot, wang, '通联 Allinpay');
    for (const answer of ['1234567890', 'wrong-key', '147', '星巴克光华店', 'liangqi']) await bot.ask(wang, answer);
    const key = wang.says(KEY);
    await bot.quiet();
    expect(key.deleted).toBe(true);
    expect(texts(wang.chat).at(-1)).toContain('已绑定「星巴克光华店」');
  });

  it('lets one answer be changed, and asks for the key after it', async () => {
    const bot = await open();
    const wang = owner(bot);
    await choose(bot, wang, '通联 Allinpay');
    for (const answer of ['1234567890', 'wrong-key', '147', '错店名', 'liangqi']) await bot.ask(wang, answer);
    await bot.press(wang, wang.chat.messages.at(-1)!, '改门店名称');
    expect(texts(wang.chat).at(-1)).toContain('请发送门店名称');
    const [key] = await bot.ask(wang, '星巴克光华店');
    expect(key!.text).toContain('请发送签名密钥');
    await bot.ask(wang, KEY);
    expect(texts(wang.chat).at(-1)).toContain('已绑定「星巴克光华店」');
  });

  it('takes digits for what it asks, not for a coupon', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bindAllinpay(bot, wang);
    await choose(bot, wang, '通联 Allinpay');
    for (const [answer, next] of [
      ['0332808512', '签名密钥'],
      ['0332808512', 'shopId'],
      ['1234567890', '门店名称'],
    ] as const)
      expect((await bot.ask(wang, answer)).at(-1)!.text).toContain(next);
    const [told, again] = await bot.ask(wang, '0332808512');
    expect(told!.text).toContain('券码不存在');
    expect(again!.text).toContain('门店名称');
  });

  it('sells at four places: the code tells which is asked', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bindAllinpay(bot, wang);
    const { books, asked } = bot.gateways.allinpay;
    const douyin = books.coupon({ type: 'tiktok', code: '104686126200130', title: '抖音双人餐' });
    const card = await bot.card(wang, douyin);
    expect(card.text).toContain('抖音双人餐');
    expect(asked('prepare').map(({ type }) => type)).toEqual(['tiktok']);
    await bot.press(wang, card, '确认核销');
    expect(card.text).toContain('核销成功');
    expect(undoOf(card)).toBe('撤销（还剩 60 分钟）');
    expect(books.used(douyin)).toBe(1);
  });

  it('asks which is meant where twelve digits are a coupon of two markets', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bindAllinpay(bot, wang);
    const { books } = bot.gateways.allinpay;
    const code = '104686126200';
    books.coupon({ type: 'tiktok', code, title: '抖音双人餐', yuan: '59.90' });
    books.coupon({ type: 'meituan', code, title: '美团双人餐', yuan: '49.00' });
    const [question] = await bot.ask(wang, code);
    expect(question!.text).toContain('查到 2 张券');
    expect(labels(question!).map((label) => label.split(' · ')[0])).toEqual(['美团餐饮', '抖音']);
    await bot.press(wang, question!, labels(question!)[1]!);
    const card = wang.chat.messages.at(-1)!;
    expect(card.text).toContain('抖音双人餐');
    await bot.press(wang, card, '确认核销');
    expect(bot.gateways.allinpay.asked('consume').map(({ type }) => type)).toEqual(['tiktok']);
  });

  it('promises no time where nobody names one, and takes back all the same', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bindAllinpay(bot, wang);
    const code = bot.gateways.allinpay.books.coupon({ type: 'meituan', code: '013541450619' });
    const card = await bot.card(wang, code);
    await bot.press(wang, card, '确认核销');
    expect(undoOf(card)).toBe('撤销');
    await bot.press(wang, card, '撤销');
    expect(card.text).toContain('平台没有说明撤销时限');
    await bot.press(wang, card, '确认撤销');
    expect(card.text).toContain('已撤销');
  });

  it('uses some of several Douyin coupons behind one code, and the rest later', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bindAllinpay(bot, wang);
    const { books } = bot.gateways.allinpay;
    const code = books.coupon({ type: 'tiktok', code: '104686126200130', times: [2, 3], yuan: '30.00' });
    const card = await bot.card(wang, code);
    await bot.press(wang, card, '核销 3 张');
    expect(card.text).toContain('核销成功');
    const rest = await bot.card(wang, code);
    expect(rest.text).toContain('可用次数：2');
    await bot.press(wang, rest, '核销 2 张');
    expect(rest.text).toContain('核销成功');
    expect(books.used(code)).toBe(5);
    expect((await bot.ask(wang, code))[0]!.text).toContain('已核销');
    expect((await bot.ask(wang, '/summary'))[0]!.text).toContain('核销 5 张');
  });

  it('that still finds a coupon usable whose time is over is left to say so; the card warns', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bindAllinpay(bot, wang);
    const { books, fail } = bot.gateways.allinpay;
    const data = { couponName: '旧券', couponBuyPrice: '0.1', initAmount: 1, validityEndDate: '2026-11-21' };
    fail('prepare', { kind: 'words', words: JSON.stringify({ code: 0, data }) });
    const card = await bot.card(wang, books.coupon({ type: 'mtdz' }));
    expect(card.text).toContain('状态：未使用 · 已过期');
    expect(labels(card)).toContain('确认核销');
  });

  it('reads a Douyin link by what it leads to', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bindAllinpay(bot, wang);
    bot.gateways.douyin.link('v.douyin.com/iRNBho5/', { to: 'https://www.iesdouyin.com/share/?object_id=CgYIASAHKAESLgosk4Hd' });
    bot.gateways.allinpay.books.coupon({ type: 'tiktok', code: 'CgYIASAHKAESLgosk4Hd', title: '抖音双人餐' });
    const [card] = await bot.ask(wang, '8.43 复制打开抖音 https://v.douyin.com/iRNBho5/ 看看');
    expect(card!.text).toContain('抖音双人餐');
    await bot.press(wang, card!, '确认核销');
    expect(card!.text).toContain('核销成功');
    const [no] = await bot.ask(wang, 'https://v.douyin.com/other/');
    expect(no!.text).toContain('抖音的券链接');
  });

  it('takes no stranger’s link for Douyin’s, whatever it carries', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bindAllinpay(bot, wang);
    bot.gateways.allinpay.books.coupon({ type: 'tiktok', code: 'CgYIASAHKAESLgosk4Hd', title: '抖音双人餐' });
    const before = bot.gateways.allinpay.asked('prepare').length;
    for (const link of ['https://evil.com/?object_id=CgYIASAHKAESLgosk4Hd', 'evil-douyin.com/?object_id=CgYIASAHKAESLgosk4Hd']) {
      const [no] = await bot.ask(wang, link);
      expect(no!.text).not.toContain('抖音双人餐');
    }
    expect(bot.gateways.allinpay.asked('prepare')).toHaveLength(before);
    expect(bot.gateways.douyin.asked).toEqual([]);
  });

  it('has figures, deals and a list of its own, told under its name', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bindAllinpay(bot, wang);
    const { books } = bot.gateways.allinpay;
    const code = books.coupon({ type: 'mtdz' });
    const card = await bot.card(wang, code);
    await bot.press(wang, card, '确认核销');
    expect((await bot.ask(wang, '/stats 7'))[0]!.text).toMatch(/通联 Allinpay\n最近 7 天\n团购消费额 ¥/);
    expect((await bot.ask(wang, '/stats 9'))[0]!.text).toContain('“/stats 近7天”');
    expect((await bot.ask(wang, '商品'))[0]!.text).toContain('通联 Allinpay\n· ');
    const [history] = await bot.ask(wang, '/history');
    await bot.press(wang, history!, '平台记录 11-22');
    expect(wang.chat.messages.at(-1)!.text).toContain(code);
    expect(wang.chat.messages.at(-1)!.text).toContain('其中 0 条不是在这里核销的');
  });
});

describe('大众点评', () => {
  it('is bound on its own page, by a link that is good for one use, and lists all its shops', async () => {
    const bot = await open();
    const wang = owner(bot);
    for (let n = 1; n < 25; n += 1) bot.gateways.meituan.books.shop();
    const link = await choose(bot, wang, '大众点评');
    expect(link.text).toContain('10 分钟内');
    expect(await bot.authorises(link)).toContain('已收到授权');
    expect(labels(wang.chat.messages.at(-1)!)).toHaveLength(9);
    await bot.press(wang, wang.chat.messages.at(-1)!, '访庭空间（万达2号店）');
    expect(wang.chat.messages.at(-1)!.text).toContain('已绑定「访庭空间（万达2号店）」');
    expect(await bot.authorises(link)).toContain('已失效或已用过');
    expect(bot.faults).toEqual([]);
  });

  it('forgets a link after ten minutes, and takes no word that it did not give', async () => {
    const bot = await open();
    const wang = owner(bot);
    const link = await choose(bot, wang, '大众点评');
    bot.later(11 * MINUTE);
    expect(await bot.authorises(link)).toContain('已失效或已用过');
    for (const query of ['', 'state=guess&auth_code=1', `state=${'a'.repeat(32)}&auth_code=1`])
      expect((await fetch(`${bot.publicUrl}/oauth/dianping?${query}`)).status).toBe(400);
    expect((await fetch(`${bot.publicUrl}/oauth/umember?state=x`)).status).toBe(404);
    expect(texts(wang.chat).join()).not.toContain('已绑定');
  });

  it('whose authorisation is refused over there can be tried again with a new link', async () => {
    const bot = await open();
    const wang = owner(bot);
    const link = await choose(bot, wang, '大众点评');
    bot.gateways.meituan.fail('token', { kind: 'no', words: 'auth_code已过期' });
    await bot.authorises(link);
    const said = wang.chat.messages.at(-1)!;
    expect(said.text).toContain('平台没有接受这次授权');
    await bot.press(wang, said, '再试一次');
    await bot.authorises(wang.chat.messages.at(-1)!);
    expect(wang.chat.messages.at(-1)!.text).toContain('已绑定');
  });

  it('uses several coupons of one order at a press, tells each, and takes one back or all', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bindDianping(bot, wang);
    const { books } = bot.gateways.meituan;
    const [first = '', second = '', third = ''] = books.order(3);
    const card = await bot.card(wang, first);
    expect(card.text).toContain('可用次数：3');
    await bot.press(wang, card, '核销 3 张');
    expect(card.text).toContain('核销成功');
    expect(card.text).toContain('次数：3 张');
    expect(card.text).toContain('金额：¥149.70');
    for (const code of [first, second, third]) {
      expect(card.text).toContain(`${code.slice(0, 4)} ${code.slice(4, 8)} ${code.slice(8)} · ¥49.90 · 核销成功`);
      expect(books.used(code)).toHaveLength(1);
    }
    await bot.press(wang, card, undoOf(card));
    expect(labels(card)).toContain('全部撤销（3 张）');
    const spaced = (code: string) => `${code.slice(0, 4)} ${code.slice(4, 8)} ${code.slice(8)}`;
    await bot.press(wang, card, `撤销 ${spaced(second)}`);
    expect(card.text).toContain(`${spaced(second)} · ¥49.90 · 已撤销`);
    expect(card.text).toContain('次数：2 张');
    expect((await bot.ask(wang, '/summary'))[0]!.text).toMatch(/核销 2 张\n合计 ¥99\.80\n撤销 1 张（¥49\.90）/);
    await bot.press(wang, card, undoOf(card));
    await bot.press(wang, card, '全部撤销（2 张）');
    expect(card.text).toContain('已撤销');
    expect((await bot.ask(wang, '/summary'))[0]!.text).toMatch(/核销 0 张\n合计 ¥0\.00\n撤销 3 张（¥149\.70）/);
    expect(bot.faults).toEqual([]);
  });

  it('an owner who agrees to an undo of several chooses which, and takes them back himself', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bindDianping(bot, wang);
    const [li, zhang] = [await bot.staff(wang), await bot.staff(wang, '小张')];
    const codes = bot.gateways.meituan.books.order(3);
    const card = await bot.card(li, codes[0]);
    await bot.press(li, card, '核销 3 张');
    const [offer] = await bot.ask(zhang, `/undo ${codes[0]}`);
    await bot.press(zhang, offer!, '请店主同意');
    await bot.tick('outbox');
    const question = wang.chat.messages.at(-1)!;
    await bot.press(wang, question, '同意并撤销');
    await bot.press(wang, question, '全部撤销（3 张）');
    for (const shown of [question, card]) expect(shown.text.match(/· (已撤销|核销成功)/g)).toEqual(Array(3).fill('· 已撤销'));
    await bot.tick('outbox');
    expect(zhang.chat.messages.at(-1)!.text).toContain('王老板 同意了 小张 撤销');
    expect(bot.faults).toEqual([]);
  });

  it('takes back no more once somebody lost the right to: what was begun ends, and the card says so', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bindDianping(bot, wang);
    const helper = await bot.staff(wang);
    const { books } = bot.gateways.meituan;
    const codes = books.order(3);
    const card = await bot.card(helper, codes[0]);
    await bot.press(helper, card, '核销 3 张');
    await bot.press(helper, card, undoOf(card));
    const [list] = await bot.ask(wang, '/staff');
    await bot.press(wang, list!, '移除 小李');
    bot.gateways.meituan.fail('reverseconsume', { kind: 'late', ms: 1, heldMs: 500 });
    helper.presses(card, '全部撤销（3 张）');
    await expect.poll(() => bot.gateways.meituan.calls('reverseconsume')).toBe(1);
    await bot.press(wang, await wang.chat.shows('移除 小李？'), '确定移除');
    await bot.quiet();
    expect(bot.gateways.meituan.calls('reverseconsume')).toBe(1);
    expect(card.text.match(/· (已撤销|核销成功)/g)).toEqual(['· 已撤销', '· 核销成功', '· 核销成功']);
    expect((await bot.ask(wang, '/summary'))[0]!.text).toMatch(/核销 2 张\n合计 ¥99\.80\n撤销 1 张（¥49\.90）/);
  });

  it('tells whoever took it back elsewhere what became of a lost answer, as well as the chat where it was verified', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bindDianping(bot, wang);
    const helper = await bot.staff(wang);
    const [code = ''] = bot.gateways.meituan.books.order(1);
    const card = await bot.card(helper, code);
    await bot.press(helper, card, '确认核销');
    const [question] = await bot.ask(wang, '/undo');
    bot.gateways.meituan.fail('reverseconsume', { kind: 'reset', applied: true });
    await bot.press(wang, question!, '确认撤销');
    expect(question!.text).toContain('有结果会自动告知');
    for (let n = 0; n < 5; n += 1) {
      bot.later(4 * SECOND);
      await bot.tick();
    }
    expect(card.text).toContain('已撤销');
    for (const { chat } of [wang, helper])
      expect(texts(chat).filter((text) => text.startsWith(`尾号 ${code.slice(-4)} 的券：已撤销`))).toHaveLength(1);
  });

  it('changes the code of what is taken back: the old one says so, and leads to the new one once that was seen', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bindDianping(bot, wang);
    const { books } = bot.gateways.meituan;
    const [code = ''] = books.order(1);
    const card = await bot.card(wang, code);
    await bot.press(wang, card, '确认核销');
    bot.later(MINUTE);
    await bot.press(wang, card, undoOf(card));
    await bot.press(wang, card, '确认撤销');
    expect(card.text).toContain('请刷新券，用新的券码');
    const [old] = await bot.ask(wang, code);
    expect(old!.text).toContain('已撤销');
    const fresh = [...books.tickets.keys()].at(-1)!;
    expect(fresh).not.toBe(code);
    await bot.card(wang, fresh);
    const [linked] = await bot.ask(wang, code);
    expect(linked!.text).toContain(`新券码：${fresh}`);
    expect((await bot.ask(wang, '/summary'))[0]!.text).toMatch(/核销 0 张\n合计 ¥0\.00\n撤销 1 张/);
  });

  it('that refuses to take back says why, and the coupon stays verified', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bindDianping(bot, wang);
    const [code = ''] = bot.gateways.meituan.books.order(1);
    const card = await bot.card(wang, code);
    await bot.press(wang, card, '确认核销');
    bot.gateways.meituan.fail('reverseconsume', { kind: 'no', words: '已超过可撤销时限' });
    await bot.press(wang, card, undoOf(card));
    await bot.press(wang, card, '确认撤销');
    expect(card.text).toContain('核销成功');
    expect(card.text).toContain('撤销未成功：已超过撤销时限');
    // The platform's no ends the countdown, whatever time it had promised.
    expect(undoOf(card)).toBe('no 撤销');
    expect((await bot.ask(wang, '/undo'))[0]!.text).not.toContain('还剩');
  });

  it.each([
    ['after', '核销成功', 1],
    ['before', '未核销', 0],
  ] as const)('an answer lost %s it took effect settles truly', async (when, word, uses) => {
    const bot = await open();
    const wang = owner(bot);
    await bindDianping(bot, wang);
    const [code = ''] = bot.gateways.meituan.books.order(1);
    const card = await bot.card(wang, code);
    bot.gateways.meituan.fail('consume', { kind: 'reset', applied: when === 'after' });
    await bot.press(wang, card, '确认核销');
    expect(card.text).toContain('结果待确认');
    for (let n = 0; n < 8; n += 1) {
      bot.later(4 * SECOND);
      await bot.tick();
    }
    expect(card.text).toContain(word);
    expect(bot.gateways.meituan.books.used(code)).toHaveLength(uses);
  });

  it('is renewed before it ends without anybody noticing, and told of when that fails', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bindDianping(bot, wang);
    expect((await bot.ask(wang, '/status'))[0]!.text).toContain('授权到期：2026-12-22');
    const refreshes = () =>
      bot.gateways.meituan.arrivals.filter(({ parameters }) => parameters.get('grant_type') === 'refresh_token');
    for (let day = 0; day < 28; day += 1) {
      bot.later(DAY);
      await bot.tick();
    }
    expect(refreshes()).toHaveLength(1);
    expect((await bot.ask(wang, '/status'))[0]!.text).toContain('授权到期：2027-01');
    expect(texts(wang.chat).join()).not.toContain('提醒');
  });
});

describe('a store that several accounts list', () => {
  it('verifies coupons of all of them in one chat', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bindAllinpay(bot, wang);
    await bot.authorises(await choose(bot, wang, '大众点评'));
    const question = wang.chat.messages.at(-1)!;
    expect(question.text).toContain('本聊天已绑定「星巴克光华店」');
    await bot.press(wang, question, '同一家（两个平台的券都能核销）');
    const douyin = bot.gateways.allinpay.books.coupon({ type: 'tiktok', code: '104686126200130' });
    const [meituan = ''] = bot.gateways.meituan.books.order(1);
    for (const code of [douyin, meituan]) {
      const card = await bot.card(wang, code);
      await bot.press(wang, card, '确认核销');
      expect(card.text).toContain('核销成功');
    }
    // Ten digits are of one system, and the gateway that undoes surely was asked first.
    expect(bot.gateways.allinpay.asked('prepare').map(({ type }) => type)).toEqual(['tiktok']);
    expect((await bot.ask(wang, '/summary'))[0]!.text).toContain('核销 2 张');
    const [status] = await bot.ask(wang, '/status');
    expect(status!.text).toContain('门店：星巴克光华店（通联 Allinpay）');
    expect(status!.text).toContain('（大众点评）');
    expect(labels(status!)).toEqual(['移除 访庭空间（万达1号店）']);
  });

  it('goes on with one when the other does not answer', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bot.bind(wang);
    await bot.authorises(await choose(bot, wang, '大众点评'));
    await bot.press(wang, wang.chat.messages.at(-1)!, '同一家（两个平台的券都能核销）');
    const code = bot.umember.books.coupon();
    bot.gateways.meituan.fail('prepare', { kind: 'reset' });
    const card = await bot.card(wang, code);
    await bot.press(wang, card, '确认核销');
    expect(card.text).toContain('核销成功');
    expect(card.text).toContain('如需撤销，请到平台商家后台');
    expect(bot.umember.books.used(code)).toHaveLength(1);
  });

  it('that is used through one means is used in all: no call is spent', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bot.bind(wang);
    await bot.authorises(await choose(bot, wang, '大众点评'));
    await bot.press(wang, wang.chat.messages.at(-1)!, '同一家（两个平台的券都能核销）');
    const [code = ''] = bot.gateways.meituan.books.order(1);
    const card = await bot.card(wang, code);
    await bot.press(wang, card, '确认核销');
    const before = [bot.umember.arrivals.length, bot.gateways.meituan.arrivals.length];
    expect((await bot.ask(wang, code))[0]!.text).toContain('已核销');
    expect([bot.umember.arrivals.length, bot.gateways.meituan.arrivals.length]).toEqual(before);
  });

  it('is another store when its owner says so', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bot.bind(wang);
    await bot.authorises(await choose(bot, wang, '大众点评'));
    const question = wang.chat.messages.at(-1)!;
    await bot.press(wang, question, '另一家（改为绑定「访庭空间（万达1号店）」）');
    expect(wang.chat.messages.at(-1)!.text).toContain('已绑定「访庭空间（万达1号店）」');
    const [status] = await bot.ask(wang, '/status');
    expect(status!.text).not.toContain('umember');
    expect(labels(status!)).toEqual([]);
  });

  it('lets an account go again; what was begun through it ends through it', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bot.bind(wang);
    await bot.authorises(await choose(bot, wang, '大众点评'));
    await bot.press(wang, wang.chat.messages.at(-1)!, '同一家（两个平台的券都能核销）');
    const [code = '', other = ''] = [bot.gateways.meituan.books.order(1)[0], bot.gateways.meituan.books.order(1)[0]];
    const card = await bot.card(wang, code);
    await bot.press(wang, card, '确认核销');
    const [status] = await bot.ask(wang, '/status');
    await bot.press(wang, status!, '移除 访庭空间（万达1号店）');
    await bot.press(wang, await wang.chat.shows('不再使用 访庭空间（万达1号店）？'), '确定移除');
    expect((await bot.ask(wang, other))[0]!.text).toContain('券码不存在');
    await bot.press(wang, card, undoOf(card));
    await bot.press(wang, card, '确认撤销');
    expect(card.text).toContain('已撤销');
  });
});

describe('owners are told before it hurts', () => {
  it('of paid calls that run out, once until there are enough again', async () => {
    const bot = await open();
    const wang = await bot.owner();
    bot.umember.books.shops.get(5)!.requests = 120;
    const told = () => texts(wang.chat).filter((text) => text.includes('验券次数')).length;
    for (let hour = 0; hour < 60; hour += 6) {
      bot.later(6 * HOUR);
      await bot.tick();
    }
    expect(told()).toBe(1);
    bot.later(20 * DAY);
    await bot.tick();
    expect(told()).toBe(1);
    bot.umember.books.shops.get(5)!.requests = 9000;
    bot.later(DAY);
    await bot.tick();
    bot.umember.books.shops.get(5)!.requests = 120;
    bot.later(DAY);
    await bot.tick();
    expect(told()).toBe(2);
  });

  it('of an authorisation that was taken away', async () => {
    const bot = await open();
    const wang = await bot.owner();
    bot.umember.books.shops.get(5)!.status = 3;
    bot.later(2 * HOUR);
    await bot.tick();
    expect(texts(wang.chat).at(-1)).toContain('在平台的授权已失效');
  });
});

it('a platform this installation is not set up for is not offered; pressed all the same, it says so and what to do', async () => {
  const bot = await openHarness();
  const wang = owner(bot);
  const [asked] = await bot.ask(wang, '/bind');
  expect(labels(asked!)).not.toContain('大众点评');
  // A button of before it was taken out.
  const before = asked!.buttons.flat()[0]!.data.replace('umember', 'dianping');
  wang.forges(asked!, before);
  await bot.quiet();
  expect(wang.chat.messages.at(-1)!.text).toContain('还没有接入大众点评');
});
