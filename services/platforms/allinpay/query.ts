/** Judges a lost call at Allinpay by two alternating reads: the list of uses, and the coupon's state. */
import { chinaTime } from '../../time/platform-time.ts';
import type { Fields } from '../../fields.ts';
import { isOutside, type Seen } from '../judge-lost-call.ts';
import type { Coupon } from '../../coupons/coupon.ts';
import type { LostCall, LostUndo, Receipt, Refusal } from '../platform.ts';
import { receiptOf, type ItemHandle } from './consume.ts';
import { couponHandle } from './coupon.ts';
import { byHand, type Entry } from './history.ts';
import type { State } from './state.ts';

/** The tolerance between the two clocks. */
const SKEW_MS = 120_000;

/** Whether this query reads the list: every other one does. */
export const asksList = ({ asked }: LostCall | LostUndo): boolean => asked % 2 === 0;

/** Whether the coupon has several uses: then its state is the same after one of them and tells nothing. */
export const hasSeveral = ({ handle, code }: LostCall | LostUndo): boolean => couponHandle(handle, code).left > 1;

/** The part of the list in which a lost use would stand. */
export const usesAround = ({ code, submittedAt }: LostCall, now: number): Fields => ({
  searchStr: code,
  createStartTime: chinaTime(submittedAt - SKEW_MS),
  createEndTime: chinaTime(now + SKEW_MS),
});

export interface Listed {
  readonly seen: Seen;
  /** The entries of the call, where it took effect. */
  readonly own: readonly Entry[];
}

/** The view of a refused list, which tells nothing. */
export const UNTOLD: Listed = { seen: 'unclear', own: [] };

/**
 * Judges a lost use by the list: by an entry with its request id, otherwise by the entries of its code. A use by a till was not ours.
 * One by a login that is neither `operator` nor the one learnt from an earlier yes may be, as lists may name logins otherwise.
 */
export function seenInList(entries: readonly Entry[] | undefined, lost: LostCall, operator: string): Listed {
  if (!entries) return UNTOLD;
  const uses = entries.filter((entry) => entry.kind === 'use' && !isOfAnother(entry, lost.requestId));
  const marked = uses.filter((entry) => carries(entry, lost.requestId));
  if (marked.length > 0) return { seen: 'ours', own: marked };
  const found = hasSeveral(lost)
    ? [] // A use by somebody else leaves some for us.
    : uses.filter(({ codes, at }) => codes.includes(lost.code) && (at === undefined || at >= lost.submittedAt - SKEW_MS));
  if (found.length === 0) {
    // The state has said otherwise before: the list may be stale.
    const doubted = lost.notes.some((note) => note.startsWith('unclear ')) || (hasSeveral(lost) && lost.undoneSince === true);
    return { seen: doubted ? 'unclear' : 'unused', own: [] };
  }
  if (found.some(byHand)) return { seen: 'others', own: [] };
  const unmarked = found.every(({ marks, login }) => marks.length === 0 && (login === operator || isLearnt(login, lost)));
  return { seen: unmarked ? 'ours' : 'used', own: found };
}

const isLearnt = (login: string | undefined, { listedAs }: LostCall): boolean => login !== undefined && login === listedAs;

/** The request id of a verification, as `desk.ts` makes it. */
const REQUEST_ID = /\bvb-[a-z0-9]+/i;

/**
 * Tells whether another verification of ours left its request id there: it may have been undone since, and the coupon be usable
 * again. A gateway may cut the remark short or change its case, so a beginning of our own id is no other's.
 */
const isOfAnother = (entry: Entry, requestId: string): boolean =>
  entry.marks.some((mark) => {
    const id = REQUEST_ID.exec(mark)?.[0].toLowerCase();
    return id !== undefined && !requestId.toLowerCase().startsWith(id) && !carries(entry, requestId);
  });

const carries = ({ marks }: Entry, requestId: string): boolean => marks.some((mark) => mark.includes(requestId));

/** Builds the receipt that was lost. Without entries the use cannot be undone. */
export function receiptIn(entries: readonly Entry[], lost: LostCall): Receipt {
  const [first] = entries;
  const codes = entries.flatMap(({ codes: [code] }) => code ?? []);
  return receiptOf({ at: first?.at ?? lost.submittedAt, sentAt: lost.submittedAt, tranNo: first?.tranNo, codes }, lost);
}

/**
 * Judges a lost use by the uses left of a coupon of several. As many as before: it was not used, unless an undo gave one back.
 * Fewer: the list, `entries`, tells whose uses they were, and one that it lacks, or names without a request id, may be ours.
 */
export async function seenInLeft(
  coupon: Coupon | Refusal,
  lost: LostCall,
  entries: () => Promise<readonly Entry[] | undefined>,
  operator: string,
): Promise<Listed> {
  if (coupon.kind === 'refused' && coupon.reason !== 'used') return UNTOLD;
  // Used up: at least one use was made since.
  const missing = coupon.kind === 'refused' ? 1 : couponHandle(lost.handle, lost.code).left - coupon.remaining;
  if (missing <= 0 && !lost.undoneSince) return { seen: 'unused', own: [] };
  const found = await entries();
  const listed = seenInList(found, lost, operator);
  if (!found || listed.seen === 'ours') return listed;
  const others = found.filter(
    (entry) => entry.kind === 'use' && entry.codes.includes(lost.code) && (byHand(entry) || isOfAnother(entry, lost.requestId)),
  );
  return { seen: others.length >= missing && !lost.undoneSince ? 'unused' : 'unclear', own: [] };
}

/** Judges a lost use by the coupon's state. */
export function seenInState(state: State, lost: LostCall, now: number): Seen {
  switch (state.kind) {
    case 'unused':
    case 'void':
      return state.kind;
    case 'used':
      if (isOutside(state.at, lost, now)) return 'others';
      // The list is read once more first: it tells whose use it was, and its number, by which it is undone.
      return lost.asked < 3 ? 'unclear' : 'used';
    case 'gone':
    case 'unclear':
      return 'unclear';
  }
}

/** Judges a lost undo by the list, searched by the number of the use. An undo by anybody counts. */
export function undoSeenInList(entries: readonly Entry[], { requestId }: LostUndo, item: ItemHandle): Listed {
  const { tranNo, couponNo } = item;
  const undone = entries.filter(
    (entry) =>
      carries(entry, requestId) ||
      (entry.kind === 'undo' && entry.tranNo === tranNo && (couponNo === undefined || entry.codes.includes(couponNo))),
  );
  if (undone.length > 0) return { seen: 'ours', own: undone };
  return { seen: entries.some((entry) => entry.tranNo === tranNo) ? 'unused' : 'unclear', own: [] };
}

/**
 * Gives the code whose state shows a lost undo. One of several items has its own code, except Douyin's certificates; the state of
 * a code shared by several uses is the same after a part of them, so there only the list is read.
 */
export const undoneCode = (lost: LostUndo, { kind, couponNo }: ItemHandle): string | undefined =>
  hasSeveral(lost) ? (kind === 'tiktok' ? undefined : couponNo) : lost.code;

/** Judges a lost undo by the coupon's state: the code is usable again, or gone, as 到综 and 大众点评 give a new one. */
export function undoSeenInState(state: State, { kind }: ItemHandle): Seen {
  if (state.kind === 'unused') return 'ours';
  if (state.kind === 'used') return 'unused';
  return state.kind === 'gone' && (kind === 'mtdz' || kind === 'dianping') ? 'ours' : 'unclear';
}
