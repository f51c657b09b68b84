/** 抖音来客 in the chat: bound by its account id, looked up, verified, lost and found, undone, beside Allinpay, and heard of by messages. */
import { describe, expect, it } from 'vitest';
import { signMessage } from '../../services/platforms/douyin/signature.ts';
import { KEY } from '../doubles/allinpay.ts';
import { ACCOUNT, APP } from '../doubles/douyin.ts';
import type { FakeMessage, FakePerson } from '../doubles/telegram.ts';
import { HOUR, labels, openHarness, SECOND, texts, type Harness } from './harness.ts';

const open = () => openHarness({ gateways: true });
const owner = (bot: Harness) => bot.telegram.person('王老板');
const last = (person: FakePerson): FakeMessage => person.chat.messages.at(-1)!;

async function choose(bot: Harness, person: FakePerson, platform: string): Promise<void> {
  await bot.ask(person, '/bind');
  if (labels(last(person)).includes('使用新账号')) await bot.press(person, last(person), '使用新账号');
  await bot.press(person, last(person), platform);
}

async function bind(bot: Harness, person: FakePerson): Promise<void> {
  await choose(bot, person, '抖音来客');
  await bot.ask(person, ACCOUNT);
}

const undoOf = (card: FakeMessage): string => labels(card).find((label) => label.startsWith('撤销')) ?? 'no 撤销';

