/** Starting, long polling, webhooks, and stopping. */
import { describe, expect, it } from 'vitest';
import { startTelegram } from '../../doubles/telegram.ts';
import { recordingHear, createHand, play, post, SECRET, setStage } from './harness.ts';

const MENU = [{ command: 'bind', description: '绑定门店' }];

describe('starting', () => {
  it('is refused with a sentence when the token is wrong, and the token is not in it', async () => {
    const { channel, ear, lines } = await setStage({ token: '123456:a-wrong-token' });
    const error: unknown = await channel.start(ear.hear).catch((thrown: unknown) => thrown);
    expect(String(error)).toContain('TELEGRAM_BOT_TOKEN');
    expect(`${String(error)} ${lines.join()}`).not.toContain('a-wrong-token');
  });

  it('waits for the network, longer each time, and never tells the token', async () => {
    const { telegram, channel, ear, waits, lines } = await setStage();
    telegram.fault('getMe', { kind: 'reset', applied: false }, 2);
    telegram.fault('getMe', { kind: 'page', status: 502 });
    telegram.fault('getMe', { kind: 'error', code: 500, description: 'Internal Server Error' });
    telegram.fault('deleteWebhook', { kind: 'flood', retryAfter: 44 });
    await channel.start(ear.hear);
    expect(waits.slice(0, 5)).toEqual([1000, 2000, 4000, 8000, 44_000]);
    expect(lines.join('\n')).not.toContain(telegram.token);
    expect(lines.filter((line) => line.startsWith('warn'))).toHaveLength(5);
  });

  it('can be stopped while it waits', async () => {
    const hand = createHand();
    const { telegram, channel, ear } = await setStage({ wait: hand.wait });
    telegram.fault('getMe', { kind: 'reset', applied: false }, 100);
    const starting = channel.start(ear.hear);
    await hand.waiting(1000);
    await channel.stop();
    await starting;
    expect(telegram.callsOf('getUpdates')).toHaveLength(0);
  });

  it('by polling takes a webhook away that was left behind', async () => {
    const telegram = await startTelegram();
    const left = await setStage({ by: 'webhook', telegram });
    await left.channel.start(left.ear.hear);
    await left.channel.stop();
    const { channel, ear } = await play({ telegram });
    telegram.person('张三').says('hi');
    expect((await ear.next()).content).toEqual({ kind: 'text', text: 'hi' });
    expect(telegram.webhook).toBeUndefined();
    expect(await post(channel, { update_id: 1 })).toBe(404);
  });

  it('by webhook tells Telegram where, with which secret and what to send', async () => {
    const { telegram, hook } = await play({ by: 'webhook' });
    expect(telegram.webhook).toEqual({
      url: hook!.url,
      secret: SECRET,
      allowed: ['message', 'callback_query', 'my_chat_member'],
    });
  });

  it('by webhook is refused with a sentence when Telegram takes no such address', async () => {
    const { telegram, channel, ear } = await setStage({ by: 'webhook' });
    telegram.fault('setWebhook', {
      kind: 'error',
      code: 400,
      description: 'Bad Request: bad webhook: An HTTPS URL must be provided',
    });
    await expect(channel.start(ear.hear)).rejects.toThrow('HTTPS URL must be provided');
  });

  it('offers the commands per language and kind of chat; a failure is only noted', async () => {
    const { telegram, lines } = await setStage().then(async (harness) => {
      harness.telegram.fault('setMyCommands', { kind: 'error', code: 400, description: 'Bad Request: BOT_COMMAND_INVALID' });
      return harness;
    });
    const { channel, ear } = await setStage({
      telegram,
      commands: [
        { language: 'en', scope: 'all_group_chats', commands: MENU },
        { language: '', scope: 'all_private_chats', commands: MENU },
        { language: 'zh', scope: 'all_chat_administrators', commands: MENU },
      ],
    });
    await channel.start(ear.hear);
    await telegram.called('setMyCommands', 3);
    telegram.person('张三').says('hi');
    await ear.next();
    expect([...telegram.menus.keys()]).toEqual(['all_private_chats/', 'all_chat_administrators/zh']);
    expect(telegram.menus.get('all_private_chats/')).toEqual(MENU);
    expect(lines.join()).not.toContain(telegram.token);
  });
});

