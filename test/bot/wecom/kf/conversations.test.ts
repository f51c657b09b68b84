import { setImmediate as breath } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { adding, createTalks, MOST_WAITING, type Talk } from '../../../../bot/wecom/kf/conversations.ts';
import type { ChatId } from '../../../../handlers/message.ts';
import { openSqlite } from '../../../../services/database/database.ts';
import { createCollections } from '../../../../services/database/collections.ts';
import { createLeases } from '../../../../services/database/leases.ts';
import { createSeal } from '../../../../services/database/seal.ts';
import { createTurns } from '../../../../services/database/mutex.ts';

const CHAT = 'wecom-kf:wkdesk:wmlin';

it('keeps what two instances have to say at the same moment', async () => {
  const store = await openSqlite(':memory:');
  onTestFinished(() => store.close());
  const collections = createCollections(store.db, createSeal(Buffer.alloc(32, 7)));
  const leases = createLeases(store.db, Date.now);
  const talks = ['one', 'other'].map((holder) =>
    createTalks({
      talks: collections<Talk>('kf-talk', 900_000),
      lists: collections<readonly ChatId[]>('kf-unsent', 900_000),
      turns: createTurns({ leases, holder, wait: () => breath() }),
    }),
  );
  const names = Array.from({ length: MOST_WAITING }, (_, n) => `r${n}`);
  await Promise.all(names.map((ref, n) => talks[n % 2]!.change(CHAT, (talk) => adding(talk, { ref, text: ref, buttons: [] }))));
  const { waiting } = await talks[0]!.get(CHAT);
  expect(waiting.map(({ ref }) => ref).toSorted()).toEqual(names.toSorted());
  expect(await talks[1]!.unsent()).toEqual([CHAT]);
});
