/** Runs the bot as a real process on a real file, which can die at any moment; Telegram and umember live on in the test. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { startTelegram, type FakeMessage, type FakePerson } from '../doubles/telegram.ts';
import { startUmember } from '../doubles/umember.ts';

const PATIENCE_MS = 30_000;

export type KillHarness = Awaited<ReturnType<typeof openKillHarness>>;

/** The bot's time runs `times` faster. */
export async function openKillHarness({ times = 12 }: { times?: number } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'hexiao-kill-'));
  const began = Date.now();
  let skipped = 0;
  const now = (): number => Math.floor(began + (Date.now() - began) * times) + skipped;
  const telegram = await startTelegram({ now });
  // Its limit is counted in real seconds, which is not what the bot takes for one.
  const umember = await startUmember({ now, perSecond: undefined });
  const file = path.join(folder, 'hexiao.sqlite');
  let child: ChildProcess | undefined;
  let said = '';

  const read = <T>(sql: string, ...args: unknown[]): T[] => {
    const database = new Database(file, { readonly: true, timeout: 5000 });
    try {
      return database.prepare(sql).all(...args) as T[];
    } finally {
      database.close();
    }
  };

  const until = async (what: string, fine: () => boolean | Promise<boolean>): Promise<void> => {
    const late = Date.now() + PATIENCE_MS;
    while (!(await fine())) {
      if (Date.now() > late) throw new Error(`never ${what}; the bot said:\n${said}`);
      await pause(15);
    }
  };

  const killable = {
    telegram,
    umember,
    folder,
    read,
    until,
    now,
    /** What the process wrote. */
    get said() {
      return said;
    },
    get alive() {
      return child !== undefined && child.exitCode === null && child.signalCode === null;
    },
    /** Starts a process on the file and waits until it hears. */
    async start(): Promise<void> {
      const asked = telegram.callsOf('getUpdates').length;
      said = '';
      child = fork(path.join(import.meta.dirname, '../../bot/start.js'), [], {
        cwd: folder,
        execArgv: ['--import', path.join(import.meta.dirname, 'kill-process.ts')],
        silent: true,
        env: {
          PATH: process.env['PATH'] ?? '',
          PORT: '0',
          HOST: '127.0.0.1',
          DATA_DIR: folder,
          TELEGRAM_BOT_TOKEN: telegram.token,
          TELEGRAM_API_ROOT: telegram.apiRoot,
          UMEMBER_BASE_URL: umember.url,
          LOG_LEVEL: 'warn',
          FAST_FROM: String(began),
          FAST_TIMES: String(times),
          FAST_SKIP: String(skipped),
        },
      });
      for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (text: Buffer) => void (said += text.toString()));
      await until('hears', () => telegram.callsOf('getUpdates').length > asked || !killable.alive);
    },
    /** From now on it dies at the `n`th thing it does; `skipMs` are over at once. */
    async arm(n: number, skipMs = 0): Promise<void> {
      skipped += skipMs;
      child!.send({ kill: n, skipMs });
      await once(child!, 'message');
    },
    /** Its disk is full, or has room again. */
    async disk(is: 'full' | 'roomy'): Promise<void> {
      child!.send({ full: is === 'full' });
      await once(child!, 'message');
    },
    signal: (name: NodeJS.Signals): void => void child!.kill(name),
    /** Resolves with how it ended. */
    async ended(): Promise<{ code: number | null; signal: string | null }> {
      if (killable.alive) await once(child!, 'exit');
      return { code: child!.exitCode, signal: child!.signalCode };
    },
    /** Everything that was heard is answered, everything that is to go out is out, and nothing is unsure. */
    quiet: (): boolean =>
      telegram.waiting === 0 &&
      // In one look: what leaves one of these may enter another.
      read<{ n: number }>(
        `select (select count(*) from inbox where state <> 'done')
          + (select count(*) from verification where state in ('submitting', 'unsure'))
          + (select count(*) from outbox where state in ('due', 'sending', 'uncertain')) as n`,
      )[0]!.n === 0,
    /** Waits until all is quiet or the process is dead; true when it lives. */
    async rest(): Promise<boolean> {
      await until('quiet', () => !killable.alive || killable.quiet());
      return killable.alive;
    },
    /** An owner, bound to umember's shop. */
    async owner(): Promise<FakePerson> {
      const owner = telegram.person('王老板');
      owner.says('/bind');
      owner.presses(await owner.chat.shows('选择平台'), '美团 · umember');
      owner.says('owner@example.com', { replyTo: await owner.chat.shows('邮箱') });
      owner.says('secret', { replyTo: await owner.chat.shows('请发送密码') });
      await owner.chat.shows('已绑定');
      await killable.rest();
      return owner;
    },
    async card(owner: FakePerson, code: string): Promise<FakeMessage> {
      owner.says(code);
      const card = await owner.chat.shows((one) => one.text.includes(code) && one.buttons.length > 0);
      await killable.rest();
      return card;
    },
    async close(): Promise<void> {
      if (killable.alive) child!.kill('SIGKILL');
      await Promise.all([telegram.close(), umember.close()]);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return killable;
}
