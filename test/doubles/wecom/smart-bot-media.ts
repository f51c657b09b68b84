/** Stores people's pictures as WeCom does: encrypted, by address, for five minutes. */
import { createCipheriv, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

const LIVES_MS = 5 * 60_000;

/** A fault of the next fetch. */
export type MediaFault = 'gone' | 'redirect' | 'compressed' | 'endless' | 'silent' | 'wrong-bytes';

export function createMedia(now: () => number) {
  const files = new Map<string, { readonly bytes: Buffer; readonly until: number }>();
  const faults: MediaFault[] = [];
  const fetched: string[] = [];
  return {
    fetched,
    fail: (fault: MediaFault): void => void faults.push(fault),
    /** Encrypts and keeps; the key is a new one each time. */
    put(root: string, bytes: Buffer): { url: string; aeskey: string } {
      const key = randomBytes(32);
      const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
      const pad = 32 - (bytes.length % 32);
      const sealed = Buffer.concat([cipher.update(bytes), cipher.update(Buffer.alloc(pad, pad)), cipher.final()]);
      const name = randomBytes(8).toString('hex');
      files.set(name, { bytes: sealed, until: now() + LIVES_MS });
      return { url: `${root}/media/${name}?sign=secret`, aeskey: key.toString('base64') };
    },
    /** Keeps a picture as it is, as quoted ones have come: without a key. */
    show(root: string, bytes: Buffer): string {
      const name = randomBytes(8).toString('hex');
      files.set(name, { bytes, until: now() + LIVES_MS });
      return `${root}/media/${name}?sign=secret`;
    },
    serve(request: IncomingMessage, response: ServerResponse): void {
      const name = /^\/media\/(\w+)/.exec(request.url ?? '')?.[1] ?? '';
      fetched.push(name);
      const file = files.get(name);
      const fault = faults.shift();
      if (!file || fault === 'gone' || file.until <= now()) return void response.writeHead(403).end('<Error/>');
      switch (fault) {
        case 'redirect':
          return void response.writeHead(302, { location: '/media/elsewhere' }).end();
        case 'compressed':
          return void response.writeHead(200, { 'content-encoding': 'br' }).end(file.bytes);
        case 'silent':
          return;
        case 'wrong-bytes':
          return void response.end(Buffer.alloc(file.bytes.length, 7));
        case 'endless': {
          const chunk = Buffer.alloc(1024 * 1024);
          const more = (): void => {
            while (!response.destroyed && response.write(chunk));
            if (!response.destroyed) response.once('drain', more);
          };
          return more();
        }
        default:
          response.writeHead(200, { 'content-disposition': 'attachment; filename="photo.jpg"' }).end(file.bytes);
      }
    },
  };
}
