/** Claims messages of the outbox: the oldest of each order key, a dead process's past their lease. */
import type { RawBuilder } from 'kysely';
import type { Log } from '../../log.ts';
import { sql, type Tx } from '../database.ts';
import type { Seal } from '../seal.ts';
import { readStoredMessage } from '../stored-words.ts';
import { hasCome, type Claim } from './claim.ts';

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

export interface Claiming {
  readonly kind: string;
  readonly seal: Seal;
  /** Now, and the end of a lease that begins now, as SQL. */
  readonly at: () => RawBuilder<number>;
  readonly until: () => RawBuilder<number>;
  readonly log: Log | undefined;
}

/** `chat`: only its oldest message, whatever it waits for. Without, what is due in chats where no event is being answered. */
export async function claimDue<T>(
  tx: Tx,
  { kind, seal, at, until, log }: Claiming,
  { limit, chat }: { readonly limit: number; readonly chat?: string },
): Promise<readonly Due<T>[]> {
  const now = at();
  // Rows in `sending` past their lease belong to a process that died; they may have been delivered.
  await tx
    .updateTable('outbox')
    .set({ state: 'uncertain' })
    .where(unsent('outbox'))
    .where('state', '=', 'sending')
    .where('kind', '=', kind)
    .where(hasCome('due_at', now))
    .execute();
  const oldest = tx
    .selectFrom('outbox')
    .select(['id', 'dedupe_key', 'chat_id', 'sealed', 'state', 'attempts', 'epoch', 'give_up_at'])
    .where(unsent('outbox'))
    .where('kind', '=', kind)
    .where('state', '<>', 'sending')
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
    .orderBy('seq')
    .limit(limit);
  const rows =
    chat === undefined
      ? await oldest
          .where(hasCome('due_at', now))
          // An answer under way may be older than this message; sent later it would cover the news.
          .where('chat_id', 'not in', (e) => e.selectFrom('inbox').select('inbox.chat_id').where('inbox.state', '=', 'doing'))
          .execute()
      : await oldest.where('order_key', '=', chat).execute();
  const claimed: Due<T>[] = [];
  for (const row of rows) {
    const mine = { id: row.id, epoch: row.epoch + 1 };
    const { numUpdatedRows } = await tx
      .updateTable('outbox')
      .set({ state: 'sending', due_at: until(), attempts: row.attempts + 1, epoch: mine.epoch })
      .where('id', '=', row.id)
      .where('state', '=', row.state)
      .where('epoch', '=', row.epoch)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows !== 1n) continue;
    const { dedupe_key: key, chat_id: to, attempts, give_up_at: giveUpAt } = row;
    const repeat = row.state === 'uncertain';
    try {
      claimed.push({
        ...mine,
        key,
        chat: to,
        repeat,
        attempts,
        giveUpAt,
        message: readStoredMessage(seal.open(row.sealed)) as T,
      });
    } catch (error) {
      await tx.updateTable('outbox').set({ state: 'dead' }).where('id', '=', mine.id).where('epoch', '=', mine.epoch).execute();
      log?.error('outbox: a message cannot be opened and is put aside', { id: row.id, chat: to, error });
    }
  }
  return claimed;
}
