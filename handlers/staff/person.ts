/** One person of a store's owners or staff: what they may, and what an owner can do about them. Gives them another name. */
import type { Words } from '../../locales/index.ts';
import type { Accounts } from '../../services/accounts/accounts.ts';
import type { Identities } from '../../services/accounts/identities.ts';
import type { People } from '../../services/accounts/people.ts';
import type { Store, Stores } from '../../services/accounts/stores.ts';
import type { Collection } from '../../services/collection.ts';
import { channelNames } from '../channel-name.ts';
import { byPerson, say, whisper, type Asker, type Presses } from '../handler.ts';
import type { Button, Card, Reply } from '../message.ts';
import type { Rights } from '../rights.ts';
import type { Typed } from '../typed.ts';
import type { PersonVerb } from '../verb.ts';

/** A person behind a button: of a store's staff, or an owner of an account. */
export type Removal = { readonly person: string; readonly name: string } & (
  { readonly kind: 'staff'; readonly storeId: string } | { readonly kind: 'owner'; readonly accountId: string }
);

/** How long a new name may be typed, ms. */
export const RENAME_MS = 15 * 60_000;

export interface PersonScreen {
  readonly presses: Presses<PersonVerb>;
  readonly typed: Typed;
}

/** Words what the role lets people do in this store. */
export const mayText = (role: 'owner' | 'staff', store: Pick<Store, 'mayUndo'>, words: Words): string =>
  words.say(role === 'owner' ? 'may-as-owner' : `may-as-staff-${store.mayUndo}`);

/** The account of the button's person, where this asker owns it now. */
export type OwnedAccount = (removal: Removal, asker: Asker) => Promise<string | undefined>;

export function createOwnedAccount({ rights, accounts }: { rights: Rights; accounts: Pick<Accounts, 'owners'> }): OwnedAccount {
  return async (removal, asker) => {
    if (removal.kind === 'owner') {
      const owners = await accounts.owners(removal.accountId);
      return owners.some(({ id }) => id === asker.person.id) ? removal.accountId : undefined;
    }
    const at = await rights.at(removal.storeId, asker);
    return at?.role === 'owner' ? at.store.accountId : undefined;
  };
}

const keyOf = ({ chat, person }: Asker): string => `${chat.id} ${person.id}`;
/** A code that somebody has to verify in the middle of it is no name. */
const MAY_BE_CODE = /\d{6}|\d{4} ?\d{4}|https?:/;

export function createPersonScreen(parts: {
  people: Pick<People, 'rename' | 'nameAt'>;
  identities: Pick<Identities, 'linked' | 'personOf'>;
  stores: Pick<Stores, 'get' | 'listedBy'>;
  removals: Collection<Removal>;
  /** The button whose new name is waited for, by chat and person. */
  renaming: Collection<string>;
  ownedAccount: OwnedAccount;
}): PersonScreen {
  const { people, identities, stores, removals, renaming, ownedAccount } = parts;

  const storeOf = async (removal: Removal, accountId: string): Promise<Store | undefined> => {
    const id = removal.kind === 'staff' ? removal.storeId : (await stores.listedBy(accountId))[0]?.storeId;
    return id === undefined ? undefined : await stores.get(id);
  };

  async function card(id: string, removal: Removal, accountId: string, asker: Asker): Promise<Card> {
    const { words } = asker;
    const store = await storeOf(removal, accountId);
    const { id: whole } = await identities.personOf(removal.person);
    const linked = await identities.linked([whole]);
    const me = whole === asker.person.id;
    const button = (verb: Button['verb'], label: string, style?: Button['style']): Button => ({
      verb,
      id,
      label,
      ...(style && { style }),
    });
    return {
      title: ((await people.nameAt(accountId, removal.person)) ?? removal.name) || words.say('nameless'),
      fields: [
        { label: words.say('field-role'), value: words.say(removal.kind === 'owner' ? 'role-owner' : 'role-staff') },
        ...(store ? [{ label: words.say('field-may'), value: mayText(removal.kind, store, words) }] : []),
        { label: words.say('field-channels'), value: channelNames(whole, linked, words) },
      ],
      buttons: [
        [button('staff-rename', words.say('button-rename')), ...(me ? [] : [button('staff-heir', words.say('button-heir'))])],
        [button('staff-remove', words.say(me ? 'button-leave' : 'button-remove-yes'), 'danger')],
      ],
    };
  }

  /** Runs a press on a person's button, by an owner. */
  async function* pressed(
    id: string,
    asker: Asker,
    then: (removal: Removal, accountId: string) => AsyncIterable<Reply>,
  ): AsyncIterable<Reply> {
    const removal = await removals.get(id);
    if (!removal) return yield whisper(asker.words.say('card-gone'));
    const accountId = await ownedAccount(removal, asker);
    if (accountId === undefined) return yield whisper(asker.words.say('owner-only'));
    yield* then(removal, accountId);
  }

  return {
    presses: {
      /** 管理: the person's own screen. */
      'staff-person': (_, asker, id) =>
        pressed(id, asker, async function* (removal, accountId) {
          yield { kind: 'card', card: await card(id, removal, accountId, asker) };
        }),

      /** 改名: asks for the name. */
      'staff-rename': (_, asker, id) =>
        pressed(id, asker, async function* (removal) {
          await renaming.set(keyOf(asker), id);
          const name = removal.name || asker.words.say('nameless');
          yield { kind: 'say', text: asker.words.say('rename-ask', { name }), ask: 'text' };
        }),
    },

    typed: {
      async take(text, asker) {
        const id = MAY_BE_CODE.test(text.normalize('NFKC')) ? undefined : await renaming.get(keyOf(asker));
        const removal = id === undefined ? undefined : await removals.get(id);
        if (id === undefined || !removal) return undefined;
        return pressed(id, asker, async function* (_, accountId) {
          const name = await people.rename(accountId, { id: removal.person, name: removal.name }, text, byPerson(asker.person));
          if (name === undefined) return yield say(asker.words.say('rename-empty'));
          await renaming.delete(keyOf(asker));
          await removals.set(id, { ...removal, name });
          yield { kind: 'card', card: await card(id, { ...removal, name }, accountId, asker) };
        });
      },
      cancel: (asker) => renaming.delete(keyOf(asker)),
    },
  };
}
