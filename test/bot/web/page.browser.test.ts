/** The practice page in a real browser, with a bot that follows a script. */
import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Reply } from '../../../handlers/message.ts';
import { CSV, FILE, PICTURE } from '../../fixtures/replies.ts';
import { launchChromium } from './chromium.ts';
import { createPractice, memoryPages, scripted, type Practice } from './harness.ts';

let browser: Browser;
const contexts: BrowserContext[] = [];
const practices: Practice[] = [];
/** Errors in the browser's console; every test must leave this empty. */
const complaints: string[] = [];

// Timeouts for a busy machine; no test waits for a fixed time.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
  for (const practice of practices.splice(0)) await practice.http.stop();
  expect(complaints.splice(0)).toEqual([]);
});

const DESKTOP: BrowserContextOptions = { locale: 'zh-CN', viewport: { width: 1280, height: 800 } };
const PHONE: BrowserContextOptions = { locale: 'zh-CN', viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true };

async function serve(options: Parameters<typeof createPractice>[0] = {}) {
  const practice = await createPractice({ hear: scripted, ...options });
  practices.push(practice);
  const port = await practice.http.start();
  return { practice, port, address: `http://127.0.0.1:${port}/` };
}

async function tabIn(context: BrowserContext, address: string): Promise<Page> {
  const tab = await context.newPage();
  tab.setDefaultTimeout(10_000);
  tab.on('pageerror', (error) => complaints.push(error.message));
  tab.on('console', (message) => {
    // The browser itself logs failed requests; the tests check the page's reaction instead.
    if (message.type() === 'error' && !message.text().includes('Failed to load resource')) complaints.push(message.text());
  });
  await tab.goto(address);
  await tab.locator('#store .message').first().waitFor({ state: 'attached' });
  return tab;
}

async function visit(address: string, options = DESKTOP): Promise<Page> {
  const context = await browser.newContext(options);
  contexts.push(context);
  return tabIn(context, address);
}

const store = (tab: Page) => tab.getByRole('region', { name: /店员的聊天|Store chat/ });
const owners = (tab: Page) => tab.getByRole('region', { name: /老板群|Owner group/ });
const sample = (tab: Page) => tab.getByRole('button', { name: '0101000001' });
const confirm = (tab: Page) => tab.getByRole('button', { name: '确认核销' });
const settled = (tab: Page) => store(tab).getByRole('article', { name: '核销成功' });
const box = (tab: Page) => store(tab).getByRole('textbox');
const texts = (tab: Page) => tab.locator('#store .text').allTextContents();
const presses = ({ heard }: Practice) => heard.filter(({ content }) => content.kind === 'press');

describe('a verification', () => {
  test('a clicked sample shows a card, and confirming replaces that card', async () => {
    const { practice, address } = await serve();
    const tab = await visit(address);
    await sample(tab).click();
    await expect.poll(() => store(tab).getByRole('article').innerText()).toContain('¥49.00');
    await confirm(tab).click();
    await settled(tab).waitFor();
    expect(await store(tab).getByRole('article').count()).toBe(1);
    expect(await tab.getByRole('button', { name: '撤销' }).count()).toBe(1);
    expect(await confirm(tab).count()).toBe(0);
    expect(practice.heard).toHaveLength(2);
  });

  test('a requested summary appears in the owner group', async () => {
    const { address } = await serve();
    const tab = await visit(address);
    await store(tab).getByRole('button', { name: '日报' }).click();
    await owners(tab).getByRole('article').getByText('¥588.00').waitFor();
  });

  test('a double click on a sample or a button is one event', async () => {
    const { practice, address } = await serve();
    const tab = await visit(address);
    await sample(tab).dblclick();
    await confirm(tab).dblclick();
    await settled(tab).waitFor();
    expect(practice.heard.map(({ content }) => content.kind)).toEqual(['text', 'press']);
  });

  test('buttons are disabled until the card has changed', async () => {
    const { practice, address } = await serve({ hear: () => Promise.resolve() });
    const tab = await visit(address);
    await sample(tab).click();
    await expect.poll(() => practice.heard.length).toBe(1);
    await practice.channel.send(practice.heard[0]!.chat, {
      kind: 'say',
      text: '?',
      buttons: [
        [
          { label: '确认核销', verb: 'use', id: 'v1' },
          { label: '取消', verb: 'drop', id: 'v1' },
        ],
      ],
    });
    await confirm(tab).click();
    await expect.poll(() => presses(practice).length).toBe(1);
    await confirm(tab).click({ force: true });
    await tab.getByRole('button', { name: '取消' }).click({ force: true });
    await box(tab).fill('后来');
    await box(tab).press('Enter');
    await expect.poll(() => practice.heard.at(-1)?.content).toEqual({ kind: 'text', text: '后来' });
    expect(presses(practice)).toHaveLength(1);
  });
});

