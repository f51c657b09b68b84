/** Events of the app: messages, menus, scans and presses of members. */
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../../handlers/commands.ts';
import { readCommand } from '../../../../handlers/spoken/read-command.ts';
import type { Card } from '../../../../handlers/message.ts';
import { startHarness } from './harness.ts';

const CARD: Card = {
  title: '双人下午茶',
  fields: [{ label: '券码', value: '1234567890' }],
  tone: 'open',
  buttons: [
    [
      { verb: 'use', id: 'c1-1', label: '确认核销', style: 'primary' },
      { verb: 'drop', id: 'c1', label: '取消' },
    ],
  ],
};

describe('a member', () => {
  it('is one person however his name is spelled', async () => {
    const { wecom, heard, zhang } = await startHarness();
    await zhang.says('1');
    await wecom.member('zhangsan').says('2');
    expect(new Set(heard.map(({ chat }) => chat))).toEqual(new Set(['wecom-app:zhangsan']));
    expect(heard[0]).toMatchObject({ from: { id: 'wecom-app:zhangsan', name: 'ZhangSan' }, title: 'ZhangSan', group: false });
  });

  it('sends a picture, which is kept by its media id', async () => {
    const { api, heard, zhang } = await startHarness();
    await zhang.shows(Buffer.from('a picture of a coupon'));
    const content = heard[0]!.content;
    expect(content).toMatchObject({ kind: 'photo', caption: '' });
    const { bytes } = await api.download(content.kind === 'photo' ? content.file : '');
    expect(bytes.toString()).toBe('a picture of a coupon');
  });

  it('sends a voice message, which is read where the corporation has it transcribed', async () => {
    const { heard, zhang } = await startHarness();
    await zhang.speaks('日报');
    await zhang.speaks();
    expect(heard.map(({ content }) => content)).toEqual([{ kind: 'text', text: '日报' }, { kind: 'other' }]);
  });

  it('sends what cannot be read', async () => {
    const { heard, zhang } = await startHarness();
    for (const type of ['video', 'location', 'link', 'file']) await zhang.sends(type);
    expect(heard.map(({ content }) => content.kind)).toEqual(['other', 'other', 'other', 'other']);
  });

  it('taps the menu, which means the same as typing the word', async () => {
    const { heard, zhang } = await startHarness();
    for (const key of ['summary', 'help']) await zhang.taps(key);
    await zhang.taps('status', 'CLICK');
    await zhang.taps('made-up');
    const typed = heard.map(({ content }) => (content.kind === 'text' ? readCommand(content.text)?.name : content.kind));
    expect(typed).toEqual(['summary', 'help', 'status']);
  });

  it('scans a code with the menu: the picture of it, or the bars', async () => {
    const { heard, zhang } = await startHarness();
    await zhang.scans('https://dpurl.cn/abc?code=0123456789');
    await zhang.scans('CODE_128,0123456789');
    await zhang.scans('EAN_13,6901234567892');
    await zhang.scans('12,34');
    expect(heard.map(({ content }) => content.kind === 'text' && content.text)).toEqual([
      'https://dpurl.cn/abc?code=0123456789',
      '0123456789',
      '6901234567892',
      '12,34',
    ]);
  });

  it('is greeted on joining, not each time the app is opened', async () => {
    const clock = { at: Date.now() };
    const { heard, zhang } = await startHarness({ now: () => clock.at });
    await zhang.event('subscribe');
    for (let times = 0; times < 5; times += 1) {
      clock.at += 60_000;
      await zhang.event('enter_agent');
    }
    expect(heard.map(({ content }) => content.kind)).toEqual(['joined']);
    clock.at += 31 * 24 * 3_600_000;
    await zhang.event('enter_agent');
    await zhang.event('unsubscribe');
    expect(heard.map(({ content }) => content.kind)).toEqual(['joined', 'joined', 'left']);
  });

  it('opens pages and sends a location without being answered', async () => {
    const { heard, zhang } = await startHarness();
    for (const name of ['view', 'LOCATION', 'pic_weixin', 'inactive_alert', 'template_card_menu_event']) await zhang.event(name);
    expect(heard).toEqual([]);
  });

  it('of another app on the same callback is ignored', async () => {
    const { wecom, heard } = await startHarness();
    await wecom.callbacks.call(
      '<xml><ToUserName>c</ToUserName><FromUserName>li</FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType><Content>1</Content><MsgId>5</MsgId><AgentID>1000009</AgentID></xml>',
    );
    for (const from of ['', 'a b', '<b>', 'x'.repeat(65)])
      await wecom.callbacks.call(
        `<xml><FromUserName><![CDATA[${from}]]></FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType><Content>1</Content><MsgId>5</MsgId></xml>`,
      );
    expect(heard).toEqual([]);
  });
});

