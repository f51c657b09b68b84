import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { createBodies } from '../../../bot/http/body.ts';
import { createHttp, type Http } from '../../../bot/http/server.ts';
import type { MetricsAccess } from '../../../bot/telemetry/metrics-access.ts';
import { systemTime } from '../../../services/time/time.ts';

const running: Http[] = [];
afterEach(async () => {
  for (const http of running.splice(0)) await http.stop();
});

function listener({
  reasons = [],
  health = () => Promise.resolve(reasons),
  port = 0,
  host = '127.0.0.1',
  metricsAccess = { kind: 'loopback' },
  arriveMs = 15_000,
}: {
  reasons?: string[];
  health?: () => Promise<string[]>;
  port?: number;
  host?: string;
  metricsAccess?: MetricsAccess;
  arriveMs?: number;
} = {}) {
  const errors: { message: string; facts: object | undefined }[] = [];
  const told: { message: string; facts: object | undefined }[] = [];
  const http = createHttp({
    port,
    host,
    health,
    metrics: () => Promise.resolve('up 1\n'),
    metricsAccess,
    arriveMs,
    time: systemTime,
    log: {
      info: (message, facts) => void told.push({ message, facts }),
      error: (message, facts) => void errors.push({ message, facts }),
    },
  });
  running.push(http);
  return { http, errors, told };
}

test('/healthz says ok when ready, and gives the reasons as sentences when not', async () => {
  const well = await listener().http.app.request('/healthz');
  expect([well.status, await well.text()]).toEqual([200, 'ok']);
  const ill = await listener({ reasons: ['the database does not answer', 'the disk is full'] }).http.app.request('/healthz');
  expect([ill.status, await ill.text()]).toEqual([503, 'the database does not answer\nthe disk is full\n']);
});

test('a database that does not answer means not ready', async () => {
  vi.useFakeTimers();
  try {
    const asked = listener({ health: () => new Promise(() => undefined) }).http.app.request('/healthz');
    await vi.advanceTimersByTimeAsync(5_000);
    const answer = await asked;
    expect([answer.status, await answer.text()]).toEqual([503, 'no answer from the database within 5 s\n']);
  } finally {
    vi.useRealTimers();
  }
});

test('the readiness check runs once at a time and at most once a second, however many clients ask', async () => {
  vi.useFakeTimers();
  try {
    let asked = 0;
    const { app } = listener({
      async health() {
        asked += 1;
        await new Promise((resolve) => void setTimeout(resolve, 100));
        return asked === 1 ? [] : ['the disk is full'];
      },
    }).http;
    const ask = async () => (await app.request('/healthz')).status;
    const crowd = Promise.all(Array.from({ length: 50 }, ask));
    await vi.advanceTimersByTimeAsync(100);
    expect(new Set(await crowd)).toEqual(new Set([200]));
    await vi.advanceTimersByTimeAsync(900);
    expect([await ask(), asked]).toEqual([200, 1]);
    await vi.advanceTimersByTimeAsync(200);
    const later = ask();
    await vi.advanceTimersByTimeAsync(100);
    expect([await later, asked]).toEqual([503, 2]);
  } finally {
    vi.useRealTimers();
  }
});

test('metrics are Prometheus text for this machine, and not for requests through a proxy on it', async () => {
  const port = await listener().http.start();
  const ask = async (headers: Record<string, string> = {}) => await fetch(`http://127.0.0.1:${port}/metrics`, { headers });
  const answer = await ask();
  expect(answer.headers.get('content-type')).toContain('version=0.0.4');
  expect(await answer.text()).toBe('up 1\n');
  for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'])
    expect((await ask({ [name]: '127.0.0.1' })).status, name).toBe(403);
});

test.each([
  ['127.0.0.1', 200],
  ['::ffff:127.0.0.1', 200],
  ['::1', 200],
  ['192.168.1.7', 403],
  ['::ffff:203.0.113.1', 403],
  ['2001:db8::1', 403],
  [undefined, 403],
])('of a connection from %s the metrics answer %i', async (remoteAddress, status) => {
  const { app } = listener().http;
  expect((await app.request('/metrics', {}, { incoming: { socket: { remoteAddress } } })).status).toBe(status);
});

test('metrics are open to everybody or to a token where so configured', async () => {
  expect((await listener({ metricsAccess: { kind: 'open' } }).http.app.request('/metrics')).status).toBe(200);
  const { app } = listener({ metricsAccess: { kind: 'token', token: '0123456789abcdef' } }).http;
  const ask = async (authorization?: string) =>
    await app.request('/metrics', authorization === undefined ? {} : { headers: { authorization } });
  expect((await ask('Bearer 0123456789abcdef')).status).toBe(200);
  for (const wrong of [undefined, '', 'Bearer', 'Bearer 0123456789abcdeF', 'Bearer 0123456789abcde', 'Basic 0123456789abcdef']) {
    const answer = await ask(wrong);
    expect([answer.status, answer.headers.get('www-authenticate')], wrong).toEqual([401, 'Bearer realm="metrics"']);
  }
});

