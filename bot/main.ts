/** Puts the parts together, opens the channels, and stops them cleanly. */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ChatId } from '../handlers/message.ts';
import { sweepPractice } from '../services/lifecycle/practice-sweep.ts';
import { createPhotoReader } from '../services/coupons/read-photo/photo-reader.ts';
import { createAttempts } from '../services/database/attempts.ts';
import { sweepExpired } from '../services/database/collections.ts';
import { claimClock } from '../services/database/claim.ts';
import { createLeases } from '../services/database/leases.ts';
import { createMutex, noMutex } from '../services/database/mutex.ts';
import { createLeader } from './channel/leader.ts';
import { createBodies } from './http/body.ts';
import type { Channel } from './channel/channel.ts';
import { createChannels } from './app/channels.ts';
import { createClock, type Job } from './delivery/clock.ts';
import { loadConfig, type Config } from './config/config.ts';
import { createCustomerLinks } from './channel/customer-links.ts';
import { openStorage, StartRefused } from './app/storage.ts';
import { greet } from './app/greeting.ts';
import { createReadiness } from './channel/readiness.ts';
import { createFetchFile } from './channel/files.ts';
import { createHttp } from './http/server.ts';
import { channelOf, createInbox } from './delivery/inbox.ts';
import { createLog } from './telemetry/log.ts';
import { createRedact } from './telemetry/redact.ts';
import { createMetrics } from './telemetry/metrics.ts';
import { createOauth } from './http/oauth/oauth.ts';
import { createDelivery } from './delivery/outbox.ts';
import { createPlatforms } from './app/platforms.ts';
import { createSend } from './delivery/send.ts';
import { VERSION } from './config/version.ts';
import { createHandlers } from './app/handlers.ts';

/** How long work under way may take once stopping began. */
const STOP_MS = 10_000;
/** How long the start waits for channels that cannot be reached. */
const OPENING_MS = 5_000;
const MONTH_MS = 30 * 24 * 3_600_000;

const now = Date.now;

/** 16 letters and digits of chance. */
const newId = (): string =>
  BigInt(`0x${randomBytes(12).toString('hex')}`)
    .toString(36)
    .padStart(19, '0')
    .slice(-16);

const loaded = loadConfig();
if ('mistakes' in loaded) refuse(loaded.mistakes.join('\n'));
await run(loaded).catch((error: unknown) => {
  const words =
    error instanceof StartRefused ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
  refuse(String(createRedact(loaded.secrets)(words)));
});

