/** The practice page by WCAG 2.2 AA: axe finds nothing, fingers hit what they want, and it can be magnified. */
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { launchChromium } from './chromium.ts';
import { createPractice, scripted, type Practice } from './harness.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
let browser: Browser;
const open: { close(): Promise<void> }[] = [];
const practices: Practice[] = [];

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  for (const practice of practices.splice(0)) await practice.http.stop();
});

/** The page with a coupon's card on it. */
async function visit(options: BrowserContextOptions): Promise<Page> {
  const practice = await createPractice({ hear: scripted });
  practices.push(practice);
  const port = await practice.http.start();
  // axe needs styles of its own, which the page's policy lets nobody have.
  const context = await browser.newContext({ ...options, bypassCSP: true });
  open.push(context);
  await context.addInitScript({ path: AXE });
  const tab = await context.newPage();
  tab.setDefaultTimeout(10_000);
  await tab.goto(`http://127.0.0.1:${port}/`);
  const box = tab.locator('#store textarea');
  await box.fill('0101000001');
  await box.press('Enter');
  await tab.locator('#store article').first().waitFor();
  return tab;
}

const findings = (tab: Page): Promise<string[]> =>
  tab.evaluate<
    string[]
  >(`axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
    .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | ')))`);

const PHONE = { isMobile: true, hasTouch: true } as const;

test.each([
  ['zh-CN', 'light', { viewport: { width: 1280, height: 860 } }],
  ['en', 'dark', { viewport: { width: 1280, height: 860 } }],
  ['zh-CN', 'dark', { ...PHONE, viewport: { width: 390, height: 844 } }],
  ['en', 'light', { ...PHONE, viewport: { width: 320, height: 568 } }],
] as const)('axe finds nothing on it: %s, %s, %j', async (locale, colorScheme, options) => {
  expect(await findings(await visit({ ...options, locale, colorScheme }))).toEqual([]);
});

test('on a phone every button and box is 44 px high', async () => {
  const tab = await visit({ ...PHONE, viewport: { width: 390, height: 844 } });
  const small = `[...document.querySelectorAll('button, textarea, input')]
    .filter((it) => it.offsetParent && it.getBoundingClientRect().height > 0 && it.getBoundingClientRect().height < 44)
    .map((it) => it.outerHTML)`;
  expect(await tab.evaluate<string[]>(small)).toEqual([]);
});

test('magnified to 400 % it shows lines of the chat and the box to type in, and scrolls one way', async () => {
  const tab = await visit({ viewport: { width: 320, height: 215 } });
  expect((await tab.getByRole('log').first().boundingBox())!.height).toBeGreaterThan(100);
  expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(320);
  await tab.locator('#store textarea').scrollIntoViewIfNeeded();
  await tab.locator('#store textarea').fill('日报');
});

test('where motion is to be reduced nothing moves', async () => {
  const moving = `[...document.querySelectorAll('*')].filter((it) => {
    const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(it);
    return animationName !== 'none' || !/^0s(, 0s)*$/.test(transitionDuration) || scrollBehavior !== 'auto';
  }).map((it) => it.outerHTML.slice(0, 80))`;
  const still = await visit({ reducedMotion: 'reduce', viewport: { width: 1280, height: 860 } });
  expect(await still.evaluate<string[]>(moving)).toEqual([]);
});

test('in English on the smallest phone the words in the box and the mark of practice are whole', async () => {
  const tab = await visit({ ...PHONE, locale: 'en', viewport: { width: 320, height: 568 } });
  const box = tab.locator('#store textarea');
  expect(await box.inputValue()).toBe('');
  expect(
    await tab.evaluate<boolean>(
      `(({ scrollHeight, clientHeight }) => scrollHeight <= clientHeight)(document.querySelector('#store textarea'))`,
    ),
  ).toBe(true);
  const { height } = (await tab.locator('.practice').boundingBox())!;
  expect(height).toBeLessThan(
    2 * (await tab.evaluate<number>(`Number.parseFloat(getComputedStyle(document.querySelector('.practice')).fontSize)`)),
  );
});
