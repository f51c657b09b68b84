/** Writes down what the platform answered: the one place where an answer becomes a state. */
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
import { firstStep } from './countdown.ts';
import type { Changes } from './row-mapping.ts';
import type { Repository } from './repository.ts';
import type { Verification } from './verification.ts';

/** How a call ended, with the case that nobody knows; `words` are the platform's, where it answered in words that settle nothing. */
export type Ended<Yes> = Yes | Refusal | { readonly kind: 'lost'; readonly words?: string };

/** First question after a lost answer. */
const FIRST_CHECK_MS = 1000;

/**
 * Makes a call and says how it ended. A fault that certainly did nothing is a refusal; any other is `lost`, and so is a
 * defect of ours in the middle of it: what was sent may have been applied. `onDefect` hears of those.
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

/** What is kept of words that settled nothing: as a refusal that is none, until something is known. */
const unsettled = (words: string | undefined): string | null =>
  words === undefined ? null : JSON.stringify({ kind: 'refused', reason: 'other', words } satisfies Refusal);

/** A lost call that turned out not to have been applied, with what the platform said of it. */
export const notDone = ({ refusal }: Verification): Refusal => ({
  kind: 'refused',
  reason: 'lost',
  ...(refusal?.words === undefined ? {} : { words: refusal.words }),
});

const REASONS: Readonly<Record<PlatformFault['kind'], RefusalReason>> = {
  unauthorised: 'unauthorised',
  busy: 'busy',
  unreachable: 'unreachable',
  nonsense: 'other',
};

/** Why a fault stopped a read, in the words refusals have. */
export const faultReason = (fault: PlatformFault): RefusalReason =>
  fault instanceof PlatformAbsent ? fault.reason : REASONS[fault.kind];

const lost = (at: number) => ({ check_at: at + FIRST_CHECK_MS, asked: 0, notes: '[]', changed_at: at }) satisfies Changes;

/** Writes a verification's fate. Nothing where it stands already (an answer came twice, or late): it stays as it stands. */
export async function recordOutcome(
  on: Db | Tx,
  repository: Repository,
  verification: Verification,
  ended: Ended<Receipt>,
  at: number,
): Promise<Verification | undefined> {
  const { id } = verification;
  const settled = { settled_at: at, check_at: null, changed_at: at } satisfies Changes;
  switch (ended.kind) {
    case 'verified':
      if (ended.items.length === 1) return await verified(on, repository, verification, ended, at);
      // What one press brought stands in the books together or not at all.
      return await within(on, (tx) => verified(tx, repository, verification, ended, at));
    case 'refused':
      return await repository.transition(on, id, 'no', { ...settled, refusal: JSON.stringify(ended) });
    case 'lost':
      return await repository.transition(on, id, 'lost', { ...lost(at), refusal: unsettled(ended.words) });
  }
}

/** The platform's yes: the verification is its first item, every further one is a verification beside it. */
async function verified(
  on: Db | Tx,
  repository: Repository,
  v: Verification,
  { items, undoUntil }: Receipt,
  at: number,
): Promise<Verification | undefined> {
  const [first, ...more] = inOrder(items, v.code);
  if (!first) throw new Error('a yes without anything consumed');
  /** Uses that the code which was sent still has, where it stands for several items. */
  const left = Math.max(0, v.coupon.remaining - items.reduce((sum, { count, refusal }) => (refusal ? sum : sum + count), 0));
  const changes = (item: Item): Changes => ({
    settled_at: at,
    check_at: null,
    changed_at: at,
    count: item.count,
    ...(item.refusal
      ? { refusal: JSON.stringify(item.refusal) }
      : {
          refusal: null,
          amount: amountOf(v.coupon, item.count, item.amount) ?? null,
          receipt_handle: item.handle ?? null,
          undo_until: undoUntil ?? null,
        }),
  });
  const own = {
    items: items.length,
    ...(first.code === undefined ? {} : { coupon: JSON.stringify(couponOf(v.coupon, first, first.code === v.code ? 0 : left)) }),
  };
  const step = v.card && undoUntil !== undefined ? firstStep(undoUntil, at) : undefined;
  const written = await repository.transition(on, v.id, 'yes', { ...changes(first), ...own, step_at: step ?? null });
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

/** The one whose code was sent stands first, what was refused last. */
function inOrder(items: readonly Item[], code: string): readonly Item[] {
  const rank = (item: Item): number => (item.refusal ? 2 : item.code === undefined || item.code === code ? 0 : 1);
  return items.toSorted((a, b) => rank(a) - rank(b));
}

/** The coupon that an item is: one with a code of its own is used up by it, but for the uses `left` elsewhere under it. */
const couponOf = (coupon: Coupon, { code, count }: Item, left = 0): Coupon =>
  code === undefined ? coupon : { ...coupon, code, remaining: count + left };

const within = <R>(on: Db | Tx, run: (tx: Tx) => Promise<R>): Promise<R> =>
  on.isTransaction ? run(on as Tx) : on.transaction().execute(run);

/** An undo's fate, likewise. A refused undo leaves the verification verified, and says why. */
export async function recordUndoOutcome(
  on: Db | Tx,
  repository: Repository,
  verification: Verification,
  ended: Ended<Undone>,
  at: number,
): Promise<Verification | undefined> {
  const { id } = verification;
  const settled = { check_at: null, changed_at: at } satisfies Changes;
  return ended.kind === 'undone'
    ? await repository.transition(on, id, 'undo-yes', {
        ...settled,
        refusal: null,
        undone_at: ended.at,
        new_code: ended.newCode ?? null,
      })
    : ended.kind === 'refused'
      ? await repository.transition(on, id, 'undo-no', { ...settled, refusal: JSON.stringify(ended) })
      : await repository.transition(on, id, 'undo-lost', { ...lost(at), refusal: unsettled(ended.words) });
}

/** What so many uses cost: the card's price for each, which the person saw; where it was unknown, what the platform says. */
export function amountOf({ price }: Coupon, count: number, told: Fen | undefined): Fen | undefined {
  return price === undefined ? told : price * count;
}

/** The platform request of a verification: the same one every time it is asked for. */
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
