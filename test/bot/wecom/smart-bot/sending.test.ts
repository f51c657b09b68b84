import { describe, expect, it } from 'vitest';
import { NotSent, Undeliverable } from '../../../../bot/channel/channel.ts';
import type { Button } from '../../../../handlers/message.ts';
import type { FakeBotMessage } from '../../../doubles/wecom-smart-bot.ts';
import { BUSY, CARD, DONE, startHarness } from './harness.ts';

/** Somebody has sent a code; `send` answers it. */
async function talk(setup: Parameters<typeof startHarness>[0] = {}) {
  const harness = await startHarness(setup);
  const zhang = harness.wecom.person('zhangsan');
  zhang.says('1234567890');
  const heard = await harness.recorded.next();
  const send = (reply: Parameters<typeof harness.channel.send>[1]) => harness.channel.send(zhang.ref, reply, heard);
  const shown = (): FakeBotMessage[] => zhang.chat.messages.filter(({ byBot }) => byBot);
  return { ...harness, zhang, heard, send, shown };
}
const press = (label: string, n: number): Button => ({ verb: 'find', id: `x-${n}`, label });

describe('what the robot says', () => {
  it('answers the message it was asked by, so that the interaction is finished', async () => {
    const { wecom, zhang, send, shown } = await talk();
    await send({ kind: 'say', text: 'one' });
    await send({ kind: 'card', card: CARD });
    expect(shown().map(({ by }) => by)).toEqual(['aibot_respond_msg', 'aibot_respond_msg']);
    for (let n = 0; n < 3; n += 1) expect(zhang.says(String(n))).toBe(true);
    expect(zhang.says('a fourth'), 'WeCom takes three at once').toBe(false);
    expect(wecom.lost()).toBe(0);
  });

  it('answers each of two photos in one message, also when both answers are the same', async () => {
    const { wecom, channel, recorded } = await startHarness();
    const zhang = wecom.person('zhangsan');
    zhang.mixes('', [Buffer.from('one'), Buffer.from('two')]);
    for (const photo of [await recorded.next(), await recorded.next()])
      await channel.send(zhang.ref, { kind: 'say', text: '没有识别到券码' }, photo);
    expect(zhang.chat.messages.filter(({ byBot }) => byBot)).toHaveLength(2);
  });

  it('pushes where the message can no longer be answered', async () => {
    let time = 1_700_000_000_000;
    const { wecom, send, shown } = await talk({ now: () => time });
    time += 25 * 3_600_000;
    await send({ kind: 'say', text: 'a day later' });
    expect(wecom.refusals).toEqual([]);
    expect(shown()[0]).toMatchObject({ by: 'aibot_send_msg', look: { text: 'a day later' } });
  });

  it('pushes where WeCom does not know the message any more', async () => {
    const { wecom, send, shown } = await talk();
    wecom.fault('aibot_respond_msg', { kind: 'error', code: 846605 });
    expect(await send({ kind: 'say', text: 'hello' })).toEqual({ kind: 'sent' });
    expect(shown()[0]).toMatchObject({ by: 'aibot_send_msg' });
  });

  it.each([40058, 44004, 45002, 85002])('a message that is refused as it is with %i is undeliverable', async (code) => {
    const { wecom, send, shown } = await talk();
    wecom.fault('aibot_respond_msg', { kind: 'error', code });
    await expect(send({ kind: 'say', text: 'hello' })).rejects.toBeInstanceOf(Undeliverable);
    expect(await send({ kind: 'say', text: 'next' })).toEqual({ kind: 'sent' });
    expect(shown()).toHaveLength(1);
  });

  it('pushes where somebody wrote before, to the right kind of chat, and nowhere else', async () => {
    const { wecom, zhang, channel, recorded } = await talk();
    const group = wecom.group('wrGROUP');
    zhang.says('hi', { in: group });
    await recorded.next();
    for (const chat of [zhang.ref, group.ref]) {
      expect(await channel.send(chat, { kind: 'say', text: '日报' })).toEqual({ kind: 'sent' });
    }
    expect(wecom.calls.filter(({ cmd }) => cmd === 'aibot_send_msg').map(({ body }) => body['chat_type'])).toEqual([1, 2]);
    wecom.person('lisi');
    expect(await channel.send('wecom-bot:lisi', { kind: 'say', text: '日报' })).toEqual({ kind: 'gone' });
    expect(await channel.send('wecom-bot:nobody', { kind: 'say', text: '日报' })).toEqual({ kind: 'gone' });
  });

  it('welcomes a person who comes in, in plain text, in time', async () => {
    let time = 1_700_000_000_000;
    const { wecom, recorded, channel } = await startHarness({ now: () => time });
    const zhang = wecom.person('zhangsan');
    zhang.enters();
    await channel.send(zhang.ref, { kind: 'say', text: '你好 *_<b>' }, await recorded.next());
    expect(zhang.chat.messages).toMatchObject([{ by: 'aibot_respond_welcome_msg', look: { text: '你好 *_<b>' } }]);
    zhang.enters();
    const late = await recorded.next();
    time += 5000;
    // He never wrote: the robot may not begin.
    expect(await channel.send(zhang.ref, { kind: 'say', text: 'too late' }, late)).toEqual({ kind: 'gone' });
    expect(zhang.chat.messages).toHaveLength(1);
  });

  it.each([
    '**张三** *李四* _王五_ __x__ a_b_c ~~x~~ `x` \\*',
    '# 一号店\n## x\n> 引用\n- 列\n+ 列\n---\n===\n| a | b |',
    '<@zhangsan> <font color="red">x</font> &lt; &amp; &#42; AT&T',
    '[x](http://evil.example) ![y](z) 1 < 2 > 1',
    'https://example.com/bind/a_b_c*d and _x_',
    '1. 一\n2. 二',
  ])('shows %j as it is', async (text) => {
    const { send, shown } = await talk();
    await send({ kind: 'say', text });
    expect(shown()[0]!.look.text).toBe(text);
  });

  it('leaves addresses whole, so that they can be tapped', async () => {
    const { wecom, send } = await talk();
    await send({ kind: 'say', text: '打开 https://example.com/bind/a_b_c' });
    const { body } = wecom.calls.at(-1)!;
    expect(JSON.stringify(body)).toContain('https://example.com/bind/a_b_c');
  });

  it('sends a mark in place of an empty text', async () => {
    const { send, shown } = await talk();
    expect(await send({ kind: 'say', text: ' \n ' })).toEqual({ kind: 'sent' });
    expect(shown()[0]!.look.text).toBe('…');
  });

  it('mentions the person of a whisper in a group, since everybody reads it', async () => {
    const { wecom, recorded, channel } = await startHarness();
    const group = wecom.group('wrGROUP');
    wecom.person('zhangsan').says('x', { in: group });
    await channel.send(group.ref, { kind: 'whisper', text: '你没有核销权限' }, await recorded.next());
    expect((await group.shows('权限')).look.text).toBe('zhangsan：你没有核销权限');
  });
});

