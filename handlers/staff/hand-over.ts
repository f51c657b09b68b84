/** 移交店主: an owner names another in his place; the other one accepts, and then both changes are one step. */
import type { Stores } from '../../services/accounts/stores.ts';
import type { Collection } from '../../services/collection.ts';
import type { Ended, EndOwnership, NotEnded } from '../../services/lifecycle/end-ownership.ts';
import { byPerson, whisper, type Asker, type Presses } from '../handler.ts';
import { asksFirst } from '../keep.ts';
import type { Reply } from '../message.ts';
import type { NotifyPerson } from '../notify/people.ts';
import type { Rights } from '../rights.ts';
import type { HeirVerb } from '../verb.ts';
import type { OwnedAccount, Removal } from './person.ts';

interface Named {
  readonly id: string;
  readonly name: string;
}

/** An offer that waits for its answer. */
export interface Offer {
  readonly accountId: string;
  readonly from: Named;
  readonly to: Named;
  /** Names of the account's stores. */
  readonly stores: string;
}

/** How long an offer waits, ms. */
export const OFFER_MS = 24 * 3_600_000;

export function createHandOver(parts: {
  removals: Collection<Removal>;
  offers: Collection<Offer>;
  stores: Pick<Stores, 'listedBy'>;
  rights: Rights;
  ownedAccount: OwnedAccount;
  /** Hands over, and tells whom it concerns in the same transaction. */
  handOver: (accountId: string, from: string, heir: Named) => Promise<Ended | NotEnded>;
  note: EndOwnership['note'];
  notifyPerson: NotifyPerson;
  newId: () => string;
}): Presses<HeirVerb> {
  const { removals, offers, stores, rights, ownedAccount, notifyPerson, newId } = parts;
  const line = (title: string): Reply => ({ kind: 'replace', card: { title, fields: [], buttons: [] } });
  const storesOf = async (accountId: string): Promise<string> =>
    [...new Set((await stores.listedBy(accountId)).map(({ name }) => name))].join('、');

  /** The person behind the button, where this owner may hand over to them; else the sentence why not. */
  async function heirOf(id: string, asker: Asker): Promise<(Named & { readonly accountId: string }) | string> {
    const { words } = asker;
    const removal = await removals.get(id);
    if (!removal || removal.person === asker.person.id) return words.say('card-gone');
    const accountId = await ownedAccount(removal, asker);
    if (accountId === undefined) return words.say('owner-only');
    const no = await rights.settles(accountId, asker);
    return no ? words.say(no) : { id: removal.person, name: removal.name || words.say('nameless'), accountId };
  }

  /** The offer, where it is this person's to answer. */
  const mine = async (id: string, { person }: Asker): Promise<Offer | undefined> => {
    const offer = await offers.get(id);
    return offer && (offer.to.id === person.id || offer.to.id === person.via) ? offer : undefined;
  };

  return {
    /** 移交店主: asks first. */
    async *'staff-heir'(_, asker, id) {
      const { words } = asker;
      const heir = await heirOf(id, asker);
      if (typeof heir === 'string') return yield whisper(heir);
      const question = words.say('heir-question', { name: heir.name, stores: await storesOf(heir.accountId) });
      yield asksFirst(question, { verb: 'staff-heir-yes', id, label: words.say('button-heir-yes') }, words);
    },

    /** 确定移交: the other one is asked. */
    async *'staff-heir-yes'(_, asker, id) {
      const { words, person } = asker;
      const heir = await heirOf(id, asker);
      if (typeof heir === 'string') return yield whisper(heir);
      const { accountId, id: to, name } = heir;
      const offer: Offer = { accountId, from: person, to: { id: to, name }, stores: await storesOf(accountId) };
      // One offer for each two people: a second press asks nothing anew.
      const key = `${accountId} ${person.id} ${to}`;
      if ((await offers.get(key)) === undefined) {
        await offers.set(key, offer);
        const offered = newId();
        await offers.set(offered, offer);
        await parts.note(accountId, 'owner.offered', to, byPerson(person));
        await notifyPerson(to, (theirs) => ({
          text: theirs.say('heir-offer', { name: person.name || theirs.say('nameless'), stores: offer.stores }),
          buttons: [
            [
              { verb: 'heir-yes', id: offered, label: theirs.say('button-heir-accept'), style: 'primary' },
              { verb: 'heir-no', id: offered, label: theirs.say('button-heir-decline') },
            ],
          ],
        }));
      }
      yield line(words.say('heir-asked', { name }));
    },

    /** 接受. */
    async *'heir-yes'(_, asker, id) {
      const { words, person } = asker;
      const offer = await mine(id, asker);
      if (!offer) return yield whisper(words.say('card-gone'));
      const { accountId, from, to } = offer;
      const ended = await parts.handOver(accountId, from.id, { id: person.id, name: person.name || to.name });
      await offers.delete(id);
      await offers.delete(`${accountId} ${from.id} ${to.id}`);
      yield line(words.say(typeof ended === 'string' ? 'heir-void' : 'heir-done', { stores: offer.stores }));
    },

    /** 不接受: everything stays, and the owner is told. */
    async *'heir-no'(_, asker, id) {
      const { words, person } = asker;
      const offer = await mine(id, asker);
      if (!offer || !(await offers.delete(id))) return yield whisper(words.say('card-gone'));
      await offers.delete(`${offer.accountId} ${offer.from.id} ${offer.to.id}`);
      await parts.note(offer.accountId, 'owner.declined', person.id, byPerson(person));
      await notifyPerson(offer.from.id, (theirs) => theirs.say('told-heir-declined', { name: person.name || offer.to.name }));
      yield line(words.say('heir-declined'));
    },
  };
}
