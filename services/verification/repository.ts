/** Verifications in the database: read, found, and moved from state to state by one write each. */
import { storesOf } from '../accounts/stores.ts';
import type { Coupon } from '../coupons/coupon.ts';
import { sql, type Db, type Tx } from '../database/database.ts';
import type { VerificationState, VerificationTable } from '../database/tables.ts';
import { EMPTY, read, readEach, written, type Changes } from './row-mapping.ts';
import { prepared } from '../database/prepared.ts';
import { move, statesBefore, type Event, type OpenCard, type Verification } from './verification.ts';

export interface Repository {
  get(id: string, on?: Db | Tx): Promise<Verification | undefined>;
  /**
   * The first press on an open card: its row, `submitting` or `dropped`. Nothing when the card had its press already: the
   * id decides, so of many presses exactly one begins. Throws a unique violation when another verification of the same
   * store and code is in flight.
   */
  begin(on: Db | Tx, card: OpenCard, event: 'confirm' | 'drop', changes: Changes): Promise<Verification | undefined>;
  /**
   * Lets an event happen to one verification, if it may happen in the state it is in now: one write that says both.
   * Nothing when it may not (somebody else was first). Throws a unique violation when another verification of the same
   * store and code is in flight.
   */
  transition(on: Db | Tx, id: string, event: Event, changes: Changes): Promise<Verification | undefined>;
  /** The newest verification of a code in a store that was not refused or dropped. */
  latest(on: Db | Tx, storeId: string, code: string): Promise<Verification | undefined>;
  /** The one verification of a code in a store that is in flight, if there is one. */
  inFlight(on: Db | Tx, storeId: string, code: string): Promise<Verification | undefined>;
  /** Takes what is due to be asked about, for `leaseMs`. `onDefect` hears of rows that cannot be read; they hold up nothing. */
  claimDue(now: number, leaseMs: number, limit: number, onDefect: (error: unknown) => void): Promise<readonly Verification[]>;
  /**
   * Changes one that was claimed. False where the claim is over: it is in another state, or was claimed again since, which
   * moved its time.
   */
  updateClaimed(on: Db | Tx, claimed: Verification, changes: Changes): Promise<boolean>;
  /** Something that was consumed, or refused, by the press of another verification, which is verified itself. */
  addToBatch(on: Db | Tx, verification: Verification, n: number, item: JoinedItem): Promise<void>;
  /** What one press brought, the verification whose card was pressed first. */
  batchOf(verification: Verification, on?: Db | Tx): Promise<readonly Verification[]>;
  /** A coupon that was taken back is shown again under another code: the old one leads to it, where only one can be meant. */
  linkRenewedCode(storeId: string, coupon: Coupon): Promise<void>;
  /** Makes everything that was being submitted due at once: the process that did it is gone. */
  recheckInterrupted(now: number): Promise<void>;
}

export interface JoinedItem {
  readonly state: 'verified' | 'refused';
  readonly coupon: Coupon;
  readonly count: number;
  readonly changes: Changes;
}

