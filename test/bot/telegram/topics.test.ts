/** Topics of forums: what belongs to one goes there, and nothing is sent to threads that are none. */
import { describe, expect, it } from 'vitest';
import { Undeliverable } from '../../../bot/channel/channel.ts';
import type { Card, Reply } from '../../../handlers/message.ts';
import { openForum } from '../../doubles/telegram/topics.ts';
import { PICTURE } from '../../fixtures/replies.ts';
import { startChannel } from './harness.ts';

const CARD: Card = { title: '下午茶', fields: [], buttons: [[{ verb: 'use', id: '1', label: '确认核销' }]] };
const SAY: Reply = { kind: 'say', text: '你好' };

async function forum() {
  const harness = await startChannel();
  const zhang = harness.telegram.person('张三');
  const group = harness.telegram.group('店员群', { members: [zhang], supergroup: true });
  const [counter = 0, office = 0] = openForum(group, '收银台', '办公室');
  const said = () => group.written.filter(({ byBot }) => byBot).map(({ text, topic }) => ({ text, topic }));
  return { ...harness, zhang, group, counter, office, said };
}

describe('a message in a topic', () => {
  it.each<[string, Reply]>([
    ['a text', SAY],
    ['a long text', { kind: 'say', text: '长'.repeat(5000) }],
    ['a question', { kind: 'say', text: '邮箱？', ask: 'text' }],
    ['a card', { kind: 'card', card: CARD }],
    ['a card in place of none', { kind: 'replace', card: CARD }],
    ['a whisper', { kind: 'whisper', text: '没有权限' }],
    ['an apology for a secret that stays', { kind: 'forget', sorry: '请自行删除' }],
    ['a picture', PICTURE],
    ['a picture with a long caption', { ...PICTURE, caption: '长'.repeat(2000) }],
  ])('is answered there with %s, also when it was deleted and General is closed', async (_, reply) => {
    const { channel, received, zhang, group, office, said } = await forum();
    const question = zhang.says('hi', { in: group, topic: office });
    const event = await received.next();
    expect(event.topic).toBe(String(office));
    group.forum!.generalClosed = true;
    for (const gone of [false, true]) {
      question.deleted = gone;
      expect(await channel.send(group.ref, reply, event)).toMatchObject({ kind: 'sent' });
    }
    expect(new Set(said().map(({ topic }) => topic))).toEqual(new Set([office]));
  });

  it('in a private chat with topics is answered there as well', async () => {
    const { channel, received, zhang } = await forum();
    const [topic = 0] = openForum(zhang.chat, '一号店');
    zhang.says('hi', { topic });
    await channel.send(zhang.chat.ref, SAY, await received.next());
    expect(await zhang.chat.nextMessage()).toMatchObject({ text: '你好', topic, replyTo: undefined });
  });
});

it('a press is answered in the topic of its card, which remembers it', async () => {
  const { channel, received, zhang, group, office, counter } = await forum();
  zhang.says('hi', { in: group, topic: office });
  await channel.send(group.ref, { kind: 'card', card: CARD }, await received.next());
  zhang.says('in another one', { in: group, topic: counter });
  await received.next();
  const card = await group.nextMessage();
  zhang.presses(card, '确认核销');
  const press = await received.next();
  expect(press).toMatchObject({ topic: String(office), content: { on: { topic: String(office) } } });
  await channel.send(group.ref, { kind: 'say', text: '邮箱？', ask: 'text' }, press);
  expect(await group.nextMessage()).toMatchObject({ text: '张三: 邮箱？', topic: office });
  // Later, and answering nothing: an outcome on a card that cannot be edited any more, and a line beside it.
  card.locked = true;
  const { on } = press.content as { on: { chat: string; message: string } };
  await channel.send(group.ref, { kind: 'replace', card: { ...CARD, title: '核销成功' }, on });
  await channel.send(group.ref, { kind: 'say', text: '核销成功', topic: String(office) });
  expect(await group.nextMessage()).toMatchObject({ topic: office });
  expect(await group.nextMessage()).toMatchObject({ topic: office });
});

describe('a thread that is no topic', () => {
  it.each([
    ['a forum, in General', true],
    ['an ordinary supergroup', false],
  ])('of a reply in %s is not sent back', async (_, isForum) => {
    const { telegram, channel, received, zhang } = await forum();
    const group = telegram.group('群', { members: [zhang], supergroup: true });
    if (isForum) openForum(group, '办公室');
    const first = zhang.says('first', { in: group });
    await received.next();
    zhang.says('second', { in: group, replyTo: first });
    expect(telegram.updates.at(-1)!.message!.message_thread_id).toBe(first.id);
    const event = await received.next();
    expect(event.topic).toBeUndefined();
    expect(await channel.send(group.ref, SAY, event)).toMatchObject({ kind: 'sent' });
    expect(await group.nextMessage()).toMatchObject({ topic: undefined, replyTo: Number(event.message!.message) });
    expect(telegram.callsOf('sendMessage').at(-1)!.payload).not.toHaveProperty('message_thread_id');
  });

  it('of General is not sent back, by whatever name it comes', async () => {
    const { telegram, channel, received, zhang, group } = await forum();
    zhang.sends({ text: 'hi', message_thread_id: 1, is_topic_message: true }, { in: group });
    const event = await received.next();
    expect(event.topic ?? event.message!.topic).toBeUndefined();
    expect(await channel.send(group.ref, SAY, event)).toMatchObject({ kind: 'sent' });
    expect(telegram.callsOf('sendMessage')).toHaveLength(1);
  });
});

it.each<[string, Reply]>([
  ['a text', SAY],
  ['a picture', PICTURE],
])('what belongs to a deleted topic goes to General, once: %s', async (_, reply) => {
  const { channel, received, zhang, group, office, said } = await forum();
  zhang.says('hi', { in: group, topic: office });
  const event = await received.next();
  group.forum!.topics.delete(office);
  for (const message of group.messages) message.deleted = message.topic === office;
  expect(await channel.send(group.ref, reply, event)).toMatchObject({ kind: 'sent' });
  expect(said()).toEqual([{ text: expect.any(String) as string, topic: undefined }]);
});

it.each([
  ['closed', 'closed' as const],
  ['deleted, and General is closed', 'deleted' as const],
])('a topic that is %s takes a message for good from nobody', async (_, how) => {
  const { channel, received, zhang, group, office, said } = await forum();
  zhang.says('hi', { in: group, topic: office });
  const event = await received.next();
  const { topics } = group.forum!;
  if (how === 'closed') topics.get(office)!.closed = true;
  else topics.delete(office);
  group.forum!.generalClosed = true;
  await expect(channel.send(group.ref, SAY, event)).rejects.toBeInstanceOf(Undeliverable);
  expect(said()).toEqual([]);
  // An administrator may write in closed topics.
  group.members.set(7_000_000_001, 'administrator');
  expect(await channel.send(group.ref, SAY, event)).toMatchObject({ kind: 'sent' });
});
