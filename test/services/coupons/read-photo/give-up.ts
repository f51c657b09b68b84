/** Pictures that take too long, given up in the middle of being recognised, each at another moment. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { expect } from 'vitest';
import { createPhotoReader } from '../../../../services/coupons/read-photo/photo-reader.ts';

const fixture = (name: string): Promise<Buffer> => readFile(path.join(import.meta.dirname, '../../../fixtures/photos', name));

/** Gives up so many pictures, and shows that others are read in between and after. */
export async function giveUp(times: number): Promise<void> {
  const given: unknown[] = [];
  const silent = (): void => undefined;
  const log = { info: silent, error: silent, warn: (_: string, facts: { why?: unknown } = {}) => void given.push(facts.why) };
  const read = async (bytes: Uint8Array, timeMs: number) => {
    const reader = createPhotoReader({ log, timeMs });
    const reading = await reader.read(bytes, { person: 'a', practice: false });
    await reader.close();
    return reading;
  };
  const short = await fixture('one-code.png');
  const fine = async (): Promise<number> => {
    const began = performance.now();
    expect(await read(short, 60_000)).toEqual({ kind: 'read', sure: ['384150627719'], unsure: [] });
    return performance.now() - began;
  };
  // Full of digits from top to bottom, it takes many times as long as the short one.
  const digits = await sharp(await fixture('digits.png'))
    .resize({ width: 1000 })
    .toBuffer();
  const long = await sharp({ create: { width: 1000, height: 15_000, channels: 3, background: 'white' } })
    .composite([{ input: digits, tile: true, left: 0, top: 0 }])
    .png()
    .toBuffer();
  let whole = await fine();
  for (let n = 1; given.length < times; n++) {
    // From about when the models are loaded.
    const timeMs = Math.round(whole * (0.5 + ((n * 0.618) % 1)));
    const reading = await read(long, timeMs);
    // Where it was read after all, the machine is less busy than it was.
    if (reading.kind === 'refused') expect([reading.why, given.at(-1)]).toEqual(['failed', `not read within ${timeMs} ms`]);
    if (n % 10 === 0 || reading.kind !== 'refused') whole = await fine();
  }
  await fine();
  expect(given).toHaveLength(times);
}
