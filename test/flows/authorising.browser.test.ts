/** The pages around an authorisation in a real browser, on a phone, with the platform on another site. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { launchChromium } from '../bot/web/chromium.ts';
import { linkIn, openHarness, texts, type Harness } from './harness.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

async function phone(): Promise<Page> {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 360, height: 640 } });
  return await context.newPage();
}

async function asks(bot: Harness) {
  const person = bot.telegram.person('王老板');
  await bot.press(person, (await bot.ask(person, '/bind'))[0]!, '大众点评');
  return { person, link: linkIn(person.chat.messages.at(-1)!) };
}

test('an owner reads, goes to the platform and back, sees who has the store, and takes it back', async () => {
  const bot = await openHarness({ gateways: true });
  const { person, link } = await asks(bot);
  const page = await phone();
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(link);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  await page.getByRole('button', { name: '去大众点评授权' }).click();
  await page.getByText('现在可以在私聊里为「访庭空间（万达1号店）」核销').waitFor();
  expect(texts(person.chat).at(-1)).toContain('已绑定');
  await page.getByRole('button', { name: '收回' }).click();
  await page.getByText('已收回').waitFor();
  expect(complaints).toEqual([]);
});
