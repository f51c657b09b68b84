/** The transactional outbox: messages written with the fact they tell, delivered at least once, repeats marked as such. */
import type { Log } from '../../log.ts';
import { hasCome, LONGEST_WAIT_MS, ownClock, type Claim, type ClaimClock } from './claim.ts';
import { sql, type Db, type Tx } from '../database.ts';
import { createSequence, placeInLine } from './arrival-order.ts';
import { claimable, createLooks, fullIn, roomFor, SENDING_MS, unsent, type Due, type Share } from './outbox-claim.ts';
import { PLACES, type Seal } from '../seal.ts';
import { readStoredMessage } from '../stored-words.ts';

export { SENDING_MS, type Due, type Share } from './outbox-claim.ts';

const DAY_MS = 24 * 3_600_000;
/** How long it is tried to deliver a message, ms: an answer to somebody, and what comes by itself (a result, a summary). */
export const GIVE_UP_MS = { answer: DAY_MS, notice: 7 * DAY_MS } as const;

export interface Putting {
  /** After this long a failure is the last, ms. `GIVE_UP_MS.notice` unless told. */
  readonly giveUpMs?: number;
  /** `uncertain`: it may have arrived already. `dead`: it is put aside at once. */
  readonly state?: 'due' | 'uncertain' | 'dead';
  /** Messages of the same key go out one after another; the destination unless told. */
  readonly orderKey?: string;
}

