import { readFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { qrCode } from '../../services/qr-code.ts';
import type { FakeChat, FakePerson } from '../doubles/telegram.ts';
import { labels, openHarness, texts, type Harness } from './harness.ts';

const picture = async (name: string): Promise<Uint8Array> =>
  new Uint8Array(await readFile(path.join(import.meta.dirname, '../fixtures/photos', name)));

/** Sends a picture and gives what the bot wrote in answer. */
async function show(bot: Harness, person: FakePerson, bytes: Uint8Array, options: Parameters<FakePerson['shows']>[1] = {}) {
  const { written } = options.in ?? person.chat;
  const before = written.length;
  person.shows(bytes, options);
  await bot.quiet();
  return written.slice(before).filter((message) => message.byBot);
}

describe('a picture of a coupon', { timeout: 20_000 }, () => {
  it('becomes its card, with the digits to compare, and is verified', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon({ code: '384150627719' });
    const [card, ...more] = await show(bot, owner, await picture('one-code.png'));
    expect(more).toEqual([]);
    expect(card!.text).toContain(code);
    expect(card!.text).toContain('图中读到 3841 5062 7719，请与券面核对');
    await bot.press(owner, card!, '确认核销');
    expect(owner.chat.messages.at(-1)!.text).toContain('核销成功');
    expect(bot.umember.calls('verify')).toBe(1);
  });

  it('sent as a file is read as well', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    bot.umember.books.coupon({ code: '384150627719' });
    const [card] = await show(bot, owner, await picture('one-code.png'), { asFile: true });
    expect(labels(card!)).toContain('确认核销');
  });

  it('in an album becomes a card of its own, in order, and a busy group delays them and loses none', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const codes = ['384150627711', '384150627712', '384150627713', '384150627714', '384150627715'];
    for (const code of codes) bot.umember.books.coupon({ code });
    bot.telegram.fault('sendMessage', { kind: 'delay', until: Promise.resolve() }, 2);
    bot.telegram.fault('sendMessage', { kind: 'flood', retryAfter: 1 });
    const before = owner.chat.written.length;
    for (const [n, code] of codes.entries())
      owner.shows(await qrCode(code), { album: '13579', ...(n === 0 && { caption: '今天的券' }) });
    await bot.quiet();
    const cards = owner.chat.written.slice(before).filter((message) => message.byBot);
    expect(cards.map((card) => codes.find((code) => card.text.includes(code)))).toEqual(codes);
    for (const card of cards) expect(labels(card)).toContain('确认核销');
  });

  it('with several codes becomes a list with a button each', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    for (const code of ['662044158037', '662044159188']) bot.umember.books.coupon({ code });
    const [list] = await show(bot, owner, await picture('two-codes.jpg'));
    expect(labels(list!).toSorted()).toEqual(['662044158037', '662044159188', '全部核销']);
    expect(bot.umember.calls('detail')).toBe(0);
    await bot.press(owner, list!, '662044159188');
    expect(owner.chat.messages.at(-1)!.text).toContain('662044159188');
  });

  it.each([
    ['3张', '核销 3 张', undefined],
    ['x2', '核销 2 张', undefined],
    ['核销两张，3号桌', '核销 2 张', '3号桌'],
    ['今天的券', '核销 1 张', undefined],
  ])('with the caption “%s” offers %s first', async (caption, first, note) => {
    const bot = await openHarness();
    const owner = await bot.learner();
    const [card] = await show(bot, owner, await qrCode('5000123456'), { caption });
    expect(labels(card!)[0]).toBe(first);
    if (note === undefined) expect(card!.text).not.toContain('备注');
    else expect(card!.text).toContain(`备注：${note}`);
  });

  it('whose digits alone were read says 请核对 on its card', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    bot.umember.books.coupon({ code: '4417209386' });
    const [card] = await show(bot, owner, await picture('ten-digits.png'));
    expect(card!.text).toContain('请核对：图中读到 4417 2093 86');
    expect(labels(card!)).toContain('确认核销');
  });

  it('whose barcode and digits differ is asked about, and no platform is', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const [question] = await show(bot, owner, await picture('conflict.png'));
    expect(question!.text).toContain('请核对：条码和印刷的数字不一致');
    expect(labels(question!).toSorted()).toEqual(['771204935518', '771204936618']);
    expect(bot.umember.calls('detail')).toBe(0);
  });

  it('that does not exist says what was read', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const [refusal] = await show(bot, owner, await picture('digits.png'));
    expect(refusal!.text).toContain('券码不存在');
    expect(refusal!.text).toContain('5093 2781 4466');
  });
});

describe('a picture without one', { timeout: 20_000 }, () => {
  it('says so, and how to take a better one', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const [answer] = await show(bot, owner, await picture('nothing.webp'));
    expect(answer!.text).toContain('没有识别到券码');
    expect(answer!.text).toContain('反光');
  });

  it('but with a code in its caption is that code', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const [card] = await show(bot, owner, await picture('nothing.webp'), { caption: code });
    expect(card!.text).toContain(code);
    expect(labels(card!)).toContain('确认核销');
  });

  it('that is no picture, or cut short, says which', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const [odd] = await show(bot, owner, Buffer.from('%PDF-1.7'), { asFile: true });
    expect(odd!.text).toContain('不是能读的图片');
    const [half] = await show(bot, owner, (await picture('one-code.png')).subarray(0, 3000));
    expect(half!.text).toContain('不完整');
    expect(bot.faults).toEqual([]);
  });

  it('that is a strip of thousands of pixels says what to send instead', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const strip = sharp({ create: { width: 20, height: 20_000, channels: 3, background: 'white' } });
    const [long] = await show(bot, owner, await strip.png().toBuffer(), { asFile: true });
    expect(long!.text).toContain('图片太长或太扁');
  });

  it('that Telegram does not give any more says so', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    bot.telegram.fault('getFile', { kind: 'error', code: 400, description: 'Bad Request: file is too big' });
    const [large] = await show(bot, owner, await picture('one-code.png'));
    expect(large!.text).toContain('图片太大');
  });
});

