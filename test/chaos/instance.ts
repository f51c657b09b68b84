/** One instance of the program, as a process of its own behind its own line to the database. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServerDatabase } from '../fixtures/server-database.ts';
import { freePort } from '../free-port.ts';
import { startTcpProxy, type LineState } from './tcp-proxy.ts';

export type Instance = Awaited<ReturnType<typeof createInstance>>;

/** The start may take so long on a busy machine. */
const START_MS = 60_000;

export async function createInstance(name: string, database: ServerDatabase, env: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(path.join(tmpdir(), 'hexiao-chaos-'));
  const url = new URL(database.url);
  const line = await startTcpProxy(Number(url.port || 5432), url.hostname);
  url.port = String(line.port);
  let child: ChildProcess | undefined;
  let port = 0;
  let holder: string | undefined;
  const said: string[] = [];

  const healthy = async (): Promise<boolean> =>
    await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(6_000) }).then(
      ({ ok }) => ok,
      () => false,
    );
  const holders = async (): Promise<readonly string[]> =>
    (await database.query<{ holder: string }>("select holder from lease where name like 'health:%'")).map((row) => row.holder);

  return {
    name,
    /** The last lines of its log. */
    said,
    healthy,
    line: (state: LineState): void => line.set(state),
    get alive(): boolean {
      return child !== undefined && child.exitCode === null && child.signalCode === null;
    },
    async start(): Promise<void> {
      const before = await holders().catch((): readonly string[] => []);
      port = await freePort();
      child = fork(path.join(import.meta.dirname, '../../bot/start.js'), [], {
        cwd: folder,
        silent: true,
        execArgv: ['--import', path.join(import.meta.dirname, 'skewed-clock.ts')],
        env: {
          PATH: process.env['PATH'] ?? '',
          PORT: String(port),
          HOST: '127.0.0.1',
          DATA_DIR: folder,
          DATABASE_URL: url.href,
          LOG_LEVEL: 'warn',
          ...env,
        },
      });
      for (const stream of [child.stdout!, child.stderr!])
        stream.on('data', (text: Buffer) => {
          said.push(...text.toString().trim().split('\n'));
          said.splice(0, said.length - 200);
        });
      const late = Date.now() + START_MS;
      while (!(await healthy())) {
        if (Date.now() > late || child.exitCode !== null) throw new Error(`${name} does not start:\n${said.join('\n')}`);
        await pause(100);
      }
      holder = (await holders()).find((one) => !before.includes(one));
    },
    /** Whether it is the one that hears Telegram. */
    async leads(): Promise<boolean> {
      const rows = await database.query<{ holder: string }>("select holder from lease where name = 'hear:telegram'");
      return rows[0]?.holder === holder;
    },
    signal: (signal: NodeJS.Signals): void => void child?.kill(signal),
    async kill(): Promise<void> {
      const ended = child && child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
      child?.kill('SIGKILL');
      await ended;
    },
    async close(): Promise<void> {
      await this.kill();
      await line.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
