/** Fetches pictures from where WeCom put them, and opens them: AES-256-CBC, padded to 32 bytes. */
import { decryptFile } from '@wecom/aibot-node-sdk';
import { Agent, request } from 'undici';
import type { Picture } from './reading.ts';

/** Of one picture: the robot takes none that is larger. */
const MOST_BYTES = 10 * 1024 * 1024;
const TIMEOUT_MS = 15_000;
/** Pictures fetched at the same time. */
const AT_ONCE = 4;
/** Tencent's: its object store, where the robot's media lies, and WeCom's own names. */
const HOSTS = /(^|\.)(myqcloud\.com|tencentcos\.cn|qq\.com|qpic\.cn)$/;

/** The address, if WeCom would put a picture there. */
export function pictureAddress(address: string, base: string | undefined): URL | undefined {
  const url = URL.parse(address);
  if (!url) return undefined;
  if (base !== undefined && url.origin === new URL(base).origin) return url;
  return url.protocol === 'https:' && url.username === '' && HOSTS.test(url.hostname) ? url : undefined;
}

/**
 * Makes a fetcher. Addresses other than https at Tencent's hosts are refused, unless they begin with `base` (an emulator's).
 * Nothing is decompressed and no redirect followed. What it throws names no address: that is a key to the picture.
 */
export function createMedia({
  base,
  timeoutMs = TIMEOUT_MS,
}: {
  base: string | undefined;
  timeoutMs?: number;
}): (picture: Picture) => Promise<Buffer> {
  const dispatcher = new Agent({ connectTimeout: 5000 });
  let running = 0;
  const line: (() => void)[] = [];

  async function fetchBytes(url: URL): Promise<Buffer> {
    const { statusCode, headers, body } = await request(url, {
      dispatcher,
      signal: AbortSignal.timeout(timeoutMs),
      headers: { 'accept-encoding': 'identity' },
    });
    // Ending it early is told here, too, and nobody would listen.
    body.on('error', () => undefined);
    try {
      if (statusCode !== 200) throw new Error(`the picture cannot be fetched: HTTP ${statusCode}`);
      if (headers['content-encoding'] !== undefined) throw new Error('the picture came compressed');
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of body) {
        chunks.push(Buffer.from(chunk));
        size += chunk.length;
        // 32 bytes at most are padding.
        if (size > MOST_BYTES + 32) throw new Error('the picture is too large');
      }
      return Buffer.concat(chunks);
    } finally {
      body.destroy();
    }
  }

  return async ({ url, key }) => {
    const from = pictureAddress(url, base);
    if (!from) throw new Error('the picture lies where WeCom puts none');
    if (Buffer.from(key, 'base64').length !== 32) throw new Error('the key of the picture is not one');
    if (running >= AT_ONCE) await new Promise<void>((resolve) => line.push(resolve));
    else running += 1;
    try {
      return decryptFile(await fetchBytes(from), key);
    } finally {
      const next = line.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