describe('a card', () => {
  it('fits within WeCom’s sizes, and no text is lost', async () => {
    const { send, shown } = await talk();
    const title = '工作日午市双人下午茶套餐含甜点两份饮品两杯周末及节假日通用';
    const fields = [
      { label: '券码', value: '123456789012' },
      { label: 'Verified by', value: '张三' },
      { label: '商品', value: '一二三四五六七八九十一二三四五六七八九十一二三四五六七' },
      ...['一', '二', '三', '四', '五', '六'].map((label) => ({ label, value: 'x' })),
    ];
    await send({ kind: 'card', card: { ...CARD, title, fields, note: '请核对后确认' } });
    const text = shown()
      .map(({ look }) => look.text)
      .join('\n');
    for (const part of [title, '请核对后确认', ...fields.flatMap(({ label, value }) => [label, value])])
      expect(text).toContain(part);
    expect(
      shown()
        .at(-1)!
        .look.buttons.map(({ label }) => label),
    ).toEqual(['确认核销', '取消']);
  });

  it('has far too long text in a message before it', async () => {
    const { send, shown } = await talk();
    const note = '说明'.repeat(300);
    await send({ kind: 'card', card: { ...CARD, note } });
    expect(shown()).toHaveLength(2);
    expect(shown()[0]!.look.text).toContain(note);
    expect(shown()[1]!.look.text).toContain('123456789012');
  });

  it('has short buttons, and spells their labels out in the text', async () => {
    const { send, shown } = await talk();
    const undo = { verb: 'undo', id: 'a', label: '撤销（还剩 10 分钟）', style: 'danger' } as const;
    await send({ kind: 'card', card: { ...DONE, buttons: [[undo]] } });
    const { look } = shown()[0]!;
    expect(look.buttons).toEqual([{ label: '撤销', key: 'undo:a', style: 3 }]);
    expect(look.text).toContain('撤销（还剩 10 分钟）');
    await send({
      kind: 'say',
      text: '选择门店：',
      buttons: [[press('大声發24小时自助棋牌室5', 1)], [press('大声發24小时自助棋牌室6', 2)]],
    });
    const stores = shown()[1]!.look;
    expect(stores.text).toBe('选择门店：\n1. 大声發24小时自助棋牌室5\n2. 大声發24小时自助棋牌室6');
    expect(stores.buttons.map(({ label }) => label)).toEqual(['1. 大声發24小…', '2. 大声發24小…']);
  });

  it('without buttons is a message: WeCom’s notices require an address', async () => {
    const { send, shown } = await talk();
    expect(await send({ kind: 'card', card: DONE })).toEqual({ kind: 'sent' });
    expect(shown()[0]!.look).toMatchObject({ kind: 'markdown', text: '✅ 核销成功\n券码：123456789012\n售价：¥49.00' });
  });

  it('has a random id that is never repeated', async () => {
    const { send } = await talk();
    const ids = [await send({ kind: 'card', card: CARD }), await send({ kind: 'card', card: CARD })].map((sent) =>
      sent.kind === 'sent' ? sent.ref?.message : '',
    );
    expect(new Set(ids).size).toBe(2);
    expect(ids.join()).not.toMatch(/1234|a-1/);
  });

  it('that WeCom refuses is sent as a numbered list', async () => {
    const { wecom, zhang, recorded, send, shown } = await talk();
    wecom.fault('aibot_respond_msg', { kind: 'error', code: 40008 });
    expect(await send({ kind: 'card', card: CARD })).toMatchObject({ kind: 'sent' });
    expect(shown()[0]!.look.text).toContain('1. 确认核销\n2. 取消\n\n回复数字选择。');
    zhang.says('1');
    expect((await recorded.next()).content).toMatchObject({ kind: 'press', action: { verb: 'use', id: 'a-1' } });
  });
});

