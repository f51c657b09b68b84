/** Pairs sales of the ledger with uses in a platform's list, by the numbers they share; pure. */
import type { PlatformRecord } from '../platforms/platform-lists.ts';
import type { OurUse } from './our-uses.ts';

export interface Pair {
  readonly use: OurUse;
  readonly record: PlatformRecord;
}

/** What is left of one side. `whole`: nothing of it has a partner. */
export interface Pairs {
  readonly pairs: readonly Pair[];
  readonly ourRest: readonly { readonly use: OurUse; readonly whole: boolean; readonly record?: PlatformRecord }[];
  readonly theirRest: readonly { readonly record: PlatformRecord; readonly whole: boolean }[];
}

/** Coupons consumed by one call are listed within this time, ms; their times are equal to the second. */
const TOGETHER_MS = 2_000;

/**
 * Pairs the likeliest first: those that share the most numbers, of the store itself, nearest in time. One sale of several uses
 * takes as many rows; a row that does not say for how many uses it stands, stands for all of the sale, as do further rows of
 * that moment.
 */
export function pairUses(sales: readonly OurUse[], records: readonly PlatformRecord[], storeId: string): Pairs {
  const ourLeft = new Map(sales.map((use) => [use, Math.max(1, use.count)]));
  const theirLeft = new Map(records.map((record) => [record, record.count]));
  const pairs: Pair[] = [];
  for (const { use, record } of likeliest(sales, records, storeId)) {
    const left = ourLeft.get(use) ?? 0;
    const listed = theirLeft.get(record);
    const open = theirLeft.has(record);
    if (left === 0 || !open) continue;
    const taken = Math.min(left, listed ?? left);
    ourLeft.set(use, left - taken);
    if (listed === undefined || listed === taken) theirLeft.delete(record);
    else theirLeft.set(record, listed - taken);
    pairs.push({ use, record });
  }
  const isRepeat = (record: PlatformRecord): boolean =>
    record.count === undefined &&
    pairs.some(
      (pair) => pair.record.code === record.code && pair.use.count > 1 && distance(pair.record.at, record.at ?? 0) <= TOGETHER_MS,
    );
  return {
    pairs,
    ourRest: sales.flatMap((use) => {
      if (ourLeft.get(use) === 0) return [];
      const record = pairs.find((pair) => pair.use === use)?.record;
      return [{ use, whole: record === undefined, ...(record && { record }) }];
    }),
    theirRest: [...theirLeft.keys()]
      .filter((record) => !isRepeat(record))
      .map((record) => ({ record, whole: !pairs.some((pair) => pair.record === record) })),
  };
}

/** Whether a code is written with its middle hidden (`03****8512`), and this may be it. */
export function isMaskOf(shown: string, code: string): boolean {
  const [, head, tail] = /^(\d*)[*＊xX•]+(\d{3,})$/.exec(shown) ?? [];
  return head !== undefined && tail !== undefined && code.startsWith(head) && code.endsWith(tail);
}

function likeliest(sales: readonly OurUse[], records: readonly PlatformRecord[], storeId: string): readonly Pair[] {
  const byNumber = new Map<string, Set<PlatformRecord>>();
  for (const record of records)
    for (const number of new Set([record.code, ...(record.ids ?? [])])) {
      const named = byNumber.get(number) ?? new Set();
      byNumber.set(number, named.add(record));
    }
  const masked = records.filter(({ code }) => !/^\d*$/.test(code));
  const found = sales.flatMap((use) => {
    // What fits a hidden code shares less than any number.
    const shared = new Map(masked.filter(({ code }) => isMaskOf(code, use.code)).map((record) => [record, 0]));
    for (const number of new Set([use.code, ...use.ids]))
      for (const record of byNumber.get(number) ?? []) shared.set(record, (shared.get(record) ?? 0) + 1);
    return [...shared].map(([record, numbers]) => ({
      use,
      record,
      numbers,
      own: use.storeId === storeId ? 1 : 0,
      apart: distance(record.at, use.at),
    }));
  });
  return found.toSorted((a, b) => b.numbers - a.numbers || b.own - a.own || a.apart - b.apart);
}

const distance = (at: number | undefined, other: number): number => (at === undefined ? 0 : Math.abs(at - other));
