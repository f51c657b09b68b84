/** Words what a rule would have done over the last 30 days, and what is not known of them. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { Left, Rehearsal } from '../../services/automation/rehearsal.ts';
import type { Rule } from '../../services/automation/rule.ts';
import type { SummaryRow } from '../../services/ledger/ledger.ts';
import { marked } from '../cards/practice-mark.ts';

/** Lines of days and of products; the figures above them count all. */
const MOST_LINES = 10;

/** The order in which reasons are told. */
const REASONS = [
  'people',
  'deal',
  'reading',
  'uses',
  'coupon',
  'hours',
  'spent',
  'unknown',
] as const satisfies readonly Left['why'][];

export function rehearsalText(rule: Rule, store: Store, found: Rehearsal, words: Words): string {
  const { days, looked, count, total, undone, byDay, byProduct, left, examples } = found;
  const line = ({ name, count: n, total: sum }: SummaryRow): string =>
    words.say('summary-line', { name, count: n, total: words.money(sum) });
  const section = (title: 'try-by-day' | 'summary-by-product', rows: readonly SummaryRow[]): string[] =>
    rows.length === 0 ? [] : [words.say(title), ...rows.map(line)];
  const rest = REASONS.flatMap((why) => {
    const example = examples.find((one) => one.why === why);
    if (!example) return [];
    const at = words.moment(example.at, store.zone).slice(5);
    return [
      words.say('try-left', { why: words.say(`try-why-${why}`), count: left[why] ?? 0, example: `${at} ${example.title}` }),
    ];
  });
  const lines = [
    words.say('try-title', { name: rule.name, days }),
    looked === 0 ? words.say('try-nothing') : words.say('try-would', { looked, count, total: words.money(total) }),
    ...(undone > 0 ? [words.say('try-undone', { count: undone })] : []),
    ...section('try-by-day', byDay.slice(-MOST_LINES)),
    ...section('summary-by-product', byProduct.slice(0, MOST_LINES)),
    ...(rest.length > 0 ? [words.say('try-rest'), ...rest] : []),
    words.say('try-honest'),
  ];
  return marked(lines.join('\n'), store, words);
}
