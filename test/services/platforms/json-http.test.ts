/** One request over HTTP: what comes back, and what may have happened when nothing does. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { PlatformFault } from '../../../services/platforms/platform.ts';
import { createJsonHttp, parseJson, type JsonRequest } from '../../../services/platforms/json-http.ts';

let server: Server | undefined;
const sockets = new Set<Socket>();

async function serve(answer: (response: ServerResponse, request: IncomingMessage) => void): Promise<string> {
  server = createServer((request, response) => {
    sockets.add(request.socket);
    answer(response, request);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  sockets.clear();
});

const CODE = '0332808512';
const read = (url: string): JsonRequest => ({ method: 'GET', url: new URL(`${url}/detail?code=${CODE}`), writes: false });
const write = (url: string): JsonRequest => ({
  method: 'POST',
  url: new URL(`${url}/verify`),
  writes: true,
  body: `{"code":"${CODE}"}`,
});
const http = createJsonHttp({ maxBytes: 2_000 });
/** For answers that never come. */
const impatient = createJsonHttp({ timeoutMs: 150, maxBytes: 2_000 });

async function fault(request: JsonRequest, by = http): Promise<PlatformFault> {
  const error: unknown = await by(request).catch((thrown: unknown) => thrown);
  if (!(error instanceof PlatformFault)) throw new Error('expected a fault', { cause: error });
  return error;
}

describe('an answer', () => {
  test('comes back as JSON with its status, numbers too long for numbers as text', async () => {
    const url = await serve((response) => response.writeHead(404).end('{"id":4971997871483391234,"n":12.5,"sku":1206941234}'));
    expect(await http(read(url))).toMatchObject({
      status: 404,
      json: { id: '4971997871483391234', n: 12.5, sku: 1_206_941_234 },
    });
  });

  test('is asked for uncompressed, and refused compressed', async () => {
    let asked: unknown;
    const url = await serve((response, request) => {
      asked = request.headers['accept-encoding'];
      response.writeHead(200, { 'content-encoding': 'br' }).end('{}');
    });
    expect(await fault(read(url))).toMatchObject({ kind: 'nonsense', outcome: 'not-done' });
    expect(asked).toBe('identity');
  });
});

describe('big numbers', () => {
  test.each([
    ['{"a":9007199254740993}', { a: '9007199254740993' }],
    ['{"a":-1234567890123456}', { a: '-1234567890123456' }],
    ['[123456789012345]', [123_456_789_012_345]],
    ['{"a":1e20,"b":"1234567890123456789"}', { a: 1e20, b: '1234567890123456789' }],
  ])('%s', (text, value) => expect(parseJson(text)).toEqual(value));
});

describe('random documents', () => {
  /** A random document: its text, and what it is with whole numbers of 16 digits and more as text. */
  function random(next: () => number, depth = 0): { readonly text: string; readonly value: unknown } {
    const kind = Math.floor(next() * (depth > 3 ? 6 : 8));
    const digits = (length: number): string =>
      `${1 + Math.floor(next() * 9)}${Array.from({ length: length - 1 }, () => Math.floor(next() * 10)).join('')}`;
    const blank = (): string => [' ', '\n', '\t', ''][Math.floor(next() * 4)]!;
    switch (kind) {
      case 0: {
        const text = `${next() < 0.3 ? '-' : ''}${digits(16 + Math.floor(next() * 10))}`;
        return { text, value: text };
      }
      case 1: {
        const value = Math.floor(next() * 1e15) * (next() < 0.3 ? -1 : 1) || 0;
        return { text: String(value), value };
      }
      case 2: {
        const value = next() * 10 ** Math.floor(next() * 30 - 10);
        const text = String(value);
        return { text, value: /^\d{16,}$/.test(text) ? text : value };
      }
      case 3: {
        const value = [`"${digits(19)}"`, `: ${digits(19)},`, `\\u0031${digits(18)}`, '券\n[1]'][Math.floor(next() * 4)]!;
        return { text: JSON.stringify(value), value };
      }
      case 4:
        return { text: 'true', value: true };
      case 5:
        return { text: 'null', value: null };
      case 6: {
        const items = Array.from({ length: Math.floor(next() * 5) }, () => random(next, depth + 1));
        const text = `[${blank()}${items.map((item) => item.text).join(`${blank()},${blank()}`)}${blank()}]`;
        return { text, value: items.map((item) => item.value) };
      }
      default: {
        const items = Array.from(
          { length: Math.floor(next() * 5) },
          (_, n) => [`k${n}${digits(17)}`, random(next, depth + 1)] as const,
        );
        const pairs = items.map(([key, item]) => `${JSON.stringify(key)}${blank()}:${blank()}${item.text}`);
        return {
          text: `{${pairs.join(`,${blank()}`)}}`,
          value: Object.fromEntries(items.map(([key, item]) => [key, item.value])),
        };
      }
    }
  }

  test('keep every digit, and are else what JSON.parse makes of them', () => {
    let state = 20_261_122;
    const next = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    const asNumbers = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value), (_, one: unknown) =>
        typeof one === 'string' && /^-?\d{16,}$/.test(one) ? Number(one) : one,
      );
    for (let n = 0; n < 2_000; n += 1) {
      const { text, value } = random(next);
      expect(parseJson(text), text).toEqual(value);
      expect(asNumbers(parseJson(text)), text).toEqual(asNumbers(JSON.parse(text)));
    }
  });
});

