/** Kills a real bot at given steps of its work, restarts it, and checks the outcome. */
import { expect } from 'vitest';
import type { FakePerson } from '../doubles/telegram.ts';
import { businessDay } from '../../services/time/business-day.ts';
import { openKillHarness, type KillHarness } from './kill-harness.ts';

/** The fate of the call that verifies. */
export type CallFate = 'answered' | 'lost after' | 'lost before';

/** Confirms one coupon in a process that dies at its `n`th step. True when the work ended before that step. */
async function dieAt(killable: KillHarness, owner: FakePerson, fate: CallFate, n: number): Promise<boolean> {
  const { umember } = killable;
  const code = umember.books.coupon({ yuan: '49.90' });
  const card = await killable.card(owner, code);
  const from = owner.chat.written.length;
  if (fate !== 'answered') umember.fail('verify', { kind: 'reset', applied: fate === 'lost after' });
  await killable.arm(n);
  owner.presses(card, '确认核销');
  const survived = await killable.rest();
  if (!survived) {
    await killable.start();
    expect(await killable.rest(), `it lives on: ${killable.said}`).toBe(true);
  }
  umember.forgetFaults();

  const where = `${fate}, killed at ${n}`;
  const used = umember.books.used(code).length;
  const rows = killable.read<{ state: string; amount: number | null }>(
    'select state, amount from verification where code = ?',
    code,
  );
  const state = used === 1 ? 'verified' : 'refused';
  expect([where, used <= 1, rows]).toEqual([where, true, [{ state, amount: used === 1 ? 4990 : null }]]);
  const told = used === 1 ? '核销成功' : '未核销';
  expect([where, card.text]).toEqual([where, expect.stringContaining(told)]);
  const lines = owner.chat.written.slice(from).filter(({ byBot, text }) => byBot && text.includes('核销'));
  expect([where, lines.filter(({ text }) => !text.includes(told))]).toEqual([where, []]);
  // What may have been said before the end is said again, and marked.
  expect([where, lines.filter(({ text }) => !text.includes('重复')).length <= 1]).toEqual([where, true]);
  return survived;
}

/** Kills the bot at each of these steps, with a fresh coupon each; ends early at a step beyond the end of the work. */
export async function killAt(fate: CallFate, moments: Iterable<number>): Promise<number> {
  // Card and press are less than a minute of its time apart, also on a busy machine: a later use is not inferred to be ours.
  const killable = await openKillHarness({ times: 5 });
  let kills = 0;
  try {
    await killable.start();
    const owner = await killable.owner();
    for (const n of moments) {
      if (await dieAt(killable, owner, fate, n)) break;
      kills += 1;
    }
    const here = killable.read<{ n: number; fen: number | null }>(
      `select count(*) as n, sum(amount) as fen from verification where state = 'verified'`,
    )[0]!;
    const there = [...killable.umember.books.tickets.values()].filter(({ used }) => used.length > 0).length;
    expect({ n: here.n, fen: here.fen ?? 0 }).toEqual({ n: there, fen: there * 4990 });
    return kills;
  } finally {
    await killable.close();
  }
}

const DAY = 24 * 3_600_000;

/**
 * Kills the bot at each of these steps while it posts and delivers a day’s summary; ends early at a step beyond the end. Gives
 * the number of summaries that were repeated with a mark.
 */
export async function killPosting(moments: Iterable<number>): Promise<{ kills: number; repeats: number }> {
  const killable = await openKillHarness();
  let kills = 0;
  let repeats = 0;
  try {
    await killable.start();
    const owner = await killable.owner();
    owner.says('/report');
    await killable.rest();
    for (const n of moments) {
      const day = businessDay(killable.now(), 'Asia/Shanghai', '00:00');
      const told = () => owner.chat.written.filter(({ byBot, text }) => byBot && text.includes('日报') && text.includes(day));
      await killable.arm(n, DAY);
      await killable.until('posts', () => !killable.alive || told().length > 0);
      const survived = await killable.rest();
      if (!survived) await killable.start();
      await killable.until('posts', () => told().length > 0);
      expect(await killable.rest(), `it lives on: ${killable.said}`).toBe(true);
      const [first, ...more] = told();
      expect([n, more.length <= 1, more.every(({ text }) => text.includes('重复'))]).toEqual([n, true, true]);
      expect([n, first!.text]).toEqual([n, expect.stringContaining('核销')]);
      repeats += more.length;
      if (survived) break;
      kills += 1;
    }
    return { kills, repeats };
  } finally {
    await killable.close();
  }
}
