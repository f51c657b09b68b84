import { describe, expect, it } from 'vitest';
import type { Button } from '../../../../handlers/message.ts';
import { BUSY, CARD, DONE, startHarness, say, UNSURE } from './harness.ts';

/** A customer who has just written. */
async function talking() {
  const harness = await startHarness();
  const lin = harness.wecom.customer('林小姐');
  lin.says('123456789012');
  const heard = await harness.recorded.next();
  await harness.channel.settled();
  return {
    ...harness,
    lin,
    heard,
    say: (text: string) => harness.channel.send(lin.chat, say(text)),
    /** The press of a card that was shown. */
    async pressed() {
      await harness.channel.send(lin.chat, { kind: 'card', card: CARD }, heard);
      await harness.channel.settled();
      lin.clicks('确认核销');
      return await harness.recorded.next();
    },
    async writes(text = '?') {
      lin.says(text);
      await harness.recorded.next();
      await harness.channel.settled();
    },
  };
}

describe('one answer', () => {
  it('of several replies is one message', async () => {
    const { channel, lin, heard, said, wecom } = await talking();
    await channel.send(lin.chat, say('正在登录平台…'), heard);
    await channel.send(lin.chat, say('已绑定'), heard);
    await channel.send(lin.chat, { kind: 'card', card: CARD }, heard);
    expect(await said(lin)).toEqual(['正在登录平台…\n\n已绑定\n\n🎫 开业特惠通用畅玩4小时\n券码：123456789012\n售价：¥49.00']);
    expect(lin.messages.at(-1)!.items.map(({ label }) => label)).toEqual(['确认核销', '取消']);
    expect(lin.messages.at(-1)!.tail).toContain('1–2');
    expect(wecom.asked('/kf/send_msg')).toHaveLength(1);
  });

  it('is debounced, and 处理中 waits for its outcome', async () => {
    const { channel, lin, pressed, patience } = await talking();
    const press = await pressed();
    await channel.settled();
    await channel.send(lin.chat, { kind: 'replace', card: BUSY }, press);
    expect(patience.open()).toEqual([3000]);
    await channel.send(lin.chat, { kind: 'replace', card: DONE }, press);
    expect(patience.open()).toEqual([300]);
    await patience.elapse(300);
    await channel.settled();
    const texts = lin.messages.map(({ text }) => text);
    expect(texts.filter((text) => text.includes('处理中'))).toEqual([]);
    expect(texts.at(-1)).toContain('✅ 核销成功');
  });

  it('sends 处理中 by itself when the outcome takes longer', async () => {
    const { channel, lin, pressed, patience } = await talking();
    const press = await pressed();
    await channel.settled();
    await channel.send(lin.chat, { kind: 'replace', card: BUSY }, press);
    await patience.elapse(3000);
    await expect.poll(() => lin.messages.at(-1)!.text).toContain('处理中');
    await channel.send(lin.chat, { kind: 'replace', card: DONE }, press);
    await patience.elapse(300);
    await expect.poll(() => lin.messages.at(-1)!.text).toContain('核销成功');
  });

  it('that begins while the press is being stored waits as long', async () => {
    const { channel, lin, pressed, patience, open } = await talking();
    await pressed();
    await channel.stop();
    const next = open();
    await next.start((press) => next.send(lin.chat, { kind: 'replace', card: BUSY }, press).then(() => undefined));
    await next.fetched();
    lin.clicks('确认核销');
    next.notify({ openKfid: lin.openKfid, token: 'ENC' });
    await next.fetched();
    await expect.poll(() => patience.open()).toEqual([3000]);
    await next.stop();
  });

  it('that is unsure is sent soon: no outcome is expected', async () => {
    const { channel, lin, pressed, patience, said } = await talking();
    const press = await pressed();
    await channel.settled();
    await channel.send(lin.chat, { kind: 'replace', card: BUSY }, press);
    await channel.send(lin.chat, { kind: 'replace', card: UNSURE }, press);
    expect(patience.open()).toEqual([300]);
    expect((await said(lin)).at(-1)).toMatch(/^⏳ 结果待确认/);
  });

  it('does not take another card’s outcome for its own', async () => {
    const { channel, lin, pressed, said } = await talking();
    const press = await pressed();
    const other = { chat: lin.chat, message: 'another' };
    await channel.send(lin.chat, { kind: 'replace', card: BUSY }, press);
    await channel.send(lin.chat, { kind: 'replace', card: DONE, on: other }, press);
    expect((await said(lin)).at(-1)).toMatch(/处理中[^]*核销成功/);
  });

  it('with more choices than a menu holds is a list with numbers', async () => {
    const { channel, lin, heard, said, recorded } = await talking();
    const buttons = Array.from({ length: 14 }, (_, n): Button[] => [
      { verb: 'bind-store', id: `d-${n}`, label: `门店 ${n + 1}` },
    ]);
    await channel.send(lin.chat, { kind: 'say', text: '选择门店：', buttons }, heard);
    const [text] = await said(lin);
    expect(text).toContain('选择门店：\n1. 门店 1\n');
    expect(text).toContain('14. 门店 14\n请回复序号 1–14');
    expect(lin.messages.at(-1)!.items).toEqual([]);
    lin.says('14');
    expect((await recorded.next()).content).toMatchObject({ kind: 'press', action: { verb: 'bind-store', id: 'd-13' } });
  });

  it('lists its choices once, although it has to be sent again', async () => {
    const { channel, lin, heard, wecom, patience, said } = await talking();
    const buttons = Array.from({ length: 12 }, (_, n): Button[] => [{ verb: 'report', id: `s${n}`, label: `门店 ${n + 1}` }]);
    wecom.fail('/kf/send_msg', { kind: 'reset', after: false });
    await channel.send(lin.chat, { kind: 'say', text: '哪家门店：', buttons }, heard);
    await channel.settled();
    await patience.elapse();
    const [text] = await said(lin);
    expect(text!.split('\n').filter((line) => line === '1. 门店 1')).toHaveLength(1);
  });

  it('with a long text and a menu keeps the last lines with the menu', async () => {
    const { channel, lin, heard, said } = await talking();
    const lines = Array.from({ length: 120 }, (_, n) => `第 ${n + 1} 行记录`);
    await channel.send(
      lin.chat,
      { kind: 'say', text: lines.join('\n'), buttons: [[{ verb: 'use', id: 'y', label: '好' }]] },
      heard,
    );
    expect((await said(lin)).flatMap((text) => text.split('\n'))).toEqual(lines);
    expect(lin.messages.at(-1)!.items).toHaveLength(1);
  });
});

