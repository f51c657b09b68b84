/** A rule for a place's customers, on its web page: a code without doubt is verified at once, and all else waits for a press. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FakeBrowser } from '../doubles/devices/browser.ts';
import { startMerchantSystem, type MerchantSystem } from '../doubles/merchant-system.ts';
import { labels } from './harness.ts';
import { openRuledShop } from './place-harness.ts';

const systems: MerchantSystem[] = [];
afterEach(async () => {
  for (const system of systems.splice(0)) await system.close();
});

/** A coupon of the practice store. */
const CODE = '1000123456';

const photo = async (name: string): Promise<Blob> =>
  new Blob([await readFile(path.join(import.meta.dirname, '../fixtures/photos', name))], { type: 'image/png' });

/** The page once it says this. */
const shows = (browser: FakeBrowser, text: string) =>
  vi.waitFor(async () => {
    await browser.reloads();
    expect(browser.text).toContain(text);
  }, 30_000);

describe('a customer at the place', () => {
  it('sends one code and reads 核销成功 with what the shop’s system says; the owner is told, and can undo', async () => {
    const { bot, owner, visit } = await openRuledShop('所有位置的顾客', { practised: true });
    const system = await startMerchantSystem();
    systems.push(system);
    await bot.ask(owner, `回调 ${system.url}`);
    system.next.push({ status: 200, body: JSON.stringify({ message: '3 号桌已开灯' }) });
    const rows = async () =>
      await bot.database.db.selectFrom('verification').select(['by_kind', 'sender_kind', 'reading', 'state']).execute();
    const taken = { by_kind: 'rule', sender_kind: 'customer', reading: 'typed' };
    const browser = await visit();
    await browser.sends('发送', { text: CODE });
    expect(browser.text).toContain('核销成功');
    expect(browser.buttons).not.toContain('确认核销');
    expect(browser.buttons).not.toContain('撤销');
    expect(await rows()).toEqual([{ ...taken, state: 'verified' }]);
    await vi.waitFor(async () => {
      await bot.tick('outbox');
      await browser.reloads();
      expect(browser.text).toContain('3 号桌已开灯');
    });
    const [told] = owner.chat.messages.filter(({ text }) => text.includes('核销成功') && text.includes(CODE));
    expect(told!.text).toContain('自动核销 1');
    // The same code once more, as from a page that was sent twice: what became of it.
    await browser.sends('发送', { text: CODE });
    expect(browser.text).toContain('已核销');
    // The owner takes it back by the button of the announcement.
    const undo = (message = told!) => labels(message).find((label) => label.includes('撤销')) ?? 'no 撤销';
    await bot.press(owner, told!, undo());
    await bot.press(owner, owner.chat.messages.at(-1)!, undo(owner.chat.messages.at(-1)));
    expect(await rows()).toEqual([{ ...taken, state: 'undone' }]);
    expect(bot.faults).toEqual([]);
  });

  it('photographs one barcode: verified; printed digits alone: a card to be compared', { timeout: 80_000 }, async () => {
    const { bot, visit } = await openRuledShop();
    const { books } = bot.umember;
    const [code, printed] = [books.coupon({ code: '384150627719' }), books.coupon({ code: '509327814466' })];
    const browser = await visit();
    await browser.sends('发送', { text: '', picture: await photo('digits.png') });
    await shows(browser, '请核对');
    await vi.waitFor(async () => {
      await browser.reloads();
      expect(browser.buttons).toContain('确认核销');
    });
    expect(books.used(printed)).toEqual([]);
    await browser.sends('发送', { text: '', picture: await photo('one-code.png') });
    await shows(browser, '核销成功');
    expect(books.used(code)).toHaveLength(1);
  });

  it.each([
    ['a pasted link', (code: string) => `https://i.meituan.com/coupon?couponCode=${code}`],
    ['a link of elsewhere', (code: string) => `https://example.com/coupon?code=${code}`],
    ['other words beside it', (code: string) => `${code} 先别核销`],
    ['a number of uses', (code: string) => `${code} 2张`],
    ['a letter among the digits', (code: string) => code.replace('0', 'O')],
  ])('sends %s: nothing is verified without a press', async (_, text) => {
    const { bot, visit } = await openRuledShop();
    const code = bot.umember.books.coupon({ code: '384150627719' });
    const browser = await visit();
    await browser.sends('发送', { text: text(code) });
    expect(browser.text).not.toContain('核销成功');
    expect(bot.umember.books.used(code)).toEqual([]);
    expect(bot.umember.calls('verify')).toBe(0);
  });

  it('is none at another place, and while the shop is closed: nothing is verified', async () => {
    const { bot, owner, presses, visit } = await openRuledShop('「本店」的顾客');
    const elsewhere = bot.umember.books.coupon();
    await presses('位置和二维码', '添加位置');
    await bot.ask(owner, '大包');
    const other = await visit(undefined, '大包');
    await other.sends('发送', { text: elsewhere });
    expect(other.buttons).toContain('确认核销');
    const browser = await visit();
    await presses('开放时间', '改某一天', '今天不开放');
    const code = bot.umember.books.coupon();
    await browser.sends('发送', { text: code });
    expect(browser.text).toContain('今天：不开放');
    expect([...bot.umember.books.used(code), ...bot.umember.books.used(elsewhere)]).toEqual([]);
  });
});
