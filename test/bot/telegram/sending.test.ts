/** Sending replies: rendering, replacing, deleting, and the outcomes of failures. */
import { describe, expect, it } from 'vitest';
import { NotSent } from '../../../bot/channel/channel.ts';
import type { Card, Reply } from '../../../handlers/message.ts';
import { parseHtml } from '../../doubles/telegram/html.ts';
import { cardText, parts } from '../../../bot/telegram/markup.ts';
import { startChannel, prepareChannel } from './harness.ts';

const CARD: Card = {
  title: '下午茶 <双人>',
  fields: [
    { label: '券码', value: '1234 5678' },
    { label: '售价', value: '¥49.00 & up' },
  ],
  note: '请核对',
  tone: 'open',
  buttons: [
    [
      { verb: 'use', id: '1', label: '确认核销', style: 'primary' },
      { verb: 'drop', id: '1', label: '取消', style: 'danger' },
    ],
    [],
  ],
};
const SAY: Reply = { kind: 'say', text: '你好' };

async function meet() {
  const harness = await startChannel();
  const zhang = harness.telegram.person('张三');
  zhang.says('hi');
  return { ...harness, zhang, event: await harness.received.next() };
}

describe('rendering', () => {
  it('a card is a bold title with the sign of its tone, a line for each field, and the note below', async () => {
    const { channel, zhang } = await meet();
    await channel.send(zhang.chat.ref, { kind: 'card', card: CARD });
    const message = await zhang.chat.nextMessage();
    expect(message.text).toBe('🎫 下午茶 <双人>\n券码：1234 5678\n售价：¥49.00 & up\n\n请核对');
    expect(message.entities).toEqual([{ type: 'bold', offset: 3, length: 8 }]);
    expect(message.buttons).toEqual([
      [
        { label: '确认核销', data: 'use:1' },
        { label: '取消', data: 'drop:1' },
      ],
    ]);
  });

  it.each([
    ['open', '🎫 '],
    ['busy', '⏳ '],
    ['good', '✅ '],
    ['bad', '❌ '],
    [undefined, ''],
  ] as const)('the tone %s shows as %j', (tone, sign) => {
    expect(cardText({ title: 't', fields: [], buttons: [], ...(tone && { tone }) }).plain).toBe(`${sign}t`);
  });

  it('a whole code can be copied by a tap; a price, a telephone and the end of a code are text', () => {
    const fields = ['0332808512', '¥49.00', '138****8000', '尾号 8512', '1234567'].map((value, n) => ({ label: `${n}`, value }));
    const { html, plain } = cardText({ title: 't', fields, buttons: [] });
    expect(html.match(/<code>.*?<\/code>/g)).toEqual(['<code>0332808512</code>']);
    expect(plain).toContain('0: 0332808512');
  });

  it('a card of any size fits one message and is well-formed', () => {
    const long = '<&>"😀'.repeat(2000);
    for (const count of [0, 1, 7, 30, 400]) {
      const fields = Array.from({ length: count }, () => ({ label: long, value: long }));
      const text = cardText({ title: long, fields, note: long, tone: 'bad', buttons: [] });
      expect(parseHtml(text.html).text).toBe(text.plain);
      expect(text.plain.length).toBeLessThanOrEqual(4096);
      expect(text.plain.isWellFormed()).toBe(true);
    }
  });

  it('a long text is split at line ends, or between characters where there are none', () => {
    const lines = Array.from({ length: 500 }, (_, index) => `${index} ${'x'.repeat(index % 40)}`).join('\n');
    expect(parts(lines).join('\n')).toBe(lines);
    const emoji = `a${'😀'.repeat(5000)}`;
    expect(parts(emoji).join('')).toBe(emoji);
    for (const part of [...parts(lines), ...parts(emoji)]) {
      expect(part.length).toBeLessThanOrEqual(4096);
      expect(part.isWellFormed()).toBe(true);
    }
    expect(parts(' \n\0 ').map((part) => part.length > 0)).toEqual([true]);
  });

  it('the last message of a long text has the buttons, and its reference can be replaced', async () => {
    const { channel, zhang } = await meet();
    const sent = await channel.send(zhang.chat.ref, { kind: 'say', text: 'line\n'.repeat(2000), buttons: CARD.buttons });
    const messages = zhang.chat.messages.filter((message) => message.byBot);
    expect(messages.map((message) => message.buttons.length)).toEqual([0, 0, 1]);
    expect(sent).toEqual({ kind: 'sent', ref: { chat: zhang.chat.ref, message: String(messages.at(-1)!.id) } });
  });

  it('in a group an answer is a reply, also to a message deleted meanwhile', async () => {
    const { telegram, channel, zhang, received } = await meet();
    const group = telegram.group('店员群', { members: [zhang] });
    const message = zhang.says('123456', { in: group });
    const event = await received.next();
    await channel.send(group.ref, { kind: 'card', card: CARD }, event);
    expect((await group.nextMessage()).replyTo).toBe(message.id);
    message.deleted = true;
    await channel.send(group.ref, SAY, event);
    expect((await group.nextMessage()).replyTo).toBeUndefined();
  });

  it('in a group only the first part of a long answer is a reply', async () => {
    const { telegram, channel, zhang, received } = await meet();
    const group = telegram.group('店员群', { members: [zhang] });
    const message = zhang.says('/history', { in: group });
    await channel.send(group.ref, { kind: 'say', text: 'line\n'.repeat(2000) }, await received.next());
    expect(group.messages.slice(1).map(({ replyTo }) => replyTo)).toEqual([message.id, undefined, undefined]);
  });

  it('in a private chat an answer is no reply', async () => {
    const { channel, zhang, event } = await meet();
    await channel.send(zhang.chat.ref, { kind: 'say', text: '邮箱?', ask: 'text' }, event);
    expect(await zhang.chat.nextMessage()).toMatchObject({ replyTo: undefined, forceReply: false });
  });

  it('in a group a question forces a reply from the person asked', async () => {
    const { telegram, channel, zhang, received } = await meet();
    const group = telegram.group('店员群', { members: [zhang] });
    const message = zhang.says('/bind', { in: group });
    await channel.send(group.ref, { kind: 'say', text: '邮箱?', ask: 'text' }, await received.next());
    const asked = await group.nextMessage();
    expect(asked).toMatchObject({ text: '邮箱?', replyTo: message.id, forceReply: true });
    await channel.send(group.ref, { kind: 'say', text: '?', buttons: CARD.buttons });
    zhang.presses(await group.nextMessage(), '取消');
    await channel.send(group.ref, { kind: 'say', text: '密码?', ask: 'secret' }, await received.next());
    const second = await group.nextMessage();
    expect(second).toMatchObject({ text: '张三: 密码?', forceReply: true });
    expect(second.entities).toMatchObject([{ type: 'text_link', url: `tg://user?id=${zhang.id}` }]);
    expect(telegram.callsOf('sendMessage').at(-1)!.payload['reply_markup']).toEqual({ force_reply: true, selective: true });
  });

  it('a text whose markup Telegram refuses is sent as plain text', async () => {
    const { telegram, channel, zhang } = await meet();
    const fault = { kind: 'error', code: 400, description: "Bad Request: can't parse entities: whatever" } as const;
    telegram.fault('sendMessage', fault);
    const sent = await channel.send(zhang.chat.ref, { kind: 'card', card: CARD });
    expect((await zhang.chat.nextMessage()).text).toContain('下午茶 <双人>');
    telegram.fault('editMessageText', fault);
    await channel.send(zhang.chat.ref, {
      kind: 'replace',
      card: { ...CARD, title: '<ok>' },
      on: sent.kind === 'sent' ? sent.ref! : never(),
    });
    expect(zhang.chat.messages.at(-1)!.text).toContain('<ok>');
    telegram.fault('sendMessage', fault, 2);
    await expect(channel.send(zhang.chat.ref, SAY)).rejects.toThrow(NotSent);
  });
});