describe('抖音来客', () => {
  it('is bound by its account id; digits are no coupon there, and shops are read by pages', async () => {
    const bot = await open();
    const wang = owner(bot);
    for (let n = 2; n < 60; n += 1) bot.gateways.laike.books.shop(`来客棋牌（${n}号店）`);
    await choose(bot, wang, '抖音来客');
    expect(last(wang).text).toContain('抖音来客的账户 ID');
    await bot.ask(wang, ACCOUNT);
    expect(last(wang).text).toContain('选择门店');
    expect(bot.gateways.laike.asked('shops').map(({ query }) => [query.get('page'), query.get('size')])).toEqual([
      ['1', '1'],
      ['1', '50'],
      ['2', '50'],
    ]);
    await bot.press(wang, last(wang), '来客棋牌（人民路店）');
    expect(last(wang).text).toContain('已绑定「来客棋牌（人民路店）」');
    expect(bot.faults).toEqual([]);
  });

  it('says so where the merchant has not authorised the application', async () => {
    const bot = await open();
    const wang = owner(bot);
    await choose(bot, wang, '抖音来客');
    await bot.ask(wang, '7179999999999999999');
    expect(last(wang).text).toContain('平台没有接受这些信息：商家未授权该应用');
    expect(labels(last(wang))).toContain('改账户 ID');
  });

  it('whose authorisation is withdrawn says so, and tells the owner', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bind(bot, wang);
    const code = bot.gateways.laike.books.coupon();
    bot.gateways.laike.fail('prepare', { kind: 'login-over' });
    bot.gateways.laike.fail('shops', { kind: 'login-over' });
    expect((await bot.ask(wang, code))[0]!.text).toContain('授权已过期');
    await bot.tick('outbox');
    expect(texts(wang.chat)).toContain('提醒：抖音来客的授权已失效，门店暂时不能核销。请重新发送“/bind”授权一次。');
  });

  it('is nobody else’s once it is bound: its account id is no secret', async () => {
    const bot = await open();
    await bind(bot, owner(bot));
    const li = bot.telegram.person('小李');
    await bind(bot, li);
    expect(last(li).text).toContain('已经有店主了');
    expect((await bot.ask(li, bot.gateways.laike.books.coupon()))[0]!.text).not.toContain('售价');
    await bind(bot, owner(bot));
    expect(texts(owner(bot).chat).join('\n')).not.toContain('已经有店主了');
  });

  it('shows what the customer paid and what counts, verifies, and takes back within the hour', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bind(bot, wang);
    const { books } = bot.gateways.laike;
    const code = books.coupon();
    const card = await bot.card(wang, code);
    expect(card.text).toContain('售价：¥49.90');
    expect(card.text).toContain('顾客实付：¥46.90');
    await bot.press(wang, card, '确认核销');
    expect(card.text).toContain('核销成功');
    expect(undoOf(card)).toBe('撤销（还剩 60 分钟）');
    expect((await bot.ask(wang, '/summary'))[0]!.text).toContain('¥49.90');
    await bot.press(wang, card, undoOf(card));
    await bot.press(wang, card, '确认撤销');
    expect(card.text).toContain('已撤销');
    expect(books.used(code).map(({ undone }) => undone !== undefined)).toEqual([true]);
    expect(bot.gateways.laike.asked('client_token')).toHaveLength(0);
    expect(bot.gateways.laike.asked('stable_client_token')).toHaveLength(1);
  });

  it('says since when a coupon is used, also where it was used elsewhere', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bind(bot, wang);
    const code = bot.gateways.laike.books.coupon();
    bot.gateways.laike.books.useElsewhere(code);
    expect((await bot.ask(wang, code))[0]!.text).toContain('已核销 · 2026-11-22 18:30');
  });

  it('settles a lost answer by the coupon, used and not used, and verifies once', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bind(bot, wang);
    const { books, fail, asked } = bot.gateways.laike;
    for (const applied of [true, false]) {
      const code = books.coupon();
      const card = await bot.card(wang, code);
      fail('verify', { kind: 'reset', applied });
      await bot.press(wang, card, '确认核销');
      expect(card.text).toContain('结果待确认');
      for (let n = 0; n < 5; n += 1) {
        bot.later(10 * SECOND);
        await bot.tick();
      }
      expect(card.text).toContain(applied ? '核销成功' : '未核销');
      expect(books.used(code)).toHaveLength(Number(applied));
    }
    expect(asked('verify')).toHaveLength(2);
  });

  it('uses several of a times card at their own amounts, each booked and taken back by itself', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bind(bot, wang);
    const { books } = bot.gateways.laike;
    const code = books.coupon({ amounts: [2_000, 1_500, 1_000], title: '三次卡' });
    const card = await bot.card(wang, code);
    expect(card.text).toContain('可用次数：3');
    expect(card.text).toContain('售价：依次 ¥20.00、¥15.00、¥10.00');
    await bot.press(wang, card, '核销 2 次');
    expect(texts(wang.chat).join('\n')).toContain('核销成功');
    expect((await bot.ask(wang, '/summary'))[0]!.text).toContain('¥35.00');
    expect(books.used(code)).toHaveLength(2);
    await bot.press(wang, card, undoOf(card));
    await bot.press(
      wang,
      card,
      labels(card).find((label) => label.includes('撤销'))!,
    );
    expect(bot.gateways.laike.asked('cancel').length).toBeGreaterThan(0);
    expect(bot.faults).toEqual([]);
  });

  it('finds the coupon behind a scanned link', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bind(bot, wang);
    const { laike, douyin } = bot.gateways;
    const code = laike.books.coupon({ title: '抖音双人餐' });
    laike.scanned.set('CgY+/a b'.replace(' ', '-') + '==', laike.books.find(code)!.order);
    douyin.link('v.douyin.com/iRNBho5/', { to: 'https://www.iesdouyin.com/share/?object_id=CgY%2B%2Fa-b%3D%3D&x=1' });
    const [card] = await bot.ask(wang, 'https://v.douyin.com/iRNBho5/');
    expect(card!.text).toContain('抖音双人餐');
    await bot.press(wang, card!, '确认核销');
    expect(card!.text).toContain('核销成功');
    expect(card!.text).toContain(code.slice(-4));
    expect(laike.books.used(code)).toHaveLength(1);
  });
});