describe('reloading and several tabs', () => {
  test('a reload shows everything again, and the card can still be confirmed', async () => {
    const { address } = await serve();
    const tab = await visit(address);
    await sample(tab).click();
    await confirm(tab).waitFor();
    await tab.reload();
    await confirm(tab).click();
    await settled(tab).waitFor();
    await tab.reload();
    await settled(tab).waitFor();
    expect(await texts(tab)).toEqual(['这是练习店。发一个券码试试。', '0101000001']);
  });

  test('two tabs show the same chat; a press in both has one effect', async () => {
    const { practice, address } = await serve();
    const one = await visit(address);
    const two = await tabIn(one.context(), address);
    await sample(one).click();
    await confirm(two).waitFor();
    await confirm(one).click();
    await settled(two).waitFor();
    await settled(one).waitFor();
    expect(await texts(one)).toEqual(await texts(two));
    expect(presses(practice)).toHaveLength(1);
  });

  test('the oldest of many tabs sleeps, and catches up when it gets the focus', async () => {
    const { address } = await serve();
    const first = await visit(address);
    const others: Page[] = [];
    for (let i = 0; i < 4; i++) others.push(await tabIn(first.context(), address));
    await sample(others[3]!).click();
    await confirm(others[0]!).waitFor();
    expect(await confirm(first).count()).toBe(0);
    expect(await first.getByText('正在重新连接…').isVisible()).toBe(false);
    await first.evaluate('dispatchEvent(new Event("focus"))');
    await confirm(first).click();
    await settled(others[3]!).waitFor();
  });

  test('another visitor does not see it', async () => {
    const { address } = await serve();
    const one = await visit(address);
    await sample(one).click();
    await confirm(one).waitFor();
    const other = await visit(address);
    expect(await texts(other)).toEqual(['这是练习店。发一个券码试试。']);
  });
});

describe('a lost connection', () => {
  test('is shown, and after a restart the page resumes by itself without gaps or repeats', async () => {
    const pages = await memoryPages();
    const first = await serve({ pages });
    const tab = await visit(first.address);
    await sample(tab).click();
    await confirm(tab).waitFor();
    await first.practice.http.stop();
    await tab.getByText('正在重新连接…').waitFor();
    // The restarted program says something before the page is back.
    const second = await createPractice({ hear: scripted, pages, port: first.port });
    practices.push(second);
    await second.channel.send(first.practice.heard[0]!.chat, { kind: 'say', text: '我回来了' });
    await second.http.start();
    await store(tab).getByText('我回来了').waitFor();
    await tab.getByText('正在重新连接…').waitFor({ state: 'hidden' });
    expect(await texts(tab)).toEqual(['这是练习店。发一个券码试试。', '0101000001', '我回来了']);
    await confirm(tab).click();
    await settled(tab).waitFor();
    expect(second.opened).toEqual([]);
  });

  test('keeps the typed text and retries it as the same event', async () => {
    let broken = true;
    const { practice, address } = await serve({
      hear: (incoming, web) => (broken ? Promise.reject(new Error('disk full')) : scripted(incoming, web)),
    });
    const tab = await visit(address);
    await box(tab).fill('你好');
    await box(tab).press('Enter');
    await store(tab).getByText('刚才没有收到，请重新发送。').waitFor();
    expect(await box(tab).inputValue()).toBe('你好');
    expect(await texts(tab)).toEqual(['这是练习店。发一个券码试试。']);
    broken = false;
    await tab.getByRole('button', { name: '重新发送' }).click();
    await store(tab).getByText('收到：你好').waitFor();
    expect(await box(tab).inputValue()).toBe('');
    expect(new Set(practice.heard.map(({ id }) => id)).size).toBe(1);
    expect(await tab.getByRole('button', { name: '重新发送' }).count()).toBe(0);
  });
});

