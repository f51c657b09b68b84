/** Reads Meituan's own figures of a shop from Allinpay's four reports. */
import { parseFen } from '../../coupons/money.ts';
import { chinaTime } from '../../time/platform-time.ts';
import { countOf, textOf, type Fields } from '../../fields.ts';
import type { StatName, Stats } from '../platform-lists.ts';
import type { Account } from './account.ts';
import type { Gateway } from './gateway.ts';
import { gathered } from './paging.ts';
import { named, recordsOf } from './tolerant-shapes.ts';

const DAY_MS = 86_400_000;

/** The fields of the reports. Money is in yuan. */
const FIGURES: readonly (readonly [string, StatName, (value: unknown) => number | undefined])[] = [
  ['tgConsumeAmount', 'consumed-money', parseFen],
  ['tgConsumeCount', 'consumed-count', countOf],
  ['mopayConsumeAmount', 'paid-money', parseFen],
  ['mopayConsumeCount', 'paid-count', countOf],
  ['reservationConsumeAmount', 'reserved-money', parseFen],
  ['reservationConsumeCount', 'reserved-count', countOf],
  ['totalBooking', 'bookings', countOf],
  ['midasBooking', 'bookings-by-adverts', countOf],
  ['telephoneBooking', 'bookings-by-phone', countOf],
  ['viewUv', 'viewers', countOf],
  ['shopUv', 'visitors', countOf],
  ['buyUv', 'buyers', countOf],
  ['consumeUv', 'users', countOf],
  ['bookUv', 'bookers', countOf],
  ['pageTime', 'page-seconds', countOf],
];

/** The reports over the last days; `dataType` is their number. */
const REPORTS = ['meituanConsumption', 'meituanBooking', 'meituanDealGroupsConsumption'] as const;
const MARKS = ['result', ...FIGURES.map(([field]) => field)];
/** The row for both platforms together. */
const ALL = 0;

/** Reads the reports in sequence; refused ones are left out. */
export async function statsOf({ ask }: Gateway, account: Account, days: number, now: number): Promise<Stats> {
  const report = (name: string, business: Fields) => async () => {
    const answer = await ask(account, { method: `thirdDataService.${name}`, business, marks: MARKS });
    return answer.kind === 'refused' ? answer : rowsOf(answer.data);
  };
  const reports = await gathered([
    ...REPORTS.map((name) => report(name, { dataType: days })),
    report('meituanPoiTraffic', { ...trafficSpan(days, now), platform: ALL }),
  ]);
  const rows = reports.flat();
  return {
    figures: FIGURES.flatMap(([field, name, read]) => {
      const values = rows.flatMap((row) => read(row[field]) ?? []);
      return values.length === 0 ? [] : [{ name, value: values.reduce((sum, value) => sum + value, 0) }];
    }),
    deals: rows.flatMap((row) => {
      const title = textOf(row['dealGroupTitle']) ?? textOf(row['dealGroupShortTitle']);
      const [count, total] = [countOf(row['consumeCnt']), parseFen(row['consumeAmt'])];
      return title === undefined || count === undefined || total === undefined ? [] : [{ title, count, total }];
    }),
  };
}

/** The span of the traffic report, which ends two days ago and has 30 days at most. */
function trafficSpan(days: number, now: number): Fields {
  const end = now - 2 * DAY_MS;
  const day = (ms: number): string => chinaTime(ms).slice(0, 10);
  return { startDate: day(end - (days - 1) * DAY_MS), endDate: day(end) };
}

/** Gives a report's rows for both platforms together; where there are none, those for each platform. */
function rowsOf(report: unknown): readonly Fields[] {
  const rows = recordsOf(named(report, 'result') ?? report);
  const all = rows.filter((row) => (countOf(row['platform']) ?? ALL) === ALL);
  return all.length > 0 ? all : rows;
}
