/** Stories of a shop without staff: its owner lets customers verify by themselves, and they do, on Telegram. */
import { describe, expect, it } from 'vitest';
import { scan } from '../doubles/devices/phone-camera.ts';
import type { FakePerson } from '../doubles/telegram.ts';
import { HOUR, labels, openHarness, type Harness } from './harness.ts';

const STORE = '大声發24小时自助棋牌室5';

/** A shop with self-service on, and the token of its first place's links. */
async function openShop() {
  const bot = await openHarness();
  const owner = await bot.owner();
  const screen = async () => (await bot.ask(owner, '/customers')).at(-1)!;
  await bot.press(owner, await screen(), '开通自助核销');
  return { bot, owner, screen, link: () => linkOf(bot, owner, '本店') };
}

/** The word of a place's link, from the QR code that its owner is sent. */
async function linkOf(bot: Harness, owner: FakePerson, place: string): Promise<string> {
  await bot.press(owner, (await bot.ask(owner, '/customers')).at(-1)!, '位置和二维码');
  await bot.press(owner, owner.chat.messages.at(-1)!, place);
  await bot.press(
    owner,
    owner.chat.messages.findLast(({ text }) => text.includes(`· ${place}`))!,
    '二维码',
  );
  const [code] = await scan(bot.telegram.files.get(owner.chat.messages.at(-1)!.file!)!);
  return /start=(s_[\w-]+)$/.exec(code!.text)![1]!;
}

const said = (messages: readonly { readonly text: string }[]): string => messages.map(({ text }) => text).join('\n');

describe('a customer', () => {
  it('opens the place’s link, which verifies nothing, sends his code, confirms, and reads what the owner says there', async () => {
    const { bot, owner, screen, link } = await openShop();
    const word = await link();
    await bot.press(owner, await screen(), '位置和二维码');
    await bot.press(owner, owner.chat.messages.at(-1)!, '本店');
    await bot.press(owner, owner.chat.messages.at(-1)!, '顾客说明');
    await bot.ask(owner, '灯在门边，空调按绿键');
    const lin = bot.telegram.person('林小姐');
    expect(said(await bot.ask(lin, `/start ${word}`))).toContain(`「${STORE}」· 本店`);
    expect(bot.umember.calls('detail')).toBe(0);
    const code = bot.umember.books.coupon();
    const card = await bot.card(lin, code);
    expect(card.text).toContain(STORE);
    expect(card.text).toContain('本店');
    expect(labels(card)).toEqual(['确认核销', '取消']);
    await bot.press(lin, card, '确认核销');
    const done = await lin.chat.shows('核销成功');
    expect(done.text).toContain('灯在门边，空调按绿键');
    expect(done.text).not.toContain('核销人');
    expect(labels(done)).toEqual([]);
    // Pressed again, sent again: one use, and nothing to take back.
    expect(bot.umember.books.used(code)).toHaveLength(1);
    expect(labels((await bot.ask(lin, code)).at(-1)!)).toEqual([]);
    expect(said(await bot.ask(lin, '/undo'))).toContain('这里是');
    expect(said(await bot.ask(lin, '记录'))).toContain('这里是');
    expect(bot.umember.books.used(code)).toHaveLength(1);
    expect(await bot.database.db.selectFrom('verification').select(['by_kind', 'person_name', 'place']).execute()).toEqual([
      { by_kind: 'customer', person_name: '林小姐', place: '本店' },
    ]);
    // The owner sees it, and by whom.
    await bot.press(owner, await screen(), '今天');
    expect(owner.chat.messages.at(-1)!.text).toContain('本店 × 1');
    expect(said(await bot.ask(owner, '/history'))).toContain('林小姐');
    expect(bot.faults).toEqual([]);
  });

  it('learns nothing of a coupon that somebody else used, nor who did', async () => {
    const { bot, owner, link } = await openShop();
    const code = bot.umember.books.coupon();
    await bot.press(owner, await bot.card(owner, code), '确认核销');
    const lin = bot.telegram.person('林小姐');
    await bot.ask(lin, `/start ${await link()}`);
    const answer = said(await bot.ask(lin, code));
    expect(answer).toContain('已核销');
    expect(answer).not.toContain('王老板');
    expect(answer).not.toContain('金额');
  });

  it('may not any more once it is off, closed, beyond his share, or by a code that was replaced; open cards included', async () => {
    const { bot, owner, screen, link } = await openShop();
    const word = await link();
    const lin = bot.telegram.person('林小姐');
    const refused = async (why: string, until: () => Promise<unknown>, again: () => Promise<unknown>) => {
      await bot.ask(lin, `/start ${word}`);
      const code = bot.umember.books.coupon();
      const card = await bot.card(lin, code);
      await until();
      const whisper = await bot.press(lin, card, '确认核销');
      expect(`${whisper}\n${lin.chat.messages.at(-1)!.text}`).toContain(why);
      expect(bot.umember.books.used(code)).toEqual([]);
      await again();
    };
    await refused(
      '暂未开通自助核销',
      async () => bot.press(owner, await screen(), '关闭'),
      async () => bot.press(owner, await screen(), '开通自助核销'),
    );
    const hours = async (text: string) => {
      await bot.press(owner, await screen(), '开放时间');
      await bot.press(owner, owner.chat.messages.at(-1)!, '改一周时间');
      await bot.ask(owner, text);
    };
    await refused(
      '10:00–12:00',
      () => hours('每天 10:00-12:00'),
      () => hours('24小时'),
    );
    const most = async (label: string) => {
      await bot.press(owner, await screen(), '次数上限');
      await bot.press(owner, owner.chat.messages.at(-1)!, label);
    };
    await bot.ask(lin, `/start ${word}`);
    await bot.press(lin, await bot.card(lin), '确认核销');
    await refused(
      '每人每天最多自助核销 1 次',
      () => most('每人 1'),
      () => most('每人 不限'),
    );
    await refused(
      '重新扫码',
      async () => {
        await bot.press(owner, await screen(), '位置和二维码');
        await bot.press(owner, owner.chat.messages.at(-1)!, '本店');
        await bot.press(owner, owner.chat.messages.at(-1)!, '换新二维码');
        await bot.press(owner, owner.chat.messages.at(-1)!, '确定换新');
      },
      () => Promise.resolve(),
    );
    expect(said(await bot.ask(lin, `/start ${word}`))).toContain('已经失效');
    expect(said(await bot.ask(lin, '/start s_AAAAAAAAAAAAAAAAAAAAAA'))).toContain('已经失效');
  });

  it('is at his place for twelve hours', async () => {
    const { bot, link } = await openShop();
    const lin = bot.telegram.person('林小姐');
    await bot.ask(lin, `/start ${await link()}`);
    bot.later(13 * HOUR);
    expect(said(await bot.ask(lin, bot.umember.books.coupon()))).toContain('你在「');
  });

  it('who guesses is slowed down, and the owner is told', async () => {
    const { bot, owner, link } = await openShop();
    const lin = bot.telegram.person('林小姐');
    await bot.ask(lin, `/start ${await link()}`);
    for (let n = 0; n < 5; n += 1) await bot.ask(lin, `10004206${10 + n}`);
    expect(said(await bot.ask(lin, bot.umember.books.coupon()))).toContain('连续多次券码不存在');
    await bot.tick('outbox');
    await owner.chat.shows('林小姐 在「');
  });
});

