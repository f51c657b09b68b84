/** Reads a request of a page: session cookie, language, and the check that it comes from our own page (CSRF). */
import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { CookieOptions } from 'hono/utils/cookie';
import { isLocale, type Locale } from '../../locales/index.ts';
import words from './public/words.json' with { type: 'json' };

export type Words = (typeof words)[Locale];

const LOCALE_COOKIE = 'hexiao_locale';
const LOCALE_COOKIE_S = 365 * 24 * 60 * 60;
const SECRET = /^[A-Za-z0-9_-]{16,64}$/;

export interface Session {
  /**
   * The visitor's id (128 bits) of a request, or nothing. It is a hash of the cookie, so that logs and lists that show the id
   * do not reveal the session.
   */
  of(c: Context): string | undefined;
  /** Sets the cookie, or prolongs it: HttpOnly, so that scripts cannot read it, and SameSite, so that other sites cannot send it. */
  admit(c: Context): void;
}

/** A session by a cookie of this name. `newId` gives at least 128 random bits as 16 to 64 characters of `[A-Za-z0-9_-]`. */
export function createSession(name: string, newId: () => string, optionsOf: (c: Context) => CookieOptions): Session {
  const secretOf = (c: Context): string | undefined => {
    const secret = getCookie(c, name);
    return secret !== undefined && SECRET.test(secret) ? secret : undefined;
  };
  return {
    of(c) {
      const secret = secretOf(c);
      return secret && createHash('sha256').update(secret).digest('base64url').slice(0, 22);
    },
    admit: (c) => setCookie(c, name, secretOf(c) ?? newId(), { ...optionsOf(c), httpOnly: true, sameSite: 'Lax' }),
  };
}

/** Stores the language chosen on the page in a cookie. */
export function choose(c: Context, locale: Locale, secure: boolean): void {
  setCookie(c, LOCALE_COOKIE, locale, { httpOnly: true, sameSite: 'Lax', path: '/', maxAge: LOCALE_COOKIE_S, secure });
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
export function fromOurPage(c: Context, origin?: string): boolean {
  if (!/^(?:application\/(?:json|octet-stream)|image\/[\w.+-]+)\s*(?:;|$)/i.test(c.req.header('content-type') ?? ''))
    return false;
  return sameOrigin(c, origin) ?? true;
}

/** CSRF check of a form, which any site may send: the browser itself has to say that it comes from our page. */
export function fromOurForm(c: Context, origin?: string): boolean {
  const form = /^(?:application\/x-www-form-urlencoded|multipart\/form-data)\s*(?:;|$)/i;
  return form.test(c.req.header('content-type') ?? '') && sameOrigin(c, origin) === true;
}

/** Whether a request comes from our own origin; undefined where the client does not say. A proxy may hide which host was asked. */
function sameOrigin(c: Context, ours: string | undefined): boolean | undefined {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  const origin = c.req.header('origin');
  if (origin === undefined) return undefined;
  return origin === ours || (URL.canParse(origin) && new URL(origin).host === c.req.header('host'));
}

/** A refusal with its sentence in the visitor's language. */
export const refuse = (c: Context, status: 400 | 401 | 403 | 411 | 413 | 429 | 503, word: keyof Words['refusals']): Response =>
  c.json({ error: wordsOf(c).refusals[word] }, status);
