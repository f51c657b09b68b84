/** Compares a closed business day of the ledger with a platform's own list, and names the cause of each difference; pure. */
import type { Fen } from '../coupons/coupon.ts';
import type { PlatformRecord } from '../platforms/platform-lists.ts';
import { isVerified } from '../verification/verification.ts';
import type { OurUse } from './our-uses.ts';
import { isMaskOf, pairUses, type Pair } from './pair-uses.ts';

/**
 * Why ledger and list differ.
 * `elsewhere`: used, and not by this program. `unsettled`: listed, and its outcome is not known here yet. `refused-here`,
 * `undone-here`: listed, and not a sale here. `undone-there`: taken back at the platform. `missing`: verified here and not listed;
 * where the platform was asked about the coupon, `unused-there`, `refunded`, `gone` (it does not know the code any more: taken back
 * or refunded) or `unlisted` (used, and its list lacks it). `amount`, `count`: both have it, and differ. `other-day`: the platform has it on another day. `other-store`: here it is another
 * store's. `twice`: listed once more than it was used here.
 */
export type Cause =
  | 'elsewhere'
  | 'unsettled'
  | 'refused-here'
  | 'undone-here'
  | 'undone-there'
  | LackCause
  | 'amount'
  | 'count'
  | 'other-day'
  | 'other-store'
  | 'twice';

/** The causes of a sale that the list lacks. */
export type LackCause = 'missing' | 'unused-there' | 'refunded' | 'gone' | 'unlisted';
const LACKS: ReadonlySet<Cause> = new Set<LackCause>(['missing', 'unused-there', 'refunded', 'gone', 'unlisted']);
/** Whether the list lacks it: a later look may find it there. */
export const isLack = ({ cause }: Difference): boolean => LACKS.has(cause);

export interface Difference {
  readonly cause: Cause;
  readonly code: string;
  readonly title?: string;
  /** ms: the platform's time of the use, else ours. */
  readonly at?: number;
  readonly ours?: { readonly verification: string; readonly storeId: string; readonly count: number; readonly amount?: Fen };
  readonly theirs?: { readonly count?: number; readonly amount?: Fen; readonly by?: string; readonly via?: string };
}

export interface Comparison {
  /** Uses of the day that went through this account, by the ledger. */
  readonly count: number;
  readonly total: Fen;
  readonly differences: readonly Difference[];
  /** Uses that are too fresh to be missed: the list may have them later. */
  readonly pending: number;
}

export interface Day {
  readonly day: string;
  /** ms, half-open. */
  readonly from: number;
  readonly to: number;
  readonly storeId: string;
  readonly listingId: string | undefined;
  readonly now: number;
}

/** How far the platform's clock and ours may be apart, ms: at its ends a use may fall into either day. */
export const CLOCKS_MS = 5 * 60_000;
/** How long after a use a list may lack it, ms. No platform says; lists of the doubles lag by minutes. */
export const LATE_MS = 30 * 60_000;

/**
 * Compares. `ours` are the store's verifications of the day and of the days around it, and those of the merchant's other stores
 * with listed codes; `theirs` is the list of the calendar days that the business day touches, and of the next one.
 */
export function compare(ours: readonly OurUse[], theirs: readonly PlatformRecord[], day: Day): Comparison {
  const sales = ours.filter(({ state }) => isVerified(state));
  const standing = theirs.filter((record) => isStanding(record, theirs));
  const { pairs, ourRest, theirRest } = pairUses(sales, standing, day.storeId);
  const own = sales.filter((use) => isOwn(use, day));
  const missed = ourRest.filter(({ use, whole }) => whole && isOwn(use, day));
  const undone = missed.filter(({ use }) => theirs.some((record) => isUndoOf(record, use, ours)));
  const missing = missed.filter((one) => !undone.includes(one));
  const fresh = missing.filter(({ use }) => use.at > day.now - LATE_MS);
  // The list may have a use already, and its undo later.
  const isFreshUndo = ({ cause, ours: use }: Difference): boolean =>
    cause === 'undone-here' &&
    ours.some(({ id, undoneAt }) => id === use?.verification && undoneAt !== undefined && undoneAt > day.now - LATE_MS);
  const found = [
    ...pairs.flatMap((pair) => inPair(pair, day)),
    ...theirRest.filter(({ record }) => isOn(record, day)).map(({ record, whole }) => leftOver(record, whole, ours, pairs)),
    ...undone.map(({ use }) => difference('undone-there', use)),
    ...missing.filter((one) => !fresh.includes(one)).map(({ use }) => difference('missing', use)),
    ...ourRest.filter(({ use, whole }) => !whole && isOwn(use, day)).map(({ use, record }) => difference('count', use, record)),
  ];
  const differences = found.filter((one) => !isFreshUndo(one));
  return {
    count: own.reduce((sum, { count }) => sum + count, 0),
    total: own.reduce((sum, { amount = 0 }) => sum + amount, 0),
    differences: differences.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0)),
    pending: fresh.length + found.length - differences.length,
  };
}

