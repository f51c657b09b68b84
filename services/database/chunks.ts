/** Stores large expiring values in chunks. Sealing and writing ten megabytes at once would block the event loop. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Collection } from './collections.ts';

export interface Chunks {
  set(key: string, bytes: Uint8Array): Promise<void>;
  /** The whole value, or nothing where a chunk has expired. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Whether the value is kept. */
  has(key: string): Promise<boolean>;
  /** The value piece by piece. Throws in the middle where a piece has expired. */
  pieces(key: string): AsyncIterable<Uint8Array<ArrayBuffer>>;
  remove(key: string): Promise<void>;
}

/** Bytes of a chunk. Each takes one turn of the event loop, 2 to 5 ms to seal and write (10 MB at once: 260 ms). */
const PIECE = 128 * 1024;

/** The rows that a value of this size takes. */
export const rowsOf = (bytes: number): number => Math.ceil(bytes / PIECE) + 1;

/** `kept` holds the size under `key`, written last, and the chunks in base64 under `key/0`, `key/1` … */
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

    has: async (key) => (await kept.get(key)) !== undefined,

    async *pieces(key) {
      const size = Number((await kept.get(key)) ?? 0);
      for (let from = 0; from < size; from += PIECE) {
        const piece = await kept.get(`${key}/${from / PIECE}`);
        if (piece === undefined) throw new Error('a piece is not kept any more');
        yield Uint8Array.from(Buffer.from(piece, 'base64'));
      }
    },

    async remove(key) {
      const size = Number((await kept.get(key)) ?? 0);
      await kept.delete(key);
      for (let from = 0; from < size; from += PIECE) await kept.delete(`${key}/${from / PIECE}`);
    },
  };
}
