/** One JSON request over HTTP, for every platform: bounded in time and size, and exact about what may have happened when it fails. */
import { Agent, type Dispatcher } from 'undici';
import { PlatformFault } from './platform.ts';

export interface JsonRequest {
  readonly method: 'GET' | 'POST';
  /** May hold a coupon code: it never gets into a message. */
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether it may change something over there: then a lost answer leaves the outcome unknown. */
  readonly writes: boolean;
}

export interface JsonAnswer {
  readonly status: number;
  readonly json: unknown;
}

/**
 * Sends one request, once. Answers below 500 that are JSON come back as they are; whole numbers of 16 digits and more come
 * as text. Everything else is a `PlatformFault`: 429 `busy`, 401 and 403 `unauthorised`, both `not-done`; no connection,
 * `not-done`; silence, a broken connection, 5xx, HTML or cut JSON: `unknown` where the request writes.
 */
export type JsonHttp = (request: JsonRequest) => Promise<JsonAnswer>;

/** `timeoutMs` spans the whole call, body included. */
export function createJsonHttp({
  timeoutMs = 10_000,
  maxBytes = 1_048_576,
}: { timeoutMs?: number; maxBytes?: number } = {}): JsonHttp {
  // Nothing of undici's own may end a call earlier or repeat it: the clock here does.
  const patience = { headersTimeout: 0, bodyTimeout: 0, connectTimeout: timeoutMs };
  const readers = new Agent(patience);
  // A write goes out on a connection of its own: one left idle may be closed by the other side in the very moment it is used.
  const writers = new Agent({ ...patience, pipelining: 0 });

  return (request) =>
    new Promise((resolve, reject) => {
      const lost = request.writes ? 'unknown' : 'not-done';
      const chunks: Buffer[] = [];
      let size = 0;
      let status = 0;
      let sent = false;
      let over: PlatformFault | undefined;
      let controller: Dispatcher.DispatchController | undefined;

      const fail = (fault: PlatformFault) => {
        if (over) return;
        over = fault;
        clearTimeout(timer);
        controller?.abort(fault);
        reject(fault);
      };
      const timer = setTimeout(() => {
        fail(new PlatformFault('unreachable', sent ? lost : 'not-done', `no answer within ${timeoutMs} ms`));
      }, timeoutMs);

      const handler: Dispatcher.DispatchHandler = {
        // Called when a connection stands and nothing has been written to it yet.
        onRequestStart(started) {
          if (over) return started.abort(over);
          controller = started;
          sent = true;
        },
        onResponseStart(_, code, headers) {
          status = code;
          const encoding = headers['content-encoding'];
          // Decoding is never asked for, and the runtime's Brotli decoder has had a hole that runs foreign code.
          if (encoding && encoding !== 'identity') fail(new PlatformFault('nonsense', lost, 'the answer is compressed'));
        },
        onResponseData(_, chunk) {
          size += chunk.length;
          if (size > maxBytes) return fail(new PlatformFault('nonsense', lost, `the answer is larger than ${maxBytes} bytes`));
          chunks.push(chunk);
        },
        onResponseEnd() {
          if (over) return;
          const answer = judge(status, Buffer.concat(chunks).toString('utf8'), lost);
          if (answer instanceof PlatformFault) return fail(answer);
          clearTimeout(timer);
          resolve(answer);
        },
        onResponseError(_, error) {
          const [outcome, what] = sent ? ([lost, 'the connection broke'] as const) : (['not-done', 'no connection'] as const);
          fail(new PlatformFault('unreachable', outcome, `${what} (${codeOf(error)})`, error));
        },
      };
      (request.writes ? writers : readers).dispatch(
        {
          origin: request.url.origin,
          path: request.url.pathname + request.url.search,
          method: request.method,
          headers: { accept: 'application/json', 'accept-encoding': 'identity', ...request.headers },
          body: request.body ?? null,
        },
        handler,
      );
    });
}

function judge(status: number, text: string, lost: PlatformFault['outcome']): JsonAnswer | PlatformFault {
  if (status === 429) return new PlatformFault('busy', 'not-done', 'asked to slow down (HTTP 429)');
  if (status === 401 || status === 403)
    return new PlatformFault('unauthorised', 'not-done', `the login is refused (HTTP ${status})`);
  if (status >= 500) return new PlatformFault('unreachable', lost, `the other side is out of order (HTTP ${status})`);
  if (status >= 300 && status < 400) return new PlatformFault('nonsense', lost, `sent elsewhere (HTTP ${status})`);
  try {
    return { status, json: parseJson(text) };
  } catch {
    // Not kept as the cause: the parser quotes the text, which may hold a code or a token.
    return new PlatformFault('nonsense', lost, `not JSON (HTTP ${status})`);
  }
}

/** `JSON.parse`, except that whole numbers of 16 digits and more stay text: as numbers they would lose their last digits. */
export function parseJson(text: string): unknown {
  // Nearly every answer has none, and parsing without a look at each value takes a third of the time.
  if (!/(?:^|[\s:,[])-?\d{16}/.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined && /^-?\d{16,}$/.test(context.source) ? context.source : value,
  );
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
