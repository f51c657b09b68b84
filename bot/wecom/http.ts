/** Sends one HTTP request to WeCom, and says of each failure whether the request may have had its effect. */
import { createHttp, HttpFault } from '../../services/http.ts';
import { WecomFault } from './fault.ts';

export interface Asked {
  readonly method: 'GET' | 'POST';
  /** Holds the access token: it never gets into a message. */
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Bytes of the answer at most. */
  readonly maxBytes: number;
}

export interface Answered {
  /** Lower case, without parameters: `application/json`. */
  readonly type: string;
  readonly bytes: Buffer;
}

/** Sends one request, once. Anything but HTTP 200 within the time and size is a `WecomFault` without an errcode. */
export type WecomHttp = (asked: Asked, about: string) => Promise<Answered>;

const isFine = (status: number): boolean => status === 200 || status === 206;

/** `timeoutMs` spans the whole request. */
export function createWecomHttp({ timeoutMs = 10_000 }: { timeoutMs?: number } = {}): WecomHttp {
  const http = createHttp({ timeoutMs });
  return async (asked, about) => {
    const writes = asked.method === 'POST';
    const lost = writes ? 'unknown' : 'not-done';
    const { status, headers, bytes } = await http({ ...asked, newConnection: writes, readsBody: isFine }).catch(
      (error: unknown) => {
        if (!(error instanceof HttpFault)) throw error;
        throw new WecomFault(about, error.message, { outcome: error.sent ? lost : 'not-done' });
      },
    );
    if (!isFine(status)) throw new WecomFault(about, `HTTP ${status}`, { outcome: lost });
    const type = String(headers['content-type'] ?? '').split(';', 1)[0]!;
    return { type: type.trim().toLowerCase(), bytes };
  };
}
