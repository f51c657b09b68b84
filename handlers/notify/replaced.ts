/** Tells owners and operators by other channels that another program has taken a channel's connection. */
import type { Words } from '../../locales/index.ts';
import type { Accounts } from '../../services/accounts/accounts.ts';
import type { ChatId, Enqueue, Outgoing, PersonId } from '../message.ts';

const DAY_MS = 24 * 3_600_000;

/** `channel` is the part of ids before the colon. Each person is told once a day, however often it happens. */
export type NotifyReplaced = (channel: string) => Promise<void>;

export function createNotifyReplaced(parts: {
  /** The accounts whose stores are bound in chats of the channel. */
  accountsOn: (channel: string) => Promise<readonly string[]>;
  accounts: Pick<Accounts, 'owners'>;
  operators: readonly PersonId[];
  enqueue: Enqueue;
  wordsOf: (chat: ChatId) => Promise<Words>;
  now: () => number;
}): NotifyReplaced {
  const { accountsOn, accounts, operators, enqueue, wordsOf, now } = parts;
  return async (channel) => {
    const owners = await Promise.all((await accountsOn(channel)).map((id) => accounts.owners(id)));
    const people = new Set([...operators, ...owners.flat().map(({ id }) => id)]);
    const day = Math.floor(now() / DAY_MS);
    // Whoever is reached by that channel alone would be told when it is over.
    const others = [...people].filter((id) => !id.startsWith(`${channel}:`));
    const told = await Promise.all(
      others.map(async (person): Promise<Outgoing> => {
        const text = (await wordsOf(person)).say('robot-replaced');
        return { key: `replaced:${channel}:${day}:${person}`, chat: person, reply: { kind: 'say', text } };
      }),
    );
    if (told.length > 0) await enqueue(told);
  };
}
