/** Ends a person's ownership of an account, and tells the person and the chats that were unbound with it. */
import type { Disown } from '../../services/lifecycle/end-ownership.ts';
import type { PersonId } from '../message.ts';
import type { NotifyPerson } from '../notify/people.ts';

/** Ends the ownership; false where the person is no owner of the account (any more). */
export type EndOwnership = (accountId: string, person: PersonId) => Promise<boolean>;

export function createEndOwnership({ disown, notifyPerson }: { disown: Disown; notifyPerson: NotifyPerson }): EndOwnership {
  return async (accountId, person) => {
    const disowned = await disown(accountId, person);
    if (!disowned) return false;
    for (const chat of new Set([person, ...disowned.chats]))
      await notifyPerson(chat, (words) => words.say(disowned.chats.includes(chat) ? 'told-unbound' : 'told-disowned'));
    return true;
  };
}
