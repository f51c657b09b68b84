/** All channels as one: what a chat gets when its channel can, cannot, or is not there. */
import { expect, test } from 'vitest';
import { NoChannel, NotSent, TooLarge, type Channel, type Sent } from '../../../bot/channel/channel.ts';
import { createChannels } from '../../../bot/channel/channels.ts';
import type { Incoming, Reply } from '../../../handlers/message.ts';
import { FILE, PICTURE, sayingSorry } from '../../fixtures/replies.ts';

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
  return { channels: createChannels(channels, { wordInstead: sayingSorry, log }), sent, warnings };
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

/** A channel that carries no attachment, `captioned` or not, what it was given to say, and the links that were withdrawn. */
function openWithout(captioned: boolean, say: () => Promise<Sent> = () => Promise.resolve({ kind: 'sent' })) {
  const said: Reply[] = [];
  const asked: unknown[] = [];
  let withdrawn = 0;
  const channel: Channel = {
    name: 'telegram',
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    administers: () => Promise.resolve(false),
    send(_, reply) {
      if (reply.kind !== 'say') return Promise.resolve({ kind: 'not-carried', ...(captioned && { captioned }) });
      said.push(reply);
      return say();
    },
  };
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const channels = createChannels([channel], {
    log,
    wordInstead(chat, { sorry }, person) {
      asked.push([chat, sorry, person]);
      return Promise.resolve({ text: '链接', withdraw: () => Promise.resolve(void (withdrawn += 1)) });
    },
  });
  return { channels, said, asked, withdrawn: () => withdrawn };
}

test('what a channel does not carry is said below its caption, once, in its topic, for whom it answers', async () => {
  const answering = { from: { id: 'telegram:7', name: '' } } as Incoming;
  for (const captioned of [false, true]) {
    const { channels, said, asked } = openWithout(captioned);
    expect(await channels.send('telegram:1', { ...PICTURE, topic: '5' }, answering)).toEqual({ kind: 'sent' });
    expect(said).toEqual([{ kind: 'say', text: captioned ? '链接' : `${PICTURE.caption}\n\n链接`, topic: '5' }]);
    expect(asked).toEqual([['telegram:1', PICTURE.sorry, 'telegram:7']]);
  }
});

test.each<[name: string, say: () => Promise<Sent>, withdrawn: number]>([
  ['certainly not delivered', () => Promise.reject(new NotSent('busy')), 1],
  ['for a chat that is gone', () => Promise.resolve({ kind: 'gone' }), 1],
  ['for a chat that moved', () => Promise.resolve({ kind: 'moved', to: 'telegram:2' }), 1],
  ['perhaps delivered', () => Promise.reject(new Error('the answer was lost')), 0],
  ['delivered', () => Promise.resolve({ kind: 'sent' }), 0],
])('a link that was %s is withdrawn only where nobody can have it', async (_, say, times) => {
  const { channels, withdrawn } = openWithout(false, say);
  await channels.send('telegram:1', FILE).catch(() => undefined);
  expect(withdrawn()).toBe(times);
});

test('once the caption went out, nobody is told that nothing did', async () => {
  const busy = (): Promise<Sent> => Promise.reject(new NotSent('busy'));
  await expect(openWithout(false, busy).channels.send('telegram:1', FILE)).rejects.toBeInstanceOf(NotSent);
  await expect(openWithout(true, busy).channels.send('telegram:1', FILE)).rejects.not.toBeInstanceOf(NotSent);
});
