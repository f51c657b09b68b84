/** Records the outcome of calls: the only place where a platform's answer becomes a state. */
import type { StoreAccount } from '../accounts/stores.ts';
import type { Coupon, Fen } from '../coupons/coupon.ts';
import {
  PlatformAbsent,
  PlatformFault,
  type Item,
  type Receipt,
  type Refusal,
  type RefusalReason,
  type Undone,
  type UndoRequest,
  type VerifyRequest,
} from '../platforms/platform.ts';
import type { Db, Tx } from '../database/database.ts';
import type { Certainty } from '../database/schema/tables.ts';
import { within } from '../database/within.ts';
import { BY_PLATFORM, BY_PROGRAM, type By } from '../facts/by.ts';
import { firstStep } from './countdown.ts';
import type { Changes } from './repository/row-mapping.ts';
import type { Repository } from './repository/port.ts';
import type { Verification } from './verification.ts';

/**
 * How a call ended; `lost` where its outcome is unknown, with the platform's `words` where it answered in unknown ones.
 * `answeredUsed`: it answered 已核销, which may be about the call's own use.
 */
export type Ended<Yes> = Yes | Refusal | { readonly kind: 'lost'; readonly words?: string; readonly answeredUsed?: true };

/** The wait before the first query after a lost answer, ms. */
const FIRST_CHECK_MS = 1000;

/**
 * Makes a call and returns how it ended. A fault with the outcome `not-done` is a refusal; any other is `lost`, and so is a
 * defect of ours, which goes to `onDefect`: the call may have been applied.
 */
export async function attempt<Yes>(call: () => Promise<Yes | Refusal>, onDefect: (error: unknown) => void): Promise<Ended<Yes>> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof PlatformFault)) onDefect(error);
    else if (error.outcome === 'not-done') return { kind: 'refused', reason: faultReason(error) };
    return { kind: 'lost', ...(error instanceof PlatformFault && error.words !== undefined ? { words: error.words } : {}) };
  }
}

/** What the platform answered, stored in the form of a refusal until the outcome is known. */
function unsettled({ words, answeredUsed: used }: { words?: string; answeredUsed?: true }): string | null {
  if (words === undefined && !used) return null;
  const reason = used ? 'used' : 'other';
  return JSON.stringify({ kind: 'refused', reason, ...(words !== undefined && { words }) } satisfies Refusal);
}

/** Whether the lost call was answered with 已核销. */
export const answeredUsed = ({ refusal }: Verification): boolean => refusal?.reason === 'used';

/** The refusal of a lost call that was not applied, with the platform's words; `used` where somebody else used the coupon. */
export const notDone = ({ refusal }: Verification, result?: { readonly refusal?: Refusal<'used'> }): Refusal =>
  withWords(result?.refusal ?? { kind: 'refused', reason: 'lost' }, refusal);

/** Likewise of a lost undo. */
export const undoNotDone = ({ undoRefusal }: Verification): Refusal =>
  withWords({ kind: 'refused', reason: 'lost' }, undoRefusal);

const withWords = (refusal: Refusal, said: Refusal | undefined): Refusal => ({
  ...refusal,
  ...(said?.words === undefined ? {} : { words: said.words }),
});

const REASONS: Readonly<Record<PlatformFault['kind'], RefusalReason>> = {
  unauthorised: 'unauthorised',
  busy: 'busy',
  unreachable: 'unreachable',
  nonsense: 'other',
};

/** The reason of a refusal that corresponds to a fault. */
export const faultReason = (fault: PlatformFault): RefusalReason =>
  fault instanceof PlatformAbsent ? fault.reason : REASONS[fault.kind];

/** What is known beside the outcome itself. Every write is conditional on the claim that was read with the verification. */
export interface Known {
  readonly at: number;
  /** Of a yes. */
  readonly certainty: Certainty;
  /** Of a lost answer: whoever claimed the verification goes on until then, ms, and asks at once. */
  readonly askedUntil?: number;
}

const lost = ({ at, askedUntil }: Omit<Known, 'certainty'>) =>
  ({ check_at: askedUntil ?? at + FIRST_CHECK_MS, asked: 0, notes: '[]', changed_at: at }) satisfies Changes;

/** Refusals of our own: nothing was sent. */
const OURS: ReadonlySet<RefusalReason> = new Set(['busy', 'unreachable', 'practice-off', 'not-set-up']);
const refusedBy = ({ reason }: Refusal): By => (OURS.has(reason) ? BY_PROGRAM : BY_PLATFORM);

/**
 * Records the outcome of a verification. Idempotent: undefined, and nothing changed, where it has one already, or was claimed by
 * others since it was read. One that was refused by others is verified by a yes all the same, and one that they found verified
 * gets the receipt.
 */
export async function recordOutcome(
  on: Db | Tx,
  repository: Repository,
  v: Verification,
  ended: Ended<Receipt>,
  known: Known,
): Promise<Verification | undefined> {
  const { at } = known;
  const settled = { settled_at: at, check_at: null, changed_at: at } satisfies Changes;
  switch (ended.kind) {
    case 'verified':
      // The items of one press are stored atomically.
      return await within(on, (tx) => verified(tx, repository, v, ended, known));
    case 'refused': {
      const changes = { ...settled, refusal: JSON.stringify(ended) };
      return await repository.transition(on, v.id, 'no', changes, refusedBy(ended), v.epoch);
    }
    case 'lost': {
      const changes = { ...lost(known), refusal: unsettled(ended) };
      return await repository.transition(on, v.id, 'lost', changes, BY_PROGRAM, v.epoch);
    }
  }
}

