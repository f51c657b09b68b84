/** Looks up group administrators at Telegram, each time anew: whoever was demoted a moment ago binds nothing. */
import type { ChatId, PersonId } from '../../handlers/message.ts';
import { numberOf } from './reading.ts';

/** `status` asks Telegram for a member's status. An error counts as no. */
export function createAdministrators({
  status,
}: {
  readonly status: (chat: number, person: number) => Promise<string>;
}): (chat: ChatId, person: PersonId) => Promise<boolean> {
  return async (chat, person) => {
    const [group, user] = [numberOf(chat), numberOf(person)];
    if (group === undefined || user === undefined) return false;
    // Telegram's group ids are negative: this is a private chat.
    if (group > 0) return true;
    try {
      return ['creator', 'administrator'].includes(await status(group, user));
    } catch {
      return false;
    }
  };
}
