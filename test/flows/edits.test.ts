import { describe, expect, it } from 'vitest';
import { openHarness, texts } from './harness.ts';

describe('an edited message', () => {
  it('is answered for what the edit changed, and for nothing twice', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const [first, second] = [bot.umember.books.coupon(), bot.umember.books.coupon()];
    const message = owner.says(first);
    await bot.quiet();
    const before = texts(owner.chat).length;
    const edited = async (text: string): Promise<string[]> => {
      const at = texts(owner.chat).length;
      owner.edits(message, text);
      await bot.quiet();
      return texts(owner.chat).slice(at);
    };
    expect(await edited(`${first} `)).toEqual([]);
    expect(await edited(`券码 ${first}`)).toEqual([]);
    expect(await edited(second)).toEqual([expect.stringContaining('未使用')]);
    expect(await edited(first)).toEqual([]);
    expect(await edited(`${first} 3号桌`)).toEqual([expect.stringContaining('3号桌')]);
    expect(texts(owner.chat)).toHaveLength(before + 2);
    expect(bot.faults).toEqual([]);
  });

  it('whose code was mistyped is looked up when it is mended', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const message = owner.says(code.slice(1));
    await bot.quiet();
    owner.edits(message, code);
    expect((await owner.chat.shows('未使用')).text).toContain('未使用');
  });
});

describe('a word in reply to somebody’s code', () => {
  it.each(['核销', '查一下', 'verify'])('%s looks that code up', async (word) => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    const guest = bot.telegram.person('客人');
    const group = await bot.group(owner, [guest], '仅受邀员工');
    const code = bot.umember.books.coupon();
    const sent = guest.says(`我的券 ${code} 谢谢老板`, { in: group });
    await bot.quiet();
    const [card] = await bot.ask(owner, word, { in: group, replyTo: sent });
    expect(card!.text).toContain('未使用');
  });
});
