/** Renders the first page of the books. */
import { html } from 'hono/html';
import { chartOf, type ChartName } from '../../../handlers/books/charts.ts';
import type { Overview, PeriodSum } from '../../../handlers/books/overview.ts';
import { words as wordsIn } from '../../../locales/index.ts';
import type { Theme } from '../../../services/charts/charts.ts';
import { linesTable, periodTable, tilesHtml } from './figures-html.ts';
import { bookHtml, type Opened } from './layout.ts';
import type { Html } from '../markup.ts';
import { addressOf } from './query.ts';

/** `drawn`: charts can be had. */
export function overviewHtml(opened: Opened, overview: Overview, drawn: boolean): string {
  const { at, locale, shelf } = opened;
  const words = wordsIn(locale);
  const { today, days, weeks, months } = overview;
  const listAddress = ({ period: { from, to } }: Pick<PeriodSum, 'period'>): string =>
    addressOf(`${at}/list`, { store: shelf.store, filter: { from, to } });
  const chart = (name: ChartName, caption: string): Html => {
    const unit = drawn ? chartOf(name, overview, words)?.unit : undefined;
    if (unit === undefined) return html``;
    const image = (theme: Theme, width: 'wide' | 'narrow'): string =>
      addressOf(`${at}/chart/${name}`, { store: shelf.store, filter: {} }, { theme, width });
    return html`<figure>
      <picture>
        <source media="(prefers-color-scheme: dark) and (width < 760px)" srcset="${image('dark', 'narrow')}" />
        <source media="(prefers-color-scheme: dark)" srcset="${image('dark', 'wide')}" />
        <source media="(width < 760px)" srcset="${image('light', 'narrow')}" />
        <img src="${image('light', 'wide')}" alt="${words.say('books-chart', { of: caption })}" />
      </picture>
      <img class="paper" src="${image('light', 'wide')}" alt="" />
      <figcaption>${unit}</figcaption>
    </figure>`;
  };
  const section = (kind: 'days' | 'weeks' | 'months', sums: readonly PeriodSum[]): Html => {
    const caption = words.say(`books-${kind}`, { count: sums.length });
    return html`<section class="panel" aria-labelledby="${kind}">
      <h2 id="${kind}">${caption}</h2>
      ${chart(kind, caption)} ${periodTable(kind, sums, { address: listAddress, words })}
    </section>`;
  };
  const lines = (id: 'product' | 'person', rows: Overview['byProduct']): Html =>
    rows.length === 0
      ? html``
      : html`<section class="panel" aria-labelledby="by-${id}">
          <h2 id="by-${id}">${words.say(`books-by-${id}`)}</h2>
          ${id === 'product' ? chart('products', words.say('books-by-product')) : ''}
          ${linesTable(words.say(`books-${id}`), rows, words)}
        </section>`;
  const content = html`<section class="panel wide" aria-labelledby="today">
      <h2 id="today">${words.say('books-today', { day: today })}</h2>
      ${tilesHtml(overview.now, words)}
    </section>
    ${
      overview.begun
        ? html`${lines('product', overview.byProduct)} ${lines('person', overview.byPerson)} ${section('days', days)}
          ${section('weeks', weeks)} ${section('months', months)}`
        : html`<p class="empty">${words.say('books-empty')}</p>`
    }`;
  return bookHtml(opened, words.say('books-overview'), content);
}
