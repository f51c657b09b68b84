/** Enqueues the handlers' messages: on their own, or in the transaction of the change that they tell of. */
import type { Enqueue, Outgoing } from '../../handlers/message.ts';
import type { Db, Tx } from '../../services/database/database.ts';
import type { Outbox } from '../../services/database/queues/outbox.ts';
import type { Message } from '../delivery/outbox.ts';

export interface Enqueuing {
  /** For handlers: a transaction of its own. */
  readonly enqueue: Enqueue;
  /** For services: within the transaction `tx`. */
  readonly put: (tx: Tx, messages: readonly Outgoing[]) => Promise<void>;
}

export function createEnqueuing({ db, outbox }: { db: Db; outbox: Pick<Outbox<Message>, 'put'> }): Enqueuing {
  const put: Enqueuing['put'] = async (tx, messages) => {
    for (const { key, chat, reply } of messages) await outbox.put(tx, key, chat, { reply });
  };
  return { put, enqueue: (messages) => db.transaction().execute((tx) => put(tx, messages)) };
}
