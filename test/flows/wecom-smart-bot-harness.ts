/** Runs the whole program with WeCom's smart bot service, by its own package and a real WebSocket. */
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished, vi } from 'vitest';
import { mountSmartBot } from '../../bot/app/channels.ts';
import type { Channel } from '../../bot/channel/channel.ts';
import { startWecomBot, type FakeBotChat, type FakeBotMessage, type FakeBotPerson } from '../doubles/wecom-smart-bot.ts';
import type { FakeWecomApp } from '../doubles/wecom-app.ts';
import { hurried, openProgram, type ProgramOptions } from './program-harness.ts';

export type SmartBotHarness = Awaited<ReturnType<typeof openSmartBotHarness>>;

/** `hurry`: waits of the bot are that many times shorter. `app`: the self-built app of its corporation. */
export async function openSmartBotHarness({
  hurry = 1,
  app,
  ...options
}: ProgramOptions & { readonly hurry?: number; readonly app?: FakeWecomApp } = {}) {
  const wecom = await startWecomBot();
  const { id, secret, wsUrl, mediaBase } = wecom;
  let heard = 0;
  const counted = (channel: Channel): Channel => ({
    ...channel,
    start: (hear) =>
      channel.start(async (incoming) => {
        await hear(incoming);
        heard += 1;
      }),
  });
  const program = await openProgram((parts) => {
    const robot = mountSmartBot(
      { id, secret, wsUrl, mediaBase, reconnectMs: 1 },
      { ...parts, sleep: hurried(hurry) },
      app && { ...app, apiBase: app.base },
    );
    return [{ ...robot, channel: counted(robot.channel) }];
  }, options);
  onTestFinished(async () => {
    await program.close();
    await wecom.close();
    vi.useRealTimers();
  });

  const { umember } = program;
  const bot = {
    ...program,
    wecom,
    /** Until the bot has answered everything it was told. */
    async quiet(): Promise<void> {
      while (heard < wecom.told()) await pause(1);
      await program.answered();
    },
    /** Says something and gives what the bot wrote in answer. */
    async ask(person: FakeBotPerson, text: string, chat: FakeBotChat = person.chat): Promise<FakeBotMessage[]> {
      const before = chat.messages.length;
      person.says(text, { in: chat });
      await bot.quiet();
      return chat.messages.slice(before).filter(({ byBot }) => byBot);
    },
    /** Presses and gives what the bot wrote besides. */
    async press(person: FakeBotPerson, message: FakeBotMessage, label: string, chat = person.chat): Promise<string[]> {
      const before = chat.messages.length;
      person.presses(message, label);
      await bot.quiet();
      return chat.messages.slice(before).map(({ look }) => look.text);
    },
    /** The binding dialogue from the first word to the last, with umember's only shop. */
    async bind(person: FakeBotPerson, chat: FakeBotChat = person.chat): Promise<void> {
      const [platforms] = await bot.ask(person, '绑定', chat);
      await bot.press(person, platforms!, '美团', chat);
      await bot.ask(person, 'owner@example.com', chat);
      await bot.ask(person, 'secret', chat);
    },
    /** An owner whose chat with the robot is bound to umember's shop. */
    async owner(userid = 'wanglaoban'): Promise<FakeBotPerson> {
      const owner = wecom.person(userid);
      await bot.bind(owner);
      return owner;
    },
    /** Sends a code and gives the card back. */
    async card(person: FakeBotPerson, code = umember.books.coupon(), chat: FakeBotChat = person.chat): Promise<FakeBotMessage> {
      return (await bot.ask(person, code, chat)).at(-1)!;
    },
  };
  return bot;
}

/** What the robot wrote in a chat. */
export const written = (chat: FakeBotChat): string[] => chat.messages.filter(({ byBot }) => byBot).map(({ look }) => look.text);
/** What buttons everybody sees on a message. */
export const labels = ({ look }: FakeBotMessage): string[] => look.buttons.map(({ label }) => label);
