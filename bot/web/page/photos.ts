/** Stores the pictures that visitors send, for 15 minutes, readable by their sender and the bot alone. */
import type { Collection } from '../../../services/database/collections.ts';
import { createChunks } from '../../../services/database/chunks.ts';

/** Lifetime of a picture, ms: until it is decoded, and a little longer for the sender to look at. */
export const PHOTO_MS = 15 * 60_000;
/** The size limit, bytes. */
export const PHOTO_BYTES = 10 * 1024 * 1024;

export interface Photos {
  /** Stores a picture and gives its handle. Idempotent: the same event gives the same handle. */
  keep(visitor: string, event: string, bytes: Uint8Array): Promise<string>;
  get(file: string): Promise<Uint8Array | undefined>;
  /** The visitor's own picture of this event, with an image content type: none that runs scripts. */
  own(visitor: string, event: string): Promise<{ readonly bytes: Uint8Array; readonly type: string } | undefined>;
}

export function createPhotos(kept: Collection<string>): Photos {
  const handle = (visitor: string, event: string): string => `${visitor}-${event}`;
  const { set, get } = createChunks(kept);

  return {
    async keep(visitor, event, bytes) {
      await set(handle(visitor, event), bytes);
      return handle(visitor, event);
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
