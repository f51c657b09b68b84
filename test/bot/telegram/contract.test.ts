/** Telegram as one of the channels, by polling and by webhook. */
import type { Telegram } from '../../../bot/telegram/telegram.ts';
import { createTelegram } from '../../../bot/telegram/telegram.ts';
import { channelContract, type ChannelHarness } from '../../contracts/channel.ts';
import { startTelegram, type FakePress } from '../../doubles/telegram.ts';
import { createInstantWait, createLines, serveWebhook } from './harness.ts';

async function makeWorld(by: 'polling' | 'webhook'): Promise<ChannelHarness> {
  const telegram = await startTelegram();
  const zhang = telegram.person('张三');
  const presses: FakePress[] = [];
  let channel: Telegram | undefined;
  const hook = by === 'webhook' ? await serveWebhook((request) => channel!.handle(request)) : undefined;
  channel = createTelegram({
    token: telegram.token,
    apiRoot: telegram.apiRoot,
    mode: hook ? { kind: 'webhook', url: hook.url, secret: 'secret' } : { kind: 'polling' },
    commands: [],
    log: createLines().log,
    now: Date.now,
    wait: createInstantWait().wait,
  });
  return {
    channel,
    chat: zhang.chat.ref,
    says: (text) => zhang.says(text),
    presses(label) {
      const message = zhang.chat.messages.findLast((one) => one.buttons.flat().some((button) => button.label === label));
      presses.push(zhang.presses(message!, label));
    },
    again: () => telegram.repeat(),
    screen: () =>
      zhang.chat.messages.map(({ text, buttons, file, extra }) => ({
        text,
        buttons: buttons.flat().map(({ label }) => label),
        picture: extra.photo && telegram.files.get(file!),
        file: extra.document && { name: extra.document.file_name!, bytes: telegram.files.get(file!)! },
      })),
    refuse() {
      for (const kind of ['Photo', 'Document'])
        telegram.fault(
          `send${kind}`,
          { kind: 'error', code: 400, description: `Bad Request: not enough rights to send ${kind.toLowerCase()}s to the chat` },
          9,
        );
    },
    asides: () => presses.flatMap(({ answer }) => (answer?.alert ? [answer.text] : [])),
    lock() {
      for (const message of zhang.chat.messages) message.locked = true;
    },
    keep: () =>
      telegram.fault('deleteMessage', {
        kind: 'error',
        code: 400,
        description: "Bad Request: message can't be deleted for everyone",
      }),
    leave: () => zhang.blocks(),
    async close() {
      await hook?.close();
      await telegram.close();
    },
  };
}

const MB = 1024 * 1024;
const PARTICULAR = { can: ['lock', 'keep', 'leave'], carries: { picture: 10 * MB, file: 50 * MB } } as const;
channelContract('Telegram by polling', () => makeWorld('polling'), PARTICULAR);
channelContract('Telegram by webhook', () => makeWorld('webhook'), PARTICULAR);
