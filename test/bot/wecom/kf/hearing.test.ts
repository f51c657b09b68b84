import { describe, expect, it } from 'vitest';
import { CARD, EVENING, startHarness, say, openHarness } from './harness.ts';

describe('a customer’s message', () => {
  it('arrives verbatim, with the customer’s name', async () => {
    const { wecom, recorded } = await startHarness();
    const lin = wecom.customer('林小姐');
    lin.says('123456789012');
    expect(await recorded.next()).toMatchObject({
      chat: lin.chat,
      from: { id: lin.chat, name: '林小姐' },
      title: '林小姐',
      at: EVENING,
      group: false,
      addressed: true,
      content: { kind: 'text', text: '123456789012' },
    });
  });

  it('is a photo by its media id, or of an unreadable kind', async () => {
    const { wecom, recorded } = await startHarness();
    const lin = wecom.customer('林小姐');
    lin.sends('image');
    expect((await recorded.next()).content).toEqual({
      kind: 'photo',
      file: expect.stringMatching(/^media/) as string,
      caption: '',
    });
    lin.sends('voice');
    expect((await recorded.next()).content).toEqual({ kind: 'other' });
    lin.sends('location');
    expect((await recorded.next()).content).toEqual({ kind: 'other' });
  });

  it('arrives without a name where WeCom gives none', async () => {
    const { wecom, recorded } = await startHarness();
    wecom.fail('/kf/customer/batchget', { kind: 'code', code: 48002 });
    const lin = wecom.customer('林小姐');
    lin.says('hello');
    expect((await recorded.next()).from).toEqual({ id: lin.chat, name: '' });
    lin.says('again');
    await recorded.next();
    expect(wecom.asked('/kf/customer/batchget')).toHaveLength(1);
  });

  it('does not wait long for a name, and has it the next time', async () => {
    const { wecom, recorded, patience, channel } = await startHarness();
    let go: () => void = () => undefined;
    wecom.fail('/kf/customer/batchget', { kind: 'late', until: new Promise<void>((resolve) => (go = resolve)) });
    const lin = wecom.customer('林小姐');
    lin.says('hello');
    await expect.poll(() => patience.open()).toContain(2000);
    await patience.elapse(2000);
    expect((await recorded.next()).from.name).toBe('');
    go();
    await channel.fetched();
    await expect
      .poll(async () => {
        lin.says('again');
        return (await recorded.next()).from.name;
      })
      .toBe('林小姐');
  });

  it('is asked for its name once', async () => {
    const { wecom, recorded } = await startHarness();
    const lin = wecom.customer('林小姐');
    for (const text of ['一', '二', '三']) {
      lin.says(text);
      expect((await recorded.next()).from.name).toBe('林小姐');
    }
    expect(wecom.asked('/kf/customer/batchget')).toHaveLength(1);
  });

  it('is not what a colleague writes in the same conversation', async () => {
    const { wecom, recorded, channel } = await startHarness();
    const lin = wecom.customer('林小姐');
    lin.colleague('我来处理');
    await channel.settled();
    lin.says('好的');
    expect((await recorded.next()).content).toEqual({ kind: 'text', text: '好的' });
    expect(recorded.all).toHaveLength(1);
  });
});

describe('a menu', () => {
  async function shown() {
    const harness = await startHarness();
    const lin = harness.wecom.customer('林小姐');
    lin.says('123456789012');
    await harness.channel.send(lin.chat, { kind: 'card', card: CARD }, await harness.recorded.next());
    await harness.channel.settled();
    return { ...harness, lin };
  }

  it('is clicked, twice and after days, and means the same each time', async () => {
    const { lin, recorded, later } = await shown();
    const ids: string[] = [];
    for (let times = 0; times < 2; times += 1) {
      lin.clicks('确认核销');
      const press = await recorded.next();
      expect(press.content).toMatchObject({ kind: 'press', action: { verb: 'use', id: 'a-1' } });
      ids.push(press.id);
      later(20 * 3_600_000);
    }
    expect(new Set(ids).size).toBe(2);
  });

  it('takes its numbers, too, in any width', async () => {
    const { lin, recorded } = await shown();
    lin.says(' １ ');
    expect((await recorded.next()).content).toMatchObject({ kind: 'press', action: { verb: 'use', id: 'a-1' } });
    lin.says('2');
    expect((await recorded.next()).content).toMatchObject({ kind: 'press', action: { verb: 'drop', id: 'a' } });
  });

  it.each(['0', '123', '1 2', '１２３４５６７８９０'])('has no number %s: it is text', async (text) => {
    const { lin, recorded } = await shown();
    lin.says(text);
    expect((await recorded.next()).content).toEqual({ kind: 'text', text });
  });

  it('takes its labels as people type them', async () => {
    const { lin, recorded } = await shown();
    for (const [typed, verb] of [
      ['确认核销', 'use'],
      ['确认', 'use'],
      ['取消。', 'drop'],
    ]) {
      lin.says(typed!);
      expect((await recorded.next()).content, typed).toMatchObject({ kind: 'press', action: { verb } });
    }
  });

  it.each(['3', '１２'])('asks for one of its numbers where %s is none, and nobody else hears it', async (text) => {
    const { lin, said } = await shown();
    lin.says(text);
    expect((await said(lin)).at(-1)).toBe('请回复序号 1–2');
  });

  it('drops its numbers when a question is asked', async () => {
    const { lin, recorded, channel } = await shown();
    await channel.send(lin.chat, { kind: 'say', text: '请发送密码', ask: 'secret' });
    await channel.settled();
    lin.says('1');
    expect((await recorded.next()).content).toEqual({ kind: 'text', text: '1' });
  });

  it('with a foreign id is a text', async () => {
    const { lin, recorded } = await shown();
    lin.messages.push({ byBot: true, text: '', items: [{ label: '假', id: 'use:<x>@1' }], tail: '', greeting: false });
    lin.clicks('假');
    expect((await recorded.next()).content).toEqual({ kind: 'text', text: '假' });
  });
});

