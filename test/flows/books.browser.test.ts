/** The books in Chromium, on a phone and on a desk, in both languages, light and dark, without scripts, and on paper. */
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { launchChromium } from '../bot/web/chromium.ts';
import { sql } from '../../services/database/database.ts';
import { createCharts } from '../../services/charts/charts.ts';
import { systemTime } from '../../services/time/time.ts';
import { fillBooks } from '../fixtures/books.ts';
import { openBookShop, type BookShop } from './books-harness.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

let browser: Browser;
const contexts: BrowserContext[] = [];
/** Errors in the browser's console; every test must leave this empty. */
const complaints: string[] = [];

beforeAll(async () => {
  browser = await launchChromium();
});
const charts = createCharts(systemTime);
afterAll(async () => {
  await browser.close();
  await charts.close();
});
afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
  expect(complaints.splice(0)).toEqual([]);
});

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true } as const satisfies BrowserContextOptions;
const DESK = { viewport: { width: 1280, height: 900 } } as const satisfies BrowserContextOptions;

async function open(address: string, options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext(options);
  contexts.push(context);
  const tab = await context.newPage();
  tab.setDefaultTimeout(30_000);
  tab.on('pageerror', (error) => complaints.push(error.message));
  tab.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('Failed to load resource')) complaints.push(message.text());
  });
  await tab.goto(address);
  return tab;
}

/** SHOTS names a folder that takes pictures of the pages, for whoever looks at them. */
async function shoot(tab: Page, name: string): Promise<void> {
  if (process.env['SHOTS']) await tab.screenshot({ path: path.join(process.env['SHOTS'], `${name}.png`), fullPage: true });
}

const LAST = '2026-11-22';
const ALL = { days: 400, perDay: 24, products: 8 };
/** The books without scripts, after the link's button. */
const PLAIN = { javaScriptEnabled: false } as const satisfies BrowserContextOptions;

const overview = (tab: Page) => tab.getByRole('heading', { name: /^(?:今天|Today)/ }).first();
const toRecords = (tab: Page) => tab.getByRole('link', { name: /^(?:核销记录|Records)$/ }).click();
/** All pictures are there. */
const drawn = (tab: Page) => tab.evaluate<boolean>(`Promise.all([...document.images].map((it) => it.decode())).then(() => true)`);

async function openFull(fill: Partial<typeof ALL> = {}): Promise<{ shop: BookShop; address: string }> {
  const shop = await openBookShop({ charts });
  await fillBooks(shop.bot.database.db, await shop.store(), { ...ALL, ...fill, last: LAST });
  return { shop, address: await shop.link() };
}