describe('replacing', () => {
  it('edits the given message and its buttons', async () => {
    const { channel, zhang } = await meet();
    const sent = await channel.send(zhang.chat.ref, { kind: 'card', card: CARD });
    const on = sent.kind === 'sent' ? sent.ref! : never();
    expect(await channel.send(zhang.chat.ref, { kind: 'replace', card: { ...CARD, buttons: [] }, on })).toEqual({
      kind: 'sent',
      ref: on,
    });
    expect(zhang.chat.messages.at(-1)).toMatchObject({ edits: 1, buttons: [] });
  });

  it.each(['locked', 'deleted'] as const)('sends a new message where the old card is %s', async (fate) => {
    const { channel, zhang } = await meet();
    const sent = await channel.send(zhang.chat.ref, { kind: 'card', card: CARD });
    const old = await zhang.chat.nextMessage();
    old[fate] = true;
    const again = await channel.send(zhang.chat.ref, {
      kind: 'replace',
      card: CARD,
      on: sent.kind === 'sent' ? sent.ref! : never(),
    });
    const fresh = await zhang.chat.nextMessage();
    expect(again).toEqual({ kind: 'sent', ref: { chat: zhang.chat.ref, message: String(fresh.id) } });
    expect(fresh.id).not.toBe(old.id);
  });

  it('sends to the supergroup a card of the group before its upgrade', async () => {
    const { telegram, channel, zhang } = await meet();
    const old = telegram.group('店员群', { admins: [zhang] });
    const sent = await channel.send(old.ref, { kind: 'card', card: CARD });
    const on = sent.kind === 'sent' ? sent.ref! : never();
    const group = telegram.migrate(old, zhang);
    expect(await channel.send(old.ref, { kind: 'replace', card: CARD, on })).toEqual({ kind: 'moved', to: group.ref });
    expect(await channel.send(group.ref, { kind: 'replace', card: CARD, on })).toMatchObject({
      kind: 'sent',
      ref: { chat: group.ref },
    });
    expect(group.messages.filter((message) => message.byBot && message.text !== '')).toHaveLength(1);
  });

  it('edits the given message rather than the pressed one', async () => {
    const { channel, zhang, received } = await meet();
    const sent = await channel.send(zhang.chat.ref, { kind: 'card', card: CARD });
    const [named, pressed] = [await zhang.chat.nextMessage(), await channel.send(zhang.chat.ref, { kind: 'card', card: CARD })];
    expect(pressed.kind).toBe('sent');
    zhang.presses(await zhang.chat.nextMessage(), '取消');
    const on = sent.kind === 'sent' ? sent.ref! : never();
    await channel.send(zhang.chat.ref, { kind: 'replace', card: { ...CARD, buttons: [] }, on }, await received.next());
    expect(zhang.chat.messages.filter(({ edits }) => edits > 0)).toEqual([named]);
  });

  it('sends a new message when there is none to replace', async () => {
    const { channel, zhang, event } = await meet();
    expect(await channel.send(zhang.chat.ref, { kind: 'replace', card: CARD }, event)).toMatchObject({ kind: 'sent' });
    expect((await zhang.chat.nextMessage()).text).toContain('下午茶');
  });
});

