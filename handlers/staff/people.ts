/** Puts the handlers of people together: the lists, a person's own screen, and the hand-over of ownership. */
import type { Chats } from '../../services/accounts/chats.ts';
import type { Identities } from '../../services/accounts/identities.ts';
import type { Accounts } from '../../services/accounts/accounts.ts';
import type { Members } from '../../services/accounts/members.ts';
import type { People } from '../../services/accounts/people.ts';
import type { Stores } from '../../services/accounts/stores.ts';
import type { Collection, Collections } from '../../services/collection.ts';
import type { EndOwnership, TellEnded } from '../../services/lifecycle/end-ownership.ts';
import type { BookSessions } from '../../services/books/sessions.ts';
import type { LinkPeople } from '../../services/lifecycle/link-people.ts';
import { LINK_MS, type LinkWords } from '../../services/lifecycle/link-words.ts';
import type { GuessWord } from '../bind/guess-word.ts';
import { byPerson } from '../handler.ts';
import type { NotifyPerson } from '../notify/people.ts';
import type { Rights } from '../rights.ts';
import { createLink, type LinkOffer } from './link.ts';
import { createMyIdentities, type Dropping } from './my-identities.ts';
import { createHandOver, OFFER_MS, type Offer } from './hand-over.ts';
import { createOwnedAccount, createPersonScreen, RENAME_MS, type Removal } from './person.ts';
import { createStaff } from './staff.ts';

/** How long the buttons of somebody's own accounts work, ms. */
const DAY_MS = 24 * 3_600_000;

export function createPeopleHandlers(parts: {
  members: Members;
  accounts: Accounts;
  people: People;
  identities: Identities;
  chats: Chats;
  linkPeople: LinkPeople;
  linkWords: LinkWords;
  /** Makes one person of both sides of an offer, and tells the owners. */
  link: Parameters<typeof createLink>[0]['link'];
  guessWord: GuessWord;
  bookSessions: Pick<BookSessions, 'closeAll'>;
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
  const mine = createMyIdentities({
    ...parts,
    drops: collections<Dropping>('link-drop', DAY_MS),
    unlink: parts.linkPeople.unlink,
    closeBooks: (of) => parts.bookSessions.closeAll(of),
  });
  const link = createLink({
    ...parts,
    screen: mine.screen,
    words: parts.linkWords,
    offers: collections<LinkOffer>('link-offer', LINK_MS),
  });
  return {
    command: staff.command,
    link: link.command,
    typed: person.typed,
    presses: { ...staff.presses, ...person.presses, ...handOver, ...mine.presses, ...link.presses },
  };
}
