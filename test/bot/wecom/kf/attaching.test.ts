/** Pictures and files to customers: uploaded when their turn comes, counted like words, and never lost without a word. */
import { describe, expect, it } from 'vitest';
import { compose, type Part } from '../../../../bot/wecom/kf/compose.ts';
import { FILE, PICTURE } from '../../../fixtures/replies.ts';
import { startHarness, say } from './harness.ts';

async function talking() {
  const harness = await startHarness();
  const lin = harness.wecom.customer('林小姐');
  const writes = async (text = '?'): Promise<void> => {
    lin.says(text);
    await harness.recorded.next();
    await harness.channel.settled();
  };
  await writes();
  return {
    ...harness,
    lin,
    writes,
    send: (reply: Parameters<typeof harness.channel.send>[1]) => harness.channel.send(lin.chat, reply),
    /** The bot's messages, what they bring in place of what they say. */
    async seen(): Promise<string[]> {
      await harness.channel.settled();
      const own = lin.messages.filter(({ byBot }) => byBot);
      return own.map(({ text, picture, file }) => (picture ? '(picture)' : file ? `(${file.name})` : text));
    },
  };
}
const LONG = '长'.repeat(600);

describe('a picture', () => {
  it('is one message below its caption, which is joined with what was said before', async () => {
    const { send, seen, lin } = await talking();
    await send(say('好的'));
    await send(PICTURE);
    await send(say('请打印'));
    expect(await seen()).toEqual(['好的\n\n顾客的二维码', '(picture)', '请打印']);
    expect(lin.sent).toBe(3);
  });

  it('counts against the quota: the sixth message waits for the customer, and the fourth says so', async () => {
    const { send, seen, writes } = await talking();
    for (let n = 0; n < 3; n += 1) {
      await send(say(LONG));
      await seen();
    }
    await send(PICTURE);
    await send(say('请打印'));
    const before = await seen();
    expect(before).toHaveLength(5);
    expect(before[3]).toBe('顾客的二维码\n（还有内容，回复任意文字继续）');
    expect(before[4]).toBe('(picture)');
    await writes();
    expect((await seen()).at(-1)).toBe('请打印');
  });

  it('waits for a customer who has not written for two days, and is uploaded only then', async () => {
    const { send, seen, later, wecom, writes } = await talking();
    later(48 * 3_600_000 + 1000);
    await send(PICTURE);
    expect(await seen()).toEqual([]);
    expect(wecom.asked('/media/upload')).toEqual([]);
    await writes();
    expect(await seen()).toEqual(['顾客的二维码', '(picture)']);
  });

  it('that expired in the queue is replaced by words', async () => {
    const { send, seen, later, database, writes } = await talking();
    later(48 * 3_600_000 + 1000);
    await send(FILE);
    await database.db.deleteFrom('kv').where('ns', '=', 'kf-media').execute();
    await writes();
    expect(await seen()).toEqual(['核销记录', '文件发不出来。']);
  });

  it('survives a restart', async () => {
    const { send, seen, wecom, channel, open, recorded, patience, lin } = await talking();
    wecom.fail('/kf/send_msg', { kind: 'reset', after: false }, { kind: 'reset', after: false });
    await send({ ...PICTURE, caption: '' });
    await channel.stop();
    expect(lin.messages.filter(({ byBot }) => byBot)).toEqual([]);
    const next = open();
    await next.start(recorded.hear);
    await expect
      .poll(async () => {
        await patience.elapse();
        return await seen();
      })
      .toEqual(['(picture)']);
    await next.stop();
  });

  it('whose answer was lost arrives once, although it is uploaded and sent again', async () => {
    const { send, seen, wecom, patience, channel } = await talking();
    wecom.fail('/kf/send_msg', { kind: 'reset', after: true });
    await send({ ...PICTURE, caption: '' });
    await channel.settled();
    await patience.elapse();
    expect(await seen()).toEqual(['(picture)']);
    expect(wecom.asked('/kf/send_msg')).toHaveLength(2);
  });

  it('whose upload was lost is uploaded again', async () => {
    const { send, seen, wecom, patience, channel } = await talking();
    wecom.fail('/media/upload', { kind: 'reset', after: true });
    await send({ ...PICTURE, caption: '' });
    await channel.settled();
    expect(await seen()).toEqual([]);
    await patience.elapse();
    expect(await seen()).toEqual(['(picture)']);
    expect(wecom.asked('/kf/send_msg')).toHaveLength(1);
  });

  it('whose upload was lost does not count as sent after a later refusal', async () => {
    const { send, seen, wecom, patience, channel } = await talking();
    wecom.fail('/media/upload', { kind: 'reset', after: true });
    await send({ ...PICTURE, caption: '' });
    await channel.settled();
    wecom.fail('/kf/send_msg', { kind: 'code', code: 40007 });
    await patience.elapse();
    expect(await seen()).toEqual(['图片发不出来。']);
  });

  it('that was accepted and not delivered comes with the next answer', async () => {
    const { send, seen, lin, channel, writes } = await talking();
    lin.drops = 6;
    await send({ ...PICTURE, caption: '' });
    await channel.settled();
    expect(await seen()).toEqual([]);
    await writes();
    expect(await seen()).toEqual(['(picture)']);
  });

  it('that WeCom refuses is replaced by words, and the next message is sent', async () => {
    const { send, seen, wecom } = await talking();
    wecom.fail('/kf/send_msg', { kind: 'code', code: 0 }, { kind: 'code', code: 40007 });
    await send(PICTURE);
    await send(say('下一条'));
    expect((await seen()).at(-1)).toBe('图片发不出来。\n\n下一条');
  });

  it('is no greeting: it waits until the customer writes', async () => {
    const { wecom, recorded, channel } = await startHarness();
    const chen = wecom.customer('陈先生');
    chen.enters();
    await channel.send(chen.chat, { ...PICTURE, caption: '' }, await recorded.next());
    await channel.settled();
    expect(chen.messages).toEqual([]);
    chen.says('你好');
    await recorded.next();
    await channel.settled();
    expect(chen.messages.at(-1)!.picture).toBeDefined();
  });
});

it('the queue is composed the same again', () => {
  let names = 0;
  const name = (): string => `n${(names += 1)}`;
  const media = { key: 'k', kind: 'image', sorry: '…' } as const;
  const parts: Part[] = [
    { ref: 'a', text: '一', buttons: [] },
    { ref: 'b', text: '二', buttons: [], media },
    { ref: 'c', text: '', buttons: [], media },
    { ref: 'd', text: '三', buttons: [] },
  ];
  const once = compose(parts, name);
  expect(once.map(({ ref, text, media: brings }) => [ref, brings ? '' : text])).toEqual([
    ['n1', '一\n\n二'],
    ['b', ''],
    ['c', ''],
    ['d', '三'],
  ]);
  expect(compose(once, name)).toEqual(once);
});
