/** The main job on the practice page, in a real browser, against the program as `npm start` runs it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { launchChromium } from '../bot/web/chromium.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });

let browser: Browser;
let program: ChildProcess;
let folder: string;
let address: string;
const complaints: string[] = [];

beforeAll(async () => {
  browser = await launchChromium();
  folder = await mkdtemp(path.join(tmpdir(), 'hexiao-practice-'));
  program = spawn(process.execPath, ['bot/start.js'], { env: { PATH: process.env['PATH'], PORT: '0', DATA_DIR: folder } });
  address = await new Promise((resolve, reject) => {
    let printed = '';
    program.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString('utf8');
      const found = /"port":(\d+)/.exec(printed);
      if (found) resolve(`http://127.0.0.1:${found[1]}/`);
    });
    program.once('exit', (code) => reject(new Error(`the program left with ${code}: ${printed}`)));
  });
});
afterEach(() => expect(complaints.splice(0)).toEqual([]));
afterAll(async () => {
  await browser.close();
  const left = new Promise<number | null>((resolve) => program.once('exit', resolve));
  program.kill('SIGTERM');
  expect(await left).toBe(0);
  await rm(folder, { recursive: true });
});

/** A visitor of his own, with the two phones of the page. */
async function visit(locale = 'zh-CN'): Promise<{ tab: Page; store: Locator; owners: Locator }> {
  const context = await browser.newContext({ locale, viewport: { width: 1280, height: 900 } });
  const tab = await context.newPage();
  tab.setDefaultTimeout(15_000);
  tab.on('pageerror', (error) => complaints.push(error.message));
  await tab.goto(address);
  const store = tab.getByRole('region', { name: /店员的聊天|Store chat/ });
  const owners = tab.getByRole('region', { name: /老板群|Owner group/ });
  await store.getByText(/欢迎来到|Welcome to/).waitFor();
  return { tab, store, owners };
}

async function send(phone: Locator, text: string): Promise<void> {
  await phone.getByRole('textbox').fill(text);
  await phone.getByRole('textbox').press('Enter');
}

const press = (phone: Locator, label: string | RegExp) => phone.getByRole('button', { name: label }).last().click();
const says = (phone: Locator, text: string | RegExp) => phone.getByText(text).last().waitFor();

describe('the main job', () => {
  test('the owner group offers the words that are of use there, and says what it is for', async () => {
    const { owners } = await visit();
    const words = owners.locator('.quick').getByRole('button');
    expect(await words.allInnerTexts()).toEqual(['日报', '记录', '帮助']);
    await press(owners, '记录');
    await says(owners, '没有找到记录');
    await press(owners, '帮助');
    await says(owners, /本聊天接收「练习棋牌室.*」的日报[\s\S]*记录 · 核销记录/);
  });

  test('a code becomes a card, one tap verifies it, and the summary counts it to the fen', async () => {
    const { store, owners } = await visit();
    await send(store, '1000000001');
    const card = store.getByRole('article').last();
    await card.waitFor();
    for (const word of ['券码', '1000000001', '售价', '¥', '门店', '未使用', '取消'])
      expect(await card.innerText()).toContain(word);
    const price = /¥(\d+\.\d\d)/.exec(await card.innerText())![1]!;
    await press(store, '确认核销');
    await says(store, '核销成功');
    expect(await card.innerText()).toMatch(/撤销（还剩 \d+ 分钟）/);
    await send(owners, '日报');
    await says(owners, new RegExp(`核销 1 张[\\s\\S]*合计 ¥${price}`));
    await says(owners, /按商品[\s\S]*按人员/);
  });

  test('every refusal says why in one line', async () => {
    const { store } = await visit();
    const refusals: readonly (readonly [string, RegExp])[] = [
      ['2000000001', /已核销 · \d{4}-\d\d-\d\d 20:15/],
      ['3000000001', /已过期/],
      ['4100000001', /非本店/],
      ['9000000001', /已退款/],
      ['1357902468', /券码不存在/],
      ['8000000001', /平台繁忙/],
    ];
    for (const [code, why] of refusals) {
      await send(store, code);
      await says(store, why);
    }
    expect(await store.getByRole('article').count()).toBe(refusals.length);
  });

  test('a cancelled card stays cancelled, and a used code says so without asking the platform again', async () => {
    const { store } = await visit();
    await send(store, '1000000003');
    await press(store, '取消');
    await says(store, '已取消');
    await send(store, '1000000003');
    await press(store, '确认核销');
    await says(store, '核销成功');
    await send(store, '1000000003');
    await says(store, '已核销');
  });

  test('while the platform is slow the card says 处理中', async () => {
    const { store } = await visit();
    await send(store, '6000000001');
    await press(store, '确认核销');
    await says(store, '处理中');
    await says(store, '核销成功');
  });

  test('several uses are chosen on the card', async () => {
    const { store, owners } = await visit();
    await send(store, '5000000001');
    await says(store, '可用次数');
    await press(store, '核销 2 张');
    await says(store, '核销成功');
    await send(owners, '日报');
    await says(owners, /核销 2 张/);
  });
});

