/** The books in the browser through the whole program: the link, the session, and what an owner finds there. */
import { readXlsx } from 'hucre';
import { describe, expect, it } from 'vitest';
import { FakeBrowser } from '../doubles/devices/browser.ts';
import { fillBooks } from '../fixtures/books.ts';
import { openBookShop } from './books-harness.ts';
import { HOUR, MINUTE, texts } from './harness.ts';

const CLOSED = [401, expect.stringContaining('账本已关闭')];
const DEAD = [404, expect.stringContaining('链接已失效')];
const seen = ({ status, text }: FakeBrowser) => [status, text];

describe('a link', () => {
  it('opens once, and not by being looked at', async () => {
    const { bot, link } = await openBookShop();
    const address = await link();
    const [robot, phone, other] = [new FakeBrowser(), new FakeBrowser(), new FakeBrowser()];
    await robot.opens(address);
    await phone.opens(address);
    await phone.presses();
    expect(phone.address.pathname).toBe('/b');
    expect(phone.text).toContain('今天 2026-11-22');
    await robot.presses();
    expect(seen(robot)).toEqual([410, expect.stringContaining('链接已打开过')]);
    await other.opens(address);
    expect(seen(other)).toEqual([410, expect.stringContaining('链接已打开过')]);
    await other.opens(`${bot.url}/b`);
    expect(seen(other)).toEqual(CLOSED);
    // In the browser that has them open it leads to the books again.
    await phone.opens(address);
    expect(phone.text).toContain('今天 2026-11-22');
    expect(bot.faults).toEqual([]);
  });

  it('opens once of many presses at once', async () => {
    const { link } = await openBookShop();
    const address = await link();
    const pressed = await Promise.all(Array.from({ length: 8 }, () => fetch(address, { method: 'POST', redirect: 'manual' })));
    expect(pressed.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, ...Array.from({ length: 7 }, () => 410)]);
  });

  it('opens for ten minutes; an old one, an unknown one and a broken one look the same', async () => {
    const { bot, link } = await openBookShop();
    const address = await link();
    const old = await link();
    bot.later(10 * MINUTE - 1);
    const browser = new FakeBrowser();
    await browser.opens(address);
    await browser.presses();
    expect(browser.status).toBe(200);
    bot.later(1);
    const pages: string[] = [];
    const unknown = [`${bot.url}/b/${'A'.repeat(32)}`, `${bot.url}/b/x`, `${bot.url}/b/%00`, `${bot.url}/b/${'a'.repeat(5000)}`];
    for (const dead of [old, ...unknown]) {
      const stranger = new FakeBrowser();
      await stranger.opens(dead);
      expect(seen(stranger)).toEqual(DEAD);
      pages.push(stranger.html);
    }
    expect(new Set(pages).size).toBe(1);
    expect((await fetch(old, { method: 'POST' })).status).toBe(404);
    expect(bot.faults).toEqual([]);
  });

  it('cannot be guessed at for long', async () => {
    const { bot } = await openBookShop();
    const guess = async (n: number) => (await fetch(`${bot.url}/b/${String(n).padStart(32, 'A')}`, { method: 'POST' })).status;
    const met: number[] = [];
    for (let n = 0; n < 70; n++) met.push(await guess(n));
    expect([met.filter((status) => status === 404).length, met.at(-1)]).toEqual([60, 429]);
    bot.later(10_000);
    expect(await guess(0)).toBe(404);
  });

  it('is given in private chats, to owners alone', async () => {
    const { bot, owner } = await openBookShop();
    const helper = await bot.staff(owner);
    expect((await bot.ask(helper, '账本'))[0]!.text).toBe('只有店主可以这样做。');
    const group = await bot.group(owner, [helper], '群内所有人');
    expect((await bot.ask(owner, '/books', { in: group }))[0]!.text).toContain('请私聊我发送“/books”');
    expect((await bot.ask(helper, '/books', { in: group }))[0]!.text).toBe('只有店主可以这样做。');
    expect(texts(group).join()).not.toContain('/b/');
    expect((await bot.ask(bot.telegram.person('路人'), '/books'))[0]!.text).toContain('/bind');
    // Of an owner whose store is bound in a group alone, too.
    await bot.ask(owner, '解绑');
    expect((await bot.ask(owner, '账本'))[0]!.text).toContain('/b/');
  });

  it('stands in no log and not in the database', async () => {
    const { bot, link } = await openBookShop();
    const address = await link();
    const token = address.split('/').at(-1)!;
    const browser = new FakeBrowser();
    await browser.opens(address);
    await browser.presses();
    const secret = /hexiao_books=([\w-]+)/.exec(browser.baked.join())![1]!;
    const kept = JSON.stringify(await bot.database.db.selectFrom('kv').selectAll().execute()) + bot.lines.join();
    for (const word of [token, secret]) expect(kept).not.toContain(word);
  });
});

