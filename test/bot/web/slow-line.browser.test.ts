/** The practice page on a slow or broken line, in a real browser: what is typed or pressed is kept, and sent once. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { launchChromium } from './chromium.ts';
import { createPractice, scripted, type Practice } from './harness.ts';

let browser: Browser;
const contexts: BrowserContext[] = [];
const practices: Practice[] = [];
/** Errors in the page's scripts; every test must leave this empty. */
const complaints: string[] = [];

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

async function blank(options: BrowserContextOptions = {}) {
  const practice = await createPractice({ hear: scripted });
  practices.push(practice);
  const address = `http://127.0.0.1:${await practice.http.start()}/`;
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1280, height: 800 }, ...options });
  contexts.push(context);
  const tab = await context.newPage();
  tab.setDefaultTimeout(10_000);
  tab.on('pageerror', (error) => complaints.push(error.message));
  return { practice, tab, address };
}

/** Holds all requests for a path until the returned function is called. */
async function hold(tab: Page, path: string): Promise<() => void> {
  const held = Promise.withResolvers<void>();
  await tab.route(path, async (route) => {
    await held.promise;
    await route.continue();
  });
  return held.resolve;
}

const store = (tab: Page) => tab.getByRole('region', { name: /店员的聊天|Store chat/ });
const box = (tab: Page) => store(tab).getByRole('textbox');
const send = (tab: Page) => store(tab).getByRole('button', { name: '发送', exact: true });
const said = ({ heard }: Practice) => heard.map(({ content }) => (content.kind === 'text' ? content.text : content.kind));

describe('while the script is on its way', () => {
  test('the page has its words, and a text that is sent arrives and is answered', async () => {
    const { practice, tab, address } = await blank();
    const arrive = await hold(tab, '**/page/page.js');
    await tab.goto(address, { waitUntil: 'commit' });
    await tab.getByRole('heading', { name: '示例券码' }).waitFor();
    expect(await tab.title()).toBe('核销助手 · 练习模式');
    await box(tab).fill('0101000001');
    await send(tab).click();
    await expect.poll(() => said(practice)).toEqual(['0101000001']);
    arrive();
    await tab.getByRole('button', { name: '确认核销' }).waitFor();
    expect(await box(tab).inputValue()).toBe('');
    expect(practice.heard).toHaveLength(1);
  });

  test('a sample and a language that are pressed count', async () => {
    const { practice, tab, address } = await blank();
    const arrive = await hold(tab, '**/page/page.js');
    await tab.goto(address, { waitUntil: 'commit' });
    await tab.getByRole('button', { name: '0101000001' }).click();
    await expect.poll(() => said(practice)).toEqual(['0101000001']);
    await tab.getByRole('button', { name: 'English' }).click();
    await tab.getByRole('heading', { name: 'Sample codes' }).waitFor();
    arrive();
    await tab.getByRole('button', { name: '确认核销' }).waitFor();
    expect(practice.spoken).toMatchObject([{ locale: 'en' }]);
    expect(practice.heard).toHaveLength(1);
  });

  test('what was typed stays, and what was closed with Enter is sent', async () => {
    const { practice, tab, address } = await blank();
    const arrive = await hold(tab, '**/page/page.js');
    await tab.goto(address, { waitUntil: 'commit' });
    await box(tab).fill('0101000001');
    await box(tab).press('Enter');
    const group = tab.getByRole('region', { name: '老板群' }).getByRole('textbox');
    await group.fill('还没写完');
    arrive();
    await tab.getByRole('button', { name: '确认核销' }).waitFor();
    expect(said(practice)).toEqual(['0101000001']);
    expect(await group.inputValue()).toBe('还没写完');
  });
});

test('without JavaScript a text is taken too', async () => {
  const { practice, tab, address } = await blank({ javaScriptEnabled: false });
  await tab.goto(address);
  await box(tab).fill('你好');
  await send(tab).click();
  await expect.poll(() => said(practice)).toEqual(['你好']);
  // Back on the page, with an empty box.
  await expect.poll(() => new URL(tab.url()).search).toBe('?chat=store');
  expect(await box(tab).inputValue()).toBe('');
});

test('before the live events are there, texts, samples and the language are taken', async () => {
  const { practice, tab, address } = await blank();
  const arrive = await hold(tab, '**/events*');
  const answer = await hold(tab, '**/changes*');
  await tab.goto(address);
  await box(tab).fill('你好');
  await box(tab).press('Enter');
  await expect.poll(() => box(tab).inputValue()).toBe('');
  await tab.getByRole('button', { name: '0101000001' }).click();
  await expect.poll(() => said(practice)).toEqual(['你好', '0101000001']);
  await tab.getByRole('button', { name: 'English' }).click();
  await tab.getByRole('heading', { name: 'Sample codes' }).waitFor();
  await tab.getByText(/正在重新连接|Reconnecting/).waitFor();
  arrive();
  answer();
  await store(tab).getByText('收到：你好').waitFor();
  await tab.getByRole('button', { name: '确认核销' }).waitFor();
  await tab.getByText(/正在重新连接|Reconnecting/).waitFor({ state: 'hidden' });
  expect(await tab.getByText('页面已过期').count()).toBe(0);
});

describe('a POST that fails', () => {
  test('is repeated by itself as the same event, also where only its answer was lost', async () => {
    const { practice, tab, address } = await blank();
    await tab.goto(address);
    const ids: unknown[] = [];
    await tab.route('**/say', async (route) => {
      ids.push(route.request().postDataJSON().id);
      if (ids.length === 1) return await route.abort();
      if (ids.length > 2) return await route.continue();
      // The server took it, and nobody knows.
      await route.fetch();
      await route.abort();
    });
    await box(tab).fill('0101000001');
    await box(tab).press('Enter');
    await tab.getByRole('button', { name: '确认核销' }).waitFor();
    await expect.poll(() => box(tab).inputValue()).toBe('');
    expect(ids.length).toBe(3);
    expect(new Set(ids).size).toBe(1);
    expect(said(practice)).toEqual(['0101000001']);
  });

  test('of a press is repeated too, and presses once', async () => {
    const { practice, tab, address } = await blank();
    await tab.goto(address);
    await tab.getByRole('button', { name: '0101000001' }).click();
    let tries = 0;
    await tab.route('**/press', async (route) => {
      tries += 1;
      if (tries > 1) return await route.continue();
      await route.fetch();
      await route.abort();
    });
    await tab.getByRole('button', { name: '确认核销' }).click();
    await store(tab).getByRole('article', { name: '核销成功' }).waitFor();
    await expect.poll(() => tries).toBe(2);
    expect(said(practice)).toEqual(['0101000001', 'press']);
  });

  test('for good leaves the text in the box, also after a reload, and sends it as the same event', async () => {
    const { practice, tab, address } = await blank();
    await tab.goto(address);
    const ids: unknown[] = [];
    await tab.route('**/say', async (route) => {
      ids.push(route.request().postDataJSON().id);
      await route.abort();
    });
    await box(tab).fill('你好');
    await box(tab).press('Enter');
    await store(tab).getByText('没有发出去。请检查网络后重新发送。').waitFor();
    await tab.unroute('**/say');
    await tab.reload();
    await expect.poll(() => box(tab).inputValue()).toBe('你好');
    const posted = tab.waitForRequest('**/say');
    await box(tab).press('Enter');
    ids.push((await posted).postDataJSON().id);
    await store(tab).getByText('收到：你好').waitFor();
    expect(new Set(ids).size).toBe(1);
    expect(said(practice)).toEqual(['你好']);
  });
});