describe('what is shown', () => {
  test('markup is shown as text and never run', async () => {
    const { practice, address } = await serve();
    const tab = await visit(address);
    const evil = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
    await box(tab).fill(evil);
    await box(tab).press('Enter');
    await store(tab).getByText(`收到：${evil}`).waitFor();
    await practice.channel.send(practice.heard[0]!.chat, {
      kind: 'card',
      card: {
        title: evil,
        fields: [{ label: evil, value: evil }],
        note: evil,
        buttons: [[{ label: evil, verb: 'use', id: 'v1' }]],
      },
    });
    const card = store(tab).getByRole('article');
    await card.waitFor();
    expect((await card.innerText()).split(evil)).toHaveLength(6);
    expect(await tab.locator('.log img, .log script').count()).toBe(0);
    expect(await tab.title()).toBe('核销助手 · 练习模式');
  });

  test('a secret is typed in a password box, stored nowhere, and its message is deleted', async () => {
    const { practice, address } = await serve();
    const tab = await visit(address);
    await box(tab).fill('绑定');
    await box(tab).press('Enter');
    const password = store(tab).locator('input[type=password]');
    await password.waitFor();
    await password.fill('pass-4711');
    await password.press('Enter');
    await store(tab).getByText('已绑定').waitFor();
    expect(practice.heard.at(-1)?.content).toEqual({ kind: 'text', text: 'pass-4711' });
    expect(await texts(tab)).toEqual(['这是练习店。发一个券码试试。', '绑定', '请发送密码。', '已绑定']);
    expect(await box(tab).getAttribute('type')).toBeNull();
    await tab.reload();
    await store(tab).getByText('已绑定').waitFor();
    expect(await tab.content()).not.toContain('4711');
  });

  test('a whisper is a toast and a message marked as private', async () => {
    const { address } = await serve();
    const tab = await visit(address);
    await box(tab).fill('悄悄话');
    await box(tab).press('Enter');
    await tab.locator('.toast', { hasText: '只有老板可以这样做' }).waitFor();
    await store(tab).getByText('仅你可见').waitFor();
    await tab.reload();
    await store(tab).getByText('仅你可见').waitFor();
    expect(await tab.locator('.toast').count()).toBe(0);
  });

  test('the choice of English persists', async () => {
    const { address } = await serve();
    const tab = await visit(address);
    await tab.getByRole('button', { name: 'English' }).click();
    await tab.getByRole('button', { name: 'Send', exact: true }).first().waitFor();
    expect(await tab.locator('html').getAttribute('lang')).toBe('en');
    await tab.getByRole('button', { name: 'Unused' }).waitFor();
    await tab.reload();
    await tab.getByRole('heading', { name: 'Owner group' }).waitFor();
    expect(await tab.title()).toBe('Hexiao · Practice mode');
    const english = await visit(address, { ...DESKTOP, locale: 'en-US' });
    await english.getByText('This is the practice store.').waitFor();
  });
});

