/** Verifications in the database: read, found, and moved from state to state by one write each. */
import type { Coupon } from '../coupons/coupon.ts';
import type { Refusal } from '../platforms/platform.ts';
import { sql, type Db, type Tx } from '../store/database.ts';
import { prepared } from '../store/prepared.ts';
import type { VerificationState, VerificationTable } from '../store/tables.ts';
import { move, statesBefore, type Event, type OpenCard, type Verification } from './verification.ts';

export type Changes = Partial<Omit<VerificationTable, 'id' | 'state'>>;

export interface Rows {
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
  happen(on: Db | Tx, id: string, event: Event, changes: Changes): Promise<Verification | undefined>;
  /** The newest verification of a code in a store that was not refused or dropped. */
  latest(on: Db | Tx, storeId: string, code: string): Promise<Verification | undefined>;
  /** The one verification of a code in a store that is in flight, if there is one. */
  inFlight(on: Db | Tx, storeId: string, code: string): Promise<Verification | undefined>;
  /** Takes what is due to be asked about, for `leaseMs`. */
  claimDue(now: number, leaseMs: number, limit: number): Promise<readonly Verification[]>;
  /** Makes everything that was being submitted due at once: the process that did it is gone. */
  orphan(now: number): Promise<void>;
}

/** Titles are indexed, and PostgreSQL indexes at most some 2,700 bytes of a row. */
const LONGEST_TITLE = 200;

export function createRows(db: Db): Rows {
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
    async begin(on, { id, storeId, coupon, chat, openedAt }, event, changes) {
      const values = {
        ...EMPTY,
        id,
        store_id: storeId,
        code: coupon.code,
        code_tail: coupon.code.slice(-4),
        title: coupon.title.slice(0, LONGEST_TITLE),
        price: coupon.price ?? null,
        remaining: coupon.remaining,
        coupon: JSON.stringify(coupon),
        chat_id: chat,
        opened_at: openedAt,
        changed_at: openedAt,
        ...changes,
        state: move('open', event)!,
      };
      const [row] = (await insert(values, on)).rows;
      return row && read(row);
    },
    async happen(on, id, event, changes) {
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
    async claimDue(now, leaseMs, limit) {
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
      return rows.map(read);
    },
    async orphan(now) {
      await db
        .updateTable('verification')
        .set({ check_at: now })
        .where('state', 'in', ['submitting', 'unsure', 'undoing', 'undo-unsure'])
        .where('check_at', 'is not', null)
        .execute();
    },
  };
}

const EMPTY = {
  count: 0,
  amount: null,
  card: null,
  person: null,
  person_name: null,
  request_id: null,
  submitted_at: null,
  business_day: null,
  settled_at: null,
  refusal: null,
  receipt_handle: null,
  undo_until: null,
  undo_request_id: null,
  undo_by: null,
  undone_at: null,
  new_code: null,
  check_at: null,
  asked: 0,
  notes: '[]',
  decided: 0,
} as const satisfies Changes;

/** A row as a verification. JSON columns were written here and in the desk only. */
export function read(row: VerificationTable): Verification {
  return {
    id: row.id,
    storeId: row.store_id,
    code: row.code,
    state: row.state,
    coupon: JSON.parse(row.coupon) as Coupon,
    count: row.count,
    amount: row.amount ?? undefined,
    chat: row.chat_id,
    card: row.card === null ? undefined : (JSON.parse(row.card) as NonNullable<Verification['card']>),
    openedAt: row.opened_at,
    by: row.person === null ? undefined : { id: row.person, name: row.person_name ?? '' },
    requestId: row.request_id ?? undefined,
    submittedAt: row.submitted_at ?? undefined,
    settledAt: row.settled_at ?? undefined,
    refusal: row.refusal === null ? undefined : (JSON.parse(row.refusal) as Refusal),
    receiptHandle: row.receipt_handle ?? undefined,
    undoUntil: row.undo_until ?? undefined,
    undoRequestId: row.undo_request_id ?? undefined,
    undoBy: row.undo_by ?? undefined,
    undoneAt: row.undone_at ?? undefined,
    newCode: row.new_code ?? undefined,
    checking: row.check_at !== null,
    changedAt: row.changed_at,
    asked: row.asked,
    notes: JSON.parse(row.notes) as string[],
    decided: row.decided === 1,
  };
}
