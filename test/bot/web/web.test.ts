import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import words from '../../../bot/web/public/words.json' with { type: 'json' };
import type { Page } from '../../../bot/web/web.ts';
import type { Incoming } from '../../../handlers/message.ts';
import { createPractice, memoryPages, type Practice } from './harness.ts';

const A = 'event-aaaa';
const B = 'event-bbbb';

/** Who has this cookie, as chats and logs name him. */
const idOf = (cookie: string) => createHash('sha256').update(cookie.split('=')[1]!).digest('base64url').slice(0, 22);

/** One tab: a cookie, a stream of events, and what is sent. */
async function visit(practice: Practice, cookie?: string, headers: Record<string, string> = {}) {
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

/** A visitor whose page is open. */
async function arrive(practice: Practice) {
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
async function listen(response: Response, beats = false) {
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

const card = {
  title: '双人套餐',
  fields: [],
  buttons: [[{ label: '确认核销', verb: 'confirm', id: 'v1' }]],
};

afterEach(() => {
  vi.useRealTimers();
});

describe('a visitor', () => {
  test('gets a cookie that scripts and other sites cannot use, and both chats with their first messages', async () => {
    const practice = await createPractice();
    const answer = await practice.http.app.request('/');
    expect(answer.headers.get('set-cookie')).toMatch(/^hexiao_visitor=[\w-]{22}; .*HttpOnly; SameSite=Lax$/);
    expect(practice.opened).toEqual([]);
    const tab = await visit(practice);
    const change = await (await listen(await tab.events())).change();
    expect(change).toMatchObject({
      full: true,
      chats: { store: { messages: [{ kind: 'said' }] }, owners: { messages: [{ kind: 'said' }] } },
    });
    expect(practice.opened).toEqual([tab.chat]);
  });

  test('keeps the cookie and the page when he comes again, and is opened once', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    await tab.post('/say', { chat: 'store', text: '你好', id: A });
    const again = await practice.http.app.request('/', { headers: { cookie: tab.cookie } });
    expect(again.headers.get('set-cookie')).toContain(tab.cookie);
    const change = await (await listen(await tab.events())).change();
    expect(change.chats.store.messages).toHaveLength(2);
    expect(practice.opened).toHaveLength(1);
  });

  test('sees nothing of another visitor and cannot press his buttons', async () => {
    const practice = await createPractice();
    const [one, other] = [await arrive(practice), await arrive(practice)];
    const sent = await practice.channel.send(one.chat, { kind: 'card', card });
    const ref = sent.kind === 'sent' ? sent.ref : undefined;
    expect((await other.post('/press', { chat: 'store', message: ref?.message, action: 'confirm:v1', id: A })).status).toBe(400);
    expect((await other.page()).chats.store.messages).toHaveLength(1);
    expect(practice.heard).toEqual([]);
  });

  test('without a cookie is told to reload', async () => {
    const practice = await createPractice();
    expect((await practice.http.app.request('/events')).status).toBe(401);
    const stranger = await visit(practice, 'hexiao_visitor=never-seen-before-00000');
    const answer = await stranger.post('/say', { chat: 'store', text: '1', id: A });
    expect([answer.status, await answer.json()]).toEqual([401, { error: words['zh-CN'].refusals.stranger }]);
  });

  test('is answered in the language of the cookie, else of the browser', async () => {
    const practice = await createPractice();
    const ask = async (headers: Record<string, string>) => {
      const answer = await practice.http.app.request('/page/words', { headers });
      return Object(await answer.json()).locale;
    };
    expect(await ask({})).toBe('zh-CN');
    expect(await ask({ 'accept-language': 'en-GB,en;q=0.9,zh;q=0.5' })).toBe('en');
    expect(await ask({ 'accept-language': 'fr,zh-TW;q=0.9,en;q=0.5' })).toBe('zh-CN');
    expect(await ask({ 'accept-language': 'en', cookie: 'hexiao_locale=zh-CN' })).toBe('zh-CN');
    expect(await ask({ cookie: 'hexiao_locale=xx' })).toBe('zh-CN');
  });
});

describe('a language', () => {
  test('chosen on the page is kept, and the bot is told for both chats', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    const answer = await tab.post('/language', { locale: 'en' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('set-cookie')).toMatch(/^hexiao_locale=en; /);
    expect(practice.spoken).toEqual([{ chat: tab.chat, owners: tab.owners, locale: 'en' }]);
  });

  test('nobody speaks, and one that another site chose, are refused', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    expect((await tab.post('/language', { locale: 'xx' })).status).toBe(400);
    expect((await tab.post('/language', { locale: 'en' }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect(practice.spoken).toEqual([]);
  });
});

describe('what is said', () => {
  test('is handed over once with all that is known, and shown in the chat', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    expect((await tab.post('/say', { chat: 'owners', text: ' 日报 ', id: A })).status).toBe(202);
    expect(practice.heard).toMatchObject([
      {
        id: `web:${tab.visitor}:${A}`,
        chat: tab.owners,
        group: true,
        from: { id: tab.chat },
        content: { kind: 'text', text: ' 日报 ' },
        message: { chat: tab.owners },
      },
    ]);
    expect((await tab.stream.change()).chats.owners.messages).toMatchObject([{ kind: 'mine', text: ' 日报 ' }]);
  });

  test('sent twice under one id is one event, also at the same time; two equal messages are two', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    const say = (id: string) => tab.post('/say', { chat: 'store', text: '你好', id });
    const answers = await Promise.all([say(A), say(A), say(A)]);
    answers.push(await say(A));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    expect(practice.heard).toHaveLength(1);
    await say(B);
    expect(practice.heard).toHaveLength(2);
    expect((await tab.page()).chats.store.messages.filter(({ kind }) => kind === 'mine')).toHaveLength(2);
  });

  test('and not taken is refused with a sentence, not shown, and taken when it is sent again', async () => {
    let broken = true;
    const practice = await createPractice({ hear: () => (broken ? Promise.reject(new Error('disk full')) : Promise.resolve()) });
    const tab = await arrive(practice);
    const answer = await tab.post('/say', { chat: 'store', text: '123', id: A });
    expect([answer.status, await answer.json()]).toEqual([503, { error: words['zh-CN'].refusals.notTaken }]);
    expect((await tab.page()).chats.store.messages).toHaveLength(1);
    broken = false;
    expect((await tab.post('/say', { chat: 'store', text: '123', id: A })).status).toBe(202);
    expect((await tab.page()).chats.store.messages).toHaveLength(2);
  });

  test('while the program stops is refused, and messages can still be sent', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    await practice.channel.stop();
    expect((await tab.post('/say', { chat: 'store', text: '1', id: A })).status).toBe(503);
    expect(await practice.channel.send(tab.chat, { kind: 'say', text: '再见' })).toMatchObject({ kind: 'sent' });
  });

  test('may be emoji, markup, marks and nulls: it is kept as it came', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    const text = '<img src=x onerror=alert(1)>\u0000\u202e😀\ud83d &amp;';
    expect((await tab.post('/say', { chat: 'store', text, id: A })).status).toBe(202);
    expect(practice.heard[0]?.content).toEqual({ kind: 'text', text });
    expect((await tab.page()).chats.store.messages.at(-1)).toMatchObject({ text });
  });

  test.each<[string, unknown, number]>([
    ['no JSON', '{', 400],
    ['null', null, 400],
    ['a list', [], 400],
    ['no text', { chat: 'store', id: A }, 400],
    ['a null text', { chat: 'store', id: A, text: null }, 400],
    ['a text of spaces', { chat: 'store', id: A, text: ' \n ' }, 400],
    ['a number', { chat: 'store', id: A, text: 5 }, 400],
    ['another chat', { chat: 'web:somebody', id: A, text: 'x' }, 400],
    ['a chat of the prototype', { chat: '__proto__', id: A, text: 'x' }, 400],
    ['no id', { chat: 'store', text: 'x' }, 400],
    ['an odd id', { chat: 'store', id: 'a:b/../c d', text: 'x' }, 400],
    ['4001 characters', { chat: 'store', id: A, text: 'x'.repeat(4001) }, 413],
    ['over a megabyte', { chat: 'store', id: A, text: 'x'.repeat(1_100_000) }, 413],
  ])('with %s is refused and reaches nobody', async (_what, body, status) => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    expect((await tab.post('/say', body)).status).toBe(status);
    expect(practice.heard).toEqual([]);
  });

  test.each<[string, Record<string, string>, number]>([
    ['another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a sister site', { 'sec-fetch-site': 'same-site' }, 403],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 403],
    ['plain text that hides JSON', { 'content-type': 'text/plain; application/json' }, 403],
    ['our page', { 'sec-fetch-site': 'same-origin' }, 202],
  ])('from %s', async (_who, headers, status) => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    expect((await tab.post('/say', { chat: 'store', text: 'x', id: A }, headers)).status).toBe(status);
    expect(practice.heard).toHaveLength(status === 202 ? 1 : 0);
  });

  test('from a browser that tells only its origin must have ours', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    const say = (id: string, origin: string) =>
      practice.http.app.request('http://192.168.1.5:8080/say', {
        method: 'POST',
        headers: { cookie: tab.cookie, 'content-type': 'application/json', host: '192.168.1.5:8080', origin },
        body: JSON.stringify({ chat: 'store', text: 'x', id }),
      });
    expect((await say(A, 'http://evil.example')).status).toBe(403);
    expect((await say(A, 'null')).status).toBe(403);
    expect((await say(A, 'http://192.168.1.5:8080')).status).toBe(202);
  });

  test('too fast is told so, for this visitor alone, until ten seconds have passed', async () => {
    const practice = await createPractice();
    const [fast, calm] = [await arrive(practice), await arrive(practice)];
    const say = (tab: typeof fast, i: number) => tab.post('/say', { chat: 'store', text: 'x', id: `event-${i}-xxxx` });
    const statuses: number[] = [];
    for (let i = 0; i < 25; i++) statuses.push((await say(fast, i)).status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(6);
    expect((await say(calm, 0)).status).toBe(202);
    practice.pass(10_001);
    expect((await say(fast, 99)).status).toBe(202);
  });
});

