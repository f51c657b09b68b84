/** A file that a chat does not carry is a link: on each channel from the refusal to the bytes, for as long as the right to it lasts. */
import { unzipSync } from 'fflate';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { mountGroupWebhook, mountTelegram } from '../../bot/app/channels.ts';
import { FILE_MS } from '../../services/files/kept-files.ts';
import { startTelegram } from '../doubles/telegram.ts';
import { startRobots } from '../doubles/wecom-group-webhook.ts';
import { PNG } from '../fixtures/replies.ts';
import { HOUR, openHarness } from './harness.ts';
import { openProgram, hurried } from './program-harness.ts';
import { openKfHarness } from './wecom-kf-harness.ts';
import { openSmartBotHarness } from './wecom-smart-bot-harness.ts';
import { openWecomAppHarness } from './wecom-app-harness.ts';

const PUBLIC = 'https://shop.example/bot';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const told = { publicUrl: PUBLIC, port: 0 } as const;

/** An owner whose chat takes no files, and what he is told after his words. */
const chats = {
  async Telegram() {
    const bot = await openHarness({ http: true, publicUrl: PUBLIC });
    const owner = await bot.owner();
    const tooLarge = { kind: 'error', code: 413, description: 'Request Entity Too Large' } as const;
    return {
      bot,
      refuse: () => ['sendPhoto', 'sendDocument'].forEach((method) => bot.telegram.fault(method, tooLarge)),
      ask: async (words: string) => (await bot.ask(owner, words)).map(({ text }) => text),
    };
  },
  async 智能机器人() {
    const bot = await openSmartBotHarness(told);
    const owner = await bot.owner();
    return {
      bot,
      refuse: () => bot.wecom.fault('aibot_upload_media_finish', { kind: 'error', code: 40006 }),
      ask: async (words: string) => (await bot.ask(owner, words)).map(({ look }) => look.text),
    };
  },
  async 自建应用() {
    const bot = await openWecomAppHarness(told);
    const owner = await bot.owner();
    return {
      bot,
      refuse: () => bot.wecom.fail('/media/upload', { kind: 'code', code: 40006 }),
      ask: async (words: string) => (await bot.ask(owner, words)).map(({ text }) => text),
    };
  },
  async 微信客服() {
    const bot = await openKfHarness(told);
    const owner = await bot.owner();
    return {
      bot,
      refuse: () => bot.wecom.fail('/media/upload', { kind: 'code', code: 40006 }),
      ask: (words: string) => bot.ask(owner, words),
    };
  },
} as const;

/** The only link in what was said, at the program's own port. */
function linkIn(said: readonly string[], url: string): string {
  const links = said.join('\n').match(/https:\/\/shop\.example\/bot\/f\/[0-9a-f]{48}(?!\w)/g) ?? [];
  expect(links).toHaveLength(1);
  return links[0]!.replace(PUBLIC, url);
}

describe.each(Object.entries(chats))('on %s', (_, open) => {
  it('an export that is refused is a link below its caption; the link gives the spreadsheet, as often as it is asked', async () => {
    const { bot, refuse, ask } = await open();
    refuse();
    const said = await ask('导出');
    expect(said.join('\n').match(/的核销记录/g)).toHaveLength(1);
    expect(said.join('\n')).toContain('24 小时内有效');
    const link = linkIn(said, bot.url);

    expect((await fetch(link, { method: 'HEAD' })).status).toBe(200);
    for (let times = 0; times < 2; times += 1) {
      const answer = await fetch(link);
      expect(answer.status).toBe(200);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': XLSX,
        'content-disposition': expect.stringMatching(
          /^attachment; filename="[ -~]+\.xlsx"; filename\*=UTF-8''%E6%A0%B8%E9%94%80.*\.xlsx$/,
        ),
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-robots-tag': 'noindex',
        'content-security-policy': expect.stringContaining("sandbox; default-src 'none'"),
      });
      const bytes = new Uint8Array(await answer.arrayBuffer());
      expect(bytes).toHaveLength(Number(answer.headers.get('content-length')));
      expect(Object.keys(unzipSync(bytes))).toContain('xl/worksheets/sheet1.xml');
    }
    expect(bot.lines.join('\n')).not.toContain(link.slice(-48));
    expect(bot.faults).toEqual([]);
  });
});