/** Stores a receipt: its first item in the verification, every further item as a verification of the same batch. */
async function verified(
  on: Db | Tx,
  repository: Repository,
  v: Verification,
  { items, undoUntil }: Receipt,
  { at, certainty }: Known,
): Promise<Verification | undefined> {
  const [first, ...more] = inOrder(items, v.code);
  if (!first) throw new Error('a yes without anything consumed');
  /** Uses left of the submitted code, where it stands for several items. */
  const left = Math.max(0, v.coupon.remaining - items.reduce((sum, { count, refusal }) => (refusal ? sum : sum + count), 0));
  const changes = (item: Item): Changes => ({
    // A receipt that comes late is no later use: cards that were shown since stay good.
    settled_at: v.state === 'verified' ? (v.settledAt ?? at) : at,
    check_at: null,
    changed_at: at,
    count: item.count,
    ...(item.refusal
      ? { refusal: JSON.stringify(item.refusal) }
      : {
          refusal: null,
          certainty,
          amount: amountOf(v.coupon, item.count, item.amount) ?? null,
          receipt_handle: item.handle ?? null,
          undo_until: undoUntil ?? null,
        }),
  });
  const own = {
    items: items.length,
    // Somebody may have decided otherwise before a late yes.
    decided: 0,
    decided_by: null,
    ...otherCodeOf(first, v.code),
    ...(first.code === undefined ? {} : { coupon: JSON.stringify(couponOf(v.coupon, first, first.code === v.code ? 0 : left)) }),
  };
  // Where the card of a rule's stands is noted a moment later.
  const shown = v.card !== undefined || v.by?.kind === 'rule';
  const step = shown && undoUntil !== undefined ? firstStep(undoUntil, at) : undefined;
  const event = v.state === 'refused' || v.state === 'verified' ? 'late-yes' : 'yes';
  const moved = { ...changes(first), ...own, step_at: step ?? null };
  const written = await repository.transition(on, v.id, event, moved, BY_PLATFORM, v.epoch);
  if (!written) return undefined;
  for (const [n, item] of more.entries()) {
    const { count } = item;
    await repository.addToBatch(on, { ...written, changedAt: at }, n + 1, {
      state: item.refusal ? 'refused' : 'verified',
      coupon: couponOf(v.coupon, item),
      count,
      changes: { ...changes(item), business_day: written.businessDay ?? null },
    });
  }
  return written;
}

/** The columns of another code than the one a coupon was submitted by. */
const otherCodeOf = ({ code: own, otherCode: other = own }: Item, code: string): Changes =>
  other === undefined || other === code ? {} : { other_code: other, other_tail: other.slice(-4) };

/** Sorts items: the submitted code first, refused ones last. */
function inOrder(items: readonly Item[], code: string): readonly Item[] {
  const rank = (item: Item): number => (item.refusal ? 2 : item.code === undefined || item.code === code ? 0 : 1);
  return items.toSorted((a, b) => rank(a) - rank(b));
}

/** The coupon of an item. One with its own code is used up, except for the `left` uses of the submitted code. */
const couponOf = (coupon: Coupon, { code, count }: Item, left = 0): Coupon =>
  code === undefined ? coupon : { ...coupon, code, remaining: count + left };

/** Records the outcome of an undo, likewise. A refused undo leaves the verification verified, with the reason. */
export async function recordUndoOutcome(
  on: Db | Tx,
  repository: Repository,
  v: Verification,
  ended: Ended<Undone>,
  known: Omit<Known, 'certainty'>,
): Promise<Verification | undefined> {
  const settled = { check_at: null, changed_at: known.at } satisfies Changes;
  switch (ended.kind) {
    case 'undone': {
      const event = v.state === 'verified' ? 'late-undo-yes' : 'undo-yes';
      const changes = { ...settled, undo_refusal: null, undone_at: ended.at, new_code: ended.newCode ?? null };
      return await repository.transition(on, v.id, event, changes, BY_PLATFORM, v.epoch);
    }
    case 'refused': {
      const changes = { ...settled, undo_refusal: JSON.stringify(ended) };
      return await repository.transition(on, v.id, 'undo-no', changes, refusedBy(ended), v.epoch);
    }
    case 'lost': {
      const changes = { ...lost(known), undo_refusal: unsettled(ended) };
      return await repository.transition(on, v.id, 'undo-lost', changes, BY_PROGRAM, v.epoch);
    }
  }
}

/** The amount of `count` uses: by the price on the card; where that is unknown, as told by the platform. */
export function amountOf({ price }: Coupon, count: number, told: Fen | undefined): Fen | undefined {
  return price === undefined ? told : price * count;
}

/** The platform request of a verification; deterministic. */
export function verifyRequest({ externalId }: StoreAccount, { coupon, count, requestId, by }: Verification): VerifyRequest {
  return {
    store: externalId,
    code: coupon.code,
    handle: coupon.handle,
    count,
    requestId: requestId ?? '',
    operator: by?.id ?? '',
    operatorName: by?.name ?? '',
  };
}

export function undoRequest({ externalId }: StoreAccount, v: Verification): UndoRequest {
  return {
    store: externalId,
    code: v.coupon.code,
    handle: v.coupon.handle,
    ...(v.receiptHandle === undefined ? {} : { receiptHandle: v.receiptHandle }),
    requestId: v.undoRequestId ?? '',
    operator: v.undoBy ?? '',
    operatorName: v.undoBy === v.by?.id ? (v.by?.name ?? '') : '',
  };
}
