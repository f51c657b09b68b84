/** Reads one picture after the other in a process of its own, which can be killed at any moment; the next picture starts another. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Log } from '../../log.ts';
import type { ChildAnswer } from './photo-child.ts';
import type { PhotoReading } from './photo-reading.ts';

export interface PhotoProcess {
  /** What one picture shows; the next is given after this one's answer. Never rejects. */
  read(bytes: Uint8Array): Promise<PhotoReading | 'dropped'>;
  /** Ends the process for the sake of another picture; the one it reads is `dropped`. */
  drop(): void;
  /** Ends the process; the picture it reads is refused as failed. */
  close(): Promise<void>;
}

export interface PhotoProcessParts {
  readonly log: Log;
  /** What one picture may take; the first also waits for the models. */
  readonly timeMs: number;
  /** Resident memory of the whole process, in millions of bytes. */
  readonly memoryMb: number;
  /** Without pictures for so long, the process ends and its memory is free. */
  readonly restMs: number;
  /** What its thread runs. */
  readonly program: URL;
}

/** `again`: the process ended of something else, the picture is not to blame. */
type Outcome = PhotoReading | 'again' | 'dropped';

const CHILD = fileURLToPath(new URL('photo-child.ts', import.meta.url));
const FAILED = { kind: 'refused', why: 'failed' } as const;

/** All that it sees of an environment. With it, large pieces of memory go back to the system at once. */
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
    // Where the machine runs out of memory, this process goes and not the bot. Only Linux has the file.
    writeFile(`/proc/${started.pid}/oom_score_adj`, '1000', () => undefined);
    started.on('message', (answer: ChildAnswer) => {
      // Said just before it was ended: by now another picture is being read.
      if (started !== child) return;
      // What earlier pictures left behind may be what made it too much.
      if (answer.kind === 'lost') return lose(started, answer.why, used ? 'again' : { kind: 'refused', why: answer.refusal });
      used = true;
      if (answer.kind === 'fault') log.warn('a picture could not be read', { why: answer.why });
      settle(answer.kind === 'fault' ? FAILED : answer);
      timer = setTimeout(() => lose(started, 'rest'), restMs).unref();
    });
    started.on('error', ({ message }) => lose(started, message));
    started.on('exit', (code, signal) => {
      // By the system, or by hand.
      const outside = signal === 'SIGKILL' || signal === 'SIGTERM' || signal === 'SIGINT' || signal === 'SIGHUP';
      lose(started, `it ended by ${signal ?? code}`, outside ? 'again' : FAILED);
    });
    // It went away before it had the whole picture: its end says so.
    started.stdin?.on('error', () => undefined);
    // While it rests, it keeps nobody from ending.
    for (const held of [started, started.channel, started.stdin as Socket | null]) held?.unref();
    return started;
  };

  const settle = (outcome: Outcome): void => {
    clearTimeout(timer);
    done?.(outcome);
    done = undefined;
  };

  /** Ends it, if that was not done yet; the next picture starts another. */
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
        // The system has no room for another process.
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
