/** The repository of verifications: reads, and every write of the table. A transition is one conditional write. */
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
   * Inserts the row of an open card, `submitting` or `dropped`. Idempotent by its id: of many presses exactly one begins, the
   * others get nothing. Throws a unique violation when another verification of the same store and code is in flight.
   */
  begin(on: Db | Tx, card: OpenCard, event: 'confirm' | 'drop', changes: Changes): Promise<Verification | undefined>;
  /**
   * Applies an event if the current state allows it, in one conditional write. Nothing when it does not (another update won).
   * Throws a unique violation when another verification of the same store and code is in flight.
   */
  transition(on: Db | Tx, id: string, event: Event, changes: Changes): Promise<Verification | undefined>;
  /** The latest verification of a code in a store, refused and dropped ones left out. */
  latest(on: Db | Tx, storeId: string, code: string): Promise<Verification | undefined>;
  /** The verification of a code in a store that is in flight. */
  inFlight(on: Db | Tx, storeId: string, code: string): Promise<Verification | undefined>;
  /** Claims what is due to be rechecked, for `leaseMs`. Unreadable rows go to `onDefect` and block no other. */
  claimDue(now: number, leaseMs: number, limit: number, onDefect: (error: unknown) => void): Promise<readonly Verification[]>;
  /**
   * Updates a claimed verification. False, and nothing changed, where its state changed or another claim moved `checkAt`.
   */
  updateClaimed(on: Db | Tx, claimed: Verification, changes: Changes): Promise<boolean>;
  /** Inserts a further item of a press, consumed or refused, into the batch of its first one. Idempotent. */
  addToBatch(on: Db | Tx, verification: Verification, n: number, item: JoinedItem): Promise<void>;
  /** The verifications of one press, the one whose card was pressed first. */
  batchOf(verification: Verification, on?: Db | Tx): Promise<readonly Verification[]>;
  /** Links an undone verification to the coupon's new code, where exactly one matches. */
  linkRenewedCode(storeId: string, coupon: Coupon): Promise<void>;
  /** Makes all verifications under way due at once, after a crash of their process. */
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
    // Must match the condition of its partial index literally.
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
  /** One update for each state an event leads to. */
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
      // Runs every second and nearly always finds nothing: a cheap query first.
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
          // Deterministic, so that the insert is idempotent.
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

/** Takes a due step of the countdown and sets the next; one instance of several succeeds. */
export async function takeStep(on: Db | Tx, id: string, now: number, next: number | undefined): Promise<boolean> {
  const step = on.updateTable('verification').set({ step_at: next ?? null });
  const { numUpdatedRows } = await step.where('id', '=', id).where('step_at', '<=', now).executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Moves verifications of business days that have not begun to the current one. */
export async function moveToRunningDay(tx: Tx, storeId: string, running: string, now: number): Promise<void> {
  const moved = tx.updateTable('verification').set({ business_day: running, changed_at: now });
  await moved.where('store_id', '=', storeId).where('business_day', '>', running).execute();
}

/** Follows a chat to its new id. */
export async function moveVerifications(tx: Tx, from: string, to: string): Promise<void> {
  await tx.updateTable('verification').set({ chat_id: to }).where('chat_id', '=', from).execute();
}

/** Deletes all verifications of an account's stores. */
export async function deleteVerifications(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('verification').where('store_id', 'in', storesOf(tx, accountId)).execute();
}
