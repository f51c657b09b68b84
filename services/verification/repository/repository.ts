/** The repository of verifications: every move is one conditional write, and its fact in the same transaction. */
import { storesOf } from '../../accounts/stores.ts';
import type { Coupon } from '../../coupons/coupon.ts';
import { sql, type Db, type RawBuilder, type Tx } from '../../database/database.ts';
import { prepared } from '../../database/prepared.ts';
import { hasCome, ownClock, type ClaimClock } from '../../database/queues/claim.ts';
import type { VerificationTable } from '../../database/schema/tables.ts';
import { within } from '../../database/within.ts';
import { createFacts } from '../../facts/facts.ts';
import { factOf } from './fact-of.ts';
import type { Repository } from './port.ts';
import { createReads } from './reads.ts';
import { EMPTY, joined, read, readEach, written, type Changes } from './row-mapping.ts';
import { move, statesBefore, type Event, type Verification } from '../verification.ts';

/** The longest wait between two questions about a verification, ms. */
const LONGEST_CHECK_MS = 30 * 60_000;

/** `clock` times the claims. */
export function createRepository(db: Db, clock: ClaimClock = ownClock): Repository {
  const facts = createFacts(db);
  const due = (column: string, now: number) => hasCome(column, clock(now), LONGEST_CHECK_MS);
  const anyDue = prepared(db, ({ now }: { now: number }) =>
    db.selectFrom('verification').select('id').where('check_at', 'is not', null).where(due('check_at', now)).limit(sql.lit(1)),
  );
  const undoneOfOrder = prepared(db, ({ storeId, orderId, code }: { storeId: string; orderId: string; code: string }) =>
    db
      .selectFrom('verification')
      .select(['id', 'coupon', 'new_code'])
      .where('store_id', '=', storeId)
      .where('order_id', '=', orderId)
      .where('state', '=', sql.lit('undone'))
      .where('code', '<>', code),
  );
  const held = prepared(db, ({ id, state, epoch }: Pick<Verification, 'id' | 'state' | 'epoch'>) =>
    db.selectFrom('verification').select('id').where('id', '=', id).where('state', '=', state).where('epoch', '=', epoch),
  );
  const insert = prepared(db, (row: Omit<VerificationTable, 'account_id'>) =>
    db
      .insertInto('verification')
      .values((e) => ({ ...row, account_id: e.selectFrom('store').select('account_id').where('store.id', '=', row.store_id) }))
      .onConflict((c) => c.column('id').doNothing())
      .returningAll(),
  );
  /** One update for each state an event is allowed in, so that the fact knows where the move began. */
  const updates = (event: Event) =>
    statesBefore(event).map((from) => ({
      from,
      update: prepared(db, ({ id, claim, ...changes }: { id: string; claim?: number } & Changes) => {
        const claimed = event === 'undo' ? { epoch: sql<number>`epoch + 1` } : {};
        const change = db
          .updateTable('verification')
          .set({ ...changes, ...claimed, state: move(from, event)! })
          .where('id', '=', id)
          .where('state', '=', from);
        return (claim === undefined ? change : change.where('epoch', '=', claim)).returningAll();
      }),
    }));
  const happenings = new Map<Event, ReturnType<typeof updates>>();

  return {
    ...createReads(db),
    async begin(on, { id, storeId, listingId, coupon, chat, openedAt, place, note }, event, changes, by) {
      const values = {
        ...EMPTY,
        id,
        store_id: storeId,
        listing_id: listingId ?? null,
        ...written(coupon),
        chat_id: chat,
        opened_at: openedAt,
        place_id: place?.id ?? null,
        place: place?.name ?? null,
        note: note ?? null,
        changed_at: openedAt,
        ...changes,
        state: move('open', event)!,
      };
      return await within(on, async (tx) => {
        const [row] = (await insert(values, tx)).rows;
        if (!row) return undefined;
        await facts.record(tx, factOf(row, event, 'open', by));
        return read(row);
      });
    },
    async transition(on, id, event, changes, by, epoch) {
      const happening = happenings.get(event) ?? updates(event);
      happenings.set(event, happening);
      return await within(on, async (tx) => {
        for (const { from, update } of happening) {
          const [row] = (await update({ id, ...(epoch === undefined ? {} : { claim: epoch }), ...changes }, tx)).rows;
          if (!row) continue;
          await facts.record(tx, factOf(row, event, from, by));
          return read(row);
        }
        return undefined;
      });
    },
    async claimDue(now, leaseMs, limit, onDefect) {
      // Runs every second and nearly always finds nothing: a cheap query first.
      if ((await anyDue({ now })).rows.length === 0) return [];
      const rows = await db
        .updateTable('verification')
        .set((e) => ({ check_at: sql<number>`${clock(now)} + cast(${leaseMs} as bigint)`, epoch: e('epoch', '+', 1) }))
        .where(due('check_at', now))
        .where('id', 'in', (e) =>
          e
            .selectFrom('verification as due')
            .select('due.id')
            .where('due.check_at', 'is not', null)
            .where(due('due.check_at', now))
            .orderBy('due.check_at')
            .limit(limit),
        )
        .returningAll()
        .execute();
      const { readable, unreadable } = readEach(rows);
      for (const { error } of unreadable) onDefect(error);
      return readable;
    },
    holds: async ({ id, state, epoch }) => (await held({ id, state, epoch })).rows.length > 0,
    async updateClaimed(on, { id, state, epoch }, changes) {
      const { numUpdatedRows } = await on
        .updateTable('verification')
        .set(changes)
        .where('id', '=', id)
        .where('state', '=', state)
        .where('epoch', '=', epoch)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
    async addToBatch(on, v, n, item) {
      await within(on, async (tx) => {
        const [row] = (await insert(joined(v, n, item), tx)).rows;
        if (row) await facts.record(tx, factOf(row, 'batch', undefined, v.by));
      });
    },
    async keepMessage(on, id, message) {
      const row = await on
        .updateTable('verification')
        .set({ merchant_message: message })
        .where('id', '=', id)
        .where('state', '=', sql.lit('verified'))
        .where('merchant_message', 'is', null)
        .returningAll()
        .executeTakeFirst();
      return row && read(row);
    },
    async noteCard(on, id, card) {
      const values = { card: JSON.stringify(card) };
      await on.updateTable('verification').set(values).where('id', '=', id).where('card', 'is', null).execute();
    },
    async linkRenewedCode(storeId, { code, orderId, dealId, remaining }) {
      if (orderId === undefined || remaining !== 1) return;
      const [only, ...others] = (await undoneOfOrder({ storeId, orderId, code })).rows;
      if (!only || others.length > 0 || only.new_code !== null) return;
      const before = JSON.parse(only.coupon) as Coupon;
      if (before.dealId !== dealId || before.remaining !== 1) return;
      await db.updateTable('verification').set({ new_code: code }).where('id', '=', only.id).execute();
    },
    async recheckInterrupted(now) {
      await db
        .updateTable('verification')
        .set({ check_at: now })
        .where('state', 'in', ['submitting', 'unsure', 'undoing', 'undo-unsure'])
        .where('check_at', 'is not', null)
        .execute();
    },
  };
}

/** The longest wait for a step of the countdown, ms: no platform allows an undo for longer. */
export const LONGEST_STEP_MS = 60 * 60_000;

/** True where a step is due; `at` is a time as SQL. */
export const stepIsDue = (at: ReturnType<ClaimClock>) => hasCome('step_at', at, LONGEST_STEP_MS);

/** Takes a due step of the countdown and sets the next; one instance of several succeeds. */
export async function takeStep(on: Db | Tx, id: string, at: ReturnType<ClaimClock>, next: number | undefined): Promise<boolean> {
  const step = on.updateTable('verification').set({ step_at: next ?? null });
  const { numUpdatedRows } = await step.where('id', '=', id).where(stepIsDue(at)).executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Moves verifications of business days that have not begun to the current one. */
export async function moveToRunningDay(tx: Tx, storeId: string, running: string, now: number): Promise<void> {
  const moved = await tx
    .updateTable('verification')
    .set({ business_day: running, changed_at: now })
    .where('store_id', '=', storeId)
    .where('business_day', '>', running)
    .returningAll()
    .execute();
  const facts = createFacts(tx);
  for (const row of moved) await facts.record(tx, factOf(row, 'day', undefined, undefined));
}

/** Follows a chat to its new id. */
export async function moveVerifications(tx: Tx, from: string, to: string): Promise<void> {
  await tx.updateTable('verification').set({ chat_id: to }).where('chat_id', '=', from).execute();
}

/** In the stores of one account; `to` is called as its owners call him. Reads every verification of these stores, once. */
export async function moveVerificationsOf(
  tx: Tx,
  accountId: string,
  from: string,
  to: { readonly id: string; readonly name: string },
): Promise<void> {
  const verified = sql`person = ${from} and by_kind = 'person'`;
  const brought = sql`sender = ${from} and sender_kind = 'person'`;
  const where = (is: RawBuilder<unknown>, column: string, value: string): RawBuilder<string | null> =>
    sql<string | null>`case when ${is} then ${value} else ${sql.ref(column)} end`;
  await tx
    .updateTable('verification')
    .set({
      person: where(verified, 'person', to.id),
      person_name: where(verified, 'person_name', to.name),
      sender: where(brought, 'sender', to.id),
      sender_name: where(brought, 'sender_name', to.name),
      undo_by: where(sql`undo_by = ${from}`, 'undo_by', to.id),
    })
    .where('store_id', 'in', storesOf(tx, accountId))
    .where(sql<boolean>`((${verified}) or (${brought}) or undo_by = ${from})`)
    .execute();
}

/** Deletes all verifications of an account's stores. */
export async function deleteVerifications(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('verification').where('store_id', 'in', storesOf(tx, accountId)).execute();
}

/** Cards that were dropped are kept so long, ms. That somebody dropped one stays among the facts. */
const DROPPED_MS = 30 * 24 * 3_600_000;

/** Deletes cards that were dropped long ago, a thousand in a run. */
export async function sweepDropped(db: Db, now: number): Promise<void> {
  // Must match the condition of its partial index literally.
  const dropped = db
    .selectFrom('verification')
    .select('id')
    .where(sql<boolean>`state = 'dropped'`);
  const old = dropped.where('changed_at', '<', now - DROPPED_MS).limit(1000);
  await db.deleteFrom('verification').where('id', 'in', old).execute();
}
