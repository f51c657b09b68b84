/** The books in Chromium, on a phone and on a desk, in both languages, light and dark, without scripts, and on paper. */
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { launchChromium } from '../bot/web/chromium.ts';
import { fillBooks, openBookShop } from './books-harness.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

let browser: Browser;
const contexts: BrowserContext[] = [];
/** Errors in the browser's console; every test must leave this empty. */
const complaints: string[] = [];

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
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

describe('WCAG 2.2 AA, by axe', () => {
  const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

  /** What axe finds on the page as it stands. It needs styles of its own, which the page's policy lets nobody have. */
  async function findings(tab: Page): Promise<string[]> {
    const run = `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
      .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | ')))`;
    return await tab.evaluate<string[]>(run);
  }

  test.each([
    ['phone', 'zh-CN', 'light'],
    ['phone', 'en', 'dark'],
    ['desk', 'zh-CN', 'dark'],
    ['desk', 'en', 'light'],
  ] as const)('on a %s, %s, %s', async (device, locale, colorScheme) => {
    const { bot, link, store } = await openBookShop();
    await fillBooks(bot, await store(), { last: LAST, days: 400, perDay: 24, products: 8 });
    const name = `${device}-${locale}-${colorScheme}`;
    const tab = await open(await link(), { ...(device === 'phone' ? PHONE : DESK), locale, colorScheme, bypassCSP: true });
    await tab
      .getByText(/今天|Today/)
      .first()
      .waitFor();
    await tab.addScriptTag({ path: axe });
    await shoot(tab, `1-overview-${name}`);
    expect(await findings(tab)).toEqual([]);
    await tab.getByRole('link', { name: /^(?:核销记录|Records)$/ }).click();
    await tab.getByText(/更多条件|More filters/).click();
    await tab.addScriptTag({ path: axe });
    await shoot(tab, `2-records-${name}`);
    expect(await findings(tab)).toEqual([]);
  });
});
