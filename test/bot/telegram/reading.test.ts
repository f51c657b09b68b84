/** Telegram updates and the events made of them. */
import { describe, expect, it } from 'vitest';
import { readText } from '../../../bot/telegram/content.ts';
import { startTelegram } from '../../doubles/telegram.ts';
import { post, prepareChannel, startChannel } from './harness.ts';

describe('in a private chat', () => {
  it('a message is an event with the person, the chat and the message in it', async () => {
    const { telegram, received } = await startChannel();
    const zhang = telegram.person('三', { last_name: '张' });
    const message = zhang.says('123456');
    expect(await received.next()).toEqual({
      id: `telegram:${telegram.updates.at(-1)!.update_id}`,
      chat: `telegram:${zhang.id}`,
      group: false,
      title: '三 张',
      from: { id: `telegram:${zhang.id}`, name: '三 张' },
      at: message.date * 1000,
      content: { kind: 'text', text: '123456' },
      language: 'zh-hans',
      message: { chat: `telegram:${zhang.id}`, message: String(message.id) },
      addressed: true,
    });
  });

  it('a picture comes in its largest size with its caption, also when it was sent as a file', async () => {
    const { telegram, received } = await startChannel();
    const zhang = telegram.person('张三');
    const photo = zhang.shows(new Uint8Array([1]), { caption: '券 123' });
    expect((await received.next()).content).toEqual({ kind: 'photo', file: photo.file, caption: '券 123' });
    const file = zhang.shows(new Uint8Array([1]), { asFile: true });
    expect((await received.next()).content).toEqual({ kind: 'photo', file: file.file, caption: '' });
  });

  it('an unreadable message is an event of its own kind, a service message is none', async () => {
    const { telegram, received } = await startChannel();
    const zhang = telegram.person('张三');
    zhang.sends({ voice: { file_id: 'v', file_unique_id: 'v', duration: 1 } });
    telegram.notice(zhang.chat, zhang, {
      pinned_message: { message_id: 1, date: 0, chat: { id: zhang.id, type: 'private', first_name: '' } },
    });
    zhang.sends({ document: { file_id: 'd', file_unique_id: 'd' }, caption: '的码是 123456' });
    expect((await received.next()).content).toEqual({ kind: 'other' });
    expect((await received.next()).content).toEqual({ kind: 'text', text: '的码是 123456' });
  });

  it('blocking the bot is leaving, unblocking it is joining', async () => {
    const { telegram, received } = await startChannel();
    const zhang = telegram.person('张三');
    zhang.blocks();
    expect(await received.next()).toMatchObject({ chat: zhang.chat.ref, content: { kind: 'left' } });
    zhang.unblocks();
    expect(await received.next()).toMatchObject({ chat: zhang.chat.ref, group: false, content: { kind: 'joined' } });
  });

  it('a deep link brings its word', async () => {
    const { telegram, channel, received } = await startChannel();
    expect(channel.username).toBe('HexiaoBot');
    expect((await channel.links())('a-word_1')).toBe('https://t.me/HexiaoBot?start=a-word_1');
    telegram.person('李四').opens('https://t.me/HexiaoBot?start=a-word_1');
    expect((await received.next()).content).toEqual({ kind: 'text', text: '/start a-word_1' });
  });

  it('an instance that answers without hearing asks for the bot’s name, and makes the same links', async () => {
    const { channel, telegram } = await prepareChannel();
    expect((await channel.links())('s_1')).toBe('https://t.me/HexiaoBot?start=s_1');
    await channel.links();
    expect(telegram.callsOf('getMe')).toHaveLength(1);
  });

  it.each([
    ['a picture by its name', { file_name: 'IMG_1.HEIC' }, 'photo'],
    ['a picture of an unnamed kind', { file_name: 'coupon.jpg', mime_type: 'application/octet-stream' }, 'photo'],
    ['something else of an unnamed kind', { file_name: 'app.apk', mime_type: 'application/octet-stream' }, 'other'],
    ['something else with the name of a picture', { file_name: 'a.png', mime_type: 'application/pdf' }, 'other'],
  ])('a file is %s', async (_, document, kind) => {
    const { telegram, received } = await startChannel();
    telegram.person('张三').sends({ document: { file_id: 'd', file_unique_id: 'd', ...document } });
    expect((await received.next()).content.kind).toBe(kind);
  });

  it('a coupon’s link behind a word is read with it, any other is left alone', async () => {
    const { telegram, received } = await startChannel();
    const zhang = telegram.person('张三');
    const link = (url: string) => ({ entities: [{ type: 'text_link', offset: 0, length: 2, url } as const] });
    zhang.sends({ text: '券码', ...link('https://g.meituan.com/?code=580430893230') });
    expect((await received.next()).content).toEqual({ kind: 'text', text: '券码\nhttps://g.meituan.com/?code=580430893230' });
    zhang.sends({ text: '/help', ...link('https://example.com/') });
    expect((await received.next()).content).toEqual({ kind: 'text', text: '/help' });
  });

  it('a mistyped code that is mended by editing is heard; other edits, and late ones, are not', async () => {
    let now = Date.now();
    const telegram = await startTelegram({ now: () => now });
    const { received } = await startChannel({ telegram });
    const zhang = telegram.person('张三');
    const code = zhang.says('033280851');
    const address = zhang.says('zhang@example.com');
    const [first, second] = [await received.next(), await received.next()];
    zhang.edits(address, 'li@example.com');
    zhang.edits(code, '0332808512');
    const mended = await received.next();
    expect(mended).toMatchObject({ content: { kind: 'text', text: '0332808512' }, message: first.message });
    expect([first.id, second.id]).not.toContain(mended.id);
    now += 16 * 60_000;
    zhang.edits(code, '0332808513');
    zhang.says('the end');
    expect((await received.next()).content).toEqual({ kind: 'text', text: 'the end' });
  });

  it('channel posts, other bots and edits without a code are ignored', async () => {
    const { telegram, channel: hears, received } = await startChannel({ by: 'webhook' });
    const zhang = telegram.person('张三');
    const channel = { id: -1005, type: 'channel', title: 'News' } as const;
    const message = { message_id: 1, date: 1, text: '123456' };
    const home = { id: zhang.id, type: 'private', first_name: 'x' };
    const another = { id: 9, is_bot: true, first_name: 'Another' };
    for (const what of [
      { edited_message: { ...message, text: 'hi', edit_date: 2, chat: home, from: zhang.user } },
      { channel_post: { ...message, chat: channel, sender_chat: channel } },
      { message: { ...message, chat: { id: -7, type: 'group', title: 'G' }, from: another } },
    ]) {
      expect(await post(hears, { update_id: 1, ...what })).toBe(200);
    }
    zhang.says('the end');
    expect((await received.next()).content).toEqual({ kind: 'text', text: 'the end' });
  });
});