describe('a guest without a link', () => {
  it('is asked for the one store, and after his yes his code is looked at', async () => {
    const { bot } = await openShop();
    const lin = bot.telegram.person('林小姐');
    const code = bot.umember.books.coupon();
    const [question] = await bot.ask(lin, code);
    expect(question!.text).toBe(`你在「${STORE}」吗？`);
    expect(bot.umember.calls('detail')).toBe(0);
    await bot.press(lin, question!, '是，我在这里');
    const card = await lin.chat.shows((message) => message.text.includes(code) && message.buttons.length > 0);
    await bot.press(lin, card, '确认核销');
    await lin.chat.shows('核销成功');
  });

  it('who says no is told to scan; who says 绑定 may own a store of his own', async () => {
    const { bot } = await openShop();
    const lin = bot.telegram.person('林小姐');
    const [question] = await bot.ask(lin, '/start');
    expect(question!.text).not.toContain('绑定');
    await bot.press(lin, question!, '不是');
    // Said once: who is no guest may be a new owner.
    expect(labels(await lin.chat.shows('请扫桌上'))).toEqual(['绑定']);
    const answer = said(await bot.ask(lin, '你好'));
    expect(answer).toContain('请扫桌上');
    expect(answer).not.toContain('绑定');
    expect(said(await bot.ask(lin, '绑定'))).toContain('选择平台');
  });
});

describe('a stranger on Telegram, where no store lets customers verify', () => {
  it('hears how to bind: people there are owners and staff', async () => {
    const bot = await openHarness();
    await bot.owner();
    const newcomer = bot.telegram.person('陈老板');
    for (const text of ['/start', '你好', bot.umember.books.coupon()])
      expect(said(await bot.ask(newcomer, text)), text).toContain('/bind');
  });
});

describe('a place’s link', () => {
  it('in a chat of staff leaves it theirs, and in a group leads nowhere', async () => {
    const { bot, owner, link } = await openShop();
    const word = await link();
    expect(said(await bot.ask(owner, `/start ${word}`))).toContain('员工聊天');
    const card = await bot.card(owner);
    await bot.press(owner, card, '确认核销');
    expect((await owner.chat.shows('核销人')).text).toContain('王老板');
    const li = bot.telegram.person('小李');
    const group = await bot.group(owner, [li]);
    expect(said(await bot.ask(li, `/start@HexiaoBot ${word}`, { in: group }))).toContain('私聊');
  });
});
