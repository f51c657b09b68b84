/** Random bytes of the system, fetched for many uses at once: a fetch takes longer than most of what they are for. */
import { randomBytes } from 'node:crypto';

const USES = 256;

/** Gives so many bytes each time, none of them twice. */
export function pooledBytes(size: number): () => Buffer {
  let bytes = Buffer.alloc(0);
  let used = 0;
  return () => {
    if (used === bytes.length) [bytes, used] = [randomBytes(USES * size), 0];
    used += size;
    return bytes.subarray(used - size, used);
  };
}