describe('five messages', () => {
  /** Says so much that each is a message of its own. */
  const long = (name: string): string => `${name} ${'长'.repeat(600)}`;

  it('are the quota until the customer writes; the rest is queued until then', async () => {
    const { channel, lin, say: tell, said, writes } = await talking();
    for (const name of ['一', '二', '三', '四', '五', '六', '七']) {
      await tell(long(name));
      await channel.settled();
    }
    expect((await said(lin)).map((text) => text[0])).toEqual(['一', '二', '三', '四', '五']);
    expect(lin.sent).toBe(5);
    await writes();
    expect((await said(lin)).map((text) => text[0])).toEqual(['一', '二', '三', '四', '五', '六', '七']);
    expect(lin.sent).toBe(2);
  });

  it('say in the last of them that there is more', async () => {
    const { lin, say: tell, said, writes } = await talking();
    const lines = Array.from({ length: 1200 }, (_, n) => `第 ${n + 1} 行`);
    await tell(lines.join('\n'));
    expect((await said(lin)).at(-1)).toContain('（还有内容，回复任意文字继续）');
    await writes();
    const all = (await said(lin)).flatMap((text) => text.split('\n')).filter((line) => !line.startsWith('（还有内容'));
    expect(all).toEqual(lines);
  });

  it('are counted by WeCom: when it reports the quota as used up, the message waits', async () => {
    const { lin, say: tell, said, wecom, writes } = await talking();
    wecom.fail('/kf/send_msg', { kind: 'code', code: 95001 });
    await tell('日报');
    expect(await said(lin)).toEqual([]);
    await tell('更正');
    await said(lin);
    expect(wecom.asked('/kf/send_msg')).toHaveLength(1);
    await writes();
    expect(await said(lin)).toEqual(['日报\n\n更正']);
  });

  it('expire after 48 hours: nothing is even tried', async () => {
    const { lin, say: tell, said, wecom, later, writes } = await talking();
    later(48 * 3_600_000 + 1000);
    await tell('日报');
    expect(await said(lin)).toEqual([]);
    expect(wecom.asked('/kf/send_msg')).toEqual([]);
    await writes();
    expect(await said(lin)).toEqual(['日报']);
  });

  it('are not granted to a customer who never wrote', async () => {
    const { wecom, channel, said } = await startHarness();
    const lin = wecom.customer('林小姐');
    expect(await channel.send(lin.chat, say('日报'))).toMatchObject({ kind: 'sent' });
    expect(await said(lin)).toEqual([]);
  });

  it('begin anew with a new message only, not with an old one that comes again', async () => {
    const { channel, lin, say: tell, wecom, said } = await talking();
    for (let n = 0; n < 5; n += 1) {
      await tell(long(String(n)));
      await channel.settled();
    }
    await tell('more');
    wecom.repeat();
    expect(await said(lin)).toHaveLength(5);
    expect(wecom.asked('/kf/send_msg')).toHaveLength(5);
  });

  it('and the queue survive a restart', async () => {
    const { channel, lin, say: tell, wecom, open, recorded, patience } = await talking();
    wecom.fail('/kf/send_msg', { kind: 'reset', after: false }, { kind: 'reset', after: false });
    await tell('核销成功');
    await channel.settled();
    expect(lin.messages.filter(({ byBot }) => byBot)).toEqual([]);
    await channel.stop();
    const next = open();
    await next.start(recorded.hear);
    await expect
      .poll(async () => {
        await patience.elapse();
        return lin.messages.at(-1)!.text;
      })
      .toBe('核销成功');
    await next.stop();
  });
});

