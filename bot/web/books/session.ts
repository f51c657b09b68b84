/** The session of the books in a browser: a cookie that holds its secret, for these pages alone. */
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { SESSION_MS } from '../../../services/books/sessions.ts';

const COOKIE = 'hexiao_books';

export interface SessionCookie {
  secretOf(c: Context): string | undefined;
  set(c: Context, secret: string): void;
  clear(c: Context): void;
}

/** `path` is where the books are. Lax: a link in a chat leads to them, a form on another site does not. */
export function createSessionCookie(path: string, secure: boolean): SessionCookie {
  const options = { path, secure, httpOnly: true, sameSite: 'Lax' } as const;
  return {
    secretOf: (c) => getCookie(c, COOKIE),
    set: (c, secret) => setCookie(c, COOKIE, secret, { ...options, maxAge: SESSION_MS / 1000 }),
    clear: (c) => void deleteCookie(c, COOKIE, options),
  };
}
