/** Pictures that take too long, given up in the middle of being recognised, each at another moment. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { createPhotoReader } from '../../../../services/coupons/read-photo/photo-reader.ts';

const NAMES = ['digits.png', 'sideways.jpg', 'one-code.png', 'ten-digits.png'];

/** Gives up on so many pictures or lets them be read, and shows that others are read in between; returns how many were given up. */
export async function giveUp(pictures: number): Promise<number> {
  const [given, silent] = [[] as string[], (): void => undefined];
  const log = { info: silent, error: silent, warn: (_: string, { why }: { why?: string } = {}) => void given.push(why ?? '') };
  const read = async (name: string, timeMs: number) => {
    const reader = createPhotoReader({ log, timeMs });
    const bytes = new Uint8Array(await readFile(path.join(import.meta.dirname, '../../../fixtures/photos', name)));
    const reading = await reader.read(bytes, { person: 'a', practice: false });
    await reader.close();
    return reading;
  };
  const fine = async (): Promise<number> => {
    const began = performance.now();
    expect(await read('one-code.png', 60_000)).toEqual({ kind: 'read', sure: ['384150627719'], unsure: [] });
    return performance.now() - began;
  };
  let whole = await fine();
  for (let n = 0; n < pictures; n++) {
    // From when the models are loaded to shortly before the end.
    const share = 0.35 + 0.55 * ((n * 0.618) % 1);
    const reading = await read(NAMES[n % NAMES.length]!, whole * share);
    if (reading.kind === 'refused') expect(reading.why).toBe('failed');
    if (n % 10 === 9 || n === pictures - 1) whole = await fine();
  }
  expect(given.filter((why) => !why.startsWith('not read within'))).toEqual([]);
  return given.length;
}