describe('WCAG 2.2 AA, by axe', () => {
  const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

  /** What axe finds on the page as it stands. It needs styles of its own, which the page's policy lets nobody have. */
  async function findings(tab: Page): Promise<string[]> {
    await tab.addScriptTag({ path: axe });
    const run = `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
      .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | ')))`;
    const small = `[...document.querySelectorAll('button, select, input, summary, a')]
      .filter((it) => it.offsetParent && it.getBoundingClientRect().height < 24).map((it) => it.outerHTML)`;
    const wide = `document.documentElement.scrollWidth > innerWidth ? ['wider than the window'] : []`;
    const all = [];
    for (const asked of [run, small, wide]) all.push(...(await tab.evaluate<string[]>(asked)));
    return all;
  }

  test.each([
    ['phone', 'zh-CN', 'light'],
    ['phone', 'zh-CN', 'dark'],
    ['phone', 'en', 'light'],
    ['phone', 'en', 'dark'],
    ['desk', 'zh-CN', 'light'],
    ['desk', 'zh-CN', 'dark'],
    ['desk', 'en', 'light'],
    ['desk', 'en', 'dark'],
  ] as const)('on a %s, %s, %s', async (device, locale, colorScheme) => {
    const { shop, address } = await openFull();
    const code = shop.bot.umember.books.coupon();
    await shop.bot.press(shop.owner, await shop.bot.card(shop.owner, code), '确认核销');
    const name = `${device}-${locale}-${colorScheme}`;
    const options = { ...(device === 'phone' ? PHONE : DESK), locale, colorScheme };
    // The link opens by itself where there are scripts.
    const tab = await open(address, { ...options, bypassCSP: true });
    await overview(tab).waitFor();
    expect(await drawn(tab)).toBe(true);
    await shoot(tab, `1-overview-${name}`);
    expect(await findings(tab)).toEqual([]);
    await toRecords(tab);
    await tab.getByText(/更多条件|More filters/).click();
    await shoot(tab, `2-records-${name}`);
    expect(await findings(tab)).toEqual([]);
    await tab.getByRole('row', { name: code }).getByRole('link').click();
    await tab.getByRole('heading', { name: /^(?:经过|What happened)$/ }).waitFor();
    await shoot(tab, `3-story-${name}`);
    const below = `document.querySelector('p.wide').offsetTop - document.querySelector('article').getBoundingClientRect().bottom`;
    expect(await tab.evaluate(below)).toBeGreaterThan(8);
    expect(await findings(tab)).toEqual([]);
    const other = await open(address, { ...options, bypassCSP: true });
    await other.getByRole('heading', { name: /链接已打开过|Opened before/ }).waitFor();
    await shoot(other, `4-opened-${name}`);
    expect(await findings(other)).toEqual([]);
  });

  test.each(['phone', 'desk'] as const)('on a %s with nothing in the books, and with forty products', async (device) => {
    const options = { ...(device === 'phone' ? PHONE : DESK), locale: 'zh-CN', bypassCSP: true };
    const empty = await openBookShop({ charts });
    const tab = await open(await empty.link(), options);
    await overview(tab).waitFor();
    await shoot(tab, `5-empty-${device}`);
    expect(await findings(tab)).toEqual([]);
    await toRecords(tab);
    await tab.getByText('没有符合的记录').waitFor();
    await shoot(tab, `5-empty-records-${device}`);
    expect(await findings(tab)).toEqual([]);
    const { address } = await openFull({ products: 40, perDay: 160, days: 60 });
    const many = await open(address, options);
    await overview(many).waitFor();
    expect(await drawn(many)).toBe(true);
    await shoot(many, `6-forty-${device}`);
    expect(await findings(many)).toEqual([]);
  });
});

/** Texts that stick out of their place, of what is shown. */
const OUTSIDE = `[...document.querySelectorAll('td, .figures th, dd')]
  .filter((it) => it.checkVisibility() && it.clientHeight > 1 && it.scrollWidth > it.clientWidth + 1).map((it) => it.textContent)`;
/** Texts of a row of the list that stand on each other. */
const MEETING = `[...document.querySelectorAll('.rows tbody tr')].flatMap((row) => {
  const places = [...row.cells].filter((it) => it.checkVisibility()).map((it) => {
    const text = document.createRange();
    text.selectNodeContents(it);
    return { text: it.textContent, ...text.getBoundingClientRect().toJSON() };
  });
  return places.flatMap((a, n) => places.slice(n + 1).filter((b) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom).map((b) => a.text + ' | ' + b.text));
})`;

test.each([
  ['phone', 'zh-CN'],
  ['phone', 'en'],
  ['desk', 'zh-CN'],
  ['desk', 'en'],
] as const)('on a %s, %s, large amounts and long names keep to their places', async (device, locale) => {
  const { shop, address } = await openFull({ products: 40, perDay: 60 });
  const { db } = shop.bot.database;
  await db
    .updateTable('verification')
    .set({ amount: sql`amount * 30` })
    .execute();
  await db
    .updateTable('verification')
    .set({ person_name: 'Christopher Montgomery-Wellington' })
    .where('person', '=', 'telegram:2')
    .execute();
  await db
    .updateTable('verification')
    .set({ note: '客人说下次带朋友来，请前台留意提前预留靠窗的大包间并准备好果盘与热毛巾，谢谢'.repeat(3) })
    .where('note', 'is not', null)
    .execute();
  const tab = await open(address, { ...(device === 'phone' ? PHONE : DESK), locale });
  await overview(tab).waitFor();
  expect(await tab.evaluate(OUTSIDE)).toEqual([]);
  // The largest figures stand on one line each.
  const lines = `[...document.querySelectorAll('.main dd')].map((it) => it.clientHeight / parseFloat(getComputedStyle(it).lineHeight))`;
  for (const height of await tab.evaluate<number[]>(lines)) expect(height).toBeLessThan(1.5);
  await toRecords(tab);
  await tab.locator('.rows').waitFor();
  expect(await tab.evaluate(OUTSIDE)).toEqual([]);
  expect(await tab.evaluate(MEETING)).toEqual([]);
  const titles = `Math.min(...[...document.querySelectorAll('.rows tbody .title')].map((it) => it.clientWidth))`;
  expect(await tab.evaluate(titles)).toBeGreaterThan(150);
});

