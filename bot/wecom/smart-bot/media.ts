/** Downloads pictures from WeCom's object store and decrypts them: AES-256-CBC, padded to 32 bytes. */
import { createDecipheriv } from 'node:crypto';
import { createHttp, HttpFault } from '../../../services/http.ts';
import type { Picture } from './reading.ts';

/** The largest picture that the smart bot accepts. */
const MOST_BYTES = 10 * 1024 * 1024;
const TIMEOUT_MS = 15_000;
/** Pictures fetched at the same time. */
const AT_ONCE = 4;
/** Tencent's hosts: its object store, which holds the smart bot's media, and WeCom's own names. */
const HOSTS = /(^|\.)(myqcloud\.com|tencentcos\.cn|qq\.com|qpic\.cn)$/;

/** Parses the address of a picture; undefined where it is none of WeCom's. */
export function pictureAddress(address: string, base: string | undefined): URL | undefined {
  const url = URL.parse(address);
  if (!url) return undefined;
  if (base !== undefined && url.origin === new URL(base).origin) return url;
  return url.protocol === 'https:' && url.port === '' && url.username === '' && HOSTS.test(url.hostname) ? url : undefined;
}

/** Reads a key of 32 bytes from any of its spellings: Base64, with `=` or without, URL-encoded Base64, hexadecimal digits. */
function readKey(spelled: string): Buffer {
  const text = spelled.trim().replaceAll(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
  const key = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64');
  if (key.length !== 32) throw new Error('the key of the picture is not one');
  return key;
}

/** Decrypts each chunk as it arrives: ten megabytes at once would block the event loop for 57 ms. */
function createOpening(key: Buffer) {
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return {
    convert: (chunk: Buffer): Buffer => decipher.update(chunk),
    whole: (bytes: Buffer): Buffer => unpadded(Buffer.concat([bytes, decipher.final()])),
  };
}

/** Takes a picture without a key as it is. Encrypted bytes look like no picture. */
const plain = {
  convert: (chunk: Buffer): Buffer => chunk,
  whole(bytes: Buffer): Buffer {
    if (!looksLikePicture(bytes)) throw new Error('the picture came without its key');
    return bytes;
  },
};

/** Recognises JPEG, PNG, GIF, WebP, BMP and HEIC by their first bytes. */
const looksLikePicture = (bytes: Buffer): boolean =>
  /^(?:\xff\xd8\xff|\x89PNG|GIF8|RIFF[^]{4}WEBP|BM|[^]{4}ftyp)/.test(bytes.subarray(0, 16).toString('latin1'));

/**
 * Creates the download. Addresses other than https at Tencent's hosts are refused, unless they begin with `base` (an
 * emulator's). Errors name no address: that is a key to the picture.
 */
export function createMedia({
  base,
  timeoutMs = TIMEOUT_MS,
}: {
  base: string | undefined;
  timeoutMs?: number;
}): (picture: Picture) => Promise<Buffer> {
  // 32 bytes at most are padding.
  const http = createHttp({ timeoutMs, maxBytes: MOST_BYTES + 32 });
  let running = 0;
  const waiting: (() => void)[] = [];

  async function download(url: URL, key: Buffer | undefined): Promise<Buffer> {
    const { convert, whole } = key ? createOpening(key) : plain;
    const { status, bytes } = await http({ url, readsBody: (code) => code === 200, convert }).catch((error: unknown) => {
      if (error instanceof HttpFault && error.kind === 'too-large') throw new Error('the picture is too large');
      throw error;
    });
    if (status !== 200) throw new Error(`the picture cannot be fetched: HTTP ${status}`);
    return whole(bytes);
  }

  return async ({ url, key }) => {
    const from = pictureAddress(url, base);
    if (!from) throw new Error('the picture lies where WeCom puts none');
    const bytes = key === undefined ? undefined : readKey(key);
    if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await download(from, bytes);
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

/** Removes the padding, PKCS #7 with blocks of 32 bytes: each padding byte is their number. */
function unpadded(bytes: Buffer): Buffer {
  const count = bytes.at(-1) ?? 0;
  const padding = bytes.subarray(-count);
  if (count < 1 || count > 32 || padding.length < count || !padding.every((byte) => byte === count))
    throw new Error('the picture cannot be opened: damaged, or its key is another one');
  return bytes.subarray(0, -count);
}
