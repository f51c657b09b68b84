import { describe, expect, it, onTestFinished } from 'vitest';
import { NotSent, Undeliverable } from '../../../../bot/channel/channel.ts';
import { chatOf, readKey } from '../../../../bot/wecom/group-webhook/address.ts';
import { FILE, PICTURE } from '../../../fixtures/replies.ts';
import { openHarness } from './harness.ts';

async function harness() {
  const made = await openHarness();
  onTestFinished(made.close);
  return made;
}

const say = (text: string) => ({ kind: 'say', text }) as const;

describe('a pasted address', () => {
  it('is tried with a greeting and stored', async () => {
    const { connected, robot, restart } = await harness();
    const { group, chat, tail } = await connected();
    expect(group.messages).toEqual(['你好']);
    expect(chat).toMatch(/^wecom-robot:[0-9a-f]{24}$/);
    expect(tail).toBe(`…${group.key.slice(-4)}`);
    expect(await robot.send(chat, say('日报'))).toEqual({ kind: 'sent' });
    expect(await restart().send(chat, say('第二天'))).toEqual({ kind: 'sent' });
    expect(group.messages).toEqual(['你好', '日报', '第二天']);
  });

  it('makes one group however often it is pasted', async () => {
    const { connected, robot } = await harness();
    const { group, chat } = await connected();
    expect(await robot.webhook.connect(` ${group.address}\n`, '你好')).toMatchObject({ chat });
  });

  it('is a secret: neither in the database nor in an error', async () => {
    const { connected, robot, database, wecom } = await harness();
    const { group, chat } = await connected();
    const rows = JSON.stringify(await database.db.selectFrom('kv').selectAll().execute());
    expect(rows).toContain(chat.slice('wecom-robot:'.length));
    expect(rows).not.toContain(group.key);
    expect(chat).not.toContain(group.key.slice(0, 8));
    group.fail({ kind: 'reset', after: false });
    const broken = await robot.send(chat, say('日报')).catch((error: unknown) => error);
    await wecom.close();
    const refused = await robot.send(chat, say('日报')).catch((error: unknown) => error);
    for (const error of [broken, refused]) {
      expect(error).toBeInstanceOf(Error);
      expect(`${String(error)} ${(error as Error).stack} ${JSON.stringify(error)}`).not.toContain(group.key);
    }
  });

  it.each([
    'http://169.254.169.254/latest/meta-data',
    'https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key=11111111-2222-3333-4444-555555555555',
    'https://qyapi.weixin.qq.com@evil.example/cgi-bin/webhook/send?key=11111111-2222-3333-4444-555555555555',
    'https://user@qyapi.weixin.qq.com/cgi-bin/webhook/send?key=11111111-2222-3333-4444-555555555555',
    'https://qyapi.weixin.qq.com:8443/cgi-bin/webhook/send?key=11111111-2222-3333-4444-555555555555',
    'http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=11111111-2222-3333-4444-555555555555',
    'https://qyapi.weixin.qq.com/cgi-bin/webhook/../gettoken?key=11111111-2222-3333-4444-555555555555',
    'https://qyapi.weixin.qq.com/cgi-bin/webhook/upload_media?key=11111111-2222-3333-4444-555555555555',
    'https://qyapi.weixin.qq.com/cgi-bin/webhook/send',
    'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=short',
    'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=11111111-2222-3333-4444-555555555555&key=11111111-2222-3333-4444-666666666666',
    'not an address',
    '',
  ])('that is not a webhook of WeCom is not taken: %s', async (address) => {
    expect(readKey(address, 'https://qyapi.weixin.qq.com')).toBeUndefined();
    const { robot, wecom } = await harness();
    expect(await robot.webhook.connect(address, '你好')).toEqual({ problem: 'not-one' });
    expect(wecom.requests).toEqual([]);
  });

  it('gives its key and nothing else', () => {
    const key = '693a91f6-7a0c-4bc4-97a0-0ec251fa5aaa';
    const address = `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${key}`;
    expect(readKey(`<${address}&debug=1>`, 'https://qyapi.weixin.qq.com')).toBe(key);
  });

  it.each([
    [93000, 'wrong-key'],
    [93004, 'wrong-key'],
    [93008, 'wrong-key'],
    [45009, 'busy'],
    [-1, 'busy'],
    [40058, 'refused'],
  ])('that answers %i is not kept, and the trouble has a name', async (code, problem) => {
    const { robot, wecom, database } = await harness();
    const group = wecom.group();
    group.fail({ kind: 'code', code });
    expect(await robot.webhook.connect(group.address, '你好')).toEqual({ problem });
    expect(await database.db.selectFrom('kv').selectAll().execute()).toEqual([]);
    expect(await robot.send(chatOf(group.key), say('日报'))).toEqual({ kind: 'gone' });
  });

  it('without an answer is not stored', async () => {
    const { robot, wecom } = await harness();
    const group = wecom.group();
    group.fail({ kind: 'reset', after: false });
    expect(await robot.webhook.connect(group.address, '你好')).toEqual({ problem: 'unreachable' });
    await wecom.close();
    expect(await robot.webhook.connect(group.address, '你好')).toEqual({ problem: 'unreachable' });
  });
});

