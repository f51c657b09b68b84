/** Pictures of visitors over HTTP: upload, access, and the bytes for the bot. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createPractice, type Practice } from './harness.ts';

const png = new Uint8Array(await readFile(path.join(import.meta.dirname, '../../fixtures/photos/practice.png')));
const EVENT = 'event-aaaa';

/** A visitor whose page is open. */
async function arrive(practice: Practice) {
  const { app } = practice.http;
  const page = await app.request('/');
  const cookie = page.headers.get('set-cookie')!.split(';')[0]!;
  await (await app.request('/events', { headers: { cookie } })).body!.getReader().read();
  const send = (bytes: Uint8Array, headers: Record<string, string> = {}, query = `chat=store&id=${EVENT}`) =>
    app.request(`/photo?${query}`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/octet-stream', 'sec-fetch-site': 'same-origin', ...headers },
      body: new Uint8Array(bytes),
    });
  const see = (event = EVENT, as = cookie) => app.request(`/photo/${event}`, { headers: { cookie: as } });
  return { cookie, send, see };
}

async function open() {
  const practice = await createPractice();
  await practice.channel.start((incoming) => Promise.resolve(void practice.heard.push(incoming)));
  return practice;
}

test('a picture is one event, and the bot gets its bytes', async () => {
  const practice = await open();
  const { send } = await arrive(practice);
  expect((await send(png)).status).toBe(202);
  expect((await send(png)).status).toBe(202);
  const photos = practice.heard.flatMap(({ content }) => (content.kind === 'photo' ? [content] : []));
  expect(photos).toHaveLength(1);
  expect(new Uint8Array(await practice.channel.fetch!(photos[0]!.file))).toEqual(png);
});

test('its sender gets it with an image content type; another visitor gets a 404', async () => {
  const practice = await open();
  const { send, see } = await arrive(practice);
  const other = await arrive(practice);
  await send(png);
  const seen = await see();
  expect(seen.headers.get('content-type')).toBe('image/png');
  expect(seen.headers.get('x-content-type-options')).toBe('nosniff');
  expect(new Uint8Array(await seen.arrayBuffer())).toEqual(png);
  expect((await see(EVENT, other.cookie)).status).toBe(404);
  expect((await see('event-bbbb')).status).toBe(404);
  expect((await see(EVENT, '')).status).toBe(404);
});

test('a file that is no picture reaches the bot, but is never served', async () => {
  const practice = await open();
  const { send, see } = await arrive(practice);
  expect((await send(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'))).status).toBe(202);
  expect((await see()).status).toBe(404);
});

test.each([
  ['another site', { 'sec-fetch-site': 'cross-site' }, 403],
  ['a stranger', { cookie: '' }, 401],
  ['a visitor who does not say how long it is', { 'transfer-encoding': 'chunked' }, 411],
  ['a visitor who says it is too long', { 'content-length': String(10 * 1024 * 1024 + 1) }, 413],
])('of %s not a byte is read', async (_, headers, status) => {
  const practice = await open();
  const { cookie } = await arrive(practice);
  let read = 0;
  const body = new ReadableStream({ pull: () => void (read += 1) }, { highWaterMark: 0 });
  const own = { cookie, 'content-type': 'image/png', 'sec-fetch-site': 'same-origin', ...headers };
  const posted = { method: 'POST', headers: own, body, duplex: 'half' as const };
  for (const address of [`/photo?chat=store&id=${EVENT}`, '/say', '/press', '/language'])
    expect((await practice.http.app.request(new Request(`http://localhost${address}`, posted))).status, address).toBe(status);
  expect([read, practice.heard]).toEqual([0, []]);
});

test('three pictures of a visitor wait at a time: the fourth is refused until one is answered', async () => {
  const practice = await open();
  const { send, cookie } = await arrive(practice);
  const other = await arrive(practice);
  const show = async (n: number): Promise<number> => (await send(png, {}, `chat=store&id=event-000${n}`)).status;
  expect([await show(1), await show(2), await show(3), await show(4)]).toEqual([202, 202, 202, 429]);
  // The same again is no other one, and nobody else waits for it.
  expect(await show(3)).toBe(202);
  expect((await other.send(png)).status).toBe(202);
  const [first] = practice.heard;
  await practice.channel.send(first!.chat, { kind: 'say', text: '没有识别到券码' }, first);
  expect(await show(4)).toBe(202);
  expect(cookie).not.toBe(other.cookie);
});

test('a visitor’s pictures take 30 MB: the oldest answered ones make room', async () => {
  const practice = await open();
  const { send, see } = await arrive(practice);
  const large = new Uint8Array(await readFile(path.join(import.meta.dirname, '../../fixtures/photos/practice.png'))).slice();
  const picture = Buffer.concat([large, Buffer.alloc(9_000_000 - large.length)]);
  for (const n of [1, 2, 3, 4, 5]) {
    expect((await send(picture, {}, `chat=store&id=event-000${n}`)).status).toBe(202);
    const event = practice.heard.at(-1)!;
    await practice.channel.send(event.chat, { kind: 'say', text: '没有识别到券码' }, event);
  }
  expect([(await see('event-0001')).status, (await see('event-0002')).status]).toEqual([404, 404]);
  for (const n of [3, 4, 5]) expect((await see(`event-000${n}`)).status).toBe(200);
});

test('an expired picture cannot be fetched', async () => {
  const practice = await open();
  await expect(practice.channel.fetch!('nobody-event-aaaa')).rejects.toThrow('not kept');
});

test.each([
  ['another site', { 'sec-fetch-site': 'cross-site' }, undefined, 403],
  ['a form', { 'content-type': 'multipart/form-data; boundary=x' }, undefined, 403],
  ['a stranger', { cookie: '' }, undefined, 401],
  ['an odd chat', {}, 'chat=kitchen&id=event-aaaa', 400],
  ['an odd event', {}, 'chat=store&id=../../x', 400],
])('%s is refused', async (_, headers, query, status) => {
  const practice = await open();
  const { send } = await arrive(practice);
  expect((await send(png, headers, query)).status).toBe(status);
  expect(practice.heard.filter(({ content }) => content.kind === 'photo')).toEqual([]);
});

test('the limit is 10 MB for pictures and lower for everything else', async () => {
  const practice = await open();
  const { send, cookie } = await arrive(practice);
  const large = (bytes: number) => new Uint8Array(bytes).fill(7);
  expect((await send(large(9_000_000))).status).toBe(202);
  expect((await send(large(11_000_000), { 'content-length': '11000000' })).status).toBe(413);
  const said = await practice.http.app.request('/say', {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json', 'content-length': '2000000' },
    body: large(2_000_000),
  });
  expect(said.status).toBe(413);
});