describe('deleting a secret', () => {
  it('deletes the message where the bot may, and sends the apology where it may not', async () => {
    const { telegram, channel, zhang, received } = await meet();
    const group = telegram.group('店员群', { members: [zhang] });
    const secret = zhang.says('hunter2', { in: group });
    const event = await received.next();
    await channel.send(group.ref, { kind: 'forget', sorry: '请自行删除' }, event);
    expect((await group.nextMessage()).text).toBe('请自行删除');
    expect(secret.deleted).toBe(false);
    group.botMayDelete = true;
    for (const _ of ['once', 'twice']) {
      expect(await channel.send(group.ref, { kind: 'forget', sorry: '请自行删除' }, event)).toEqual({ kind: 'sent' });
    }
    expect(secret.deleted).toBe(true);
    expect(group.messages).toHaveLength(1);
  });

  it('is retried after a transient fault', async () => {
    const { telegram, channel, zhang, event } = await meet();
    telegram.fault('deleteMessage', { kind: 'error', code: 500, description: 'Internal Server Error' });
    await expect(channel.send(zhang.chat.ref, { kind: 'forget', sorry: '请自行删除' }, event)).rejects.toThrow(
      'Internal Server Error',
    );
    expect(zhang.chat.messages).toHaveLength(1);
    expect(await channel.send(zhang.chat.ref, { kind: 'forget', sorry: '请自行删除' }, event)).toEqual({ kind: 'sent' });
    expect(zhang.chat.messages).toHaveLength(0);
  });
});

