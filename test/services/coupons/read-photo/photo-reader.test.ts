import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { afterAll, afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { createPhotoReader, LARGEST, type PhotoReader } from '../../../../services/coupons/read-photo/photo-reader.ts';
import { qrCode } from '../../../../services/qr-code.ts';
import type { PhotoReading } from '../../../../services/coupons/read-photo/photo-reading.ts';
import { giveUp } from './give-up.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const picture = async (name: string): Promise<Uint8Array> =>
  new Uint8Array(await readFile(path.join(import.meta.dirname, '../../../fixtures/photos', name)));

describe('what pictures say', { timeout: 20_000 }, () => {
  const reader = createPhotoReader({ log: silent, timeMs: 60_000 });
  afterAll(() => reader.close());
  const show = async (bytes: Uint8Array) => await reader.read(bytes, { person: 'a', practice: false });
  const read = async (name: string) => await show(await picture(name));

  it('one QR code is one sure code; the order number and the telephone beside it are none', async () => {
    expect(await read('one-code.png')).toEqual({ kind: 'read', sure: ['384150627719'], unsure: [] });
  });

  it('a small QR code far away in a phone’s photograph of a screen is read through its moiré', async () => {
    const grid = Buffer.from(Array.from({ length: 64 * 64 }, (_, n) => 200 + 55 * Math.sin(n / 1.9) * Math.sin((n >> 6) / 2.3)));
    const moire = await sharp(grid, { raw: { width: 64, height: 64, channels: 1 } })
      .png()
      .toBuffer();
    const small = await sharp(await qrCode('384150627719'))
      .resize({ width: Math.round(0.06 * 4080) })
      .rotate(7, { background: 'white' })
      .toBuffer();
    const photo = blank(4080, 3060).composite([
      { input: small, left: 1200, top: 1300 },
      { input: moire, tile: true, blend: 'multiply' },
    ]);
    expect(await show(await photo.jpeg().toBuffer())).toEqual({ kind: 'read', sure: ['384150627719'], unsure: [] });
  });

  it('all codes of a picture are read, QR code or barcode', async () => {
    const reading = await read('two-codes.jpg');
    expect(reading).toMatchObject({ kind: 'read', unsure: [] });
    expect(reading.kind === 'read' && reading.sure.toSorted()).toEqual(['662044158037', '662044159188']);
  });

  it('order number, mobile number, date and hotline alone are no code', async () => {
    expect(await read('nothing.webp')).toEqual({ kind: 'none' });
  });

  it('an empty picture has no code', async () => {
    const grey = await sharp({ create: { width: 300, height: 200, channels: 3, background: '#888' } })
      .png()
      .toBuffer();
    expect(await show(grey)).toEqual({ kind: 'none' });
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
    expect(await show(bare)).toEqual({ kind: 'read', sure: [], unsure: [{ code: '509327814466', why: 'digits' }] });
    const onItsHead = await sharp(bare).rotate(90).png().toBuffer();
    expect(await show(onItsHead)).toEqual({ kind: 'read', sure: [], unsure: [{ code: '509327814466', why: 'digits' }] });
  });

  it('the barcode of a product is no coupon', async () => {
    expect(await read('product.png')).toEqual({ kind: 'none' });
  });

  it('digits that the edge of the picture cuts are not completed', async () => {
    expect(await read('cut.png')).toEqual({ kind: 'none' });
  });

  it('other files are no pictures, whatever their name', async () => {
    const refused = { kind: 'refused', why: 'not-a-picture' };
    expect(await show(new Uint8Array())).toEqual(refused);
    expect(await show(Buffer.from('%PDF-1.7 …'))).toEqual(refused);
    expect(await show(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'))).toEqual(refused);
    expect(await show(Buffer.from('\xff\xd8\xff\xe0 but nothing more', 'latin1'))).toEqual({
      kind: 'refused',
      why: 'broken',
    });
  });

  it('a JPEG that lacks its end mark alone is read, and one that lacks more is broken', async () => {
    const whole = await sharp(await picture('one-code.png'))
      .jpeg()
      .toBuffer();
    for (const lacking of [1, 2])
      expect(await show(whole.subarray(0, -lacking))).toEqual({ kind: 'read', sure: ['384150627719'], unsure: [] });
    for (const share of [0.3, 0.7, 0.95])
      expect(await show(whole.subarray(0, whole.length * share))).toEqual({ kind: 'refused', why: 'broken' });
  });

  it('half a picture is broken', async () => {
    const whole = await picture('two-codes.jpg');
    expect(await show(whole.subarray(0, whole.length / 2))).toEqual({ kind: 'refused', why: 'broken' });
    const heic = await picture('one-code.heic');
    for (const share of [0.02, 0.5, 0.99])
      expect(await show(heic.subarray(0, heic.length * share))).toEqual({ kind: 'refused', why: 'broken' });
    const png = await picture('one-code.png');
    expect(await show(png.subarray(0, png.length / 2))).toEqual({ kind: 'refused', why: 'broken' });
  });

  it('a decompression bomb is refused by the size in its header', async () => {
    const began = performance.now();
    expect(await show(bomb(60_000, 60_000))).toEqual({ kind: 'refused', why: 'too-many-pixels' });
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it('a picture is refused by its shape, however few its pixels: it would be read in hundreds of pieces', async () => {
    const shapes = [
      [1, 60_000],
      [2, 60_000],
      [20, 20_000],
      [100, 16_032],
      [300, 16_000],
      [16_000, 60],
    ] as const;
    for (const [width, height] of shapes) {
      for (const format of ['png', 'jpeg'] as const) {
        const strip = await blank(width, height).toFormat(format).toBuffer();
        expect(await show(strip), `${width}×${height} ${format}`).toEqual({ kind: 'refused', why: 'too-long' });
      }
    }
  });

  it('a long screenshot is read to its end', { timeout: 60_000 }, async () => {
    const code = await sharp(await picture('one-code.png'))
      .resize({ width: 1000 })
      .toBuffer();
    const page = blank(1080, 16_200).composite([{ input: code, left: 40, top: 14_800 }]);
    expect(await show(await page.png().toBuffer())).toEqual({ kind: 'read', sure: ['384150627719'], unsure: [] });
  });

  it.each(['HEIC', 'AVIF'])('a %s larger than any iPhone’s is refused, by its header or by its data', async (format) => {
    const avif = blank(64, 64).avif({ effort: 0 });
    const heic = Buffer.from(format === 'HEIC' ? await picture('one-code.heic') : await avif.toBuffer());
    const size = heic.indexOf('ispe') + 8;
    heic.writeUInt32BE(6000, size);
    heic.writeUInt32BE(6000, size + 4);
    expect(await show(heic)).toEqual({ kind: 'refused', why: 'too-many-pixels' });
  });

  it('more bytes than any channel delivers are not read', async () => {
    expect(await show(new Uint8Array(LARGEST + 1))).toEqual({ kind: 'refused', why: 'too-large' });
    // 20 MB of nothing in particular behind the right first bytes.
    const heavy = new Uint8Array(LARGEST);
    heavy.set([0xff, 0xd8, 0xff, 0xe0]);
    expect(await show(heavy)).toEqual({ kind: 'refused', why: 'broken' });
  });

  it('two at once are read one by one, and the caller’s bytes stay intact', async () => {
    const bytes = await picture('one-code.png');
    const [one, other] = await Promise.all([show(bytes), show(bytes)]);
    expect(one).toEqual(other);
    expect(bytes.length).toBeGreaterThan(0);
  });
});

it('giving up on a picture during recognition ends only its process', { timeout: 60_000 }, async () => {
  await giveUp(4);
});

describe('a process that fails', () => {
  const program = new URL('../../../doubles/photos/flaky-photo-worker.ts', import.meta.url);
  const open: PhotoReader[] = [];
  const start = (parts: Partial<Parameters<typeof createPhotoReader>[0]> = {}) => {
    const reader = createPhotoReader({ log: silent, program, ...parts });
    open.push(reader);
    let people = 0;
    return {
      /** A picture of that mood, each of another person. */
      show: (mood: number) => reader.read(Uint8Array.of(mood), { person: `person ${people++}`, practice: false }),
      close: reader.close,
    };
  };
  afterEach(async () => {
    for (const reader of open.splice(0)) await reader.close();
  });
  const [DIES, HANGS, THROWS, EATS, EATS_BUFFERS, CRASHES, TELLS_PID, DAWDLES, TELLS_ENVIRONMENT] = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const failed = { kind: 'refused', why: 'failed' };
  const busy = { kind: 'refused', why: 'busy' };
  const fine = (n: number) => ({ kind: 'read', sure: [String(n)], unsure: [] });
  const pidOf = async (show: (mood: number) => Promise<PhotoReading>): Promise<number> => {
    const reading = await show(TELLS_PID);
    return reading.kind === 'read' ? Number(reading.sure[0]) : NaN;
  };

  it.each([
    ['whose thread ends', DIES],
    ['whose thread throws', THROWS],
    ['whose heap is full', EATS],
    ['that crashes', CRASHES],
  ])('one %s loses its picture and no other', async (_, mood) => {
    const { show } = start({ memoryMb: 400 });
    expect(await Promise.all([show(10), show(mood), show(11), show(12)])).toEqual([fine(10), failed, fine(11), fine(12)]);
  });

  it('one that hangs is ended', async () => {
    const { show } = start({ timeMs: 2500 });
    expect(await Promise.all([show(HANGS), show(10)])).toEqual([failed, fine(10)]);
  });

  it('one that exceeds its memory is ended, and its picture is refused as too large', async () => {
    const { show } = start({ memoryMb: 200 });
    expect(await Promise.all([show(EATS_BUFFERS), show(10)])).toEqual([{ kind: 'refused', why: 'too-many-pixels' }, fine(10)]);
  });

  it('one that exceeds its memory after other pictures is replaced, and the picture is read again', async () => {
    const { show } = start({ memoryMb: 260 });
    const LEAKS = 20;
    for (let n = 0; n < 4; n++) expect(await show(LEAKS)).toEqual(fine(LEAKS));
  });

  it('one killed by the system is replaced, and the picture is read again', async () => {
    const { show } = start();
    const pid = await pidOf(show);
    const reading = show(DAWDLES);
    process.kill(pid, 'SIGKILL');
    expect(await reading).toEqual(fine(DAWDLES));
  });

  it('signals to the whole process group do not end it: the current picture is finished', async () => {
    const { show } = start();
    const pid = await pidOf(show);
    const reading = show(DAWDLES);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid, signal);
    expect(await reading).toEqual(fine(DAWDLES));
    expect(await pidOf(show)).toBe(pid);
  });

  it('it sees nothing of the program’s environment', async () => {
    process.env['TELEGRAM_BOT_TOKEN'] = '1:secret';
    onTestFinished(() => void delete process.env['TELEGRAM_BOT_TOKEN']);
    const { show } = start();
    const reading = await show(TELLS_ENVIRONMENT);
    expect(reading.kind === 'read' && reading.sure.filter((name) => !name.startsWith('MALLOC_'))).toEqual([]);
  });

  it('a missing worker module refuses every picture and breaks nothing else', async () => {
    const { show } = start({ program: new URL('nowhere.ts', program) });
    expect(await show(10)).toEqual(failed);
    expect(await show(10)).toEqual(failed);
  });

  it('a picture is refused at once when the queue is full', async () => {
    const { show } = start({ waiting: 2, timeMs: 2500 });
    const readings = [HANGS, 10, 11, 12].map(show);
    expect(await readings[3]).toEqual(busy);
    expect(await Promise.all(readings.slice(0, 3))).toEqual([failed, fine(10), fine(11)]);
  });

  it('a merchant’s picture preempts one of a practice store, which is read again afterwards', async () => {
    const { show } = start();
    const pid = await pidOf(show);
    const answers: unknown[] = [];
    const practice = open[0]!.read(Uint8Array.of(DAWDLES), { person: 'stranger', practice: true });
    const all = [practice, show(10)].map(async (reading) => answers.push(await reading));
    await Promise.all(all);
    expect(answers).toEqual([fine(10), fine(DAWDLES)]);
    expect(await pidOf(show)).not.toBe(pid);
  });

  it('a picture is refused after its longest wait', async () => {
    const { show } = start({ patienceMs: 100, timeMs: 2000 });
    const stuck = show(HANGS);
    expect(await show(10)).toEqual(busy);
    expect(await stuck).toEqual(failed);
  });

  it('after closing nothing is read, and waiting pictures are refused', async () => {
    const { show, close } = start();
    const waiting = [show(HANGS), show(10)];
    await close();
    expect(await Promise.all([...waiting, show(11)])).toEqual([busy, busy, busy]);
  });

  it('one that is idle long enough is ended, and the next picture starts another', async () => {
    const { show } = start({ restMs: 20 });
    const pid = await pidOf(show);
    await expect.poll(() => lives(pid)).toBe(false);
    expect(await show(11)).toEqual(fine(11));
  });

  it('one whose program was killed ends, too, even in the middle of a picture', async () => {
    const parent = spawn(process.execPath, [
      fileURLToPath(new URL('../../../doubles/photos/ending-photo-reader.ts', import.meta.url)),
    ]);
    const [told] = (await once(parent.stdout, 'data')) as [Buffer];
    parent.kill('SIGKILL');
    await expect.poll(() => lives(Number(told.toString()))).toBe(false);
  });
});

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const blank = (width: number, height: number): Sharp =>
  sharp({ create: { width, height, channels: 3, background: 'white' }, limitInputPixels: false });

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