describe('a secret', () => {
  async function asked(hear?: (incoming: Incoming) => Promise<void>) {
    const practice = await createPractice(hear ? { hear } : {});
    const tab = await arrive(practice);
    await practice.channel.send(tab.chat, { kind: 'say', text: '密码？', ask: 'secret' });
    expect((await tab.stream.change()).chats.store.ask).toBe('secret');
    return { practice, tab };
  }

  test('goes to the one who asked and is never kept; the next message is shown again', async () => {
    const { practice, tab } = await asked();
    await tab.post('/say', { chat: 'store', text: 'hunter2', id: A });
    expect(practice.heard.at(-1)?.content).toEqual({ kind: 'text', text: 'hunter2' });
    const change = await tab.stream.change();
    expect(change.chats.store).toMatchObject({ ask: null, messages: [{ kind: 'mine', text: '••••••' }] });
    await tab.post('/say', { chat: 'store', text: 'open', id: B });
    const page = JSON.stringify(await tab.page());
    expect(page).not.toContain('hunter2');
    expect(page).toContain('open');
  });

  test('sent again after it was forgotten leaves no trace', async () => {
    const { practice, tab } = await asked();
    await tab.post('/say', { chat: 'store', text: 'hunter2', id: A });
    await practice.channel.send(tab.chat, { kind: 'forget', sorry: '' }, practice.heard[0]);
    expect((await tab.page()).chats.store.messages.some(({ kind }) => kind === 'mine')).toBe(false);
    expect((await tab.post('/say', { chat: 'store', text: 'hunter2', id: A })).status).toBe(202);
    expect(JSON.stringify(await tab.page())).not.toMatch(/hunter2|•/);
    expect(practice.heard).toHaveLength(1);
  });

  test('not taken the first time is still a secret the second time', async () => {
    let broken = true;
    const { tab } = await asked(() => (broken ? Promise.reject(new Error('no')) : Promise.resolve()));
    expect((await tab.post('/say', { chat: 'store', text: 'hunter2', id: A })).status).toBe(503);
    expect((await tab.page()).chats.store.ask).toBe('secret');
    broken = false;
    await tab.post('/say', { chat: 'store', text: 'hunter2', id: A });
    expect(JSON.stringify(await tab.page())).not.toContain('hunter2');
  });

  test('stays one when the program stopped before it was taken, and the page sends it again', async () => {
    const pages = await memoryPages();
    const first = await createPractice({ pages, hear: () => new Promise(() => undefined) });
    const tab = await arrive(first);
    await first.channel.send(tab.chat, { kind: 'say', text: '密码？', ask: 'secret' });
    void tab.post('/say', { chat: 'store', text: 'hunter2', id: A });
    await vi.waitFor(() => expect(first.heard).toHaveLength(1));
    const second = await createPractice({ pages });
    const again = await visit(second, tab.cookie);
    expect((await again.post('/say', { chat: 'store', text: 'hunter2', id: A })).status).toBe(202);
    expect(second.heard[0]).toMatchObject({ id: first.heard[0]!.id, content: { text: 'hunter2' } });
    expect((await again.page()).chats.store.messages.at(-1)).toMatchObject({ kind: 'mine', text: '••••••' });
  });

  test('is still wanted after a message that came by itself, and not after an answer', async () => {
    const { practice, tab } = await asked();
    await practice.channel.send(tab.chat, { kind: 'say', text: '日报' });
    expect((await tab.page()).chats.store.ask).toBe('secret');
    const pressed = { id: 'x', chat: tab.chat, content: { kind: 'other' } } as Incoming;
    await practice.channel.send(tab.chat, { kind: 'say', text: '已取消' }, pressed);
    expect((await tab.page()).chats.store.ask).toBeUndefined();
  });
});