describe('more buttons than a card takes', () => {
  const many = Array.from({ length: 10 }, (_, n) => [press(`门店 ${n + 1} *`, n)]);

  it('are numbered, and a typed number is the press', async () => {
    const { zhang, recorded, send, shown, channel } = await talk();
    await send({ kind: 'say', text: '选择门店：', buttons: many });
    expect(shown()[0]!.look.text).toContain('选择门店：\n\n1. 门店 1 *\n');
    zhang.says(' １０ ');
    const chosen = await recorded.next();
    expect(chosen.content).toMatchObject({ kind: 'press', action: { verb: 'find', id: 'x-9' } });
    await channel.send(zhang.ref, { kind: 'replace', card: DONE }, chosen);
    expect(shown().at(-1)).toMatchObject({ by: 'aibot_respond_msg', look: { text: expect.stringContaining('核销成功') } });
  });

  it('in a group, where the robot hears only what mentions it, say so', async () => {
    const { wecom, channel, recorded } = await startHarness();
    const group = wecom.group('wrGROUP');
    wecom.person('zhangsan').says('x', { in: group });
    await channel.send(group.ref, { kind: 'say', text: '选择门店：', buttons: many }, await recorded.next());
    expect((await group.shows('选择门店')).look.text).toContain('请 @我 再写数字来选择');
  });

  it.each(['11', '0', '100', '123456789012', '1 2', '十一'])('do not take %j for a choice', async (typed) => {
    const { zhang, recorded, send } = await talk();
    await send({ kind: 'say', text: '选择门店：', buttons: many });
    zhang.says(typed);
    expect((await recorded.next()).content).toEqual({ kind: 'text', text: typed });
  });

  it('are no choice any more when what was asked for next has buttons of its own', async () => {
    const { zhang, recorded, send } = await talk();
    await send({ kind: 'say', text: '选择门店：', buttons: many });
    await send({ kind: 'say', text: '选择门店：', buttons: [[press('门店 11', 10)], [press('门店 12', 11)]] });
    zhang.says('2');
    expect((await recorded.next()).content).toEqual({ kind: 'text', text: '2' });
  });

  it('stay a choice when something comes in between by itself', async () => {
    const { channel, zhang, recorded, send } = await talk();
    await send({ kind: 'say', text: '选择门店：', buttons: many });
    await channel.send(zhang.ref, { kind: 'card', card: CARD });
    zhang.says('2');
    expect((await recorded.next()).content).toMatchObject({ kind: 'press', action: { id: 'x-1' } });
  });

  it('are no choice any more when something else was asked', async () => {
    const { zhang, recorded, send } = await talk();
    await send({ kind: 'say', text: '选择门店：', buttons: many });
    await send({ kind: 'say', text: '请发送密码', ask: 'secret' });
    zhang.says('3');
    expect((await recorded.next()).content).toEqual({ kind: 'text', text: '3' });
  });
});

