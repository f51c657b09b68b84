/** Reads pictures off the event loop: few threads, a short queue, and a limit to what one picture may cost. */
import { Worker } from 'node:worker_threads';
import type { Log } from '../../log.ts';
import type { PhotoReading } from './photo-reading.ts';

export interface PhotoReader {
  /** What the picture shows. Never rejects: whatever goes wrong is a refusal of this one picture. */
  read(bytes: Uint8Array): Promise<PhotoReading>;
  /** Ends the threads; pictures that wait or are being read are refused. */
  close(): Promise<void>;
}

export interface PhotoReaderParts {
  readonly log: Log;
  /** Threads. Each takes 300 to 450 MB while it works, and 560 MB for HEIC of 24 million pixels. The first starts with the first picture. */
  readonly workers?: number;
  /** Pictures that may wait. */
  readonly waiting?: number;
  /** What one picture may take, from when it is its turn; the first also waits for the models. */
  readonly timeMs?: number;
  /** Of JavaScript's own memory in each thread; what lies outside it is bounded by the limits of bytes and pixels. */
  readonly memoryMb?: number;
  /** Without pictures for so long, a thread ends and its memory is free. */
  readonly restMs?: number;
  /** What the threads run. */
  readonly program?: URL;
}

/** The most any channel brings: Telegram's bots can fetch no larger file. */
export const LARGEST = 20 * 1024 * 1024;

interface Job {
  readonly bytes: Uint8Array;
  readonly done: (reading: PhotoReading) => void;
}

interface Thread {
  readonly worker: Worker;
  job: Job | undefined;
  timer: NodeJS.Timeout | undefined;
}

export function createPhotoReader(parts: PhotoReaderParts): PhotoReader {
  const { log, workers = 1, waiting = 10, timeMs = 15_000, memoryMb = 512, restMs = 5 * 60_000 } = parts;
  const program = parts.program ?? new URL('worker.ts', import.meta.url);
  const threads = new Set<Thread>();
  const queue: Job[] = [];
  let closed = false;

  const start = (): Thread => {
    const worker = new Worker(program, {
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
      // Nothing of the program's environment is its business.
      env: {},
      stdout: true,
      stderr: true,
    });
    const thread: Thread = { worker, job: undefined, timer: undefined };
    threads.add(thread);
    worker.unref();
    worker.on('message', (answer: PhotoReading | { readonly kind: 'fault'; readonly why: string }) => {
      if (answer.kind === 'fault') log.warn('a picture could not be read', { why: answer.why });
      finish(thread, answer.kind === 'fault' ? { kind: 'refused', why: 'failed' } : answer);
      next();
    });
    worker.on('error', (error) => lose(thread, error instanceof Error ? error.message : 'unknown'));
    worker.on('exit', () => lose(thread, 'it ended'));
    return thread;
  };

  /** Its picture is lost; the next picture gets a new thread. */
  const lose = (thread: Thread, why: string): void => {
    if (!threads.delete(thread)) return;
    if (thread.job) log.warn('a picture was given up', { why });
    void thread.worker.terminate();
    finish(thread, { kind: 'refused', why: 'failed' });
    next();
  };

  const finish = (thread: Thread, reading: PhotoReading): void => {
    clearTimeout(thread.timer);
    const { job } = thread;
    thread.job = undefined;
    thread.worker.unref();
    thread.timer = setTimeout(() => lose(thread, 'rest'), restMs).unref();
    job?.done(reading);
  };

  const next = (): void => {
    if (closed || queue.length === 0) return;
    const thread = [...threads].find(({ job }) => !job) ?? (threads.size < workers ? start() : undefined);
    const job = thread && queue.shift();
    if (!job) return;
    clearTimeout(thread.timer);
    thread.job = job;
    thread.worker.ref();
    thread.timer = setTimeout(() => lose(thread, `not read within ${timeMs} ms`), timeMs);
    // A copy of its own goes over: the caller keeps his bytes. (A Buffer's `slice` would be no copy.)
    const bytes = new Uint8Array(job.bytes);
    thread.worker.postMessage(bytes, [bytes.buffer]);
  };

  return {
    async read(bytes) {
      if (bytes.byteLength > LARGEST) return { kind: 'refused', why: 'too-large' };
      if (closed || queue.length >= waiting) return { kind: 'refused', why: 'busy' };
      return await new Promise<PhotoReading>((done) => {
        queue.push({ bytes, done });
        next();
      });
    },
    async close() {
      closed = true;
      for (const { done } of queue.splice(0)) done({ kind: 'refused', why: 'busy' });
      await Promise.all(
        [...threads].map(async (thread) => {
          threads.delete(thread);
          clearTimeout(thread.timer);
          thread.job?.done({ kind: 'refused', why: 'busy' });
          thread.job = undefined;
          await thread.worker.terminate();
        }),
      );
    },
  };
}