describe('a press', () => {
  async function shown() {
    const practice = await createPractice();
    const tab = await arrive(practice);
    const sent = await practice.channel.send(tab.chat, { kind: 'card', card });
    const message = sent.kind === 'sent' ? sent.ref!.message : '';
    const press = (more: object = {}) => tab.post('/press', { chat: 'store', message, action: 'confirm:v1', id: A, ...more });
    return { practice, tab, message, press };
  }

  test('is handed over with the message it was on', async () => {
    const { practice, tab, message, press } = await shown();
    expect((await press()).status).toBe(202);
    expect(practice.heard).toMatchObject([
      {
        id: `web:${tab.visitor}:${A}`,
        content: { kind: 'press', action: { verb: 'confirm', id: 'v1' }, on: { chat: tab.chat, message } },
      },
    ]);
  });

  test('sent twice is one event, also when the card has been settled in between', async () => {
    const { practice, press } = await shown();
    await Promise.all([press(), press()]);
    await practice.channel.send(practice.heard[0]!.chat, { kind: 'replace', card: { ...card, buttons: [] } }, practice.heard[0]);
    expect((await press()).status).toBe(202);
    expect(practice.heard).toHaveLength(1);
  });

  test.each<[string, object]>([
    ['a button the message does not carry', { action: 'confirm:v2' }],
    ['a verb of our own invention', { action: 'undo:v1' }],
    ['no action', { action: 'confirm' }],
    ['markup', { action: '<b>:x' }],
    ['a null', { action: null }],
    ['a message that is not there', { message: 'nothing' }],
    ['the other chat', { chat: 'owners' }],
  ])('on %s is refused', async (_what, forged) => {
    const { practice, press } = await shown();
    expect((await press(forged)).status).toBe(400);
    expect(practice.heard).toEqual([]);
  });

  test('on a button that has gone is refused with a sentence', async () => {
    const { practice, tab, message, press } = await shown();
    await practice.channel.send(tab.chat, {
      kind: 'replace',
      card: { ...card, buttons: [] },
      on: { chat: tab.chat, message },
    });
    const answer = await press();
    expect([answer.status, await answer.json()]).toEqual([400, { error: words['zh-CN'].refusals.noButton }]);
  });
});

