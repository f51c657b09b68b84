/** Whole programs in one process: a start takes up what a kill left, instances elect who hears, a stop ends in order. */
import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { createApp, type AppParts } from '../../../bot/app/app.ts';
import { StartRefused } from '../../../bot/app/storage.ts';
import type { Channel, Hear } from '../../../bot/channel/channel.ts';
import { createMetrics } from '../../../bot/telemetry/metrics.ts';
import type { Incoming } from '../../../handlers/message.ts';
import { openSqlite } from '../../../services/database/database.ts';
import { createSeal } from '../../../services/database/seal.ts';
import { systemTime } from '../../../services/time/time.ts';

const NOON = Date.UTC(2026, 10, 22, 4);
const key = Buffer.alloc(32, 7);

/** A database, and programs on it with one channel each. */
async function open({ alone = true } = {}) {
  const database = await openSqlite(':memory:');
  onTestFinished(() => database.close());
  let at = NOON;
  let ids = 0;
  const program = (channel: Channel, more: Partial<AppParts> = {}) => {
    const app = createApp({
      config: {
        locale: 'zh-CN',
        timeZone: 'Asia/Shanghai',
        operators: [],
        publicUrl: undefined,
        webhookPrivate: true,
        access: 'open',
      },
      database,
      alone,
      seal: createSeal(key),
      key,
      time: { ...systemTime, now: () => at, every: () => ({ stop: () => undefined }) },
      newId: () => String((ids += 1)).padStart(16, '0'),
      random: randomBytes,
      platforms: () => [],
      channels: () => [{ channel, single: true }],
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      version: '0',
      ...more,
    });
    return app;
  };
  return { db: database.db, program, later: (ms: number) => void (at += ms) };
}

/** A channel that keeps a record of its calls; what it says waits for `speak`. */
function recorded() {
  const calls: string[] = [];
  let hear: Hear = () => Promise.reject(new Error('nobody is listening'));
  let speak = Promise.resolve();
  const channel: Channel = {
    name: 'wecom-bot',
    start(to) {
      calls.push('start');
      hear = to;
      return Promise.resolve();
    },
    stop() {
      calls.push('stop');
      return Promise.resolve();
    },
    async send() {
      await speak;
      calls.push('send');
      return { kind: 'sent' };
    },
    administers: () => Promise.resolve(true),
  };
  return {
    channel,
    calls,
    hears: (id: string) => hear(heard(id)),
    /** What is said from now on is said once this resolves. */
    hold: (until: Promise<void>) => void (speak = until),
  };
}

const heard = (id: string): Incoming => ({
  id: `wecom-bot:${id}`,
  chat: 'wecom-bot:zhang',
  group: false,
  title: '',
  from: { id: 'wecom-bot:zhang', name: '张' },
  at: NOON,
  content: { kind: 'text', text: '帮助' },
  addressed: true,
});

test('two instances in one process: one hears, and the other follows at once when it stops', async () => {
  const { program } = await open({ alone: false });
  const [first, second] = [recorded(), recorded()];
  const [one, other] = [program(first.channel), program(second.channel)];
  await one.start();
  await other.start();
  expect([first.calls, second.calls]).toEqual([['start'], []]);
  await one.stop();
  await other.tick();
  expect([first.calls, second.calls]).toEqual([['start', 'stop'], ['start']]);
  await other.stop();
});

test('an instance that is stopping wins no election, also not one that was under way', async () => {
  const { db, program } = await open({ alone: false });
  const mine = recorded();
  const app = program(mine.channel);
  const election = app.tick('hear wecom-bot');
  await app.stop();
  await election;
  await app.tick('hear wecom-bot');
  expect(mine.calls).not.toContain('start');
  expect(await db.selectFrom('lease').select('name').where('name', '=', 'hear:wecom-bot').execute()).toEqual([]);
});

test('another instance hears only when everything here is said', async () => {
  const { program } = await open({ alone: false });
  const [first, second] = [recorded(), recorded()];
  const [one, other] = [program(first.channel), program(second.channel)];
  await one.start();
  await other.start();
  const said = Promise.withResolvers<void>();
  first.hold(said.promise);
  await first.hears('1');
  const stopping = one.stop();
  await other.tick();
  expect(second.calls).toEqual([]);
  said.resolve();
  await stopping;
  expect(first.calls).toEqual(['start', 'stop', 'send']);
  await other.tick();
  expect(second.calls).toEqual(['start']);
  await other.stop();
});

test('a stop waits for work under way until it is too late; the next start answers', async () => {
  const { program } = await open();
  const first = recorded();
  const app = program(first.channel);
  await app.start();
  first.hold(new Promise(() => undefined));
  await first.hears('1');
  const late = new AbortController();
  const stopping = app.stop(late.signal);
  late.abort();
  await stopping;
  expect(await app.waiting()).toBe(1);
  const next = recorded();
  const again = program(next.channel);
  await again.start();
  await expect.poll(() => again.waiting()).toBe(0);
  expect(next.calls).toEqual(['start', 'send']);
  await again.stop();
});

test('a channel that can never hear refuses the start in its own words', async () => {
  const { program } = await open();
  const { channel } = recorded();
  const app = program({ ...channel, start: () => Promise.reject(new Error('TELEGRAM_BOT_TOKEN: unknown to Telegram')) });
  await expect(app.start()).rejects.toThrow(new StartRefused('TELEGRAM_BOT_TOKEN: unknown to Telegram'));
  await app.stop();
});

test('the port is told once it listens, and health says which channel does not hear', async () => {
  const { program, later } = await open();
  const { channel } = recorded();
  const reached = Promise.withResolvers<void>();
  const http = { port: 0, host: '127.0.0.1', metrics: { kind: 'loopback' } } as const;
  const app = program({ ...channel, start: () => reached.promise }, { http });
  const listening = Promise.withResolvers<number>();
  const starting = app.start(listening.resolve);
  const port = await listening.promise;
  later(61_000);
  const health = await fetch(`http://127.0.0.1:${port}/healthz`);
  expect([health.status, await health.text()]).toEqual([503, expect.stringContaining('wecom-bot has heard nothing')]);
  reached.resolve();
  await starting;
  await app.stop();
});

test('health and metrics say that a channel hears nothing any more, in its own words', async () => {
  const { program } = await open();
  const { channel } = recorded();
  const http = { port: 0, host: '127.0.0.1', metrics: { kind: 'loopback' } } as const;
  const app = program({ ...channel, trouble: () => 'wecom-bot hears nothing: taken' }, { http, metrics: createMetrics });
  const listening = Promise.withResolvers<number>();
  await app.start(listening.resolve);
  const get = async (path: string) => await fetch(`http://127.0.0.1:${await listening.promise}${path}`);
  const health = await get('/healthz');
  expect([health.status, await health.text()]).toEqual([503, 'wecom-bot hears nothing: taken\n']);
  expect(await (await get('/metrics')).text()).toContain('hexiao_channel_troubled{channel="wecom-bot"} 1');
  await app.stop();
});
