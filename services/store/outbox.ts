/** What is to go out by itself: a row written in the same transaction as its fact, delivered once or told as doubtful. */
import { sql, type Db, type Tx } from './database.ts';
import { prepared } from './prepared.ts';
import type { Seal } from './seal.ts';

/** A delivery that was begun, and neither finished nor renewed within this time, died with its process. */
export const SENDING_MS = 60_000;

/** In the words of the partial indexes, or they are not used. */
const unsent = (table: string) => sql<boolean>`${sql.ref(`${table}.state`)} in ('due', 'sending', 'uncertain')`;

export interface Due<T> {
  readonly id: string;
  readonly chat: string;
  readonly message: T;
  /** It may have been delivered already: to be sent marked as a repeat. */
  readonly repeat: boolean;
  readonly attempts: number;
}

export interface Outbox<T> {
  /** Once per `key`; a second message with the same key is not written. */
  put(tx: Tx, key: string, chat: string, message: T): Promise<void>;
  /**
   * Takes what is due and marks it as being sent: of each chat its oldest, and of chats where that has to wait or is being
   * sent, or where an event is being answered, nothing.
   */
  claim(limit: number): Promise<readonly Due<T>[]>;
  /** It is still being sent. */
  renew(id: string): Promise<void>;
  sent(id: string): Promise<void>;
  /** Certainly not delivered; again after `waitMs`. */
  postpone(id: string, waitMs: number): Promise<void>;
  /** Nobody can say whether it arrived; again after `waitMs`, marked as a repeat. */
  doubtful(id: string, waitMs: number): Promise<void>;
  /** The chat is gone for good. */
  gone(id: string): Promise<void>;
  counts(): Promise<{ readonly due: number; readonly uncertain: number }>;
  sweep(beforeMs: number): Promise<void>;
}

export function createOutbox<T>(db: Db, seal: Seal, now: () => number, newId: () => string): Outbox<T> {
  const mark = async (id: string, state: 'sent' | 'gone' | 'due' | 'uncertain', dueAt?: number): Promise<void> => {
    await db
      .updateTable('outbox')
      .set({
        state,
        ...(dueAt === undefined ? {} : { due_at: dueAt }),
        ...(state === 'sent' || state === 'gone' ? { sealed: '' } : {}),
      })
      .where('id', '=', id)
      .execute();
  };
  const anyDue = prepared(db, ({ at }: { at: number }) =>
    db.selectFrom('outbox').select('id').where(unsent('outbox')).where('due_at', '<=', at).limit(sql.lit(1)),
  );
  let last = 0;
  return {
    async put(tx, key, chat, message) {
      const at = now();
      await tx
        .insertInto('outbox')
        .values({
          id: newId(),
          // Milliseconds, and ever more: order within this process, and near enough between instances.
          seq: (last = Math.max(last + 1, at * 1000)),
          dedupe_key: key,
          chat_id: chat,
          sealed: seal.seal(JSON.stringify(message)),
          state: 'due',
          due_at: at,
          attempts: 0,
          created_at: at,
        })
        .onConflict((c) => c.column('dedupe_key').doNothing())
        .execute();
    },
    async claim(limit) {
      const at = now();
      // Asked every second, and nearly always in vain.
      if ((await anyDue({ at })).rows.length === 0) return [];
      return await db.transaction().execute(async (tx) => {
        // A row found in `sending` past its time was begun by a process that died: delivered or not, nobody knows.
        await tx
          .updateTable('outbox')
          .set({ state: 'uncertain' })
          .where(unsent('outbox'))
          .where('state', '=', 'sending')
          .where('due_at', '<=', at)
          .execute();
        const rows = await tx
          .selectFrom('outbox')
          .select(['id', 'chat_id', 'sealed', 'state', 'attempts'])
          .where(unsent('outbox'))
          .where('state', '<>', 'sending')
          .where('due_at', '<=', at)
          .where((e) =>
            e.not(
              e.exists(
                e
                  .selectFrom('outbox as older')
                  .select('older.id')
                  .whereRef('older.chat_id', '=', 'outbox.chat_id')
                  .whereRef('older.seq', '<', 'outbox.seq')
                  .where(unsent('older')),
              ),
            ),
          )
          // An answer on its way may be older than this: it goes first, or it would stand over the news.
          .where('chat_id', 'not in', (e) => e.selectFrom('inbox').select('inbox.chat_id').where('inbox.state', '=', 'doing'))
          .orderBy('due_at')
          .orderBy('seq')
          .limit(limit)
          .execute();
        const claimed: Due<T>[] = [];
        for (const row of rows) {
          const { numUpdatedRows } = await tx
            .updateTable('outbox')
            .set({ state: 'sending', due_at: at + SENDING_MS, attempts: row.attempts + 1 })
            .where('id', '=', row.id)
            .where('state', '=', row.state)
            .where('attempts', '=', row.attempts)
            .executeTakeFirstOrThrow();
          if (numUpdatedRows !== 1n) continue;
          const message = JSON.parse(seal.open(row.sealed)) as T;
          claimed.push({ id: row.id, chat: row.chat_id, message, repeat: row.state === 'uncertain', attempts: row.attempts });
        }
        return claimed;
      });
    },
    async renew(id) {
      await db
        .updateTable('outbox')
        .set({ due_at: now() + SENDING_MS })
        .where('id', '=', id)
        .where('state', '=', 'sending')
        .execute();
    },
    sent: (id) => mark(id, 'sent'),
    postpone: (id, waitMs) => mark(id, 'due', now() + waitMs),
    doubtful: (id, waitMs) => mark(id, 'uncertain', now() + waitMs),
    gone: (id) => mark(id, 'gone'),
    async counts() {
      const rows = await db
        .selectFrom('outbox')
        .select(['state', (e) => e.fn.countAll().as('n')])
        .where(unsent('outbox'))
        .groupBy('state')
        .execute();
      const of = (state: string) => Number(rows.find((row) => row.state === state)?.n ?? 0);
      return { due: of('due') + of('sending'), uncertain: of('uncertain') };
    },
    async sweep(beforeMs) {
      await db.deleteFrom('outbox').where('state', 'in', ['sent', 'gone']).where('created_at', '<', beforeMs).execute();
    },
  };
}
