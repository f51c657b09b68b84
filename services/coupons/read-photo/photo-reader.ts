/** Reads pictures that people send: in turn, in a process of its own, within a budget of bytes, time and memory. */
import type { Log } from '../../log.ts';
import { createPhotoProcess } from './photo-process.ts';
import type { PhotoReading } from './photo-reading.ts';
import { createPhotoTurns, type PhotoOwner } from './photo-turns.ts';

export interface PhotoReader {
  /** What the picture shows. Never rejects: whatever goes wrong is a refusal of this one picture. */
  read(bytes: Uint8Array, asker: PhotoOwner): Promise<PhotoReading>;
  /** Ends the process; pictures that wait or are being read are refused. */
  close(): Promise<void>;
}

export interface PhotoReaderParts {
  readonly log: Log;
  /** People whose pictures may wait. */
  readonly waiting?: number;
  /** How long one waits for its turn before it is refused. */
  readonly patienceMs?: number;
  /** What one picture may take, from when it is its turn; the first also waits for the models. */
  readonly timeMs?: number;
  /** Millions of bytes that the process may take. */
  readonly memoryMb?: number;
  /** Without pictures for so long, the process ends and its memory is free. */
  readonly restMs?: number;
  /** What the process runs in its thread. */
  readonly program?: URL;
}

/** The most any channel brings: Telegram's bots can fetch no larger file. */
export const LARGEST = 20 * 1024 * 1024;
/** Of all pictures that wait. */
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
        // A merchant's picture does not wait for one of a practice store to end: that one is read anew afterwards.
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
