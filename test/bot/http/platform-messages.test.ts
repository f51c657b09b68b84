/** Messages that platforms post: what is acknowledged was taken, whoever dies in the middle of it. */
import { expect, it } from 'vitest';
import { createBodies } from '../../../bot/http/body.ts';
import { createPlatformMessages } from '../../../bot/http/platform-messages.ts';
import { createCollections } from '../../../services/database/collections.ts';
import { openSqlite } from '../../../services/database/database.ts';
import { createLeases } from '../../../services/database/locks/leases.ts';
import { createSeal } from '../../../services/database/seal.ts';

it('a message that another instance is taking is not acknowledged: it comes again, and is taken once', async () => {
  const database = await openSqlite(':memory:');
  const now = (): number => 1_000_000;
  let ids = 0;
  const begun: PromiseWithResolvers<void>[] = [];
  const routes = createPlatformMessages({
    platforms: [
      {
        name: 'douyin',
        messages: {
          read: () => ({ kind: 'message', id: '1', news: { what: 'refunded', identity: 'a', order: 'o', coupon: 'c' } }),
        },
      },
    ],
    take() {
      begun.push(Promise.withResolvers());
      return begun.at(-1)!.promise;
    },
    leases: createLeases(database.db, now),
    collections: createCollections(database.db, createSeal(Buffer.alloc(32)), now),
    bodies: createBodies(),
    newId: () => `id${(ids += 1)}`,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  const post = async (): Promise<number> => (await routes.request('/douyin/webhook', { method: 'POST', body: '{}' })).status;
  const taking = async (): Promise<{ answer: Promise<number>; end: PromiseWithResolvers<void> }> => {
    const before = begun.length;
    const answer = post();
    await expect.poll(() => begun.length).toBe(before + 1);
    return { answer, end: begun.at(-1)! };
  };

  const first = await taking();
  expect(await post()).toBe(503);
  first.end.reject(new Error('the platform cannot be reached'));
  expect(await first.answer).toBe(500);
  const second = await taking();
  second.end.resolve();
  expect(await second.answer).toBe(200);
  expect(await post()).toBe(200);
  expect(begun).toHaveLength(2);
  await database.close();
});