const isOwn = ({ day: of, storeId, listingId }: OurUse, { day, storeId: store, listingId: listing }: Day): boolean =>
  of === day && storeId === store && listingId === listing;

/** A record without a time is the day's. */
const isOn = ({ at }: PlatformRecord, { from, to }: Day): boolean => at === undefined || (at >= from && at < to);

/** Whether a use was not taken back, neither in its own row nor in one of another day. */
const isStanding = (record: PlatformRecord, all: readonly PlatformRecord[]): boolean =>
  record.undoneAt === undefined &&
  !all.some(
    ({ undoneAt, code, ids = [] }) =>
      undoneAt !== undefined &&
      code === record.code &&
      // Uses of one card share its number.
      ids.length > 0 &&
      ids.every((id) => record.ids?.includes(id)) &&
      undoneAt >= (record.at ?? undoneAt),
  );

const isNamed = ({ code, ids = [] }: PlatformRecord, use: OurUse): boolean =>
  isMaskOf(code, use.code) || [code, ...ids].some((number) => number === use.code || use.ids.includes(number));

/** Whether a use that is listed as taken back is this one, and not rather one that was undone here: uses of a card share numbers. */
function isUndoOf(record: PlatformRecord, use: OurUse, ours: readonly OurUse[]): boolean {
  if (record.undoneAt === undefined || !isNamed(record, use)) return false;
  const shared = ({ code, ids }: OurUse): number =>
    [record.code, ...(record.ids ?? [])].filter((number) => number === code || ids.includes(number)).length;
  return !ours.some((other) => other.state === 'undone' && shared(other) >= shared(use));
}

/** Judges a use that both have. */
function inPair({ use, record }: Pair, day: Day): readonly Difference[] {
  if (use.storeId !== day.storeId) return isOn(record, day) && !record.anyStore ? [difference('other-store', use, record)] : [];
  if (use.day !== day.day) return [];
  const near = record.at === undefined || (record.at >= day.from - CLOCKS_MS && record.at < day.to + CLOCKS_MS);
  if (!near) return [difference('other-day', use, record)];
  const single = use.count === 1 && (record.count ?? 1) === 1;
  const differs = single && use.amount !== undefined && record.amount !== undefined && use.amount !== record.amount;
  return differs ? [difference('amount', use, record)] : [];
}

/** Judges a listed use that no sale of the ledger explains, or not wholly. */
function leftOver(record: PlatformRecord, whole: boolean, ours: readonly OurUse[], pairs: readonly Pair[]): Difference {
  const named = ours.filter((use) => isNamed(record, use));
  const paired = pairs.find((pair) => pair.record === record);
  if (!whole && paired) return difference('count', paired.use, record);
  const at = record.at ?? Number.POSITIVE_INFINITY;
  const unsettled = named.find(({ state }) => state === 'submitting' || state === 'unsure' || state === 'person');
  if (unsettled) return difference('unsettled', unsettled, record);
  // What was undone here and listed later was used anew; what was refused because others had used it is theirs.
  const [own] = record.ids ?? [];
  const isBefore = ({ ids, undoneAt }: OurUse): boolean =>
    own !== undefined && ids.length > 0 ? ids.includes(own) : at <= (undoneAt ?? at);
  const undone = named.find((use) => use.state === 'undone' && isBefore(use));
  if (undone) return difference('undone-here', undone, record);
  const refused = named.find(({ state, usedByOthers }) => state === 'refused' && !usedByOthers);
  if (refused) return difference('refused-here', refused, record);
  const twice = pairs.find((pair) => isNamed(record, pair.use));
  if (twice) return difference('twice', twice.use, record);
  return difference('elsewhere', undefined, record);
}

function difference(cause: Cause, use?: OurUse, record?: PlatformRecord): Difference {
  const at = record?.at ?? use?.at;
  const title = use?.title ?? record?.title;
  return {
    cause,
    code: use?.code ?? record?.code ?? '',
    ...(title !== undefined && { title }),
    ...(at !== undefined && { at }),
    ...(use && {
      ours: {
        verification: use.id,
        storeId: use.storeId,
        count: use.count,
        ...(use.amount !== undefined && { amount: use.amount }),
      },
    }),
    ...(record && {
      theirs: {
        ...(record.count !== undefined && { count: record.count }),
        ...(record.amount !== undefined && { amount: record.amount }),
        ...(record.by !== undefined && { by: record.by }),
        ...(record.via !== undefined && { via: record.via }),
      },
    }),
  };
}