describe('a pressed card', () => {
  async function pressed(setup: Parameters<typeof startHarness>[0] = {}) {
    const harness = await talk(setup);
    await harness.send({ kind: 'card', card: CARD });
    const card = harness.shown()[0]!;
    harness.zhang.presses(card, '确认核销');
    const event = await harness.recorded.next();
    const answer = (reply: Parameters<typeof harness.channel.send>[1]) => harness.channel.send(harness.zhang.ref, reply, event);
    return { ...harness, card, event, answer };
  }

  it('says 处理中 without buttons at once, and the result is a new message', async () => {
    const { card, answer, shown } = await pressed();
    await answer({ kind: 'replace', card: BUSY });
    expect(card.look.buttons).toEqual([]);
    expect(card.look.text).toContain('处理中');
    expect(card.look.text).toContain('结果见下方的新消息');
    expect(shown()).toHaveLength(1);
    await answer({ kind: 'replace', card: DONE });
    expect(card.look.text).toContain('处理中');
    expect(shown()).toHaveLength(2);
    expect(shown()[1]!.look.text).toContain('核销成功');
  });

  it('says 处理中 by itself, to the one who pressed, when nothing is heard of the press for three seconds', async () => {
    const { wecom, waits, zhang, card, answer, shown } = await pressed();
    expect(waits.asked).toContain(3000);
    waits.elapse(3000);
    await wecom.heard(({ cmd }) => cmd === 'aibot_respond_update_msg');
    expect(zhang.sees(card)).toMatchObject({ buttons: [], text: expect.stringContaining('处理中') });
    expect(wecom.person('lisi').sees(card).buttons).toHaveLength(2);
    // It says so already.
    expect(await answer({ kind: 'replace', card: BUSY })).toMatchObject({ kind: 'sent' });
    expect(shown()).toHaveLength(1);
    await answer({ kind: 'replace', card: DONE });
    expect(shown()[1]!.look.text).toContain('核销成功');
  });

  it('can ask something new', async () => {
    const { zhang, recorded, card, answer, shown } = await pressed();
    await answer({ kind: 'replace', card: { ...CARD, title: '确定撤销这次核销？' } });
    expect(card.look.text).toContain('确定撤销');
    zhang.presses(card, '取消');
    expect((await recorded.next()).content).toMatchObject({ kind: 'press', on: { message: card.task } });
    expect(shown()).toHaveLength(1);
  });

  it('is followed by a message with the whole text, when its update holds only the beginning', async () => {
    const { card, answer, shown } = await pressed();
    const lines = [1, 2, 3, 4, 5].map((n) => ({ label: `${n}`, value: `5948 2868 1${n} · ¥49.90 · 核销成功` }));
    await answer({ kind: 'replace', card: { ...DONE, fields: lines } });
    expect(card.look.text).toContain('核销成功');
    expect(card.look.buttons).toEqual([]);
    const said = shown().map(({ look }) => look.text);
    for (const { value } of lines) expect(said.join('\n')).toContain(value);
  });

  it('with more buttons than a card takes is answered by a new message, without asking WeCom', async () => {
    const { wecom, card, answer, shown } = await pressed();
    await answer({
      kind: 'replace',
      card: { ...CARD, buttons: Array.from({ length: 9 }, (_, n) => [press(`门店 ${n + 1}`, n)]) },
    });
    expect(card.look.buttons).toHaveLength(2);
    expect(shown().at(-1)!.look.text).toContain('9. 门店 9');
    expect(wecom.calls.filter(({ cmd }) => cmd === 'aibot_respond_update_msg')).toEqual([]);
  });

  it('is answered by a new message when its five seconds are over', async () => {
    let time = 1_700_000_000_000;
    const { wecom, card, answer, shown } = await pressed({ now: () => time });
    time += 5000;
    await answer({ kind: 'replace', card: DONE });
    expect(card.look.buttons).toHaveLength(2);
    expect(shown()[1]!.look.text).toContain('核销成功');
    expect(wecom.calls.filter(({ cmd }) => cmd === 'aibot_respond_update_msg')).toEqual([]);
  });

  it('stays as it is when the answer is for one person, or a message of its own', async () => {
    for (const reply of [
      { kind: 'whisper', text: '只有店主可以这样做。' },
      { kind: 'say', text: '欢迎' },
    ] as const) {
      const { waits, card, answer, shown } = await pressed();
      await answer(reply);
      waits.elapse(3000);
      await answer({ kind: 'say', text: 'later' });
      expect(card.look.buttons).toHaveLength(2);
      expect(card.looks.size).toBe(0);
      expect(shown().map(({ look }) => look.text)).toEqual([expect.any(String), reply.text, 'later']);
    }
  });

  it('is not set back by a repeated event', async () => {
    const { wecom, recorded, waits, card, answer } = await pressed();
    await answer({ kind: 'replace', card: DONE });
    wecom.repeat();
    await recorded.next();
    waits.elapse(3000);
    await answer({ kind: 'replace', card: DONE });
    expect(card.look.text).toContain('核销成功');
    expect(wecom.calls.filter(({ cmd }) => cmd === 'aibot_respond_update_msg')).toHaveLength(1);
  });
});

describe('when WeCom fails', () => {
  it('a message refused for now is NotSent', async () => {
    const { wecom, send, shown } = await talk();
    wecom.fault('aibot_respond_msg', { kind: 'error', code: -1 });
    await expect(send({ kind: 'say', text: 'x' })).rejects.toThrow(NotSent);
    expect(shown()).toEqual([]);
  });

  it('a message is NotSent while the connection is down', async () => {
    const { wecom, channel, zhang, lines } = await talk();
    await wecom.close();
    await expect.poll(() => lines.join('\n')).toContain('it will be made again');
    await expect(channel.send(zhang.ref, { kind: 'say', text: 'x' })).rejects.toThrow(NotSent);
  });
});