describe('a session', () => {
  it('ends after twelve hours', async () => {
    const { bot, read } = await openBookShop();
    const browser = await read();
    bot.later(12 * HOUR - 1);
    await browser.reloads();
    expect(browser.status).toBe(200);
    bot.later(1);
    await browser.reloads();
    expect(seen(browser)).toEqual(CLOSED);
  });

  it('is a cookie of these pages alone, which scripts and other sites do not get, kept by no cache and told to nobody', async () => {
    const { read } = await openBookShop();
    const { baked, headers } = await read();
    expect(baked.join()).toMatch(/hexiao_books=[\w-]{32}; Max-Age=43200; Path=\/b; HttpOnly; SameSite=Lax/);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    const secure = await openBookShop({ publicUrl: 'https://books.example/shop' });
    const opened = await fetch((await secure.link()).replace('https://books.example/shop', secure.bot.url), {
      method: 'POST',
      redirect: 'manual',
    });
    expect(opened.headers.get('set-cookie')).toMatch(/Path=\/shop\/b; HttpOnly; Secure; SameSite=Lax/);
    expect(opened.headers.get('location')).toBe('/shop/b');
  });

  it('ends with a press, and everywhere by /books off', async () => {
    const { bot, owner, read, link } = await openBookShop();
    const [phone, desk] = [await read(), await read()];
    await phone.sends('关闭账本');
    await phone.opens(`${bot.url}/b`);
    expect(seen(phone)).toEqual(CLOSED);
    await desk.reloads();
    expect(desk.status).toBe(200);
    const waiting = await link();
    expect((await bot.ask(owner, '账本 关闭'))[0]!.text).toContain('已关闭所有');
    await desk.reloads();
    expect(seen(desk)).toEqual(CLOSED);
    await desk.opens(waiting);
    expect(seen(desk)).toEqual(DEAD);
    expect((await read()).status).toBe(200);
  });
});

describe('an owner', () => {
  it('finds today, the records and their stories, as the chat tells them', async () => {
    const { bot, owner, read } = await openBookShop();
    const code = bot.umember.books.coupon();
    await bot.press(owner, await bot.card(owner, code), '确认核销');
    const browser = await read();
    expect(browser.text).toMatch(/核销\n1 张\n金额\n¥49\.00/);
    await browser.opens(`${bot.url}/b/list?text=${encodeURIComponent('今天 王老板')}`);
    expect(browser.text).toMatch(new RegExp(`核销成功\n.*\n${code}\n¥49\\.00\n王老板`));
    await browser.opens(new URL(/href="(\/b\/v\/[^"]+)"/.exec(browser.html)![1]!, bot.url));
    expect(browser.text).toMatch(/经过\n.*查到这张券.*王老板 确认核销.*答复：核销成功/);
    expect(bot.faults).toEqual([]);
  });

  it('of a store no more finds nothing there, and with none left nothing at all', async () => {
    const { bot, owner, read } = await openBookShop();
    const code = bot.umember.books.coupon();
    await bot.press(owner, await bot.card(owner, code), '确认核销');
    const second = bot.telegram.person('李老板');
    await bot.bind(second);
    const browser = await read(second);
    await browser.opens(`${bot.url}/b/list`);
    expect(browser.text).toContain(code);
    const story = /href="(\/b\/v\/[^"]+)"/.exec(browser.html)![1]!;
    await bot.database.db.deleteFrom('owner').where('person', '=', `telegram:${second.id}`).execute();
    for (const path of ['/b', '/b/list', story]) {
      await browser.opens(bot.url + path);
      expect(seen(browser)).toEqual([403, expect.stringContaining('没有账本')]);
      expect(browser.text).not.toContain(code);
    }
  });

  it('of one store sees nothing of another’s, whatever the address says', async () => {
    const { bot, owner, read, store } = await openBookShop();
    const theirs = bot.umember.books.coupon();
    await bot.press(owner, await bot.card(owner, theirs), '确认核销');
    const id = (await bot.database.db.selectFrom('verification').select('id').executeTakeFirstOrThrow()).id;
    const learner = await bot.learner('赵老板');
    const browser = await read(learner);
    for (const path of [
      `?store=${await store()}`,
      `/list?store=${await store()}`,
      `/list?code=${theirs}`,
      `/v/${id}`,
      '/list',
      '',
    ]) {
      await browser.opens(`${bot.url}/b${path}`);
      expect(browser.text).not.toContain(theirs);
      expect(browser.text).not.toContain('¥49');
      expect(browser.text).not.toContain('大声發');
    }
  });
});

