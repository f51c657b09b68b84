/** Renders the page of one verification. */
import { html } from 'hono/html';
import type { Story } from '../../../handlers/books/story.ts';
import { words as wordsIn } from '../../../locales/index.ts';
import { bookHtml, storeAddress, type Opened } from './layout.ts';

export function storyHtml(opened: Opened, { card, lines }: Story): string {
  const { at, locale, shelf } = opened;
  const words = wordsIn(locale);
  const { title, fields, note, tone = 'open' } = card;
  const content = html`<article class="card ${tone}">
      <header>
        <span class="tone" aria-hidden="true"></span>
        <h2>${title}</h2>
      </header>
      <dl>
        ${fields.map(
          ({ label, value }) =>
            html`<div>
              <dt>${label}</dt>
              <dd>${value}</dd>
            </div>`,
        )}
      </dl>
      ${note === undefined ? '' : html`<p class="note">${note}</p>`}
    </article>
    <section class="panel" aria-labelledby="story">
      <h2 id="story">${words.say('books-story')}</h2>
      <ol class="story">
        ${lines.map((line) => html`<li><time>${line.at ?? ''}</time><span>${line.text}</span></li>`)}
      </ol>
    </section>
    <p class="wide"><a href="${storeAddress(`${at}/list`, shelf.store)}">${words.say('books-back')}</a></p>`;
  return bookHtml(opened, title, content);
}
