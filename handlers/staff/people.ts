/** Puts the handlers of people together: the lists, a person's own screen, and the hand-over of ownership. */
import type { Accounts } from '../../services/accounts/accounts.ts';
import type { Members } from '../../services/accounts/members.ts';
import type { People } from '../../services/accounts/people.ts';
import type { Stores } from '../../services/accounts/stores.ts';
import type { Collection, Collections } from '../../services/collection.ts';
import type { EndOwnership, TellEnded } from '../../services/lifecycle/end-ownership.ts';
import { byPerson } from '../handler.ts';
import type { NotifyPerson } from '../notify/people.ts';
import type { Rights } from '../rights.ts';
import { createHandOver, OFFER_MS, type Offer } from './hand-over.ts';
import { createOwnedAccount, createPersonScreen, RENAME_MS, type Removal } from './person.ts';
import { createStaff } from './staff.ts';

export function createPeopleHandlers(parts: {
  members: Members;
  accounts: Accounts;
  people: People;
  stores: Stores;
  rights: Rights;
  endOwnership: EndOwnership;
  /** Tells whom the end of an ownership concerns. */
  tellEnded: TellEnded;
  collections: Collections;
  removals: Collection<Removal>;
  links: (chat: string) => Promise<((word: string) => string) | undefined>;
  notifyPerson: NotifyPerson;
  newId: () => string;
}) {
  const { endOwnership, tellEnded, collections } = parts;
  const ownedAccount = createOwnedAccount(parts);
  const staff = createStaff({
    ...parts,
    removeOwner: (accountId, person, by, all) => endOwnership.remove(accountId, person, byPerson(by), all, tellEnded),
  });
  const person = createPersonScreen({ ...parts, ownedAccount, renaming: collections<string>('renaming', RENAME_MS) });
  const handOver = createHandOver({
    ...parts,
    ownedAccount,
    offers: collections<Offer>('heir-offer', OFFER_MS),
    note: (...fact) => endOwnership.note(...fact),
    handOver: (accountId, from, heir) => endOwnership.handOver(accountId, from, heir, tellEnded),
  });
  return { command: staff.command, typed: person.typed, presses: { ...staff.presses, ...person.presses, ...handOver } };
}
