/** Reads pictures one by one in a child process that can be killed at any moment; the next picture starts another. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Log } from '../../log.ts';
import type { ChildAnswer } from './photo-child.ts';
import type { PhotoReading } from './photo-reading.ts';

export interface PhotoProcess {
  /** Reads one picture; call it again after its answer. Never rejects. */
  read(bytes: Uint8Array): Promise<PhotoReading | 'dropped'>;
  /** Kills the process so that another picture can be read; the current one is `dropped`. */
  drop(): void;
  /** Kills the process; the current picture is refused as failed. */
  close(): Promise<void>;
}

export interface PhotoProcessParts {
  readonly log: Log;
  /** Time limit of one picture; the first also loads the models. */
  readonly timeMs: number;
  /** Limit of the process's resident memory, in millions of bytes. */
  readonly memoryMb: number;
  /** Idle time after which the process is ended and its memory freed. */
  readonly restMs: number;
  /** The module that its worker thread runs. */
  readonly program: URL;
}

/** `again`: the process ended for a reason other than the picture, which is tried once more. */
type Outcome = PhotoReading | 'again' | 'dropped';

const CHILD = fileURLToPath(new URL('photo-child.ts', import.meta.url));
const FAILED = { kind: 'refused', why: 'failed' } as const;

/** The child's whole environment: large blocks of memory return to the system at once. */
const ENVIRONMENT = { MALLOC_TRIM_THRESHOLD_: '131072', MALLOC_ARENA_MAX: '2' };

export function createPhotoProcess({ log, timeMs, memoryMb, restMs, program }: PhotoProcessParts): PhotoProcess {
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let done: ((outcome: Outcome) => void) | undefined;

  const start = (): ChildProcess => {
    let used = false;
    const started = fork(CHILD, [program.href, String(memoryMb)], {
      env: ENVIRONMENT,
      execArgv: [],
      stdio: ['pipe', 'ignore', 'ignore', 'ipc'],
    });
    // The kernel's out-of-memory killer takes this process and not the bot. Only Linux has the file.
    writeFile(`/proc/${started.pid}/oom_score_adj`, '1000', () => undefined);
    started.on('message', (answer: ChildAnswer) => {
      // A late message of a process already ended: by now another picture is being read.
      if (started !== child) return;
      // Memory of earlier pictures may have exceeded the limit.
      if (answer.kind === 'lost') return lose(started, answer.why, used ? 'again' : { kind: 'refused', why: answer.refusal });
      used = true;
      if (answer.kind === 'fault') log.warn('a picture could not be read', { why: answer.why });
      settle(answer.kind === 'fault' ? FAILED : answer);
      timer = setTimeout(() => lose(started, 'rest'), restMs).unref();
    });
    started.on('error', ({ message }) => lose(started, message));
    started.on('exit', (code, signal) => {
      // Killed by the system or by hand.
      const killed = signal === 'SIGKILL' || signal === 'SIGTERM' || signal === 'SIGINT' || signal === 'SIGHUP';
      lose(started, `it ended by ${signal ?? code}`, killed ? 'again' : FAILED);
    });
    // It ended before it had the whole picture: `exit` reports that.
    started.stdin?.on('error', () => undefined);
    // An idle child does not keep the program alive.
    for (const held of [started, started.channel, started.stdin as Socket | null]) held?.unref();
    return started;
  };

  const settle = (outcome: Outcome): void => {
    clearTimeout(timer);
    done?.(outcome);
    done = undefined;
  };

  /** Kills the process once; the next picture starts another. */
  const lose = (lost: ChildProcess, why: string, outcome: Outcome = FAILED): void => {
    if (lost !== child) return;
    child = undefined;
    if (done && outcome !== 'dropped') log.warn('a picture was given up', { why });
    lost.kill('SIGKILL');
    settle(outcome);
  };

  const attempt = (bytes: Uint8Array): Promise<Outcome> =>
    new Promise((resolve) => {
      clearTimeout(timer);
      done = resolve;
      const reading = (child ??= start());
      timer = setTimeout(() => lose(reading, `not read within ${timeMs} ms`), timeMs);
      const head = Buffer.alloc(4);
      head.writeUInt32LE(bytes.byteLength);
      reading.stdin?.write(head);
      reading.stdin?.write(bytes);
    });

  return {
    async read(bytes) {
      try {
        const outcome = await attempt(bytes);
        const second = outcome === 'again' ? await attempt(bytes) : outcome;
        return second === 'again' ? FAILED : second;
      } catch (error) {
        // The system can start no other process.
        log.warn('a picture was given up', { error });
        return FAILED;
      }
    },
    drop: () => child && lose(child, 'another goes before', 'dropped'),
    async close() {
      const ended = child;
      if (!ended) return;
      ended.ref();
      const exit = once(ended, 'exit');
      lose(ended, 'the program ends');
      await exit;
    },
  };
}
