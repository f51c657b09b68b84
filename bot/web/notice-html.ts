/** Renders a page that says one thing: why there is nothing to see, or what a press will do. */
import { html } from 'hono/html';
import type { Locale } from '../../locales/index.ts';
import { markupOf } from './markup.ts';
import { frameHtml } from './page-html.ts';
import pageWords from './public/words.json' with { type: 'json' };

/** Where a page is, and for whom. */
export interface Place {
  /** Begins the addresses of all pages of this program. */
  readonly base: string;
  /** Begins the addresses of this kind of page. */
  readonly at: string;
  readonly locale: Locale;
}

/** The frame of pages that are only read. */
export const READING = { page: 'books/books', side: 'store', scriptless: true } as const;

/** A page that says one thing. `button`: what can be done about it, by a form that posts to the same address. */
export function noticeHtml(
  { base, at, locale, open }: Place & { /** Sends the form by itself where there are scripts. */ readonly open?: true },
  { title, says, button }: { readonly title: string; readonly says: string; readonly button?: string },
): string {
  const body = html`<main class="notice">
    <h1>${title}</h1>
    <p>${says}</p>
    ${button === undefined ? '' : html`<form method="post" id="open"><button class="primary">${button}</button></form>`}
    ${open ? html`<script type="module" src="${base}/page/books/open.js"></script>` : ''}
  </main>`;
  return frameHtml({ ...READING, base, at, locale, words: pageWords[locale], title }, markupOf(body));
}
