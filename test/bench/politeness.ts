/** Whether the limit is kept where the requests arrive, for a minute under load, and how much of it is used. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openPostgres, sql } from '../../services/database/database.ts';
import type { Arrival } from '../doubles/umember.ts';
import type { Figure } from './ledger.ts';
import type { Load } from './politeness-instance.ts';

interface Scene {
  readonly what: string;
  /** The network and the platform: as `UmemberOptions`. */
  readonly platform: { readonly latencyMs: number; readonly jitterMs?: number };
  readonly instances: number;
  /** The peer spaces its calls by Bottleneck's `minTime: 500`. */
  readonly database: 'SQLite' | 'PostgreSQL' | 'peer';
  readonly timeoutMs?: number;
  /** Killed and started again that many times on the way. */
  readonly kills?: number;
  /** Least share of the limit; none is promised where calls fail. */
  readonly share?: number;
}

const SCENES: readonly Scene[] = [
  { what: 'platform answers in 2 ms', platform: { latencyMs: 2 }, instances: 1, database: 'SQLite', share: 0.95 },
  { what: 'platform answers in 200 ms', platform: { latencyMs: 200 }, instances: 1, database: 'SQLite', share: 0.8 },
  { what: 'jitter of 0–120 ms each way', platform: { latencyMs: 50, jitterMs: 120 }, instances: 1, database: 'SQLite' },
  {
    what: 'given up after 250 ms, on the way for up to 900 ms',
    platform: { latencyMs: 0, jitterMs: 900 },
    instances: 1,
    database: 'SQLite',
    timeoutMs: 250,
  },
  {
    what: 'killed and started again 5 times',
    platform: { latencyMs: 50, jitterMs: 120 },
    instances: 1,
    database: 'SQLite',
    kills: 5,
  },
  { what: '3 instances, 2 ms', platform: { latencyMs: 2 }, instances: 3, database: 'PostgreSQL', share: 0.95 },
  { what: '3 instances, 200 ms', platform: { latencyMs: 200 }, instances: 3, database: 'PostgreSQL', share: 0.8 },
  {
    what: '3 instances, jitter, one killed and started again 5 times',
    platform: { latencyMs: 50, jitterMs: 120 },
    instances: 3,
    database: 'PostgreSQL',
    kills: 5,
  },
  { what: 'peer (minTime 500), 2 ms', platform: { latencyMs: 2 }, instances: 1, database: 'peer' },
  { what: 'peer (minTime 500), jitter', platform: { latencyMs: 50, jitterMs: 120 }, instances: 1, database: 'peer' },
];

const SECONDS = 64;
const STARTING_MS = 2_000;
const PER_SECOND = 2;
const SERVER = process.env['POSTGRES_URL'] ?? 'postgres://root@127.0.0.1:5432/test';

/** All scenes at the same time, each with a platform and an account of its own. Scenes of PostgreSQL are left out where there is none. */
export async function bench(seconds = SECONDS): Promise<readonly Figure[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hexiao-politeness-'));
  try {
    const there = await serverIsThere();
    const scenes = SCENES.filter(({ database }) => there || database !== 'PostgreSQL');
    const figures = await Promise.all(
      scenes.map((scene, n) => play(scene, path.join(folder, `${n}.sqlite`), `politeness_${n}`, seconds)),
    );
    return there
      ? figures
      : [...figures, { what: 'politeness, 3 instances', measured: 'not run: no PostgreSQL', promised: '', held: false }];
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function play(scene: Scene, file: string, schema: string, seconds: number): Promise<Figure> {
  // It counts and refuses nothing: what is over the limit shall be seen, not stopped.
  const platform = start('test/doubles/umember.ts', { ...scene.platform, perSecond: null });
  const [line] = (await once(platform.stdout!, 'data')) as [Buffer];
  const { port } = JSON.parse(line.toString()) as { port: number };
  const url = `http://127.0.0.1:${port}`;
  const ask = control(url);
  const code = (await ask('coupon', {})) as string;
  await ask('token', 'bench');
  const load: Load = {
    url,
    access: { token: 'bench', expiresAt: Number.MAX_SAFE_INTEGER },
    code,
    database: scene.database === 'peer' ? null : scene.database === 'SQLite' ? { file } : { url: SERVER, schema },
    timeoutMs: scene.timeoutMs ?? 10_000,
    seconds,
  };
  if (scene.database === 'PostgreSQL') await (await openPostgres(SERVER, schema)).close();
  const started = Array.from({ length: scene.instances }, () => start('test/bench/politeness-instance.ts', load));
  for (let n = 1; n <= (scene.kills ?? 0); n += 1) {
    await pause((seconds * 1_000) / ((scene.kills ?? 0) + 1));
    started[0]!.kill('SIGKILL');
    await gone(started[0]!);
    const left = seconds * (1 - n / ((scene.kills ?? 0) + 1));
    started[0] = start('test/bench/politeness-instance.ts', { ...load, seconds: left });
  }
  await Promise.all(started.map(gone));
  // What was given up last may still arrive.
  await pause(1_000);
  const over = (await ask('windowsOver', PER_SECOND)) as number;
  const arrivals = (await ask('arrivals')) as readonly Arrival[];
  platform.kill();
  await gone(platform);
  if (scene.database === 'PostgreSQL') await clear(schema);
  return figure(
    scene,
    over,
    shareOf(
      arrivals.map(({ at }) => at),
      seconds,
    ),
    arrivals.length,
  );
}

/** Of what the limit allows, once all have started and while all still ask. */
function shareOf(times: readonly number[], seconds: number): number {
  const from = (times[0] ?? 0) + STARTING_MS;
  const until = (times[0] ?? 0) + seconds * 1_000 - STARTING_MS;
  return times.filter((at) => at > from && at <= until).length / (PER_SECOND * ((until - from) / 1_000));
}

function figure({ what, database, share }: Scene, over: number, used: number, calls: number): Figure {
  const percent = (part: number) => `${(part * 100).toFixed(1)} %`;
  const peer = database === 'peer';
  return {
    what: `politeness, ${peer ? '' : `${database}, `}${what}`,
    measured: `${over} windows over, ${percent(used)} of the limit, ${calls} calls`,
    promised: peer ? '' : `0 windows${share === undefined ? '' : `, ≥ ${percent(share)}`}`,
    held: peer || (over === 0 && used >= (share ?? 0)),
  };
}

function start(file: string, options: unknown): ChildProcess {
  return spawn(process.execPath, [file, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function gone(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

async function clear(schema: string): Promise<void> {
  const database = await openPostgres(SERVER, schema);
  await sql`drop schema ${sql.id(schema)} cascade`.execute(database.db);
  await database.close();
}

const control =
  (url: string) =>
  async (what: string, ...args: unknown[]): Promise<unknown> => {
    const response = await fetch(`${url}/__control`, { method: 'POST', body: JSON.stringify({ do: what, with: args }) });
    return await response.json();
  };

async function serverIsThere(): Promise<boolean> {
  try {
    await clear('politeness');
    return true;
  } catch {
    return false;
  }
}

if (import.meta.main) {
  for (const { what, measured, promised, held } of await bench(Number(process.argv[2] ?? SECONDS))) {
    process.stdout.write(`${held ? 'held  ' : 'BROKEN'} ${what}: ${measured}${promised && ` (promised: ${promised})`}\n`);
  }
}
