/** Puts the parts together, opens the channels, and stops them cleanly. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Hono } from 'hono';
import type { ChatId, Incoming, Reply } from '../handlers/message.ts';
import { words } from '../locales/index.ts';
import { createPractice, type Page as PracticePage } from '../services/platforms/practice/practice.ts';
import { practiceSamples } from '../services/platforms/practice/samples.ts';
import { createUmember } from '../services/platforms/umember/umember.ts';
import { createWire } from '../services/platforms/wire.ts';
import { openPostgres, openSqlite, sql, type Store } from '../services/store/database.ts';
import { sweepExpired, type Collections } from '../services/store/expiring.ts';
import { findKey, openSeal } from '../services/store/secret-key.ts';
import { WrongKey, type Seal } from '../services/store/seal.ts';
import type { Channel, Sent } from './channel.ts';
import { createClock } from './clock.ts';
import { loadConfig, type Config } from './config.ts';
import { createHttp } from './http.ts';
import { channelOf, createInbox } from './inbox.ts';
import { createLog } from './log.ts';
import { commandMenus } from './menus.ts';
import { createMetrics } from './metrics.ts';
import { createDelivery } from './outbox.ts';
import { createTelegram, type Telegram } from './telegram/telegram.ts';
import { VERSION } from './version.ts';
import { createWeb, KEPT_MS, type Page } from './web/web.ts';
import { wire } from './wiring.ts';

/** How long work under way may take once stopping began. */
const STOP_MS = 10_000;
const MONTH_MS = 30 * 24 * 3_600_000;

const now = Date.now;
const newId = (): string =>
  BigInt(`0x${randomBytes(12).toString('hex')}`)
    .toString(36)
    .padStart(19, '0')
    .slice(-16);

/** A start that cannot be: one sentence each, no stack. */
class Refused extends Error {}

