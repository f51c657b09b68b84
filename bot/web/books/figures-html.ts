/** Renders figures of the books: the sums of today, and tables of periods. */
import { html } from 'hono/html';
import type { PeriodSum, Sum } from '../../../handlers/books/overview.ts';
import type { Words } from '../../../locales/index.ts';
import type { SummaryRow } from '../../../services/ledger/ledger.ts';
import { weekdayOf } from '../../../services/time/wall-clock.ts';
import type { Html } from '../markup.ts';

/** A figure that stands by itself, with its name. */
function tile(label: string, value: string, more: { readonly tone?: 'main' | 'warn'; readonly note?: string } = {}): Html {
  return html`<div class="tile ${more.tone ?? ''}">
    <dt>${label}</dt>
    <dd>${value}${more.note === undefined ? '' : html` <small>${more.note}</small>`}</dd>
  </div>`;
}

/** The sums of a day: a zero is said as a zero. */
export function tilesHtml(sum: Sum, words: Words): Html {
  const pieces = (count: number): string => words.say('books-pieces', { count });
  return html`<dl class="tiles">
    ${tile(words.say('books-count'), pieces(sum.count), { tone: 'main' })}
    ${tile(words.say('books-amount'), words.money(sum.total), { tone: 'main' })}
    ${tile(words.say('books-unpriced'), pieces(sum.unpriced), sum.unpriced > 0 ? { tone: 'warn' } : {})}
    ${tile(words.say('books-undone'), pieces(sum.undone), sum.undone > 0 ? { note: words.money(sum.undoneTotal) } : {})}
    ${tile(words.say('books-unsure'), pieces(sum.unsure), sum.unsure > 0 ? { tone: 'warn' } : {})}
    ${tile(words.say('books-refused'), words.say('books-times', { count: sum.refused }))}
  </dl>`;
}

/** The names of weekdays, from Monday on. */
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;

/** Tells what stands beside the sums: undone, unsure and unpriced uses, where there are any. */
const BESIDE = [
  ['unpriced', 'books-unpriced'],
  ['undone', 'books-undone'],
  ['unsure', 'books-unsure'],
] as const;

const besideHtml = (sum: Sum, words: Words): Html[] =>
  BESIDE.flatMap(([of, label]) => (sum[of] > 0 ? [html`<span>${words.say(label)} ${words.number(sum[of])}</span> `] : []));

/** The label of a period: its day, the days of a week, its month. */
export function periodText({ period: { from, to } }: PeriodSum, kind: 'days' | 'weeks' | 'months', words: Words): string {
  if (kind === 'days') return `${from.slice(5)} ${words.say(`weekday-${WEEKDAYS[weekdayOf(from)]!}`)}`;
  return kind === 'months' ? from.slice(0, 7) : `${from.slice(5)} – ${to.slice(5)}`;
}

const HEADS = { days: 'books-day', weeks: 'books-week', months: 'books-month' } as const;

/** A table of periods, the newest first; `address` leads to the records of one. */
export function periodTable(
  kind: 'days' | 'weeks' | 'months',
  sums: readonly PeriodSum[],
  { address, words }: { readonly address: (sum: PeriodSum) => string; readonly words: Words },
): Html {
  const rows = sums.toReversed().map(
    (sum, n) =>
      html`<tr>
        <th scope="row">
          <a href="${address(sum)}">${periodText(sum, kind, words)}</a
          >${n === 0 ? html` <small>${words.say('books-running')}</small>` : ''}
        </th>
        <td>${words.number(sum.count)}</td>
        <td>${words.money(sum.total)}</td>
        <td class="beside">${besideHtml(sum, words)}</td>
      </tr>`,
  );
  const heads = [HEADS[kind], 'books-count', 'books-amount', 'books-beside'] as const;
  return folded(
    rows,
    MOST_PERIODS,
    (some) =>
      table(
        'periods',
        heads.map((head) => words.say(head)),
        some,
      ),
    words,
  );
}

/** Rows that are seen at once; the others open. */
const MOST_PERIODS = 7;
const MOST_LINES = 10;

const table = (name: string, heads: readonly string[], rows: readonly Html[]): Html =>
  html`<table class="figures ${name}">
    <thead>
      <tr>
        ${heads.map((head) => html`<th scope="col">${head}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;

/** The first rows, and below them the others, closed. */
function folded(rows: readonly Html[], most: number, tableOf: (some: readonly Html[]) => Html, words: Words): Html {
  const rest = rows.slice(most);
  if (rest.length === 0) return tableOf(rows);
  return html`${tableOf(rows.slice(0, most))}
    <details>
      <summary>${words.say('summary-others', { count: rest.length })}</summary>
      ${tableOf(rest)}
    </details>`;
}

/** A table of products or people. */
export function linesTable(head: string, lines: readonly SummaryRow[], words: Words): Html {
  const rows = lines.map(
    ({ name, count, total }) =>
      html`<tr>
        <th scope="row">${name || words.say('nameless')}</th>
        <td>${words.number(count)}</td>
        <td>${words.money(total)}</td>
      </tr>`,
  );
  const heads = [head, words.say('books-count'), words.say('books-amount')];
  return folded(rows, MOST_LINES, (some) => table('lines', heads, some), words);
}
