/** The page of a place in Chromium, on a phone: live, asleep, cut off, without scripts, for everybody's eyes, and light. */
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Page, Request } from 'playwright-core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { startMerchantSystem, type MerchantSystem } from '../doubles/merchant-system.ts';
import { SECOND } from './harness.ts';
import { card, confirm, send, settled, shoot, usePhones } from './phones.ts';
import { openShop, type Shop } from './place-harness.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

const { open, tabIn } = usePhones();
const systems: MerchantSystem[] = [];
afterEach(async () => {
  for (const system of systems.splice(0)) await system.close();
});

const used = ({ bot }: Shop, code: string) => bot.umember.books.used(code);

describe('with scripts', () => {
  test.each([
    ['zh-CN', '3 号桌已开灯'],
    ['en', 'The light at table 3 is on'],
  ])('from the link to the lamp (%s), live on the page', async (locale, lamp) => {
    const shop = await openShop();
    const { bot, owner, presses, link } = shop;
    const system = await startMerchantSystem();
    systems.push(system);
    await bot.ask(owner, `回调 ${system.url}`);
    system.next.push({ status: 200, body: JSON.stringify({ message: lamp }) });
    await presses('位置和二维码', '本店', '顾客说明');
    await bot.ask(owner, locale === 'en' ? 'The switch is by the door.' : '灯在门边，空调按绿键');
    const address = await link();
    const context = await open({ locale });
    const tab = await tabIn(context, address);
    await tab.getByText(/你好，这里是|Hello, this is/).waitFor();
    await shoot(tab, `1-open-${locale}`);
    const code = bot.umember.books.coupon({ title: '4小时畅玩·下午茶双人' });
    await send(tab, code);
    await confirm(tab).waitFor();
    await tab.emulateMedia({ colorScheme: 'dark' });
    await shoot(tab, `2-card-${locale}-dark`);
    await tab.emulateMedia({ colorScheme: 'light' });
    await shoot(tab, `2-card-${locale}`);
    expect(used(shop, code)).toEqual([]);
    await confirm(tab).click();
    await settled(tab).waitFor();
    await vi.waitFor(async () => {
      await bot.tick('outbox');
      expect(await settled(tab).innerText()).toContain(lamp);
    }, 20_000);
    expect(await settled(tab).innerText()).toMatch(/灯在门边|by the door/);
    await shoot(tab, `3-done-${locale}`);
    await tab.emulateMedia({ colorScheme: 'dark' });
    await shoot(tab, `3-done-${locale}-dark`);
    expect(await tab.getByRole('button', { name: /撤销|Undo/ }).count()).toBe(0);
    expect(used(shop, code)).toHaveLength(1);
    expect(bot.faults).toEqual([]);
  });

  test('a reload in the middle loses nothing, and a hurried finger verifies once', async () => {
    const shop = await openShop();
    const tab = await tabIn(await open(), await shop.link());
    const code = shop.bot.umember.books.coupon();
    await send(tab, code);
    await confirm(tab).waitFor();
    await tab.getByRole('textbox').fill('3841');
    await tab.reload();
    await confirm(tab).waitFor();
    expect(await tab.getByRole('textbox').inputValue()).toBe('3841');
    await confirm(tab).dblclick();
    await tab.reload();
    await settled(tab).waitFor();
    expect(used(shop, code)).toHaveLength(1);
    expect(await tab.getByRole('article').count()).toBe(1);
  });

  test('a phone that was cut off while the lost answer came finds it there when it is back', async () => {
    const shop = await openShop({ timeoutMs: 150 });
    const { bot } = shop;
    const context = await open();
    const tab = await tabIn(context, await shop.link());
    const code = bot.umember.books.coupon();
    await send(tab, code);
    await confirm(tab).waitFor();
    bot.umember.fail('verify', { kind: 'late', applied: true });
    await confirm(tab).click();
    await card(tab, '结果待确认').waitFor();
    await shoot(tab, '4-unsure');
    await context.setOffline(true);
    for (let passed = 0; passed < 60; passed += 1) {
      bot.later(SECOND);
      await bot.tick();
    }
    await context.setOffline(false);
    await settled(tab).waitFor();
    expect(used(shop, code)).toHaveLength(1);
  });

  test('where no event stream gets through, the page asks', async () => {
    const shop = await openShop();
    const context = await open();
    await context.route('**/events*', (route) => route.abort());
    const tab = await tabIn(context, await shop.link());
    const code = shop.bot.umember.books.coupon();
    await send(tab, code);
    await confirm(tab).click();
    await settled(tab).waitFor();
    expect(used(shop, code)).toHaveLength(1);
  });

  test('a picture from the camera becomes the card', async () => {
    const shop = await openShop();
    const code = shop.bot.umember.books.coupon({ code: '384150627719' });
    const tab = await tabIn(await open(), await shop.link());
    expect(await tab.locator('input[capture=environment]').count()).toBe(1);
    await tab.getByRole('button', { name: '拍照' }).waitFor();
    await tab
      .locator('input[capture=environment]')
      .setInputFiles(path.join(import.meta.dirname, '../fixtures/photos/one-code.png'));
    await confirm(tab).waitFor();
    await shoot(tab, '5-picture');
    await confirm(tab).click();
    await settled(tab).waitFor();
    expect(used(shop, code)).toHaveLength(1);
  });
});

