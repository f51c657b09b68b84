/** Renders the pages of an authorisation in the browser's language: no scripts, one style sheet, touch-sized buttons. */
import { readFileSync } from 'node:fs';
import type { Context } from 'hono';
import { html } from 'hono/html';
import type { Applicant } from '../../../handlers/bind/grants.ts';
import { words as wordsIn, type Words } from '../../../locales/index.ts';
import type { PlatformName } from '../../../services/platforms/platform.ts';
import { localeOf } from '../../web/visitor.ts';

/** The style sheet of the pages. */
export const STYLE = readFileSync(new URL('./style.css', import.meta.url), 'utf8');

/** One page. Every line is a paragraph; text is escaped. */
export interface Page {
  readonly title: string;
  readonly lines: readonly string[];
  /** A form with one button; it posts to the page's own address. */
  readonly form?: {
    readonly label: string;
    readonly proof: string;
    readonly danger?: true;
    /** Its POST redirects to the platform's page, and from there to whatever page the platform signs people in at. */
    readonly onwards?: true;
  };
  /** Small print below the button. */
  readonly after?: readonly string[];
  /** Reloads every two seconds. */
  readonly again?: true;
}

/** The texts in the browser's language. */
export const wordsOf = (c: Context): Words => wordsIn(localeOf(c));

/** Renders a page. `base` is the path prefix of our public address. */
export function show(
  c: Context,
  status: 200 | 400 | 403 | 503,
  { title, lines, form, after = [], again }: Page,
  base: string,
): Response | Promise<Response> {
  // Browsers hold redirects against it, too, and nobody knows all hosts that a platform sends people over.
  const formAction = form?.onwards ? '' : " form-action 'self';";
  c.header('cache-control', 'no-store');
  c.header('referrer-policy', 'no-referrer');
  c.header(
    'content-security-policy',
    `default-src 'none'; style-src 'self';${formAction} base-uri 'none'; frame-ancestors 'none'`,
  );
  const { locale } = wordsOf(c);
  return c.html(
    html`<!doctype html>
      <html lang="${locale}">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          ${again ? html`<meta http-equiv="refresh" content="2" />` : ''}
          <title>${title}</title>
          <link rel="stylesheet" href="${base}/oauth/style.css" />
        </head>
        <body>
          <main>
            <h1>${title}</h1>
            ${lines.map((line) => html`<p>${line}</p> `)}
            ${
              form
                ? html`<form method="post">
                    <input type="hidden" name="proof" value="${form.proof}" />
                    <button class="${form.danger ? 'danger' : 'go'}">${form.label}</button>
                  </form>`
                : ''
            }
            ${after.map((line) => html`<p class="soft">${line}</p> `)}
          </main>
        </body>
      </html>`,
    status,
  );
}

/** Names of person, chat and platform for the sentences. The person's name is self-chosen; the id is not. */
export function namesOf({ person, chat, platform }: Applicant, words: Words) {
  return {
    person: person.name || words.say('nameless'),
    id: person.id,
    chat: chat.group ? words.say('chat-group', { title: chat.title }) : words.say('chat-private'),
    platform: platformName(platform, words),
  };
}

/** The platform's name in the browser's language. */
export const platformName = (platform: PlatformName, words: Words): string => words.say(`platform-${platform}`);
