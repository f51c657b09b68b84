/** Reads pictures of people through a fair queue and a child process, within limits of bytes, time and memory. */
import type { Log } from '../../log.ts';
import { createPhotoProcess } from './photo-process.ts';
import type { PhotoReading } from './photo-reading.ts';
import { createPhotoTurns, type PhotoOwner } from './photo-turns.ts';

export interface PhotoReader {
  /** Reads a picture. Never rejects: any fault is a refusal of this one picture. */
  read(bytes: Uint8Array, asker: PhotoOwner): Promise<PhotoReading>;
  /** Ends the process and refuses the pictures that wait or are being read. */
  close(): Promise<void>;
}

export interface PhotoReaderParts {
  readonly log: Log;
  /** The most pictures that wait, one per person. */
  readonly waiting?: number;
  /** The longest wait in the queue before a picture is refused. */
  readonly patienceMs?: number;
  /** Time limit of one picture without its wait; the first also loads the models. */
  readonly timeMs?: number;
  /** Limit of the process's memory, in millions of bytes. */
  readonly memoryMb?: number;
  /** Idle time after which the process is ended and its memory freed. */
  readonly restMs?: number;
  /** The module that the process runs in its worker thread. */
  readonly program?: URL;
}

/** The largest picture of any channel: Telegram's bots can fetch no larger file. */
export const LARGEST = 20 * 1024 * 1024;
/** The bytes of all waiting pictures together. */
const WAITING_BYTES = 4 * LARGEST;

interface Job extends PhotoOwner {
  readonly bytes: Uint8Array;
  readonly done: (reading: PhotoReading) => void;
  patience: NodeJS.Timeout | undefined;
}

const BUSY = { kind: 'refused', why: 'busy' } as const;

export function createPhotoReader(parts: PhotoReaderParts): PhotoReader {
  const { log, waiting = 20, patienceMs = 60_000, timeMs = 15_000, memoryMb = 600, restMs = 2 * 60_000 } = parts;
  const program = parts.program ?? new URL('worker.ts', import.meta.url);
  const process = createPhotoProcess({ log, timeMs, memoryMb, restMs, program });
  const refuse = ({ patience, done }: Job): void => {
    clearTimeout(patience);
    done(BUSY);
  };
  const turns = createPhotoTurns<Job>({ waiting, waitingBytes: WAITING_BYTES, displaced: refuse });
  let current: Job | undefined;
  let closed = false;

  const losePatience = (job: Job): void => {
    job.patience = setTimeout(() => {
      turns.leave(job);
      job.done(BUSY);
    }, patienceMs);
  };

  const work = async (): Promise<void> => {
    if (current) return;
    for (current = turns.next(); current; current = turns.next()) {
      clearTimeout(current.patience);
      const reading = await process.read(current.bytes);
      if (closed) current.done(BUSY);
      else if (reading !== 'dropped') current.done(reading);
      else {
        turns.back(current);
        losePatience(current);
      }
    }
  };

  return {
    async read(bytes, asker) {
      if (bytes.byteLength > LARGEST) return { kind: 'refused', why: 'too-large' };
      if (closed) return BUSY;
      return await new Promise((done) => {
        const job: Job = { ...asker, bytes, done, patience: undefined };
        const why = turns.join(job);
        if (why) return done({ kind: 'refused', why });
        losePatience(job);
        // A merchant's picture preempts one of a practice store, which is read anew afterwards.
        if (current?.practice && !asker.practice) process.drop();
        void work();
      });
    },
    async close() {
      closed = true;
      for (const job of turns.clear()) refuse(job);
      await process.close();
    },
  };
}
