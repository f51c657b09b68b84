/** Starting, long polling, webhooks, and stopping. */
import { describe, expect, it } from 'vitest';
import { poll } from '../../../bot/telegram/polling.ts';
import { startTelegram } from '../../doubles/telegram.ts';
import { createLines, recordingHear, createManualWait, startChannel, post, SECRET, prepareChannel } from './harness.ts';

const MENU = [{ command: 'bind', description: '绑定门店' }];

describe('starting', () => {
  it('is refused with a sentence when the token is wrong, and the token is not in it', async () => {
    const { channel, received, lines } = await prepareChannel({ token: '123456:a-wrong-token' });
    const error: unknown = await channel.start(received.hear).catch((thrown: unknown) => thrown);
    expect(String(error)).toContain('TELEGRAM_BOT_TOKEN');
    expect(`${String(error)} ${lines.join()}`).not.toContain('a-wrong-token');
  });

  it('retries with exponential back-off while the network is down, and never logs the token', async () => {
    const { telegram, channel, received, waits, lines } = await prepareChannel();
    telegram.fault('getMe', { kind: 'reset', applied: false }, 2);
    telegram.fault('getMe', { kind: 'page', status: 502 });
    telegram.fault('getMe', { kind: 'error', code: 500, description: 'Internal Server Error' });
    telegram.fault('deleteWebhook', { kind: 'flood', retryAfter: 44 });
    await channel.start(received.hear);
    expect(waits.slice(0, 5)).toEqual([1000, 2000, 4000, 8000, 44_000]);
    expect(lines.join('\n')).not.toContain(telegram.token);
    expect(lines.filter((line) => line.startsWith('warn'))).toHaveLength(5);
  });

  it('can be stopped during a back-off', async () => {
    const manual = createManualWait();
    const { telegram, channel, received } = await prepareChannel({ wait: manual.wait });
    telegram.fault('getMe', { kind: 'reset', applied: false }, 100);
    const starting = channel.start(received.hear);
    await manual.waiting(1000);
    await channel.stop();
    await starting;
    expect(telegram.callsOf('getUpdates')).toHaveLength(0);
  });

  it('by polling removes an old webhook', async () => {
    const telegram = await startTelegram();
    const left = await prepareChannel({ by: 'webhook', telegram });
    await left.channel.start(left.received.hear);
    await left.channel.stop();
    const { channel, received } = await startChannel({ telegram });
    telegram.person('张三').says('hi');
    expect((await received.next()).content).toEqual({ kind: 'text', text: 'hi' });
    expect(telegram.webhook).toBeUndefined();
    expect(await post(channel, { update_id: 1 })).toBe(404);
  });

  it('by webhook registers address, secret and kinds of updates', async () => {
    const { telegram, hook } = await startChannel({ by: 'webhook' });
    expect(telegram.webhook).toEqual({
      url: hook!.url,
      secret: SECRET,
      allowed: ['message', 'edited_message', 'callback_query', 'my_chat_member'],
    });
  });

  it('by webhook rejects with a sentence when Telegram refuses the address', async () => {
    const { telegram, channel, received } = await prepareChannel({ by: 'webhook' });
    telegram.fault('setWebhook', {
      kind: 'error',
      code: 400,
      description: 'Bad Request: bad webhook: An HTTPS URL must be provided',
    });
    await expect(channel.start(received.hear)).rejects.toThrow('HTTPS URL must be provided');
  });

  it('sets the command menus per language and kind of chat; a failure is only logged', async () => {
    const { telegram, lines } = await prepareChannel().then(async (harness) => {
      harness.telegram.fault('setMyCommands', { kind: 'error', code: 400, description: 'Bad Request: BOT_COMMAND_INVALID' });
      return harness;
    });
    const { channel, received } = await prepareChannel({
      telegram,
      commands: [
        { language: 'en', scope: 'all_group_chats', commands: MENU },
        { language: '', scope: 'all_private_chats', commands: MENU },
        { language: 'zh', scope: 'all_chat_administrators', commands: MENU },
      ],
    });
    await channel.start(received.hear);
    await telegram.called('setMyCommands', 3);
    telegram.person('张三').says('hi');
    await received.next();
    expect([...telegram.menus.keys()]).toEqual(['all_private_chats/', 'all_chat_administrators/zh']);
    expect(telegram.menus.get('all_private_chats/')).toEqual(MENU);
    expect(lines.join()).not.toContain(telegram.token);
  });
});

