/** Sending pictures and files, with their fallbacks. */
import { describe, expect, it } from 'vitest';
import { NotSent } from '../../../bot/channel/channel.ts';
import { FILE, madeUpFor, PICTURE, PNG } from '../../fixtures/replies.ts';
import { startChannel } from './harness.ts';

async function meet() {
  const harness = await startChannel();
  const zhang = harness.telegram.person('张三');
  zhang.says('hi');
  await harness.received.next();
  const written = () => zhang.chat.messages.filter(({ byBot }) => byBot);
  return { ...harness, zhang, written };
}

describe('a picture', () => {
  it('in a group is a reply', async () => {
    const { telegram, channel, zhang, received } = await meet();
    const group = telegram.group('店员群', { members: [zhang] });
    const message = zhang.says('/customers', { in: group });
    await channel.send(group.ref, PICTURE, await received.next());
    expect(await group.nextMessage()).toMatchObject({ replyTo: message.id, text: PICTURE.caption });
  });

  it('is replaced by a new message, since it has no text to edit', async () => {
    const { channel, zhang, written } = await meet();
    const sent = await channel.send(zhang.chat.ref, PICTURE);
    if (sent.kind !== 'sent') throw new Error('not sent');
    await channel.send(zhang.chat.ref, { kind: 'replace', card: { title: '好', fields: [], buttons: [] }, on: sent.ref! });
    expect(written().map(({ text }) => text)).toEqual([PICTURE.caption, '好']);
  });

  it.each(['PHOTO_INVALID_DIMENSIONS', 'IMAGE_PROCESS_FAILED', 'not enough rights to send photos to the chat'])(
    'that Telegram takes as none (%s) goes as a file',
    async (why) => {
      const { telegram, channel, zhang, written } = await meet();
      telegram.fault('sendPhoto', { kind: 'error', code: 400, description: `Bad Request: ${why}` });
      await channel.send(zhang.chat.ref, PICTURE);
      expect(written()).toMatchObject([{ text: PICTURE.caption, extra: { document: { file_name: 'picture.png' } } }]);
    },
  );

  it('with too long a caption is followed by the text; a fault in between does not count as unsent', async () => {
    const { telegram, channel, zhang, written } = await meet();
    const caption = '字'.repeat(1025);
    await channel.send(zhang.chat.ref, { ...PICTURE, caption: '字'.repeat(1024) });
    await channel.send(zhang.chat.ref, { ...PICTURE, caption });
    expect(written().map(({ text }) => text.length)).toEqual([1024, 0, 1025]);
    telegram.fault('sendMessage', { kind: 'error', code: 400, description: 'Bad Request: whatever' });
    const error: unknown = await channel.send(zhang.chat.ref, { ...PICTURE, caption }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(NotSent);
  });
});

describe.each([
  ['a picture', 'sendPhoto', PICTURE],
  ['a file', 'sendDocument', FILE],
] as const)('%s', (_, method, reply) => {
  it('is retried as a whole after Telegram’s retry_after', async () => {
    const { telegram, channel, zhang, waits, written } = await meet();
    telegram.fault(method, { kind: 'flood', retryAfter: 7 }, 2);
    expect(await channel.send(zhang.chat.ref, reply)).toMatchObject({ kind: 'sent' });
    expect(waits.filter((ms) => ms === 7000)).toHaveLength(2);
    expect(written()).toHaveLength(1);
    expect(Buffer.from(telegram.files.get(written()[0]!.file!)!).equals(Buffer.from(reply.bytes, 'base64'))).toBe(true);
  });

  it('to a deleted chat is gone, and to a migrated group is moved', async () => {
    const { telegram, channel, zhang } = await meet();
    const old = telegram.group('店员群', { admins: [zhang] });
    const group = telegram.migrate(old, zhang);
    expect(await madeUpFor(channel).send(old.ref, reply)).toEqual({ kind: 'moved', to: group.ref });
    telegram.removeBot(group, zhang);
    expect(await channel.send(group.ref, reply)).toEqual({ kind: 'gone' });
    expect(await madeUpFor(channel).send('telegram:424242', reply)).toEqual({ kind: 'gone' });
  });

  it.each([
    ['a server error', { kind: 'error', code: 500, description: 'Internal Server Error' }],
    ['a page of a proxy', { kind: 'page', status: 502 }],
    ['a connection that broke', { kind: 'reset', applied: true }],
  ] as const)('is not claimed to be known of after %s', async (__, fault) => {
    const { telegram, channel, zhang } = await meet();
    telegram.fault(method, fault);
    const error: unknown = await channel.send(zhang.chat.ref, reply).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(NotSent);
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain(telegram.token);
  });

  it('above the limit of a proxy is not carried, and becomes a sentence', async () => {
    const { telegram, channel, zhang, written } = await meet();
    const tooLarge = { kind: 'error', code: 413, description: 'Request Entity Too Large' } as const;
    const refuse = (): void => ['sendPhoto', 'sendDocument'].forEach((one) => telegram.fault(one, tooLarge));
    refuse();
    expect(await channel.send(zhang.chat.ref, reply)).toEqual({ kind: 'not-carried' });
    expect(written()).toEqual([]);
    refuse();
    await madeUpFor(channel).send(zhang.chat.ref, reply);
    expect(written().map(({ text }) => text)).toEqual([`${reply.caption}\n\n${reply.sorry}`]);
  });
});

it('the bytes arrive unchanged in the multipart form', async () => {
  const { telegram, channel, zhang, written } = await meet();
  const tricky = Buffer.concat([PNG.subarray(0, 8), Buffer.from('\r\n--boundary--\r\n\r\n\0'), PNG]);
  await channel.send(zhang.chat.ref, { ...PICTURE, bytes: tricky.toString('base64') });
  expect(Buffer.from(telegram.files.get(written()[0]!.file!)!).equals(tricky)).toBe(true);
});
