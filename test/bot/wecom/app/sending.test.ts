/** Sending to members of the app: cards, lists, texts, and WeCom's refusals. */
import { describe, expect, it } from 'vitest';
import { NotSent, Undeliverable } from '../../../../bot/channel/channel.ts';
import type { Button, Card, Incoming } from '../../../../handlers/message.ts';
import { startHarness, type HarnessOptions } from './harness.ts';

const buttons = (count: number, label = (n: number) => `第 ${n} 家`): Button[][] =>
  Array.from({ length: count }, (_, n) => [{ verb: 'find', id: `s${n + 1}`, label: label(n + 1) }]);

const OPEN: Card = {
  title: '双人下午茶',
  fields: [{ label: '券码', value: '1234567890' }],
  tone: 'open',
  buttons: [[{ verb: 'use', id: 'c1-1', label: '确认核销', style: 'primary' }]],
};
const BUSY: Card = { ...OPEN, title: '处理中', note: '正在核销，请稍候…', tone: 'busy', buttons: [] };
const UNDO: Button = { verb: 'undo', id: 'c1', label: '撤销（还剩 10 分钟）', style: 'danger' };
const DONE: Card = { ...OPEN, title: '核销成功', tone: 'good', buttons: [[UNDO]] };
/** Five coupons of one order that were verified by one press; one of them was not. */
const SEVERAL: Card = {
  ...DONE,
  fields: [
    { label: '商品', value: '24小时自助棋牌室4小时包间周末通用' },
    ...[1, 2, 3, 4].map((n) => ({ label: `${n}`, value: `5948 2868 1${n} · ¥49.90 · 核销成功` })),
    { label: '5', value: '5948 2868 15 · ¥49.90 · 已核销，2026-11-21 19:02，在人民路店' },
    { label: '张数', value: '4 张' },
    { label: '金额', value: '¥199.60' },
    { label: '门店', value: '大声發棋牌室' },
    { label: '时间', value: '11-22 18:30' },
    { label: '核销人', value: 'zhangsan' },
  ],
};
const UNDONE: Card = { ...OPEN, title: '已撤销', tone: 'bad', buttons: [] };

async function open(setup: HarnessOptions = {}) {
  const clock = { at: Date.parse('2026-11-22T18:30:00+08:00') };
  const harness = await startHarness({ now: () => clock.at, ...setup });
  const { channel, zhang, heard } = harness;
  const presses = async (label: string): Promise<Incoming> => {
    await zhang.presses(
      zhang.messages.findLast((one) => one.buttons.some((button) => button.label === label))!,
      label,
    );
    return heard.at(-1)!;
  };
  /** Gives the app's messages and the chat, as people see them. */
  const screen = (): string[] => zhang.messages.filter(({ byBot }) => byBot).map(({ text }) => text);
  const settle = (card: Card, press?: Incoming) => channel.send(zhang.ref, { kind: 'replace', card }, press);
  return { ...harness, clock, presses, screen, settle };
}

