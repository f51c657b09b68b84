/** Tells one browser from another: a cookie of chance that scripts cannot read and other sites cannot send along. */
import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

const COOKIE = 'hexiao_oauth';
/** Longer than anything lasts that began with it. */
const COOKIE_S = 2 * 60 * 60;
const TOKEN = /^[A-Za-z0-9_-]{22,64}$/;

export interface Browsers {
  /** Gives the browser its cookie, or the same one for longer. */
  admit(c: Context): string;
  /** The browser's name, from which its cookie cannot be told; nothing where it has none. */
  of(c: Context): string | undefined;
}

/** `newToken` gives at least 128 random bits. */
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

/** What a form of ours carries, and nobody else's can: for browsers that send cookies along from other sites. */
export const proofOf = (browser: string, word: string): string => hash(`${browser}/${word}`);

const hash = (text: string): string => createHash('sha256').update(text).digest('base64url');
