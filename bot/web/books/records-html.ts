/** Renders the list of verifications, and the filter above it. */
import { html } from 'hono/html';
import { isStatus, STATUSES, type StatusChoice, type Understood } from '../../../handlers/books/filter.ts';
import type { RecordPage, RecordRow } from '../../../handlers/books/records.ts';
import { words as wordsIn, type Words } from '../../../locales/index.ts';
import type { Names } from '../../../services/ledger/names.ts';
import { bookHtml, storeAddress, type Opened } from './layout.ts';
import type { Html } from '../markup.ts';
import { addressOf, writePosition, type Asked, type Field } from './query.ts';

export interface Records {
  readonly asked: Asked;
  readonly understood: Pick<Understood, 'unknown'>;
  readonly names: Names;
  readonly page: RecordPage;
}

export function recordsHtml(opened: Opened, { asked, understood, names, page }: Records): string {
  const words = wordsIn(opened.locale);
  const { at, shelf } = opened;
  const list = `${at}/list`;
  const link = (label: string, rel: 'prev' | 'next', more: Readonly<Record<string, string>>): Html =>
    html`<a rel="${rel}" href="${addressOf(list, asked, more)}">${label}</a>`;
  const turns = [
    ...(page.newer ? [link(words.say('button-newer'), 'prev', { before: writePosition(page.newer) })] : []),
    ...(page.older ? [link(words.say('button-older'), 'next', { after: writePosition(page.older) })] : []),
  ];
  const content = html`${filterHtml(opened, asked, names, words)}
    <section class="panel wide" aria-labelledby="found">
      <h2 id="found">${words.say('books-records')}</h2>
      ${understood.unknown.length === 0 ? '' : html`<p class="says bad">${unknownText(understood.unknown, words)}</p>`}
      ${
        page.rows.length === 0
          ? html`<p class="empty">${words.say('books-none-such')}</p>`
          : rowsHtml(page.rows, { several: shelf.chosen.length > 1, at, store: shelf.store, words })
      }
      ${
        page.rows.length === 0 || understood.unknown.length > 0
          ? ''
          : html`<p class="downloads">
              ${words.say('books-export')}
              <a href="${addressOf(`${at}/export/xlsx`, asked)}">Excel</a>
              <a href="${addressOf(`${at}/export/csv`, asked)}">CSV</a>
            </p>`
      }
      ${turns.length === 0 ? '' : html`<nav class="turns" aria-label="${words.say('books-records')}">${turns}</nav>`}
    </section>`;
  return bookHtml(opened, words.say('books-records'), content);
}

/** Names the words that mean nothing here. */
export const unknownText = (unknown: readonly string[], words: Words): string =>
  words.say('history-unknown', { words: unknown.join(words.say('list-comma')) });

/** The word for a choice of an outcome. */
export const statusText = (status: StatusChoice, words: Words): string =>
  words.say(status === 'undo-refused' ? 'books-undo-refused' : `history-${status}`);

function filterHtml({ at, shelf }: Opened, { filter }: Asked, names: Names, words: Words): Html {
  const field = (name: Field, input: (value: string) => Html): Html =>
    html`<div class="field">
      <label for="f-${name}">${words.say(`books-${name}`)}</label>
      ${input(filter[name] ?? '')}
    </div>`;
  const choice = (name: Field, options: readonly (readonly [string, string])[]): Html =>
    field(
      name,
      (value) =>
        html`<select id="f-${name}" name="${name}">
          <option value="">${words.say('books-any')}</option>
          ${options.map(([one, label]) => html`<option value="${one}" ${one === value ? html`selected` : ''}>${label}</option>`)}
        </select>`,
    );
  const day = (name: 'from' | 'to'): Html =>
    field(name, (value) => html`<input id="f-${name}" name="${name}" type="date" value="${value}" />`);
  const named = (list: readonly string[], chosen: string | undefined): readonly (readonly [string, string])[] =>
    (chosen === undefined || list.includes(chosen) ? list : [chosen, ...list]).map((name) => [name, name]);
  const statuses = Object.keys(STATUSES).filter(isStatus);
  const { text: _, code: __, ...others } = filter;
  return html`<form class="filter panel wide" method="get" action="${at}/list" role="search">
    ${shelf.store === undefined ? '' : html`<input type="hidden" name="store" value="${shelf.store}" />`}
    <div class="first">
      ${field(
        'text',
        (value) =>
          html`<input
            id="f-text"
            name="text"
            type="search"
            maxlength="200"
            value="${value}"
            placeholder="${words.say('books-text-hint')}"
          />`,
      )}
      ${field(
        'code',
        (value) => html`<input id="f-code" name="code" inputmode="numeric" maxlength="40" value="${value}" autocomplete="off" />`,
      )}
      <button class="primary">${words.say('books-find')}</button>
      <a class="clear" href="${storeAddress(`${at}/list`, shelf.store)}">${words.say('books-clear')}</a>
    </div>
    <details ${Object.keys(others).length > 0 ? html`open` : ''}>
      <summary>${words.say('books-more')}</summary>
      <div class="fields">
        ${day('from')} ${day('to')}
        ${choice(
          'status',
          statuses.map((status) => [status, statusText(status, words)]),
        )}
        ${choice('product', named(names.titles, filter.product))} ${choice('person', named(names.people, filter.person))}
        ${choice('place', named(names.places, filter.place))}
      </div>
    </details>
  </form>`;
}

interface Around {
  /** The rows are of several stores. */
  readonly several: boolean;
  readonly at: string;
  readonly store: string | undefined;
  readonly words: Words;
}

function rowsHtml(rows: readonly RecordRow[], { several, at, store, words }: Around): Html {
  const row = (one: RecordRow): Html =>
    html`<tr>
      <td class="when"><a href="${storeAddress(`${at}/v/${one.id}`, store)}">${one.at}</a></td>
      <td class="outcome ${one.tone}">${one.outcome}</td>
      <td class="title">${one.title}${one.uses > 1 ? html` <small>× ${one.uses}</small>` : ''}</td>
      <td class="code">${one.code}</td>
      <td class="money">${one.amount ?? ''}</td>
      <td class="by">${one.by ?? ''}</td>
      <td class="more">${[one.place, one.note].filter(Boolean).join(' · ')}</td>
      ${several ? html`<td class="store">${one.store}</td>` : ''}
    </tr>`;
  const heads = [
    words.say('field-time'),
    words.say('books-status'),
    words.say('field-deal'),
    words.say('field-code'),
    words.say('books-amount'),
    words.say('books-who'),
    words.say('books-what-else'),
    ...(several ? [words.say('books-store')] : []),
  ];
  return html`<table class="rows">
    <thead>
      <tr>
        ${heads.map((head) => html`<th scope="col">${head}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(row)}
    </tbody>
  </table>`;
}
