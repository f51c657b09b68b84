/** 接口: lists a store's keys of the API, makes them and revokes them, for owners in private chats. */
import type { Words } from '../../locales/index.ts';
import { MOST_KEYS, type ApiKey, type ApiKeys, type Scope } from '../../services/accounts/api-keys.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { Collection } from '../../services/collection.ts';
import type { NotifyOwners } from '../notify/people.ts';
import { byPerson, say, whisper, type Asker, type Handler, type Presses, type StoreAsker } from '../handler.ts';
import type { Button, Reply } from '../message.ts';
import type { Rights } from '../rights.ts';
import type { ApiKeyVerb } from '../verb.ts';

/** A key that is about to be made: its buttons choose the scopes. */
export interface DraftKey {
  readonly storeId: string;
  readonly person: string;
  readonly name: string;
}
/** How long the buttons work, ms. */
export const DRAFT_MS = 3_600_000;
/** Characters of a name: it stands on cards and in lists. */
const LONGEST_NAME = 30;

const CHOICES = {
  'api-read': ['read'],
  'api-verify': ['read', 'verify'],
  'api-undo': ['read', 'verify', 'undo'],
} as const satisfies Partial<Record<ApiKeyVerb, readonly Scope[]>>;
type Choice = keyof typeof CHOICES;
const NAMES = { 'api-read': 'api-scope-read', 'api-verify': 'api-scope-verify', 'api-undo': 'api-scope-undo' } as const;
const VERBS = Object.keys(CHOICES) as readonly Choice[];

/** Words scopes; each includes those before it. */
const scopesIn = (words: Words, { scopes }: Pick<ApiKey, 'scopes'>): string =>
  words.say(NAMES[scopes.includes('undo') ? 'api-undo' : scopes.includes('verify') ? 'api-verify' : 'api-read']);

export interface ManageKeysParts {
  readonly apiKeys: ApiKeys;
  readonly rights: Rights;
  readonly drafts: Collection<DraftKey>;
  readonly notifyOwners: NotifyOwners;
  /** Where the API is reached from outside; undefined where nobody has said. */
  readonly publicUrl: string | undefined;
  readonly newId: () => string;
}

export interface ManageKeys {
  /** `/api [name]`: the keys, with a button to revoke each, and buttons to make one. */
  command: Handler<StoreAsker>;
  readonly presses: Presses<ApiKeyVerb>;
}

export function createManageKeys(parts: ManageKeysParts): ManageKeys {
  const { apiKeys, rights, drafts, notifyOwners, publicUrl, newId } = parts;

  /** The store, where this person may manage its keys in this chat; else why not. */
  const managed = async (storeId: string, asker: Asker): Promise<Store | Reply> => {
    const { words } = asker;
    if (asker.chat.group) return whisper(words.say('api-private'));
    const at = await rights.at(storeId, asker);
    if (!at) return whisper(words.say('card-gone'));
    if (at.role !== 'owner') return whisper(words.say('owner-only'));
    // A key outlasts the chat and the person's presence: like an invitation, it takes the present password.
    const no = await rights.settles(at.store.accountId, asker);
    return no ? whisper(words.say(no)) : at.store;
  };
  const refused = (store: Store | Reply): store is Reply => 'kind' in store;

  const told = ({ name, lastFour }: ApiKey, store: Store, { person }: Asker, words: Words) => ({
    name,
    last: lastFour,
    store: store.name,
    person: person.name || words.say('nameless'),
  });

  const make = (choice: Choice): Handler =>
    async function* makes(_, asker, id) {
      const { words, person } = asker;
      const draft = await drafts.get(id);
      if (draft?.person !== person.id) return yield whisper(words.say('card-gone'));
      const store = await managed(draft.storeId, asker);
      if (refused(store)) return yield store;
      // Of many presses one makes a key.
      if (!(await drafts.take(id))) return yield whisper(words.say('card-gone'));
      const made = await apiKeys.make(store.id, { name: draft.name, scopes: CHOICES[choice] }, byPerson(person));
      if (!made) return yield say(words.say('api-most', { count: MOST_KEYS }));
      const { key, secret } = made;
      const { name } = key;
      const address = publicUrl === undefined ? words.say('api-address-unset') : `${publicUrl}/api/v1`;
      const facts = { name, scopes: scopesIn(words, key), secret, store: store.name, address };
      yield { kind: 'say', text: words.say('api-made', facts), once: words.say('api-made-lost', { name }) };
      await notifyOwners(
        store.accountId,
        (theirs) => theirs.say('api-told-made', { ...told(key, store, asker, theirs), scopes: scopesIn(theirs, key) }),
        person.id,
      );
    };

  return {
    async *command(_, asker, rest) {
      const { words, person, store } = asker;
      if (asker.chat.group) return yield say(words.say('api-private'));
      const name = rest.replaceAll(/\s+/g, ' ');
      if (name.length > LONGEST_NAME) return yield say(words.say('api-name-long', { count: LONGEST_NAME }));
      const keys = await apiKeys.of(store.id);
      const draft = newId();
      await drafts.set(draft, { storeId: store.id, person: person.id, name });
      const line = (key: ApiKey): string =>
        words.say('api-line', {
          name: key.name,
          last: key.lastFour,
          scopes: scopesIn(words, key),
          since: words.moment(key.since, store.zone),
          used: key.usedDay === undefined ? words.say('api-unused') : words.say('api-used', { day: key.usedDay }),
        });
      yield {
        kind: 'say',
        text: [
          words.say('api-title', { store: store.name, count: keys.length }),
          ...(keys.length === 0 ? [words.say('api-none')] : keys.map(line)),
          '',
          name === '' ? words.say('api-new-unnamed') : words.say('api-new', { name }),
        ].join('\n'),
        buttons: [
          VERBS.map((verb): Button => ({ verb, id: draft, label: words.say(`button-${verb}`) })),
          ...keys.map(({ id, name: label, lastFour: last }): Button[] => [
            { verb: 'api-revoke', id, label: words.say('button-api-revoke', { name: label, last }), style: 'danger' },
          ]),
        ],
      };
    },

    presses: {
      'api-read': make('api-read'),
      'api-verify': make('api-verify'),
      'api-undo': make('api-undo'),

      /** 吊销: asks first. */
      async *'api-revoke'(_, asker, id) {
        const { words } = asker;
        const key = await apiKeys.get(id);
        if (!key) return yield whisper(words.say('card-gone'));
        const store = await managed(key.storeId, asker);
        if (refused(store)) return yield store;
        yield {
          kind: 'say',
          text: words.say('api-revoke-question', { name: key.name, last: key.lastFour }),
          buttons: [[{ verb: 'api-revoke-yes', id, label: words.say('button-api-revoke-yes'), style: 'danger' }]],
        };
      },

      async *'api-revoke-yes'(_, asker, id) {
        const { words, person } = asker;
        const key = await apiKeys.get(id);
        if (!key) return yield whisper(words.say('card-gone'));
        const store = await managed(key.storeId, asker);
        if (refused(store)) return yield store;
        if (!(await apiKeys.revoke(id, byPerson(person)))) return yield whisper(words.say('card-gone'));
        const title = words.say('api-revoked', { name: key.name, last: key.lastFour });
        yield { kind: 'replace', card: { title, fields: [], buttons: [] } };
        await notifyOwners(
          store.accountId,
          (theirs) => theirs.say('api-told-revoked', told(key, store, asker, theirs)),
          person.id,
        );
      },
    },
  };
}