describe('a lost answer', () => {
  test.each([
    ['7100000001', '核销成功', '尾号 0001 的券：练习 · 模拟 · 核销成功'],
    ['7000000001', '未核销', '尾号 0001 的券：练习 · 模拟 · 未核销'],
  ])('of %s is told as unsure first, and settles by itself as %s', async (code, _, told) => {
    const { store } = await visit();
    await send(store, code);
    await press(store, '确认核销');
    await says(store, '结果待确认');
    await says(store, /请勿重复操作/);
    await store.getByText(told).last().waitFor({ timeout: 40_000 });
    expect(await store.getByText('结果待确认').count()).toBe(0);
  });
});

describe('around the job', () => {
  test('a verification is taken back after a second question, and its code changes', async () => {
    const { store, owners } = await visit();
    await send(store, '1000000005');
    await press(store, '确认核销');
    await press(store, /^撤销/);
    await press(store, '确认撤销');
    await says(store, '已撤销');
    await says(store, '新券码');
    await send(owners, '日报');
    await says(owners, /核销 0 张[\s\S]*撤销 1 张/);
  });

  test('small talk gets a hint, several codes get a button each, and look-alikes are asked about', async () => {
    const { store } = await visit();
    await send(store, '今晚有位置吗');
    await says(store, /发送券码就能核销/);
    await send(store, '1000000006 和 1000000007');
    await press(store, '1000000007');
    await says(store, '确认核销');
    await send(store, '13800138000');
    await says(store, /像是电话号码/);
  });

  test('unbound and bound again: the own account is offered, then a store is chosen', async () => {
    const { store } = await visit();
    await send(store, '解绑');
    await press(store, '确定解绑');
    await says(store, /已与.*解绑/);
    await send(store, '1000000008');
    await says(store, /还没有绑定门店/);
    await send(store, '绑定');
    await press(store, '练习店');
    await press(store, /大学城店/);
    await says(store, /已绑定「练习棋牌室（大学城店）」/);
  });

  test('staff are invited by a word, and the state and the records can be read', async () => {
    const { store } = await visit();
    await send(store, '员工');
    await press(store, '邀请员工');
    await says(store, /\d{8}/);
    await send(store, '状态');
    await says(store, /授权：/);
    await send(store, '记录');
    await says(store, /没有找到记录/);
    await send(store, '帮助');
    await says(store, /日报 · 查看日报/);
  });

  test('in English the same job speaks English', async () => {
    const { store, owners } = await visit('en-US');
    await send(store, '1000000009');
    await press(store, 'Verify');
    await says(store, 'Verified');
    await send(owners, '/summary');
    await says(owners, /Verified: 1/);
  });
});

describe('a picture', () => {
  const PICTURES = path.join(import.meta.dirname, '../fixtures/photos');

  test('that is chosen becomes the card of its code, and is verified', async () => {
    const { store } = await visit();
    await store.getByRole('button', { name: '发送图片' }).waitFor();
    await store.locator('input[type=file]').setInputFiles(path.join(PICTURES, 'practice.png'));
    await store.getByRole('img', { name: '图片' }).waitFor();
    await says(store, '图中读到 1000 4827 16，请与券面核对。');
    await press(store, '确认核销');
    await says(store, '核销成功');
  });

  test('that is dropped or pasted is sent as well; without a code the bot says how to take a better one', async () => {
    const { tab, store } = await visit();
    const base64 = (await readFile(path.join(PICTURES, 'nothing.webp'))).toString('base64');
    for (const [kind, field, target] of [
      ['drop', 'dataTransfer', '#store'],
      ['paste', 'clipboardData', '#store textarea'],
    ] as const) {
      await tab.evaluate(`{
        const bytes = Uint8Array.from(atob('${base64}'), (letter) => letter.charCodeAt(0));
        const transfer = new DataTransfer();
        transfer.items.add(new File([bytes], 'picture.webp', { type: 'image/webp' }));
        const happening = new Event('${kind}', { bubbles: true, cancelable: true });
        Object.defineProperty(happening, '${field}', { value: transfer });
        document.querySelector('${target}').dispatchEvent(happening);
      }`);
      await expect.poll(() => store.getByRole('img', { name: '图片' }).count()).toBe(kind === 'drop' ? 1 : 2);
      await expect.poll(() => store.getByText('没有识别到券码').count(), { timeout: 15_000 }).toBe(kind === 'drop' ? 1 : 2);
    }
  });
});