describe('nothing can have happened', () => {
  test.each(['http://127.0.0.1:1', 'http://no-such-host.invalid'])('when there is no connection to %s', async (url) => {
    expect(await fault(write(url))).toMatchObject({ kind: 'unreachable', outcome: 'not-done' });
  });

  test('when the other side does not speak TLS', async () => {
    const url = await serve((response) => response.end('{}'));
    expect(await fault(write(url.replace('http:', 'https:')))).toMatchObject({ kind: 'unreachable', outcome: 'not-done' });
  });

  test.each([
    [429, 'busy'],
    [401, 'unauthorised'],
    [403, 'unauthorised'],
  ])('when it is refused with HTTP %i', async (status, kind) => {
    const url = await serve((response) => response.writeHead(status).end('<html>'));
    expect(await fault(write(url))).toMatchObject({ kind, outcome: 'not-done' });
  });
});

const LOSSES: readonly (readonly [
  string,
  PlatformFault['kind'],
  (response: ServerResponse, request: IncomingMessage) => void,
])[] = [
  ['silence', 'unreachable', () => undefined],
  ['a reset', 'unreachable', (_, request) => request.socket.resetAndDestroy()],
  ['HTTP 502 with a page', 'unreachable', (response) => response.writeHead(502).end('<html>')],
  ['HTTP 504', 'unreachable', (response) => response.writeHead(504).end()],
  ['HTTP 500 with JSON', 'unreachable', (response) => response.writeHead(500).end('{"code":10000}')],
  ['a redirect', 'nonsense', (response) => response.writeHead(302, { location: '/elsewhere' }).end()],
  ['a login page', 'nonsense', (response) => response.end('<!doctype html><p>请登录</p>')],
  ['half of the JSON', 'nonsense', (response) => response.end('{"code":10000,"da')],
  ['nothing at all', 'nonsense', (response) => response.end()],
  ['a body without end', 'nonsense', (response) => response.end(`"${'x'.repeat(3_000)}"`)],
  ['a nest of a million brackets', 'nonsense', (response) => response.end('['.repeat(1_500))],
  [
    'a body that breaks off',
    'unreachable',
    (response) => (response.writeHead(200, { 'content-length': 99 }).write('{'), response.destroy()),
  ],
  ['a body that drips', 'unreachable', (response) => void response.writeHead(200).write('{')],
];

describe('nobody knows what happened to a write', () => {
  test.each(LOSSES)('after %s; a read did nothing', async (_, kind, answer) => {
    const url = await serve(answer);
    expect(await fault(write(url), impatient)).toMatchObject({ kind, outcome: 'unknown' });
    expect(await fault(read(url), impatient)).toMatchObject({ kind, outcome: 'not-done' });
  });
});

test.each(LOSSES)('a code is in no message, after %s', async (_, _kind, answer) => {
  const url = await serve(answer);
  const { message, stack, cause } = await fault(read(url), impatient);
  expect(`${message} ${stack} ${cause instanceof Error ? cause.stack : ''}`).not.toContain(CODE);
});

test('a write never goes out on a connection that was left idle', async () => {
  const url = await serve((response) => response.end('{}'));
  await http(read(url));
  const before = sockets.size;
  for (let n = 0; n < 2; n += 1) {
    await http(write(url));
    // The connection would be idle now, if it were kept.
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(sockets.size).toBe(before + 2);
});

test('a call whose time was up before it was connected is not made afterwards', async () => {
  const made: (string | undefined)[] = [];
  const url = await serve((response, request) => {
    made.push(request.method);
    response.end('{}');
  });
  const late: Promise<unknown> = createJsonHttp({ timeoutMs: 5 })(write(url)).catch((error: unknown) => error);
  // Nothing can be heard meanwhile: time is up first, and the connection is found to stand after that.
  const busyUntil = performance.now() + 30;
  while (performance.now() < busyUntil);
  expect(await late).toMatchObject({ kind: 'unreachable', outcome: 'not-done' });
  await http(read(url));
  expect(made).toEqual(['GET']);
});
