/** The transactional outbox: messages written with the fact they tell, delivered at least once, repeats marked as such. */
import type { Log } from '../../log.ts';
import { hasCome, LONGEST_WAIT_MS, ownClock, type Claim, type ClaimClock } from './claim.ts';
import { sql, type Db, type Tx } from '../database.ts';
import { createSequence, placeInLine } from './arrival-order.ts';
import { prepared } from '../prepared.ts';
import type { Seal } from '../seal.ts';
import { readStoredReply } from '../stored-words.ts';

/** A delivery's lease, ms. A row past it was being sent by a process that has died. */
export const SENDING_MS = 60_000;

/** Must match the condition of the partial indexes literally, or they are not used. */
const unsent = (table: string) => sql<boolean>`${sql.ref(`${table}.state`)} in ('due', 'sending', 'uncertain')`;

export interface Due<T> extends Claim {
  readonly chat: string;
  readonly message: T;
  /** It may have been delivered already; it is sent with a mark that says so. */
  readonly repeat: boolean;
  readonly attempts: number;
}

/** Writes that end or renew a claim return false, and change nothing, where another claim has taken its place. */
export interface Outbox<T> {
  /** Writes a message, idempotent by `key`. */
  put(tx: Tx, key: string, chat: string, message: T): Promise<void>;
  /**
   * Claims due messages, the oldest of each chat. A chat is left out while its oldest message waits or is being sent, or
   * while an event of it is being answered. A message that cannot be opened is put aside (`dead`).
   */
  claim(limit: number): Promise<readonly Due<T>[]>;
  /** Renews the lease. */
  renew(claim: Claim): Promise<boolean>;
  sent(claim: Claim): Promise<boolean>;
  /** Schedules a retry of a message that was certainly not delivered. `untried`: this attempt does not count. */
  postpone(claim: Claim, waitMs: number, untried?: 'untried'): Promise<boolean>;
  /** Schedules a retry of a message that may have arrived; it is marked as a repeat. */
  doubtful(claim: Claim, waitMs: number): Promise<boolean>;
  /** The chat is gone for good. */
  gone(claim: Claim): Promise<boolean>;
  /** Puts an undeliverable message aside and keeps it for the operator. */
  dead(claim: Claim): Promise<boolean>;
  counts(): Promise<{ readonly due: number; readonly uncertain: number }>;
  /** Messages that were put aside. */
  deadCount(): Promise<number>;
  /** Puts aside unsent messages older than this, and deletes sent ones; those put aside are kept twice as long. */
  sweep(beforeMs: number): Promise<void>;
}