describe('failures', () => {
  it('a 429 is retried after its retry_after', async () => {
    const { telegram, channel, zhang, waits } = await meet();
    telegram.fault('sendMessage', { kind: 'flood', retryAfter: 7 }, 2);
    expect(await channel.send(zhang.chat.ref, SAY)).toMatchObject({ kind: 'sent' });
    expect(waits.filter((ms) => ms === 7000)).toHaveLength(2);
    expect(zhang.chat.messages.filter((message) => message.byBot)).toHaveLength(1);
  });

  it('a 429 of more than a minute is not waited for', async () => {
    const { telegram, channel, zhang, waits } = await meet();
    telegram.fault('sendMessage', { kind: 'flood', retryAfter: 25 }, 9);
    await expect(channel.send(zhang.chat.ref, SAY)).rejects.toThrow(NotSent);
    expect(waits.filter((ms) => ms === 25_000)).toHaveLength(2);
  });

  it.each([
    [{ code: 403, description: 'Forbidden: bot was kicked from the supergroup chat' }],
    [{ code: 403, description: 'Forbidden: user is deactivated' }],
    [{ code: 400, description: 'Bad Request: chat not found' }],
    [{ code: 400, description: 'Bad Request: group chat was deactivated' }],
  ])('knows a chat that is gone: %j', async (answer) => {
    const { telegram, channel, zhang } = await meet();
    telegram.fault('sendMessage', { kind: 'error', ...answer });
    expect(await channel.send(zhang.chat.ref, SAY)).toEqual({ kind: 'gone' });
  });

  it('a block by the person, and a removal from the group, have the outcome gone', async () => {
    const { telegram, channel, zhang } = await meet();
    zhang.blocks();
    expect(await channel.send(zhang.chat.ref, SAY)).toEqual({ kind: 'gone' });
    const group = telegram.group('店员群', { admins: [zhang] });
    telegram.removeBot(group, zhang);
    expect(await channel.send(group.ref, { kind: 'card', card: CARD })).toEqual({ kind: 'gone' });
    expect(await channel.send('telegram:424242', SAY)).toEqual({ kind: 'gone' });
  });

  it('a migrated group has the outcome moved', async () => {
    const { telegram, channel, zhang } = await meet();
    const old = telegram.group('店员群', { admins: [zhang] });
    const group = telegram.migrate(old, zhang);
    expect(await channel.send(old.ref, SAY)).toEqual({ kind: 'moved', to: group.ref });
  });

  it.each([
    ['a server error', { kind: 'error', code: 500, description: 'Internal Server Error' }],
    ['a page of a proxy', { kind: 'page', status: 502 }],
    ['a connection that broke before', { kind: 'reset', applied: false }],
    ['a connection that broke after', { kind: 'reset', applied: true }],
  ] as const)('does not claim to know after %s', async (_, fault) => {
    const { telegram, channel, zhang } = await meet();
    telegram.fault('sendMessage', fault);
    const error: unknown = await channel.send(zhang.chat.ref, SAY).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(NotSent);
    expect(zhang.chat.messages.filter((message) => message.byBot)).toHaveLength(fault.kind === 'reset' && fault.applied ? 1 : 0);
  });

  it('a timeout has an unknown outcome', async () => {
    const harness = await startChannel({ timeoutMs: 60 });
    const zhang = harness.telegram.person('张三');
    zhang.says('hi');
    await harness.received.next();
    const { promise: ever, resolve: end } = Promise.withResolvers<void>();
    harness.telegram.fault('sendMessage', { kind: 'delay', until: ever });
    const error: unknown = await harness.channel.send(zhang.chat.ref, SAY).catch((thrown: unknown) => thrown);
    end();
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(NotSent);
  });

  it('a long text of which a part was sent does not count as unsent', async () => {
    const { telegram, channel, zhang } = await meet();
    telegram.fault('sendMessage', { kind: 'delay', until: Promise.resolve() });
    telegram.fault('sendMessage', { kind: 'error', code: 400, description: 'Bad Request: whatever' });
    const error: unknown = await channel
      .send(zhang.chat.ref, { kind: 'say', text: 'line\n'.repeat(2000) })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(NotSent);
  });

  it('a refused connection is certainly not sent', async () => {
    const { channel, telegram } = await prepareChannel({ apiRoot: 'http://127.0.0.1:9' });
    const error: unknown = await channel.send('telegram:1', SAY).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NotSent);
    expect(everything(error)).not.toContain(telegram.token);
  });

  it('an error without words, as other servers of the Bot API send it, is a fault like any other', async () => {
    const { telegram, channel, zhang } = await meet();
    telegram.fault('sendMessage', { kind: 'error', code: 400 });
    const error: unknown = await channel.send(zhang.chat.ref, SAY).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NotSent);
    expect(everything(error)).toContain('no description');
  });

  it('no error contains the token or the text', async () => {
    const { telegram, channel, zhang } = await meet();
    const faults = [
      { kind: 'error', code: 400, description: 'Bad Request: whatever' },
      { kind: 'error', code: 400, description: 'Bad Request: can\'t parse entities: Unsupported start tag "9988776655"' },
      { kind: 'error', code: 500, description: 'Internal Server Error' },
      { kind: 'page', status: 502 },
      { kind: 'reset', applied: false },
    ] as const;
    for (const fault of faults) {
      telegram.fault('sendMessage', fault, fault.kind === 'error' && fault.description.includes('entities') ? 2 : 1);
      const error: unknown = await channel
        .send(zhang.chat.ref, { kind: 'say', text: 'code 9988776655' })
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      expect(everything(error)).not.toContain(telegram.token);
      expect(everything(error)).not.toContain('9988776655');
    }
  });

  it('a chat of another channel is a programming error', async () => {
    const { channel } = await meet();
    await expect(channel.send('web:1', SAY)).rejects.toThrow('not a Telegram chat');
  });
});

/** All that a logger could find in an error. */
function everything(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const fields = Object.getOwnPropertyNames(error).map((name) => Reflect.get(error, name) as unknown);
  return `${error.stack} ${JSON.stringify(error)} ${fields.map((field) => (field instanceof Error ? everything(field) : JSON.stringify(field))).join(' ')}`;
}

function never(): never {
  throw new Error('it was not sent');
}
