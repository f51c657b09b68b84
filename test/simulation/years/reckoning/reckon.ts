/** Adds a store's days up from its facts alone: not one line of the program's ledger is in it. */
import { dateAfter, type Calendar } from './calendar.ts';

export interface FactRow {
  readonly stream: string;
  readonly sequence: number;
  readonly kind: string;
  readonly subject: string;
  readonly to_state: string | null;
  readonly at: number;
  /** JSON. */
  readonly detail: string;
}

/** What a day, a week or a month came to. Money in fen. */
export interface Sums {
  readonly count: number;
  readonly total: number;
  readonly unpriced: number;
  readonly undone: number;
  readonly undoneTotal: number;
  readonly refused: number;
  readonly unsure: number;
}

export interface Reckoner {
  /** Goes on to this fact of the store's, and no further. Facts are never gone back to. */
  until(sequence: number): void;
  /** The days from `from` to `to`, both included, as the facts have them now. */
  sums(from: string, to: string): Sums;
  /**
   * Uses that stand, or stood, in another day than the calendar has them in, one line each. Also those that a later end of their day
   * should have moved: which facts tell of that is the program's own saying.
   */
  astray(): readonly string[];
}

interface Use {
  readonly at: number;
  day: string;
  state: string;
  count: number;
  amount: number | null;
}

const SALES: ReadonlySet<string> = new Set(['verified', 'undoing', 'undo-unsure']);
const OPEN: ReadonlySet<string> = new Set(['submitting', 'unsure', 'person']);

export function createReckoner(facts: readonly FactRow[], calendar: Calendar): Reckoner {
  const uses = new Map<string, Use>();
  const days = new Map<string, Set<Use>>();
  const wrong: string[] = [];
  let next = 0;

  const put = (use: Use, day: string): void => {
    days.get(use.day)?.delete(use);
    use.day = day;
    days.set(day, (days.get(day) ?? new Set()).add(use));
  };

  const take = ({ kind, subject, to_state: state, at, detail }: FactRow): void => {
    const { businessDay, count, amount } = JSON.parse(detail) as {
      businessDay?: string | null;
      count?: number;
      amount?: number | null;
    };
    if (kind === 'verification.confirm') {
      const use: Use = { at, day: '', state: state ?? '', count: count ?? 0, amount: amount ?? null };
      uses.set(subject, use);
      put(use, calendar.dayOf(at, at));
    }
    const use = uses.get(subject);
    if (!use) return;
    if (kind === 'verification.day') put(use, calendar.dayOf(use.at, at));
    Object.assign(use, { state, count, amount });
    if (businessDay !== use.day)
      wrong.push(`${subject} of ${new Date(use.at).toISOString()} stands on ${businessDay}, and is of ${use.day} (${kind})`);
  };

  return {
    astray: () => [
      ...wrong,
      ...[...uses]
        .filter(([, { at, day }]) => calendar.dayOf(at) !== day)
        .map(([id, { at, day }]) => `${id} of ${new Date(at).toISOString()} is left on ${day}, and is of ${calendar.dayOf(at)}`),
    ],
    until(sequence) {
      for (; next < facts.length && facts[next]!.sequence <= sequence; next += 1) take(facts[next]!);
    },
    sums(from, to) {
      const sum = { count: 0, total: 0, unpriced: 0, undone: 0, undoneTotal: 0, refused: 0, unsure: 0 };
      for (let day = from; day <= to; day = dateAfter(day, 1)) {
        for (const { state, count, amount } of days.get(day) ?? []) {
          if (SALES.has(state)) {
            sum.count += count;
            sum.total += amount ?? 0;
            if (amount === null) sum.unpriced += count;
          } else if (state === 'undone') {
            sum.undone += count;
            sum.undoneTotal += amount ?? 0;
          } else if (state === 'refused') sum.refused += 1;
          else if (OPEN.has(state)) sum.unsure += count;
        }
      }
      return sum;
    },
  };
}
