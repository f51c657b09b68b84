/** Another program takes the WeCom robot's connection: people hear of it where they still can. */
import { expect, it, onTestFinished } from 'vitest';
import { mountSmartBot } from '../../bot/app/channels.ts';
import { startWecomBot } from '../doubles/wecom-smart-bot.ts';
import { openHarness, texts } from './harness.ts';

it('owners of its stores and operators are told in their other chats, once a day', async () => {
  const wecom = await startWecomBot();
  const pauses: (() => void)[] = [];
  /** The pause before the robot comes back lasts until ended, the limits of a login and of a stop until they are not needed. */
  const wait = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      signal?.addEventListener('abort', () => resolve());
      if (ms < 15_000) resolve();
      else if (ms > 60_000) pauses.push(resolve);
    });
  const bot = await openHarness({
    operators: ['telegram:42', 'wecom-bot:admin'],
    besides: (parts) => [mountSmartBot({ ...wecom, reconnectMs: 1 }, { ...parts, sleep: wait })],
  });
  onTestFinished(() => wecom.close());
  const operator = bot.telegram.person('运维', { id: 42 });
  await bot.ask(operator, '/help');
  const stranger = await bot.learner('别家店主');
  const owner = await bot.owner();
  const { db } = bot.database;
  const store = await db
    .selectFrom('store')
    .innerJoin('account', 'account.id', 'store.account_id')
    .select('store.id')
    .where('platform', '=', 'umember')
    .executeTakeFirstOrThrow();
  const bound = {
    id: 'wecom-bot:wr1',
    title: '',
    is_group: 1,
    store_id: store.id,
    who_may: 'owner',
    bound_by: null,
    locale: null,
  } as const;
  await db
    .insertInto('chat')
    .values({ ...bound, updated_at: 0 })
    .execute();
  const told = (chat: typeof owner.chat): number => texts(chat).filter((text) => text.includes('顶下线')).length;

  for (const round of [1, 2]) {
    wecom.kick();
    await expect.poll(() => pauses.length).toBe(round);
    await expect.poll(async () => (await bot.tick('outbox'), told(owner.chat))).toBe(1);
    pauses.at(-1)!();
    await expect.poll(() => wecom.connected()).toBe(true);
  }
  expect([owner, operator, stranger].map(({ chat }) => told(chat))).toEqual([1, 1, 0]);
});