describe('messages to one customer', () => {
  it('go out one at a time, however slow WeCom is', async () => {
    const { channel, lin, say: tell, wecom, patience } = await talking();
    let go: () => void = () => undefined;
    wecom.fail('/kf/send_msg', { kind: 'late', until: new Promise<void>((resolve) => (go = resolve)) });
    await tell('一');
    await patience.elapse();
    await expect.poll(() => wecom.asked('/kf/send_msg')).toHaveLength(1);
    await tell('二');
    await patience.elapse();
    go();
    await channel.settled();
    expect(lin.messages.filter(({ byBot }) => byBot).map(({ text }) => text)).toEqual(['一', '二']);
    expect(wecom.asked('/kf/send_msg')).toHaveLength(2);
  });

  it('do not block another’s', async () => {
    const { channel, say: tell, wecom, recorded, patience } = await talking();
    let go: () => void = () => undefined;
    wecom.fail('/kf/send_msg', { kind: 'late', until: new Promise<void>((resolve) => (go = resolve)) });
    await tell('一');
    await patience.elapse();
    await expect.poll(() => wecom.asked('/kf/send_msg')).toHaveLength(1);
    const chen = wecom.customer('陈先生');
    chen.says('hello');
    await channel.send(chen.chat, say('你好'), await recorded.next());
    await channel.fetched();
    await patience.elapse();
    await expect.poll(() => chen.messages.at(-1)!.text).toBe('你好');
    go();
  });

  it('are sent before `stop` resolves', async () => {
    const { channel, lin, say: tell } = await talking();
    await tell('一');
    await channel.stop();
    expect(lin.messages.at(-1)!.text).toBe('一');
    await tell('二');
    expect(lin.messages.at(-1)!.text).toBe('二');
  });
});

