/** Words a day beside others: against the day before and its weekday, by platform and place, and the busiest hour. */
import type { Words } from '../../locales/index.ts';
import type { Perspective, Sum } from '../../services/ledger/perspective.ts';

/** Fewer uses have no busiest hour worth a line. */
const BUSY = 5;

/** Words the comparisons in one line: `比前一天 +3 张 +¥147.00 · 比平时周日 −1 张 −¥20.50`; none where there is nothing to compare with. */
export function wordComparison(
  { count, total }: Sum,
  { before, usual }: Perspective,
  day: string,
  words: Words,
): readonly string[] {
  const change = (than: Sum) => ({
    count: signed(Math.round(10 * (count - than.count)) / 10, String),
    total: signed(total - than.total, (fen) => words.money(fen)),
  });
  const isSame = (as: Sum): boolean => as.count === count && as.total === total;
  const weekday = words.say(`weekday-${WEEKDAYS[new Date(day).getUTCDay()]!}`);
  const parts = [
    ...(before ? [isSame(before) ? words.say('summary-as-before') : words.say('summary-than-before', change(before))] : []),
    ...(usual
      ? [
          isSame(usual)
            ? words.say('summary-as-usual', { weekday })
            : words.say('summary-than-usual', { ...change(usual), weekday }),
        ]
      : []),
  ];
  return parts.length === 0 ? [] : [parts.join(' · ')];
}

/** Words the busiest hour, where there is one. */
export const wordBusiest = ({ busiest }: Perspective, count: number, words: Words): readonly string[] =>
  busiest === undefined || count < BUSY || busiest.count < 2
    ? []
    : [words.say('summary-busiest', { from: busiest.hour, to: busiest.hour + 1, count: busiest.count })];

/** From Sunday, as dates count them. */
const WEEKDAYS = [7, 1, 2, 3, 4, 5, 6] as const;

/** A change with its sign, no change as one upwards. */
export const signed = (change: number, say: (size: number) => string): string =>
  `${change < 0 ? '−' : '+'}${say(Math.abs(change))}`;
