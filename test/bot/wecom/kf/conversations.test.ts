import { setImmediate as breath } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { adding, createConversations, MOST_WAITING, type Conversation } from '../../../../bot/wecom/kf/conversations.ts';
import type { ChatId } from '../../../../handlers/message.ts';
import { openSqlite } from '../../../../services/database/database.ts';
import { createCollections } from '../../../../services/database/collections.ts';
import { createLeases } from '../../../../services/database/locks/leases.ts';
import { createSeal } from '../../../../services/database/seal.ts';
import { createMutex } from '../../../../services/database/locks/mutex.ts';

const CHAT = 'wecom-kf:wkdesk:wmlin';

it('keeps the messages that two instances queue at the same moment', async () => {
  const database = await openSqlite(':memory:');
  onTestFinished(() => database.close());
  const collections = createCollections(database.db, createSeal(Buffer.alloc(32, 7)), () => Date.now());
  const leases = createLeases(database.db, Date.now);
  const conversations = ['one', 'other'].map((holder) =>
    createConversations({
      conversations: collections<Conversation>('kf-talk', 900_000),
      lists: collections<readonly ChatId[]>('kf-unsent', 900_000),
      mutex: createMutex({ leases, holder, wait: () => breath() }),
    }),
  );
  const names = Array.from({ length: MOST_WAITING }, (_, n) => `r${n}`);
  await Promise.all(
    names.map((ref, n) =>
      conversations[n % 2]!.change(CHAT, (conversation) => adding(conversation, { ref, text: ref, buttons: [] })),
    ),
  );
  const { waiting } = await conversations[0]!.get(CHAT);
  expect(waiting.map(({ ref }) => ref).toSorted()).toEqual(names.toSorted());
  expect(await conversations[1]!.unsent()).toEqual([CHAT]);
});
