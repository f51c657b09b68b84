/** Lets an owner's browser into the books: by a link that opens once, and then by a session. Neither token is kept in clear. */
import type { Collection, Collections } from '../collection.ts';

/** How long a link may be opened, ms. */
export const LINK_MS = 10 * 60_000;
/** How long the books stay open in a browser, ms. */
export const SESSION_MS = 12 * 3_600_000;
/** Bytes of a token: 192 bits are not guessed. */
const BYTES = 24;
/** What `base64url` makes of them. Anything else is looked up nowhere. */
const TOKEN = /^[\w-]{32}$/;

/** Whose books are read. Rights are looked up at each request. */
export interface Reader {
  readonly person: string;
}

/** A link or a session, as it is kept. */
interface Kept extends Reader {
  /** The person's `round` when the link was made: closing all begins another one. */
  readonly round: string;
}

export interface BookSessions {
  /** Makes the token of a link for this person. */
  invite(person: string): Promise<string>;
  /** What a link would do now; undefined for one that is unknown or too old. Changes nothing. */
  look(token: string): Promise<'closed' | 'opened' | undefined>;
  /** Opens a link, once: the secret of a session. As `look` where there is none. */
  open(token: string): Promise<{ readonly secret: string } | 'opened' | undefined>;
  /** Whose session this is; undefined once it is over. */
  of(secret: string): Promise<Reader | undefined>;
  close(secret: string): Promise<void>;
  /** Closes all sessions of a person, and their links. */
  closeAll(person: string): Promise<void>;
}

export interface BookSessionsParts {
  readonly collections: Collections;
  /** So many random bytes. */
  readonly random: (bytes: number) => Buffer;
}

export function createBookSessions({ collections, random }: BookSessionsParts): BookSessions {
  const secretKeys = { secretKeys: true };
  const links: Collection<Kept> = collections('books-link', LINK_MS, secretKeys);
  const opened: Collection<true> = collections('books-opened', SESSION_MS, secretKeys);
  const sessions: Collection<Kept> = collections('books-session', SESSION_MS, secretKeys);
  const rounds: Collection<string> = collections('books-round', LINK_MS + SESSION_MS);
  const newToken = (): string => random(BYTES).toString('base64url');

  const holds = async (kept: Kept | undefined): Promise<Kept | undefined> =>
    kept?.round === (kept && ((await rounds.get(kept.person)) ?? '')) ? kept : undefined;

  const look: BookSessions['look'] = async (token) => {
    if (!TOKEN.test(token)) return undefined;
    if (await holds(await links.get(token))) return 'closed';
    return (await opened.get(token)) ? 'opened' : undefined;
  };

  return {
    async invite(person) {
      const token = newToken();
      const round = await rounds.get(person);
      // It lasts as long as what was begun in it.
      if (round !== undefined) await rounds.set(person, round);
      await links.set(token, { person, round: round ?? '' });
      return token;
    },
    look,
    async open(token) {
      const is = await look(token);
      if (is !== 'closed') return is;
      // Before it is taken: whoever comes second is told so.
      await opened.set(token, true);
      const reader = await links.take(token);
      if (!reader) return 'opened';
      const secret = newToken();
      await sessions.set(secret, reader);
      return { secret };
    },
    of: async (secret) => (TOKEN.test(secret) ? await holds(await sessions.get(secret)) : undefined),
    async close(secret) {
      if (TOKEN.test(secret)) await sessions.delete(secret);
    },
    closeAll: (person) => rounds.set(person, newToken()),
  };
}