describe('on a phone', () => {
  test('one chat is visible, the other one behind a tab with an unread badge', async () => {
    const { address } = await serve();
    const tab = await visit(address, PHONE);
    expect(await owners(tab).isVisible()).toBe(false);
    await tab.getByRole('button', { name: '示例券码' }).tap();
    await sample(tab).tap();
    await confirm(tab).tap();
    await settled(tab).waitFor();
    expect(await sample(tab).isVisible()).toBe(false);
    await store(tab).getByRole('button', { name: '日报' }).tap();
    const other = tab.getByRole('navigation').getByRole('button', { name: /老板群/ });
    await other.getByLabel('1 条未读').waitFor();
    await other.tap();
    await owners(tab).getByText('¥588.00').waitFor();
    expect(await store(tab).isVisible()).toBe(false);
    expect(await other.locator('.unread').isVisible()).toBe(false);
  });

  test('in landscape one chat is visible too, with enough height', async () => {
    const { address } = await serve();
    const tab = await visit(address, { ...PHONE, viewport: { width: 844, height: 390 } });
    expect(await owners(tab).isVisible()).toBe(false);
    expect((await tab.getByRole('log', { name: '店员的聊天' }).boundingBox())!.height).toBeGreaterThan(150);
    await tab.getByRole('button', { name: '示例券码' }).tap();
    await sample(tab).tap();
    await confirm(tab).tap();
    await settled(tab).waitFor();
  });

  test('nothing overflows the width, and touch targets are large enough', async () => {
    const { practice, address } = await serve();
    const tab = await visit(address, { ...PHONE, viewport: { width: 320, height: 568 } });
    await tab.getByRole('button', { name: '示例券码' }).tap();
    await sample(tab).tap();
    await confirm(tab).waitFor();
    await practice.channel.send(practice.heard[0]!.chat, { kind: 'say', text: 'x'.repeat(500) });
    await store(tab).getByText('xxxx').waitFor();
    expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(320);
    const bubble = (await store(tab).getByText('xxxx').boundingBox())!;
    expect(bubble.x + bubble.width).toBeLessThanOrEqual(320);
    expect((await confirm(tab).boundingBox())!.height).toBeGreaterThanOrEqual(40);
  });
});

