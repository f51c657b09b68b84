/** Exchanges JSON with a platform over HTTP, and says of each failure what may have happened at the platform. */
import { createHttp, HttpFault, type Http, type HttpAnswer, type HttpParts } from '../http.ts';
import { PlatformFault } from './platform.ts';

export interface JsonRequest {
  readonly method: 'GET' | 'POST';
  /** May hold a coupon code: it never gets into a message. */
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether the request may change something at the platform: then a lost answer leaves the outcome unknown. */
  readonly writes: boolean;
}

export interface JsonAnswer {
  readonly status: number;
  readonly json: unknown;
  /** The JSON as it came, for a signature over it. */
  readonly text?: string;
}

/**
 * Sends one request, once. Answers below 500 that are JSON come back as they are; whole numbers of 16 digits and more come
 * as text. Everything else is a `PlatformFault`: 429 `busy`, 401 and 403 `unauthorised`, both `not-done`; no connection,
 * `not-done`; silence, a broken connection, 5xx, HTML or cut JSON: `unknown` where the request writes.
 */
export type JsonHttp = (request: JsonRequest) => Promise<JsonAnswer>;

/** `timeoutMs` spans the whole call, body included. */
export function createJsonHttp(limits: Pick<HttpParts, 'timeoutMs' | 'maxBytes'> = {}): JsonHttp {
  return jsonOver(createHttp(limits));
}

/** The same over another network. */
export function jsonOver(http: Http): JsonHttp {
  return async ({ writes, headers, ...request }) => {
    const lost = writes ? 'unknown' : 'not-done';
    try {
      const accept = { accept: 'application/json', ...headers };
      return judge(await http({ ...request, headers: accept, newConnection: writes }), lost);
    } catch (error) {
      if (!(error instanceof HttpFault)) throw error;
      const kind = error.kind === 'timeout' || error.kind === 'connection' ? 'unreachable' : 'nonsense';
      throw new PlatformFault(kind, error.sent ? lost : 'not-done', error.message);
    }
  };
}

function judge({ status, bytes }: HttpAnswer, lost: PlatformFault['outcome']): JsonAnswer {
  if (status === 429) throw new PlatformFault('busy', 'not-done', 'asked to slow down (HTTP 429)');
  if (status === 401 || status === 403)
    throw new PlatformFault('unauthorised', 'not-done', `the login is refused (HTTP ${status})`);
  if (status >= 500) throw new PlatformFault('unreachable', lost, `the other side is out of order (HTTP ${status})`);
  if (status >= 300 && status < 400) throw new PlatformFault('nonsense', lost, `sent elsewhere (HTTP ${status})`);
  const text = bytes.toString('utf8');
  try {
    return { status, json: parseJson(text), text };
  } catch {
    // The parser's error is not kept as the cause: it quotes the text, which may hold a code or a token.
    throw new PlatformFault('nonsense', lost, `not JSON (HTTP ${status})`);
  }
}

/** `JSON.parse`, except that whole numbers of 16 digits and more stay text: as numbers they would lose their last digits. */
export function parseJson(text: string): unknown {
  // Nearly every answer has no such number, and parsing without a reviver takes a third of the time.
  if (!/(?:^|[\s:,[])-?\d{16}/.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined && /^-?\d{16,}$/.test(context.source) ? context.source : value,
  );
}
