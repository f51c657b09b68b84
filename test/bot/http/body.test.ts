import { Hono } from 'hono';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createBodies, type Limit } from '../../../bot/http/body.ts';
import { createHttp, type Http } from '../../../bot/http/server.ts';
import { systemTime } from '../../../services/time/time.ts';

const running: Http[] = [];
afterEach(async () => {
  for (const http of running.splice(0)) await http.stop();
});

const request = (body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}): Request =>
  new Request('http://localhost/', { method: 'POST', body, headers, duplex: 'half' });
const streamed = (size: number): ReadableStream => new Blob(['x'.repeat(size)]).stream();
const size = (body: Uint8Array): Promise<number> => Promise.resolve(1000 + body.byteLength);

test('a body is read up to its route’s limit, whether it says its length or not', async () => {
  const { take } = createBodies();
  const limit = { bytes: 100, chunked: true } as const;
  expect(await take(request('x'.repeat(100), { 'content-length': '100' }), limit, size)).toBe(1100);
  expect(await take(request('x'.repeat(101), { 'content-length': '101' }), limit, size)).toBe(413);
  expect(await take(request('x', { 'content-length': 'nonsense' }), limit, size)).toBe(413);
  expect(await take(request(streamed(100)), limit, size)).toBe(1100);
  expect(await take(request(streamed(101)), limit, size)).toBe(413);
});

test('a body without a length is refused unread, unless the route accepts chunked ones', async () => {
  const { take } = createBodies();
  const unread = new ReadableStream({
    pull() {
      throw new Error('the body was read');
    },
  });
  expect(await take(request(unread, { 'transfer-encoding': 'chunked' }), { bytes: 100 }, size)).toBe(411);
});

test('a body that breaks off is refused', async () => {
  const { take } = createBodies();
  const broken = () => new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) });
  expect(await take(request(broken()), { bytes: 100, chunked: true }, size)).toBe(400);
  expect(await take(request(broken(), { 'content-length': '50' }), { bytes: 100 }, size)).toBe(400);
});

test('all bodies together stay within the memory limit until each is processed', async () => {
  const { take } = createBodies({ memory: 250 });
  const one = () => request('x'.repeat(100), { 'content-length': '100' });
  let done = (): void => undefined;
  const hold = () => new Promise<number>((resolve) => (done = () => resolve(0)));
  const first = take(one(), { bytes: 100 }, hold);
  expect(await take(one(), { bytes: 100 }, size)).toBe(1100);
  const second = take(one(), { bytes: 100 }, () => Promise.reject(new Error('a defect')));
  expect(await take(one(), { bytes: 100 }, size)).toBe(503);
  await expect(second).rejects.toThrow('a defect');
  expect(await take(one(), { bytes: 100 }, size)).toBe(1100);
  await expect.poll(() => done !== undefined).toBe(true);
  done();
  await first;
  expect(await Promise.all([take(one(), { bytes: 100 }, size), take(one(), { bytes: 100 }, size)])).toEqual([1100, 1100]);
});

test('large bodies leave memory for small ones', async () => {
  const { take } = createBodies({ memory: 3_000_000, memoryForLarge: 2_000_000 });
  const announced = (bytes: number) => request('x', { 'content-length': String(bytes) });
  let done = (): void => undefined;
  const picture = take(announced(2_000_000), { bytes: 2_000_000 }, () => new Promise<void>((resolve) => (done = resolve)));
  expect(await take(announced(1_500_000), { bytes: 2_000_000 }, size)).toBe(503);
  expect(await take(announced(900_000), { bytes: 1_000_000 }, size)).toBe(1001);
  done();
  await picture;
});

test('behind the middleware a body is read as JSON, text, bytes or a form, and its memory is released at the end', async () => {
  const bodies = createBodies({ memory: 100 });
  const limit: Limit = { bytes: 60 };
  const app = new Hono()
    .use(bodies.limited(limit, (c, why) => c.text('no', why)))
    .post('/json', async (c) => c.json(await c.req.json()))
    .post('/form', async (c) => c.json(await c.req.parseBody()))
    .post('/bytes', async (c) => c.text(String((await c.req.arrayBuffer()).byteLength)));
  const post = async (path: string, body: string, type = 'application/json') =>
    await (await app.request(path, { method: 'POST', body, headers: { 'content-type': type } })).text();
  for (let n = 0; n < 3; n += 1) {
    expect(await post('/json', '{"a":1}')).toBe('{"a":1}');
    expect(await post('/form', 'a=1&b=2', 'application/x-www-form-urlencoded')).toBe('{"a":"1","b":"2"}');
    expect(await post('/bytes', 'x'.repeat(60))).toBe('60');
    expect(await post('/bytes', 'x'.repeat(61))).toBe('no');
  }
});

test('over a real connection, a body without a length is refused and one that breaks off releases its memory', async () => {
  const bodies = createBodies({ memory: 100 });
  const http = createHttp({
    port: 0,
    host: '127.0.0.1',
    health: () => Promise.resolve([]),
    metrics: () => Promise.resolve(''),
    time: systemTime,
    log: { info: () => undefined, error: () => undefined },
  });
  running.push(http);
  http.mount(
    new Hono().post(
      '/echo',
      bodies.limited({ bytes: 80 }, (c, why) => c.text('no', why)),
      async (c) => c.text(await c.req.text()),
    ),
  );
  const port = await http.start();
  const address = `http://127.0.0.1:${port}/echo`;
  expect((await fetch(address, { method: 'POST', body: streamed(10), duplex: 'half' })).status).toBe(411);
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write('POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 80\r\n\r\nhello');
  const status = async () => (await fetch(address, { method: 'POST', body: 'x'.repeat(30) })).status;
  await expect.poll(status).toBe(503);
  socket.destroy();
  await expect.poll(status).toBe(200);
});