describe('a coupon is taken back by whatever code people have of it', () => {
  const scan = async (bot: Harness, person: FakePerson, code: string): Promise<FakeMessage> => {
    const { laike, douyin } = bot.gateways;
    laike.scanned.set('CgY+/a==', laike.books.find(code)!.order);
    douyin.link('v.douyin.com/iRNBho5/', { to: 'https://www.iesdouyin.com/share/?object_id=CgY%2B%2Fa%3D%3D' });
    return (await bot.ask(person, 'https://v.douyin.com/iRNBho5/'))[0]!;
  };
  const isTakenBack = async (bot: Harness, person: FakePerson, said: string): Promise<void> => {
    const [question] = await bot.ask(person, said);
    await bot.press(person, question!, '确认撤销');
    expect(question!.text).toContain('已撤销');
  };

  it('scanned, and typed as it is printed: whole, or its last four digits', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bind(bot, wang);
    const { books } = bot.gateways.laike;
    for (const part of [0, -4]) {
      const code = books.coupon();
      await bot.press(wang, await scan(bot, wang, code), '确认核销');
      // The ledger knows it, and the platform is not asked.
      const before = bot.gateways.laike.asked('prepare').length;
      const [known] = await bot.ask(wang, code);
      expect(undoOf(known!)).toBe('撤销（还剩 60 分钟）');
      expect(bot.gateways.laike.asked('prepare')).toHaveLength(before);
      expect((await bot.ask(wang, `/history ${code}`))[0]!.text).toContain('3小时棋牌');
      await isTakenBack(bot, wang, `/undo ${code.slice(part)}`);
      expect(books.standing(books.find(code)!)).toEqual([]);
    }
  });

  it('scanned, with a lost answer that was found', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bind(bot, wang);
    const { books, fail } = bot.gateways.laike;
    const code = books.coupon();
    const card = await scan(bot, wang, code);
    fail('verify', { kind: 'reset', applied: true });
    await bot.press(wang, card, '确认核销');
    expect(card.text).toContain('结果待确认');
    for (let n = 0; n < 3; n += 1) {
      bot.later(10 * SECOND);
      await bot.tick();
    }
    expect(card.text).toContain('核销成功');
    expect(card.text).toContain(code.slice(-4));
    await isTakenBack(bot, wang, `/undo ${code}`);
  });

  it('typed by the 12 digits that are printed, and taken back by the 15 that 来客 shows', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bind(bot, wang);
    const { books } = bot.gateways.laike;
    const [printed, long] = ['104686129001', '104686129001777'];
    for (const asked of [long, printed]) {
      const code = books.coupon({ code: long, printed });
      await bot.press(wang, await bot.card(wang, printed), '确认核销');
      await isTakenBack(bot, wang, `/undo ${asked}`);
      books.tickets.splice(0);
      expect(code).toBe(long);
    }
  });
});

describe('a store with 抖音来客 and 通联', () => {
  it('asks 抖音来客 alone about Douyin’s coupons, whatever it answers', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bind(bot, wang);
    await choose(bot, wang, '通联 Allinpay');
    for (const answer of ['1234567890', KEY, '147', '来客棋牌（人民路店）', 'liangqi']) await bot.ask(wang, answer);
    await bot.press(wang, last(wang), labels(last(wang))[0]!);
    const { laike, allinpay } = bot.gateways;
    const unknown = '104686126200130';
    allinpay.books.coupon({ type: 'tiktok', code: unknown });
    const before = allinpay.asked('prepare').length;
    expect((await bot.ask(wang, unknown))[0]!.text).toContain('券码不存在');
    laike.fail('prepare', { kind: 'error' });
    expect((await bot.ask(wang, unknown))[0]!.text).toContain('连不上平台');
    await bot.ask(wang, 'https://www.iesdouyin.com/share/?object_id=gone');
    expect(allinpay.asked('prepare')).toHaveLength(before);
    const card = await bot.card(wang, laike.books.coupon());
    await bot.press(wang, card, '确认核销');
    expect(card.text).toContain('核销成功');
    expect(allinpay.asked('consume')).toEqual([]);
  });
});

describe('a store with 美团 by umember and 抖音来客', () => {
  it('goes by the look of the code: each is asked for its own and not for the other’s, and verifies it there', async () => {
    const bot = await open();
    const wang = await bot.owner();
    await bind(bot, wang);
    expect(labels(last(wang))).toContain('同一家（两个平台的券都能核销）');
    await bot.press(wang, last(wang), '同一家（两个平台的券都能核销）');
    const { umember, gateways } = bot;
    const { laike } = gateways;
    const [ten, fifteen] = [umember.books.coupon(), laike.books.coupon()];
    expect([ten.length, fifteen.length]).toEqual([10, 15]);
    const asked = () => [umember.calls('detail'), laike.asked('prepare').length];
    const [before] = [asked()];
    const meituan = await bot.card(wang, ten);
    expect(asked()).toEqual([before[0]! + 1, before[1]]);
    await bot.press(wang, meituan, '确认核销');
    const between = asked();
    const douyin = await bot.card(wang, fifteen);
    expect(asked()).toEqual([between[0], between[1]! + 1]);
    await bot.press(wang, douyin, '确认核销');
    for (const card of [meituan, douyin]) expect(card.text).toContain('核销成功');
    expect([umember.calls('verify'), laike.asked('verify').length]).toEqual([1, 1]);
    expect([umember.books.used(ten), laike.books.used(fifteen)].map(({ length }) => length)).toEqual([1, 1]);
    // Unknown there, it is not looked for at the other.
    expect((await bot.ask(wang, '104686126200130'))[0]!.text).toContain('券码不存在');
    expect(asked()[0]).toBe(between[0]);
    expect(bot.faults).toEqual([]);
  });
});

