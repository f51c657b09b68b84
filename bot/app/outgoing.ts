/** Enqueues the handlers' messages: on their own, or in the transaction of the change that they tell of. */
import type { Enqueue, Outgoing } from '../../handlers/message.ts';
import type { Db, Tx } from '../../services/database/database.ts';
import type { Outbox } from '../../services/database/queues/outbox.ts';
import type { Message } from '../delivery/outbox.ts';

export interface Enqueuing {
  /** For handlers: a transaction of its own. */
  readonly enqueue: Enqueue;
  /** For services: within the transaction `tx`. False where all of them had been written before. */
  readonly put: (tx: Tx, messages: readonly Outgoing[]) => Promise<boolean>;
}

export function createEnqueuing({ db, outbox }: { db: Db; outbox: Pick<Outbox<Message>, 'put'> }): Enqueuing {
  const put: Enqueuing['put'] = async (tx, messages) => {
    let written = false;
    for (const { key, chat, reply } of messages) if (await outbox.put(tx, key, chat, { reply })) written = true;
    return written;
  };
  return { put, enqueue: async (messages) => void (await db.transaction().execute((tx) => put(tx, messages))) };
}
