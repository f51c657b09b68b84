import sharp from 'sharp';
import { expect, it } from 'vitest';
import { qrCode } from '../../services/qr-code.ts';
import { scan } from '../doubles/devices/phone-camera.ts';

const LINK = 'https://work.weixin.qq.com/kf/kfcbf8f8d07ac7215f?enc_scene=ENCGFSDF567DF&scene_param=a%20b';
it('is read again as it was written, with enough correction for a poster', async () => {
  expect(await scan(await qrCode(LINK))).toEqual([{ text: LINK, level: 'Q' }]);
  expect(await scan(await qrCode('「大声發」24 小时'))).toMatchObject([{ text: '「大声發」24 小时' }]);
});

it('has four white modules around it, sharp edges, and a size to be printed', async () => {
  const { data, info } = await sharp(await qrCode(LINK))
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect(info.width).toBe(info.height);
  expect(info.width).toBeGreaterThanOrEqual(700);
  expect(new Set(data)).toEqual(new Set([0, 255]));
  const dark = (x: number, y: number): boolean => data[(y * info.width + x) * info.channels] === 0;
  const inside = 4 * 16;
  const edge = Array.from({ length: inside * info.width }, (_, n) => [n % info.width, Math.floor(n / info.width)] as const);
  expect(edge.filter(([along, across]) => dark(along, across) || dark(across, along))).toEqual([]);
  expect(dark(inside, inside)).toBe(true);
});

it('is still read with a spot on it', async () => {
  const png = await qrCode(LINK);
  const { width } = await sharp(png).metadata();
  const patch = await sharp({ create: { width: 200, height: 200, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  const spoilt = await sharp(png)
    .composite([{ input: patch, left: Math.round(width / 2) - 100, top: Math.round(width / 2) - 100 }])
    .png()
    .toBuffer();
  expect(await scan(spoilt)).toMatchObject([{ text: LINK }]);
});

it('is a small file', async () => {
  expect((await qrCode(LINK)).length).toBeLessThan(10_000);
});
