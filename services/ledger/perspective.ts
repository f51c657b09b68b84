/** A business day beside others, and by platform, place and hour: what owners compare its figures with. */
import type { Store } from '../accounts/store.ts';
import type { Fen } from '../coupons/coupon.ts';
import type { Db, Tx } from '../database/database.ts';
import type { PlatformName } from '../platforms/names.ts';
import { silenceOf, type Silence } from '../silence/silence.ts';
import { hourOf, previousDay } from '../time/business-day.ts';
import { VERIFIED } from '../verification/verification.ts';

/** Uses and their money. */
export interface Sum {
  readonly count: number;
  readonly total: Fen;
}

export interface Perspective {
  /** The day before. Undefined before the store's first sale: no day is taken for an idle one. */
  readonly before: Sum | undefined;
  /** The mean of the same weekday over up to four weeks before: uses to a tenth, fen rounded. */
  readonly usual: Sum | undefined;
  readonly byPlatform: readonly (Sum & { readonly platform: PlatformName })[];
  /** Where it was used, of sales that have a place. */
  readonly byPlace: readonly (Sum & { readonly name: string })[];
  /** Uses in each hour of the store's clock, 0 to 23. */
  readonly byHour: readonly number[];
  /** The hour of the store's clock (0–23) with the most uses, the first of several. */
  readonly busiest: { readonly hour: number; readonly count: number } | undefined;
  readonly silence: Silence;
}

/** Weeks that make what is usual. */
const WEEKS = 4;

export async function perspective(on: Db | Tx, store: Store, day: string): Promise<Perspective> {
  const before = previousDay(day);
  const weekdays = Array.from({ length: WEEKS }, (_, n) => daysBefore(day, 7 * (n + 1)));
  const [first] = await on
    .selectFrom('verification')
    .select('business_day')
    .where('store_id', '=', store.id)
    .where('business_day', 'is not', null)
    .where('state', 'in', VERIFIED)
    .orderBy('business_day')
    .limit(1)
    .execute();
  const since = first?.business_day ?? day;
  const earlier = await on
    .selectFrom('verification')
    .select(['business_day', 'count', 'amount'])
    .where('store_id', '=', store.id)
    .where('business_day', 'in', [before, ...weekdays])
    .where('state', 'in', VERIFIED)
    .execute();
  const sumOf = (of: string): Sum => sum(earlier.filter(({ business_day }) => business_day === of));
  const known = weekdays.filter((of) => of >= since).map(sumOf);
  const rows = await on
    .selectFrom('verification')
    .innerJoin('store', 'store.id', 'verification.store_id')
    .leftJoin('listing', 'listing.id', 'verification.listing_id')
    .innerJoin('account', (join) => join.on((e) => e('account.id', '=', e.fn.coalesce('listing.account_id', 'store.account_id'))))
    .select(['account.platform', 'verification.place', 'verification.count', 'verification.amount', 'verification.settled_at'])
    .select('verification.submitted_at')
    .where('verification.store_id', '=', store.id)
    .where('verification.business_day', '=', day)
    .where('verification.state', 'in', VERIFIED)
    .execute();
  const byHour = hoursOf(
    rows.map((row) => ({ at: row.settled_at ?? row.submitted_at ?? 0, count: row.count })),
    store.zone,
  );
  return {
    silence: await silenceOf(on, store, day),
    before: before >= since ? sumOf(before) : undefined,
    usual: known.length === 0 ? undefined : mean(known),
    byPlatform: grouped(rows, ({ platform }) => platform as PlatformName).map(({ name, ...rest }) => ({
      platform: name,
      ...rest,
    })),
    byPlace: grouped(
      rows.filter(({ place }) => place !== null),
      ({ place }) => place ?? '',
    ),
    byHour,
    busiest: busiestHour(byHour),
  };
}

function daysBefore(day: string, days: number): string {
  let found = day;
  for (let n = 0; n < days; n++) found = previousDay(found);
  return found;
}

interface Row {
  readonly count: number;
  readonly amount: Fen | null;
}

const sum = (rows: readonly Row[]): Sum => ({
  count: rows.reduce((all, { count }) => all + count, 0),
  total: rows.reduce((all, { amount }) => all + (amount ?? 0), 0),
});

const mean = (sums: readonly Sum[]): Sum => ({
  count: Math.round((10 * sums.reduce((all, { count }) => all + count, 0)) / sums.length) / 10,
  total: Math.round(sums.reduce((all, { total }) => all + total, 0) / sums.length),
});

/** Sums up by a name: what brought most first. */
function grouped<R extends Row, Name extends string>(
  rows: readonly R[],
  nameOf: (row: R) => Name,
): readonly (Sum & { name: Name })[] {
  const groups = [...Map.groupBy(rows, nameOf)].map(([name, of]) => ({ name, ...sum(of) }));
  return groups.toSorted((a, b) => b.total - a.total || b.count - a.count || (a.name < b.name ? -1 : 1));
}

function hoursOf(uses: readonly { at: number; count: number }[], zone: string): readonly number[] {
  const hours = Array.from({ length: 24 }, () => 0);
  for (const { at, count } of uses) hours[hourOf(at, zone)]! += count;
  return hours;
}

function busiestHour(byHour: readonly number[]): Perspective['busiest'] {
  const count = Math.max(...byHour);
  return count > 0 ? { hour: byHour.indexOf(count), count } : undefined;
}
