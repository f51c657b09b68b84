/** Runs the whole program with the self-built app of a corporation and its members: encrypted callbacks over real HTTP. */
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished, vi } from 'vitest';
import { mountWecomApp } from '../../bot/app/channels.ts';
import { startWecomApp, type FakeAppMessage, type FakeMember } from '../doubles/wecom-app.ts';
import type { Time } from '../../services/time/time.ts';
import { openProgram, type ProgramOptions } from './program-harness.ts';

export async function openWecomAppHarness(options: ProgramOptions = {}) {
  const wecom = await startWecomApp({ now: () => Date.now() });
  // A minute's limit is not waited out while time stands still; a call of the API may take its moment.
  const sleep: Time['sleep'] = async (ms, signal) =>
    ms <= 2000 ? await pause(ms, undefined, { ref: false, ...(signal && { signal }) }) : void vi.setSystemTime(Date.now() + ms);
  const program = await openProgram(
    (parts) => {
      const [members] = mountWecomApp({ ...wecom, apiBase: wecom.base }, { ...parts, sleep });
      return [members];
    },
    { port: 0, ...options },
  );
  wecom.callbacks.setUrl(`${program.url}/wecom/callback`);
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