describe('a message whose answer was lost', () => {
  it('arrives once, although it is sent again', async () => {
    const { channel, lin, say: tell, wecom, patience } = await talking();
    wecom.fail('/kf/send_msg', { kind: 'reset', after: true });
    await tell('核销成功');
    await channel.settled();
    await patience.elapse();
    await channel.settled();
    expect(wecom.asked('/kf/send_msg')).toHaveLength(2);
    expect(lin.messages.filter(({ text }) => text === '核销成功')).toHaveLength(1);
    await tell('next');
    await channel.settled();
    expect(lin.messages.at(-1)!.text).toBe('next');
  });

  it('is not merged with the next, which would change it', async () => {
    const { channel, lin, say: tell, wecom, patience } = await talking();
    wecom.fail('/kf/send_msg', { kind: 'reset', after: true }, { kind: 'reset', after: false });
    await tell('核销成功');
    await channel.settled();
    await tell('next');
    await channel.settled();
    await patience.elapse();
    await channel.settled();
    expect(lin.messages.filter(({ byBot }) => byBot).map(({ text }) => text)).toEqual(['核销成功', 'next']);
  });

  it('is sent again by a process that finds it in flight', async () => {
    const { channel, lin, say: tell, wecom, open, recorded, patience } = await talking();
    wecom.fail(
      '/kf/send_msg',
      { kind: 'reset', after: true },
      ...Array.from({ length: 9 }, () => ({ kind: 'reset', after: false }) as const),
    );
    await tell('核销成功');
    await channel.stop();
    const next = open();
    await next.start(recorded.hear);
    const soon = setInterval(() => void patience.elapse(), 2);
    await expect.poll(() => wecom.asked('/kf/send_msg').length).toBeGreaterThan(5);
    clearInterval(soon);
    await next.stop();
    expect(lin.messages.filter(({ text }) => text === '核销成功')).toHaveLength(1);
  });
});

describe('a refused message', () => {
  it.each([-1, 45009, 48002, 48007, 60020, 95017, 95003])('with %i is retried later', async (code) => {
    const { channel, lin, say: tell, wecom, patience, later, said } = await talking();
    // A busy WeCom is asked again at once a few times.
    wecom.fail('/kf/send_msg', ...Array.from({ length: code === -1 ? 4 : 1 }, () => ({ kind: 'code', code }) as const));
    await tell('核销成功');
    await channel.settled();
    await expect.poll(() => patience.open()).toEqual([1000]);
    later(61_000);
    await patience.elapse();
    expect(await said(lin)).toEqual(['核销成功']);
  });

  it('of bad content is dropped, and the next one is sent', async () => {
    const { channel, lin, say: tell, wecom, lines, said } = await talking();
    wecom.fail('/kf/send_msg', { kind: 'code', code: 85002 });
    await tell('forbidden 123456789012');
    await channel.settled();
    await tell('next');
    expect(await said(lin)).toEqual(['next']);
    expect(lines.filter((line) => line.startsWith('error'))).toHaveLength(1);
    expect(lines.join('\n')).not.toContain('123456789012');
  });

  it('because the account is gone ends the chat until the customer writes', async () => {
    const { channel, lin, say: tell, wecom, said, writes } = await talking();
    wecom.fail('/kf/send_msg', { kind: 'code', code: 95004 });
    await tell('日报');
    await channel.settled();
    expect(await tell('日报 2')).toEqual({ kind: 'gone' });
    await writes();
    await tell('hello again');
    expect(await said(lin)).toEqual(['hello again']);
  });

  it('in a conversation that waits for a colleague takes the conversation back', async () => {
    const { lin, say: tell, said, wecom } = await talking();
    lin.state = 2;
    await tell('核销成功');
    expect(await said(lin)).toEqual(['核销成功']);
    expect(wecom.asked('/kf/service_state/trans')).toMatchObject([{ service_state: 1 }]);
  });

  it('in a colleague’s conversation waits, and leaves it to the colleague', async () => {
    const { lin, say: tell, said, wecom, writes } = await talking();
    lin.state = 3;
    await tell('核销成功');
    expect(await said(lin)).toEqual([]);
    expect(wecom.asked('/kf/service_state/trans')).toEqual([]);
    lin.state = 1;
    await writes();
    expect(await said(lin)).toEqual(['核销成功']);
  });

  it('after the conversation ended waits for the customer', async () => {
    const { lin, say: tell, said, writes } = await talking();
    lin.state = 4;
    await tell('核销成功');
    expect(await said(lin)).toEqual([]);
    await writes();
    expect(await said(lin)).toEqual(['核销成功']);
  });

  it.each([95016, 95018])(
    'in a conversation that cannot be taken back (%i) waits, too, without endless retries',
    async (code) => {
      const { lin, say: tell, said, wecom } = await talking();
      lin.state = 2;
      wecom.fail('/kf/service_state/trans', { kind: 'code', code });
      await tell('核销成功');
      expect(await said(lin)).toEqual([]);
      expect(wecom.asked('/kf/send_msg')).toHaveLength(1);
    },
  );

  it('in a conversation already taken back is not retried for ever', async () => {
    const { lin, say: tell, said, wecom } = await talking();
    Object.defineProperty(lin, 'state', { get: () => 2, set() {} });
    await tell('核销成功');
    expect(await said(lin)).toEqual([]);
    expect(wecom.asked('/kf/send_msg')).toHaveLength(2);
  });
});

