import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Collection } from '../../../services/database/collections.ts';
import { createChunks } from '../../../services/database/chunks.ts';

function open() {
  const values = new Map<string, string>();
  const lengths: number[] = [];
  const kept: Pick<Collection<string>, 'get' | 'set'> = {
    get: (key) => Promise.resolve(values.get(key)),
    set: (key, value) => {
      lengths.push(value.length);
      return Promise.resolve(void values.set(key, value));
    },
  };
  return { values, lengths, pieces: createChunks(kept as Collection<string>) };
}

describe('bytes in pieces', () => {
  it.each([0, 1, 131_071, 131_072, 131_073, 1_000_000])('%d of them come back as they were', async (size) => {
    const { pieces } = open();
    const bytes = randomBytes(size);
    await pieces.set('a', bytes);
    expect(Buffer.from((await pieces.get('a'))!)).toEqual(bytes);
  });

  it('a part of a larger buffer is kept, not the buffer', async () => {
    const { pieces } = open();
    const whole = randomBytes(300_000);
    await pieces.set('a', whole.subarray(5, 200_000));
    expect(Buffer.from((await pieces.get('a'))!)).toEqual(whole.subarray(5, 200_000));
  });

  it('no piece is large, and others get their turn in between', async () => {
    const { pieces, lengths } = open();
    let turns = 0;
    const watch = (): void => void (turns++, setImmediate(watch).unref());
    setImmediate(watch).unref();
    await pieces.set('a', randomBytes(2_000_000));
    expect(Math.max(...lengths)).toBeLessThan(200_000);
    expect(turns).toBeGreaterThan(14);
    turns = 0;
    await pieces.get('a');
    expect(turns).toBeGreaterThan(14);
  });

  it('half of it is nothing: one piece is gone, or the writer did not get to the end', async () => {
    const { pieces, values } = open();
    await pieces.set('a', randomBytes(400_000));
    values.delete('a/1');
    expect(await pieces.get('a')).toBeUndefined();
    values.delete('a');
    expect(await pieces.get('a')).toBeUndefined();
    expect(await pieces.get('b')).toBeUndefined();
  });
});