describe('the link', () => {
  it('ends with the ownership of whoever asked, and comes back with it', async () => {
    const { bot, refuse, ask } = await chats.Telegram();
    refuse();
    const link = linkIn(await ask('/export csv'), bot.url);
    const { db } = bot.database;
    const owners = await db.selectFrom('owner').selectAll().execute();
    await db.deleteFrom('owner').execute();
    const gone = await fetch(link, { headers: { 'accept-language': 'zh' } });
    expect([gone.status, await gone.text()]).toEqual([404, expect.stringContaining('文件打不开了')]);
    await db.insertInto('owner').values(owners).execute();
    const answer = await fetch(link);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/csv']);
  });

  it('ends after a day, and then nothing of the file is left', async () => {
    const { bot, refuse, ask } = await chats.Telegram();
    refuse();
    const link = linkIn(await ask('/export'), bot.url);
    bot.later(FILE_MS - 1000);
    expect((await fetch(link)).status).toBe(200);
    bot.later(1001);
    expect((await fetch(link)).status).toBe(404);
    await bot.tick('sweep');
    const kept = bot.database.db.selectFrom('kv').select('k').where('ns', 'in', ['file-link', 'file-piece']);
    expect(await kept.execute()).toEqual([]);
  });

  it('is not to be guessed: other words, lengths and methods lead nowhere', async () => {
    const { bot } = await chats.Telegram();
    for (const token of ['a'.repeat(48), 'x', '%00', 'a'.repeat(5000), '..%2f..%2fetc'])
      expect((await fetch(`${bot.url}/f/${token}`)).status, token).toBe(404);
    expect((await fetch(`${bot.url}/f/${'a'.repeat(48)}`, { method: 'POST' })).status).toBe(405);
    const statuses = [];
    for (let n = 0; n < 60; n += 1) statuses.push((await fetch(`${bot.url}/f/${String(n).padStart(48, 'a')}`)).status);
    expect(statuses.at(-1)).toBe(429);
  });

  it('is left out where nobody has said an address of this program: the sentence stays', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    bot.telegram.fault('sendDocument', { kind: 'error', code: 413, description: 'Request Entity Too Large' });
    const said = (await bot.ask(owner, '/export')).map(({ text }) => text).join();
    expect(said).toContain('文件发不出来');
    expect(said).not.toContain('/f/');
    expect(await bot.database.db.selectFrom('kv').where('ns', 'like', 'file-%').selectAll().execute()).toEqual([]);
  });
});

it('a summary’s picture that the robot of a group refuses is a link for that group, as long as it receives summaries', async () => {
  const telegram = await startTelegram({ privacy: false });
  const wecom = await startRobots({ now: () => Date.now() });
  const draws = { picture: () => Promise.resolve(PNG), bars: () => Promise.reject(new Error('not asked for')) };
  const office = await openProgram(
    (parts) => [
      mountTelegram({ ...telegram, mode: { kind: 'polling' } }, { ...parts, sleep: hurried(1) }),
      mountGroupWebhook({ apiBase: wecom.url, timeoutMs: 2000 }, parts),
    ],
    { practice: 'off', charts: draws, ...told },
  );
  onTestFinished(async () => {
    await office.close();
    await telegram.close();
    await wecom.close();
    vi.useRealTimers();
  });
  const owner = telegram.person('王老板');
  const says = async (text: string) => {
    owner.says(text);
    await telegram.acknowledged();
    await office.answered();
    return owner.chat.written.at(-1)!;
  };
  const presses = async (message: Parameters<typeof owner.presses>[0], label: string) => {
    owner.presses(message, label);
    await telegram.acknowledged();
    await office.answered();
  };
  await presses(await says('/bind'), '美团 · umember');
  await says('owner@example.com');
  await says('secret');
  const group = wecom.group();
  await says(`/report ${group.address}`);
  await presses(await says(office.umember.books.coupon()), '确认核销');
  group.wordsOnly = true;
  office.later(6 * HOUR);
  await office.tick();
  const link = linkIn(
    group.shown.map(({ text }) => text),
    office.url,
  );
  const answer = await fetch(link);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'image/png',
    'content-disposition': expect.stringMatching(/^inline; /),
  });
  expect(Buffer.from(await answer.arrayBuffer()).equals(PNG)).toBe(true);
  await office.database.db.deleteFrom('owner_group').execute();
  expect((await fetch(link)).status).toBe(404);
});