describe('a message that was accepted and not delivered', () => {
  it.each([0, 4, 5, 6])('(%i) waits for the customer', async (why) => {
    const { channel, lin, say: tell, said, writes } = await talking();
    lin.drops = why;
    await tell('核销成功');
    await channel.settled();
    expect(await said(lin)).toEqual([]);
    await writes();
    expect(await said(lin)).toEqual(['核销成功']);
  });

  it('because the customer refuses messages ends the chat until the customer writes', async () => {
    const { channel, lin, say: tell, said } = await talking();
    lin.drops = 10;
    await tell('日报');
    await said(lin);
    await channel.settled();
    expect(await tell('日报 2')).toEqual({ kind: 'gone' });
  });

  it.each([1, 2, 8, 11, 12])('(%i) is logged for the operator', async (why) => {
    const { channel, lin, say: tell, said, lines } = await talking();
    lin.drops = why;
    await tell('日报');
    await said(lin);
    await channel.settled();
    expect(lines.join('\n')).toContain(`"why":${why}`);
  });
});

it('the queue of a customer is sealed', async () => {
  const { say: tell, database, later, channel } = await talking();
  later(48 * 3_600_000 + 1000);
  await tell('券码 123456789012');
  await channel.settled();
  const rows = JSON.stringify(await database.db.selectFrom('kv').selectAll().execute());
  expect(rows).toContain('kf-talk');
  expect(rows).not.toContain('123456789012');
});

describe('links for a store’s customers', () => {
  it('lead to each account, and say which store’s link it was', async () => {
    const { channel, wecom, recorded } = await startHarness();
    wecom.account('wktwo', '二店');
    const links = await channel.customerLinks('store12');
    expect(links.map(({ name }) => name)).toEqual(['大声發', '二店']);
    const chen = wecom.customer('陈先生', 'wktwo');
    chen.scans(links[1]!.url);
    expect(await recorded.next()).toMatchObject({ chat: chen.chat, viaStoreLink: 'store12', content: { kind: 'joined' } });
    await expect(channel.customerLinks('a store')).rejects.toThrow('not a scene');
  });

  it('are none where 微信客服 is not granted to the app, and fail while WeCom fails', async () => {
    const { channel, wecom } = await startHarness();
    // The start has asked by then.
    await expect.poll(() => wecom.asked('/kf/account/list').length).toBe(1);
    wecom.fail('/kf/account/list', { kind: 'code', code: 48002 });
    expect(await channel.customerLinks('store12')).toEqual([]);
    wecom.fail('/kf/account/list', { kind: 'code', code: 60020 });
    await expect(channel.customerLinks('store12')).rejects.toThrow('60020');
    wecom.fail('/kf/add_contact_way', { kind: 'code', code: 48007 });
    await expect(channel.customerLinks('store12')).rejects.toThrow('48007');
  });
});
