/**
 * Runs the whole program (`createApp`) with the channels a story needs and umember's double behind it. Time stands still until a
 * story says `later(…)`; the jobs run at `tick()`.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { vi } from 'vitest';
import { createApp } from '../../bot/app/app.ts';
import type { ChannelParts, Mounted } from '../../bot/app/channels.ts';
import { configuredPlatforms } from '../../bot/app/platforms.ts';
import type { Channel } from '../../bot/channel/channel.ts';
import { createEnvReader } from '../../bot/config/env-reader.ts';
import { readPlatforms } from '../../bot/config/platforms.ts';
import { systemTime, type Time } from '../../services/time/time.ts';
import type { Charts } from '../../services/charts/charts.ts';
import { createPhotoReader } from '../../services/coupons/read-photo/photo-reader.ts';
import { openSqlite, type Database } from '../../services/database/database.ts';
import { createSeal } from '../../services/database/seal.ts';
import type { Log } from '../../services/log.ts';
import type { Platform } from '../../services/platforms/platform.ts';
import { startUmember } from '../doubles/umember.ts';
import type { Gateways } from './gateways.ts';
import { storedIn } from './stored.ts';

/** 2026-11-22 18:30 in Shanghai. */
export const EVENING = Date.parse('2026-11-22T18:30:00+08:00');

export interface ProgramOptions {
  /** When it is. */
  readonly now?: number;
  readonly database?: Database;
  /** How long umember may take to answer, ms. */
  readonly timeoutMs?: number;
  /** Happens elsewhere whenever the program waits by its own; such waits take no time. */
  readonly meanwhile?: (database: Database) => Promise<unknown>;
  /** umember is called politely, at most so often; time passes by itself then. */
  readonly perSecond?: number;
  /** `PRACTICE=off`, or something the practice platform does otherwise. On and as it is unless told. */
  readonly practice?: 'off' | ((platform: Platform) => Platform);
  /** Platforms besides umember and practice. */
  readonly gateways?: Pick<Gateways, 'platformsConfig' | 'follow'>;
  readonly operators?: readonly string[];
  /** `ACCESS`. */
  readonly access?: 'open' | 'review';
  /** The last number that a database of before knows: ids go on from there. */
  readonly last?: number;
  /** The program listens here. */
  readonly port?: number;
  readonly publicUrl?: string;
  /** Pictures of summaries are drawn. */
  readonly charts?: Pick<Charts, 'picture' | 'bars'>;
}

/** The program's time: waits of its own take none, and nothing runs on schedule. */
const still: Time = {
  ...systemTime,
  sleep: () => Promise.resolve(),
  every: () => ({ stop: () => undefined }),
};

/** Sets the time and stops it; where calls are polite it passes by itself. Once per test: doubles keep the `Date.now` they find. */
export function standStill({ now = EVENING, perSecond }: Pick<ProgramOptions, 'now' | 'perSecond'>): void {
  if (vi.isFakeTimers()) vi.setSystemTime(now);
  else vi.useFakeTimers({ toFake: ['Date'], now, shouldAdvanceTime: perSecond !== undefined });
}

/** Waits of a channel that take real time, divided by `hurry`. */
export const hurried =
  (hurry: number): Time['sleep'] =>
  async (ms, signal) =>
    await pause(ms / hurry, undefined, { ref: false, ...(signal && { signal }) });

export type Program = Awaited<ReturnType<typeof openProgram>>;

