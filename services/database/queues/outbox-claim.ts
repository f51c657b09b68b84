/** Finds the messages of the outbox that may be claimed: the oldest of each order key. */
import type { RawBuilder } from 'kysely';
import { sql, type Db, type Tx } from '../database.ts';
import { passLocked } from '../locks/row-locks.ts';
import { prepared } from '../prepared.ts';
import { hasCome, type Claim, type ClaimClock } from './claim.ts';

/** A delivery's lease, ms. A row past it was being sent by a process that has died. */
export const SENDING_MS = 60_000;
/** Failed tries, about an hour, after which a message holds up no newer one: something may be wrong with it alone. */
const HOLDS_UP_ATTEMPTS = 12;

/** Must match the condition of the partial indexes literally, or they are not used. */
export const unsent = (table: string) => sql<boolean>`${sql.ref(`${table}.state`)} in ('due', 'sending', 'uncertain')`;
/** Unsent, and newer messages of its order key wait for it. */
export const holdingUp = (table: string) =>
  sql<boolean>`${unsent(table)} and ${sql.ref(`${table}.attempts`)} < ${sql.lit(HOLDS_UP_ATTEMPTS)}`;

export interface Due<T> extends Claim {
  readonly key: string;
  readonly chat: string;
  readonly message: T;
  /** It may have been delivered already; it is sent with a mark that says so. */
  readonly repeat: boolean;
  readonly attempts: number;
  /** A failure after this time is the last, ms. */
  readonly giveUpAt: number;
}

export interface Claimable {
  readonly kind: string;
  readonly now: RawBuilder<number>;
  readonly limit: number;
  /** The longest wait between two attempts, ms. */
  readonly longestWaitMs: number;
  /** Only its oldest message, whatever it waits for. Left out: what is due in chats where no event is being answered. */
  readonly chat?: string;
  /** Destinations that have as much under way as they may. */
  readonly full: readonly string[];
}

/** How much may be under way to one destination at a time, and how much is. */
export interface Share {
  readonly each: number;
  readonly underWay: ReadonlyMap<string, number>;
}

/** The destinations that can take nothing more now. */
export const fullIn = ({ each, underWay }: Share): readonly string[] =>
  [...underWay].filter(([, n]) => n >= each).map(([chat]) => chat);

/** Of rows in order those that each destination has room for. */
export function roomFor<R extends { readonly chat_id: string }>(rows: readonly R[], { each, underWay }: Share): readonly R[] {
  const taken = new Map(underWay);
  return rows.filter(({ chat_id: chat }) => {
    const n = taken.get(chat) ?? 0;
    if (n >= each) return false;
    taken.set(chat, n + 1);
    return true;
  });
}

/** Rows that another claim has locked are passed over: instances that claim at the same time do not wait for each other. */
export async function claimable(tx: Tx, { kind, now, limit, longestWaitMs, chat, full }: Claimable) {
  const oldest = tx
    .selectFrom('outbox')
    .select(['id', 'dedupe_key', 'chat_id', 'sealed', 'state', 'attempts', 'epoch', 'give_up_at'])
    .where(unsent('outbox'))
    .where('kind', 'in', [kind])
    .where('state', '<>', sql.lit('sending'))
    .where((e) =>
      e.not(
        e.exists(
          e
            .selectFrom('outbox as older')
            .select('older.id')
            .whereRef('older.order_key', '=', 'outbox.order_key')
            // Two instances may assign the same number at the same time.
            .where(sql<boolean>`(older.seq, older.id) < (outbox.seq, outbox.id)`)
            .where(holdingUp('older')),
        ),
      ),
    )
    .$if(full.length > 0, (q) => q.where('chat_id', 'not in', full))
    .orderBy('seq')
    .limit(limit)
    .modifyEnd(passLocked(tx));
  return chat === undefined
    ? await oldest
        .where(hasCome('due_at', now, longestWaitMs))
        // An answer under way may be older than this message; sent later it would cover the news.
        .where('chat_id', 'not in', (e) => e.selectFrom('inbox').select('inbox.chat_id').where('inbox.state', '=', 'doing'))
        .execute()
    : await oldest.where('order_key', '=', chat).execute();
}

/** Cheap questions before a claim: whether anything is due, and whether something holds a chat up. */
export function createLooks(
  db: Db,
  { kind, clock, longestWaitMs }: Pick<Claimable, 'kind' | 'longestWaitMs'> & { readonly clock: ClaimClock },
) {
  const one = () =>
    db
      .selectFrom('outbox')
      .select('id')
      .where('kind', 'in', [sql.lit(kind)])
      .limit(sql.lit(1));
  const due = prepared(db, ({ at }: { at: number }) =>
    one()
      .where(unsent('outbox'))
      .where(hasCome('due_at', clock(at), longestWaitMs)),
  );
  const holding = prepared(db, ({ key }: { key: string }) => one().where('order_key', 'in', [key]).where(holdingUp('outbox')));
  return {
    anyDue: async (at: number): Promise<boolean> => (await due({ at })).rows.length > 0,
    holdsUp: async (key: string): Promise<boolean> => (await holding({ key })).rows.length > 0,
  };
}