test('without scripts: a form, a card with its button, and a page that looks again', async () => {
  const shop = await openShop();
  const tab = await tabIn(await open({ javaScriptEnabled: false }), await shop.link());
  await shoot(tab, '6-plain-open');
  const code = shop.bot.umember.books.coupon();
  await send(tab, code);
  await confirm(tab).waitFor();
  await shoot(tab, '6-plain-card');
  await confirm(tab).click();
  await settled(tab).waitFor();
  await shoot(tab, '6-plain-done');
  expect(used(shop, code)).toHaveLength(1);
});

describe('WCAG 2.2 AA, by axe', () => {
  const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

  /** What axe finds on the page as it stands. It needs styles of its own, which the page's policy lets nobody have. */
  async function findings(tab: Page): Promise<string[]> {
    const run = `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
      .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | ')))`;
    return await tab.evaluate<string[]>(run);
  }

  test.each([
    ['zh-CN', 'light'],
    ['zh-CN', 'dark'],
    ['en', 'light'],
    ['en', 'dark'],
  ] as const)('%s, %s: the open page, a card, an outcome, a closed shop and a dead link', async (locale, colorScheme) => {
    const shop = await openShop();
    const address = await shop.link();
    const context = await open({ locale, colorScheme, bypassCSP: true });
    await context.addInitScript({ path: axe });
    const tab = await tabIn(context, address);
    expect(await findings(tab)).toEqual([]);
    await send(tab, shop.bot.umember.books.coupon());
    await confirm(tab).waitFor();
    expect(await findings(tab)).toEqual([]);
    await confirm(tab).click();
    await settled(tab).waitFor();
    expect(await findings(tab)).toEqual([]);
    const small = await tab.evaluate<string[]>(`[...document.querySelectorAll('button, textarea, a')]
      .filter((it) => it.offsetParent && it.getBoundingClientRect().height < 24).map((it) => it.outerHTML)`);
    expect(small).toEqual([]);
    await shop.presses('关闭');
    await tab.reload();
    await tab.getByText(/暂未开通自助核销|no self-service/).waitFor();
    expect(await findings(tab)).toEqual([]);
    await shoot(tab, `7-off-${locale}-${colorScheme}`);
    await tab.goto(new URL('/s/AAAAAAAAAAAAAAAAAAAAAA', address).href);
    expect(await findings(tab)).toEqual([]);
    await shoot(tab, `8-dead-${locale}-${colorScheme}`);
  });
});

test('everything that the page transfers weighs no more than 60 KB', async () => {
  const shop = await openShop();
  const address = await shop.link();
  const context = await open();
  const tab = await context.newPage();
  const requests: Request[] = [];
  tab.on('requestfinished', (request) => void requests.push(request));
  await tab.goto(address);
  const code = shop.bot.umember.books.coupon();
  await send(tab, code);
  await confirm(tab).click();
  await settled(tab).waitFor();
  const counted = requests.filter((request) => !/\/(?:events|photo)/.test(request.url()));
  const sizes = await Promise.all(counted.map((request) => request.sizes()));
  const bytes = sizes.reduce((sum, { responseBodySize, responseHeadersSize }) => sum + responseBodySize + responseHeadersSize, 0);
  expect(sizes.length).toBeGreaterThan(12);
  expect(bytes).toBeLessThanOrEqual(60 * 1024);
  if (process.env['SHOTS']) process.stdout.write(`the page weighs ${bytes} bytes in ${sizes.length} requests\n`);
});
