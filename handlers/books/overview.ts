/** The first page of the books: today so far, and the sums of days, weeks and months. */
import type { Store } from '../../services/accounts/stores.ts';
import type { DaySum, DayTotals } from '../../services/ledger/day-totals.ts';
import type { Figures, Ledger, SummaryRow } from '../../services/ledger/ledger.ts';
import { dayAt } from '../../services/time/calendar.ts';
import { lastDays, lastMonths, lastWeeks, type Period } from '../../services/time/periods.ts';

/** Figures of a period, of one store or of several. */
export type Sum = Omit<DaySum, 'day'>;

/** A line of the tables: a day, a week, a month. */
export interface PeriodSum extends Sum {
  readonly period: Period;
}

export interface Overview {
  /** The running business day; of stores whose days differ the latest. */
  readonly today: string;
  /** Something was confirmed at some time. */
  readonly begun: boolean;
  readonly now: Sum;
  readonly byProduct: readonly SummaryRow[];
  readonly byPerson: readonly SummaryRow[];
  /** Each oldest first; without periods before the first verification. The last one is still running. */
  readonly days: readonly PeriodSum[];
  readonly weeks: readonly PeriodSum[];
  readonly months: readonly PeriodSum[];
}

/** The tables show so many days, weeks and months. */
const DAYS = 31;
const WEEKS = 12;
const MONTHS = 12;

export type ShowOverview = (stores: readonly Store[]) => Promise<Overview>;

export function createShowOverview({
  ledger,
  dayTotals,
  now,
}: {
  ledger: Pick<Ledger, 'figures'>;
  dayTotals: DayTotals;
  now: () => number;
}): ShowOverview {
  return async (stores) => {
    const at = now();
    const todays = stores.map((store) => dayAt(at, store));
    const today = todays.toSorted().at(-1)!;
    const running: Figures[] = [];
    const sums: DaySum[] = [];
    const begun: string[] = [];
    const months = lastMonths(today, MONTHS);
    for (const [n, store] of stores.entries()) {
      const figures = await ledger.figures(store.id, todays[n]!);
      running.push(figures);
      sums.push(...(await dayTotals.since(store, months[0]!.from)), { ...figures, day: todays[n]! });
      const first = await dayTotals.first(store.id);
      if (first !== undefined) begun.push(first);
    }
    const first = begun.toSorted()[0] ?? today;
    const table = (periods: readonly Period[]): readonly PeriodSum[] =>
      periods.filter(({ to }) => to >= first).map((period) => ({ period, ...sum(sums.filter(({ day }) => isIn(day, period))) }));
    return {
      today,
      begun: begun.length > 0,
      now: sum(running),
      byProduct: together(running.map(({ byProduct }) => byProduct)),
      byPerson: together(running.map(({ byPerson }) => byPerson)),
      days: table(lastDays(today, DAYS)),
      weeks: table(lastWeeks(today, WEEKS)),
      months: table(months),
    };
  };
}

const isIn = (day: string, { from, to }: Period): boolean => day >= from && day <= to;

/** Sums up days, or the running days of several stores. */
export const sum = (all: readonly Sum[]): Sum =>
  all.reduce<Sum>(
    (one, other) => ({
      count: one.count + other.count,
      total: one.total + other.total,
      unpriced: one.unpriced + other.unpriced,
      undone: one.undone + other.undone,
      undoneTotal: one.undoneTotal + other.undoneTotal,
      refused: one.refused + other.refused,
      unsure: one.unsure + other.unsure,
    }),
    { count: 0, total: 0, unpriced: 0, undone: 0, undoneTotal: 0, refused: 0, unsure: 0 },
  );

/** The lines of several stores by name: most money first. Of one store they stay, as two people may share a name. */
function together(stores: readonly (readonly SummaryRow[])[]): readonly SummaryRow[] {
  if (stores.length === 1) return stores[0]!;
  const lines = new Map<string, SummaryRow>();
  for (const { name, count, total } of stores.flat()) {
    const line = lines.get(name) ?? { name, count: 0, total: 0 };
    lines.set(name, { name, count: line.count + count, total: line.total + total });
  }
  return [...lines.values()].toSorted((a, b) => b.total - a.total || b.count - a.count || (a.name < b.name ? -1 : 1));
}
