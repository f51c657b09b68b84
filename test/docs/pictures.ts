/** `npm run pictures`: draws docs/pictures/ anew, from what the running program really says; takes Chromium and half a minute. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import type { Locale } from '../../locales/index.ts';
import { words } from '../../locales/index.ts';
import { launchChromium } from '../bot/web/chromium.ts';
import { startTelegram } from '../doubles/telegram.ts';
import { startUmember } from '../doubles/umember.ts';
import { startWecomBot } from '../doubles/wecom-smart-bot.ts';
import { telegramChat, wecomChat } from './chat-looks.ts';
import { ROOT } from './map.ts';

/** Pixels of a picture for each of the page: phones and printers show it crisp. */
const SCALE = 2;

/** Runs the program as people do, in an empty folder, while `use` is under way. `use` gets its port. */
async function withProgram(env: Readonly<Record<string, string>>, use: (port: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hexiao-pictures-'));
  const child = spawn(process.execPath, [path.join(ROOT, 'bot/start.js')], {
    cwd: folder,
    env: { PATH: process.env['PATH'], PORT: '0', HOST: '127.0.0.1', DATA_DIR: folder, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const left = once(child, 'exit');
  try {
    let printed = '';
    for await (const chunk of child.stdout) {
      printed += String(chunk);
      if (printed.includes('"msg":"ready"')) break;
    }
    child.stdout.resume();
    const port = /"port":(\d+)/.exec(printed)?.[1];
    if (port === undefined) throw new Error(`the program did not start: ${printed}`);
    await use(port);
  } finally {
    child.kill('SIGTERM');
    await left;
    await rm(folder, { recursive: true });
  }
}

/** Keeps a picture small: these are flat colours and text. */
async function keep(png: Buffer, file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await sharp(png).png({ palette: true, quality: 90, effort: 10 }).toFile(file);
  process.stdout.write(`${path.relative(ROOT, file)}\n`);
}

async function practicePage(tab: Page, port: string, locale: Locale, file: string): Promise<void> {
  const { say } = words(locale);
  await tab.setViewportSize({ width: 1180, height: 760 });
  await tab.goto(`http://127.0.0.1:${port}/`);
  const store = tab.locator('#store');
  const press = (label: string) => store.getByRole('button', { name: label, exact: true }).last().click();
  const sample = tab.locator('#samples li button').first();
  await sample.click();
  await press(say('button-confirm'));
  await store.getByText(say('title-verified')).last().waitFor();
  const owners = tab.locator('section.phone').last();
  await owners.getByRole('textbox').fill(locale === 'en' ? '/summary' : '日报');
  await owners.getByRole('textbox').press('Enter');
  await owners.getByText(say('summary-by-person')).last().waitFor();
  await sample.click();
  await store
    .getByRole('button', { name: say('button-confirm'), exact: true })
    .last()
    .waitFor();
  // A sample that was just sent is greyed for a moment.
  await tab.locator('#samples li button:enabled').first().and(sample).waitFor();
  await tab.mouse.move(0, 0);
  await keep(await tab.screenshot({ animations: 'disabled' }), file);
}

/** One picture of a whole document. */
async function draw(tab: Page, html: string, file: string): Promise<void> {
  await tab.setViewportSize({ width: 400, height: 100 });
  await tab.setContent(html);
  await keep(await tab.locator('body').screenshot(), file);
}

/** Binds umember's store in both chats; verifies a coupon in one, asks for the summary in the other, and looks others up. */
async function chats(tab: Page, locale: Locale, folder: string): Promise<void> {
  const { say } = words(locale);
  const [telegram, wecom, umember] = [await startTelegram(), await startWecomBot(), await startUmember()];
  const { books } = umember;
  books.shops.clear();
  const { id: store, name } = books.shop({ name: '大声发24小时自助棋牌室' });
  const coupon = (code: string, title: string, yuan: string): string => books.coupon({ store, code, title, yuan });
  const env = {
    LOCALE: locale,
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.apiRoot,
    WECOM_BOT_ID: wecom.id,
    WECOM_BOT_SECRET: wecom.secret,
    WECOM_BOT_WS_URL: wecom.wsUrl,
    UMEMBER_BASE_URL: umember.url,
  };
  const about = locale === 'en' ? 'bot' : '机器人';
  await withProgram(env, async () => {
    const zhang = telegram.person('张三', { language_code: locale === 'en' ? 'en' : 'zh-hans' });
    zhang.says('/bind');
    zhang.presses(await zhang.chat.shows(say('bind-choose-platform')), say('platform-umember'));
    await zhang.chat.shows(say('bind-ask-email'));
    zhang.says('owner@example.com');
    await zhang.chat.shows(say('bind-ask-password'));
    zhang.says('secret');
    await zhang.chat.shows(name);
    const before = zhang.chat.messages.length;
    zhang.says(coupon('7992697494', '开业特惠通用畅玩4小时', '49.00'));
    zhang.presses(await zhang.chat.shows(say('button-confirm')), say('button-confirm'));
    await zhang.chat.shows(say('title-verified'));
    zhang.says(coupon('0332808512', '双人下午茶套餐', '89.00'));
    await zhang.chat.shows('双人下午茶套餐');
    const shown = zhang.chat.messages.slice(before);
    await draw(tab, telegramChat({ title: telegram.bot.first_name, about }, shown), path.join(folder, 'telegram.png'));

    const wang = wecom.person('wangfang');
    wang.says('绑定');
    wang.presses(await wang.chat.shows(say('bind-choose-platform')), say('platform-umember').slice(0, 2));
    await wang.chat.shows(say('bind-ask-email'));
    wang.says('owner@example.com');
    await wang.chat.shows(say('bind-ask-password'));
    wang.says('secret');
    await wang.chat.shows(name);
    const from = wang.chat.messages.length;
    wang.says(locale === 'en' ? '/summary' : '日报');
    await wang.chat.shows(say('summary-by-person'));
    wang.says(coupon('0109760017002', '四人台球2小时', '66.00'));
    await wang.chat.shows('四人台球2小时');
    const seen = wang.chat.messages.slice(from);
    await draw(tab, wecomChat({ title: '核销助手', about }, seen), path.join(folder, 'wecom-card.png'));
  });
  for (const one of [telegram, wecom, umember]) await one.close();
}

async function draws(browser: Browser, locale: Locale, folder: string): Promise<void> {
  const context = await browser.newContext({ locale: locale === 'en' ? 'en-US' : locale, deviceScaleFactor: SCALE });
  const [practice, chat] = [await context.newPage(), await context.newPage()];
  await withProgram({}, (port) => practicePage(practice, port, locale, path.join(folder, 'practice.png')));
  await chats(chat, locale, folder);
  await context.close();
}

const browser = await launchChromium();
try {
  await draws(browser, 'zh-CN', path.join(ROOT, 'docs/pictures'));
  await draws(browser, 'en', path.join(ROOT, 'docs/pictures/en'));
} finally {
  await browser.close();
}