describe('fetching', () => {
  it('reads page after page, empty ones too, and hears each event once and in order', async () => {
    const { wecom, channel, recorded } = await openHarness({ pageSize: 2 });
    const lin = wecom.customer('林小姐');
    const texts = ['一', '二', '三', '四', '五', '六', '七'];
    for (const text of texts) lin.says(text);
    wecom.emptyPages(2);
    await channel.start(recorded.hear);
    await channel.settled();
    expect(recorded.all.map(({ content }) => content.kind === 'text' && content.text)).toEqual(texts);
    await channel.stop();
    await wecom.close();
  });

  it('that does not come on, with an old cursor or with none, pauses ever longer, and goes on where it can', async () => {
    const { wecom, channel, recorded, patience } = await openHarness({ pageSize: 2 });
    const lin = wecom.customer('林小姐');
    for (const text of ['一', '二', '三']) lin.says(text);
    wecom.stuckPages(3);
    await channel.start(recorded.hear);
    for (const [n, ms] of [1000, 2000, 4000].entries()) {
      await expect.poll(() => patience.open()).toContain(ms);
      expect(wecom.asked('/kf/sync_msg')).toHaveLength(n + 1);
      await patience.elapse(ms);
    }
    await channel.settled();
    expect(wecom.asked('/kf/sync_msg')).toHaveLength(5);
    expect(new Set(recorded.all.map(({ content }) => content.kind === 'text' && content.text))).toEqual(
      new Set(['一', '二', '三']),
    );
    await channel.stop();
    await wecom.close();
  });

  it('is one at a time for an account, however many callbacks come', async () => {
    const { wecom, channel, recorded } = await startHarness();
    const asked = wecom.asked('/kf/sync_msg').length;
    let go: () => void = () => undefined;
    wecom.fail('/kf/sync_msg', { kind: 'late', until: new Promise<void>((resolve) => (go = resolve)) });
    const lin = wecom.customer('林小姐');
    for (let n = 0; n < 20; n += 1) lin.says(String(n + 100));
    await new Promise((resolve) => setImmediate(resolve));
    go();
    await channel.settled();
    expect(recorded.all).toHaveLength(20);
    expect(wecom.asked('/kf/sync_msg').length - asked).toBe(2);
  });

  it('resumes at its cursor, also after a restart, and finds the events in between', async () => {
    const { wecom, channel, recorded, open } = await startHarness();
    const lin = wecom.customer('林小姐');
    lin.says('before');
    await recorded.next();
    await channel.stop();
    wecom.called = () => undefined;
    lin.says('meanwhile');
    const next = open();
    await next.start(recorded.hear);
    expect((await recorded.next()).content).toEqual({ kind: 'text', text: 'meanwhile' });
    expect(recorded.all).toHaveLength(2);
    await next.stop();
  });

  it('skips events older than ten minutes at the very first fetch', async () => {
    const { wecom, channel, recorded, later, close } = await openHarness();
    const lin = wecom.customer('林小姐');
    lin.says('yesterday');
    later(86_400_000);
    lin.says('now');
    await channel.start(recorded.hear);
    expect((await recorded.next()).content).toEqual({ kind: 'text', text: 'now' });
    await channel.stop();
    expect(recorded.all).toHaveLength(1);
    await close();
  });

  it('does without the callback’s token when that expired', async () => {
    const { wecom, recorded } = await startHarness();
    const lin = wecom.customer('林小姐');
    wecom.fail('/kf/sync_msg', { kind: 'code', code: 95007 });
    lin.says('hello');
    expect((await recorded.next()).content).toEqual({ kind: 'text', text: 'hello' });
    expect(wecom.asked('/kf/sync_msg').at(-1)).not.toHaveProperty('token');
  });

  it('retries later when WeCom does not answer', async () => {
    const { wecom, recorded, patience, lines } = await startHarness();
    const lin = wecom.customer('林小姐');
    wecom.fail('/kf/sync_msg', { kind: 'reset', after: false }, { kind: 'code', code: 48002 });
    lin.says('hello');
    const soon = setInterval(() => void patience.elapse(), 5);
    expect((await recorded.next()).content).toEqual({ kind: 'text', text: 'hello' });
    clearInterval(soon);
    expect(lines.join('\n')).not.toContain('ENC');
  });

  it.each([
    [48002, 'info 微信客服 is not open to this app'],
    [60020, 'warn 微信客服: cannot look for what was missed'],
  ])('of what was missed is not done where WeCom answers %i, and the operator is told', async (code, line) => {
    const { wecom, channel, recorded, lines, close } = await openHarness();
    wecom.fail('/kf/account/list', { kind: 'code', code });
    await channel.start(recorded.hear);
    await expect.poll(() => lines.join('\n')).toContain(line);
    await channel.stop();
    await close();
  });

  it('ignores malformed entries', async () => {
    const { wecom, recorded, channel } = await startHarness();
    const { readEntry } = await import('../../../../bot/wecom/kf/reading.ts');
    for (const item of [
      null,
      7,
      {},
      { msgid: 'm', send_time: '1', origin: 3 },
      { msgid: 'm', send_time: 1, origin: 3, open_kfid: 'wk:1', external_userid: 'wm1', msgtype: 'text' },
      { msgid: 'm', send_time: 1, origin: 4, msgtype: 'event', event: { event_type: 'enter_session', open_kfid: 'wk1' } },
      {
        msgid: 'm',
        send_time: 1,
        origin: 4,
        msgtype: 'event',
        event: { event_type: 'new', open_kfid: 'w', external_userid: 'x' },
      },
    ])
      expect(readEntry(item)).toBeUndefined();
    wecom.ring();
    await channel.settled();
    expect(recorded.all).toEqual([]);
  });
});

