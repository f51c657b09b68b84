/** Maps verifications to rows of the database and back. */
import type { Coupon } from '../../coupons/coupon.ts';
import type { Refusal } from '../../platforms/platform.ts';
import type { VerificationTable } from '../../database/schema/tables.ts';
import type { Reading } from '../../coupons/reading.ts';
import type { Verification } from '../verification.ts';

export type Changes = Partial<Omit<VerificationTable, 'id' | 'state' | 'account_id'>>;

/** Titles are indexed, and PostgreSQL indexes at most some 2,700 bytes of a row. */
const LONGEST_TITLE = 200;

/** The columns of a coupon. */
export const written = (coupon: Coupon) => ({
  code: coupon.code,
  code_tail: coupon.code.slice(-4),
  title: coupon.title.slice(0, LONGEST_TITLE),
  price: coupon.price ?? null,
  remaining: coupon.remaining,
  coupon: JSON.stringify(coupon),
  order_id: coupon.orderId ?? null,
});

/** The defaults of a new row. */
export const EMPTY = {
  other_code: null,
  other_tail: null,
  listing_id: null,
  confirmation: null,
  items: 1,
  step_at: null,
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
  undo_refusal: null,
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
  decided_by: null,
  certainty: null,
  by_kind: 'person',
  place_id: null,
  place: null,
  note: null,
  merchant_message: null,
  reading: null,
  sender_kind: null,
  sender: null,
  sender_name: null,
  event: null,
  epoch: 0,
} as const satisfies Changes;

/** A further item of a press, consumed or refused. */
export interface JoinedItem {
  readonly state: 'verified' | 'refused';
  readonly coupon: Coupon;
  readonly count: number;
  readonly changes: Changes;
}

/** The row of the n-th further item of a press whose first one is `v`. Its id follows from these, so the insert is idempotent. */
export const joined = (v: Verification, n: number, { state, coupon, count, changes }: JoinedItem) => ({
  ...EMPTY,
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
  by_kind: v.by?.kind ?? ('person' as const),
  place_id: v.place?.id ?? null,
  place: v.place?.name ?? null,
  note: v.note ?? null,
  reading: v.reading ?? null,
  sender_kind: v.sender?.kind ?? null,
  sender: v.sender?.id ?? null,
  sender_name: v.sender?.name ?? null,
  event: v.event ?? null,
  submitted_at: v.submittedAt ?? null,
  count,
  changed_at: v.changedAt,
  ...changes,
  state,
});

const readRefusal = (json: string | null): Refusal | undefined => (json === null ? undefined : (JSON.parse(json) as Refusal));

/** Reads a row. Its JSON columns are written by this folder only. */
export function read(row: VerificationTable): Verification {
  return {
    id: row.id,
    storeId: row.store_id,
    listingId: row.listing_id ?? undefined,
    confirmation: row.confirmation ?? undefined,
    items: row.items,
    code: row.code,
    state: row.state,
    coupon: JSON.parse(row.coupon) as Coupon,
    count: row.count,
    amount: row.amount ?? undefined,
    chat: row.chat_id,
    card: row.card === null ? undefined : (JSON.parse(row.card) as NonNullable<Verification['card']>),
    openedAt: row.opened_at,
    by: row.person === null ? undefined : { kind: row.by_kind, id: row.person, name: row.person_name ?? '' },
    requestId: row.request_id ?? undefined,
    submittedAt: row.submitted_at ?? undefined,
    businessDay: row.business_day ?? undefined,
    settledAt: row.settled_at ?? undefined,
    refusal: readRefusal(row.refusal),
    undoRefusal: readRefusal(row.undo_refusal),
    receiptHandle: row.receipt_handle ?? undefined,
    undoUntil: row.undo_until ?? undefined,
    undoRequestId: row.undo_request_id ?? undefined,
    undoBy: row.undo_by ?? undefined,
    undoneAt: row.undone_at ?? undefined,
    newCode: row.new_code ?? undefined,
    checkAt: row.check_at ?? undefined,
    checking: row.check_at !== null,
    changedAt: row.changed_at,
    asked: row.asked,
    notes: JSON.parse(row.notes) as string[],
    decided: row.decided === 1,
    decidedBy: row.decided_by ?? undefined,
    certainty: row.certainty ?? undefined,
    place: row.place === null ? undefined : { ...(row.place_id === null ? {} : { id: row.place_id }), name: row.place },
    note: row.note ?? undefined,
    merchantMessage: row.merchant_message ?? undefined,
    reading: (row.reading as Reading | null) ?? undefined,
    sender: row.sender === null ? undefined : { kind: row.sender_kind ?? 'person', id: row.sender, name: row.sender_name ?? '' },
    event: row.event ?? undefined,
    epoch: row.epoch,
  };
}

/** Reads rows one by one: an unreadable one does not hide the others. */
export function readEach(rows: readonly VerificationTable[]): {
  readonly readable: readonly Verification[];
  readonly unreadable: readonly { readonly id: string; readonly error: Error }[];
} {
  const readable: Verification[] = [];
  const unreadable: { id: string; error: Error }[] = [];
  for (const row of rows) {
    try {
      readable.push(read(row));
    } catch (cause) {
      unreadable.push({ id: row.id, error: new Error(`verification ${row.id} cannot be read`, { cause }) });
    }
  }
  return { readable, unreadable };
}