export function createOutbox<T>(
  db: Db,
  seal: Seal,
  now: () => number,
  newId: () => string,
  { clock = ownClock, log }: { clock?: ClaimClock; log?: Log } = {},
): Outbox<T> {
  const after = (ms: number) => sql<number>`${clock(now())} + cast(${ms} as bigint)`;
  /** An update fenced by the claim. */
  const held = (on: Db | Tx, { id, epoch }: Claim) =>
    on.updateTable('outbox').where('id', '=', id).where('epoch', '=', epoch).where('state', '=', 'sending');
  const end = async (
    claim: Claim,
    state: 'sent' | 'gone' | 'dead' | 'due' | 'uncertain',
    waitMs?: number,
    untried?: 'untried',
  ): Promise<boolean> => {
    const { numUpdatedRows } = await held(db, claim)
      .set((e) => ({
        state,
        attempts: e('attempts', '-', untried ? 1 : 0),
        ...(waitMs === undefined ? {} : { due_at: after(Math.min(waitMs, LONGEST_WAIT_MS)) }),
        ...(state === 'sent' || state === 'gone' ? { sealed: '' } : {}),
      }))
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  };
  const anyDue = prepared(db, ({ at }: { at: number }) =>
    db
      .selectFrom('outbox')
      .select('id')
      .where(unsent('outbox'))
      .where(hasCome('due_at', clock(at)))
      .limit(sql.lit(1)),
  );
  const sequence = createSequence();
  return {
    async put(tx, key, chat, message) {
      const at = now();
      await tx
        .insertInto('outbox')
        .values({
          id: newId(),
          seq: placeInLine('outbox', chat, sequence(at), unsent),
          dedupe_key: key,
          chat_id: chat,
          sealed: seal.seal(JSON.stringify(message)),
          state: 'due',
          // Due at once by any clock.
          due_at: 0,
          attempts: 0,
          epoch: 0,
          created_at: at,
        })
        .onConflict((c) => c.column('dedupe_key').doNothing())
        .execute();
    },
    async claim(limit) {
      const at = clock(now());
      // Runs every second and nearly always finds nothing: a cheap query first.
      if ((await anyDue({ at: now() })).rows.length === 0) return [];
      return await db.transaction().execute(async (tx) => {
        // Rows in `sending` past their lease belong to a process that died; they may have been delivered.
        await tx
          .updateTable('outbox')
          .set({ state: 'uncertain' })
          .where(unsent('outbox'))
          .where('state', '=', 'sending')
          .where(hasCome('due_at', at))
          .execute();
        const rows = await tx
          .selectFrom('outbox')
          .select(['id', 'chat_id', 'sealed', 'state', 'attempts', 'epoch'])
          .where(unsent('outbox'))
          .where('state', '<>', 'sending')
          .where(hasCome('due_at', at))
          .where((e) =>
            e.not(
              e.exists(
                e
                  .selectFrom('outbox as older')
                  .select('older.id')
                  .whereRef('older.chat_id', '=', 'outbox.chat_id')
                  // Two instances may assign the same number at the same time.
                  .where(sql<boolean>`(older.seq, older.id) < (outbox.seq, outbox.id)`)
                  .where(unsent('older')),
              ),
            ),
          )
          // An answer under way may be older than this message; sent later it would cover the news.
          .where('chat_id', 'not in', (e) => e.selectFrom('inbox').select('inbox.chat_id').where('inbox.state', '=', 'doing'))
          .orderBy('seq')
          .limit(limit)
          .execute();
        const claimed: Due<T>[] = [];
        for (const row of rows) {
          const mine = { id: row.id, epoch: row.epoch + 1 };
          const { numUpdatedRows } = await tx
            .updateTable('outbox')
            .set({ state: 'sending', due_at: after(SENDING_MS), attempts: row.attempts + 1, epoch: mine.epoch })
            .where('id', '=', row.id)
            .where('state', '=', row.state)
            .where('epoch', '=', row.epoch)
            .executeTakeFirstOrThrow();
          if (numUpdatedRows !== 1n) continue;
          const facts = { chat: row.chat_id, repeat: row.state === 'uncertain', attempts: row.attempts };
          try {
            claimed.push({ ...mine, ...facts, message: readStoredReply(seal.open(row.sealed)) as T });
          } catch (error) {
            await held(tx, mine).set({ state: 'dead' }).execute();
            log?.error('outbox: a message cannot be opened and is put aside', { id: row.id, chat: row.chat_id, error });
          }
        }
        return claimed;
      });
    },
    async renew(claim) {
      const { numUpdatedRows } = await held(db, claim)
        .set({ due_at: after(SENDING_MS) })
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
    sent: (claim) => end(claim, 'sent'),
    postpone: (claim, waitMs, untried) => end(claim, 'due', waitMs, untried),
    doubtful: (claim, waitMs) => end(claim, 'uncertain', waitMs),
    gone: (claim) => end(claim, 'gone'),
    dead: (claim) => end(claim, 'dead'),
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
    async deadCount() {
      const { n } = await db
        .selectFrom('outbox')
        .select((e) => e.fn.countAll().as('n'))
        .where(sql<boolean>`state = 'dead'`)
        .executeTakeFirstOrThrow();
      return Number(n);
    },
    async sweep(beforeMs) {
      await db.deleteFrom('outbox').where('state', 'in', ['sent', 'gone']).where('created_at', '<', beforeMs).execute();
      await db
        .deleteFrom('outbox')
        .where('state', '=', 'dead')
        .where('created_at', '<', beforeMs - (now() - beforeMs))
        .execute();
      const late = await db
        .updateTable('outbox')
        .set({ state: 'dead' })
        .where(unsent('outbox'))
        .where('state', '<>', 'sending')
        .where('created_at', '<', beforeMs)
        .returning(['id', 'chat_id'])
        .execute();
      for (const { id, chat_id: chat } of late)
        log?.error('outbox: a message could not be delivered in time and is put aside', { id, chat });
    },
  };
}

/** Redirects a chat's unsent messages to its new id. */
export async function moveMessages(tx: Tx, from: string, to: string): Promise<void> {
  await tx.updateTable('outbox').set({ chat_id: to }).where('chat_id', '=', from).where('state', '<>', 'sent').execute();
}
