/** One request over HTTP: what comes back, within which limits, and whether it was sent when nothing does. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { brotliCompressSync } from 'node:zlib';
import { buildConnector } from 'undici';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createHttp, HttpFault, type HttpRequest } from '../../services/http.ts';

let server: Server | undefined;
const sockets = new Set<Socket>();

async function serve(answer: (response: ServerResponse, request: IncomingMessage) => void): Promise<URL> {
  server = createServer((request, response) => {
    sockets.add(request.socket);
    answer(response, request);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/path?token=SECRET`);
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  sockets.clear();
});

const http = createHttp({ maxBytes: 1_000 });

async function faultOf(request: HttpRequest): Promise<HttpFault> {
  const error: unknown = await http(request).catch((thrown: unknown) => thrown);
  if (!(error instanceof HttpFault)) throw new Error('expected a fault', { cause: error });
  return error;
}

function endless(response: ServerResponse): void {
  const more = (): void => {
    while (!response.destroyed && response.write(Buffer.alloc(65_536)));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
}

test('a program that stood still while it connected sends nothing when its time is over, and says so', async () => {
  let asked = 0;
  const url = await serve((response) => {
    asked += 1;
    response.end();
  });
  vi.useFakeTimers({ toFake: ['Date'] });
  const connect = buildConnector({});
  const slow = createHttp({
    timeoutMs: 5_000,
    connect: (options, done) =>
      connect(options, (...connected) => {
        vi.setSystemTime(Date.now() + 90_000);
        done(...connected);
      }),
  });
  const fault: unknown = await slow({ url, newConnection: true }).catch((thrown: unknown) => thrown);
  vi.useRealTimers();
  expect(fault).toMatchObject({ kind: 'timeout', sent: false });
  await new Promise((resolve) => void setImmediate(resolve));
  expect(asked).toBe(0);
});

describe('an answer', () => {
  test.each([200, 204, 302, 404, 500])('of status %i comes back as it is, its headers in lower case', async (status) => {
    const url = await serve((response) => response.writeHead(status, { 'X-Who': 'me', location: '/elsewhere' }).end());
    const answer = await http({ url });
    expect(answer).toMatchObject({ status, headers: { 'x-who': 'me', location: '/elsewhere' } });
    expect(answer.bytes).toHaveLength(0);
  });

  test('comes to a request with method, headers, query and body', async () => {
    const heard: unknown[] = [];
    const url = await serve((response, request) => {
      heard.push(request.method, request.url, request.headers['x-mine'], request.headers['accept-encoding']);
      request.on('data', (chunk: Buffer) => heard.push(chunk.toString())).on('end', () => response.end('seen'));
    });
    const answer = await http({ method: 'POST', url, headers: { 'x-mine': '1' }, body: 'hello' });
    expect(answer.bytes.toString()).toBe('seen');
    expect(heard).toEqual(['POST', '/path?token=SECRET', '1', 'identity', 'hello']);
  });

  test('may be announced by another one', async () => {
    const url = await serve((response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' });
      response.writeHead(201).end('made');
    });
    expect(await http({ url })).toMatchObject({ status: 201, bytes: Buffer.from('made') });
  });

  test('is complete after its headers where nobody wants its body', async () => {
    const url = await serve((response) => endless(response.writeHead(302, { location: 'x' })));
    const answer = await http({ url, readsBody: (status) => status === 200 });
    expect([answer.status, answer.bytes.length]).toEqual([302, 0]);
  });

  test('is converted chunk by chunk', async () => {
    const url = await serve((response) => response.end('hello'));
    const answer = await http({ url, convert: (chunk) => Buffer.from(chunk.toString().toUpperCase()) });
    expect(answer.bytes.toString()).toBe('HELLO');
  });
});

test('a request that is given up ends at once, and its connection with it', async () => {
  const given = new AbortController();
  const url = await serve(() => given.abort());
  expect(await faultOf({ url, signal: given.signal })).toMatchObject({ kind: 'connection', code: 'ABORT_ERR', sent: true });
  await vi.waitFor(() => expect([...sockets].every((socket) => socket.destroyed)).toBe(true));
  expect(await faultOf({ url, signal: given.signal })).toMatchObject({ kind: 'connection', sent: false });
});

test('an idle connection is used again for as long as it is to be kept', async () => {
  const url = await serve((response) => response.end());
  // It does not say how long it keeps connections.
  server!.keepAliveTimeout = 0;
  const keeping = createHttp({ idleMs: 60_000 });
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
  try {
    await keeping({ url });
    await new Promise((resolve) => void setImmediate(resolve));
    vi.advanceTimersByTime(30_000);
    await new Promise((resolve) => void setImmediate(resolve));
    await keeping({ url });
  } finally {
    vi.useRealTimers();
  }
  expect(sockets.size).toBe(1);
});

describe('a request that was certainly not sent says so', () => {
  test.each(['http://127.0.0.1:1', 'http://no-such-host.invalid', 'https://127.0.0.1:1'])('no connection to %s', async (url) => {
    expect(await faultOf({ url: new URL(url) })).toMatchObject({ kind: 'connection', sent: false });
  });

  test('its code is the system’s', async () => {
    expect(await faultOf({ url: new URL('http://127.0.0.1:1') })).toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('time was up before the connection stood', async () => {
    const made: (string | undefined)[] = [];
    const url = await serve((response, request) => {
      made.push(request.method);
      response.end();
    });
    const late = faultOf({ method: 'POST', url, timeoutMs: 5 });
    // The event loop is blocked: time is up first, and the connection is found to stand after that.
    const until = performance.now() + 30;
    while (performance.now() < until);
    expect(await late).toMatchObject({ kind: 'timeout', code: 'ETIMEDOUT', sent: false });
    await http({ url });
    expect(made).toEqual(['GET']);
  });
});

const LOSSES: readonly (readonly [
  string,
  HttpFault['kind'],
  number | undefined,
  (response: ServerResponse, request: IncomingMessage) => void,
])[] = [
  ['silence', 'timeout', undefined, () => undefined],
  ['a reset', 'connection', undefined, (_, request) => request.socket.resetAndDestroy()],
  ['what is no HTTP', 'connection', undefined, (_, request) => request.socket.end('SECRET\r\n\r\n')],
  ['headers without end', 'connection', undefined, (_, { socket }) => socket.end(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(20_000)}`)],
  ['a body that drips', 'timeout', 200, (response) => void response.writeHead(200).write('{')],
  [
    'a body that breaks off',
    'connection',
    200,
    (response) => void response.writeHead(200, { 'content-length': 99 }).write('{', () => response.destroy()),
  ],
  ['a body without end', 'too-large', 200, (response) => endless(response.writeHead(200))],
  [
    'a compressed body',
    'compressed',
    404,
    (response) => response.writeHead(404, { 'content-encoding': 'br' }).end(brotliCompressSync('x')),
  ],
];

describe('a request that may have been received says so', () => {
  test.each(LOSSES)('after %s', async (_, kind, status, answer) => {
    const url = await serve(answer);
    const fault = await faultOf({ url, timeoutMs: kind === 'timeout' ? 150 : 10_000 });
    expect(fault).toMatchObject({ kind, sent: true });
    expect(fault.head?.status).toBe(status);
    expect(`${fault.stack} ${String(fault.cause)} ${JSON.stringify(fault)}`).not.toContain('SECRET');
  });
});

test('a request of its own connection shares none, before or after', async () => {
  const url = await serve((response) => response.end());
  await http({ url });
  for (let n = 0; n < 2; n += 1) {
    await http({ url, newConnection: true });
    await new Promise((resolve) => setImmediate(resolve));
  }
  await http({ url });
  expect(sockets.size).toBe(3);
});
