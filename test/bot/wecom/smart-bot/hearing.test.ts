import { describe, expect, it } from 'vitest';
import { PNG } from '../../../fixtures/replies.ts';
import { CARD, startHarness } from './harness.ts';

const PHOTO = Buffer.from('a photo of a coupon');

describe('what the robot hears', () => {
  it('is a message of a person in the chat with the robot', async () => {
    const { wecom, recorded } = await startHarness({ now: () => 1_700_000_000_000 });
    wecom.person('zhangsan').says('123456789012');
    expect(await recorded.next()).toEqual({
      id: 'wecom-bot:CAIQ1',
      chat: 'wecom-bot:zhangsan',
      group: false,
      title: 'zhangsan',
      from: { id: 'wecom-bot:zhangsan', name: 'zhangsan' },
      at: 1_700_000_000_000,
      content: { kind: 'text', text: '123456789012' },
      message: { chat: 'wecom-bot:zhangsan', message: expect.stringMatching(/^message\/req-2-/) },
      addressed: true,
    });
  });

  it('in a group is a message that mentions it, without its name', async () => {
    const { wecom, recorded } = await startHarness();
    const group = wecom.group('wrGROUP');
    wecom.person('zhangsan').says('hello everybody', { in: group, at: false });
    wecom.person('zhangsan').says('123456789012', { in: group });
    expect(await recorded.next()).toMatchObject({
      chat: 'wecom-bot:wrGROUP',
      group: true,
      title: '…rGROUP',
      addressed: true,
      from: { id: 'wecom-bot:zhangsan' },
      content: { kind: 'text', text: '123456789012' },
    });
    expect(recorded.all).toHaveLength(1);
  });

  it('is nothing from a group without an id: it would be taken for a private chat', async () => {
    const { wecom, recorded } = await startHarness();
    const body = { msgid: 'X', from: { userid: 'zhangsan' }, msgtype: 'text', text: { content: '@a 1' } };
    for (const told of [
      { ...body, chattype: 'group' },
      { ...body, msgid: 'Y', chatid: 'wrGROUP' },
    ])
      wecom.tell(JSON.stringify({ cmd: 'aibot_msg_callback', headers: { req_id: 'r' }, body: told }));
    expect(await recorded.next()).toMatchObject({ id: 'wecom-bot:Y', chat: 'wecom-bot:wrGROUP', group: true });
  });

  it('is the text of a voice message, which WeCom transcribes', async () => {
    const { wecom, recorded } = await startHarness();
    wecom.person('zhangsan').speaks('一二三四五六');
    expect((await recorded.next()).content).toEqual({ kind: 'text', text: '一二三四五六' });
  });

  it('is a photo, fetched and opened at once', async () => {
    const { wecom, recorded, channel } = await startHarness();
    wecom.person('zhangsan').shows(PHOTO);
    const { content } = await recorded.next();
    expect(content).toEqual({ kind: 'photo', file: expect.any(String), caption: '' });
    const file = content.kind === 'photo' ? content.file : '';
    expect(Buffer.from(await channel.fetch(file))).toEqual(PHOTO);
    await expect(channel.fetch('another')).rejects.toThrow('no longer');
    expect(wecom.media.fetched).toHaveLength(1);
  });

  it('is photos and words in one message, each photo an event, the words with the first', async () => {
    const { wecom, recorded, channel } = await startHarness();
    const group = wecom.group('wrGROUP');
    const photos = [Buffer.from('one'), Buffer.from('two')];
    wecom.person('zhangsan').mixes('核销 123456789012', photos, group);
    const heard = [await recorded.next(), await recorded.next()];
    expect(heard.map(({ content }) => content.kind === 'photo' && content.caption)).toEqual(['核销 123456789012', '']);
    expect(new Set(heard.map(({ id }) => id)).size).toBe(2);
    const files = heard.map(({ content }) => (content.kind === 'photo' ? content.file : ''));
    expect(await Promise.all(files.map((file) => channel.fetch(file)))).toEqual(photos);
  });

  it('is a quoted photo, with the words said about it', async () => {
    const { wecom, recorded, channel } = await startHarness();
    const zhang = wecom.person('zhangsan');
    zhang.says('核销', { in: wecom.group('wrGROUP'), quote: zhang.quoting(PHOTO) });
    const { content } = await recorded.next();
    expect(content).toMatchObject({ kind: 'photo', caption: '核销' });
    expect(await channel.fetch(content.kind === 'photo' ? content.file : '')).toEqual(PHOTO);
  });

  it('is a photo whose address has the other name, and one that came without a key', async () => {
    const { wecom, recorded, channel } = await startHarness();
    const zhang = wecom.person('zhangsan');
    const { url, aeskey } = wecom.media.put(wecom.mediaBase, PHOTO);
    zhang.sends({ msgtype: 'image', image: { pic_url: url, aeskey } });
    zhang.says('核销', { quote: { msgtype: 'image', image: { url: wecom.media.show(wecom.mediaBase, PNG) } } });
    const fetched = [await recorded.next(), await recorded.next()].map(async ({ content }) =>
      Buffer.from(await channel.fetch(content.kind === 'photo' ? content.file : 'none')),
    );
    expect(await Promise.all(fetched)).toEqual([PHOTO, PNG]);
  });

  it('is a photo all the same that cannot be opened: people are told so', async () => {
    const { wecom, recorded, channel } = await startHarness();
    const { url } = wecom.media.put(wecom.mediaBase, PHOTO);
    wecom.person('zhangsan').says('核销', { quote: { msgtype: 'image', image: { url } } });
    const { content } = await recorded.next();
    expect(content).toMatchObject({ kind: 'photo', caption: '核销' });
    await expect(channel.fetch(content.kind === 'photo' ? content.file : '')).rejects.toThrow('could not be fetched');
  });

  it.each([
    ['a line end', '券码\n0332808512'],
    ['a tab and a carriage return', '券码\t0332808512\r\n'],
    ['other control characters', '券码 \u001b\u00010332808512'],
    ['an escaped quotation mark before a line end', '“"券码\\"\n0332808512'],
  ])('is words with %s in them, unescaped in the frame', async (_, words) => {
    const { wecom, recorded, lines } = await startHarness();
    const body = { msgid: 'X', chattype: 'single', from: { userid: 'zhangsan' }, msgtype: 'text', text: { content: words } };
    const frame = JSON.stringify({ cmd: 'aibot_msg_callback', headers: { req_id: 'r' }, body }, null, 2);
    wecom.tell(frame.replaceAll(/\\[nrt]|\\u00[01]./g, (escape) => JSON.parse(`"${escape}"`) as string));
    // oxlint-disable-next-line no-control-regex -- those that are dropped
    const text = words.replaceAll(/[\r\u001b\u0001]/g, '');
    expect((await recorded.next()).content).toEqual({ kind: 'text', text });
    expect(lines.join()).not.toContain('no JSON');
  });

  it('is nothing where a frame is no JSON, and the log says so without its words', async () => {
    const { wecom, recorded, lines } = await startHarness();
    wecom.tell('{"cmd":"aibot_msg_callback","body":{"secret-word');
    wecom.person('zhangsan').says('hi');
    expect((await recorded.next()).content).toEqual({ kind: 'text', text: 'hi' });
    expect(lines.join()).toContain('no JSON');
    expect(lines.join()).not.toContain('secret-word');
  });

  it('is the quoted message, when there is no other text; a command about a quotation stays a command', async () => {
    const { wecom, recorded } = await startHarness();
    const zhang = wecom.person('zhangsan');
    const quote = { msgtype: 'text', text: { content: '123456789012' } };
    const group = wecom.group('wrGROUP');
    zhang.says('', { in: group, quote });
    zhang.says('核销', { in: group, quote });
    zhang.says('日报', { in: group, quote });
    const heard = [await recorded.next(), await recorded.next(), await recorded.next()];
    expect(heard.map(({ content }) => content.kind === 'text' && content.text)).toEqual(['123456789012', '123456789012', '日报']);
  });

  it('is nothing readable for a file or a voice message without words', async () => {
    const { wecom, recorded } = await startHarness();
    wecom.person('zhangsan').sendsFile(PHOTO);
    wecom.person('zhangsan').speaks('');
    expect((await recorded.next()).content).toEqual({ kind: 'other' });
    expect((await recorded.next()).content).toEqual({ kind: 'other' });
    expect(wecom.media.fetched).toEqual([]);
  });

  it('keeps order, also when a photo takes its time', async () => {
    const { wecom, recorded } = await startHarness();
    const zhang = wecom.person('zhangsan');
    zhang.shows(Buffer.alloc(3_000_000, 1));
    zhang.says('after the photo');
    expect((await recorded.next()).content.kind).toBe('photo');
    expect((await recorded.next()).content.kind).toBe('text');
  });

  it('is an unreadable photo where it cannot be fetched, without its address in the log', async () => {
    for (const fault of ['gone', 'redirect', 'compressed', 'endless', 'wrong-bytes'] as const) {
      const { wecom, recorded, channel, lines } = await startHarness();
      wecom.media.fail(fault);
      wecom.person('zhangsan').shows(PHOTO);
      const { content } = await recorded.next();
      expect(content.kind).toBe('photo');
      await expect(channel.fetch(content.kind === 'photo' ? content.file : ''), fault).rejects.toThrow('no longer');
      expect(lines.join('\n'), fault).toContain('could not be fetched');
      expect(lines.join('\n'), fault).not.toContain('sign=secret');
      expect(wecom.media.fetched, fault).toHaveLength(1);
    }
  });

  it('is not a picture from an address that is not WeCom’s', async () => {
    const { wecom, recorded } = await startHarness();
    const key = Buffer.alloc(32).toString('base64');
    const elsewhere = wecom.mediaBase.replace('127.0.0.1', 'localhost');
    for (const url of [
      `${elsewhere}/media/x`,
      'http://cos.myqcloud.com/x',
      'https://myqcloud.com.evil.example/x',
      'file:///etc/passwd',
    ]) {
      wecom.person(url.slice(-8)).sends({ msgtype: 'image', image: { url, aeskey: key } });
      expect((await recorded.next()).content.kind).toBe('photo');
    }
    expect(wecom.media.fetched).toEqual([]);
  });

  it('is a person who comes in', async () => {
    const { wecom, recorded } = await startHarness();
    wecom.person('zhangsan').enters();
    expect(await recorded.next()).toMatchObject({ chat: 'wecom-bot:zhangsan', content: { kind: 'joined' } });
  });

  it('is a press, once however often it comes, and two presses of the same button', async () => {
    const { wecom, recorded, channel } = await startHarness();
    const zhang = wecom.person('zhangsan');
    zhang.says('1234567890');
    await channel.send(zhang.ref, { kind: 'card', card: CARD }, await recorded.next());
    const card = await zhang.chat.shows('券码');
    zhang.presses(card, '确认核销');
    zhang.presses(card, '确认核销');
    wecom.repeat();
    const [first, second, third] = [await recorded.next(), await recorded.next(), await recorded.next()];
    expect(first.content).toEqual({
      kind: 'press',
      action: { verb: 'use', id: 'a-1' },
      on: { chat: zhang.ref, message: card.task },
    });
    expect(second.id).not.toBe(first.id);
    expect(third.id).toBe(second.id);
  });

  it('reads a press as the package describes it, too', async () => {
    const { wecom, recorded } = await startHarness();
    wecom.tell(
      JSON.stringify({
        cmd: 'aibot_event_callback',
        headers: { req_id: 'r' },
        body: {
          msgid: 'E1',
          msgtype: 'event',
          chattype: 'single',
          from: { userid: 'zhangsan' },
          event: { eventtype: 'template_card_event', event_key: 'use:a-1', task_id: 'T' },
        },
      }),
    );
    expect((await recorded.next()).content).toMatchObject({ kind: 'press', action: { verb: 'use', id: 'a-1' } });
  });

  it('is not a malformed frame: no crash, and the next message is heard', async () => {
    const { wecom, recorded } = await startHarness();
    const body = { msgid: 'X', chattype: 'single', from: { userid: 'zhangsan' }, msgtype: 'text', text: { content: 'x' } };
    const bodies: unknown[] = [
      null,
      [],
      {},
      { ...body, msgid: 7 },
      { ...body, msgid: 'x'.repeat(5000) },
      { ...body, from: null },
      { ...body, from: { userid: '' } },
    ];
    for (const one of bodies) wecom.tell(JSON.stringify({ cmd: 'aibot_msg_callback', headers: { req_id: 'r' }, body: one }));
    for (const event of [null, {}, { eventtype: 'feedback_event' }, { eventtype: 'template_card_event' }])
      wecom.tell(
        JSON.stringify({ cmd: 'aibot_event_callback', headers: { req_id: 'r' }, body: { ...body, msgtype: 'event', event } }),
      );
    wecom
      .person('zhangsan')
      .forges({ byBot: true, look: { kind: 'text', text: '', buttons: [] }, looks: new Map(), task: 'T', by: '' }, 'x');
    wecom.tell('{');
    wecom.person('zhangsan').says('still there?');
    expect((await recorded.next()).content).toEqual({ kind: 'text', text: 'still there?' });
    expect(recorded.all).toHaveLength(1);
  });
});
