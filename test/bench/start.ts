/** How long from the start of the process to its first healthy answer: at the very first start, and again. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import type { Figure } from './ledger.ts';
import { within } from './load.ts';

const STARTS = 10;
const PROMISED_MS = 1000;
const TOO_LONG_MS = 20_000;

/** What `npm start` runs. */
const ENTRY = path.resolve(import.meta.dirname, '../../bot/start.js');

export async function bench(starts = STARTS): Promise<readonly Figure[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hexiao-start-'));
  const [first, again]: [number[], number[]] = [[], []];
  try {
    for (let n = 0; n < starts; n++) first.push(await startOnce(path.join(folder, String(n))));
    await startOnce(path.join(folder, 'kept'));
    for (let n = 0; n < starts; n++) again.push(await startOnce(path.join(folder, 'kept')));
  } finally {
    await rm(folder, { recursive: true });
  }
  return [figure('first start: nothing compiled, no database', first), figure('every later start', again)];
}

/** `home` holds the database and what was compiled, if there was a start before. */
async function startOnce(home: string): Promise<number> {
  const port = await freePort();
  const began = performance.now();
  const child = spawn(process.execPath, [ENTRY], {
    cwd: tmpdir(),
    stdio: 'ignore',
    env: {
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: path.join(home, 'data'),
      NODE_COMPILE_CACHE: path.join(home, 'cache'),
    },
  });
  const gone = once(child, 'exit');
  try {
    while (!(await healthy(port))) {
      if (child.exitCode !== null) throw new Error('the program ended instead of starting');
      if (performance.now() - began > TOO_LONG_MS) throw new Error('the program does not start');
      await pause(2);
    }
    return performance.now() - began;
  } finally {
    child.kill('SIGTERM');
    await gone;
  }
}

const healthy = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/healthz`).then(
    ({ status }) => status === 200,
    () => false,
  );

function figure(what: string, times: readonly number[]): Figure {
  const [median, most] = [within(times, 0.5), within(times, 1)];
  return {
    what,
    measured: `${median.toFixed(0)} ms, at most ${most.toFixed(0)} ms (${times.length} starts)`,
    promised: `≤ ${PROMISED_MS} ms`,
    held: median <= PROMISED_MS,
  };
}
