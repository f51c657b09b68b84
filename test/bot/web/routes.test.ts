import { describe, expect, test } from 'vitest';
import words from '../../../bot/web/public/words.json' with { type: 'json' };
import { createPractice } from './harness.ts';
import { arrive, card, listen, visit } from './tab.ts';

const A = 'event-aaaa';
const B = 'event-bbbb';

describe('a visitor', () => {
  test('gets an HttpOnly, SameSite cookie, and both chats with their first messages', async () => {
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

  test('keeps cookie and page on the next visit; the page is created once', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    await tab.post('/say', { chat: 'store', text: '你好', id: A });
    const again = await practice.http.app.request('/', { headers: { cookie: tab.cookie } });
    expect(again.headers.get('set-cookie')).toContain(tab.cookie);
    const change = await (await listen(await tab.events())).change();
    expect(change.chats.store.messages).toHaveLength(2);
    expect(practice.opened).toHaveLength(1);
  });

  test('cannot read another visitor’s page or press its buttons', async () => {
    const practice = await createPractice();
    const [one, other] = [await arrive(practice), await arrive(practice)];
    const sent = await practice.channel.send(one.chat, { kind: 'card', card });
    const ref = sent.kind === 'sent' ? sent.ref : undefined;
    expect((await other.post('/press', { chat: 'store', message: ref?.message, action: 'use:v1', id: A })).status).toBe(400);
    expect((await other.page()).chats.store.messages).toHaveLength(1);
    expect(practice.heard).toEqual([]);
  });

  test('without a cookie is asked to reload', async () => {
    const practice = await createPractice();
    expect((await practice.http.app.request('/events')).status).toBe(401);
    const stranger = await visit(practice, 'hexiao_visitor=');
    const answer = await stranger.post('/say', { chat: 'store', text: '1', id: A });
    expect([answer.status, await answer.json()]).toEqual([401, { error: words['zh-CN'].refusals.stranger }]);
  });

  test('who writes before the live events are open is heard, and the page is created once', async () => {
    const practice = await createPractice();
    const tab = await visit(practice);
    const answers = await Promise.all([
      tab.post('/say', { chat: 'store', text: '1', id: A }),
      tab.post('/language', { locale: 'en' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([202, 200]);
    expect(practice.heard).toHaveLength(1);
    const change = await (await listen(await tab.events())).change();
    expect(change.chats.store.messages).toMatchObject([{ kind: 'said' }, { kind: 'mine', text: '1' }]);
    expect(practice.opened).toEqual([tab.chat]);
  });

  test('gets the language of the cookie, else of the browser', async () => {
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
  test('chosen on the page is stored, and both chats switch to it', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    const answer = await tab.post('/language', { locale: 'en' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('set-cookie')).toMatch(/^hexiao_locale=en; /);
    expect(practice.spoken).toEqual([{ name: 'Visitor', chat: tab.chat, owners: tab.owners, locale: 'en' }]);
  });

  test('that is unknown, or posted from another site, is refused', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    expect((await tab.post('/language', { locale: 'xx' })).status).toBe(400);
    expect((await tab.post('/language', { locale: 'en' }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect(practice.spoken).toEqual([]);
  });
});

describe('a posted text', () => {
  test('becomes one event with chat, person and time, and is shown in the chat', async () => {
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

  test('is idempotent by its id, also concurrently; two equal texts with different ids are two events', async () => {
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

  test('that cannot be stored is refused with a sentence and not shown; a retry succeeds', async () => {
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

  test('is refused during shutdown, while the bot can still send', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    await practice.channel.stop();
    expect((await tab.post('/say', { chat: 'store', text: '1', id: A })).status).toBe(503);
    expect(await practice.channel.send(tab.chat, { kind: 'say', text: '再见' })).toMatchObject({ kind: 'sent' });
  });

  test('may contain emoji, markup, quotes and nulls: it is stored unchanged', async () => {
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

  test('from a browser that sends only an Origin header must have our origin', async () => {
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

  test('above the rate limit is refused, for this visitor alone, for ten seconds', async () => {
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

describe('a form, posted before the scripts are there', () => {
  const form = (tab: Awaited<ReturnType<typeof visit>>, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    tab.post('/form/say', new URLSearchParams({ chat: 'store', id: A, ...fields }).toString(), {
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    });

  test('becomes one event and leads back to the page, however often it is posted; another text is another event', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    const answers = [
      await form(tab, { text: '一\r\n二\r\n' }),
      await form(tab, { text: '一\r\n二\r\n' }),
      await form(tab, { quick: '日报' }),
    ];
    expect(answers.map(({ status, headers }) => [status, headers.get('location')])).toEqual(
      Array.from({ length: 3 }, () => [303, '/?chat=store']),
    );
    expect(practice.heard.map(({ content }) => content)).toEqual([
      { kind: 'text', text: '一\n二' },
      { kind: 'text', text: '日报' },
    ]);
  });

  test('is taken from our own page alone', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    const from = async (headers: Record<string, string>) => (await form(tab, { text: 'x' }, headers)).status;
    expect(await from({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await from({ 'sec-fetch-site': 'none' })).toBe(403);
    expect(await from({ 'content-type': 'text/plain' })).toBe(403);
    expect(practice.heard).toEqual([]);
  });

  test('that cannot be stored comes back with its text, its id and the reason; a secret does not come back', async () => {
    const practice = await createPractice({ hear: () => Promise.reject(new Error('disk full')) });
    const tab = await arrive(practice);
    const answer = await form(tab, { text: '</textarea><b>' });
    const page = await answer.text();
    expect(answer.status).toBe(503);
    for (const part of ['&lt;/textarea&gt;&lt;b&gt;</textarea>', `value="${A}"`, words['zh-CN'].refusals.notTaken])
      expect(page).toContain(part);
    expect(await (await form(tab, { secret: 'pass-4711' })).text()).not.toContain('4711');
  });

  test('that presses a quick word keeps the draft beside it', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    expect(await (await form(tab, { quick: '帮助', text: '03328' })).text()).toContain('>\n03328</textarea>');
    expect(practice.heard).toHaveLength(1);
  });

  test('asks for a secret in a password box, and posts it from there', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    await practice.channel.send(tab.chat, { kind: 'say', text: '请发送密码。', ask: 'secret' });
    const page = await (await practice.http.app.request('/', { headers: { cookie: tab.cookie } })).text();
    expect(page).not.toMatch(/type="submit"[^>]*form="say-store"/);
    await form(tab, { secret: ' pass-4711', text: '' });
    expect(practice.heard.at(-1)?.content).toEqual({ kind: 'text', text: ' pass-4711' });
    expect(JSON.stringify(await tab.page())).not.toContain('4711');
  });
});

test('cookies go by https alone where the page is reached by it', async () => {
  const cookies = async (secure: boolean) =>
    (await (await createPractice({ secure })).http.app.request('/')).headers.get('set-cookie')!;
  expect(await cookies(true)).toContain('Secure');
  expect(await cookies(false)).not.toContain('Secure');
});
