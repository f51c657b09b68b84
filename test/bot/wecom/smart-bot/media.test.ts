import { expect, it, onTestFinished } from 'vitest';
import { createMedia, pictureAddress } from '../../../../bot/wecom/smart-bot/media.ts';
import { PNG } from '../../../fixtures/replies.ts';
import { startWecomBot } from '../../../doubles/wecom-smart-bot.ts';

async function open(timeoutMs?: number) {
  let time = 0;
  const wecom = await startWecomBot({ now: () => time });
  onTestFinished(() => wecom.close());
  const put = (bytes: Buffer) => {
    const { url, aeskey } = wecom.media.put(wecom.mediaBase, bytes);
    return { url, key: aeskey };
  };
  const fetch = createMedia({ base: wecom.mediaBase, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  return { wecom, put, fetch, later: (ms: number) => void (time += ms) };
}

it('opens the known example', async () => {
  const { wecom, put, fetch } = await open();
  const bytes = Buffer.from('hello wecom media');
  expect(await fetch(put(bytes))).toEqual(bytes);
  // 32 bytes are padded with 32 more.
  expect(await fetch(put(Buffer.alloc(32, 5)))).toEqual(Buffer.alloc(32, 5));
  expect(wecom.media.fetched).toHaveLength(2);
});

it('takes pictures of 10 MB and none larger', async () => {
  const { put, fetch } = await open();
  const most = Buffer.alloc(10 * 1024 * 1024, 3);
  expect((await fetch(put(most))).length).toBe(most.length);
  await expect(fetch(put(Buffer.alloc(most.length + 64)))).rejects.toThrow('too large');
});

it('finds nothing there after five minutes', async () => {
  const { put, fetch, later } = await open();
  const picture = put(Buffer.from('x'));
  later(5 * 60_000);
  await expect(fetch(picture)).rejects.toThrow('HTTP 403');
});

it('gives up on one that does not answer, and the next ones are fetched', async () => {
  const { wecom, put, fetch } = await open(400);
  for (let n = 0; n < 6; n += 1) wecom.media.fail('silent');
  const hanging = Array.from({ length: 6 }, () => fetch(put(Buffer.from('x'))).catch(() => 'gave up'));
  expect(await Promise.all(hanging)).toEqual(Array.from({ length: 6 }, () => 'gave up'));
  expect((await fetch(put(Buffer.from('x')))).toString()).toBe('x');
});

it.each<[string, (key: Buffer) => string]>([
  ['Base64', (key) => key.toString('base64')],
  ['Base64 without its end', (key) => key.toString('base64').replace('=', '')],
  ['hexadecimal digits', (key) => key.toString('hex').toUpperCase()],
  ['URL-encoded Base64', (key) => encodeURIComponent(key.toString('base64'))],
])('takes a key as %s', async (_, spell) => {
  const { put, fetch } = await open();
  // Enough keys for each to hold `+` and `/`, which are spelled in several ways.
  for (let n = 0; n < 8; n += 1) {
    const { url, key } = put(Buffer.from('x'));
    expect((await fetch({ url, key: spell(Buffer.from(key, 'base64')) })).toString()).toBe('x');
  }
});

it('takes a picture without a key as it is, and nothing else', async () => {
  const { wecom, put, fetch } = await open();
  const bare = (bytes: Buffer) => fetch({ url: wecom.media.show(wecom.mediaBase, bytes), key: undefined });
  expect(await bare(PNG)).toEqual(PNG);
  expect(await bare(Buffer.from('ffd8ffe000104a464946', 'hex'))).toHaveLength(10);
  await expect(bare(Buffer.from('<html>not here</html>'))).rejects.toThrow('without its key');
  await expect(fetch({ ...put(PNG), key: undefined })).rejects.toThrow('without its key');
});

it('refuses a key that is none', async () => {
  const { put, fetch } = await open();
  await expect(fetch({ ...put(Buffer.from('x')), key: 'AAAA' })).rejects.toThrow('key');
  await expect(fetch({ ...put(Buffer.from('x')), key: '%%%2' })).rejects.toThrow('key');
});

it.each([
  ['https://ww-aibot-img-1258476243.cos.ap-guangzhou.myqcloud.com/a?sign=1', true],
  ['https://wework.qpic.cn/wwpic/1/0', true],
  ['https://qyapi.weixin.qq.com/media', true],
  ['http://127.0.0.1:8080/media/1', true],
  ['http://ww-aibot.cos.ap-guangzhou.myqcloud.com/a', false],
  ['https://127.0.0.1:8080/media/1', false],
  ['http://127.0.0.1:8081/media/1', false],
  ['https://myqcloud.com.evil.example/a', false],
  ['https://evilqq.com/a', false],
  ['https://qq.com@evil.example/a', false],
  ['https://user@qq.com/a', false],
  ['https://wework.qpic.cn:8443/a', false],
  ['https://169.254.169.254/latest', false],
  ['file:///etc/passwd', false],
  ['nonsense', false],
])('looks for pictures at %s: %s', (address, yes) => {
  expect(pictureAddress(address, 'http://127.0.0.1:8080') !== undefined).toBe(yes);
});
