/** Words what became of comparing a closed day with the platforms' lists: in a line or two for a summary, or whole. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import { maskCode } from '../../services/coupons/mask.ts';
import { isLack, type Cause, type Difference } from '../../services/reconciliation/compare.ts';
import type { AccountResult, Reconciliation } from '../../services/reconciliation/reconcile.ts';

/** Most differences of one message. */
const MOST = 20;
/** Most of them in a summary. */
const MOST_IN_SUMMARY = 5;

interface Wording {
  readonly storeName: (id: string) => string;
  readonly shown: (code: string) => string;
}

type Compared = Extract<AccountResult, { readonly kind: 'compared' }>;
const isCompared = (account: AccountResult): account is Compared => account.kind === 'compared';

export const differencesIn = (result: Reconciliation): readonly Difference[] =>
  result.filter(isCompared).flatMap(({ differences }) => differences);

/**
 * Words the lines of a day's summary, which go to groups: codes by their last four digits. `undefined`: it is not had yet. None
 * where no platform of the store has a list.
 */
export function wordInSummary(result: Reconciliation | undefined, store: Store, day: string, words: Words): readonly string[] {
  if (result === undefined) return [words.say('summary-reconcile-later')];
  const differences = differencesIn(result);
  if (differences.length > 0) {
    const shown = differences
      .slice(0, MOST_IN_SUMMARY)
      .map((one) => words.say('reconcile-line', { facts: shortly(one, words), why: why(one, store, words) }));
    return [words.say('summary-reconcile-differs', { count: differences.length, day }), ...shown];
  }
  if (result.some(({ kind }) => kind === 'unavailable')) return [words.say('summary-reconcile-later')];
  return result.some(isCompared) ? [words.say('summary-reconcile-agrees')] : [];
}

/**
 * Words what a list had only at a later look, so that it is missed no more. Only what was certain: what is listed now and differs
 * is told as a difference.
 */
export function wordFoundLate(before: Reconciliation | undefined, now: Reconciliation, words: Words): readonly string[] {
  const still = new Set(differencesIn(now).map(({ ours }) => ours?.verification));
  return differencesIn(before ?? [])
    .filter((one) => isLack(one) && !still.has(one.ours?.verification))
    .slice(0, MOST_IN_SUMMARY)
    .map((one) => words.say('reconcile-line', { facts: shortly(one, words), why: words.say('reconcile-found-late') }));
}

const shortly = (one: Difference, words: Words): string =>
  [maskCode(one.code), ...titleOf(one), ...amountOf(one, words)].join(' ');

/** The amount in question; none where two are told. */
function amountOf({ cause, ours, theirs }: Difference, words: Words): readonly string[] {
  const amount = theirs?.amount ?? ours?.amount;
  return amount === undefined || cause === 'amount' ? [] : [words.money(amount)];
}

/** Words the whole of it, each difference with what to do. `storeName` names another store of the merchant; `shown` writes a code. */
export function wordReconciliation(
  whole: { readonly result: Reconciliation; readonly store: Store; readonly day: string } & Wording,
  words: Words,
): string {
  const { result, store, day } = whole;
  const lines = [words.say('reconcile-title', { store: store.name, day })];
  for (const account of result) {
    const platform = words.say(`platform-${account.platform}`);
    if (!isCompared(account)) {
      lines.push(words.say(account.kind === 'no-list' ? 'reconcile-no-list' : 'reconcile-unavailable', { platform }));
      continue;
    }
    const { count, differences, pending } = account;
    const total = words.money(account.total);
    lines.push(
      differences.length === 0
        ? words.say('reconcile-agrees', { platform, count, total })
        : words.say('reconcile-differs', { platform, count, total, differences: differences.length }),
    );
    if (pending > 0) lines.push(words.say('reconcile-pending', { count: pending }));
    differences.slice(0, MOST).forEach((one, n) => lines.push('', ...wordDifference(one, n + 1, whole, words)));
    if (differences.length > MOST) lines.push('', words.say('summary-others', { count: differences.length - MOST }));
  }
  return lines.join('\n');
}

function wordDifference(
  one: Difference,
  number: number,
  { store, storeName, shown }: { readonly store: Store } & Wording,
  words: Words,
): readonly string[] {
  const { cause, at, ours, theirs } = one;
  const facts = [
    shown(one.code),
    ...titleOf(one),
    ...amountOf(one, words),
    ...(at === undefined ? [] : [words.moment(at, store.zone)]),
    ...[theirs?.by, theirs?.via].filter((fact) => fact !== undefined && fact !== ''),
    ...(cause === 'other-store' && ours ? [storeName(ours.storeId)] : []),
  ];
  return [
    `${number}. ${facts.join(' · ')}`,
    words.say('reconcile-cause', { why: why(one, store, words), advice: words.say(ADVICE[cause]) }),
  ];
}

const titleOf = ({ title }: Difference): readonly string[] => (title === undefined || title === '' ? [] : [title]);

/** Words the cause in a few words. */
function why({ cause, at, ours, theirs }: Difference, store: Store, words: Words): string {
  const money = (amount: number | undefined): string => (amount === undefined ? '?' : words.money(amount));
  switch (cause) {
    case 'amount':
      return words.say('reconcile-why-amount', { ours: money(ours?.amount), theirs: money(theirs?.amount) });
    case 'count':
      return words.say('reconcile-why-count', { ours: ours?.count ?? 0, theirs: theirs?.count ?? 0 });
    case 'other-day':
      return words.say('reconcile-why-other-day', { moment: at === undefined ? '?' : words.moment(at, store.zone) });
    default:
      return words.say(`reconcile-why-${cause}`);
  }
}

const ADVICE = {
  elsewhere: 'reconcile-do-elsewhere',
  unsettled: 'reconcile-do-unsettled',
  'refused-here': 'reconcile-do-refused-here',
  'undone-here': 'reconcile-do-undone-here',
  'undone-there': 'reconcile-do-undone-there',
  missing: 'reconcile-do-missing',
  'unused-there': 'reconcile-do-unused-there',
  refunded: 'reconcile-do-refunded',
  gone: 'reconcile-do-gone',
  unlisted: 'reconcile-do-unlisted',
  amount: 'reconcile-do-amount',
  count: 'reconcile-do-count',
  'other-day': 'reconcile-do-other-day',
  'other-store': 'reconcile-do-other-store',
  twice: 'reconcile-do-twice',
} as const satisfies Readonly<Record<Cause, string>>;
