import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createPhotoReader, LARGEST, type PhotoReader } from '../../../../services/coupons/read-photo/photo-reader.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const picture = async (name: string): Promise<Uint8Array> =>
  new Uint8Array(await readFile(path.join(import.meta.dirname, '../../../fixtures/photos', name)));

describe('what pictures say', { timeout: 20_000 }, () => {
  const reader = createPhotoReader({ log: silent, timeMs: 60_000 });
  afterAll(() => reader.close());
  const read = async (name: string) => await reader.read(await picture(name));

  it('one QR code is one sure code; the order number and the telephone beside it are none', async () => {
    expect(await read('one-code.png')).toEqual({ kind: 'read', sure: ['384150627719'], unsure: [] });
  });

  it('all codes of a picture are read, QR code or barcode', async () => {
    const reading = await read('two-codes.jpg');
    expect(reading).toMatchObject({ kind: 'read', unsure: [] });
    expect(reading.kind === 'read' && reading.sure.toSorted()).toEqual(['662044158037', '662044159188']);
  });

  it('order number, mobile number, date and hotline alone are no code', async () => {
    expect(await read('nothing.webp')).toEqual({ kind: 'none' });
  });

  it('a picture without anything says nothing', async () => {
    const grey = await sharp({ create: { width: 300, height: 200, channels: 3, background: '#888' } })
      .png()
      .toBuffer();
    expect(await reader.read(grey)).toEqual({ kind: 'none' });
  });

  it.each([
    ['digits.png', '509327814466'],
    ['ten-digits.png', '4417209386'],
  ])('printed digits under their label are shown to a person, well read or not: more may be hidden (%s)', async (name, code) => {
    expect(await read(name)).toEqual({ kind: 'read', sure: [], unsure: [{ code, why: 'digits' }] });
  });

  it('an iPhone’s HEIC is a picture like others', async () => {
    expect(await read('one-code.heic')).toEqual({ kind: 'read', sure: ['384150627719'], unsure: [] });
  });

  it('barcode and digits that differ are both shown, and neither is sure', async () => {
    const reading = await read('conflict.png');
    expect(reading).toMatchObject({ kind: 'read', sure: [] });
    expect(reading.kind === 'read' && reading.unsure.toSorted((a, b) => a.code.localeCompare(b.code))).toEqual([
      { code: '771204935518', why: 'conflict' },
      { code: '771204936618', why: 'conflict' },
    ]);
  });

  it('a picture stored on its side is turned by its EXIF note; without the note it is read all the same', async () => {
    expect(await read('sideways.jpg')).toEqual({ kind: 'read', sure: ['295077163384'], unsure: [] });
    const bare = await sharp(await picture('digits.png'))
      .rotate(90)
      .png()
      .toBuffer();
    expect(await reader.read(bare)).toEqual({ kind: 'read', sure: [], unsure: [{ code: '509327814466', why: 'digits' }] });
    const onItsHead = await sharp(bare).rotate(90).png().toBuffer();
    expect(await reader.read(onItsHead)).toEqual({ kind: 'read', sure: [], unsure: [{ code: '509327814466', why: 'digits' }] });
  });

  it('the barcode of a product is no coupon', async () => {
    expect(await read('product.png')).toEqual({ kind: 'none' });
  });

  it('digits that the edge of the picture cuts are not completed', async () => {
    expect(await read('cut.png')).toEqual({ kind: 'none' });
  });

  it('other files are no pictures, whatever they call themselves', async () => {
    const refused = { kind: 'refused', why: 'not-a-picture' };
    expect(await reader.read(new Uint8Array())).toEqual(refused);
    expect(await reader.read(Buffer.from('%PDF-1.7 …'))).toEqual(refused);
    expect(await reader.read(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'))).toEqual(refused);
    expect(await reader.read(Buffer.from('\xff\xd8\xff\xe0 but nothing more', 'latin1'))).toEqual({
      kind: 'refused',
      why: 'broken',
    });
  });

  it('half a picture is broken', async () => {
    const whole = await picture('two-codes.jpg');
    expect(await reader.read(whole.subarray(0, whole.length / 2))).toEqual({ kind: 'refused', why: 'broken' });
    const heic = await picture('one-code.heic');
    for (const share of [0.02, 0.5, 0.99])
      expect(await reader.read(heic.subarray(0, heic.length * share))).toEqual({ kind: 'refused', why: 'broken' });
    const png = await picture('one-code.png');
    expect(await reader.read(png.subarray(0, png.length / 2))).toEqual({ kind: 'refused', why: 'broken' });
  });

  it('a decompression bomb is refused by what it says of its size', async () => {
    const began = performance.now();
    expect(await reader.read(bomb(60_000, 60_000))).toEqual({ kind: 'refused', why: 'too-many-pixels' });
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it('so is a HEIC that says it is larger than any iPhone’s, or is', async () => {
    const heic = Buffer.from(await picture('one-code.heic'));
    const size = heic.indexOf('ispe') + 8;
    heic.writeUInt32BE(6000, size);
    heic.writeUInt32BE(6000, size + 4);
    expect(await reader.read(heic)).toEqual({ kind: 'refused', why: 'too-many-pixels' });
  });

  it('more bytes than any channel brings are not looked at', async () => {
    expect(await reader.read(new Uint8Array(LARGEST + 1))).toEqual({ kind: 'refused', why: 'too-large' });
    // 20 MB of nothing in particular behind the right first bytes.
    const heavy = new Uint8Array(LARGEST);
    heavy.set([0xff, 0xd8, 0xff, 0xe0]);
    expect(await reader.read(heavy)).toEqual({ kind: 'refused', why: 'broken' });
  });

  it('two at once wait for each other, and the caller keeps his bytes', async () => {
    const bytes = await picture('one-code.png');
    const [one, other] = await Promise.all([reader.read(bytes), reader.read(bytes)]);
    expect(one).toEqual(other);
    expect(bytes.length).toBeGreaterThan(0);
  });
});

describe('a thread that fails', () => {
  const program = new URL('../../../doubles/moody-photo-worker.ts', import.meta.url);
  const open: PhotoReader[] = [];
  const start = (parts: Partial<Parameters<typeof createPhotoReader>[0]> = {}): PhotoReader => {
    const reader = createPhotoReader({ log: silent, program, ...parts });
    open.push(reader);
    return reader;
  };
  afterEach(async () => {
    for (const reader of open.splice(0)) await reader.close();
  });
  const mood = (n: number): Uint8Array => Uint8Array.of(n);
  const [DIES, HANGS, THROWS, EATS] = [1, 2, 3, 4];
  const failed = { kind: 'refused', why: 'failed' };
  const fine = (n: number) => ({ kind: 'read', sure: [String(n)], unsure: [] });

  it.each([
    ['dies', DIES],
    ['throws', THROWS],
  ])('one that %s loses its picture and no other', async (_, n) => {
    const reader = start();
    expect(
      await Promise.all([reader.read(mood(10)), reader.read(mood(n)), reader.read(mood(11)), reader.read(mood(12))]),
    ).toEqual([fine(10), failed, fine(11), fine(12)]);
  });

  it('one that hangs is ended', async () => {
    const reader = start({ timeMs: 500 });
    expect(await Promise.all([reader.read(mood(HANGS)), reader.read(mood(10))])).toEqual([failed, fine(10)]);
  });

  it('one that takes all memory ends alone', { timeout: 20_000 }, async () => {
    const reader = start({ memoryMb: 32 });
    expect(await Promise.all([reader.read(mood(EATS)), reader.read(mood(10))])).toEqual([failed, fine(10)]);
  });

  it('a program that is not there loses every picture and nothing else', async () => {
    const reader = start({ program: new URL('nowhere.ts', program) });
    expect(await reader.read(mood(10))).toEqual(failed);
    expect(await reader.read(mood(10))).toEqual(failed);
  });

  it('who finds the queue full is told so at once', async () => {
    const reader = start({ waiting: 2, timeMs: 500 });
    const readings = [HANGS, 10, 11, 12].map((n) => reader.read(mood(n)));
    expect(await readings[3]).toEqual({ kind: 'refused', why: 'busy' });
    expect(await Promise.all(readings.slice(0, 3))).toEqual([failed, fine(10), fine(11)]);
  });

  it('a second thread reads while the first is stuck', async () => {
    const reader = start({ workers: 2, timeMs: 5_000 });
    const stuck = reader.read(mood(HANGS));
    expect(await reader.read(mood(10))).toEqual(fine(10));
    await reader.close();
    expect(await stuck).toEqual({ kind: 'refused', why: 'busy' });
  });

  it('after closing nothing is read, and those who wait are told', async () => {
    const reader = start();
    const waiting = [reader.read(mood(HANGS)), reader.read(mood(10))];
    await reader.close();
    expect(await Promise.all([...waiting, reader.read(mood(11))])).toEqual(
      Array.from({ length: 3 }, () => ({ kind: 'refused', why: 'busy' })),
    );
  });

  it('a thread that rested long enough is let go, and the next picture starts another', async () => {
    const reader = start({ restMs: 20 });
    expect(await reader.read(mood(10))).toEqual(fine(10));
    await new Promise((rested) => setTimeout(rested, 60));
    expect(await reader.read(mood(11))).toEqual(fine(11));
  });
});

/** A PNG that says it is that large and holds next to nothing. */
function bomb(width: number, height: number): Uint8Array {
  const chunk = (type: string, data: Uint8Array): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0], 8);
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(100_000))),
    chunk('IEND', new Uint8Array()),
  ]);
}
