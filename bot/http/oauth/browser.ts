/** Identifies a browser by a random cookie, HttpOnly and SameSite: the session of an authorisation. */
import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

const COOKIE = 'hexiao_oauth';
/** Lifetime of the cookie, s; longer than an authorisation and its page can last. */
const COOKIE_S = 2 * 60 * 60;
const TOKEN = /^[A-Za-z0-9_-]{22,64}$/;

export interface Browsers {
  /** Sets the cookie, or prolongs it, and gives the browser's id. */
  admit(c: Context): string;
  /** The browser's id, a hash of its cookie; undefined without a cookie. */
  of(c: Context): string | undefined;
}

/** Creates the sessions under `publicUrl`. `newToken` gives at least 128 random bits. */
export function createBrowsers({ publicUrl, newToken }: { publicUrl: string; newToken: () => string }): Browsers {
  const { protocol, pathname } = new URL(publicUrl);
  const attributes = {
    httpOnly: true,
    sameSite: 'Lax',
    secure: protocol === 'https:',
    path: `${pathname.replace(/\/$/, '')}/oauth`,
    maxAge: COOKIE_S,
  } as const;
  const kept = (c: Context): string | undefined => {
    const token = getCookie(c, COOKIE);
    return token !== undefined && TOKEN.test(token) ? token : undefined;
  };
  return {
    admit(c) {
      const token = kept(c) ?? newToken();
      setCookie(c, COOKIE, token, attributes);
      return hash(token);
    },
    of(c) {
      const token = kept(c);
      return token && hash(token);
    },
  };
}

/** The CSRF token of a form: for browsers that send cookies with requests from other sites. */
export const proofOf = (browser: string, word: string): string => hash(`${browser}/${word}`);

const hash = (text: string): string => createHash('sha256').update(text).digest('base64url');
