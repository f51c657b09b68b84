/** Looks up group administrators at Telegram, with a positive cache of 30 seconds. */
import { LRUCache } from 'lru-cache';
import type { ChatId, PersonId } from '../../handlers/message.ts';
import { numberOf } from './reading.ts';

/** Lifetime of a cached yes, ms. */
const CACHED_MS = 30_000;
/** Cached pairs of group and person. */
const CACHED = 10_000;

/** `status` asks Telegram for a member's status. An error counts as no; a no is not cached, since people correct it at once. */
export function createAdministrators(options: {
  readonly status: (chat: number, person: number) => Promise<string>;
  readonly now: () => number;
}): (chat: ChatId, person: PersonId) => Promise<boolean> {
  const until = new LRUCache<string, number>({ max: CACHED });
  return async (chat, person) => {
    const [group, user] = [numberOf(chat), numberOf(person)];
    if (group === undefined || user === undefined) return false;
    // Telegram's group ids are negative: this is a private chat.
    if (group > 0) return true;
    const key = `${group}/${user}`;
    if ((until.get(key) ?? 0) > options.now()) return true;
    try {
      const status = await options.status(group, user);
      if (status !== 'creator' && status !== 'administrator') return false;
    } catch {
      return false;
    }
    until.set(key, options.now() + CACHED_MS);
    return true;
  };
}
