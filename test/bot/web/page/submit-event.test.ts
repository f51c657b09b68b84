import { describe, expect, test, vi } from 'vitest';
import words from '../../../../bot/web/public/words.json' with { type: 'json' };
import type { Incoming } from '../../../../handlers/message.ts';
import { createPractice, memoryPages } from '../harness.ts';
import { arrive, card, visit } from '../tab.ts';

const A = 'event-aaaa';
const B = 'event-bbbb';

describe('a secret', () => {
  async function asked(hear?: (incoming: Incoming) => Promise<void>) {
    const practice = await createPractice(hear ? { hear } : {});
    const tab = await arrive(practice);
    await practice.channel.send(tab.chat, { kind: 'say', text: '密码？', ask: 'secret' });
    expect((await tab.stream.change()).chats.store.ask).toBe('secret');
    return { practice, tab };
  }

  test('reaches the listener and is never stored; the next message is shown again', async () => {
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

  test('posted again after its message was deleted leaves no trace', async () => {
    const { practice, tab } = await asked();
    await tab.post('/say', { chat: 'store', text: 'hunter2', id: A });
    await practice.channel.send(tab.chat, { kind: 'forget', sorry: '' }, practice.heard[0]);
    expect((await tab.page()).chats.store.messages.some(({ kind }) => kind === 'mine')).toBe(false);
    expect((await tab.post('/say', { chat: 'store', text: 'hunter2', id: A })).status).toBe(202);
    expect(JSON.stringify(await tab.page())).not.toMatch(/hunter2|•/);
    expect(practice.heard).toHaveLength(1);
  });

  test('that could not be stored is still hidden in the retry', async () => {
    let broken = true;
    const { tab } = await asked(() => (broken ? Promise.reject(new Error('no')) : Promise.resolve()));
    expect((await tab.post('/say', { chat: 'store', text: 'hunter2', id: A })).status).toBe(503);
    expect((await tab.page()).chats.store.ask).toBe('secret');
    broken = false;
    await tab.post('/say', { chat: 'store', text: 'hunter2', id: A });
    expect(JSON.stringify(await tab.page())).not.toContain('hunter2');
  });

  test('is still hidden when the program stopped before storing it and the page retries', async () => {
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

  test('is still asked for after an unrelated notice, but not after an answer', async () => {
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
    const press = (more: object = {}) => tab.post('/press', { chat: 'store', message, action: 'use:v1', id: A, ...more });
    return { practice, tab, message, press };
  }

  test('becomes an event with the message of its button', async () => {
    const { practice, tab, message, press } = await shown();
    expect((await press()).status).toBe(202);
    expect(practice.heard).toMatchObject([
      {
        id: `web:${tab.visitor}:${A}`,
        content: { kind: 'press', action: { verb: 'use', id: 'v1' }, on: { chat: tab.chat, message } },
      },
    ]);
  });

  test('is idempotent by its id, also when the card was replaced in between', async () => {
    const { practice, press } = await shown();
    await Promise.all([press(), press()]);
    await practice.channel.send(practice.heard[0]!.chat, { kind: 'replace', card: { ...card, buttons: [] } }, practice.heard[0]);
    expect((await press()).status).toBe(202);
    expect(practice.heard).toHaveLength(1);
  });

  test.each<[string, object]>([
    ['a button the message does not carry', { action: 'use:v2' }],
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

  test('on a button that no longer exists is refused with a sentence', async () => {
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