export function createRepository(db: Db): Repository {
  const one = prepared(db, ({ id }: { id: string }) => db.selectFrom('verification').selectAll().where('id', '=', id));
  const ofCode = ({ storeId, code }: { storeId: string; code: string }) =>
    db.selectFrom('verification').selectAll().where('store_id', 'in', [storeId]).where('code', 'in', [code]);
  const latest = prepared(db, (values: Parameters<typeof ofCode>[0]) =>
    ofCode(values)
      .where('state', 'not in', sql<VerificationState>`('dropped', 'refused')`)
      .orderBy('submitted_at', 'desc')
      .limit(sql.lit(1)),
  );
  const inFlight = prepared(db, (values: Parameters<typeof ofCode>[0]) =>
    // In the words of its index.
    ofCode(values).where(sql<boolean>`state in ('submitting', 'unsure', 'person', 'undoing', 'undo-unsure')`),
  );
  const anyDue = prepared(db, ({ now }: { now: number }) =>
    db.selectFrom('verification').select('id').where('check_at', 'is not', null).where('check_at', '<=', now).limit(sql.lit(1)),
  );
  const insert = prepared(db, (row: VerificationTable) =>
    db
      .insertInto('verification')
      .values({ ...row })
      .onConflict((c) => c.column('id').doNothing())
      .returningAll(),
  );
  /** One update for each state that an event leads to. */
  const updates = (event: Event) =>
    [...Map.groupBy(statesBefore(event), (from) => move(from, event)!)].map(([state, froms]) =>
      prepared(db, ({ id, ...changes }: { id: string } & Changes) =>
        db
          .updateTable('verification')
          .set({ ...changes, state })
          .where('id', '=', id)
          .where('state', 'in', froms)
          .returningAll(),
      ),
    );
  const happenings = new Map<Event, ReturnType<typeof updates>>();

  return {
    async get(id, on) {
      const [row] = (await one({ id }, on)).rows;
      return row && read(row);
    },
    async begin(on, { id, storeId, listingId, coupon, chat, openedAt }, event, changes) {
      const values = {
        ...EMPTY,
        id,
        store_id: storeId,
        listing_id: listingId ?? null,
        ...written(coupon),
        chat_id: chat,
        opened_at: openedAt,
        changed_at: openedAt,
        ...changes,
        state: move('open', event)!,
      };
      const [row] = (await insert(values, on)).rows;
      return row && read(row);
    },
    async transition(on, id, event, changes) {
      const happening = happenings.get(event) ?? updates(event);
      happenings.set(event, happening);
      for (const update of happening) {
        const [row] = (await update({ id, ...changes }, on)).rows;
        if (row) return read(row);
      }
      return undefined;
    },
    async latest(on, storeId, code) {
      const [row] = (await latest({ storeId, code }, on)).rows;
      return row && read(row);
    },
    async inFlight(on, storeId, code) {
      const [row] = (await inFlight({ storeId, code }, on)).rows;
      return row && read(row);
    },
    async claimDue(now, leaseMs, limit, onDefect) {
      // Asked every second, and nearly always in vain.
      if ((await anyDue({ now })).rows.length === 0) return [];
      const rows = await db
        .updateTable('verification')
        .set({ check_at: now + leaseMs })
        .where('check_at', '<=', now)
        .where('id', 'in', (e) =>
          e
            .selectFrom('verification as due')
            .select('due.id')
            .where('due.check_at', '<=', now)
            .orderBy('due.check_at')
            .limit(limit),
        )
        .returningAll()
        .execute();
      const { readable, unreadable } = readEach(rows);
      for (const { error } of unreadable) onDefect(error);
      return readable;
    },
    async updateClaimed(on, { id, state, checkAt }, changes) {
      const { numUpdatedRows } = await on
        .updateTable('verification')
        .set(changes)
        .where('id', '=', id)
        .where('state', '=', state)
        .where(sql<boolean>`check_at = ${checkAt ?? null}`)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
    async addToBatch(on, v, n, { state, coupon, count, changes }) {
      await on
        .insertInto('verification')
        .values({
          ...EMPTY,
          // The same however often the answer is written.
          id: `${v.id}_${n}`,
          store_id: v.storeId,
          listing_id: v.listingId ?? null,
          confirmation: v.id,
          ...written(coupon),
          chat_id: v.chat,
          card: v.card ? JSON.stringify(v.card) : null,
          opened_at: v.openedAt,
          person: v.by?.id ?? null,
          person_name: v.by?.name ?? null,
          submitted_at: v.submittedAt ?? null,
          count,
          changed_at: v.changedAt,
          ...changes,
          state,
        })
        .onConflict((c) => c.column('id').doNothing())
        .execute();
    },
    async batchOf(v, on = db) {
      if (v.items === 1 && v.confirmation === undefined) return [v];
      const pressed = v.confirmation ?? v.id;
      const found = await on
        .selectFrom('verification')
        .selectAll()
        .where((e) => e.or([e('id', '=', pressed), e('confirmation', '=', pressed)]))
        .execute();
      const numberOf = ({ id }: Verification): number => Number(id.slice(pressed.length + 1));
      return found.map(read).toSorted((a, b) => numberOf(a) - numberOf(b));
    },
    async linkRenewedCode(storeId, { code, orderId, dealId, remaining }) {
      if (orderId === undefined || remaining !== 1) return;
      const undone = await db
        .selectFrom('verification')
        .select(['id', 'coupon', 'new_code'])
        .where('store_id', '=', storeId)
        .where('order_id', '=', orderId)
        .where('state', '=', sql.lit('undone'))
        .where('code', '<>', code)
        .execute();
      const [only, ...others] = undone;
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

/** Takes a due step of the countdown and sets the next; of several instances one succeeds. */
export async function takeStep(on: Db | Tx, id: string, now: number, next: number | undefined): Promise<boolean> {
  const step = on.updateTable('verification').set({ step_at: next ?? null });
  const { numUpdatedRows } = await step.where('id', '=', id).where('step_at', '<=', now).executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** What stands on a business day that has not begun moves to the one that runs. */
export async function moveToRunningDay(tx: Tx, storeId: string, running: string, now: number): Promise<void> {
  const moved = tx.updateTable('verification').set({ business_day: running, changed_at: now });
  await moved.where('store_id', '=', storeId).where('business_day', '>', running).execute();
}

/** The chat has another id. */
export async function moveVerifications(tx: Tx, from: string, to: string): Promise<void> {
  await tx.updateTable('verification').set({ chat_id: to }).where('chat_id', '=', from).execute();
}

/** Everything of the account's stores. */
export async function deleteVerifications(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('verification').where('store_id', 'in', storesOf(tx, accountId)).execute();
}