describe('in a group', () => {
  it.each([
    ['/bind@HexiaoBot', '/bind', true],
    ['/history@hexiaobot 123', '/history 123', true],
    ['/bind', '/bind', false],
    ['@HexiaoBot 123456', '123456', true],
    ['@hexiaobot，123456', '123456', true],
    ['123456 @HexiaoBot', '123456', true],
    ['看看@HexiaoBot 这个', '看看@HexiaoBot 这个', true],
    ['@HexiaoBot', '', true],
    ['@HexiaoBot2 123456', '@HexiaoBot2 123456', false],
    ['mail me@HexiaoBot.com', 'mail me@HexiaoBot.com', false],
    ['123456', '123456', false],
  ])('%j is heard as %j, addressed: %j', async (said, text, addressed) => {
    const { telegram, received } = await startChannel();
    const zhang = telegram.person('张三');
    zhang.says(said, { in: telegram.group('店员群', { members: [zhang] }) });
    expect(await received.next()).toMatchObject({ group: true, title: '店员群', content: { kind: 'text', text }, addressed });
  });

  it('a command to another bot is ignored', async () => {
    const { telegram, received } = await startChannel();
    const zhang = telegram.person('张三');
    const group = telegram.group('店员群', { members: [zhang] });
    zhang.says('/bind@HexiaoBat', { in: group });
    zhang.says('/help', { in: group });
    expect((await received.next()).content).toEqual({ kind: 'text', text: '/help' });
  });

  it('a reply to the bot is addressed to it', async () => {
    const { telegram, channel, received } = await startChannel({ privacy: true });
    const zhang = telegram.person('张三');
    const group = telegram.group('店员群', { members: [zhang] });
    await channel.send(group.ref, { kind: 'say', text: '请输入邮箱' });
    zhang.says('not for the bot', { in: group });
    zhang.says('zhang@example.com', { in: group, replyTo: await group.nextMessage() });
    expect(await received.next()).toMatchObject({ content: { text: 'zhang@example.com' }, addressed: true });
  });

  it('核销 in reply to somebody’s code or picture is about that; to the bot’s own message it is a word', async () => {
    const { telegram, channel, received } = await startChannel();
    const [staff, guest] = [telegram.person('店员'), telegram.person('顾客')];
    const group = telegram.group('店员群', { members: [staff, guest] });
    const code = guest.says('我的券 0332808512', { in: group });
    const photo = guest.shows(new Uint8Array([1]), { in: group, caption: '这张' });
    for (const _ of [code, photo]) await received.next();
    staff.says('@HexiaoBot 核销', { in: group, replyTo: code });
    expect(await received.next()).toMatchObject({ content: { kind: 'text', text: '我的券 0332808512' }, addressed: true });
    staff.says('@HexiaoBot', { in: group, replyTo: photo });
    expect((await received.next()).content).toEqual({ kind: 'photo', file: photo.file, caption: '这张' });
    staff.says('谢谢', { in: group, replyTo: code });
    expect((await received.next()).content).toEqual({ kind: 'text', text: '谢谢' });
    await channel.send(group.ref, { kind: 'say', text: '0332808512 查不到' });
    staff.says('查', { in: group, replyTo: await group.nextMessage() });
    expect((await received.next()).content).toEqual({ kind: 'text', text: '查' });
  });

  it('an anonymous administrator is marked as such, in messages and presses', async () => {
    const { telegram, channel, received } = await startChannel();
    const boss = telegram.person('老板');
    const group = telegram.group('店员群', { admins: [boss], supergroup: true });
    boss.says('/bind', { in: group, anonymous: true });
    expect((await received.next()).from).toEqual({ id: group.ref, name: '店员群', anonymous: true });
    await channel.send(group.ref, { kind: 'say', text: '?', buttons: [[{ verb: 'find', id: '1', label: '选' }]] });
    boss.presses(await group.nextMessage(), '选', { anonymous: true });
    expect((await received.next()).from).toMatchObject({ anonymous: true });
    boss.presses(group.messages.at(-1)!, '选');
    expect((await received.next()).from).toEqual({ id: boss.ref, name: '老板' });
  });

  it('automatic forwards from a linked channel are ignored', async () => {
    const { telegram, received } = await startChannel();
    const zhang = telegram.person('张三');
    const group = telegram.group('店员群', { members: [zhang] });
    zhang.sends({ is_automatic_forward: true, text: '123456' }, { in: group });
    zhang.says('the end', { in: group });
    expect((await received.next()).content).toEqual({ kind: 'text', text: 'the end' });
  });

  it('adding and removing the bot are events, a change of its rights is none', async () => {
    const { telegram, received } = await startChannel();
    const boss = telegram.person('老板');
    const group = telegram.group('店员群', { admins: [boss], botIs: 'left' });
    telegram.addBot(group, boss);
    telegram.promoteBot(group, boss);
    telegram.removeBot(group, boss);
    expect(await received.next()).toMatchObject({
      chat: group.ref,
      group: true,
      title: '店员群',
      from: { id: boss.ref },
      content: { kind: 'joined' },
    });
    expect(await received.next()).toMatchObject({ chat: group.ref, content: { kind: 'left' } });
  });

  it('an upgrade to a supergroup is one event from two service messages', async () => {
    const { telegram, received } = await startChannel();
    const boss = telegram.person('老板');
    const old = telegram.group('店员群', { admins: [boss] });
    const group = telegram.migrate(old, boss);
    const [first, second] = [await received.next(), await received.next()];
    expect(first).toMatchObject({ chat: group.ref, group: true, title: '店员群', content: { kind: 'moved', from: old.ref } });
    expect(second).toMatchObject({ chat: group.ref, content: { kind: 'moved', from: old.ref } });
    expect(second.id).toBe(first.id);
  });
});

