/** SQLite's write-ahead log: waits until it is on the disk, beside the event loop. */
import { open, type FileHandle } from 'node:fs/promises';

export interface LogFile {
  /** Resolves when all that was committed before is on the disk. Rejects where the disk says that it may not be. */
  written(): Promise<void>;
  /** The same, for those to whom some ms are nothing: the next wait of anybody serves them too. */
  writtenSoon(): Promise<void>;
  close(): Promise<void>;
}

/**
 * How long is waited for somebody else, ms. A disk that is busy holds up the next commits too, and the card of an update goes out
 * in two to three: with its wait behind it the median of a card was 0.5 ms less.
 */
const SOON_MS = 5;

/** Captured at load, so that fake timers of a test delay nothing. */
const begin = setTimeout;

interface Waiting {
  readonly served: Promise<void>;
  readonly serve: (written: Promise<void>) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * SQLite itself (`synchronous = FULL`) holds the event loop up for every commit, 0.6 to 4 ms. It keeps this one file while the
 * database is open, and takes its locks on others: closing a second handle of this one releases none. Those who wait from
 * the same moment, or while the disk is busy, share one wait. `sync` writes what the file's handle has to the disk.
 */
export function createLogFile(file: string, sync = (handle: FileHandle): Promise<void> => handle.datasync()): LogFile {
  let handle: FileHandle | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let next: Promise<void> | undefined;
  let soon: Waiting | undefined;

  const write = async (): Promise<void> => {
    await last;
    // After everything that goes on from the same commit.
    await new Promise<void>((resolve) => process.nextTick(resolve));
    // Who comes from here on may have committed too late for this one.
    clearTimeout(soon?.timer);
    soon?.serve(next!);
    soon = undefined;
    next = undefined;
    handle ??= await open(file, 'r+');
    await sync(handle);
  };
  const written = (): Promise<void> => {
    if (next) return next;
    next = write();
    last = next.catch(() => undefined);
    return next;
  };

  return {
    written,
    writtenSoon() {
      if (!soon) {
        const { promise, resolve } = Promise.withResolvers<void>();
        soon = { served: promise, serve: resolve, timer: begin(() => void written().catch(() => undefined), SOON_MS) };
      }
      return soon.served;
    },
    async close() {
      clearTimeout(soon?.timer);
      await last;
      // SQLite has written its log into the database as it was closed.
      soon?.serve(Promise.resolve());
      soon = undefined;
      await handle?.close();
      handle = undefined;
    },
  };
}
