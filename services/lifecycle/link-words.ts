/** One-time words by which somebody shows that an identity of another channel is his: twelve digits, for ten minutes, kept as an HMAC. */
import type { Collections } from '../collection.ts';

/** How long a word may be sent, ms. */
export const LINK_MS = 10 * 60_000;
const DIGITS = 12;

/** Who asked for a word. */
export interface Linking {
  /** The identity by which he asked; its private chat has its id. */
  readonly identity: string;
  readonly name: string;
}

export interface LinkWords {
  make(by: Linking): Promise<string>;
  /** Who asked for this word, while it is good. */
  look(word: string): Promise<Linking | undefined>;
  /** Uses it up: one of several takers gets it. */
  take(word: string): Promise<Linking | undefined>;
}

export function createLinkWords({
  collections,
  random,
}: {
  collections: Collections;
  /** So many random bytes. */
  random: (bytes: number) => Buffer;
}): LinkWords {
  const words = collections<Linking>('link-word', LINK_MS, { secretKeys: true });
  return {
    async make(by) {
      const word = (random(6).readUIntBE(0, 6) % 10 ** DIGITS).toString().padStart(DIGITS, '0');
      await words.set(word, by);
      return word;
    },
    look: (word) => words.get(word),
    take: (word) => words.take(word),
  };
}
