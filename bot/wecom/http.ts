/** One exchange over HTTP with WeCom: bounded in time and size, and exact about what may have happened when it fails. */
import { Agent, errors, request } from 'undici';
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

/** Failures of the network before a connection stood: the request was not sent. */
const BEFORE_SENDING = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** `timeoutMs` spans the whole exchange. */
export function createWecomHttp({ timeoutMs = 10_000 }: { timeoutMs?: number } = {}): WecomHttp {
  const patience = { connectTimeout: timeoutMs, headersTimeout: 0, bodyTimeout: 0 };
  const readers = new Agent(patience);
  // A write goes out on a connection of its own: one left idle may be closed by the other side in the very moment it is used.
  const writers = new Agent({ ...patience, pipelining: 0 });
  return async ({ method, url, headers, body, maxBytes }, about) => {
    const writes = method === 'POST' ? 'unknown' : 'not-done';
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await request(url, {
        method,
        dispatcher: method === 'POST' ? writers : readers,
        signal,
        headers: { 'accept-encoding': 'identity', ...headers },
        body: body ?? null,
      });
      const encoding = answer.headers['content-encoding'];
      const odd =
        answer.statusCode !== 200 && answer.statusCode !== 206
          ? `HTTP ${answer.statusCode}`
          : // The runtime's Brotli decoder has had a hole; decoding is never asked for and never done.
            encoding && encoding !== 'identity'
            ? 'the answer is compressed'
            : undefined;
      if (odd) {
        // Destroyed, it complains; unheard, that would end the process.
        answer.body.on('error', () => undefined).destroy();
        throw new WecomFault(about, odd, { outcome: writes });
      }
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of answer.body as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > maxBytes) throw new WecomFault(about, `the answer is larger than ${maxBytes} bytes`, { outcome: writes });
        chunks.push(chunk);
      }
      const type = String(answer.headers['content-type'] ?? '').split(';', 1)[0]!;
      return { type: type.trim().toLowerCase(), bytes: Buffer.concat(chunks) };
    } catch (error) {
      if (error instanceof WecomFault) throw error;
      const code = signal.aborted ? `no answer within ${timeoutMs} ms` : codeOf(error);
      throw new WecomFault(about, code, { outcome: BEFORE_SENDING.has(code) ? 'not-done' : writes });
    }
  };
}

function codeOf(error: unknown): string {
  if (error instanceof errors.UndiciError) return error.code;
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'the connection broke';
}
