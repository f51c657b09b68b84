/** The whole bot with a corporation's app and its members: encrypted callbacks over real HTTP. */
import { onTestFinished, vi } from 'vitest';
import { TOKEN_MS, type KeptToken } from '../../bot/wecom/access-token.ts';
import { createApi } from '../../bot/wecom/api.ts';
import { createApp } from '../../bot/wecom/app/app.ts';
import { createCallback } from '../../bot/wecom/callback.ts';
import { createCrypto } from '../../bot/wecom/crypto.ts';
import { words } from '../../locales/index.ts';
import { createLines, serveRoutes } from '../bot/wecom/app/harness.ts';
import { startWecomApp, type FakeAppMessage, type FakeMember } from '../doubles/wecom-app.ts';
import { openChannelHarness, type ChannelHarnessOptions } from './channel-harness.ts';

export async function openAppTown(options: ChannelHarnessOptions = {}) {
  const now = (): number => Date.now();
  const wecom = await startWecomApp({ now });
  const { corpId, token, encodingAesKey, agentId, secret } = wecom;
  const crypto = createCrypto({ token, encodingAesKey, receiveId: corpId });
  const callback = createCallback({ crypto, now, log: createLines().log });
  const program = await openChannelHarness(
    ({ wiring: { collections, wordsOf }, log, newId }) => {
      const tokens = collections<KeptToken>('wecom-token', TOKEN_MS);
      const api = createApi({ base: wecom.base, corpId, secret, tokens, now, wait: () => Promise.resolve(), log });
      return [
        createApp({
          api,
          callback,
          agentId,
          collections,
          wordsOf,
          menuWords: words('zh-CN'),
          newId,
          now,
          // Nobody waits out a minute's limit while time stands still.
          wait: (ms) => Promise.resolve(void vi.setSystemTime(Date.now() + ms)),
          log,
        }),
      ];
    },
    { practice: true, ...options },
  );
  const hook = await serveRoutes(callback.routes);
  wecom.callbacks.setUrl(hook.url);
  onTestFinished(async () => {
    await hook.close();
    await wecom.close();
  });

  const { umember } = program;
  const bot = {
    ...program,
    wecom,
    /** Until the bot has answered everything it was told. */
    async quiet(): Promise<void> {
      await wecom.callbacks.idle();
      await program.answered();
    },
    /** Does something and gives what the app wrote in answer. */
    async after(member: FakeMember, doing: Promise<unknown>): Promise<FakeAppMessage[]> {
      const before = member.messages.length;
      await doing;
      await bot.quiet();
      return member.messages.slice(before).filter(({ byBot }) => byBot);
    },
    ask: (member: FakeMember, text: string) => bot.after(member, member.says(text)),
    press: (member: FakeMember, message: FakeAppMessage, label: string) => bot.after(member, member.presses(message, label)),
    /** The binding dialogue from the first word to the last, with umember's only shop. */
    async bind(member: FakeMember): Promise<void> {
      const [platforms] = await bot.ask(member, '绑定');
      await bot.press(member, platforms!, '美团');
      await bot.ask(member, 'owner@example.com');
      await bot.ask(member, 'secret');
    },
    /** An owner whose chat with the app is bound to umember's shop. */
    async owner(userid = 'wanglaoban'): Promise<FakeMember> {
      const owner = wecom.member(userid);
      await bot.bind(owner);
      return owner;
    },
    /** Sends a code and gives the card back. */
    card: async (member: FakeMember, code = umember.books.coupon()): Promise<FakeAppMessage> =>
      (await bot.ask(member, code)).at(-1)!,
  };
  return bot;
}

/** What the app wrote to a member. */
export const written = ({ messages }: FakeMember): string[] => messages.filter(({ byBot }) => byBot).map(({ text }) => text);
/** The buttons that can be pressed. */
export const labels = ({ buttons }: FakeAppMessage): string[] => buttons.map(({ label }) => label);
