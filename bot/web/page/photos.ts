/** Stores the pictures that visitors send, for 15 minutes and within quotas, readable by their sender and the bot alone. */
import { createChunks } from '../../../services/database/chunks.ts';
import type { Collection } from '../../../services/database/collections.ts';

/** Lifetime of a picture, ms: until it is decoded, and a little longer for the sender to look at. */
export const PHOTO_MS = 15 * 60_000;
/** The size limit, bytes. */
export const PHOTO_BYTES = 10 * 1024 * 1024;
/** Pictures of one visitor that wait for their answer. */
const WAITING = 3;
/** Bytes of one visitor's pictures, and of all together. The oldest answered ones make room. */
const OF_VISITOR = 30 * 1024 * 1024;
export const OF_ALL = 1024 * 1024 * 1024;

export interface Photos {
  /**
   * Stores a picture and gives its handle. Idempotent: the same event gives the same handle. `waiting`: earlier pictures of
   * the visitor wait for their answers; `full`: there is no room now.
   */
  keep(visitor: string, event: string, bytes: Uint8Array): Promise<string>;
  /** The picture of this handle was answered: it waits no more, and may go where room is needed. */
  answered(file: string): void;
  get(file: string): Promise<Uint8Array | undefined>;
  /** The visitor's own picture of this event, with an image content type: none that runs scripts. */
  own(visitor: string, event: string): Promise<{ readonly bytes: Uint8Array; readonly type: string } | undefined>;
}

interface Kept {
  readonly visitor: string;
  readonly bytes: number;
  readonly until: number;
  waiting: boolean;
}

/**
 * The quotas are counted in memory, of this one process; after a restart they begin anew, and so much more may be stored.
 * `ofAll` is the room for all visitors together, bytes.
 */
export function createPhotos(kept: Collection<string>, now: () => number, ofAll = OF_ALL): Photos {
  const handle = (visitor: string, event: string): string => `${visitor}-${event}`;
  const { set, get, remove } = createChunks(kept);
  /** The oldest first. */
  const counted = new Map<string, Kept>();

  const sizeOf = (some: readonly (readonly [string, Kept])[]): number => some.reduce((sum, [, { bytes }]) => sum + bytes, 0);

  /** Makes room for so many bytes among these pictures; false where those that wait take too much. */
  async function makeRoom(bytes: number, most: number, among: () => readonly (readonly [string, Kept])[]): Promise<boolean> {
    let over = sizeOf(among()) + bytes - most;
    if (over > sizeOf(among().filter(([, { waiting }]) => !waiting))) return false;
    for (const [file, { bytes: freed, waiting }] of among()) {
      if (over <= 0) break;
      if (waiting) continue;
      counted.delete(file);
      over -= freed;
      await remove(file);
    }
    return true;
  }

  return {
    async keep(visitor, event, bytes) {
      const file = handle(visitor, event);
      for (const [old, { until }] of counted) if (until <= now()) counted.delete(old);
      if (counted.has(file)) return file;
      const own = () => [...counted].filter(([, one]) => one.visitor === visitor);
      if (own().filter(([, { waiting }]) => waiting).length >= WAITING) return 'waiting';
      if (!(await makeRoom(bytes.length, OF_VISITOR, own))) return 'waiting';
      if (!(await makeRoom(bytes.length, ofAll, () => [...counted]))) return 'full';
      counted.set(file, { visitor, bytes: bytes.length, until: now() + PHOTO_MS, waiting: true });
      await set(file, bytes);
      return file;
    },
    answered(file) {
      const one = counted.get(file);
      if (one) one.waiting = false;
    },
    get,
    async own(visitor, event) {
      const bytes = await get(handle(visitor, event));
      const type = bytes && typeOf(bytes);
      return bytes && type !== undefined ? { bytes, type } : undefined;
    },
  };
}

function typeOf(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (start.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (start.startsWith('\x89PNG')) return 'image/png';
  if (start.startsWith('GIF8')) return 'image/gif';
  return /^RIFF[^]{4}WEBP/.test(start) ? 'image/webp' : undefined;
}
