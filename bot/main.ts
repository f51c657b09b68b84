/** Runs the program: reads the configuration, opens the storage, starts the app, and stops it at a signal or a defect. */
import { randomBytes } from 'node:crypto';
import { createCharts } from '../services/charts/charts.ts';
import { createPhotoReader } from '../services/coupons/read-photo/photo-reader.ts';
import type { Log } from '../services/log.ts';
import { pooledBytes } from '../services/random.ts';
import { createApp } from './app/app.ts';
import { configuredChannels } from './app/channels.ts';
import { greet } from './app/greeting.ts';
import { configuredPlatforms } from './app/platforms.ts';
import { openStorage, StartRefused } from './app/storage.ts';
import { loadConfig, type Config } from './config/config.ts';
import { VERSION } from './config/version.ts';
import { systemTime } from '../services/time/time.ts';
import { createLog } from './telemetry/log.ts';
import { createMetrics } from './telemetry/metrics.ts';
import { createRedact } from './telemetry/redact.ts';

/** How long work under way may take once stopping began, ms. */
const STOP_MS = 10_000;
/** How long the end itself may take after that, ms. */
const END_MS = 2_000;

const idBytes = pooledBytes(12);

const loaded = loadConfig();
if ('mistakes' in loaded) refuse(loaded.mistakes.join('\n'));
await run(loaded).catch((error: unknown) => {
  const words =
    error instanceof StartRefused ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
  refuse(String(createRedact(loaded.secrets)(words)));
});

async function run(config: Config): Promise<void> {
  const { database, seal, key, former } = await openStorage(config);
  const log = createLog({ level: config.logLevel, secrets: [...config.secrets, key.toString('base64')] });
  exitOnDefect(log);
  const photos = createPhotoReader({ log });
  const charts = createCharts(systemTime);
  const app = createApp({
    config,
    database,
    alone: database.embedded,
    seal,
    key,
    former,
    time: systemTime,
    newId,
    random: randomBytes,
    platforms: (parts) => configuredPlatforms(config, parts),
    channels: (parts) => configuredChannels(config, parts),
    photos,
    charts,
    http: config,
    metrics: createMetrics,
    log,
    version: VERSION,
  });

  const stop = async (): Promise<void> => {
    const late = new AbortController();
    setTimeout(() => late.abort(), STOP_MS);
    setTimeout(() => process.exit(1), STOP_MS + END_MS);
    await app.stop(late.signal);
    await photos.close();
    await charts.close();
    await database.close().catch((error: unknown) => log.warn('the database was not closed cleanly', { error }));
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());

  await app.start((port) => {
    if (config.practice) greet(port);
  });
}

/** Exits with a line in the log: after a defect nobody knows what state the process is in. */
function exitOnDefect(log: Log): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.error('stopped by a defect', { event, error });
      process.exit(1);
    });
  }
}

/** 16 random lower-case letters and digits. */
function newId(): string {
  return BigInt(`0x${idBytes().toString('hex')}`)
    .toString(36)
    .padStart(19, '0')
    .slice(-16);
}

function refuse(words: string): never {
  process.stderr.write(`${words}\n`);
  process.exit(1);
}
