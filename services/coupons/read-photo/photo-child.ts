/**
 * The child process that reads pictures: its main thread receives them and watches the memory, a worker thread reads. Any fault
 * ends the whole process: a thread inside a native library cannot be ended alone.
 *
 * A picture arrives on stdin, prefixed by its length in four bytes; the reading is sent back over Node's IPC channel.
 */
import { Worker } from 'node:worker_threads';
import type { PhotoReading, PhotoRefusal } from './photo-reading.ts';

export type ChildAnswer =
  | PhotoReading
  /** A fault of the reader; the process goes on. */
  | { readonly kind: 'fault'; readonly why: string }
  /** The process ends, and the picture is refused. */
  | { readonly kind: 'lost'; readonly why: string; readonly refusal: PhotoRefusal };

/** The share of memory for JavaScript's heap; native libraries allocate outside it. */
const HEAP = 0.4;
/** Interval between looks at the memory; it grows by some 30 MB in that time at most. */
const LOOK_MS = 10;
const HEAD_BYTES = 4;

const [program = '', most = ''] = process.argv.slice(2);
const memoryMb = Number(most);

// Ctrl-C and service managers signal the whole process group; the parent finishes its reading first, then ends this process.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

const end = (): boolean => process.kill(process.pid, 'SIGKILL');
// The parent is gone: nobody waits for an answer.
process.once('disconnect', end);

const lose = (why: string, refusal: PhotoRefusal = 'failed'): void => {
  process.send?.({ kind: 'lost', why, refusal } satisfies ChildAnswer, end);
};

let watch: NodeJS.Timeout | undefined;
const look = (): void => {
  // The system's own limit counts reserved memory, and V8 and WebAssembly reserve gigabytes that they never touch.
  if (process.memoryUsage.rss() > memoryMb * 1e6) lose(`it took more than ${memoryMb} MB`, 'too-many-pixels');
};

const worker = new Worker(new URL(program), {
  resourceLimits: { maxOldGenerationSizeMb: HEAP * memoryMb },
  stdout: true,
  stderr: true,
});
worker.on('message', (answer: ChildAnswer) => {
  clearInterval(watch);
  process.send?.(answer);
});
worker.on('error', (error) => lose(error instanceof Error ? error.message : 'unknown'));
worker.on('exit', () => lose('its thread ended'));

// The next picture comes after the answer: no bytes follow this one.
let bytes: Uint8Array<ArrayBuffer> | undefined;
let come = 0;
process.stdin.on('data', (chunk: Buffer) => {
  const piece = bytes ? chunk : chunk.subarray(HEAD_BYTES);
  bytes ??= new Uint8Array(chunk.readUInt32LE());
  bytes.set(piece, come);
  come += piece.length;
  if (come < bytes.length) return;
  watch = setInterval(look, LOOK_MS);
  worker.postMessage(bytes, [bytes.buffer]);
  [bytes, come] = [undefined, 0];
});