describe('polling', () => {
  it('asks again for an update that could not be stored, and does not pass it', async () => {
    const { telegram, channel, ear, waits, lines } = await setStage();
    const zhang = telegram.person('张三');
    let refusals = 3;
    const heard: string[] = [];
    zhang.says('1');
    zhang.says('2');
    zhang.says('3');
    await channel.start((incoming) => {
      const text = incoming.content.kind === 'text' ? incoming.content.text : '';
      heard.push(text);
      if (text === '2' && refusals-- > 0) return Promise.reject(new Error('SQLITE_FULL'));
      return ear.hear(incoming);
    });
    for (const text of ['1', '2', '3']) expect((await ear.next()).content).toEqual({ kind: 'text', text });
    expect(heard).toEqual(['1', '2', '2', '2', '2', '3']);
    expect(waits.slice(0, 3)).toEqual([1000, 2000, 4000]);
    expect(lines.join()).toContain('SQLITE_FULL');
    expect(lines.join()).not.toContain(telegram.token);
    await telegram.acknowledged();
  });

  it('waits as long as Telegram says', async () => {
    const { telegram, channel, ear, waits } = await setStage();
    telegram.fault('getUpdates', { kind: 'flood', retryAfter: 44 });
    await channel.start(ear.hear);
    telegram.person('张三').says('hi');
    await ear.next();
    expect(waits).toContain(44_000);
  });

  it('hears no more of what it was given once it is to stop', async () => {
    const { telegram, channel, ear } = await setStage();
    const zhang = telegram.person('张三');
    zhang.says('1');
    zhang.says('2');
    let stopping: Promise<void> | undefined;
    await channel.start((incoming) => {
      stopping ??= channel.stop();
      return ear.hear(incoming);
    });
    await ear.next();
    await stopping;
    expect(ear.all).toHaveLength(1);
    const next = await play({ telegram });
    expect((await next.ear.next()).id).toBe(ear.all[0]!.id);
    expect((await next.ear.next()).content).toEqual({ kind: 'text', text: '2' });
  });

  it('hears updates that come out of order or twice, and confirms none unheard', async () => {
    const { telegram, channel, ear } = await setStage();
    const zhang = telegram.person('张三');
    telegram.hold();
    zhang.says('1');
    zhang.says('2');
    telegram.release('reversed');
    telegram.repeat();
    let refused = false;
    await channel.start((incoming) => {
      if (!refused && incoming.content.kind === 'text' && incoming.content.text === '1') {
        refused = true;
        return Promise.reject(new Error('no'));
      }
      return ear.hear(incoming);
    });
    await telegram.acknowledged();
    expect(new Set(ear.all.map(({ content }) => content.kind === 'text' && content.text))).toEqual(new Set(['1', '2']));
    expect(new Set(ear.all.map(({ id }) => id)).size).toBe(2);
  });

  it('says in words that somebody else polls, and goes on trying', async () => {
    const { telegram, channel, ear, waits, lines } = await setStage();
    telegram.fault('getUpdates', {
      kind: 'error',
      code: 409,
      description: 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
    });
    telegram.fault('getUpdates', {
      kind: 'error',
      code: 409,
      description: "Conflict: can't use getUpdates method while webhook is active",
    });
    await channel.start(ear.hear);
    telegram.person('张三').says('hi');
    await ear.next();
    expect(lines.join('\n')).toMatch(/another program asks Telegram for updates with the same bot token/);
    expect(lines.join('\n')).toMatch(/webhook/);
    expect(waits.slice(0, 2)).toEqual([1000, 2000]);
  });

  it('outlives whatever the network does, without telling the token', async () => {
    const { telegram, channel, ear, lines } = await setStage();
    for (const fault of [
      { kind: 'reset', applied: false },
      { kind: 'page', status: 502 },
      { kind: 'error', code: 500, description: 'Internal Server Error' },
      { kind: 'flood', retryAfter: 3 },
      { kind: 'error', code: 401, description: 'Unauthorized' },
    ] as const) {
      telegram.fault('getUpdates', fault);
    }
    await channel.start(ear.hear);
    telegram.person('张三').says('hi');
    await ear.next();
    expect(lines.join('\n')).not.toContain(telegram.token);
  });

  it('stops at once, without waiting for the poll that is open', async () => {
    const { telegram, channel, ear } = await play();
    await telegram.called('getUpdates');
    await channel.stop();
    const asked = telegram.callsOf('getUpdates').length;
    telegram.person('张三').says('late');
    expect(telegram.callsOf('getUpdates')).toHaveLength(asked);
    expect(ear.all).toHaveLength(0);
    const next = await play({ telegram });
    expect((await next.ear.next()).content).toEqual({ kind: 'text', text: 'late' });
  });

  it('stopping lets the event be stored that is being stored', async () => {
    const { telegram, channel } = await setStage();
    const { promise: stored, resolve: store } = Promise.withResolvers<void>();
    const { promise: began, resolve: begin } = Promise.withResolvers<void>();
    telegram.person('张三').says('hi');
    await channel.start(() => {
      begin();
      return stored;
    });
    await began;
    let stopped = false;
    const stopping = channel.stop().then(() => (stopped = true));
    await Promise.resolve();
    expect(stopped).toBe(false);
    store();
    await stopping;
  });
});

