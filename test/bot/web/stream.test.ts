import { describe, expect, it } from 'vitest';
import { streamOf } from '../../../bot/web/stream.ts';

const piece = (n: number) => new Uint8Array([n]);

/** A stream of these pieces; what was written, and how often it was over. */
function open(count: number, failsAt = Infinity) {
  const seen = { written: 0, over: 0 };
  async function* pieces() {
    for (let n = 0; n < count; n++) {
      if (n === failsAt) throw new Error('the disk is gone');
      seen.written += 1;
      yield await Promise.resolve(piece(n));
    }
  }
  return { seen, stream: streamOf(pieces(), () => void (seen.over += 1)) };
}

describe('a file that is written while it is sent', () => {
  it('comes whole, and is over once', async () => {
    const { seen, stream } = open(5);
    expect(new Uint8Array(await new Response(stream).arrayBuffer())).toEqual(new Uint8Array([0, 1, 2, 3, 4]));
    expect(seen).toEqual({ written: 5, over: 1 });
  });

  it('is written no further than it is taken', async () => {
    const { seen, stream } = open(1000);
    const reader = stream.getReader();
    await reader.read();
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen.written).toBeLessThan(5);
    await reader.cancel();
    expect(seen.over).toBe(1);
  });

  it('is over where nobody takes it, and where it fails', async () => {
    const untaken = open(3);
    await untaken.stream.cancel();
    expect(untaken.seen.over).toBe(1);
    const failing = open(3, 1);
    await expect(new Response(failing.stream).arrayBuffer()).rejects.toThrow('the disk is gone');
    expect(failing.seen.over).toBe(1);
  });
});