describe('a press', () => {
  it('is the same event when a phone sends it again under a new update id', async () => {
    const { telegram, channel, received } = await startChannel();
    const zhang = telegram.person('张三');
    zhang.says('hi');
    await received.next();
    await channel.send(zhang.chat.ref, { kind: 'say', text: '?', buttons: [[{ verb: 'use', id: 'Ab_1-', label: '确认' }]] });
    const message = await zhang.chat.nextMessage();
    const press = zhang.presses(message, '确认');
    telegram.pressAgain(press);
    const [first, second] = [await received.next(), await received.next()];
    expect(first.content).toEqual({
      kind: 'press',
      action: { verb: 'use', id: 'Ab_1-' },
      on: { chat: zhang.chat.ref, message: String(message.id) },
    });
    expect(second.id).toBe(first.id);
    zhang.presses(message, '确认');
    expect((await received.next()).id).not.toBe(first.id);
  });

  it.each(['', 'confirm', 'Confirm:1', 'confirm:1:2', 'confirm:\0', '{"verb":"confirm"}', 'x'.repeat(64)])(
    'with made-up data %j is answered and goes no further',
    async (data) => {
      const { telegram, channel, received } = await startChannel();
      const zhang = telegram.person('张三');
      zhang.says('hi');
      await received.next();
      await channel.send(zhang.chat.ref, { kind: 'say', text: '?' });
      const press = zhang.forges(await zhang.chat.nextMessage(), data);
      expect(await telegram.answered(press)).toEqual({ text: '', alert: false });
      zhang.says('the end');
      expect((await received.next()).content).toEqual({ kind: 'text', text: 'the end' });
    },
  );
});

