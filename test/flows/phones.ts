/** Phones with Chromium that open the page of a place, and what their owners do there. */
import path from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchChromium } from '../bot/web/chromium.ts';

const PHONE: BrowserContextOptions = { locale: 'zh-CN', viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

export interface Phones {
  /** A phone of its own. */
  open(options?: BrowserContextOptions): Promise<BrowserContext>;
  tabIn(phone: BrowserContext, address: string): Promise<Page>;
}

/** Opens phones for the tests of a file, and closes them after each; no test may leave an error in a console. */
export function usePhones(): Phones {
  let browser: Browser;
  const contexts: BrowserContext[] = [];
  const complaints: string[] = [];
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
    expect(complaints.splice(0)).toEqual([]);
  });
  return {
    async open(options = {}) {
      const context = await browser.newContext({ ...PHONE, ...options });
      contexts.push(context);
      return context;
    },
    async tabIn(phone, address) {
      const tab = await phone.newPage();
      tab.setDefaultTimeout(30_000);
      tab.on('pageerror', (error) => complaints.push(error.message));
      tab.on('console', (message) => {
        if (message.type() === 'error' && !message.text().includes('Failed to load resource')) complaints.push(message.text());
      });
      await tab.goto(address);
      return tab;
    },
  };
}

/** SHOTS names a folder that takes pictures of the page, for whoever looks at them. */
export async function shoot(tab: Page, name: string): Promise<void> {
  if (process.env['SHOTS']) await tab.screenshot({ path: path.join(process.env['SHOTS'], `${name}.png`) });
}

export const send = async (tab: Page, text: string): Promise<void> => {
  await tab.getByRole('textbox').fill(text);
  await tab.getByRole('button', { name: /^(?:发送|Send)$/ }).click();
};
export const confirm = (tab: Page): Locator => tab.getByRole('button', { name: /确认核销|Verify/ });
export const card = (tab: Page, title: string | RegExp): Locator => tab.getByRole('article', { name: title }).last();
export const settled = (tab: Page): Locator => card(tab, /核销成功|Verified/);