async function run(config: Config): Promise<void> {
  const { database, seal, key } = await openStorage(config);
  const log = createLog({ level: config.logLevel, secrets: [...config.secrets, key.toString('base64')] });
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.error('stopped by a defect', { event, error });
      process.exit(1);
    });
  }
  const channels = new Map<string, Channel>();
  const channelFor = (chat: ChatId): Channel | undefined => channels.get(channelOf(chat));
  const robot = () => [...channels.values()].find((channel) => channel.webhook)?.webhook;

  const photos = createPhotoReader({ log });
  const handlers = createHandlers({
    config,
    database,
    seal,
    platforms: createPlatforms({
      platformsConfig: config.platformsConfig,
      practiceStore: config.practiceStore,
      now,
      observe: (...call) => metrics.platformCall(...call),
      log,
    }),
    log,
    now,
    newId,
    administers: async (chat, person) => (await channelFor(chat)?.administers(chat, person)) ?? false,
    link: (chat, word) => channelFor(chat)?.link?.(word),
    webhook: {
      connect: async (address, hello) => (await robot()?.connect(address, hello)) ?? { problem: 'not-one' },
      disconnect: async (chat) => await channelFor(chat)?.webhook?.disconnect(chat),
    },
    customerLinks: createCustomerLinks({ channels: () => channels.values(), log }),
    photos: { fetchFile: createFetchFile({ channelFor, log }), read: photos.read },
    version: VERSION,
  });
  const { inboxRows, outbox, collections, chats, wordsOf } = handlers;
  const leases = createLeases(database.db, now, claimClock(database.embedded));
  const holder = newId();
  const metrics = createMetrics({
    inbox: () => inboxRows.waiting(),
    outbox: () => outbox.counts(),
    dead: async () => ({ inbox: await inboxRows.dead(), outbox: await outbox.deadCount() }),
  });
  const send = createSend(channelFor);

  const inbox = createInbox({
    rows: inboxRows,
    answer: handlers.answer,
    send,
    serves: (chat) => channelFor(chat) !== undefined,
    apology: async (chat) => (await wordsOf(chat)).say('failed'),
    log,
    now,
    wait: pause,
    heard: metrics.heard,
    answered: metrics.answered,
  });
  const stopping = new AbortController();
  const deliver = createDelivery({
    outbox,
    send,
    moved: (from, to) => chats.move(from, to),
    repeatMark: async (chat) => (await wordsOf(chat)).say('repeat'),
    log,
    stopping: stopping.signal,
  });
  const sweep = async (): Promise<void> => {
    await sweepExpired(database.db, now());
    await inboxRows.sweep();
    await outbox.sweep(now() - MONTH_MS);
    await leases.sweep();
    await createAttempts({ db: database.db, now }).sweep();
    await sweepPractice(database.db, now());
  };
  const jobs: Job[] = [
    { name: 'inbox', when: '* * * * * *', run: () => inbox.resume() },
    { name: 'recheck', when: '* * * * * *', run: handlers.recheck },
    { name: 'countdown', when: '*/5 * * * * *', run: handlers.countDown },
    { name: 'outbox', when: '* * * * * *', run: deliver, overlaps: true },
    { name: 'summaries', when: '*/5 * * * * *', run: handlers.postSummaries },
    { name: 'watch', when: '45 * * * * *', run: handlers.watch },
    { name: 'sweep', when: '30 */10 * * * *', run: sweep },
  ];

  // A write, not a look: a full disk can still be read.
  const health = (): Promise<readonly string[]> =>
    leases.hold(`health:${holder}`, holder, 60_000).then(readiness.complaints, (error: unknown) => {
      // Its own words are for the log: they name hosts, users and files.
      log.warn('the database cannot be written', { error });
      return ['the database cannot be written'];
    });
  const http = createHttp({
    port: config.port,
    host: config.host,
    health,
    metrics: () => metrics.text(),
    metricsAccess: config.metrics,
    log,
  });

  const bodies = createBodies();
  const { authorisations, platforms } = handlers;
  const { publicUrl } = config;
  if (publicUrl !== undefined) {
    const newToken = (): string => randomBytes(16).toString('hex');
    http.mount(createOauth({ ...authorisations, platforms, hear: inbox.hear, publicUrl, newToken, bodies, now, log }));
  }

  const readiness = createReadiness(now);
  const openings: (() => Promise<void>)[] = [];
  for (const { channel, routes, alone } of createChannels({
    config,
    key,
    collections,
    bodies,
    mutex: database.embedded ? noMutex : createMutex({ leases, holder, wait: pause }),
    chats,
    openPractice: handlers.openPractice,
    wordsOf,
    loseGroup: handlers.loseGroup,
    log,
    now,
  })) {
    channels.set(channel.name, channel);
    http.mount(routes);
    const start = (): Promise<void> => readiness.begin(channel.name, () => channel.start(inbox.hear));
    if (!alone || database.embedded) {
      openings.push(start);
      continue;
    }
    const stop = (): Promise<void> => {
      readiness.end(channel.name);
      return channel.stop();
    };
    const taking = createLeader({ leases, name: `hear:${channel.name}`, holder, start, stop, log });
    jobs.push({ name: `hear ${channel.name}`, when: '*/5 * * * * *', run: taking, overlaps: true });
    openings.push(taking);
  }
  const clock = createClock({ jobs, log });

  const stop = async (): Promise<void> => {
    log.info('stopping');
    stopping.abort();
    const forced = setTimeout(() => process.exit(1), STOP_MS + 2_000);
    const quiet = Promise.all([...channels.values()].map((channel) => channel.stop())).then(() =>
      Promise.all([http.stop(), clock.stop(), inbox.stop()]),
    );
    // By the same clock as the end that is forced, which a test may have run faster.
    const over = new Promise<void>((end) => void setTimeout(end, STOP_MS));
    await Promise.race([quiet, over]);
    for (const name of channels.keys()) await leases.release(`hear:${name}`, holder).catch(() => undefined);
    await photos.close();
    await database.close().catch((error: unknown) => log.warn('the database was not closed cleanly', { error }));
    clearTimeout(forced);
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());

  await handlers.recover();
  const port = await http.start().catch(refused);
  await inbox.resume();
  clock.start();
  if (config.practice) greet(port);
  const opened = Promise.all(openings.map((open) => open().catch(refused)));
  // One whose network is down is waited for behind the others' backs.
  await Promise.race([opened, pause(OPENING_MS, undefined, { ref: false })]);
  log.info('ready', { port, channels: readiness.names().join(' '), version: VERSION });
  await opened;
}

function refused(cause: unknown): never {
  throw new StartRefused(cause instanceof Error ? cause.message : String(cause), { cause });
}

function refuse(words: string): never {
  process.stderr.write(`${words}\n`);
  process.exit(1);
}