describe('a repeated callback', () => {
  it('keeps its id: a message by WeCom’s own, a press by its own code', async () => {
    const { wecom, channel, heard, zhang } = await startHarness();
    await zhang.says('1234567890');
    await wecom.callbacks.again();
    await channel.send(zhang.ref, { kind: 'card', card: CARD });
    await zhang.presses(zhang.messages.at(-1)!, '确认核销');
    await wecom.callbacks.again();
    await zhang.taps('summary');
    await wecom.callbacks.again();
    const ids = heard.map(({ id }) => id);
    expect(ids).toHaveLength(6);
    expect(new Set(ids).size).toBe(3);
    expect(ids.every((id) => id.startsWith('wecom-app:'))).toBe(true);
    // The code that changes a card is no part of what is kept in the clear.
    expect(ids.join()).not.toContain('RC_');
  });

  it('is not confused with a second act: equal messages, and two presses in one second', async () => {
    const frozen = Date.now();
    const { channel, heard, zhang } = await startHarness({ now: () => frozen });
    await zhang.says('1234567890');
    await zhang.says('1234567890');
    await channel.send(zhang.ref, { kind: 'card', card: CARD });
    await zhang.presses(zhang.messages.at(-1)!, '确认核销');
    await zhang.presses(zhang.messages.at(-1)!, '确认核销');
    await zhang.presses(zhang.messages.at(-1)!, '取消');
    await zhang.taps('summary');
    await zhang.taps('help');
    expect(new Set(heard.map(({ id }) => id)).size).toBe(7);
  });
});

describe('a press', () => {
  it('with a forged key is ignored', async () => {
    const { channel, heard, zhang } = await startHarness();
    await channel.send(zhang.ref, { kind: 'card', card: CARD });
    for (const key of ['', 'use', 'over', 'USE:c1', "use:'; drop table", 'x'.repeat(1024)])
      await zhang.forges(zhang.messages.at(-1)!, key);
    expect(heard).toEqual([]);
  });

  it('carries neither code nor price to the client', async () => {
    const { channel, zhang } = await startHarness();
    await channel.send(zhang.ref, { kind: 'card', card: CARD });
    const { buttons, task } = zhang.messages.at(-1)!;
    expect(buttons.map(({ key }) => key)).toEqual(['use:c1-1', 'drop:c1']);
    expect(task).toMatch(/^task\d+$/);
  });
});

describe('a menu', () => {
  it('is made where the app has none, within WeCom’s sizes, of words that are understood', async () => {
    const { wecom } = await startHarness();
    await expect.poll(() => wecom.state.menu).toBeDefined();
    const { button } = wecom.state.menu as {
      button: { name: string; key?: string; sub_button?: { name: string; key: string }[] }[];
    };
    expect(button.length).toBeLessThanOrEqual(3);
    for (const top of button) {
      expect(Buffer.byteLength(top.name)).toBeLessThanOrEqual(16);
      expect(top.sub_button?.length ?? 0).toBeLessThanOrEqual(5);
    }
    const below = button.flatMap(({ sub_button: sub }) => sub ?? []);
    expect(below.map(({ name }) => name)).toEqual(expect.arrayContaining(['日报', '帮助', '状态']));
    for (const { key } of below) expect(COMMANDS.map(({ name }) => name)).toContain(key);
  });
});

describe('the start', () => {
  it('is refused in words with a wrong secret', async () => {
    await expect(startHarness({ secret: 'not-the-secret' })).rejects.toThrow('WECOM_SECRET');
  });

  it('keeps a menu made by an administrator, and survives an untrusted address', async () => {
    const { wecom, channel, lines } = await startHarness();
    await expect.poll(() => wecom.state.menu).toBeDefined();
    const theirs = { button: [{ type: 'view', name: '官网', url: 'https://example.com' }] };
    wecom.state.menu = theirs;
    await channel.start(() => Promise.resolve());
    await expect.poll(() => wecom.count('/menu/get')).toBe(2);
    expect(wecom.state.menu).toBe(theirs);
    wecom.state.trusted = false;
    await channel.start(() => Promise.resolve());
    await expect.poll(() => lines.join('\n')).toContain('203.0.113.7');
  });
});