describe('a card that was pressed', () => {
  it('shows 处理中 and then the result, both in its place: by the code of its sending, and the press’s own', async () => {
    const { channel, zhang, presses, screen, settle } = await open();
    await channel.send(zhang.ref, { kind: 'card', card: OPEN });
    const press = await presses('确认核销');
    await settle(BUSY, press);
    expect(screen()).toHaveLength(1);
    expect(screen()[0]).toContain('处理中');
    expect(zhang.messages[0]!.buttons).toEqual([]);
    await settle(DONE, press);
    expect(screen()).toHaveLength(1);
    expect(screen()[0]).toContain('核销成功');
    expect(zhang.messages[0]!.buttons.map(({ label }) => label)).toEqual(['撤销']);
    expect(screen()[0]).toContain('撤销（还剩 10 分钟）');
  });

  it('says on a later press that the result follows below, when only one code is left', async () => {
    const { channel, zhang, presses, screen, settle } = await open();
    await channel.send(zhang.ref, { kind: 'card', card: OPEN });
    const press = await presses('确认核销');
    await settle(BUSY, press);
    await settle(DONE, press);
    const second = await presses('撤销');
    await settle(BUSY, second);
    expect(screen()[0]).toContain('结果见下方的新消息');
    await settle(UNDONE, second);
    expect(screen()).toHaveLength(2);
    expect(screen()[1]).toContain('已撤销');
  });

  it('is changed once for the same result, however often it is settled', async () => {
    const { wecom, channel, zhang, presses, screen, settle } = await open();
    await channel.send(zhang.ref, { kind: 'card', card: OPEN });
    const first = await presses('确认核销');
    const more = [await presses('确认核销'), await presses('确认核销')];
    await settle(BUSY, first);
    for (const press of [first, ...more, ...more]) await settle(DONE, press);
    expect(screen()).toHaveLength(1);
    expect(zhang.messages[0]!.edits).toBe(2);
    expect(wecom.count('/message/send')).toBe(1);
  });

  it('is answered by a new message after 72 hours, and by the code of a press made then', async () => {
    const { channel, zhang, presses, screen, settle, clock } = await open();
    const sent = await channel.send(zhang.ref, { kind: 'card', card: OPEN });
    clock.at += 72 * 3_600_000 + 1;
    await channel.send(zhang.ref, {
      kind: 'replace',
      card: BUSY,
      on: sent.kind === 'sent' ? sent.ref! : { chat: '', message: '' },
    });
    expect(screen()).toHaveLength(2);
    await settle(DONE, await presses('确认核销'));
    expect(screen()).toHaveLength(2);
    expect(screen()[0]).toContain('核销成功');
  });

  it.each([42022, 42014, 40058, 40008])('is answered by a new message when WeCom refuses its codes with %i', async (code) => {
    const { wecom, channel, zhang, presses, screen, settle } = await open();
    await channel.send(zhang.ref, { kind: 'card', card: OPEN });
    const press = await presses('确认核销');
    wecom.fail('/message/update_template_card', { kind: 'code', code }, { kind: 'code', code });
    await settle(DONE, press);
    expect(screen()).toHaveLength(2);
    expect(screen()[1]).toContain('核销成功');
  });

  it('keeps its code while WeCom refuses for another reason', async () => {
    const { wecom, channel, zhang, presses, screen, settle } = await open();
    await channel.send(zhang.ref, { kind: 'card', card: OPEN });
    const press = await presses('确认核销');
    wecom.state.trusted = false;
    await expect(settle(BUSY, press)).rejects.toBeInstanceOf(NotSent);
    wecom.state.trusted = true;
    await settle(BUSY, press);
    await settle(DONE, press);
    expect(screen()).toHaveLength(1);
    expect(screen()[0]).toContain('核销成功');
  });

  it('in one chat is not changed from another', async () => {
    const { channel, wecom, zhang, screen } = await open();
    const li = wecom.member('lisi');
    const sent = await channel.send(zhang.ref, { kind: 'card', card: OPEN });
    await channel.send(li.ref, { kind: 'replace', card: DONE, on: sent.kind === 'sent' ? sent.ref! : { chat: '', message: '' } });
    expect(screen()).toHaveLength(1);
    expect(screen()[0]).not.toContain('核销成功');
    expect(li.messages.at(-1)!.text).toContain('核销成功');
  });
});

describe('buttons', () => {
  it('stand on a card, six at most', async () => {
    const { channel, zhang } = await open();
    await channel.send(zhang.ref, { kind: 'say', text: '选择门店', buttons: buttons(6) });
    expect(zhang.messages.at(-1)!.buttons).toHaveLength(6);
  });

  it('are a numbered list beyond that, and a typed number presses one', async () => {
    const { channel, zhang, heard, screen } = await open();
    await channel.send(zhang.ref, { kind: 'say', text: '选择门店', buttons: buttons(10) });
    expect(screen().at(-1)).toContain('10. 第 10 家');
    expect(screen().at(-1)).toContain('回复数字选择');
    await zhang.says('10');
    expect(heard.at(-1)!.content).toMatchObject({ kind: 'press', action: { verb: 'find', id: 's10' } });
    await zhang.says(' ７ ');
    expect(heard.at(-1)!.content).toMatchObject({ kind: 'press', action: { verb: 'find', id: 's7' } });
    for (const text of ['11', '0', '100', '1234567890', '日报']) {
      await zhang.says(text);
      expect(heard.at(-1)!.content).toEqual({ kind: 'text', text });
    }
  });

  it('of a list expire when something else is asked, or after 15 minutes', async () => {
    const { channel, zhang, heard, clock } = await open();
    await channel.send(zhang.ref, { kind: 'say', text: '选择门店', buttons: buttons(10) });
    await channel.send(zhang.ref, { kind: 'say', text: '请发送密码', ask: 'secret' });
    await zhang.says('10');
    expect(heard.at(-1)!.content).toEqual({ kind: 'text', text: '10' });
    await channel.send(zhang.ref, { kind: 'say', text: '选择门店', buttons: buttons(10) });
    clock.at += 15 * 60_000 + 1;
    await zhang.says('10');
    expect(heard.at(-1)!.content).toEqual({ kind: 'text', text: '10' });
  });

  it('of a list expire when the next message has buttons of its own', async () => {
    const { channel, zhang, heard } = await open();
    await channel.send(zhang.ref, { kind: 'say', text: '选择门店', buttons: buttons(10) });
    await channel.send(zhang.ref, { kind: 'card', card: OPEN });
    await zhang.says('2');
    expect(heard.at(-1)!.content).toMatchObject({ kind: 'press', action: { id: 's2' } });
    await channel.send(zhang.ref, { kind: 'say', text: '选择门店', buttons: buttons(2) }, heard.at(-1));
    await zhang.says('2');
    expect(heard.at(-1)!.content).toEqual({ kind: 'text', text: '2' });
  });

  it('become a list where WeCom does not take the card', async () => {
    const { wecom, channel, zhang, screen, heard } = await open();
    wecom.fail('/message/send', { kind: 'code', code: 43012 });
    await channel.send(zhang.ref, { kind: 'card', card: OPEN });
    expect(screen()).toHaveLength(1);
    expect(screen()[0]).toContain('1. 确认核销');
    await zhang.says('1');
    expect(heard.at(-1)!.content).toMatchObject({ kind: 'press', action: { verb: 'use', id: 'c1-1' } });
  });

  it('with long labels are spelled out in the text', async () => {
    const { channel, zhang } = await open();
    const long = (n: number): string => `大声發24小时自助棋牌室${n} 号店（人民路店）`;
    await channel.send(zhang.ref, { kind: 'say', text: '选择门店', buttons: buttons(3, long) });
    const { text, buttons: shown } = zhang.messages.at(-1)!;
    for (const n of [1, 2, 3]) expect(zhang.messages.map((one) => one.text).join('\n') + text).toContain(long(n));
    expect(new Set(shown.map(({ label }) => label.slice(0, 2)))).toEqual(new Set(['1.', '2.', '3.']));
  });
});

