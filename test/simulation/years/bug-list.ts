/** Deliberate bugs of days: each must be seen by the laws of the years. */
import { one, type Bug } from '../bug.ts';

export const YEARS_BUGS: readonly Bug[] = [
  // On the day after a change of clocks the day before is passed over.
  one(
    'a-day-is-lost-at-summer-time',
    'services/ledger/reports.ts',
    '    const next = nextDay(day);\n',
    '    const next = nextDay(boundsOf(day, store).to - boundsOf(day, store).from < 86_400_000 ? nextDay(day) : day);\n',
  ),
  one(
    'a-fen-too-much',
    'services/ledger/ledger.ts',
    'sum.total += amount;',
    'sum.total += amount + (amount % 100 === 7 ? 1 : 0);',
  ),
  one('a-repeat-is-not-marked', 'bot/delivery/outbox.ts', 'repeat ? marked(', 'false ? marked('),
  // As it was before corrections went by the facts.
  one('corrections-go-by-the-clock', 'services/ledger/corrections.ts', 'fact === null ?', 'fact !== null ?'),
  // As it was before days began when the clock shows their beginning first.
  one('the-second-of-two-times', 'services/time/wall-clock.ts', 'before === after || isShown(before) ||', 'before === after ||'),
  // Where the clock skips the end of the day, the day ends as if the clocks had been changed already.
  one(
    'an-end-that-is-skipped-comes-early',
    'services/time/wall-clock.ts',
    '|| isShown(before) || !isShown(after)',
    '|| isShown(before)',
  ),
  // The evening goes on, and what was sold in it stays on the next day.
  one(
    'a-day-that-goes-on-loses-its-evening',
    'services/ledger/store-calendar.ts',
    'await moveToRunningDay(tx, id, running, now());',
    '',
  ),
];
