/** The tables of the two queues: events that were heard, and what is to go out. Times are ms since the epoch. */
import type { Generated } from 'kysely';

export interface InboxTable {
  /** `Incoming.id`. */
  id: string;
  /** Order of arrival. */
  seq: number;
  chat_id: string;
  /** The event, sealed; emptied when done. */
  sealed: string;
  /** `dead`: it cannot be opened, or ended the process at every try, and is put aside. */
  state: 'waiting' | 'doing' | 'done' | 'dead';
  attempts: number;
  /** `Claim.epoch` of the last claim. */
  epoch: number;
  /** `doing`: the lease; `waiting`: not before; `dead`: since when. */
  until: number;
  received_at: number;
  /** Digests of the replies that were delivered, separated by spaces; emptied when done. */
  said: string;
}

export interface OutboxTable {
  id: string;
  /** Order within its order key. */
  seq: number;
  /** Idempotency key: `summary:<store>:<chat>:<day>`. */
  dedupe_key: string;
  /** What kind of destination: each has an outbox and a delivery of its own. */
  kind: Generated<string>;
  /** The destination: of the kind `chat`, a chat. */
  chat_id: string;
  /** Messages of the same key go out one after another. */
  order_key: Generated<string>;
  /** The message, sealed; emptied when it was sent. */
  sealed: string;
  /** `dead`: it cannot be opened or delivered, and is put aside. */
  state: 'due' | 'sending' | 'sent' | 'uncertain' | 'gone' | 'dead';
  due_at: number;
  attempts: number;
  /** `Claim.epoch` of the last claim. */
  epoch: number;
  created_at: number;
  /** A failure after this time is the last. */
  give_up_at: Generated<number>;
}
