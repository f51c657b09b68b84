/** Attachments of the bot over HTTP: access, headers, and lifetime. */
import { expect, test } from 'vitest';
import { ATTACHMENT_MS, createAttachments, type KeptAttachment } from '../../../bot/web/page/attachments.ts';
import type { Reply } from '../../../handlers/message.ts';
import { FILE, PICTURE, PNG } from '../../fixtures/replies.ts';
import { createMemoryCollections } from '../wecom/app/harness.ts';
import { createPractice, type Practice } from './harness.ts';

/** A visitor whose page is open, with a fetch of the last message's attachment. */
async function arrive(practice: Practice) {
  const { app } = practice.http;
  const cookie = (await app.request('/')).headers.get('set-cookie')!.split(';')[0]!;
  await (await app.request('/events', { headers: { cookie } })).body!.getReader().read();
  const chat = practice.opened.at(-1)!;
  const last = async () => (await practice.pages.get(chat.slice('web:'.length)))!.chats.store.messages.at(-1)!;
  return {
    cookie,
    last,
    send: (reply: Reply) => practice.channel.send(chat, reply),
    fetch: async (as = cookie) => await app.request(`/attachment/${(await last()).id}`, { headers: { cookie: as } }),
  };
}

test('a picture is served inline', async () => {
  const { send, fetch, last } = await arrive(await createPractice());
  await send(PICTURE);
  expect(await last()).toMatchObject({ kind: 'picture', text: PICTURE.caption });
  const answer = await fetch();
  expect(answer.headers.get('content-type')).toBe('image/png');
  expect(answer.headers.get('content-disposition')).toBe(`inline; filename="picture.png"; filename*=UTF-8''picture.png`);
  expect(answer.headers.get('cache-control')).toContain('private');
  expect(Buffer.from(await answer.arrayBuffer()).equals(PNG)).toBe(true);
});

test('a file is served as a download, whatever its name', async () => {
  const { send, fetch, last } = await arrive(await createPractice());
  await send({
    ...FILE,
    name: '页面 (1).html',
    type: 'text/html',
    bytes: Buffer.from('<script>alert(1)</script>').toString('base64'),
  });
  expect(await last()).toMatchObject({ kind: 'file', name: '页面 (1).html', bytes: 25 });
  const answer = await fetch();
  expect(answer.headers.get('content-type')).toBe('application/octet-stream');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('content-disposition')).toBe(
    `attachment; filename="__ (1).html"; filename*=UTF-8''%E9%A1%B5%E9%9D%A2%20%281%29.html`,
  );
});

test('another visitor gets a 404', async () => {
  const practice = await createPractice();
  const { send, fetch } = await arrive(practice);
  await send(PICTURE);
  const other = await arrive(practice);
  for (const cookie of [other.cookie, '', 'hexiao_visitor=short']) expect((await fetch(cookie)).status).toBe(404);
  expect((await practice.http.app.request('/attachment/../../etc/passwd')).status).toBe(404);
});

test('the stored page contains none of the bytes', async () => {
  const practice = await createPractice();
  const { send, cookie } = await arrive(practice);
  await send(PICTURE);
  const reader = (await practice.http.app.request('/events', { headers: { cookie } })).body!.getReader();
  let told = '';
  while (!told.includes(PICTURE.caption)) told += Buffer.from((await reader.read()).value).toString();
  expect(told).not.toContain(PICTURE.bytes.slice(0, 40));
  expect(told.length).toBeLessThan(2000);
});

test('it expires after an hour', async () => {
  let now = 0;
  const attachments = createAttachments(createMemoryCollections(() => now)<KeptAttachment>('attachment', ATTACHMENT_MS));
  await attachments.keep('visitor', 'message', { as: 'file', name: 'a', type: 'text/plain', bytes: Buffer.from('hello!') });
  now = ATTACHMENT_MS - 1;
  expect(await attachments.own('visitor', 'message')).toBeDefined();
  now += 1;
  expect(await attachments.own('visitor', 'message')).toBeUndefined();
});

test('what is too large for the page is not carried, and leaves no trace', async () => {
  const { send, last } = await arrive(await createPractice());
  await send({ kind: 'say', text: '好的' });
  const before = await last();
  expect(await send({ ...FILE, bytes: Buffer.alloc(10 * 1024 * 1024 + 1).toString('base64') })).toEqual({ kind: 'not-carried' });
  expect(await last()).toEqual(before);
});