/** The caller closes it. */
export async function openProgram(channels: (parts: ChannelParts) => readonly Mounted[], options: ProgramOptions = {}) {
  const { practice, perSecond, timeoutMs = 2000, gateways, meanwhile } = options;
  standStill(options);
  const umember = await startUmember({ perSecond: undefined });
  const platformsConfig = {
    ...readPlatforms(createEnvReader({}), undefined),
    ...gateways?.platformsConfig,
    umember: { baseUrl: umember.url },
  };
  const database = options.database ?? (await openSqlite(':memory:'));
  const key = Buffer.alloc(32, 7);
  const { lines, faults, log } = createLines();
  // Its process begins with the first picture.
  const photos = createPhotoReader({ log });
  let ids = options.last ?? 0;
  const newId = (): string =>
    String((ids += 1))
      .padStart(8, '0')
      .padEnd(16, 'x');

  const start = async () => {
    const process = { dead: false };
    let ears: readonly Channel[] = [];
    const app = createApp({
      config: {
        locale: 'zh-CN',
        timeZone: 'Asia/Shanghai',
        operators: options.operators ?? [],
        access: options.access ?? 'open',
        publicUrl: options.publicUrl,
        webhookPrivate: true,
      },
      database,
      alone: true,
      // A database of before holds what earlier versions sealed.
      seal: createSeal(key, { placeless: options.database !== undefined }),
      key,
      time: {
        ...still,
        // Both clocks skip what a story skips.
        ...(perSecond !== undefined && { sleep: systemTime.sleep, monotonic: () => Date.now() }),
        ...(meanwhile && { sleep: async () => void (await meanwhile(database)) }),
      },
      newId,
      random: randomBytes,
      platforms: (parts) =>
        configuredPlatforms(
          { platformsConfig, practiceStore: practice !== 'off' },
          { ...parts, timeoutMs, ...(gateways && { follow: gateways.follow }) },
        ).map((platform) => {
          // Politeness has tests of its own; here hardly anybody waits for it.
          if (platform.name === 'umember') return { ...platform, perSecond };
          return platform.name === 'practice' && typeof practice === 'function' ? practice(platform) : platform;
        }),
      channels(parts) {
        const mounted = channels(parts);
        ears = mounted.map(({ channel }) => channel);
        return mounted.map(({ channel, ...rest }) => ({ ...rest, channel: mortal(channel, process) }));
      },
      photos,
      ...(options.charts && { charts: options.charts }),
      ...(options.port !== undefined && {
        http: { port: options.port, host: '127.0.0.1', metrics: { kind: 'loopback' } as const },
      }),
      log,
      version: 'test',
    });
    let url = '';
    await app.start((port) => (url = `http://127.0.0.1:${port}`));
    return { app, url, ears, process };
  };
  let running = await start();

  return {
    umember,
    database,
    /** What the program wrote down, read beside it. */
    stored: storedIn(database),
    /** Its own address, where it listens. */
    get url() {
      return running.url;
    },
    /** Everything that was logged, one line each. */
    lines,
    /** Failures of ours that were logged; stories that expect none check it. */
    faults,
    later: (ms: number) => vi.setSystemTime(Date.now() + ms),
    /** One round of all jobs, or of the one that is named. */
    tick: (job?: string): Promise<void> => running.app.tick(job),
    waiting: (): Promise<number> => running.app.waiting(),
    /** Until everything that was heard is answered. */
    async answered(): Promise<void> {
      while ((await running.app.waiting()) > 0) await pause(1);
    },
    /** The process dies in the middle of its work, and another one starts. */
    async crash(): Promise<void> {
      running.process.dead = true;
      for (const channel of running.ears) await channel.stop();
      running = await start();
    },
    /** The process is told to end, and finishes what it has begun. */
    stop: (): Promise<void> => running.app.stop(),
    async close(): Promise<void> {
      await running.app.stop();
      await photos.close();
      await umember.close();
      await database.close();
    },
  };
}

/** A channel of a process; once that is dead, it says nothing any more. */
const mortal = (channel: Channel, process: { readonly dead: boolean }): Channel => ({
  ...channel,
  send: (...message) => (process.dead ? new Promise<never>(() => undefined) : channel.send(...message)),
});

function createLines() {
  const lines: string[] = [];
  const faults: { message: string; error?: unknown }[] = [];
  const write =
    (level: string) =>
    (message: string, facts: object = {}): void => {
      const error = 'error' in facts ? facts.error : undefined;
      lines.push(`${level} ${message} ${JSON.stringify(facts)} ${error instanceof Error ? (error.stack ?? '') : ''}`);
      if (level === 'error') faults.push({ message, ...facts });
    };
  const log: Log = { info: write('info'), warn: write('warn'), error: write('error') };
  return { lines, faults, log };
}