describe('a card with more words than it holds', () => {
  const note = '请核对后确认。'.repeat(40);

  it('is sent after the text beyond its size', async () => {
    const { channel, zhang, screen } = await open();
    await channel.send(zhang.ref, { kind: 'card', card: { ...OPEN, note } });
    expect(screen().join('')).toContain(note);
    expect(zhang.messages.at(-1)!.buttons).toHaveLength(1);
  });

  it('tells what became of every coupon when it is changed, though the card holds only the first', async () => {
    const { channel, zhang, presses, screen, settle } = await open();
    await channel.send(zhang.ref, { kind: 'card', card: OPEN });
    const press = await presses('确认核销');
    await settle(BUSY, press);
    await settle(SEVERAL, press);
    expect(zhang.messages[0]!.text).toContain('核销成功');
    for (const { value } of SEVERAL.fields) expect(screen().join('\n')).toContain(value);
    const before = screen().length;
    await settle(SEVERAL, await presses('撤销'));
    expect(screen()).toHaveLength(before);
  });

  it('keeps its beginning when it is changed', async () => {
    const { channel, zhang, presses, screen, settle } = await open();
    await channel.send(zhang.ref, { kind: 'card', card: OPEN });
    await settle({ ...DONE, note }, await presses('确认核销'));
    expect(screen()[0]).toContain(note.slice(0, 100));
  });
});

describe('a long text', () => {
  it('goes out in pieces of at most 2,048 bytes, cut between characters', async () => {
    const { channel, zhang, screen } = await open();
    const text = `${'核'.repeat(1500)}\n${'😀'.repeat(700)}\n${'券'.repeat(10)}`;
    await channel.send(zhang.ref, { kind: 'say', text });
    expect(screen().join('').replaceAll('\n', '')).toBe(text.replaceAll('\n', ''));
    for (const piece of screen()) expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(2048);
  });

  it('says so when only a part of it went out', async () => {
    const { wecom, channel, zhang } = await open();
    wecom.fail('/message/send', { kind: 'code', code: 0 }, { kind: 'code', code: 45009 });
    const going = channel.send(zhang.ref, { kind: 'say', text: '核'.repeat(1500) });
    await expect(going).rejects.toThrow();
    await expect(going).rejects.not.toBeInstanceOf(NotSent);
  });

  it('makes no links of what people wrote', async () => {
    const { channel, zhang, screen } = await open();
    await channel.send(zhang.ref, { kind: 'say', text: '<a href="https://evil.example">平台</a>' });
    expect(screen()[0]).toContain('https://evil.example');
  });
});