describe('the webhook', () => {
  const update = {
    update_id: 5,
    message: {
      message_id: 1,
      date: 1,
      text: 'hi',
      chat: { id: 7, type: 'private', first_name: 'a' },
      from: { id: 7, is_bot: false, first_name: 'a' },
    },
  };

  it('acknowledges what is stored, and has what is not stored sent again', async () => {
    const { telegram, channel, ear, lines } = await setStage({ by: 'webhook' });
    let refusals = 2;
    await channel.start((incoming) => (refusals-- > 0 ? Promise.reject(new Error('SQLITE_FULL')) : ear.hear(incoming)));
    telegram.person('张三').says('hi');
    expect((await ear.next()).content).toEqual({ kind: 'text', text: 'hi' });
    await telegram.acknowledged();
    expect(telegram.webhookFailures).toEqual([500, 500]);
    expect(lines.join()).toContain('SQLITE_FULL');
    expect(lines.join()).not.toContain(telegram.token);
    expect(ear.all).toHaveLength(1);
  });

  it('acknowledges only after it is stored', async () => {
    const { channel } = await setStage({ by: 'webhook' });
    const { promise: stored, resolve: store } = Promise.withResolvers<void>();
    await channel.start(() => stored);
    let status = 0;
    const answering = post(channel, update).then((given) => (status = given));
    await Promise.resolve();
    expect(status).toBe(0);
    store();
    await answering;
    expect(status).toBe(200);
  });

  it.each([undefined, '', 'wrong', `${SECRET}x`, SECRET.toUpperCase()])(
    'reads nothing without the right secret: %j',
    async (secret) => {
      const { channel, ear } = await play({ by: 'webhook' });
      const body = new ReadableStream({
        pull() {
          throw new Error('the body was read');
        },
      });
      const request = new Request('http://loopback/telegram', {
        method: 'POST',
        headers: secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': secret },
        body,
        duplex: 'half',
      });
      expect((await channel.handle(request)).status).toBe(401);
      expect(ear.all).toHaveLength(0);
    },
  );

  it.each(['', '{', '7', 'null', '"text"', '\0'])('takes no body that is not an object: %j', async (body) => {
    const { channel } = await play({ by: 'webhook' });
    expect(await post(channel, body)).toBe(400);
  });

  it('takes no body over a megabyte, whether its length is announced or not', async () => {
    const { channel } = await play({ by: 'webhook' });
    const body = JSON.stringify({ ...update, more: 'x'.repeat(1024 * 1024) });
    expect(await post(channel, body)).toBe(413);
    let pulled = 0;
    const endless = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(65_536));
      },
    });
    const request = new Request('http://loopback/telegram', {
      method: 'POST',
      headers: { 'x-telegram-bot-api-secret-token': SECRET },
      body: endless,
      duplex: 'half',
    });
    expect((await channel.handle(request)).status).toBe(413);
    expect(pulled).toBeLessThan(25);
  });

  it('drops an object that is no update, or it would come for ever', async () => {
    const { channel, ear } = await play({ by: 'webhook' });
    expect(await post(channel, [])).toBe(200);
    expect(await post(channel, { update_id: 'x' })).toBe(200);
    expect(ear.all).toHaveLength(0);
  });

  it('has Telegram come again while nobody listens: before the start and after the end', async () => {
    const { channel, ear } = await setStage({ by: 'webhook' });
    expect(await post(channel, update)).toBe(500);
    await channel.start(ear.hear);
    expect(await post(channel, update)).toBe(200);
    await channel.stop();
    expect(await post(channel, update)).toBe(500);
    expect(ear.all).toHaveLength(1);
  });

  it('hears many chats side by side', async () => {
    const { channel } = await setStage({ by: 'webhook' });
    const { promise: slow, resolve: end } = Promise.withResolvers<void>();
    const ear = recordingHear();
    await channel.start((incoming) => (incoming.chat === 'telegram:7' ? slow : ear.hear(incoming)));
    const first = post(channel, update);
    expect(
      await post(channel, { ...update, update_id: 6, message: { ...update.message, chat: { ...update.message.chat, id: 8 } } }),
    ).toBe(200);
    end();
    expect(await first).toBe(200);
  });
});
