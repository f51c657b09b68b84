/** All channels as one: what a chat gets when its channel can, cannot, or is not there. */
import { expect, test } from 'vitest';
import { NoChannel, TooLarge, type Channel } from '../../../bot/channel/channel.ts';
import { createChannels } from '../../../bot/channel/channels.ts';
import type { Reply } from '../../../handlers/message.ts';

/** Channels of these names, what they sent, and what was logged. */
function open(...made: readonly (Partial<Channel> & Pick<Channel, 'name'>)[]) {
  const sent: [name: string, reply: Reply][] = [];
  const warnings: string[] = [];
  const channels = made.map((channel): Channel => ({
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    send(_, reply) {
      sent.push([channel.name, reply]);
      return Promise.resolve({ kind: 'sent' });
    },
    administers: (_, person) => Promise.resolve(person === `${channel.name}:admin`),
    ...channel,
  }));
  const log = { info: () => undefined, warn: (message: string) => void warnings.push(message), error: () => undefined };
  return { channels: createChannels(channels, log), sent, warnings };
}

test('a reply goes to the channel of its chat, adapted to it', async () => {
  const { channels, sent } = open({ name: 'telegram', slash: true }, { name: 'wecom-bot' });
  const reply = { kind: 'say', text: '发送“/bind”' } as const;
  await channels.send('telegram:1', reply);
  await channels.send('wecom-bot:1', reply);
  expect(sent).toEqual([
    ['telegram', reply],
    ['wecom-bot', { kind: 'say', text: '发送“绑定”' }],
  ]);
  expect([channels.serves('telegram:1'), channels.serves('web:1')]).toEqual([true, false]);
});

test('a silent edit counts as sent where messages cannot be edited', async () => {
  const { channels, sent } = open({ name: 'wecom-kf' });
  const card = { title: '核销成功', fields: [], buttons: [] };
  expect(await channels.send('wecom-kf:1', { kind: 'replace', card, silent: true })).toEqual({ kind: 'sent' });
  expect(sent).toEqual([]);
});

test('a chat whose channel is not set up is not taken for one that is gone', async () => {
  const { channels } = open();
  await expect(channels.send('telegram:1', { kind: 'say', text: '日报' })).rejects.toThrow(NoChannel);
  expect(await channels.administers('telegram:1', 'telegram:admin')).toBe(false);
  expect(await channels.links('telegram:1')).toBeUndefined();
  expect(await channels.fetchFile('telegram:1', 'file')).toBe('gone');
});

test('a picture is fetched from the channel it came by; too large and gone are told apart', async () => {
  const { channels, warnings } = open({
    name: 'telegram',
    fetch: (file) =>
      file === 'here'
        ? Promise.resolve(Buffer.from('png'))
        : Promise.reject(file === 'large' ? new TooLarge('20 MB') : new Error('timeout')),
  });
  expect(await channels.fetchFile('telegram:1', 'here')).toEqual(Buffer.from('png'));
  expect(await channels.fetchFile('telegram:1', 'large')).toBe('too-large');
  expect(warnings).toEqual([]);
  expect(await channels.fetchFile('telegram:1', 'lost')).toBe('gone');
  expect(warnings).toEqual(['a picture could not be fetched']);
});

test('customers’ links are those of all channels; a channel that fails counts only where there are none', async () => {
  const link = { name: '大声發', url: 'https://work.weixin.qq.com/kf/1' };
  const failing = { name: 'wecom-kf', customerLinks: () => Promise.reject(new Error('timeout')) };
  const linked = { name: 'telegram', customerLinks: () => Promise.resolve([link]) };
  expect(await open(linked, failing).channels.customerLinks('store')).toEqual([{ ...link, channel: 'telegram' }]);
  expect(await open(failing, { name: 'web' }).channels.customerLinks('store')).toBe('unavailable');
  expect(await open({ name: 'web' }).channels.customerLinks('store')).toEqual([]);
});

test('a group is connected by the channel that has webhooks, and disconnected by its own', async () => {
  const gone: string[] = [];
  const webhook = {
    connect: () => Promise.resolve({ chat: 'wecom-robot:1', tail: 'abcd' }),
    disconnect: (chat: string) => Promise.resolve(void gone.push(chat)),
  };
  const { channels } = open({ name: 'telegram' }, { name: 'wecom-robot', webhook });
  expect(await channels.webhook.connect('https://…', 'hello')).toEqual({ chat: 'wecom-robot:1', tail: 'abcd' });
  await channels.webhook.disconnect('telegram:1');
  await channels.webhook.disconnect('wecom-robot:1');
  expect(gone).toEqual(['wecom-robot:1']);
  expect(await open().channels.webhook.connect('https://…', 'hello')).toEqual({ problem: 'not-one' });
});
