import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { createHttp, type Http } from '../../bot/http.ts';

const running: Http[] = [];
afterEach(async () => {
  for (const http of running.splice(0)) await http.stop();
});

function listener({
  reasons = [],
  health = () => Promise.resolve(reasons),
  port = 0,
  host = '127.0.0.1',
}: { reasons?: string[]; health?: () => Promise<string[]>; port?: number; host?: string } = {}) {
  const errors: { message: string; facts: object | undefined }[] = [];
  const http = createHttp({
    port,
    host,
    health,
    metrics: () => Promise.resolve('up 1\n'),
    log: { error: (message, facts) => void errors.push({ message, facts }) },
  });
  running.push(http);
  return { http, errors };
}

test('health is one word while the program can serve, and the reasons in words when it cannot', async () => {
  const well = await listener().http.app.request('/healthz');
  expect([well.status, await well.text()]).toEqual([200, 'ok']);
  const ill = await listener({ reasons: ['the database does not answer', 'the disk is full'] }).http.app.request('/healthz');
  expect([ill.status, await ill.text()]).toEqual([503, 'the database does not answer\nthe disk is full\n']);
});

test('a database that does not answer at all is no health', async () => {
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

test('metrics are Prometheus text', async () => {
  const answer = await listener().http.app.request('/metrics');
  expect(answer.headers.get('content-type')).toContain('version=0.0.4');
  expect(await answer.text()).toBe('up 1\n');
});

test('every answer forbids what comes from elsewhere', async () => {
  const { headers } = await listener().http.app.request('/nothing');
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

test('a body over one megabyte is refused, whether it says its length or not', async () => {
  const { http } = listener();
  http.mount(new Hono().post('/echo', async (c) => c.text(String((await c.req.text()).length))));
  const post = (size: number, how: RequestInit = {}) =>
    http.app.request('/echo', { method: 'POST', body: 'x'.repeat(size), ...how });
  expect(await (await post(1024 * 1024)).text()).toBe('1048576');
  expect((await post(1024 * 1024 + 1)).status).toBe(413);
  const unsaid = new Request('http://localhost/echo', { method: 'POST', body: new Blob(['x'.repeat(1024 * 1024 + 1)]) });
  expect(unsaid.headers.get('content-length')).toBeNull();
  expect((await http.app.request(unsaid)).status).toBe(413);
});

test('an error becomes one plain sentence; only the log knows more', async () => {
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

test('a port that is taken is told in words', async () => {
  const port = await listener().http.start();
  await expect(listener({ port }).http.start()).rejects.toThrow(`PORT: ${port} is already in use; set another one`);
});

test('stopping lets an answer finish, ends event streams at once, and takes nothing new', async () => {
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

test('HEAD leaves no stream behind', async () => {
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

test('a host that is no address of this machine is told under its own name', async () => {
  await expect(listener({ host: '203.0.113.1' }).http.start()).rejects.toThrow(/^HOST: .*203\.0\.113\.1.*0\.0\.0\.0/);
});