describe('a reply', () => {
  test('settles the card that was pressed, in its place; without one it is a new message', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    const { channel } = practice;
    const sent = await channel.send(tab.chat, { kind: 'card', card });
    await channel.send(tab.chat, { kind: 'say', text: '之后' });
    const ref = sent.kind === 'sent' ? sent.ref! : undefined;
    const done = { title: '核销成功', fields: [], buttons: [] };
    expect(await channel.send(tab.chat, { kind: 'replace', card: done, on: ref! })).toEqual({ kind: 'sent', ref });
    expect((await tab.page()).chats.store.messages).toMatchObject([{}, { card: { title: '核销成功' } }, { text: '之后' }]);
    await channel.send(tab.chat, { kind: 'replace', card: done, on: { chat: tab.chat, message: 'gone' } });
    expect((await tab.page()).chats.store.messages).toHaveLength(4);
  });

  test('never takes the place of what the person said', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    await tab.post('/say', { chat: 'store', text: '你好', id: A });
    await practice.channel.send(tab.chat, { kind: 'replace', card, on: practice.heard[0]!.message! });
    expect((await tab.page()).chats.store.messages.map(({ kind }) => kind)).toEqual(['said', 'mine', 'card']);
  });

  test('that cannot be forgotten is said instead', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    await practice.channel.send(tab.chat, { kind: 'forget', sorry: '请自己删除' });
    expect((await tab.page()).chats.store.messages.at(-1)).toMatchObject({ text: '请自己删除' });
  });

  test('to a chat that is not there goes nowhere', async () => {
    const practice = await createPractice();
    for (const chat of ['web:nobody-nobody-nobody', 'telegram:1', 'web:../x']) {
      expect(await practice.channel.send(chat, { kind: 'say', text: 'x' })).toEqual({ kind: 'gone' });
    }
  });

  test('that cannot be stored was certainly not sent', async () => {
    const pages = await memoryPages();
    const practice = await createPractice({
      pages: { ...pages, set: (key, value, ttl) => (full ? Promise.reject(new Error('disk full')) : pages.set(key, value, ttl)) },
    });
    let full = false;
    const tab = await arrive(practice);
    full = true;
    await expect(practice.channel.send(tab.chat, { kind: 'say', text: 'x' })).rejects.toMatchObject({ name: 'NotSent' });
  });

  test('does not make an abandoned page live for ever', async () => {
    const pages = await memoryPages();
    const lives: (number | undefined)[] = [];
    const practice = await createPractice({
      pages: { ...pages, set: (key, value, ttl) => (lives.push(ttl), pages.set(key, value, ttl)) },
    });
    const tab = await arrive(practice);
    practice.pass(6 * 24 * 3_600_000);
    await practice.channel.send(tab.chat, { kind: 'say', text: '日报' });
    expect(lives.at(-1)).toBeLessThanOrEqual(24 * 3_600_000);
    await tab.post('/say', { chat: 'store', text: '我在', id: A });
    expect(lives.at(-1)).toBeGreaterThan(6 * 24 * 3_600_000);
  });

  test('ten at once all stay', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    await Promise.all(Array.from({ length: 10 }, (_, i) => practice.channel.send(tab.chat, { kind: 'say', text: String(i) })));
    const texts = (await tab.page()).chats.store.messages.slice(1).map((message) => 'text' in message && message.text);
    expect(texts).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });

  test('a visitor administers his own chats and no others', async () => {
    const { channel } = await createPractice();
    const me = 'web:me-me-me-me-me-me';
    expect(await channel.administers(me, me)).toBe(true);
    expect(await channel.administers(`${me}/owners`, me)).toBe(true);
    expect(await channel.administers('web:you-you-you-you-you/owners', me)).toBe(false);
  });
});