/** Writes that end or renew a claim return false, and change nothing, where another claim has taken its place. */
export interface Outbox<T> {
  /** Writes a message, idempotent by `key`: false, and nothing written, where there is one of this key. */
  put(tx: Tx, key: string, chat: string, message: T, how?: Putting): Promise<boolean>;
  /**
   * Claims due messages, the oldest of each chat. A chat is left out while its oldest message waits or is being sent, or
   * while an event of it is being answered, and where `share` says that it has enough under way. A message that cannot be opened
   * is put aside (`dead`).
   */
  claim(limit: number, share?: Share): Promise<readonly Due<T>[]>;
  /** Claims the chat's oldest message, also while it waits for another try, or while an event of the chat is being answered. */
  claimNext(chat: string): Promise<Due<T> | undefined>;
  /** Whether a message of the chat still has to go out before anything newer. */
  holdsUp(chat: string): Promise<boolean>;
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

const ANY: Share = { each: Number.POSITIVE_INFINITY, underWay: new Map() };

/** Each kind of destination has an outbox and a delivery of its own, in one table. */
export function createOutbox<T>(
  db: Db,
  seal: Seal,
  now: () => number,
  newId: () => string,
  {
    clock = ownClock,
    log,
    kind = 'chat',
    longestWaitMs = LONGEST_WAIT_MS,
  }: {
    clock?: ClaimClock;
    log?: Log;
    kind?: 'chat' | 'webhook';
    /** The longest wait between two attempts. */
    longestWaitMs?: number;
  } = {},
): Outbox<T> {
  const after = (ms: number) => sql<number>`${clock(now())} + cast(${ms} as bigint)`;
  /** An update fenced by the claim. */
  const held = ({ id, epoch }: Claim, on: Db | Tx = db) =>
    on.updateTable('outbox').where('id', '=', id).where('epoch', '=', epoch).where('state', '=', 'sending');
  const end = async (
    claim: Claim,
    state: 'sent' | 'gone' | 'dead' | 'due' | 'uncertain',
    waitMs?: number,
    untried?: 'untried',
  ): Promise<boolean> => {
    const { numUpdatedRows } = await held(claim)
      .set((e) => ({
        state,
        attempts: e('attempts', '-', untried ? 1 : 0),
        ...(waitMs === undefined ? {} : { due_at: after(Math.min(waitMs, longestWaitMs)) }),
        ...(state === 'sent' || state === 'gone' ? { sealed: '' } : {}),
      }))
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  };
  const { anyDue, holdsUp } = createLooks(db, { kind, clock, longestWaitMs });
  const claimIn = async (
    tx: Tx,
    { share = ANY, ...which }: { readonly limit: number; readonly chat?: string; readonly share?: Share | undefined },
  ): Promise<readonly Due<T>[]> => {
    const at = clock(now());
    // Rows in `sending` past their lease belong to a process that died; they may have been delivered.
    await tx
      .updateTable('outbox')
      .set({ state: 'uncertain' })
      .where(unsent('outbox'))
      .where('state', '=', sql.lit('sending'))
      .where('kind', 'in', [kind])
      .where(hasCome('due_at', at, longestWaitMs))
      .execute();
    const found = await claimable(tx, { kind, now: at, longestWaitMs, full: fullIn(share), ...which });
    const rows = roomFor(found, share);
    if (rows.length === 0) return [];
    const taken = await tx
      .updateTable('outbox')
      .set((e) => ({ state: 'sending', due_at: after(SENDING_MS), attempts: e('attempts', '+', 1), epoch: e('epoch', '+', 1) }))
      .where((e) =>
        e(
          e.refTuple('id', 'epoch'),
          'in',
          rows.map(({ id, epoch }) => e.tuple(id, epoch)),
        ),
      )
      .where('state', 'in', ['due', 'uncertain'])
      .returning('id')
      .execute();
    const mine = new Set(taken.map(({ id }) => id));
    const claimed: Due<T>[] = [];
    for (const row of rows) {
      if (!mine.has(row.id)) continue;
      const { id, dedupe_key: key, chat_id: chat, attempts, give_up_at: giveUpAt } = row;
      const claim = { id, epoch: row.epoch + 1, key, chat, attempts, giveUpAt, repeat: row.state === 'uncertain' };
      try {
        claimed.push({ ...claim, message: readStoredMessage(seal.open(row.sealed, PLACES.outbox(id))) as T });
      } catch (error) {
        await held(claim, tx).set({ state: 'dead' }).execute();
        log?.error('outbox: a message cannot be opened and is put aside', { id, chat, error });
      }
    }
    return claimed;
  };
  const sequence = createSequence();
  return {
    async put(tx, key, chat, message, { giveUpMs = GIVE_UP_MS.notice, state = 'due', orderKey = chat } = {}) {
      const at = now();
      const id = newId();
      const { numInsertedOrUpdatedRows = 0n } = await tx
        .insertInto('outbox')
        .values({
          id,
          seq: placeInLine(['outbox', 'order_key'], orderKey, sequence(at), unsent),
          dedupe_key: key,
          kind,
          chat_id: chat,
          order_key: orderKey,
          sealed: seal.seal(JSON.stringify(message), PLACES.outbox(id)),
          state,
          // Due at once by any clock.
          due_at: 0,
          attempts: 0,
          epoch: 0,
          created_at: at,
          give_up_at: at + giveUpMs,
        })
        .onConflict((c) => c.column('dedupe_key').doNothing())
        .executeTakeFirstOrThrow();
      return numInsertedOrUpdatedRows > 0n;
    },
    async claim(limit, share) {
      // Runs every second and nearly always finds nothing: a cheap query first.
      if (!(await anyDue(now()))) return [];
      return await db.transaction().execute((tx) => claimIn(tx, { limit, share }));
    },
    async claimNext(chat) {
      const [row] = await db.transaction().execute((tx) => claimIn(tx, { limit: 1, chat }));
      return row;
    },
    holdsUp,
    async renew(claim) {
      const { numUpdatedRows } = await held(claim)
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
        .where('kind', '=', kind)
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
        .where('kind', '=', kind)
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
  const moved = tx.updateTable('outbox').set({ chat_id: to, order_key: to });
  await moved.where('chat_id', '=', from).where('kind', '=', 'chat').where('state', '<>', 'sent').execute();
}

/** Writes other sealed text of a message in the place of `before`, where that still stands: the key has changed. */
export async function resealMessage(tx: Tx, id: string, before: string, sealed: string): Promise<void> {
  await tx.updateTable('outbox').set({ sealed }).where('id', '=', id).where('sealed', '=', before).execute();
}
