/** Stories of customers who scan a place's QR code and verify on its web page, without scripts. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FakeBrowser } from '../doubles/devices/browser.ts';
import { startMerchantSystem, type MerchantSystem } from '../doubles/merchant-system.ts';
import { DAY, MINUTE, SECOND, type Harness } from './harness.ts';
import { openShop, PUBLIC_URL } from './place-harness.ts';

const STORE = '大声發24小时自助棋牌室5';

const systems: MerchantSystem[] = [];
afterEach(async () => {
  for (const system of systems.splice(0)) await system.close();
});

describe('a customer', () => {
  it('opens the link, which verifies nothing, sends his code, confirms, and the lamp goes on', async () => {
    const { bot, owner, presses, visit } = await openShop();
    const system = await startMerchantSystem();
    systems.push(system);
    await bot.ask(owner, `回调 ${system.url}`);
    system.next.push({ status: 200, body: JSON.stringify({ message: '3 号桌已开灯' }) });
    await presses('位置和二维码', '本店', '顾客说明');
    await bot.ask(owner, '灯在门边，空调按绿键');
    const browser = await visit();
    expect(browser.status).toBe(200);
    expect(browser.text).toContain(`你好，这里是「${STORE}」· 本店`);
    expect(bot.umember.calls('detail')).toBe(0);
    expect(await bot.database.db.selectFrom('kv').select('ns').where('ns', '=', 'place-page').execute()).toEqual([]);
    const code = bot.umember.books.coupon();
    await browser.sends('发送', { text: code });
    expect(browser.text).toMatch(/券码\s*\d/);
    expect(browser.text).toContain(STORE);
    expect(browser.text).toContain('未使用');
    expect(browser.buttons).toEqual(expect.arrayContaining(['确认核销', '取消']));
    expect(bot.umember.books.used(code)).toEqual([]);
    const card = browser.html;
    await browser.sends('确认核销');
    await vi.waitFor(async () => {
      await bot.tick('outbox');
      await browser.reloads();
      expect(browser.text).toContain('3 号桌已开灯');
    });
    expect(browser.text).toContain('核销成功');
    expect(browser.text).toContain('灯在门边，空调按绿键');
    expect(browser.text).not.toContain('核销人');
    expect(browser.buttons).not.toContain('撤销');
    // The same form once more, as a phone does that comes back to an old page: one use, and the settled card.
    browser.html = card;
    await browser.sends('确认核销');
    expect(browser.text).toContain('核销成功');
    expect(bot.umember.books.used(code)).toHaveLength(1);
    const [row] = await bot.database.db.selectFrom('verification').select(['by_kind', 'person_name', 'place']).execute();
    expect(row).toMatchObject({ by_kind: 'customer', place: '本店' });
    expect(row!.person_name).toMatch(/^网页顾客 [A-Z0-9]{1,4}$/);
    expect(bot.faults).toEqual([]);
  });

  it('reads it in English where his browser does, and chooses another language on the page', async () => {
    const { bot, visit } = await openShop();
    const browser = await visit(new FakeBrowser({ language: 'en-GB,en;q=0.9' }));
    expect(browser.text).toContain('Hello, this is');
    const code = bot.umember.books.coupon();
    await browser.sends('Send', { text: code });
    expect(browser.buttons).toContain('Verify');
    await browser.sends('Verify');
    await browser.reloads();
    expect(browser.text).toContain('Verified');
    await browser.sends('中文');
    expect(browser.text).toContain('你好，这里是');
    await browser.sends('发送', { text: code });
    expect(browser.text).toContain('已核销');
  });

  it('shows a picture of his coupon by the form, too', { timeout: 40_000 }, async () => {
    const { bot, visit } = await openShop();
    const browser = await visit();
    const code = bot.umember.books.coupon({ code: '384150627719' });
    const bytes = await readFile(path.join(import.meta.dirname, '../fixtures/photos/one-code.png'));
    await browser.sends('发送', { text: '', picture: new Blob([bytes], { type: 'image/png' }) });
    await vi.waitFor(async () => {
      await browser.reloads();
      expect(browser.text).toContain('图中读到 3841 5062 7719');
    }, 30_000);
    const [, picture] = /<img class="picture" src="([^"]+)"/.exec(browser.html)!;
    await browser.sends('确认核销');
    expect(bot.umember.books.used(code)).toHaveLength(1);
    const stranger = new FakeBrowser();
    await stranger.opens(new URL(picture!, browser.address));
    expect(stranger.status).toBe(404);
  });

  it('reads why not in one line: used, expired, of another shop, refunded, unknown', async () => {
    const { bot, visit } = await openShop();
    const { books } = bot.umember;
    const browser = await visit();
    const refused = async (code: string): Promise<string> => {
      await browser.sends('发送', { text: code });
      return browser.text.slice(browser.text.lastIndexOf('核销助手'));
    };
    const used = books.coupon();
    const other = await visit(new FakeBrowser());
    await other.sends('发送', { text: used });
    await other.sends('确认核销');
    const told = await refused(used);
    expect(told).toContain('已核销');
    expect(told).not.toContain('金额');
    expect(await refused(books.coupon({ fate: '已退款' }))).toContain('已退款');
    expect(await refused(books.coupon({ until: Date.now() - DAY }))).toContain('已过期');
    expect(await refused(books.coupon({ store: books.shop({ owner: 'somebody@else.example' }).id }))).toMatch(
      /非本店|券码不存在/,
    );
    expect(await refused('1000420616')).toContain('券码不存在');
    expect(books.used(used)).toHaveLength(1);
  });

  it('whose answer is lost reads 结果待确认, and on the same page by itself what became of it', async () => {
    const { bot, visit } = await openShop({ timeoutMs: 150 });
    const browser = await visit();
    const code = bot.umember.books.coupon();
    await browser.sends('发送', { text: code });
    bot.umember.fail('verify', { kind: 'late', applied: true });
    await browser.sends('确认核销');
    await vi.waitFor(async () => {
      await browser.reloads();
      expect(browser.text).toContain('结果待确认');
    });
    // A browser without scripts looks again by itself.
    expect(browser.html).toContain('<meta http-equiv="refresh" content="3" />');
    for (let passed = 0; passed < 2 * MINUTE && !browser.text.includes('核销成功'); passed += SECOND) {
      bot.later(SECOND);
      await bot.tick();
      await browser.reloads();
    }
    expect(browser.text).toContain('核销成功');
    expect(browser.text).not.toContain('结果待确认');
    expect(browser.html).not.toContain('http-equiv="refresh"');
    expect(bot.umember.books.used(code)).toHaveLength(1);
  });

  it('is no more than a customer there: no undo, no records, no binding, no invitation', async () => {
    const { bot, visit } = await openShop();
    const browser = await visit();
    for (const text of ['撤销', '/history', '绑定', '/bind', '日报', '你好', '随便说说', '123456']) {
      await browser.sends('发送', { text });
      const answer = browser.text.slice(browser.text.lastIndexOf('核销助手'));
      expect(answer).toContain(text === '123456' ? '不像券码' : '这里是');
    }
    expect(await bot.database.db.selectFrom('staff').selectAll().execute()).toEqual([]);
    expect(bot.faults).toEqual([]);
  });

  it('who guesses is slowed down', async () => {
    const { bot, visit } = await openShop();
    const browser = await visit();
    for (let n = 0; n < 5; n += 1) await browser.sends('发送', { text: `10004206${10 + n}` });
    await browser.sends('发送', { text: bot.umember.books.coupon() });
    expect(browser.text).toContain('连续多次券码不存在');
  });
});

describe('the owner', () => {
  it('reads the web address of a place on its screen, and is sent one PDF of all codes to print', async () => {
    const { bot, owner, presses } = await openShop();
    await presses('位置和二维码', '添加位置');
    await bot.ask(owner, '3 号桌');
    expect((await presses('位置和二维码', '3 号桌')).text).toMatch(/网页 https:\/\/shop\.example\/s\/[\w-]{22}/);
    const sent = await presses('位置和二维码', '打印用 PDF');
    expect(sent.text).toContain('2 个位置');
    const bytes = Buffer.from(bot.telegram.files.get(sent.file!)!);
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
    expect(bytes.length).toBeLessThan(100_000);
    expect(bot.faults).toEqual([]);
  });
});

describe('the page of a place', () => {
  const closedBy = (bot: Harness, word: string) => bot.database.db.updateTable('self_service').set({ week: word }).execute();

  it('says that it is off, when it opens, and that a limit is reached', async () => {
    const { bot, owner, presses, visit } = await openShop();
    const browser = await visit();
    await presses('关闭');
    await browser.reloads();
    expect(browser.text).toContain('暂未开通自助核销');
    await presses('开通自助核销');
    await closedBy(bot, JSON.stringify(Array.from({ length: 7 }, () => [{ from: 600, to: 720 }])));
    await browser.reloads();
    expect(browser.text).toContain('10:00–12:00');
    await browser.sends('发送', { text: bot.umember.books.coupon() });
    expect(browser.text).toContain('下次开放');
    await closedBy(bot, JSON.stringify(Array.from({ length: 7 }, () => [{ from: 0, to: 1440 }])));
    await presses('次数上限', '每人 1');
    for (const outcome of ['核销成功', '每人每天最多自助核销 1 次']) {
      await browser.sends('发送', { text: bot.umember.books.coupon() });
      if (outcome === '核销成功') await browser.sends('确认核销');
      expect(browser.text).toContain(outcome);
    }
    expect(owner.chat.messages.length).toBeGreaterThan(0);
  });

  it('leads nowhere by a token that never was, or was replaced; what was begun by it ends', async () => {
    const { bot, presses, visit } = await openShop();
    const browser = await visit();
    const code = bot.umember.books.coupon();
    await browser.sends('发送', { text: code });
    const card = browser.html;
    await presses('位置和二维码', '本店', '换新二维码', '确定换新');
    browser.html = card;
    await browser.sends('确认核销');
    expect(bot.umember.books.used(code)).toEqual([]);
    expect(browser.text).toContain('已经失效');
    expect(browser.status).toBe(404);
    await browser.opens(`${bot.url}/s/AAAAAAAAAAAAAAAAAAAAAA`);
    expect([browser.status, browser.text.includes('已经失效')]).toEqual([404, true]);
    await browser.opens(`${bot.url}/s/${'x'.repeat(70)}`);
    expect(browser.status).toBe(404);
  });

  it('shows nothing of its visitor to whoever gets the address, nor at another place', async () => {
    const { bot, presses, owner, visit } = await openShop();
    await presses('位置和二维码', '添加位置');
    await bot.ask(owner, '3 号桌');
    const browser = await visit();
    const code = bot.umember.books.coupon();
    await browser.sends('发送', { text: code });
    await browser.sends('确认核销');
    const first = browser.address;
    const other = new FakeBrowser();
    await other.opens(first);
    expect(other.status).toBe(200);
    expect(other.text).not.toContain('核销成功');
    expect(other.html).not.toContain(code);
    await visit(browser, '3 号桌');
    expect(browser.text).toContain('3 号桌');
    expect(browser.text).not.toContain('核销成功');
    await browser.opens(first);
    expect(browser.text).toContain('核销成功');
  });

  it('keeps its visitor by a cookie of its own, and takes nothing that another site sends', async () => {
    const { bot, visit } = await openShop();
    const browser = await visit();
    const place = browser.address.pathname;
    expect(browser.baked).toHaveLength(1);
    expect(browser.baked[0]).toMatch(
      /^hexiao_visit=[\w-]{32}; Max-Age=43200; Path=\/s\/[\w-]{22}; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(browser.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(browser.html).not.toMatch(/<script>|<style|\sstyle="|\son[a-z]+="/);
    expect(browser.headers.get('referrer-policy')).toBe('same-origin');
    expect(browser.headers.get('cache-control')).toBe('no-store');
    const html = browser.html;
    for (const site of ['cross-site', 'same-site', 'none']) {
      browser.html = html;
      await browser.sends('发送', { text: bot.umember.books.coupon() }, { site });
      expect(browser.status).toBe(403);
    }
    const post = async (headers: Record<string, string>) => {
      const body = new URLSearchParams({ chat: 'store', id: 'event-12345678', text: '1000420616' });
      const cookie = browser.baked[0]!.split(';')[0]!;
      return (await fetch(`${bot.url}${place}/form/say`, { method: 'POST', body, headers: { cookie, ...headers } })).status;
    };
    expect(await post({})).toBe(403);
    expect(await post({ origin: 'https://evil.example' })).toBe(403);
    expect(await post({ origin: 'null' })).toBe(403);
    expect(bot.umember.calls('detail')).toBe(0);
    // An older browser says only the origin; a proxy may have hidden the host.
    expect(await post({ origin: PUBLIC_URL })).toBe(200);
    expect(bot.umember.calls('detail')).toBe(1);
  });

  it('takes a press on no button that does not stand on it', async () => {
    const { bot, visit } = await openShop();
    const browser = await visit();
    const code = bot.umember.books.coupon();
    await browser.sends('发送', { text: code });
    const [, id] = /value="use:([\w-]+)"/.exec(browser.html)!;
    const thief = await visit(new FakeBrowser());
    await thief.sends('发送', { text: '1000420616' });
    thief.html = browser.html;
    await thief.sends('确认核销');
    expect(bot.umember.books.used(code)).toEqual([]);
    expect(thief.text).not.toContain('核销成功');
    expect(id).not.toContain(code);
  });

  it('is limited by visitor and by address, before anything is looked up', async () => {
    const { bot, visit } = await openShop();
    const browser = await visit();
    const statuses = new Set<number>();
    for (let n = 0; n < 25; n += 1) {
      await browser.sends('发送', { text: '你好' });
      statuses.add(browser.status);
      await browser.reloads();
    }
    expect(statuses).toContain(429);
    await Promise.all(Array.from({ length: 80 }, async () => statuses.add((await fetch(browser.address)).status)));
    expect((await fetch(browser.address)).status).toBe(429);
    bot.later(MINUTE);
    expect((await fetch(browser.address)).status).toBe(200);
  });
});
