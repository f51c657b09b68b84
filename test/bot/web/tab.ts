/** A browser tab over HTTP without a browser, for the tests of the practice page. */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { Page } from '../../../bot/web/practice/web.ts';
import type { Card } from '../../../handlers/message.ts';
import type { Practice } from './harness.ts';

/** The visitor's id for a cookie, as in chat ids and logs. */
export const idOf = (cookie: string) => createHash('sha256').update(cookie.split('=')[1]!).digest('base64url').slice(0, 22);

/** One browser tab: its cookie, its event stream, and its POSTs. */
export async function visit(practice: Practice, cookie?: string, headers: Record<string, string> = {}) {
  let jar = cookie;
  if (jar === undefined) {
    const page = await practice.http.app.request('/', { headers });
    jar = page.headers.get('set-cookie')!.split(';')[0]!;
  }
  const visitor = idOf(jar);
  const events = (more: Record<string, string> = {}) =>
    practice.http.app.request('/events', { headers: { cookie: jar, ...headers, ...more } });
  const post = (path: string, body: unknown, more: Record<string, string> = {}) =>
    practice.http.app.request(path, {
      method: 'POST',
      headers: { cookie: jar, 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', ...headers, ...more },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const page = async (): Promise<Page> => (await practice.pages.get(visitor))!;
  const chat = `web:${visitor}`;
  return { cookie: jar, visitor, chat, owners: `${chat}/owners`, events, post, page };
}

/** A visitor whose page is open, with the first event read. */
export async function arrive(practice: Practice) {
  const tab = await visit(practice);
  const stream = await listen(await tab.events());
  await stream.next();
  return { ...tab, stream };
}

interface Event {
  event: string;
  id: string;
  data: string;
}

/** Reads server-sent events one by one; heartbeats are left out unless asked for. */
export async function listen(response: Response, beats = false) {
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  const next = async (): Promise<Event | undefined> => {
    for (;;) {
      const end = rest.indexOf('\n\n');
      if (end < 0) {
        const { value, done } = await reader.read();
        if (done) return undefined;
        rest += value;
        continue;
      }
      const fields = Object.fromEntries(
        rest
          .slice(0, end)
          .split('\n')
          .map((line) => line.split(/: ?(.*)/s, 2)),
      );
      rest = rest.slice(end + 2);
      const event = { event: String(fields['event']), id: String(fields['id'] ?? ''), data: String(fields['data'] ?? '') };
      if (beats || event.event !== 'beat') return event;
    }
  };
  const change = async () => JSON.parse((await next())!.data);
  return { next, change, close: () => reader.cancel() };
}

/** A card with one button. */
export const card: Card = {
  title: '双人套餐',
  fields: [],
  buttons: [[{ label: '确认核销', verb: 'use', id: 'v1' }]],
};
