/**
 * Keeps files that a chat does not carry for a day, behind a link: sealed, and bounded for each chat and for all together. The
 * token of a link is kept nowhere in clear.
 */
import { createHash } from 'node:crypto';
import { createChunks, rowsOf } from '../database/chunks.ts';
import { countValues, removeValues, type Collection, type Collections } from '../database/collections.ts';
import type { Db } from '../database/database.ts';

/** How long a file is kept, ms. */
export const FILE_MS = 24 * 3_600_000;
/**
 * Rows of 128 KiB that the files of a chat take at most, 32 MiB: the older ones make room. And those of all files, 128 MiB:
 * beyond that no more are kept.
 */
const MOST = { ofChat: 256, ofAll: 1024 } as const;
/** Bytes of a token: 192 bits are not guessed. */
const TOKEN_BYTES = 24;
/** Letters and digits alone: the signs of base64url are markup in some chats. Anything else is looked up nowhere. */
const TOKEN = /^[0-9a-f]{48}$/;
const PIECES = 'file-piece';

/** Of which store a file tells, and who may have it: the store's owners, or whoever may read its records. */
export interface About {
  readonly storeId: string;
  readonly for: 'owners' | 'readers';
}

/** For whom a file was made. Rights are looked up each time that it is opened. */
export interface Holder {
  readonly chat: string;
  /** Whom it answered; a summary answers nobody. */
  readonly person?: string;
  readonly about: About;
}

interface Kept extends Holder {
  readonly name: string;
  /** The media type. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
}

export interface KeptFile extends Kept {
  /** The bytes in order; each asks the database. Throws where they are not kept any more. */
  readonly pieces: () => AsyncIterable<Uint8Array<ArrayBuffer>>;
}

export interface KeptFiles {
  /** Keeps a file and gives the token of its link; undefined where there is no room for it. */
  keep(file: Pick<Kept, 'name' | 'type'> & { readonly bytes: Uint8Array }, holder: Holder): Promise<string | undefined>;
  /** The file of a link, however often it is opened; undefined once it is over. */
  find(token: string): Promise<KeptFile | undefined>;
  remove(token: string): Promise<void>;
}

export interface KeptFilesParts {
  readonly db: Db;
  readonly collections: Collections;
  /** So many random bytes. */
  readonly random: (bytes: number) => Buffer;
  readonly now: () => number;
  /** Left out: as above. */
  readonly most?: { readonly ofChat: number; readonly ofAll: number };
}

export function createKeptFiles({ db, collections, random, now, most = MOST }: KeptFilesParts): KeptFiles {
  const links: Collection<Kept & { readonly id: string }> = collections('file-link', FILE_MS, { secretKeys: true });
  const bytesOf = createChunks(collections<string>(PIECES, FILE_MS));
  const linked = async (token: string) => (TOKEN.test(token) ? await links.get(token) : undefined);

  return {
    async keep({ name, type, bytes }, { chat, person, about }) {
      const rows = rowsOf(bytes.length);
      if (rows > most.ofChat) return undefined;
      const own = { ns: PIECES, prefix: prefixOf(chat) };
      if ((await countValues(db, own, now())) + rows > most.ofChat) await removeValues(db, own);
      if ((await countValues(db, { ns: PIECES }, now())) + rows > most.ofAll) return undefined;
      const id = own.prefix + random(16).toString('hex');
      await bytesOf.set(id, bytes);
      const token = random(TOKEN_BYTES).toString('hex');
      // The link comes last: behind one there is a whole file.
      await links.set(token, { id, name, type, size: bytes.length, chat, about, ...(person !== undefined && { person }) });
      return token;
    },
    async find(token) {
      const found = await linked(token);
      // Where newer files of the chat have taken the room the link leads nowhere.
      if (!found || !(await bytesOf.has(found.id))) return undefined;
      const { id, ...kept } = found;
      return { ...kept, pieces: () => bytesOf.pieces(id) };
    },
    async remove(token) {
      const found = await linked(token);
      if (!found) return;
      await links.delete(token);
      await removeValues(db, { ns: PIECES, prefix: found.id });
    },
  };
}

/** Begins the keys of a chat's files: letters and digits, whatever the chat's id has in it. */
const prefixOf = (chat: string): string => `${createHash('sha256').update(chat).digest('hex').slice(0, 24)}.`;