describe('attachments of the bot', () => {
  async function sent(reply: Reply, options = DESKTOP) {
    const { practice, address } = await serve();
    const tab = await visit(address, options);
    await practice.channel.send(practice.opened[0]!, reply);
    return { practice, tab };
  }

  test('a picture is shown with its caption, and opens in a tab for printing', async () => {
    const { tab } = await sent(PICTURE);
    const picture = store(tab).getByRole('link', { name: '打开图片' }).getByRole('img');
    await picture.waitFor();
    await expect.poll(() => tab.evaluate('document.querySelector(".opens img").naturalWidth')).toBeGreaterThan(100);
    await store(tab).getByText(PICTURE.caption).waitFor();
    const opening = tab.waitForEvent('popup');
    await picture.click();
    const opened = await opening;
    await opened.waitForLoadState();
    expect(await opened.evaluate('[document.contentType, document.images[0].naturalWidth > 100]')).toEqual(['image/png', true]);
  });

  test('an expired picture is replaced by a sentence', async () => {
    const { practice, address } = await serve();
    const tab = await visit(address);
    await tab.route('**/attachment/*', (route) => route.fulfill({ status: 404 }));
    await practice.channel.send(practice.opened[0]!, PICTURE);
    await store(tab).getByText('图片已过期').waitFor();
    await store(tab).getByText(PICTURE.caption).waitFor();
    expect(await store(tab).getByRole('img', { name: '打开图片' }).count()).toBe(0);
  });

  test('a file is downloaded from the keyboard under its name, byte for byte', async () => {
    const { tab } = await sent(FILE);
    const link = store(tab).getByRole('link', { name: '保存文件 记录.csv' });
    await link.focus();
    expect(await link.getAttribute('aria-label')).toMatch(/^保存文件 记录\.csv，36/);
    const saving = tab.waitForEvent('download');
    await tab.keyboard.press('Enter');
    const saved = await saving;
    expect(saved.suggestedFilename()).toBe('记录.csv');
    expect((await readFile(await saved.path())).equals(CSV)).toBe(true);
    expect(await tab.getByRole('log', { name: '店员的聊天' }).count()).toBe(1);
  });

  test('both fit the smallest phone with large enough touch targets', async () => {
    const { practice, tab } = await sent(PICTURE, { ...PHONE, viewport: { width: 320, height: 568 } });
    await practice.channel.send(practice.opened[0]!, { ...FILE, name: `${'长'.repeat(80)}.csv` });
    const file = store(tab).getByRole('link', { name: /保存文件/ });
    await file.waitFor();
    const picture = store(tab).getByRole('img', { name: '打开图片' });
    await expect.poll(async () => (await picture.boundingBox())?.width).toBeGreaterThan(150);
    const stacked = `[...document.querySelectorAll('#store .message')].map((it) => it.getBoundingClientRect())
      .every((it, n, all) => n === 0 || all[n - 1].bottom <= it.top)`;
    expect(await tab.evaluate(stacked)).toBe(true);
    // The log stays at its end, though the picture got its height later.
    await expect
      .poll(() =>
        tab.evaluate(
          '(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)(document.querySelector("#store .log"))',
        ),
      )
      .toBeLessThan(2);
    expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(320);
    const place = (await file.boundingBox())!;
    expect(place.x + place.width).toBeLessThanOrEqual(320);
    expect(place.height).toBeGreaterThanOrEqual(40);
  });
});

describe('without a mouse', () => {
  test('a verification works from the keyboard, and the focus stays on the card', async () => {
    const { practice, address } = await serve();
    const tab = await visit(address);
    const { keyboard } = tab;
    // The input box has the focus at the start.
    await keyboard.type('第一行');
    await keyboard.press('Shift+Enter');
    await keyboard.type('第二行');
    await keyboard.press('Enter');
    await store(tab).getByText('收到：第一行').waitFor();
    expect(practice.heard[0]?.content).toEqual({ kind: 'text', text: '第一行\n第二行' });
    await keyboard.type('0101000001');
    await keyboard.press('Enter');
    await confirm(tab).waitFor();
    const focused = () => tab.evaluate('document.activeElement.textContent');
    for (let i = 0; i < 20 && (await focused()) !== '确认核销'; i++) await keyboard.press('Shift+Tab');
    expect(await tab.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    await keyboard.press('Enter');
    await settled(tab).waitFor();
    expect(await tab.evaluate('document.activeElement.querySelector("h3")?.textContent')).toBe('核销成功');
    // A second Enter must not press the new button in the old one's place.
    await keyboard.press('Enter');
    await keyboard.press('Tab');
    expect(await focused()).toBe('撤销');
    expect(presses(practice)).toHaveLength(1);
  });

  test('chats are live regions for screen readers, and every control has an accessible name', async () => {
    const { address } = await serve();
    const tab = await visit(address);
    await sample(tab).click();
    await confirm(tab).waitFor();
    for (const name of ['店员的聊天', '老板群']) {
      const log = tab.getByRole('log', { name });
      expect(await log.getAttribute('aria-live')).toBe('polite');
      expect(await log.getAttribute('aria-busy')).toBe('false');
    }
    await store(tab).getByRole('article', { name: '4 小时畅玩（含茶水）' }).getByRole('heading').waitFor();
    const nameless = await tab.evaluate(`[...document.querySelectorAll('button, input, textarea')]
      .filter((it) => !it.hidden && it.type !== 'hidden' && !it.getAttribute('aria-label') && !it.textContent.trim()).length`);
    expect(nameless).toBe(0);
  });
});
