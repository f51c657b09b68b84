/** Binds a chat to a store and unbinds it; in a group, sets who may verify. */
import type { Chats } from '../../services/accounts/chats.ts';
import type { Stores } from '../../services/accounts/stores.ts';
import type { Reports } from '../../services/ledger/reports.ts';
import type { PlatformStore } from '../../services/platforms/platform.ts';
import { whoMayButtons } from './choices.ts';
import { asksFirst } from '../keep.ts';
import type { Incoming, Reply } from '../message.ts';
import type { NotifyOwners } from '../notify/people.ts';
import type { Connected } from '../onboarding/connected.ts';
import type { Rights } from '../rights.ts';
import { byPerson, identityOf, say, whisper, type Asker, type Handler, type Presses } from '../handler.ts';
import { unbound } from '../unbound.ts';
import type { StoreVerb } from '../verb.ts';

export interface ChooseStore {
  /** The reason why this person may not bind this chat; undefined where they may. */
  obstacle(incoming: Incoming, asker: Asker): Promise<'bind-anonymous' | 'bind-admins-only' | 'bind-taken' | undefined>;
  bind(accountId: string, store: PlatformStore, incoming: Incoming, asker: Asker): AsyncIterable<Reply>;
  /** `/unbind`: asks first. */
  unbind: Handler;
  readonly presses: Presses<StoreVerb>;
}

export function createChooseStore(parts: {
  chats: Chats;
  stores: Stores;
  reports: Pick<Reports, 'storesOf' | 'unsubscribe'>;
  rights: Rights;
  administers: (chat: string, person: string) => Promise<boolean>;
  notifyOwners: NotifyOwners;
  /** Where newcomers are reviewed: what they are told after their first store. */
  connected: Connected | undefined;
}): ChooseStore {
  const { chats, stores, reports, rights } = parts;

  /** Lets the owner unbind, the group's administrators, and everybody in their own private chat: it gives nobody a right. */
  const mayUnbind = async (incoming: Incoming, asker: Asker): Promise<boolean> =>
    asker.role === 'owner' ||
    !incoming.group ||
    (!asker.person.anonymous && (await parts.administers(asker.chat.id, identityOf(asker.person))));

  const obstacle: ChooseStore['obstacle'] = async (incoming, asker) => {
    if (!incoming.group) return undefined;
    if (asker.person.anonymous) return 'bind-anonymous';
    if (!(await parts.administers(asker.chat.id, identityOf(asker.person)))) return 'bind-admins-only';
    return asker.store && asker.role !== 'owner' ? 'bind-taken' : undefined;
  };

  return {
    obstacle,

    async *bind(accountId, store, incoming, asker) {
      const { words, chat, person } = asker;
      // Checked again at the end: the group may have been bound meanwhile. Its owner may always choose another store.
      const no = asker.role === 'owner' ? undefined : await obstacle(incoming, asker);
      if (no) return yield say(words.say(no));
      // The ownership may have ended while the list of stores was open.
      const ended = await rights.settles(accountId, asker);
      if (ended) return yield say(words.say(ended));
      const saved = await stores.save(accountId, store, byPerson(person));
      await chats.bind({ id: chat.id, title: incoming.title, group: incoming.group }, saved.id, byPerson(person));
      // The next steps are for a chat's first store.
      const done = words.say(incoming.group || asker.store ? 'bind-done-group' : 'bind-done', { store: saved.name });
      // No app sells the practice store's coupons, so its codes are told.
      yield say(saved.practice ? [done, words.say('practice-codes')].join('\n') : done);
      const more = await parts.connected?.(saved, incoming, asker);
      if (more) yield more;
      // A group that is bound again to its own store (after a changed password, say) keeps its answer.
      if (chat.store?.id === saved.id && chat.whoMay !== 'owner')
        return await chats.setWhoMay(chat.id, chat.whoMay, byPerson(person));
      if (incoming.group)
        yield {
          kind: 'say',
          text: words.say('who-may'),
          buttons: [whoMayButtons(words)],
        };
    },

    async *unbind(incoming, asker) {
      const { words, store } = asker;
      if (!store) {
        const read = await reports.storesOf(asker.chat.id);
        return yield read.length > 0 ? say(words.say('unbind-reports')) : unbound(asker);
      }
      if (!(await mayUnbind(incoming, asker))) return yield say(words.say('owner-only'));
      const question = words.say(incoming.group ? 'unbind-question-group' : 'unbind-question', { store: store.name });
      yield asksFirst(question, { verb: 'unbind', id: 'yes', label: words.say('button-unbind') }, words);
    },

    presses: {
      /** A private chat moves to another of its person's stores. */
      async *store(incoming, asker, id) {
        const { words, chat, person } = asker;
        const at = await rights.at(id, asker);
        if (!at || at.role === 'stranger' || incoming.group) return yield whisper(words.say('press-refused'));
        await chats.bind({ id: chat.id, title: incoming.title, group: false }, id, byPerson(person));
        yield { kind: 'replace', card: { title: words.say('store-chosen', { store: at.store.name }), fields: [], buttons: [] } };
      },

      /** 谁可以核销: 仅受邀员工 or 群内所有人. */
      async *may(_, asker, choice) {
        const { words } = asker;
        // In a private chat nobody else is.
        if (!asker.chat.group) return yield whisper(words.say('card-gone'));
        if (!asker.store || asker.role !== 'owner') return yield whisper(words.say('owner-only'));
        const no = await rights.settles(asker.store.accountId, asker);
        if (no) return yield whisper(words.say(no));
        const whoMay = choice === 'everyone' ? 'everyone' : 'invited';
        await chats.setWhoMay(asker.chat.id, whoMay, byPerson(asker.person));
        yield { kind: 'replace', card: { title: words.say(`who-may-${whoMay}`), fields: [], tone: 'good', buttons: [] } };
      },

      async *unbind(incoming, asker) {
        const { words, store } = asker;
        if (!store) return yield whisper(words.say('card-gone'));
        if (!(await mayUnbind(incoming, asker))) return yield whisper(words.say('owner-only'));
        // The chat's summaries end too: its next users must not read any store's takings.
        const by = byPerson(asker.person);
        const read = await reports.storesOf(asker.chat.id);
        const ended = read.filter(({ id }) => incoming.group || id === store.id);
        for (const { id } of ended) await reports.unsubscribe(id, asker.chat.id, by);
        await chats.unbind(asker.chat.id, by);
        // An administrator of the group may be nobody of the store's.
        if (asker.role !== 'owner' && incoming.group)
          await parts.notifyOwners(store.accountId, (to) =>
            to.say('told-chat-unbound', {
              person: asker.person.name || to.say('nameless'),
              chat: to.say('chat-group', { title: incoming.title }),
              store: store.name,
            }),
          );
        const note = ended.length > 0 ? { note: words.say('unbind-reports-off') } : {};
        const title = words.say('unbind-done', { store: store.name });
        yield { kind: 'replace', card: { title, fields: [], ...note, buttons: [] } };
      },
    },
  };
}