test('every response has a policy that allows no foreign origin', async () => {
  const { headers } = await listener().http.app.request('/nothing');
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

/** Sends raw bytes; resolves with the response once the connection is closed. */
async function raw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  let answer = '';
  socket.on('data', (text: Buffer) => void (answer += text.toString()));
  await once(socket, 'close');
  return answer;
}

test('an unknown address gets its 404 without its body being read', async () => {
  const { http } = listener();
  const port = await http.start();
  const head = 'POST /photo HTTP/1.1\r\nhost: x\r\n';
  expect(await raw(port, `${head}transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n`)).toMatch(/^HTTP\/1\.1 404/);
  expect(await raw(port, `${head}content-length: 9000000\r\n\r\nhello`)).toMatch(/^HTTP\/1\.1 404/);
});

test('a stalled request is closed, in its head or in its body', async () => {
  const { http } = listener({ arriveMs: 60 });
  const bodies = createBodies();
  http.mount(
    new Hono().post(
      '/echo',
      bodies.limited({ bytes: 100 }, (c, why) => c.body(null, why)),
      async (c) => c.text(await c.req.text()),
    ),
  );
  const port = await http.start();
  expect(await raw(port, 'POST /echo HTTP/1.1\r\nhost: ')).toMatch(/^HTTP\/1\.1 408/);
  expect(await raw(port, 'POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nhello')).toMatch(/^HTTP\/1\.1 408/);
});

test('a body may come slowly: a phone sends a picture for longer than a head may take', async () => {
  const { http } = listener({ arriveMs: 150 });
  const bodies = createBodies();
  http.mount(
    new Hono().post(
      '/echo',
      bodies.limited({ bytes: 100 }, (c, why) => c.body(null, why)),
      async (c) => c.text(await c.req.text()),
    ),
  );
  const port = await http.start();
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (data) => (answer += String(data)));
  socket.write('POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\nconnection: close\r\n\r\n');
  for (const piece of 'hello') {
    await new Promise((resolve) => void setTimeout(resolve, 60));
    socket.write(piece);
  }
  await once(socket, 'close');
  expect(answer).toMatch(/^HTTP\/1\.1 200[^]*hello$/);
});

test('405 and OPTIONS list the methods of an address', async () => {
  const { http } = listener();
  http.mount(new Hono().post('/telegram', (c) => c.text('ok')).get('/s/:token', (c) => c.text('a store')));
  const ask = async (method: string, path: string) => {
    const answer = await http.app.request(path, { method });
    return [answer.status, answer.headers.get('allow')];
  };
  expect(await ask('OPTIONS', '/telegram')).toEqual([204, 'POST, OPTIONS']);
  expect(await ask('OPTIONS', '/s/abc')).toEqual([204, 'GET, HEAD, OPTIONS']);
  expect(await ask('GET', '/telegram')).toEqual([405, 'POST, OPTIONS']);
  expect(await ask('HEAD', '/telegram')).toEqual([405, 'POST, OPTIONS']);
  expect(await ask('DELETE', '/healthz')).toEqual([405, 'GET, HEAD, OPTIONS']);
  expect(await ask('HEAD', '/healthz')).toEqual([200, null]);
  expect(await ask('OPTIONS', '/nothing')).toEqual([404, null]);
});

test('a request that breaks off is logged as information, with a shortened path', async () => {
  const { http, errors, told } = listener();
  http.mount(new Hono().post('/*', async (c) => c.text(await c.req.text())));
  const port = await http.start();
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`POST /${'1'.repeat(10_000)} HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nhello`);
  await new Promise((resolve) => void setTimeout(resolve, 30));
  socket.destroy();
  await expect
    .poll(() => told)
    .toEqual([{ message: 'a request broke off', facts: { method: 'POST', path: `/${'1'.repeat(199)}` } }]);
  expect(errors).toEqual([]);
});

test('an error becomes one plain sentence; the details are in the log alone', async () => {
  const { http, errors } = listener();
  http.mount(
    new Hono().get('/broken', () => {
      throw new Error('the secret reason');
    }),
  );
  const answer = await http.app.request('/broken?code=123456789012');
  expect(answer.status).toBe(500);
  expect(await answer.text()).toBe('Something went wrong here. Please try again.');
  expect(errors).toMatchObject([
    { message: 'a request failed', facts: { path: '/broken', error: { message: 'the secret reason' } } },
  ]);
  expect(JSON.stringify(errors)).not.toContain('123456789012');
});

test('a port in use is reported as a sentence', async () => {
  const port = await listener().http.start();
  await expect(listener({ port }).http.start()).rejects.toThrow(`PORT: ${port} is already in use; set another one`);
});

test('shutdown drains a response, ends event streams at once, and accepts nothing new', async () => {
  const { http } = listener();
  let finish = (): void => undefined;
  let arrived = (): void => undefined;
  const here = new Promise<void>((resolve) => (arrived = resolve));
  http.mount(
    new Hono()
      .get('/slow', async (c) => {
        arrived();
        await new Promise<void>((resolve) => (finish = resolve));
        return c.text('finished');
      })
      .get('/stream', (c) =>
        streamSSE(c, async (stream) => void (await stream.writeSSE({ data: 'first' }), await new Promise(() => undefined))),
      ),
  );
  const port = await http.start();
  const slow = fetch(`http://127.0.0.1:${port}/slow`);
  await here;
  const stream = connect(port, '127.0.0.1');
  stream.write('GET /stream HTTP/1.1\r\nhost: x\r\n\r\n');
  await once(stream, 'data');
  const ended = once(stream, 'close');
  const stopped = http.stop();
  stream.resume();
  await ended;
  await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
  finish();
  expect(await (await slow).text()).toBe('finished');
  await stopped;
});

test('HEAD leaves no open stream', async () => {
  const { http } = listener();
  const ended = new Promise<void>((resolve) => {
    http.mount(
      new Hono().get('/events', (c) =>
        streamSSE(c, async (stream) => {
          await new Promise<void>((aborted) => stream.onAbort(aborted));
          resolve();
        }),
      ),
    );
  });
  const port = await http.start();
  expect((await fetch(`http://127.0.0.1:${port}/events`, { method: 'HEAD' })).status).toBe(200);
  await ended;
});

test('a foreign HOST is reported with its value', async () => {
  await expect(listener({ host: '203.0.113.1' }).http.start()).rejects.toThrow(/^HOST: .*203\.0\.113\.1.*0\.0\.0\.0/);
});