describe('odd input', () => {
  it('is heard as it was sent: it is sanitized where events of all channels are stored', async () => {
    const { telegram, received } = await startChannel();
    telegram.person('张\0三').says('\u202E12\x0034 👩‍👩‍👧 <b>');
    const heard = await received.next();
    expect(heard.from.name).toBe('张\0三');
    expect(heard.content).toEqual({ kind: 'text', text: '\u202E12\x0034 👩‍👩‍👧 <b>' });
  });

  it.each([
    { message: 5 },
    { message: null },
    { message: { chat: null } },
    { message: { chat: { id: 'x', type: 'private' }, text: 'a', from: { id: 1, first_name: 'a' } } },
    { message: { chat: { id: 1, type: 'private' }, text: 42, from: { id: 1, first_name: 'a' }, message_id: 1, date: 1 } },
    { callback_query: { id: 'q', from: null } },
    { callback_query: {} },
    { my_chat_member: { chat: { id: 1 } } },
    { something_new: {} },
  ])('an update that makes no sense is dropped: %j', async (what) => {
    const { telegram, channel, received } = await startChannel({ by: 'webhook' });
    expect(await post(channel, { update_id: 1, ...what })).toBe(200);
    telegram.person('张三').says('the end');
    expect((await received.next()).content).toEqual({ kind: 'text', text: 'the end' });
  });

  it('a megabyte of spaces and mentions is parsed in linear time', () => {
    expect(readText(`@HexiaoBot${' ,'.repeat(500_000)}@HexiaoBot x`, 'HexiaoBot')).toHaveProperty('named', true);
  });
});
