/** Words one day of several stores in one message: the sum, every store in a line, what needs a look, then details of each. */
import type { Words } from '../../locales/index.ts';
import { besideTheSum, wordCorrection, wordDayEnd, wordLine, wordSummary, type DaySummary } from './summary.ts';
import { wordSilence } from './word-silence.ts';
import { wordComparison } from './word-perspective.ts';

/** A day of one store, with the lines about comparing it with the platforms' lists. */
export type ComparedSummary = DaySummary & { readonly compared?: readonly string[] };

/** Most stores of the list; the rest is summed up in one line. */
const MOST_STORES = 20;
/** Most products of one store. */
const MOST_PRODUCTS = 3;
/** Details end here, characters: WeCom's group webhooks take 4,096 bytes, and each channel cuts what is too long. */
const MOST_CHARACTERS = 1_200;

/** Divides days into messages: stores of one day together, a practice store by itself, as its sums are not real. */
export function groupStores<Summary extends DaySummary>(days: readonly Summary[]): readonly (readonly Summary[])[] {
  const groups = Map.groupBy(days, ({ store, day, running }) => `${day} ${running} ${store.practice ? store.id : ''}`);
  return [...groups.values()];
}

/** Words one such message; of one store it is that store's summary. */
export function wordTogether(days: readonly ComparedSummary[], words: Words): string {
  const [only, ...others] = days;
  if (!only) return '';
  if (others.length > 0) return wordStores(days, words);
  const compared = only.compared ?? [];
  return [wordSummary(only, words), ...(compared.length > 0 ? ['', ...compared] : [])].join('\n');
}

function wordStores(days: readonly ComparedSummary[], words: Words): string {
  const sorted = days.toSorted((a, b) => b.figures.total - a.figures.total || b.figures.count - a.figures.count || byName(a, b));
  const sum = sumOf(sorted);
  const [{ day, running }] = sorted as readonly ComparedSummary[] as [ComparedSummary];
  const ends = new Set(sorted.map(({ store }) => store.dayEnd));
  const [dayEnd = ''] = ends;
  const lines = [
    words.say(running ? 'summary-stores-title-running' : 'summary-stores-title', { count: sorted.length, day }),
    ...(ends.size === 1 ? wordDayEnd(dayEnd, words) : []),
    words.say('summary-verified', { count: sum.count }),
    words.say('summary-total', { total: words.money(sum.total) }),
    ...(sum.unpriced > 0 ? [words.say('summary-unpriced', { count: sum.unpriced })] : []),
    besideTheSum(sum, words),
    ...(allAgree(sorted, words) ? [words.say('summary-reconcile-agrees')] : []),
    '',
    words.say('summary-by-store'),
    ...sorted.slice(0, MOST_STORES).map(({ store, figures }) => wordLine(store.name, figures, words)),
    ...others(sorted.slice(MOST_STORES), words),
    ...sorted.flatMap((one) => toLookAt(one, words)),
  ];
  return withDetails(lines, sorted, words).join('\n');
}

const byName = (a: DaySummary, b: DaySummary): number => (a.store.name < b.store.name ? -1 : 1);

function sumOf(days: readonly DaySummary[]) {
  const sum = { count: 0, total: 0, unpriced: 0, undone: 0, undoneTotal: 0, unsure: 0, refused: 0 };
  for (const { figures } of days) for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += figures[name];
  return sum;
}

const others = (rest: readonly DaySummary[], words: Words): readonly string[] =>
  rest.length === 0 ? [] : [wordLine(words.say('summary-other-stores', { count: rest.length }), sumOf(rest), words)];

/** Whether every store that was compared is the same at its platform: that is said once. */
function allAgree(days: readonly ComparedSummary[], words: Words): boolean {
  const compared = days.flatMap((one) => one.compared ?? []);
  return compared.length > 0 && compared.every((line) => line === words.say('summary-reconcile-agrees'));
}

/** What must not be missed, with the name of its store: something beside the sum, changes of earlier days, and differences. */
function toLookAt({ store, figures, perspective, corrections, compared = [] }: ComparedSummary, words: Words): readonly string[] {
  const { undone, unsure, refused } = figures;
  const lines = [
    ...(undone + unsure + refused > 0 ? [besideTheSum(figures, words)] : []),
    ...(perspective ? wordSilence(perspective.silence, figures.count, store, words) : []),
    ...corrections.map((correction) => wordCorrection(correction, words)),
    ...compared.filter((line) => line !== words.say('summary-reconcile-agrees')),
  ];
  return lines.length === 0 ? [] : ['', store.name, ...lines];
}

/** Adds each store's comparison and products for as long as there is room, and says how many have none. */
function withDetails(lines: readonly string[], days: readonly ComparedSummary[], words: Words): readonly string[] {
  const whole = [...lines];
  let length = whole.join('\n').length;
  let left = 0;
  for (const { store, figures, perspective, day, running } of days) {
    const more = figures.byProduct.slice(MOST_PRODUCTS);
    const details = [
      ...(perspective && !running ? wordComparison(figures, perspective, day, words) : []),
      ...figures.byProduct.slice(0, MOST_PRODUCTS).map((line) => wordLine(line.name, line, words)),
      ...(more.length > 0 ? [wordLine(words.say('summary-others', { count: more.length }), total(more), words)] : []),
    ];
    if (details.length === 0) continue;
    const block = ['', words.say('summary-store-details', { store: store.name }), ...details];
    const size = block.join('\n').length + 1;
    if (left > 0 || length + size > MOST_CHARACTERS) {
      left += 1;
      continue;
    }
    whole.push(...block);
    length += size;
  }
  return left === 0 ? whole : [...whole, '', words.say('summary-stores-left', { count: left })];
}

const total = (lines: readonly { readonly count: number; readonly total: number }[]) => ({
  count: lines.reduce((sum, { count }) => sum + count, 0),
  total: lines.reduce((sum, line) => sum + line.total, 0),
});
