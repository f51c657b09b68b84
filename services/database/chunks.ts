/** Bytes that expire, kept in pieces: sealing and writing ten megabytes at once would hold everybody else up. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Collection } from './collections.ts';

export interface Chunks {
  set(key: string, bytes: Uint8Array): Promise<void>;
  /** All of it, or nothing. */
  get(key: string): Promise<Uint8Array | undefined>;
}

/** Each piece takes a turn of the event loop of its own: 2 to 5 ms to seal and write (all of 10 MB at once: 260 ms). */
const PIECE = 128 * 1024;

/** `kept` holds under `key` how many bytes there are, written last, and under `key/0`, `key/1` … the pieces in base64. */
export function createChunks(kept: Collection<string>): Chunks {
  return {
    async set(key, bytes) {
      for (let from = 0; from < bytes.length; from += PIECE) {
        const piece = Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.min(PIECE, bytes.length - from));
        await kept.set(`${key}/${from / PIECE}`, piece.toString('base64'));
        await nextTurn();
      }
      await kept.set(key, String(bytes.length));
    },

    async get(key) {
      const size = await kept.get(key);
      if (size === undefined) return undefined;
      const bytes = Buffer.allocUnsafeSlow(Number(size));
      for (let from = 0; from < bytes.length; from += PIECE) {
        const piece = await kept.get(`${key}/${from / PIECE}`);
        if (piece === undefined) return undefined;
        bytes.write(piece, from, 'base64');
        await nextTurn();
      }
      return bytes;
    },
  };
}