describe('live events', () => {
  test('reach every tab', async () => {
    const practice = await createPractice();
    const one = await arrive(practice);
    const two = await listen(await one.events());
    await two.next();
    await practice.channel.send(one.chat, { kind: 'say', text: '大家好' });
    for (const stream of [one.stream, two]) {
      expect((await stream.change()).chats.store.messages).toMatchObject([{ text: '大家好' }]);
    }
  });

  test('go on from where a tab stopped, missing and repeating nothing', async () => {
    const practice = await createPractice();
    const tab = await visit(practice);
    const first = await listen(await tab.events());
    const { id } = (await first.next())!;
    await first.close();
    await practice.channel.send(tab.chat, { kind: 'say', text: '一' });
    await practice.channel.send(tab.owners, { kind: 'say', text: '二' });
    const missed = { full: false, chats: { store: { messages: [{ text: '一' }] }, owners: { messages: [{ text: '二' }] } } };
    const resumed = await listen(await tab.events({ 'last-event-id': id }));
    expect(await resumed.change()).toMatchObject(missed);
    const asked = await practice.http.app.request(`/events?after=${id}`, { headers: { cookie: tab.cookie } });
    expect(await (await listen(asked)).change()).toMatchObject(missed);
  });

  test('miss nothing that is said while they are being read', async () => {
    const pages = await memoryPages();
    let meanwhile: (() => Promise<unknown>) | undefined;
    const practice = await createPractice({
      pages: {
        ...pages,
        async get(key) {
          const page = await pages.get(key);
          const work = meanwhile;
          meanwhile = undefined;
          await work?.();
          return page;
        },
      },
    });
    const tab = await arrive(practice);
    // The stream is woken by the first message and reads; the second comes while it does.
    await practice.channel.send(tab.chat, { kind: 'say', text: '一' });
    meanwhile = () => practice.channel.send(tab.chat, { kind: 'say', text: '二' });
    expect((await tab.stream.change()).chats.store.messages).toMatchObject([{ text: '一' }]);
    expect((await tab.stream.change()).chats.store.messages).toMatchObject([{ text: '二' }]);
  });

  test('after a removal show everything again, without what was removed', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    await tab.post('/say', { chat: 'store', text: '秘密', id: A });
    await tab.stream.next();
    await practice.channel.send(tab.chat, { kind: 'forget', sorry: '' }, practice.heard[0]);
    const change = await tab.stream.change();
    expect(change.full).toBe(true);
    expect(JSON.stringify(change)).not.toContain('秘密');
  });

  test('and what is handed over never tell the cookie that proves who the visitor is', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    await tab.post('/say', { chat: 'store', text: '你好', id: A });
    const told = JSON.stringify([await tab.stream.next(), await tab.page(), practice.heard, practice.opened]);
    expect(told).toContain(tab.visitor);
    expect(told).not.toContain(tab.cookie.split('=')[1]);
  });

  test('beat every 15 seconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const practice = await createPractice();
    const stream = await listen(await (await visit(practice)).events(), true);
    expect((await stream.next())?.event).toBe('beat');
    expect((await stream.next())?.event).toBe('change');
    const beat = stream.next();
    await vi.waitFor(() => expect(vi.getTimerCount()).toBeGreaterThan(0));
    await vi.advanceTimersByTimeAsync(15_000);
    expect((await beat)?.event).toBe('beat');
  });

  test('of the oldest tab sleep when a fifth is opened', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    for (let i = 0; i < 4; i++) await (await listen(await tab.events())).next();
    expect((await tab.stream.next())?.event).toBe('sleep');
    expect(await tab.stream.next()).toBeUndefined();
  });

  test('are refused when too many come at once, and not to those who are here', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    const statuses = new Set<number>();
    for (let i = 0; i < 125; i++) statuses.add((await (await visit(practice)).events()).status);
    expect(statuses).toEqual(new Set([200, 503]));
    expect(practice.opened).toHaveLength(120);
    expect((await tab.events()).status).toBe(200);
  });
});

