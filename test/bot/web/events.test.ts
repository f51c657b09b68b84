import { afterEach, describe, expect, test, vi } from 'vitest';
import { createPractice, memoryPages } from './harness.ts';
import { arrive, listen, visit } from './tab.ts';

const A = 'event-aaaa';

afterEach(() => {
  vi.useRealTimers();
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

  test('resume from the tab’s last event, without gaps or repeats', async () => {
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

  test('include messages that arrive while the stream is being read', async () => {
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

  test('after a removal send the full page without the removed message', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    await tab.post('/say', { chat: 'store', text: '秘密', id: A });
    await tab.stream.next();
    await practice.channel.send(tab.chat, { kind: 'forget', sorry: '' }, practice.heard[0]);
    const change = await tab.stream.change();
    expect(change.full).toBe(true);
    expect(JSON.stringify(change)).not.toContain('秘密');
  });

  test('and events in the inbox never contain the visitor’s cookie', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    await tab.post('/say', { chat: 'store', text: '你好', id: A });
    const told = JSON.stringify([await tab.stream.next(), await tab.page(), practice.heard, practice.opened]);
    expect(told).toContain(tab.visitor);
    expect(told).not.toContain(tab.cookie.split('=')[1]);
  });

  test('send a heartbeat every 15 seconds', async () => {
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

  test('tell the oldest tab to sleep when a fifth is opened', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    for (let i = 0; i < 4; i++) await (await listen(await tab.events())).next();
    expect((await tab.stream.next())?.event).toBe('sleep');
    expect(await tab.stream.next()).toBeUndefined();
  });

  test('are refused to new visitors above the limit, but not to known ones', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    const statuses = new Set<number>();
    for (let i = 0; i < 75; i++) statuses.add((await (await visit(practice)).events()).status);
    expect(statuses).toEqual(new Set([200, 503]));
    expect(practice.opened).toHaveLength(60);
    expect((await tab.events()).status).toBe(200);
  });
});