describe('a QR code that is no coupon’s', { timeout: 20_000 }, () => {
  it.each(['WIFI:T:WPA;S:shop;P:1234567890;;', 'weixin://wxpay/bizpayurl?pr=1234567890', 'MECARD:N:Owen;TEL:+12125658770;;'])(
    'is no code, and no platform hears of it: %s',
    async (text) => {
      const bot = await openHarness();
      const owner = await bot.owner();
      const [answer] = await show(bot, owner, await qrCode(text));
      expect(answer!.text).toContain('没有识别到券码');
      expect(bot.umember.calls('detail')).toBe(0);
    },
  );

  it.each(['https://m.example.com/?code=5804308932', '{"order":"5804308932"}'])(
    'but has digits of a code is asked about before a platform is: %s',
    async (text) => {
      const bot = await openHarness();
      const owner = await bot.owner();
      bot.umember.books.coupon({ code: '5804308932' });
      const [question] = await show(bot, owner, await qrCode(text));
      expect(question!.text).toBe('请核对：条码里有 5804 3089 32，但不一定是券码。它是券码吗？');
      expect(bot.umember.calls('detail')).toBe(0);
      await bot.press(owner, question!, '是券码，查询');
      expect(owner.chat.messages.at(-1)!.text).toContain('未使用');
    },
  );

  it('but a platform’s own link that calls them a code is looked up at once', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    bot.umember.books.coupon({ code: '5804308932' });
    const [card] = await show(bot, owner, await qrCode('https://g.meituan.com/verify?code=5804308932'));
    expect(labels(card!)).toContain('确认核销');
  });
});

describe('pictures of several people', { timeout: 60_000 }, () => {
  it('are read in turn: who floods from many chats, of a practice store, waits for a merchant and is told', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const stranger = bot.telegram.person('路人');
    const chats = Array.from({ length: 4 }, (_, n) => bot.telegram.group(`群${n}`, { admins: [stranger], members: [] }));
    for (const group of chats) {
      const [choice] = await bot.ask(stranger, '/bind', { in: group });
      await bot.press(
        stranger,
        choice!,
        labels(choice!).find((label) => label.startsWith('练习店'))!,
      );
      await bot.press(stranger, await group.shows('选择门店'), '练习棋牌室（大学城店）');
    }
    const bytes = await picture('nothing.webp');
    const answers: string[] = [];
    const shown = async (name: string, who: FakePerson, chat: FakeChat): Promise<void> => {
      const from = chat.written.length;
      who.shows(bytes, { in: chat, caption: `@${bot.telegram.bot.username}` });
      const answer = (): string | undefined => chat.written.slice(from).find(({ byBot }) => byBot)?.text;
      await expect.poll(answer, { timeout: 30_000 }).toBeDefined();
      answers.push(`${name}: ${/^[^。：]*/.exec(answer()!)![0]}`);
    };
    const flood = chats.map((chat) => shown('路人', stranger, chat));
    // One is being read and one waits.
    await expect.poll(() => answers.length).toBe(2);
    await Promise.all([...flood, shown('王老板', owner, owner.chat)]);
    expect(answers).toEqual([
      '路人: 你的上一张图片还在排队',
      '路人: 你的上一张图片还在排队',
      '王老板: 没有识别到券码',
      '路人: 没有识别到券码',
      '路人: 没有识别到券码',
    ]);
  });
});

describe('pictures in a group', { timeout: 20_000 }, () => {
  it('are read where a code is in them, and small talk is left alone', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    const staff = bot.telegram.person('小李');
    const group = await bot.group(owner, [staff], '群内所有人');
    bot.umember.books.coupon({ code: '384150627719' });
    expect(await show(bot, staff, await picture('nothing.webp'), { in: group })).toEqual([]);
    const [card] = await show(bot, staff, await picture('one-code.png'), { in: group });
    expect(labels(card!)).toContain('确认核销');
  });

  it('that somebody sent earlier are read when a colleague answers them with 核销, also where nothing can be read', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    const staff = bot.telegram.person('小李');
    const group = await bot.group(owner, [staff], '群内所有人');
    bot.umember.books.coupon({ code: '384150627719' });
    for (const [name, answer] of [
      ['one-code.png', '384150627719'],
      ['nothing.webp', '没有识别到券码'],
    ] as const) {
      const photo = owner.shows(await picture(name), { in: group });
      await bot.quiet();
      const [said, ...more] = await bot.ask(staff, '核销', { in: group, replyTo: photo });
      expect(said!.text).toContain(answer);
      expect(more).toEqual([]);
    }
    const talk = owner.says('好的，明天见', { in: group });
    expect(await bot.ask(staff, '核销', { in: group, replyTo: talk })).toEqual([]);
  });

  it('of strangers are not even fetched', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    const guest = bot.telegram.person('路人');
    const group = await bot.group(owner, [guest], '仅受邀员工');
    const before = texts(group).length;
    await show(bot, guest, await picture('one-code.png'), { in: group });
    expect(texts(group)).toHaveLength(before);
    expect(bot.telegram.callsOf('getFile')).toHaveLength(0);
  });
});
