/** Renders figures of the books: the sums of today, and tables of periods. */
import { html } from 'hono/html';
import type { PeriodSum, Sum } from '../../../handlers/books/overview.ts';
import type { Words } from '../../../locales/index.ts';
import type { SummaryRow } from '../../../services/ledger/ledger.ts';
import { weekdayOf } from '../../../services/time/wall-clock.ts';
import type { Html } from './layout.ts';

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

/** What is told beside the sums, where there is any. */
const BESIDE = [
  ['unpriced', 'books-unpriced'],
  ['undone', 'books-undone'],
  ['unsure', 'books-unsure'],
] as const;

const besideText = (sum: Sum, words: Words): string =>
  BESIDE.flatMap(([of, label]) => (sum[of] > 0 ? [`${words.say(label)} ${sum[of]}`] : [])).join(' · ');

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
  { caption, address, words }: { readonly caption: string; readonly address: (sum: PeriodSum) => string; readonly words: Words },
): Html {
  const rows = sums.toReversed().map(
    (sum, n) =>
      html`<tr>
        <th scope="row">
          <a href="${address(sum)}">${periodText(sum, kind, words)}</a
          >${n === 0 ? html` <small>${words.say('books-running')}</small>` : ''}
        </th>
        <td>${sum.count}</td>
        <td>${words.money(sum.total)}</td>
        <td class="beside">${besideText(sum, words)}</td>
      </tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${caption}">
    <table class="figures periods">
      <thead>
        <tr>
          <th scope="col">${words.say(HEADS[kind])}</th>
          <th scope="col">${words.say('books-count')}</th>
          <th scope="col">${words.say('books-amount')}</th>
          <th scope="col">${words.say('books-beside')}</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

/** Lines that are seen at once; the others open. */
const MOST_LINES = 10;

/** A table of products or people. */
export function linesTable(head: string, lines: readonly SummaryRow[], words: Words): Html {
  const row = ({ name, count, total }: SummaryRow): Html =>
    html`<tr>
      <th scope="row">${name || words.say('nameless')}</th>
      <td>${count}</td>
      <td>${words.money(total)}</td>
    </tr>`;
  const table = (of: readonly SummaryRow[]): Html =>
    html`<table class="figures">
      <thead>
        <tr>
          <th scope="col">${head}</th>
          <th scope="col">${words.say('books-count')}</th>
          <th scope="col">${words.say('books-amount')}</th>
        </tr>
      </thead>
      <tbody>
        ${of.map(row)}
      </tbody>
    </table>`;
  const rest = lines.slice(MOST_LINES);
  return html`${table(lines.slice(0, MOST_LINES))}
  ${
    rest.length === 0
      ? ''
      : html`<details>
          <summary>${words.say('summary-others', { count: rest.length })}</summary>
          ${table(rest)}
        </details>`
  }`;
}
