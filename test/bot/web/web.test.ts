import { describe, expect, test } from 'vitest';
import { createPractice, memoryPages } from './harness.ts';
import { arrive, card } from './tab.ts';

const A = 'event-aaaa';

describe('a reply', () => {
  test('replaces the pressed card in place; without one it is a new message', async () => {
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

  test('never replaces a message of the visitor', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    await tab.post('/say', { chat: 'store', text: '你好', id: A });
    await practice.channel.send(tab.chat, { kind: 'replace', card, on: practice.heard[0]!.message! });
    expect((await tab.page()).chats.store.messages.map(({ kind }) => kind)).toEqual(['said', 'mine', 'card']);
  });

  test('that cannot delete a message says so instead', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    await practice.channel.send(tab.chat, { kind: 'forget', sorry: '请自己删除' });
    expect((await tab.page()).chats.store.messages.at(-1)).toMatchObject({ text: '请自己删除' });
  });

  test('to an unknown chat has the outcome gone', async () => {
    const practice = await createPractice();
    for (const chat of ['web:nobody-nobody-nobody', 'telegram:1', 'web:../x']) {
      expect(await practice.channel.send(chat, { kind: 'say', text: 'x' })).toEqual({ kind: 'gone' });
    }
  });

  test('that cannot be stored rejects as not sent', async () => {
    const pages = await memoryPages();
    const practice = await createPractice({
      pages: { ...pages, set: (key, value, ttl) => (full ? Promise.reject(new Error('disk full')) : pages.set(key, value, ttl)) },
    });
    let full = false;
    const tab = await arrive(practice);
    full = true;
    await expect(practice.channel.send(tab.chat, { kind: 'say', text: 'x' })).rejects.toMatchObject({ name: 'NotSent' });
  });

  test('does not prolong the lifetime of an abandoned page', async () => {
    const pages = await memoryPages();
    const lives: (number | undefined)[] = [];
    const practice = await createPractice({
      pages: { ...pages, set: (key, value, ttl) => (lives.push(ttl), pages.set(key, value, ttl)) },
    });
    const tab = await arrive(practice);
    await tab.post('/say', { chat: 'store', text: '你好', id: 'event-first' });
    practice.pass(6 * 24 * 3_600_000);
    await practice.channel.send(tab.chat, { kind: 'say', text: '日报' });
    expect(lives.at(-1)).toBeGreaterThan(23 * 3_600_000);
    expect(lives.at(-1)).toBeLessThanOrEqual(24 * 3_600_000);
    await tab.post('/say', { chat: 'store', text: '我在', id: A });
    expect(lives.at(-1)).toBeGreaterThan(6 * 24 * 3_600_000);
  });

  test('ten concurrent ones are all stored', async () => {
    const practice = await createPractice();
    const tab = await arrive(practice);
    await Promise.all(Array.from({ length: 10 }, (_, i) => practice.channel.send(tab.chat, { kind: 'say', text: String(i) })));
    const texts = (await tab.page()).chats.store.messages.slice(1).map((message) => 'text' in message && message.text);
    expect(texts).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });

  test('a visitor administers the own two chats and no others', async () => {
    const { channel } = await createPractice();
    const me = 'web:me-me-me-me-me-me';
    expect(await channel.administers(me, me)).toBe(true);
    expect(await channel.administers(`${me}/owners`, me)).toBe(true);
    expect(await channel.administers('web:you-you-you-you-you/owners', me)).toBe(false);
  });
});