describe('polling', () => {
  it('does not advance the offset past an update that could not be stored', async () => {
    const { telegram, channel, received, waits, lines } = await prepareChannel();
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
      return received.hear(incoming);
    });
    for (const text of ['1', '2', '3']) expect((await received.next()).content).toEqual({ kind: 'text', text });
    expect(heard).toEqual(['1', '2', '2', '2', '2', '3']);
    expect(waits.slice(0, 3)).toEqual([1000, 2000, 4000]);
    expect(lines.join()).toContain('SQLITE_FULL');
    expect(lines.join()).not.toContain(telegram.token);
    await telegram.acknowledged();
  });

  it('waits for Telegram’s retry_after', async () => {
    const { telegram, channel, received, waits } = await prepareChannel();
    telegram.fault('getUpdates', { kind: 'flood', retryAfter: 44 });
    await channel.start(received.hear);
    telegram.person('张三').says('hi');
    await received.next();
    expect(waits).toContain(44_000);
  });

  it('handles no more updates of a batch after stop', async () => {
    const { telegram, channel, received } = await prepareChannel();
    const zhang = telegram.person('张三');
    zhang.says('1');
    zhang.says('2');
    let stopping: Promise<void> | undefined;
    await channel.start((incoming) => {
      stopping ??= channel.stop();
      return received.hear(incoming);
    });
    await received.next();
    await stopping;
    expect(received.all).toHaveLength(1);
    const next = await startChannel({ telegram });
    expect((await next.received.next()).id).toBe(received.all[0]!.id);
    expect((await next.received.next()).content).toEqual({ kind: 'text', text: '2' });
  });

  it('handles updates out of order or repeated, and confirms none that is not stored', async () => {
    const { telegram, channel, received } = await prepareChannel();
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
      return received.hear(incoming);
    });
    await telegram.acknowledged();
    expect(new Set(received.all.map(({ content }) => content.kind === 'text' && content.text))).toEqual(new Set(['1', '2']));
    expect(new Set(received.all.map(({ id }) => id)).size).toBe(2);
  });

  it('logs a sentence when another program polls, and keeps retrying', async () => {
    const { telegram, channel, received, waits, lines } = await prepareChannel();
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
    await channel.start(received.hear);
    telegram.person('张三').says('hi');
    await received.next();
    expect(lines.join('\n')).toMatch(/another program asks Telegram for updates with the same bot token/);
    expect(lines.join('\n')).toMatch(/webhook/);
    expect(waits.slice(0, 2)).toEqual([1000, 2000]);
  });

  it('survives every network fault, without logging the token', async () => {
    const { telegram, channel, received, lines } = await prepareChannel();
    for (const fault of [
      { kind: 'reset', applied: false },
      { kind: 'page', status: 502 },
      { kind: 'error', code: 500, description: 'Internal Server Error' },
      { kind: 'flood', retryAfter: 3 },
      { kind: 'error', code: 401, description: 'Unauthorized' },
    ] as const) {
      telegram.fault('getUpdates', fault);
    }
    await channel.start(received.hear);
    telegram.person('张三').says('hi');
    await received.next();
    expect(lines.join('\n')).not.toContain(telegram.token);
  });

  it('asks a server that never holds a poll once a second at most', async () => {
    const manual = createManualWait();
    const abort = new AbortController();
    let asked = 0;
    const polling = poll({
      ask: () => Promise.resolve(asked++ > 50 ? [{ update_id: 3 }] : []),
      hear: () => Promise.resolve(abort.abort()),
      log: createLines().log,
      now: () => 0,
      wait: manual.wait,
      signal: abort.signal,
    });
    for (const once of [1, 2, 3]) {
      await manual.waiting(1000);
      expect(asked).toBe(once);
      manual.elapse(1000);
      await Promise.resolve();
    }
    abort.abort();
    await polling;
  });

  it('stops at once and aborts the open poll', async () => {
    const { telegram, channel, received } = await startChannel();
    await telegram.called('getUpdates');
    await channel.stop();
    const asked = telegram.callsOf('getUpdates').length;
    telegram.person('张三').says('late');
    expect(telegram.callsOf('getUpdates')).toHaveLength(asked);
    expect(received.all).toHaveLength(0);
    const next = await startChannel({ telegram });
    expect((await next.received.next()).content).toEqual({ kind: 'text', text: 'late' });
  });

  it('stop waits for the event that is being stored', async () => {
    const { telegram, channel } = await prepareChannel();
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

  it('acknowledges a stored update; one that is not stored is redelivered', async () => {
    const { telegram, channel, received, lines } = await prepareChannel({ by: 'webhook' });
    let refusals = 2;
    await channel.start((incoming) => (refusals-- > 0 ? Promise.reject(new Error('SQLITE_FULL')) : received.hear(incoming)));
    telegram.person('张三').says('hi');
    expect((await received.next()).content).toEqual({ kind: 'text', text: 'hi' });
    await telegram.acknowledged();
    expect(telegram.webhookFailures).toEqual([500, 500]);
    expect(lines.join()).toContain('SQLITE_FULL');
    expect(lines.join()).not.toContain(telegram.token);
    expect(received.all).toHaveLength(1);
  });

  it('acknowledges only after storing', async () => {
    const { channel } = await prepareChannel({ by: 'webhook' });
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
      const { channel, received } = await startChannel({ by: 'webhook' });
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
      expect(received.all).toHaveLength(0);
    },
  );

  it.each(['', '{', '7', 'null', '"text"', '\0'])('refuses a body that is not an object: %j', async (body) => {
    const { channel } = await startChannel({ by: 'webhook' });
    expect(await post(channel, body)).toBe(400);
  });

  it('refuses a body over a megabyte, with and without a Content-Length', async () => {
    const { channel } = await startChannel({ by: 'webhook' });
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

  it('drops an object that is no update, or Telegram would redeliver it for ever', async () => {
    const { channel, received } = await startChannel({ by: 'webhook' });
    expect(await post(channel, [])).toBe(200);
    expect(await post(channel, { update_id: 'x' })).toBe(200);
    expect(received.all).toHaveLength(0);
  });

  it('lets Telegram redeliver before the start and after the stop', async () => {
    const { channel, received } = await prepareChannel({ by: 'webhook' });
    expect(await post(channel, update)).toBe(500);
    await channel.start(received.hear);
    expect(await post(channel, update)).toBe(200);
    await channel.stop();
    expect(await post(channel, update)).toBe(500);
    expect(received.all).toHaveLength(1);
  });

  it('handles many chats concurrently', async () => {
    const { channel } = await prepareChannel({ by: 'webhook' });
    const { promise: slow, resolve: end } = Promise.withResolvers<void>();
    const received = recordingHear();
    await channel.start((incoming) => (incoming.chat === 'telegram:7' ? slow : received.hear(incoming)));
    const first = post(channel, update);
    expect(
      await post(channel, { ...update, update_id: 6, message: { ...update.message, chat: { ...update.message.chat, id: 8 } } }),
    ).toBe(200);
    end();
    expect(await first).toBe(200);
  });
});