describe('a message of Douyin’s', () => {
  const post = (bot: Harness, id: string, message: object, signature?: string): Promise<Response> => {
    const body = JSON.stringify({ client_key: APP.clientKey, from_user_id: '', ...message });
    const signed = signature ?? signMessage(APP.clientSecret, Buffer.from(body));
    return fetch(`${bot.url}/douyin/webhook`, { method: 'POST', body, headers: { 'msg-id': id, 'x-douyin-signature': signed } });
  };
  const about = (bot: Harness, code: string, action: string): object => {
    const { order, id } = bot.gateways.laike.books.find(code)!;
    const content = {
      action,
      msg_time: 1_754_000_000,
      certificate: { order_id: order, certificate_id: id, account_id: ACCOUNT, code: '' },
    };
    return { event: 'life_trade_certificate_notify', content: JSON.stringify(content) };
  };
  const facts = async (bot: Harness): Promise<string[]> =>
    (await bot.database.db.selectFrom('fact').select('kind').where('kind', 'like', 'coupon.%').execute()).map(({ kind }) => kind);

  it('answers the challenge, and nobody else’s words', async () => {
    const bot = await open();
    const tried = { event: 'verify_webhook', content: { challenge: 12_345 } };
    expect(await (await post(bot, '', tried)).json()).toEqual({ challenge: 12_345 });
    expect((await post(bot, '1', tried, 'a'.repeat(40))).status).toBe(401);
    expect((await post(bot, '1', { event: 'x', client_key: 'another' })).status).toBe(401);
  });

  it('that a coupon was used elsewhere is read back, recorded, and told to the owners once', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bind(bot, wang);
    const { laike } = bot.gateways;
    const code = laike.books.coupon();
    // It is not true yet.
    expect((await post(bot, '1', about(bot, code, 'verify'))).status).toBe(200);
    expect(await facts(bot)).toEqual([]);
    laike.books.useElsewhere(code);
    for (const id of ['2', '2', '3']) expect((await post(bot, id, about(bot, code, 'verify'))).status).toBe(200);
    expect(await facts(bot)).toEqual(['coupon.used-elsewhere']);
    await bot.tick('outbox');
    expect(last(wang).text).toBe(
      '抖音来客上的「3小时棋牌」在 2026-11-22 18:30 于来客棋牌（人民路店）被核销，不是通过本机器人。如果不是你们的人，请到平台商家后台核对。',
    );
  });

  it('about our own use, or one under way, tells nobody anything', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bind(bot, wang);
    const { laike } = bot.gateways;
    const code = laike.books.coupon();
    const card = await bot.card(wang, code);
    laike.fail('verify', { kind: 'reset' });
    await bot.press(wang, card, '确认核销');
    await post(bot, '1', about(bot, code, 'verify'));
    for (let n = 0; n < 3; n += 1) {
      bot.later(10 * SECOND);
      await bot.tick();
    }
    expect(card.text).toContain('核销成功');
    await post(bot, '2', about(bot, code, 'verify'));
    expect(await facts(bot)).toEqual([]);
  });

  it('of a refund says whether the coupon had been verified, once', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bind(bot, wang);
    const { laike } = bot.gateways;
    const code = laike.books.coupon();
    await bot.press(wang, await bot.card(wang, code), '确认核销');
    bot.later(2 * HOUR);
    laike.books.refund(code);
    for (const id of ['1', '2']) await post(bot, id, about(bot, code, 'refund_success'));
    expect(await facts(bot)).toEqual(['coupon.refunded']);
    await bot.tick('outbox');
    expect(last(wang).text).toContain('注意：已核销的「3小时棋牌」');
  });

  it('that cannot be read back is not taken, and may come again', async () => {
    const bot = await open();
    const wang = owner(bot);
    await bind(bot, wang);
    const { laike } = bot.gateways;
    const code = laike.books.coupon();
    laike.books.useElsewhere(code);
    laike.fail('query', { kind: 'error' });
    expect((await post(bot, '7', about(bot, code, 'verify'))).status).toBe(500);
    expect((await post(bot, '7', about(bot, code, 'verify'))).status).toBe(200);
    expect(await facts(bot)).toEqual(['coupon.used-elsewhere']);
  });
});