describe('a message to a group', () => {
  it('waits when twenty went out within a minute, without asking WeCom', async () => {
    const { connected, robot, later } = await harness();
    const { group, chat } = await connected();
    for (let n = 0; n < 19; n += 1) await robot.send(chat, say(`${n}`));
    await expect(robot.send(chat, say('one more'))).rejects.toBeInstanceOf(NotSent);
    expect(group.messages).toHaveLength(20);
    later(60_001);
    expect(await robot.send(chat, say('one more'))).toEqual({ kind: 'sent' });
    expect(group.messages.at(-1)).toBe('one more');
  });

  it('waits a minute when WeCom says it is full, as when another instance wrote there', async () => {
    const { connected, robot, later, wecom } = await harness();
    const { group, chat } = await connected();
    group.fail({ kind: 'code', code: 45009 });
    await expect(robot.send(chat, say('日报'))).rejects.toBeInstanceOf(NotSent);
    const asked = wecom.requests.length;
    await expect(robot.send(chat, say('日报'))).rejects.toBeInstanceOf(NotSent);
    expect(wecom.requests).toHaveLength(asked);
    later(60_001);
    expect(await robot.send(chat, say('日报'))).toEqual({ kind: 'sent' });
    expect(group.messages).toEqual(['你好', '日报']);
  });

  it.each([-1, 50003, 45033])('refused with %i counts as not sent', async (code) => {
    const { connected, robot } = await harness();
    const { group, chat } = await connected();
    group.fail({ kind: 'code', code });
    await expect(robot.send(chat, say('日报'))).rejects.toBeInstanceOf(NotSent);
  });

  it('whose answer is lost has an unknown outcome', async () => {
    const { connected, robot } = await harness();
    const { group, chat } = await connected();
    group.fail({ kind: 'reset', after: true });
    const error = await robot.send(chat, say('日报')).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(NotSent);
    expect(group.messages.at(-1)).toBe('日报');
  });

  it('of several parts has an unknown outcome when a later part is refused', async () => {
    const { connected, robot } = await harness();
    const { group, chat } = await connected();
    const long = ['日报', ...Array.from({ length: 500 }, (_, n) => `第 ${n} 行，写得长一点`)].join('\n');
    group.fail({ kind: 'none' });
    group.fail({ kind: 'code', code: -1 });
    const error = await robot.send(chat, say(long)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(NotSent);
    expect(group.messages).toHaveLength(2);
  });

  it('of several parts waits until there is room for all of them', async () => {
    const { connected, robot } = await harness();
    const { group, chat } = await connected();
    for (let n = 0; n < 18; n += 1) await robot.send(chat, say(`${n}`));
    const long = ['日报', ...Array.from({ length: 300 }, (_, n) => `第 ${n} 行，写得长一点`)].join('\n');
    await expect(robot.send(chat, say(long))).rejects.toBeInstanceOf(NotSent);
    expect(group.messages).toHaveLength(19);
  });

  it.each([40058, 45002, 85002])('refused as it is with %i is undeliverable, and the next message arrives', async (code) => {
    const { connected, robot } = await harness();
    const { group, chat } = await connected();
    group.fail({ kind: 'code', code });
    await expect(robot.send(chat, say('日报'))).rejects.toBeInstanceOf(Undeliverable);
    expect(await robot.send(chat, say('明天'))).toEqual({ kind: 'sent' });
  });

  it.each([93000, 93004, 93008])(
    'finds out with %i that the robot was removed: gone, told, and the key forgotten',
    async (code) => {
      const { connected, robot, lost, database } = await harness();
      const { group, chat } = await connected();
      group.fail({ kind: 'code', code });
      expect(await robot.send(chat, say('日报'))).toEqual({ kind: 'gone' });
      expect(lost).toEqual([chat]);
      expect(await database.db.selectFrom('kv').selectAll().execute()).toEqual([]);
    },
  );

  it('shows a card as text with its fields', async () => {
    const { connected, robot } = await harness();
    const { group, chat } = await connected();
    const card = { title: '核销成功', fields: [{ label: '券码', value: '123' }], note: '好', buttons: [] };
    await robot.send(chat, { kind: 'card', card });
    expect(group.messages.at(-1)).toBe('**核销成功**\n- 券码：123\n- 好');
  });

  it('is not sent to a webhook that was removed here', async () => {
    const { connected, robot } = await harness();
    const { group, chat } = await connected();
    await robot.webhook.disconnect(chat);
    expect(await robot.send(chat, say('日报'))).toEqual({ kind: 'gone' });
    expect(group.messages).toEqual(['你好']);
  });
});

describe('a picture or a file to a group', () => {
  it('is sent below its caption', async () => {
    const { connected, robot } = await harness();
    const { group, chat } = await connected();
    await robot.send(chat, PICTURE);
    await robot.send(chat, FILE);
    expect(group.shown.slice(1).map(({ text, picture, file }) => (picture ? '(picture)' : (file?.name ?? text)))).toEqual([
      '顾客的二维码',
      '(picture)',
      '核销记录',
      '记录.csv',
    ]);
  });

  it('counts like any message: with its caption it waits until there is room for both', async () => {
    const { connected, robot, later } = await harness();
    const { group, chat } = await connected();
    for (let n = 0; n < 18; n += 1) await robot.send(chat, say(`${n}`));
    for (const reply of [PICTURE, FILE]) await expect(robot.send(chat, reply)).rejects.toBeInstanceOf(NotSent);
    expect(group.shown).toHaveLength(19);
    later(60_001);
    expect(await robot.send(chat, PICTURE)).toEqual({ kind: 'sent' });
    expect(group.shown.at(-1)!.picture).toBeDefined();
  });

  it.each([93000, 93004, 93008])('finds out with %i that the robot was removed', async (code) => {
    for (const reply of [{ ...PICTURE, caption: '' }, FILE]) {
      const { connected, robot, lost } = await harness();
      const { group, chat } = await connected();
      group.fail({ kind: 'code', code });
      expect(await robot.send(chat, reply)).toEqual({ kind: 'gone' });
      expect(lost).toEqual([chat]);
    }
  });

  it('whose upload is lost or refused for now counts as not sent', async () => {
    const { connected, robot } = await harness();
    const { group, chat } = await connected();
    for (const fault of [
      { kind: 'reset', after: true },
      { kind: 'code', code: -1 },
    ] as const) {
      group.fail(fault);
      const error: unknown = await robot.send(chat, FILE).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(NotSent);
      expect(`${String(error)} ${(error as Error).stack}`).not.toContain(group.key);
    }
    expect(group.shown).toHaveLength(1);
  });

  it('has an unknown outcome when its answer is lost, or when only the caption went out', async () => {
    const { connected, robot } = await harness();
    const { group, chat } = await connected();
    group.fail({ kind: 'reset', after: true });
    const lost = robot.send(chat, { ...PICTURE, caption: '' });
    await expect(lost).rejects.not.toBeInstanceOf(NotSent);
    group.fail({ kind: 'none' });
    group.fail({ kind: 'code', code: 45009 });
    await expect(robot.send(chat, PICTURE)).rejects.toThrow('a part of it went out');
  });
});
