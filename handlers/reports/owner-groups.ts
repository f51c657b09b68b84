/** Connects, lists and removes owner groups besides this chat, and reports lost ones. */
import type { Chats } from '../../services/accounts/chats.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { Alert } from '../../services/alerts/alert.ts';
import type { Reports } from '../../services/ledger/reports.ts';
import type { Collection } from '../../services/collection.ts';
import type { Button, ChatId, Reply } from '../message.ts';
import type { Rights } from '../rights.ts';
import { byPerson, say, whisper, type Asker, type Handler, type Presses } from '../handler.ts';
import type { OwnerGroupVerb } from '../verb.ts';

/** Groups that are reached by a secret webhook address. The address is stored by the channel alone. */
export interface GroupWebhook {
  /** Posts `hello` to the group and stores the address; `tail` identifies the address without revealing it. */
  connect(
    address: string,
    hello: string,
  ): Promise<{ readonly chat: ChatId; readonly tail: string } | { readonly problem: Problem }>;
  /** Forgets a group's address; does nothing for other chats. */
  disconnect(chat: ChatId): Promise<void>;
}
type Problem = 'not-one' | 'wrong-key' | 'busy' | 'unreachable' | 'refused';

/** A store and a chat for its summaries, behind a button. */
export interface Pairing {
  readonly storeId: string;
  readonly chat: ChatId;
}

export interface ReportGroups {
  /** Connects the group behind a webhook address; `mine` are the stores it may be for. */
  connect(address: string, mine: readonly Store[], asker: Asker): AsyncIterable<Reply>;
  /** Lists the other chats that receive these stores' summaries, each with a button to remove it; undefined where there are none. */
  others(mine: readonly Store[], asker: Asker): Promise<Reply | undefined>;
  readonly presses: Presses<OwnerGroupVerb>;
}

export function createReportGroups(parts: {
  reports: Reports;
  chats: Chats;
  rights: Rights;
  webhook: GroupWebhook;
  pairings: Collection<Pairing>;
  newId: () => string;
}): ReportGroups {
  const { reports, chats, rights, webhook, pairings, newId } = parts;

  const button = async (verb: OwnerGroupVerb, pairing: Pairing, label: string): Promise<Button> => {
    const id = newId();
    await pairings.set(id, pairing);
    return { verb, id, label };
  };

  async function* subscribe(store: Store, chat: ChatId, { words, person }: Asker): AsyncIterable<Reply> {
    await reports.subscribe(store, chat, byPerson(person));
    yield say(words.say('report-group-on', { store: store.name, group: (await chats.get(chat)).title, time: store.dayEnd }));
  }

  /** Runs a press of the store's owner. */
  const pressed = (run: (store: Store, chat: ChatId, asker: Asker) => AsyncIterable<Reply>): Handler =>
    async function* owned(_, asker, id) {
      const pairing = await pairings.get(id);
      const at = pairing && (await rights.at(pairing.storeId, asker));
      if (!pairing || !at) return yield whisper(asker.words.say('card-gone'));
      if (at.role !== 'owner') return yield whisper(asker.words.say('owner-only'));
      yield* run(at.store, pairing.chat, asker);
    };

  return {
    async *connect(address, mine, asker) {
      const { words } = asker;
      yield { kind: 'forget', sorry: words.say('webhook-delete-yourself') };
      const connected = await webhook.connect(address, words.say('webhook-hello'));
      if ('problem' in connected) return yield say(words.say(`webhook-${connected.problem}`));
      const { chat, tail } = connected;
      // From here on it is a chat like any other, with a title and the connecting chat's language.
      await chats.setLocale(
        { id: chat, title: words.say('webhook-title', { tail }), group: true },
        words.locale,
        byPerson(asker.person),
      );
      const [store, ...others] = mine;
      if (store && others.length === 0) return yield* subscribe(store, chat, asker);
      const buttons = await Promise.all(
        mine.slice(0, 20).map((one) => button('report-group', { storeId: one.id, chat }, one.name)),
      );
      yield { kind: 'say', text: words.say('report-choose'), buttons: buttons.map((one) => [one]) };
    },

    async others(mine, asker) {
      const { words } = asker;
      const lines: string[] = [];
      const buttons: Button[][] = [];
      for (const store of mine)
        for (const { chat } of await reports.groupsOf(store.id)) {
          if (chat === asker.chat.id || buttons.length >= 20) continue;
          const group = (await chats.get(chat)).title || words.say('nameless');
          lines.push(words.say('report-other', { store: store.name, group }));
          buttons.push([await button('report-remove', { storeId: store.id, chat }, words.say('button-remove', { name: group }))]);
        }
      if (buttons.length === 0) return undefined;
      return { kind: 'say', text: [words.say('report-others'), ...lines].join('\n'), buttons };
    },

    presses: {
      /** The store for the group was chosen. */
      'report-group': pressed(subscribe),
      'report-remove': pressed(async function* removed(store, chat, { words, person }) {
        const group = (await chats.get(chat)).title || words.say('nameless');
        await reports.unsubscribe(store.id, chat, byPerson(person));
        if ((await reports.storesOf(chat)).length === 0) await webhook.disconnect(chat);
        yield say(words.say('report-removed', { store: store.name, group }));
      }),
    },
  };
}

/** Ends the subscription of a group that cannot be reached any more, and raises an alert for the owners of each store. */
export function createLoseGroup(parts: {
  reports: Pick<Reports, 'storesOf'>;
  /** Ends one subscription and raises the alert in one transaction; writes nothing where there was none any more. */
  drop: (storeId: string, chat: ChatId, alert: Alert) => Promise<void>;
  chats: Pick<Chats, 'get'>;
}): (chat: ChatId) => Promise<void> {
  const { reports, drop, chats } = parts;
  return async (chat) => {
    const { title } = await chats.get(chat);
    for (const { id, accountId, name } of await reports.storesOf(chat)) {
      const facts = { store: name, group: title };
      await drop(id, chat, { kind: 'summary', key: `${id}:${chat}`, accountId, storeIds: [id], facts });
    }
  };
}