test('without scripts: the link, its button, a filter, the next page, a file, and the other language', async () => {
  const { shop, address } = await openFull();
  const tab = await open(address, { ...PHONE, ...PLAIN, locale: 'zh-CN' });
  await shoot(tab, '7-plain-link');
  await tab.getByRole('button', { name: '打开' }).click();
  await overview(tab).waitFor();
  await toRecords(tab);
  await tab.getByLabel('搜索').fill('上周 小王');
  await tab.getByRole('button', { name: '查找' }).click();
  expect(await tab.getByLabel('搜索').inputValue()).toBe('上周 小王');
  const people = await tab.locator('tbody .by').allInnerTexts();
  expect(new Set(people)).toEqual(new Set(['小王']));
  await tab.getByRole('link', { name: '清除' }).click();
  await tab.getByRole('link', { name: '更早的' }).click();
  await tab.getByRole('link', { name: '更近的' }).waitFor();
  const [file] = await Promise.all([tab.waitForEvent('download'), tab.getByRole('link', { name: 'CSV' }).click()]);
  expect(file.suggestedFilename()).toMatch(/^核销记录 .* 2026-11-22\.csv$/);
  await tab.getByRole('link', { name: 'English' }).click();
  await tab.getByRole('link', { name: 'Older' }).waitFor();
  expect(shop.bot.faults).toEqual([]);
});

test('on paper: figures and charts in black on white, without buttons, also from a dark screen', async () => {
  const { address } = await openFull();
  const tab = await open(address, { ...DESK, locale: 'zh-CN', colorScheme: 'dark' });
  await overview(tab).waitFor();
  expect(await drawn(tab)).toBe(true);
  await tab.emulateMedia({ media: 'print' });
  expect(await tab.getByRole('button').filter({ visible: true }).count()).toBe(0);
  const [paper, ink] = await tab.evaluate<string[]>(
    `[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('h2')).color]`,
  );
  expect([paper, ink]).toEqual(['rgb(255, 255, 255)', 'rgb(0, 0, 0)']);
  // A browser prints the drawings that it has, before it could fetch others.
  const shown = `[...document.images].filter((it) => it.checkVisibility()).map((it) => it.complete && new URL(it.currentSrc).search)`;
  expect(new Set(await tab.evaluate<string[]>(shown))).toEqual(new Set(['?theme=light&width=wide']));
  const together = `[...document.querySelectorAll('.panel')].map((it) => getComputedStyle(it).breakInside)`;
  expect(new Set(await tab.evaluate<string[]>(together))).toEqual(new Set(['auto']));
  await shoot(tab, '8-print');
  const folder = process.env['SHOTS'];
  const pdf = await tab.pdf({ format: 'A4', ...(folder && { path: path.join(folder, '8-print.pdf') }) });
  expect(pdf.length).toBeGreaterThan(10_000);
  await toPaper(tab);
});

/** The records, printed. */
async function toPaper(tab: Page): Promise<void> {
  await tab.emulateMedia({ media: 'screen' });
  await toRecords(tab);
  await tab.emulateMedia({ media: 'print' });
  expect(await tab.locator('form').filter({ visible: true }).count()).toBe(0);
  // A sheet with margins is narrower than a desk's window, and is a table all the same.
  await tab.setViewportSize({ width: 700, height: 1000 });
  expect(await tab.locator('.rows thead').filter({ visible: true }).count()).toBe(1);
  expect(await tab.evaluate(`getComputedStyle(document.querySelector('.rows tr')).display`)).toBe('table-row');
  if (process.env['SHOTS']) await tab.pdf({ format: 'A4', path: path.join(process.env['SHOTS'], '9-print-records.pdf') });
}