describe('a customer who opens the chat', () => {
  it('is greeted by the code, which does not count against the quota', async () => {
    const { wecom, recorded, channel, said } = await startHarness();
    const lin = wecom.customer('林小姐');
    lin.enters();
    const joined = await recorded.next();
    expect(joined.content).toEqual({ kind: 'joined' });
    await channel.send(lin.chat, say('你好，我是核销助手。'), joined);
    expect(await said(lin)).toEqual(['你好，我是核销助手。']);
    expect(lin.messages[0]).toMatchObject({ greeting: true });
    expect(lin.sent).toBe(0);
  });

  it('by a store’s link belongs to that store in all later events', async () => {
    const { wecom, recorded, channel, open } = await startHarness();
    const lin = wecom.customer('林小姐');
    lin.enters('store12');
    expect(await recorded.next()).toMatchObject({ viaStoreLink: 'store12', content: { kind: 'joined' } });
    lin.says('123456789012');
    expect(await recorded.next()).toMatchObject({ viaStoreLink: 'store12' });
    await channel.stop();
    const next = open();
    await next.start(recorded.hear);
    wecom.called = (news) => next.notify(news);
    // Known by now, he is not greeted again; the last link counts, and coming back without one changes nothing.
    lin.enters('store7');
    lin.enters();
    lin.says('hello');
    expect(await recorded.next()).toMatchObject({ viaStoreLink: 'store7', content: { kind: 'text' } });
    expect(recorded.all).toHaveLength(3);
    await next.stop();
  });

  it.each(['a store', 'x'.repeat(33), '<b>'])('by a foreign link (%s) belongs to no store', async (scene) => {
    const { wecom, recorded } = await startHarness();
    const lin = wecom.customer('林小姐');
    lin.enters(scene);
    expect(await recorded.next()).not.toHaveProperty('cameFor');
  });

  it('and is known already is not greeted', async () => {
    const { wecom, recorded, channel } = await startHarness();
    const lin = wecom.customer('林小姐');
    lin.says('hello');
    await recorded.next();
    lin.enters();
    await channel.settled();
    expect(recorded.all).toHaveLength(1);
  });

  it('is not greeted when the event is fetched too late', async () => {
    const { wecom, recorded, channel, later, patience } = await startHarness();
    const lin = wecom.customer('林小姐');
    wecom.fail('/kf/sync_msg', { kind: 'code', code: 45009 });
    lin.enters();
    await expect.poll(() => patience.open().length).toBe(1);
    later(61_000);
    await patience.elapse();
    await channel.settled();
    expect(recorded.all).toEqual([]);
  });

  it('gets the greeting with the first answer when its code is refused', async () => {
    const { wecom, recorded, channel, said } = await startHarness();
    const lin = wecom.customer('林小姐');
    wecom.fail('/kf/send_msg_on_event', { kind: 'code', code: 95015 });
    lin.enters();
    await channel.send(lin.chat, say('你好，我是核销助手。'), await recorded.next());
    expect(await said(lin)).toEqual([]);
    lin.says('hello');
    await channel.send(lin.chat, say('发送券码就能核销。'), await recorded.next());
    expect(await said(lin)).toEqual(['你好，我是核销助手。\n\n发送券码就能核销。']);
  });
});
