/** Renders the first page of the books. */
import { html } from 'hono/html';
import type { Overview, PeriodSum } from '../../../handlers/books/overview.ts';
import { words as wordsIn } from '../../../locales/index.ts';
import { linesTable, periodTable, tilesHtml } from './figures-html.ts';
import { bookHtml, type Html, type Opened } from './layout.ts';
import { addressOf } from './query.ts';

export function overviewHtml(opened: Opened, overview: Overview): string {
  const { at, locale, shelf } = opened;
  const words = wordsIn(locale);
  const { today, days, weeks, months } = overview;
  const listAddress = ({ period: { from, to } }: Pick<PeriodSum, 'period'>): string =>
    addressOf(`${at}/list`, { store: shelf.store, filter: { from, to } });
  const section = (kind: 'days' | 'weeks' | 'months', sums: readonly PeriodSum[]): Html => {
    const caption = words.say(`books-${kind}`, { count: sums.length });
    return html`<section class="panel" aria-labelledby="${kind}">
      <h2 id="${kind}">${caption}</h2>
      ${periodTable(kind, sums, { caption, address: listAddress, words })}
    </section>`;
  };
  const lines = (id: 'product' | 'person', rows: Overview['byProduct']): Html =>
    rows.length === 0
      ? html``
      : html`<section class="panel" aria-labelledby="by-${id}">
          <h2 id="by-${id}">${words.say(`books-by-${id}`)}</h2>
          ${linesTable(words.say(`books-${id}`), rows, words)}
        </section>`;
  const content = html`<section class="panel wide" aria-labelledby="today">
      <h2 id="today">${words.say('books-today', { day: today })}</h2>
      ${tilesHtml(overview.now, words)}
    </section>
    ${lines('product', overview.byProduct)} ${lines('person', overview.byPerson)} ${section('days', days)}
    ${section('weeks', weeks)} ${section('months', months)}`;
  return bookHtml(opened, words.say('books-overview'), content);
}
