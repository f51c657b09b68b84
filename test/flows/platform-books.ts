/** The ledger beside the platform's books, and the time it takes until they must agree. */
import { expect } from 'vitest';
import type { FakePerson } from '../doubles/telegram.ts';
import type { Harness } from './harness.ts';

/** Verified uses and fen as the ledger has them, and as the platform has them. */
export async function books(bot: Harness) {
  const rows = await bot.database.db.selectFrom('verification').select(['state', 'count', 'amount']).execute();
  const here = rows.filter(({ state }) => state === 'verified');
  const there = [...bot.umember.books.tickets.values()].flatMap(({ used, yuan }) =>
    used.filter(({ by }) => by !== 'elsewhere').map(() => Math.round(Number(yuan) * 100)),
  );
  return {
    here: {
      uses: here.reduce((sum, { count }) => sum + count, 0),
      fen: here.reduce((sum, { amount }) => sum + (amount ?? 0), 0),
    },
    there: { uses: there.length, fen: there.reduce((sum, fen) => sum + fen, 0) },
    open: rows.filter(({ state }) => !['verified', 'refused', 'undone', 'dropped'].includes(state)).length,
  };
}

export async function expectBalanced(bot: Harness): Promise<void> {
  const { here, there, open } = await books(bot);
  expect(here).toEqual(there);
  expect(open).toBe(0);
}

/** Every update was heard and everything that was heard is answered. */
export async function quiet(bot: Harness): Promise<void> {
  await bot.telegram.acknowledged();
  await expect.poll(() => bot.waiting()).toBe(0);
}

/** Lets time pass until the platform has been asked and the chat told. */
export async function settle(bot: Harness): Promise<void> {
  await quiet(bot);
  for (let n = 0; n < 12; n++) {
    bot.later(4_000);
    await bot.tick();
  }
  await quiet(bot);
}

/** A second owner's chat, and a group of both. */
export async function neighbours(bot: Harness, first: FakePerson) {
  const second = await bot.owner('李老板');
  const group = await bot.group(first, [second]);
  return { second, group };
}
