/** Adds another account to the chat's store, or removes it: the same shop is listed on several platforms. */
import type { Accounts } from '../../services/accounts/accounts.ts';
import type { Stores, Store } from '../../services/accounts/stores.ts';
import { SIMULATED } from '../../services/platforms/names.ts';
import type { PlatformStore } from '../../services/platforms/platform.ts';
import type { Collection } from '../../services/collection.ts';
import type { ChooseStore } from './choose-store.ts';
import { asksFirst } from '../keep.ts';
import type { Button, Incoming, Reply } from '../message.ts';
import type { Rights } from '../rights.ts';
import { byPerson, whisper, type Asker, type Handler, type Presses } from '../handler.ts';
import type { AddAccountVerb } from '../verb.ts';

/** A store of another account, while the owner is asked whether to add it or to switch to it. */
export interface Offer {
  /** The chat that it was made in. */
  readonly chat: string;
  readonly storeId: string;
  readonly accountId: string;
  readonly listed: PlatformStore;
}

export interface AddAccount {
  /** Binds the store; where the chat has a store of another account, asks first whether to add or to switch. */
  choose(accountId: string, listed: PlatformStore, incoming: Incoming, asker: Asker): AsyncIterable<Reply>;
  readonly presses: Presses<AddAccountVerb>;
}

export function createAddAccount(parts: {
  accounts: Pick<Accounts, 'get'>;
  stores: Stores;
  rights: Rights;
  bindStore: Pick<ChooseStore, 'bind'>;
  offers: Collection<Offer>;
  newId: () => string;
}): AddAccount {
  const { accounts, stores, rights, bindStore, offers, newId } = parts;

  /** Simulated coupons are never mixed with real ones: not in a chat, nor in a day's figures. */
  const mixes = async (accountId: string, { practice }: Store): Promise<boolean> =>
    ((await accounts.get(accountId))?.platform === SIMULATED) !== (practice ?? false);

  /** Runs an owner's press once, with the store as it is now. */
  const pressed = (run: (offer: Offer, store: Store, incoming: Incoming, asker: Asker) => AsyncIterable<Reply>): Handler =>
    async function* owned(incoming, asker, id) {
      const offer = await offers.get(id);
      const at = offer && (await rights.at(offer.storeId, asker));
      if (!offer || !at || offer.chat !== asker.chat.id) return yield whisper(asker.words.say('card-gone'));
      if (at.role !== 'owner') return yield whisper(asker.words.say('owner-only'));
      if (!(await offers.delete(id))) return yield whisper(asker.words.say('card-gone'));
      yield* run(offer, at.store, incoming, asker);
    };

  return {
    async *choose(accountId, listed, incoming, asker) {
      const { words, store, role } = asker;
      const storeAccounts = store && role === 'owner' ? await stores.storeAccounts(store) : [];
      // Two stores of one account are two shops: the owner wants another one.
      if (!store || storeAccounts.length === 0 || storeAccounts.some((one) => one.accountId === accountId))
        return yield* bindStore.bind(accountId, listed, incoming, asker);
      const id = newId();
      await offers.set(id, { chat: asker.chat.id, storeId: store.id, accountId, listed });
      const instead: Button = { verb: 'listing-instead', id, label: words.say('button-listing-instead', { other: listed.name }) };
      if (await mixes(accountId, store))
        return yield {
          kind: 'say',
          text: words.say('bind-practice-or-real', { store: store.name, other: listed.name }),
          buttons: [
            [{ verb: 'listing-stay', id, label: words.say('button-join-no', { store: store.name }), style: 'primary' }],
            [{ ...instead, label: words.say('button-switch', { other: listed.name }) }],
          ],
        };
      yield {
        kind: 'say',
        text: words.say('bind-add-or-switch', { store: store.name, other: listed.name }),
        buttons: [[{ verb: 'listing-add', id, label: words.say('button-listing-add'), style: 'primary' }], [instead]],
      };
    },

    presses: {
      /** 加到这家门店. */
      'listing-add': pressed(async function* added({ accountId, listed }, store, _, asker) {
        const { words, person } = asker;
        const no = await rights.settles(accountId, asker);
        if (no) return yield whisper(words.say(no));
        if (await mixes(accountId, store)) return yield whisper(words.say('card-gone'));
        await stores.addListing(store, accountId, listed, byPerson(person));
        const title = words.say('listing-added', { store: store.name, other: listed.name });
        yield { kind: 'replace', card: { title, fields: [], tone: 'good', buttons: [] } };
      }),

      /** 改为绑定. */
      'listing-instead': pressed(async function* switched({ accountId, listed }, _store, incoming, asker) {
        yield* bindStore.bind(accountId, listed, incoming, asker);
      }),

      /** 留在: nothing changes. */
      'listing-stay': pressed(async function* stayed(_offer, store, _, { words }) {
        yield { kind: 'replace', card: { title: words.say('store-chosen', { store: store.name }), fields: [], buttons: [] } };
      }),

      async *'listing-remove'(_, asker, id) {
        const { words, store } = asker;
        if (!store || asker.role !== 'owner') return yield whisper(words.say('owner-only'));
        const storeAccount = (await stores.storeAccounts(store)).find((one) => one.id === id);
        if (!storeAccount) return yield whisper(words.say('card-gone'));
        const question = words.say('listing-remove-question', { store: store.name, other: storeAccount.name });
        yield asksFirst(question, { verb: 'listing-drop', id, label: words.say('button-remove-yes') }, words);
      },

      async *'listing-drop'(_, asker, id) {
        const { words, store } = asker;
        if (!store || asker.role !== 'owner') return yield whisper(words.say('owner-only'));
        const storeAccount = (await stores.storeAccounts(store)).find((one) => one.id === id);
        if (!storeAccount) return yield whisper(words.say('card-gone'));
        await stores.removeStoreAccount(store.id, id, byPerson(asker.person));
        const title = words.say('listing-removed', { store: store.name, other: storeAccount.name });
        yield { kind: 'replace', card: { title, fields: [], buttons: [] } };
      },
    },
  };
}
