/** Sends one HTTP request, bounded in time and size. A failure says whether the request may have been sent. */
import { Agent, type buildConnector, type Dispatcher } from 'undici';

export interface HttpRequest {
  readonly method?: 'GET' | 'POST';
  /** May hold a coupon code or a token: it never gets into a message. */
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Opens a new connection: an idle one may be closed by the other side at the very moment it is used. */
  readonly newConnection?: boolean;
  /** Ends the request as a broken connection does. */
  readonly signal?: Pick<AbortSignal, 'aborted' | 'addEventListener' | 'removeEventListener'>;
  /** Spans the whole request, body included. ms. */
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  /** Whether the body of an answer with this status is read; otherwise the answer is complete after its headers. */
  readonly readsBody?: (status: number) => boolean;
  /** Converts each chunk as it arrives; `bytes` holds the results. */
  readonly convert?: (chunk: Buffer) => Buffer;
}

/** The start of an answer. Header names are in lower case. */
export interface HttpHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export interface HttpAnswer extends HttpHead {
  readonly bytes: Buffer;
}

/** Any status is an answer. Rejects with an `HttpFault`. Redirects are never followed and bodies never decompressed. */
export type Http = (request: HttpRequest) => Promise<HttpAnswer>;

/** `timeout` and `connection` are the network's; `compressed` and `too-large` are answers that are not read. */
export class HttpFault extends Error {
  override readonly name = 'HttpFault';
  readonly kind: 'timeout' | 'connection' | 'compressed' | 'too-large';
  /** False where certainly no byte of the request went out. */
  readonly sent: boolean;
  /** The system's or undici's: `ECONNREFUSED`, `UND_ERR_SOCKET`. */
  readonly code: string;
  /** Present where the fault came after the answer's headers. */
  readonly head: HttpHead | undefined;
  /** The original error is not kept: undici's quote what they could not parse. */
  constructor(kind: HttpFault['kind'], message: string, facts: { sent: boolean; code: string; head?: HttpHead | undefined }) {
    super(message);
    this.kind = kind;
    this.sent = facts.sent;
    this.code = facts.code;
    this.head = facts.head;
  }
}

export interface HttpParts {
  /** Defaults for requests that set none. */
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  /** Connections to one origin at the same time; unlimited by default. */
  readonly connections?: number;
  /** How long an idle connection is kept, ms; four seconds by default. */
  readonly idleMs?: number;
  readonly connect?: buildConnector.connector;
}

export function createHttp({ timeoutMs = 10_000, maxBytes = 1_048_576, connections, idleMs, connect }: HttpParts = {}): Http {
  // Undici's own timeouts are off, so that they neither end a request earlier nor repeat it: the timer below alone counts.
  const options: Agent.Options = {
    headersTimeout: 0,
    bodyTimeout: 0,
    connectTimeout: timeoutMs,
    ...(connections !== undefined && { connections }),
    ...(idleMs !== undefined && { keepAliveTimeout: idleMs }),
    ...(connect && { connect }),
  };
  const kept = new Agent(options);
  const closed = new Agent({ ...options, pipelining: 0 });
  return (request) => send(request.newConnection ? closed : kept, { timeoutMs, maxBytes, ...request });
}

type Bounded = HttpRequest & Required<Pick<HttpRequest, 'timeoutMs' | 'maxBytes'>>;

function send(agent: Agent, request: Bounded): Promise<HttpAnswer> {
  const {
    method = 'GET',
    url,
    signal,
    timeoutMs,
    maxBytes,
    readsBody = () => true,
    convert = (chunk: Buffer) => chunk,
  } = request;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let sent = false;
    let head: HttpHead | undefined;
    let over: Error | undefined;
    let controller: Dispatcher.DispatchController | undefined;

    /** Ends the request once, whatever comes in afterwards. */
    const end = (reason: Error): void => {
      over = reason;
      settled();
      controller?.abort(reason);
    };
    const fail = (kind: HttpFault['kind'], code: string, message: string): void => {
      if (over) return;
      const fault = new HttpFault(kind, message, { sent, code, head });
      end(fault);
      reject(fault);
    };
    const began = Date.now();
    const late = (): void => fail('timeout', 'ETIMEDOUT', `no answer within ${Math.round(timeoutMs)} ms`);
    const timer = setTimeout(late, timeoutMs);
    const abort = (): void => fail('connection', 'ABORT_ERR', 'given up');
    const settled = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort);

    const handler: Dispatcher.DispatchHandler = {
      // Undici calls this when a connection stands and before anything is written to it.
      onRequestStart(started) {
        // After a stand-still of this process its timer comes last: nothing is sent when the time is over.
        if (Date.now() - began >= timeoutMs) late();
        if (over) return started.abort(over);
        controller = started;
        sent = true;
      },
      onResponseStart(_, status, headers) {
        // 1xx announces the answer proper.
        if (over || status < 200) return;
        head = { status, headers };
        if (!readsBody(status)) {
          resolve({ ...head, bytes: Buffer.alloc(0) });
          return end(new Error('the body is not wanted'));
        }
        const encoding = headers['content-encoding'];
        // Decoding is never asked for, and the runtime's Brotli decoder has had a hole that runs foreign code.
        if (encoding && encoding !== 'identity') fail('compressed', 'ECOMPRESSED', 'the answer is compressed');
      },
      onResponseData(_, chunk) {
        if (over) return;
        size += chunk.length;
        if (size > maxBytes) return fail('too-large', 'EMSGSIZE', `the answer is larger than ${maxBytes} bytes`);
        chunks.push(convert(chunk));
      },
      onResponseEnd() {
        if (over || !head) return;
        settled();
        resolve({ ...head, bytes: Buffer.concat(chunks) });
      },
      onResponseError(_, error) {
        const code = codeOf(error);
        fail('connection', code, `${sent ? 'the connection broke' : 'no connection'} (${code})`);
      },
    };
    agent.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        headers: { 'accept-encoding': 'identity', ...request.headers },
        body: request.body ?? null,
      },
      handler,
    );
  });
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