test('the page has the same words in every language', () => {
  const keys = (value: unknown, path = ''): string[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => keys(inner, `${path}.${key}`))
      : [path];
  expect(keys(words['zh-CN'])).toEqual(keys(words.en));
});

test('the files of the page are served with their types and nothing else is', async () => {
  const { http } = await createPractice();
  const type = async (path: string) => {
    const answer = await http.app.request(path);
    return `${answer.status} ${answer.headers.get('content-type')?.split(';')[0]}`;
  };
  expect(await type('/')).toBe('200 text/html');
  expect(await type('/page/page.css')).toBe('200 text/css');
  expect(await type('/page/page.js')).toBe('200 text/javascript');
  expect(await type('/page/icon.svg')).toBe('200 image/svg+xml');
  expect(await type('/page/words.json')).toMatch(/^404/);
  expect(await type('/page/index.html')).toMatch(/^404/);
  expect(await type('/page/style')).toMatch(/^404/);
  expect(await type('/page/../web.ts')).toMatch(/^404/);
  expect(await type('/page/%2e%2e/web.ts')).toMatch(/^404/);
});

test('every file that the page, its styles and its scripts name is served', async () => {
  const { http } = await createPractice();
  const found = new Set<string>();
  const crawl = async (path: string): Promise<void> => {
    if (found.has(path)) return;
    found.add(path);
    const answer = await http.app.request(path);
    expect(answer.status, path).toBe(200);
    const names = (await answer.text()).matchAll(/(?:(?:src|href)="|url\('|from ')([.\w/-]+\.(?:css|js|svg))["']/g);
    for (const [, name] of names) await crawl(new URL(name!, `http://page${path}`).pathname);
  };
  await crawl('/');
  expect([...found].filter((path) => path.endsWith('.css'))).toContain('/page/style/card.css');
  expect(found.size).toBeGreaterThan(18);
});

test('a style in a folder has the security policy and an ETag like every file of the page', async () => {
  const { http } = await createPractice();
  for (const path of ['/page/page.js', '/page/style/card.css']) {
    const answer = await http.app.request(path);
    expect(answer.headers.get('content-security-policy'), path).toContain("style-src 'self'");
    const known = answer.headers.get('etag')!;
    expect((await http.app.request(path, { headers: { 'if-none-match': known } })).status, path).toBe(304);
  }
});
