/** Tells another way of what could not be delivered: owners of a chat's stores by an alert, operators of any other chat. */
import type { Words } from '../../locales/index.ts';
import type { Accounts } from '../../services/accounts/accounts.ts';
import type { Chats } from '../../services/accounts/chats.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { RaiseAlert } from '../../services/alerts/alert.ts';
import type { Collection } from '../../services/collection.ts';
import type { Reports } from '../../services/ledger/reports.ts';
import type { ChatId, Enqueue, Outgoing, PersonId } from '../message.ts';

const DAY_MS = 24 * 3_600_000;
/** Begins the keys of messages that tell of another one: what becomes of them is told nobody. */
export const UNDELIVERED = 'undelivered:';
/** How long the words of a message are kept for the end of quiet hours, ms. */
export const WORDS_MS = 7 * DAY_MS;

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
  raise: RaiseAlert;
  /** Words of messages that came by themselves, by what their alerts call them. */
  undelivered: Collection<string>;
  operators: readonly PersonId[];
  enqueue: Enqueue;
  wordsOf: (chat: ChatId) => Promise<Words>;
  now: () => number;
}): NotifyUndeliverable {
  const { chats, reports, accounts, raise, undelivered, operators, enqueue, wordsOf, now } = parts;

  /**
   * The stores that a chat is about, by their accounts: the one a group is bound to, and those whose summaries it receives. Only
   * where an owner is elsewhere.
   */
  const storesOf = async (chat: ChatId): Promise<ReadonlyMap<string, readonly Store[]>> => {
    const { group, store } = await chats.get(chat);
    const about = [...(group && store ? [store] : []), ...(await reports.storesOf(chat))];
    const told = Map.groupBy(about, ({ accountId }) => accountId);
    for (const accountId of told.keys())
      if ((await accounts.owners(accountId)).every(({ id }) => id === chat)) told.delete(accountId);
    return told;
  };

  const tellOperators = async (chat: ChatId, about: string): Promise<void> => {
    const told: Outgoing[] = [];
    for (const person of operators.filter((id) => id !== chat)) {
      const text = (await wordsOf(person)).say('undelivered-operator', { chat });
      told.push({ key: `${UNDELIVERED}${about}:${person}`, chat: person, reply: { kind: 'say', text } });
    }
    if (told.length > 0) await enqueue(told);
  };

  return async ({ key, chat, reply, answer, gone }) => {
    // Told another way already, or said by a text as well: only the log is left.
    if (key.startsWith(UNDELIVERED) || reply.kind === 'drawing') return;
    const message = answer ? `${chat}:${Math.floor(now() / DAY_MS)}` : key;
    const stores = await storesOf(chat);
    if (stores.size === 0) return gone ? undefined : await tellOperators(chat, message);
    const { title: group } = await chats.get(chat);
    if (!answer && reply.kind === 'say') await undelivered.set(message, reply.text);
    for (const [accountId, own] of stores)
      await raise({
        kind: 'undelivered',
        key: `${message}:${accountId}`,
        accountId,
        storeIds: [...new Set(own.map(({ id }) => id))],
        facts: { chat, group, message },
      });
  };
}
