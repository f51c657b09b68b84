/** Bots to be measured, each as a process of its own: ours, with its books filled beforehand, and the peer. */
import { randomBytes } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createRepositories } from '../../bot/app/repositories.ts';
import { openStorage } from '../../bot/app/storage.ts';
import type { Session } from '../../services/platforms/platform.ts';
import { sql } from '../../services/database/database.ts';
import { createLeases } from '../../services/database/locks/leases.ts';
import { createCollections } from '../../services/database/collections.ts';
import { freePort } from '../free-port.ts';
import { chatOf, type FakeUpstream } from './fake-upstream.ts';
import type { Bare } from './overhead-bare.ts';
import { systemTime } from '../../services/time/time.ts';

export interface RunningBot {
  readonly token: string;
  readonly process: ChildProcess;
  /** What it has taken of the processors so far, all its threads, ms; by Linux, in steps of 10. */
  processorMs(): Promise<number>;
  stop(): Promise<void>;
}

const DAY = 24 * 3_600_000;
const HERE = import.meta.dirname;

/** Fills a new data folder: `count` chats, each bound to a store of an account of its own, with one member of staff, logged in; `hook`: an endpoint each. */
export async function seed(dataDir: string, count: number, hook?: string): Promise<void> {
  const where = { kind: 'sqlite', file: path.join(dataDir, 'hexiao.sqlite') } as const;
  const { database, seal } = await openStorage({ dataDir, database: where, secretKey: undefined });
  const { db } = database;
  await sql`pragma synchronous = off`.execute(db);
  const now = Date.now;
  const collections = createCollections(db, seal, () => Date.now());
  let ids = 0;
  const { accounts, stores, chats, members, endpoints } = createRepositories({
    config: { timeZone: 'Asia/Shanghai' },
    database,
    seal,
    collections,
    leases: createLeases(db, now),
    platforms: [],
    monotonic: systemTime.monotonic,
    sleep: systemTime.sleep,
    now,
    newId: () => String(++ids).padStart(16, '0'),
    random: randomBytes,
  });
  const logins = collections<Session>('login', DAY);
  for (let n = 0; n < count; n++) {
    const email = `owner${n}@example.com`;
    const owner = { id: `telegram:${9_000_000_000 + n}`, name: '店主' };
    const by = { kind: 'person', ...owner } as const;
    const chat = `telegram:${chatOf(n)}`;
    const credentials = { email, password: 'secret' };
    const account = await accounts.save({ platform: 'umember', identity: email, credentials }, owner);
    const shop = await stores.save(account.id, { id: String(n + 5), name: `大声發24小时自助棋牌室${n}` }, by);
    await chats.bind({ id: chat, title: '小王', group: false }, shop.id, by);
    if (hook !== undefined) await endpoints.add(shop.id, new URL(hook), by);
    await members.add({ storeId: shop.id, by: owner.id }, { id: chat, name: '小王' });
    await logins.set(`umember:${email}`, { token: `token-${n}`, expiresAt: now() + DAY });
  }
  await database.close();
}

/** The real program on a filled data folder, in webhook mode. `node` are further words for Node itself. */
export async function startOurs(
  upstream: FakeUpstream,
  dataDir: string,
  more: Readonly<Record<string, string>> = {},
  node: readonly string[] = [],
): Promise<RunningBot> {
  const token = '111111:ours';
  const port = await freePort();
  const child = spawn(process.execPath, [...node, path.join(HERE, '../../bot/main.ts')], {
    cwd: dataDir,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      TELEGRAM_BOT_TOKEN: token,
      TELEGRAM_MODE: 'webhook',
      TELEGRAM_API_ROOT: upstream.url,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      UMEMBER_BASE_URL: upstream.url,
      DATA_DIR: dataDir,
      HOST: '127.0.0.1',
      PORT: String(port),
      ...more,
    },
  });
  return await running(upstream, token, child);
}

/** The peer. */
export async function startBare(upstream: FakeUpstream): Promise<RunningBot> {
  const bare: Bare = { token: '222222:bare', port: await freePort(), url: upstream.url };
  const child = spawn(process.execPath, [path.join(HERE, 'overhead-bare.ts'), JSON.stringify(bare)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return await running(upstream, bare.token, child);
}

async function running(upstream: FakeUpstream, token: string, child: ChildProcess): Promise<RunningBot> {
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  };
  await upstream.ready(token).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const processorMs = async (): Promise<number> => {
    const fields = (await readFile(`/proc/${child.pid}/stat`, 'utf8')).split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  };
  return { token, process: child, processorMs, stop };
}
