/** Tells another way of what could not be delivered: owners of a group's store in private, operators of any other chat. */
import type { Words } from '../../locales/index.ts';
import type { Accounts } from '../../services/accounts/accounts.ts';
import type { Chats } from '../../services/accounts/chats.ts';
import type { Reports } from '../../services/ledger/reports.ts';
import type { ChatId, Enqueue, Outgoing, PersonId } from '../message.ts';

const DAY_MS = 24 * 3_600_000;
const PREFIX = 'undelivered:';

/** What was not delivered, and how it stands with its chat. */
export interface Undelivered extends Outgoing {
  /** Somebody asked for it and sees that nothing came. Its owners are told once a day, and not what it said. */
  readonly answer: boolean;
  /** The chat cannot be reached any more. Operators are not told: people leave and block as they like. */
  readonly gone?: true;
}

export type NotifyUndeliverable = (message: Undelivered) => Promise<void>;

export function createNotifyUndeliverable(parts: {
  chats: Pick<Chats, 'get'>;
  reports: Pick<Reports, 'storesOf'>;
  accounts: Pick<Accounts, 'owners'>;
  operators: readonly PersonId[];
  enqueue: Enqueue;
  wordsOf: (chat: ChatId) => Promise<Words>;
  now: () => number;
}): NotifyUndeliverable {
  const { chats, reports, accounts, operators, enqueue, wordsOf, now } = parts;

  /** The owners of the stores that a chat is about: the one a group is bound to, and those whose summaries it receives. */
  const ownersOf = async (chat: ChatId): Promise<readonly PersonId[]> => {
    const { group, store } = await chats.get(chat);
    const about = [...(group && store ? [store] : []), ...(await reports.storesOf(chat))];
    const owners = await Promise.all([...new Set(about.map(({ accountId }) => accountId))].map((id) => accounts.owners(id)));
    return [...new Set(owners.flat().map(({ id }) => id))].filter((id) => id !== chat);
  };

  return async ({ key, chat, reply, answer, gone }) => {
    // Told another way already, or said by a text as well: only the log is left.
    if (key.startsWith(PREFIX) || reply.kind === 'drawing') return;
    const { title } = await chats.get(chat);
    const owners = await ownersOf(chat);
    const about = answer ? `${chat}:${Math.floor(now() / DAY_MS)}` : key;
    const told = await Promise.all(
      (owners.length > 0 || gone ? owners : operators.filter((id) => id !== chat)).map(async (person): Promise<Outgoing> => {
        const words = await wordsOf(person);
        const shown = title || words.say('nameless');
        const text =
          owners.length === 0
            ? words.say('undelivered-operator', { chat })
            : !answer && reply.kind === 'say'
              ? `${words.say('undelivered-group-said', { group: shown })}\n\n${reply.text}`
              : words.say('undelivered-group', { group: shown });
        return { key: `${PREFIX}${about}:${person}`, chat: person, reply: { kind: 'say', text } };
      }),
    );
    if (told.length > 0) await enqueue(told);
  };
}
