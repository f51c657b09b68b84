/** The end of binding: the chat belongs to a store; in a group, who may verify; and letting it go again. */
import type { Accounts } from '../../services/accounts/accounts.ts';
import type { Chats } from '../../services/accounts/chats.ts';
import type { Stores } from '../../services/accounts/stores.ts';
import type { PlatformStore } from '../../services/platforms/platform.ts';
import { whoMayButtons } from './choices.ts';
import type { Incoming, Reply } from '../message.ts';
import type { Standing } from '../rights.ts';
import { say, whisper, type Handler, type Who } from '../handler.ts';

export interface BindStore {
  /** Why this person may not bind this chat, if so. */
  obstacle(incoming: Incoming, who: Who): Promise<'bind-anonymous' | 'bind-admins-only' | 'bind-taken' | undefined>;
  bind(accountId: string, store: PlatformStore, incoming: Incoming, who: Who): AsyncIterable<Reply>;
  /** A private chat goes on with another of the stores this person has to do with. */
  goTo: Handler;
  /** 仅受邀员工 or 群内所有人. */
  whoMay: Handler;
  unbind: Handler;
  unbindYes: Handler;
}

export function createBindStore(parts: {
  accounts: Pick<Accounts, 'owners'>;
  chats: Chats;
  stores: Stores;
  standing: Standing;
  administers: (chat: string, person: string) => Promise<boolean>;
}): BindStore {
  const { chats, stores } = parts;

  /** The owner may, and whoever administers the group: letting go gives nobody anything. */
  const mayUnbind = async (incoming: Incoming, who: Who): Promise<boolean> =>
    who.role === 'owner' || !incoming.group || (!who.person.anonymous && (await parts.administers(who.chat.id, who.person.id)));

  const obstacle: BindStore['obstacle'] = async (incoming, who) => {
    if (!incoming.group) return undefined;
    if (who.person.anonymous) return 'bind-anonymous';
    if (!(await parts.administers(who.chat.id, who.person.id))) return 'bind-admins-only';
    return who.store && who.role !== 'owner' ? 'bind-taken' : undefined;
  };

  return {
    obstacle,

    async *bind(accountId, store, incoming, who) {
      const { words, chat, person } = who;
      // Asked again at the end: somebody else may have bound the group meanwhile. Its owner may always choose another store.
      const no = who.role === 'owner' ? undefined : await obstacle(incoming, who);
      if (no) return yield say(words.say(no));
      // Whose ownership ended meanwhile may still have the list of stores before him.
      if (!(await parts.accounts.owners(accountId)).some(({ id }) => id === person.id)) return yield say(words.say('owner-only'));
      const saved = await stores.save(accountId, store);
      await chats.bind({ id: chat.id, title: incoming.title, group: incoming.group }, saved.id, person.id);
      yield say(words.say(incoming.group ? 'bind-done-group' : 'bind-done', { store: saved.name }));
      // Bound anew to the store it had (a changed password, say), a group keeps its answer.
      if (chat.store?.id === saved.id && chat.whoMay !== 'owner') return await chats.setWhoMay(chat.id, chat.whoMay);
      if (incoming.group)
        yield {
          kind: 'say',
          text: words.say('who-may'),
          buttons: [whoMayButtons(words)],
        };
    },

    async *goTo(incoming, who, id) {
      const { words, chat, person } = who;
      const at = await parts.standing.at(id, who);
      if (!at || at.role === 'stranger' || incoming.group) return yield whisper(words.say('press-refused'));
      await chats.bind({ id: chat.id, title: incoming.title, group: false }, id, person.id);
      yield { kind: 'settle', card: { title: words.say('store-chosen', { store: at.store.name }), fields: [], buttons: [] } };
    },

    async *whoMay(_, who, choice) {
      const { words } = who;
      if (!who.store || who.role !== 'owner') return yield whisper(words.say('owner-only'));
      const whoMay = choice === 'everyone' ? 'everyone' : 'invited';
      await chats.setWhoMay(who.chat.id, whoMay);
      yield { kind: 'settle', card: { title: words.say(`who-may-${whoMay}`), fields: [], tone: 'good', buttons: [] } };
    },

    async *unbind(incoming, who) {
      const { words, store } = who;
      if (!store) return yield say(words.say('unbound'));
      if (!(await mayUnbind(incoming, who))) return yield say(words.say('owner-only'));
      yield {
        kind: 'say',
        text: words.say('unbind-question', { store: store.name }),
        buttons: [[{ verb: 'unbind', id: 'yes', label: words.say('button-unbind'), style: 'danger' }]],
      };
    },

    async *unbindYes(incoming, who) {
      const { words, store } = who;
      if (!store) return yield whisper(words.say('card-gone'));
      if (!(await mayUnbind(incoming, who))) return yield whisper(words.say('owner-only'));
      await chats.unbind(who.chat.id);
      yield { kind: 'settle', card: { title: words.say('unbind-done', { store: store.name }), fields: [], buttons: [] } };
    },
  };
}
