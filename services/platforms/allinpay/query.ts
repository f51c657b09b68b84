/** What Allinpay tells about a call whose answer was lost, asked by turns: its list of uses, and the coupon itself. */
import { chinaTime } from '../../time/platform-time.ts';
import type { Fields } from '../fields.ts';
import type { Seen } from '../judge-lost-call.ts';
import type { Coupon } from '../../coupons/coupon.ts';
import type { LostCall, LostUndo, Receipt, Refusal } from '../platform.ts';
import { receiptOf, type ItemHandle } from './consume.ts';
import { couponHandle } from './coupon.ts';
import { byHand, type Entry } from './history.ts';
import type { State } from './state.ts';

/** How far apart the two clocks may be. */
const SKEW_MS = 120_000;

/** Every other time the list is asked. */
export const asksList = ({ asked }: LostCall | LostUndo): boolean => asked % 2 === 0;

/** The state of a coupon of several uses is the same after one of them: it tells nothing. */
export const hasSeveral = ({ handle, code }: LostCall | LostUndo): boolean => couponHandle(handle, code).left > 1;

/** Where in the list a lost use would stand. */
export const usesAround = ({ code, submittedAt }: LostCall, now: number): Fields => ({
  searchStr: code,
  createStartTime: chinaTime(submittedAt - SKEW_MS),
  createEndTime: chinaTime(now + SKEW_MS),
});

export interface Listed {
  readonly seen: Seen;
  /** The entries of the call, where it may be said to have taken effect. */
  readonly own: readonly Entry[];
}

/** A list that is refused tells nothing. */
export const UNTOLD: Listed = { seen: 'unclear', own: [] };

/** What the list shows of a lost use: an entry that carries its id, or failing that, what stands there of this code. */
export function seenInList(entries: readonly Entry[] | undefined, lost: LostCall, operator: string): Listed {
  if (!entries) return UNTOLD;
  const uses = entries.filter(({ kind }) => kind === 'use');
  const marked = uses.filter((entry) => carries(entry, lost.requestId));
  if (marked.length > 0) return { seen: 'ours', own: marked };
  const found = hasSeveral(lost)
    ? [] // A use of somebody else leaves some for us.
    : uses.filter(({ codes, at }) => codes.includes(lost.code) && (at === undefined || at >= lost.submittedAt - SKEW_MS));
  if (found.length === 0) {
    // The state has said otherwise before: the list may be late.
    const doubted = lost.notes.some((note) => note.startsWith('unclear '));
    return { seen: doubted ? 'unclear' : 'unused', own: [] };
  }
  if (found.some((entry) => byHand(entry) || (entry.login ?? operator) !== operator)) return { seen: 'others', own: [] };
  const unmarked = found.every(({ marks, login }) => marks.length === 0 && login === operator);
  return { seen: unmarked ? 'ours' : 'used', own: found };
}

const carries = ({ marks }: Entry, requestId: string): boolean => marks.some((mark) => mark.includes(requestId));

/** The receipt that was lost. Without entries nothing is known by which it could be taken back. */
export function receiptIn(entries: readonly Entry[], lost: LostCall): Receipt {
  const [first] = entries;
  const codes = entries.flatMap(({ codes: [code] }) => code ?? []);
  return receiptOf({ at: first?.at ?? lost.submittedAt, sentAt: lost.submittedAt, tranNo: first?.tranNo, codes }, lost);
}

/**
 * What a coupon of several uses shows of a lost use, looked up again: as many left as before, none was made. Fewer: whose they
 * were is for the list to say, `entries`; what it does not name may be ours.
 */
export async function seenInLeft(
  coupon: Coupon | Refusal,
  lost: LostCall,
  entries: () => Promise<readonly Entry[] | undefined>,
  operator: string,
): Promise<Listed> {
  if (coupon.kind === 'refused' && coupon.reason !== 'used') return UNTOLD;
  // Used up, of which at least one was used since.
  const missing = coupon.kind === 'refused' ? 1 : couponHandle(lost.handle, lost.code).left - coupon.remaining;
  if (missing <= 0) return { seen: 'unused', own: [] };
  const found = await entries();
  const listed = seenInList(found, lost, operator);
  if (!found || listed.seen === 'ours') return listed;
  const others = found.filter(({ kind, codes }) => kind === 'use' && codes.includes(lost.code));
  return { seen: others.length >= missing ? 'unused' : 'unclear', own: [] };
}

/** What the state of the coupon shows of a lost use. */
export function seenInState(state: State, lost: LostCall): Seen {
  switch (state.kind) {
    case 'unused':
    case 'void':
      return state.kind;
    case 'used':
      // Between the card and the press: somebody else. Earlier than the card, the clocks disagree.
      if (state.at !== undefined && state.at < lost.submittedAt - SKEW_MS && state.at >= lost.seenUnusedAt) return 'others';
      // The list is asked once more before: it tells whose use it was, and the number by which it is taken back.
      return lost.asked < 3 ? 'unclear' : 'used';
    case 'gone':
    case 'unclear':
      return 'unclear';
  }
}

/** What the list, searched by the number of the use, shows of a lost undo. Whoever took it back, it is taken back. */
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
 * The code whose state shows a lost undo. One of several has its own, but a certificate of Douyin's is none; and the state of
 * what several uses had in common is the same after a part of them: there the list alone is asked.
 */
export const undoneCode = (lost: LostUndo, { kind, couponNo }: ItemHandle): string | undefined =>
  hasSeveral(lost) ? (kind === 'tiktok' ? undefined : couponNo) : lost.code;

/** What the state of the coupon shows of a lost undo: the code is usable again, or gone, as 到综 and 大众点评 give a new one. */
export function undoSeenInState(state: State, { kind }: ItemHandle): Seen {
  if (state.kind === 'unused') return 'ours';
  if (state.kind === 'used') return 'unused';
  return state.kind === 'gone' && (kind === 'mtdz' || kind === 'dianping') ? 'ours' : 'unclear';
}