describe('a message that WeCom refuses as it is', () => {
  it.each([40008, 40035, 40058, 41016, 44004, 45002, 85002])('is undeliverable with %i: another try is in vain', async (code) => {
    const { wecom, channel, zhang, screen } = await open();
    wecom.fail('/message/send', { kind: 'code', code });
    await expect(channel.send(zhang.ref, { kind: 'say', text: 'hello' })).rejects.toBeInstanceOf(Undeliverable);
    expect(await channel.send(zhang.ref, { kind: 'say', text: 'next' })).toMatchObject({ kind: 'sent' });
    expect(screen()).toEqual(['next']);
  });

  it.each([-1, 45009, 50003, 301002])('is tried again with %i, which passes or is mended', async (code) => {
    const { wecom, channel, zhang } = await open();
    for (let n = 0; n < 5; n += 1) wecom.fail('/message/send', { kind: 'code', code });
    const failed = channel.send(zhang.ref, { kind: 'say', text: 'hello' });
    await expect(failed).rejects.toBeInstanceOf(NotSent);
    await expect(failed).rejects.not.toBeInstanceOf(Undeliverable);
  });
});

describe('a member who cannot be reached', () => {
  it.each([81013, 60111, 40003, 46004, 50002, 60011, 82001, 86001, 86003, 86008])(
    'is gone when WeCom answers %i',
    async (code) => {
      const { wecom, channel, zhang } = await open();
      wecom.fail('/message/send', { kind: 'code', code });
      expect(await channel.send(zhang.ref, { kind: 'say', text: 'hello' })).toEqual({ kind: 'gone' });
    },
  );

  it('is gone, too, where WeCom answers 0 and lists the member as invalid', async () => {
    const { wecom, channel, zhang } = await open();
    for (const json of [
      { invaliduser: 'zhangsan', msgid: 'm' },
      { unlicenseduser: 'zhangsan', msgid: 'm' },
    ]) {
      wecom.fail('/message/send', { kind: 'answer', json });
      expect(await channel.send(zhang.ref, { kind: 'say', text: 'hello' })).toEqual({ kind: 'gone' });
    }
  });

  it('does not see a changed card: the result is a new message', async () => {
    const { wecom, channel, zhang, presses, screen, settle } = await open();
    await channel.send(zhang.ref, { kind: 'card', card: OPEN });
    const press = await presses('确认核销');
    const missed = { kind: 'answer', json: { invaliduser: ['zhangsan'] } } as const;
    wecom.fail('/message/update_template_card', missed, missed);
    await settle(DONE, press);
    expect(screen()).toHaveLength(2);
  });
});

describe('a limit', () => {
  it('of thirty messages a minute is kept: what waits is not lost', async () => {
    const clock = { at: Date.now() };
    const waited: number[] = [];
    const { channel, zhang, heard, screen } = await open({
      now: () => clock.at,
      wait(ms) {
        waited.push(ms);
        clock.at += ms;
        return Promise.resolve();
      },
    });
    await zhang.says('hi');
    for (let n = 1; n <= 45; n += 1) await channel.send(zhang.ref, { kind: 'say', text: `${n}.` }, heard[0]);
    expect(screen()).toHaveLength(45);
    expect(waited.length).toBeGreaterThan(0);
  });

  it('that WeCom reports is retried later', async () => {
    const { wecom, channel, zhang, screen, clock } = await open();
    wecom.fail('/message/send', { kind: 'code', code: 45009 });
    await expect(channel.send(zhang.ref, { kind: 'say', text: '日报' })).rejects.toBeInstanceOf(NotSent);
    clock.at += 60_001;
    await channel.send(zhang.ref, { kind: 'say', text: '日报' });
    expect(screen()).toEqual(['日报']);
  });
});

describe('a failure', () => {
  it('is NotSent only where certainly nothing went out', async () => {
    const { wecom, channel, zhang } = await open({ timeoutMs: 200 });
    wecom.fail('/message/send', { kind: 'code', code: 40014 }, { kind: 'code', code: 40014 });
    await expect(channel.send(zhang.ref, { kind: 'say', text: 'hi' })).rejects.toBeInstanceOf(NotSent);
    wecom.fail('/message/send', { kind: 'reset', after: true });
    const lost = channel.send(zhang.ref, { kind: 'say', text: 'hi' });
    await expect(lost).rejects.toThrow();
    await expect(lost).rejects.not.toBeInstanceOf(NotSent);
  });
});

describe('an acknowledgement', () => {
  it('does not wait for WeCom’s API, however long that takes', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { wecom, channel, zhang, heard } = await open();
    wecom.fail('/message/send', { kind: 'held', until: held });
    await zhang.says('first');
    const answering = channel.send(zhang.ref, { kind: 'say', text: 'answer' }, heard[0]);
    expect(await zhang.says('second')).toEqual([200]);
    expect(zhang.messages.filter(({ byBot }) => byBot)).toEqual([]);
    release();
    await answering;
    expect(zhang.messages.at(-1)!.text).toBe('answer');
  });
});