async function openData(config: Config): Promise<{ store: Store; seal: Seal; key: Buffer }> {
  await mkdir(config.dataDir, { recursive: true }).catch((cause: unknown) => {
    throw new Refused(`DATA_DIR: ${config.dataDir} cannot be made; choose a folder this user may write to`, { cause });
  });
  const store = await (
    config.database.kind === 'sqlite' ? openSqlite(config.database.file) : openPostgres(config.database.url)
  ).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Refused(
      config.database.kind === 'sqlite'
        ? `DATA_DIR: the database ${config.database.file} cannot be opened (${why}); check that the folder is writable, has space, and no other copy runs`
        : `DATABASE_URL: PostgreSQL cannot be used (${why}); check the address, the user and that it runs`,
      { cause },
    );
  });
  try {
    const key = await findKey(config.secretKey, config.dataDir);
    return { store, key, seal: await openSeal(store.db, key) };
  } catch (cause) {
    await store.close();
    if (cause instanceof WrongKey)
      throw new Refused(
        'SECRET_KEY: this is not the key the stored credentials were sealed with; put the former key back (nothing was changed)',
        { cause },
      );
    throw new Refused(`SECRET_KEY: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

const config = loadConfig();
if ('mistakes' in config) {
  for (const mistake of config.mistakes) process.stderr.write(`${mistake}\n`);
  process.exit(1);
}
await run(config).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Refused ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});

async function run(config: Config): Promise<void> {
  const { store, seal, key } = await openData(config);
  const log = createLog({ level: config.logLevel, secrets: [...config.secrets, key.toString('base64')] });
  const channels = new Map<string, Channel>();
  const channelFor = (chat: ChatId): Channel | undefined => channels.get(channelOf(chat));

  const wiring = wire({
    config,
    store,
    seal,
    platforms: (collections: Collections) => [
      createUmember({ wire: createWire(), baseUrl: config.umember.baseUrl, now }),
      createPractice({ books: collections<PracticePage>('practice', MONTH_MS), now, pause }),
    ],
    log,
    now,
    newId,
    administers: async (chat, person) => (await channelFor(chat)?.administers(chat, person)) ?? false,
    link: (chat, word) => channelFor(chat)?.link?.(word),
    version: VERSION,
  });
  const { inboxRows, outbox, collections, chats, wordsOf } = wiring;
  const send = async (chat: ChatId, reply: Reply, answering?: Incoming): Promise<Sent> =>
    (await channelFor(chat)?.send(chat, reply, answering)) ?? { kind: 'gone' };

  const metrics = createMetrics({ inbox: () => inboxRows.waiting(), outbox: () => outbox.counts() });
  const inbox = createInbox({
    rows: inboxRows,
    answer: wiring.answer,
    send,
    apology: async (chat) => (await wordsOf(chat)).say('failed'),
    log,
    now,
    wait: pause,
    heard: metrics.heard,
    answered: metrics.answered,
  });
  const deliver = createDelivery({
    outbox,
    send,
    moved: (from, to) => chats.move(from, to),
    repeatMark: async (chat) => (await wordsOf(chat)).say('repeat'),
    log,
  });
  const clock = createClock({
    log,
    jobs: [
      { name: 'inbox', when: '* * * * * *', run: () => inbox.resume() },
      { name: 'recheck', when: '* * * * * *', run: wiring.recheck },
      { name: 'outbox', when: '* * * * * *', run: deliver },
      { name: 'summaries', when: '*/5 * * * * *', run: wiring.postSummaries },
      {
        name: 'sweep',
        when: '30 */10 * * * *',
        run: async () => {
          await sweepExpired(store.db, now());
          await inboxRows.sweep();
          await outbox.sweep(now() - MONTH_MS);
        },
      },
    ],
  });

  let telegram: Telegram | undefined;
  const health = async (): Promise<string[]> => {
    try {
      await sql`select 1`.execute(store.db);
      return [];
    } catch {
      return ['the database does not answer'];
    }
  };
  const http = createHttp({ port: config.port, host: config.host, health, metrics: () => metrics.text(), log });
  if (config.telegram) {
    const { token, apiRoot, mode } = config.telegram;
    telegram = createTelegram({
      token,
      apiRoot,
      mode:
        mode.kind === 'webhook'
          ? { kind: 'webhook', url: `${mode.publicUrl}/telegram`, secret: webhookSecret(key, token) }
          : { kind: 'polling' },
      commands: commandMenus(),
      log,
      now,
      wait: async (ms, signal) => await pause(ms, undefined, { signal }),
    });
    channels.set('telegram', telegram);
    const hook = telegram;
    http.mount(new Hono().post('/telegram', (c) => hook.handle(c.req.raw)));
  }
  if (config.practice) {
    const web = createWeb({
      pages: collections<Page>('page', KEPT_MS),
      newId: () => randomBytes(16).toString('hex'),
      now,
      log,
      samples: (locale) =>
        practiceSamples.map(({ family, key: name }) => ({
          code: family + randomBytes(4).readUInt32BE().toString().padStart(10, '0').slice(-6),
          label: words(locale).say(`practice-${name}`),
        })),
      open: wiring.openPractice,
    });
    channels.set('web', web.channel);
    http.mount(web.app);
  }

  await wiring.recover();
  const stop = async (): Promise<void> => {
    log.info('stopping');
    const forced = setTimeout(() => process.exit(1), STOP_MS + 2_000);
    await Promise.all([...channels.values()].map((channel) => channel.stop()));
    await Promise.race([Promise.all([http.stop(), clock.stop(), inbox.stop()]), pause(STOP_MS)]);
    await store.close();
    clearTimeout(forced);
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());

  const port = await http.start().catch((cause: unknown) => {
    throw new Refused(`PORT: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  });
  await inbox.resume();
  clock.start();
  if (config.practice) {
    process.stdout.write(`\n  核销助手 · 练习模式 practice mode\n\n  打开 Open  http://localhost:${port}/\n\n`);
    process.stdout.write('  接入 Telegram：设置 TELEGRAM_BOT_TOKEN（向 @BotFather 申请）后重启，见 README。\n');
    process.stdout.write('  To connect Telegram, set TELEGRAM_BOT_TOKEN (from @BotFather) and start again; see README.\n\n');
  }
  for (const channel of channels.values()) {
    await channel.start(inbox.hear).catch((cause: unknown) => {
      throw new Refused(cause instanceof Error ? cause.message : String(cause), { cause });
    });
    log.info('hearing', { channel: channel.name });
  }
  if (telegram) log.info('telegram bot', { username: telegram.username });
}

/** What Telegram proves itself with: derived, so that every instance with the same key knows it. */
function webhookSecret(key: Buffer, token: string): string {
  return createHmac('sha256', key)
    .update(`telegram-webhook:${createHash('sha256').update(token).digest('hex')}`)
    .digest('hex');
}
