/** Who administers a group, asked of Telegram; a yes is believed for half a minute. */
import type { ChatId, PersonId } from '../../handlers/message.ts';
import { numberOf } from './reading.ts';

const BELIEVED_MS = 30_000;
const REMEMBERED = 10_000;

/** `status` asks Telegram for a member's status. Errors count as no; a no is asked again at once, since people mend it. */
export function createAdministrators(options: {
  readonly status: (chat: number, person: number) => Promise<string>;
  readonly now: () => number;
}): (chat: ChatId, person: PersonId) => Promise<boolean> {
  const until = new Map<string, number>();
  return async (chat, person) => {
    const [group, user] = [numberOf(chat), numberOf(person)];
    if (group === undefined || user === undefined) return false;
    // Telegram's ids of groups are negative.
    if (group > 0) return true;
    const key = `${group}/${user}`;
    if ((until.get(key) ?? 0) > options.now()) return true;
    try {
      const status = await options.status(group, user);
      if (status !== 'creator' && status !== 'administrator') return false;
    } catch {
      return false;
    }
    if (until.size >= REMEMBERED) until.clear();
    until.set(key, options.now() + BELIEVED_MS);
    return true;
  };
}
