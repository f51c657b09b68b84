/** Identifies a visitor: session cookie, language, and the check that a request comes from our own page (CSRF). */
import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { ChatId, Person } from '../../handlers/message.ts';
import { isLocale, type Locale } from '../../locales/index.ts';
import type { Side } from './visitor-page.ts';
import words from './public/words.json' with { type: 'json' };

export type Words = (typeof words)[Locale];

const COOKIE = 'hexiao_visitor';
const LOCALE_COOKIE = 'hexiao_locale';
const COOKIE_S = 30 * 24 * 60 * 60;
const LOCALE_COOKIE_S = 365 * 24 * 60 * 60;
const SECRET = /^[A-Za-z0-9_-]{16,64}$/;
const CHAT = /^web:([A-Za-z0-9_-]{16,64})(\/owners)?$/;

function secretOf(c: Context): string | undefined {
  const secret = getCookie(c, COOKIE);
  return secret !== undefined && SECRET.test(secret) ? secret : undefined;
}

/**
 * The visitor's id (128 bits) of a request, or nothing. It is a hash of the cookie, so that logs and lists that show the id
 * do not reveal the session.
 */
export function visitorOf(c: Context): string | undefined {
  const secret = secretOf(c);
  return secret && createHash('sha256').update(secret).digest('base64url').slice(0, 22);
}

/**
 * Sets the session cookie, or prolongs it: HttpOnly, so that scripts cannot read it, and SameSite, so that other sites cannot
 * send it.
 */
export function admit(c: Context, newId: () => string, secure: boolean): void {
  setCookie(c, COOKIE, secretOf(c) ?? newId(), { httpOnly: true, sameSite: 'Lax', secure, path: '/', maxAge: COOKIE_S });
}

/** Stores the language chosen on the page in a cookie. */
export function choose(c: Context, locale: Locale, secure: boolean): void {
  setCookie(c, LOCALE_COOKIE, locale, { httpOnly: true, sameSite: 'Lax', secure, path: '/', maxAge: LOCALE_COOKIE_S });
}

/** The language chosen on the page, else the first supported one of the browser, else Chinese. */
export function localeOf(c: Context): Locale {
  const chosen = getCookie(c, LOCALE_COOKIE);
  if (isLocale(chosen)) return chosen;
  const first = /\b(?:zh|en)\b/i.exec(c.req.header('accept-language') ?? '');
  return first?.[0].toLowerCase() === 'en' ? 'en' : 'zh-CN';
}

export function wordsOf(c: Context): Words {
  return words[localeOf(c)];
}

/**
 * CSRF check of a POST: a content type that other sites cannot send without a preflight (JSON or a picture), and the same
 * origin by the browser's own headers. Clients other than browsers send neither header; they carry nobody else's cookie.
 */
export function fromOurPage(c: Context): boolean {
  if (!/^(?:application\/(?:json|octet-stream)|image\/[\w.+-]+)\s*(?:;|$)/i.test(c.req.header('content-type') ?? ''))
    return false;
  return sameOrigin(c) ?? true;
}

/** CSRF check of a form, which any site may send: the browser itself has to say that it comes from our page. */
export function fromOurForm(c: Context): boolean {
  return /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(c.req.header('content-type') ?? '') && sameOrigin(c) === true;
}

/** Whether a request comes from our own origin; undefined where the client does not say. */
function sameOrigin(c: Context): boolean | undefined {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  const origin = c.req.header('origin');
  return origin === undefined ? undefined : URL.canParse(origin) && new URL(origin).host === c.req.header('host');
}

export function chatOf(visitor: string, side: Side): ChatId {
  return side === 'store' ? `web:${visitor}` : `web:${visitor}/owners`;
}

/** The visitor as a person. All visitors have the same name. */
export function personOf(visitor: string, locale: Locale): Person {
  return { id: `web:${visitor}`, name: words[locale].visitor };
}

/** The visitor and side of a chat; undefined for chats of other channels. */
export function whose(chat: ChatId): { readonly visitor: string; readonly side: Side } | undefined {
  const match = CHAT.exec(chat);
  return match ? { visitor: match[1]!, side: match[2] ? 'owners' : 'store' } : undefined;
}

/** A refusal with its sentence in the visitor's language. */
export const refuse = (c: Context, status: 400 | 401 | 403 | 411 | 413 | 429 | 503, word: keyof Words['refusals']): Response =>
  c.json({ error: wordsOf(c).refusals[word] }, status);