describe('an address that nobody follows', () => {
  it.each([
    ['text', 'x'.repeat(10_000), 400],
    ['text', '%00%01', 200],
    ['text', encodeURIComponent("'; drop table verification; -- <script>"), 200],
    ['code', '12', 400],
    ['code', encodeURIComponent('１２３４'), 200],
    ['from', '2026-02-30', 400],
    ['from', 'yesterday', 400],
    ['from', '2026-11-22&to=2026-11-21', 400],
    ['status', 'toString', 400],
    ['status', 'refused', 200],
    ['store', '../../etc', 400],
    ['store', 'nobody', 404],
    ['after', 'x', 400],
    ['after', '2026-11-22.1.x', 200],
    ['before', '2026-99-99.999999999999999.x', 200],
    ['product', encodeURIComponent('没有的商品'), 200],
    ['person', '%E0%A4%A', 200],
  ])('%s=%s gets a page', async (name, value, status) => {
    const { bot, read } = await openBookShop();
    const browser = await read();
    await browser.opens(`${bot.url}/b/list?${name}=${value}`);
    expect(browser.status).toBe(status);
    expect(browser.html).toContain('<h1>');
    expect(browser.html).not.toContain('<script>');
    expect(bot.faults).toEqual([]);
  });
});

describe('the file', () => {
  it('holds what the list shows, whole codes and all, as a spreadsheet and as CSV', async () => {
    const { bot, store, read } = await openBookShop();
    await fillBooks(bot.database.db, await store(), { last: '2026-11-22', days: 20, perDay: 30 });
    const browser = await read();
    await browser.opens(`${bot.url}/b/list?person=${encodeURIComponent('小王')}&from=2026-11-16`);
    const links = [...browser.html.matchAll(/href="([^"]*\/export\/[^"]*)"/g)].map(([, link]) => link!.replaceAll('&amp;', '&'));
    const cookie = /hexiao_books=[\w-]+/.exec(browser.baked.join())![0];
    const get = (link: string, method = 'GET') => fetch(bot.url + link, { method, headers: { cookie } });
    const xlsx = await get(links[0]!);
    expect(xlsx.headers.get('content-disposition')).toContain("filename*=UTF-8''");
    const { sheets } = await readXlsx(Buffer.from(await xlsx.arrayBuffer()));
    const codes = sheets[0]!.rows.slice(1).map((row) => String(row[4]));
    // One that nobody takes is no hindrance.
    expect((await get(links[1]!, 'HEAD')).status).toBe(200);
    const csv = await get(links[1]!);
    const lines = (await csv.text()).trim().split('\r\n').slice(1);
    expect(lines.map((line) => line.split(',')[4])).toEqual(codes);
    expect(lines.every((line) => line.includes('小王'))).toBe(true);
    expect(codes.length).toBeGreaterThan(20);
    for (const code of codes.slice(-20)) expect(browser.text).toContain(code);
    const refused = await fetch(`${bot.url}/b/export/xlsx`);
    expect(refused.status).toBe(401);
    expect((await get('/b/export/exe')).status).toBe(404);
    expect((await get('/b/export/csv?text=zzz')).status).toBe(400);
    expect(bot.faults).toEqual([]);
  });
});
