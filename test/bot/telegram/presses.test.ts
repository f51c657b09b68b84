/** Every callback query is answered exactly once, within a second. */
import { describe, expect, it } from 'vitest';
import type { Card } from '../../../handlers/message.ts';
import { createManualWait, prepareChannel, startChannel } from './harness.ts';

const CARD: Card = { title: '下午茶', fields: [], buttons: [[{ verb: 'use', id: '1', label: '确认核销' }]] };
const DONE: Card = { title: '核销成功', fields: [], tone: 'good', buttons: [] };

async function pressed(chat: 'private' | 'group' = 'private') {
  const manual = createManualWait();
  const harness = await startChannel({ wait: manual.wait });
  const { telegram, channel, received } = harness;
  const zhang = telegram.person('张<三>');
  zhang.says('hi');
  await received.next();
  const place = chat === 'private' ? zhang.chat : telegram.group('店员群', { members: [zhang] });
  await channel.send(place.ref, { kind: 'card', card: CARD });
  const card = await place.nextMessage();
  const press = zhang.presses(card, '确认核销');
  return { ...harness, manual, zhang, place, card, press, event: await received.next() };
}

describe('a press', () => {
  it('without a reply gets an empty answer after 800 ms, and not before', async () => {
    const { telegram, manual, press } = await pressed();
    await manual.waiting(800);
    expect(telegram.callsOf('answerCallbackQuery')).toHaveLength(0);
    manual.elapse(800);
    expect(await telegram.answered(press)).toEqual({ text: '', alert: false });
  });

  it('of many that came together is answered in time, however long the others take to be stored', async () => {
    const manual = createManualWait();
    const { telegram, channel, received } = await prepareChannel({ wait: manual.wait });
    const zhang = telegram.person('张三');
    zhang.says('hi');
    await channel.send(zhang.chat.ref, { kind: 'card', card: CARD });
    const card = await zhang.chat.nextMessage();
    const presses = Array.from({ length: 50 }, () => zhang.presses(card, '确认核销'));
    const { promise: stored, resolve: store } = Promise.withResolvers<void>();
    await channel.start(async (event) => {
      await stored;
      await received.hear(event);
    });
    await manual.waiting(800);
    manual.elapse(800);
    for (const press of presses) await telegram.answered(press);
    store();
    for (const _ of presses) await received.next();
    expect(telegram.callsOf('answerCallbackQuery')).toHaveLength(50);
  });

  it('is answered at once by its first reply, and only once', async () => {
    const { telegram, channel, manual, press, place, event, card } = await pressed();
    await channel.send(place.ref, { kind: 'replace', card: { ...CARD, tone: 'busy' } }, event);
    await channel.send(place.ref, { kind: 'replace', card: DONE }, event);
    manual.elapse(800);
    expect(await telegram.answered(press)).toEqual({ text: '', alert: false });
    expect(card.text).toBe('✅ 核销成功');
    expect(telegram.callsOf('answerCallbackQuery')).toHaveLength(1);
  });

  it('shows a whisper as an alert', async () => {
    const { telegram, channel, press, place, event } = await pressed('group');
    expect(await channel.send(place.ref, { kind: 'whisper', text: '只有店员可以核销' }, event)).toEqual({ kind: 'sent' });
    expect(await telegram.answered(press)).toEqual({ text: '只有店员可以核销', alert: true });
    expect(place.messages).toHaveLength(1);
  });

  it('cuts a whisper to the limit of an alert', async () => {
    const { telegram, channel, press, place, event } = await pressed();
    await channel.send(place.ref, { kind: 'whisper', text: '😀'.repeat(300) }, event);
    const { text } = await telegram.answered(press);
    expect(text.length).toBeLessThanOrEqual(200);
    expect(text).toMatch(/^(😀)+…$/u);
  });

  it('turns a late whisper into a message with a mention', async () => {
    const { telegram, channel, manual, zhang, press, place, event } = await pressed('group');
    manual.elapse(800);
    await telegram.answered(press);
    expect(await channel.send(place.ref, { kind: 'whisper', text: '<太晚了>' }, event)).toMatchObject({ kind: 'sent' });
    const message = place.messages.at(-1)!;
    expect(message.text).toBe('张<三>: <太晚了>');
    expect(message.entities).toEqual([{ type: 'text_link', offset: 0, length: 4, url: `tg://user?id=${zhang.id}` }]);
  });

  it('from before a restart is still answered, and a whisper to it arrives either way', async () => {
    const { telegram, channel, place, event } = await pressed('group');
    const again = await startChannel({ telegram });
    await again.channel.send(place.ref, { kind: 'whisper', text: 'first' }, event);
    await channel.send(place.ref, { kind: 'whisper', text: 'second' }, event);
    const press = await telegram.called('answerCallbackQuery', 2);
    expect(press.payload['text']).toBe('second');
    expect(place.messages.at(-1)!.text).toBe('张<三>: second');
  });

  it('delivered again starts no second timer, and a late answer raises no error', async () => {
    const { telegram, manual, press, received } = await pressed();
    telegram.pressAgain(press);
    await received.next();
    telegram.fault('answerCallbackQuery', {
      kind: 'error',
      code: 400,
      description: 'Bad Request: query is too old and response timeout expired or query ID is invalid',
    });
    manual.elapse(800);
    await telegram.called('answerCallbackQuery');
    telegram.pressAgain(press);
    await received.next();
    expect(manual.asked.filter((ms) => ms === 800)).toHaveLength(1);
    expect(telegram.callsOf('answerCallbackQuery')).toHaveLength(1);
  });

  it('fifty times gives fifty events, fifty answers and no error', async () => {
    const { telegram, channel, zhang, card, place, received } = await pressed();
    const presses = Array.from({ length: 50 }, () => zhang.presses(card, '确认核销'));
    for (const press of presses) {
      expect(await channel.send(place.ref, { kind: 'replace', card: DONE }, await received.next())).toMatchObject({
        kind: 'sent',
      });
      await telegram.answered(press);
    }
    expect(card.edits).toBe(1);
    expect(place.messages).toHaveLength(2);
  });
});

it('a whisper without a press is a message, with a mention in groups only', async () => {
  const { telegram, channel, received } = await startChannel();
  const zhang = telegram.person('张三');
  const group = telegram.group('店员群', { members: [zhang] });
  zhang.says('123456', { in: group });
  await channel.send(group.ref, { kind: 'whisper', text: '请先绑定' }, await received.next());
  expect(group.messages.at(-1)!.text).toBe('张三: 请先绑定');
  zhang.says('123456');
  await channel.send(zhang.chat.ref, { kind: 'whisper', text: '请先绑定' }, await received.next());
  expect(zhang.chat.messages.at(-1)!.text).toBe('请先绑定');
});
