/** Renders what all pages of the books have: the frame, whose books they are, and the ways between them. */
import { html } from 'hono/html';
import type { Shelf } from '../../../handlers/books/reader.ts';
import { words as wordsIn, type Locale, type Words } from '../../../locales/index.ts';
import { markupOf, type Html } from '../markup.ts';
import { READING, type Place } from '../notice-html.ts';
import { frameHtml } from '../page-html.ts';
import pageWords from '../public/words.json' with { type: 'json' };

/** A page of a reader. */
export interface Opened extends Place {
  readonly shelf: Shelf;
  readonly page: 'overview' | 'records';
  /** The same page in the other language. */
  readonly here: string;
}

const LANGUAGES = [
  ['zh-CN', '中文'],
  ['en', 'English'],
] as const satisfies readonly (readonly [Locale, string])[];

/** Whose books are shown, in a few words. */
export const named = ({ chosen }: Shelf, words: Words): string =>
  chosen.length === 1
    ? chosen[0]!.practice
      ? words.say('practice-title', { title: chosen[0]!.name })
      : chosen[0]!.name
    : words.say('books-all-stores');

/** The address of a page for the store that is looked at. */
export const storeAddress = (path: string, store: string | undefined): string =>
  store === undefined ? path : `${path}?store=${encodeURIComponent(store)}`;

/** A page of the books, around its content. */
export function bookHtml(opened: Opened, title: string, content: Html): string {
  const { base, at, locale, shelf, page, here } = opened;
  const words = wordsIn(locale);
  const tab = (name: Opened['page'], address: string, label: string): Html =>
    html`<a href="${storeAddress(address, shelf.store)}" ${name === page ? html`aria-current="page"` : ''}>${label}</a>`;
  const languages = LANGUAGES.map(
    ([one, label]) =>
      html`<a
        href="${here}${here.includes('?') ? '&' : '?'}lang=${one}"
        lang="${one}"
        ${one === locale ? html`aria-current="true"` : ''}
        >${label}</a
      >`,
  );
  const body = html`<header class="top">
      <img class="brand" src="${base}/page/icon.svg" alt="" width="36" height="36" />
      <div class="about">
        <h1>${named(shelf, words)}</h1>
        <p>${words.say('books-title')}</p>
      </div>
      <nav class="languages" aria-label="${pageWords[locale].language}">${languages}</nav>
    </header>
    <div class="bar">
      <nav class="pages" aria-label="${words.say('books-title')}">
        ${tab('overview', at, words.say('books-overview'))} ${tab('records', `${at}/list`, words.say('books-records'))}
      </nav>
      ${shelf.stores.length > 1 ? storeChoice(opened, words) : ''}
      <form class="close" method="post" action="${at}/close"><button class="plain">${words.say('books-close')}</button></form>
    </div>
    <main>${content}</main>`;
  return frameHtml(
    { ...READING, base, at, locale, words: pageWords[locale], title: `${title} · ${words.say('books-title')}` },
    markupOf(body),
  );
}

function storeChoice({ at, shelf, page }: Opened, words: Words): Html {
  const { stores, store, together } = shelf;
  const option = (id: string, label: string, chosen: boolean): Html =>
    html`<option value="${id}" ${chosen ? html`selected` : ''}>${label}</option>`;
  return html`<form class="stores" method="get" action="${page === 'records' ? `${at}/list` : at}">
    <label for="store">${words.say('books-store')}</label>
    <select id="store" name="store">
      ${together ? option('', words.say('books-all-stores'), store === undefined) : ''}
      ${stores.map(({ id, name, practice }) =>
        option(id, practice ? words.say('practice-title', { title: name }) : name, id === store),
      )}
    </select>
    <button>${words.say('books-choose')}</button>
  </form>`;
}
