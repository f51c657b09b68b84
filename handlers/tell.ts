/** Tells people what happened by itself: a lost answer that settled, and somebody who guesses codes. Words for the outbox. */
import type { Words } from '../locales/index.ts';
import type { Accounts } from '../services/accounts/accounts.ts';
import type { Store } from '../services/accounts/stores.ts';
import { maskCode } from '../services/coupons/mask.ts';
import type { Db, Tx } from '../services/store/database.ts';
import type { Tell } from '../services/verification/recheck.ts';
import type { Verification } from '../services/verification/verification.ts';
import { standingCard } from './cards.ts';
import type { Outgoing } from './message.ts';

/** Writes one message that goes out; once per key. */
export type Put = (tx: Tx, key: string, outgoing: Outgoing) => Promise<void>;

/**
 * What became of an unsure result: the card it was pressed on is replaced, and a message tells it, because an edited card
 * makes no sound. Prepared before the transaction that settles it.
 */
export function createTeller(parts: {
  put: Put;
  wordsOf: (chat: string) => Promise<Words>;
  storeOf: (id: string) => Promise<Store>;
  now: () => number;
}): (verification: Verification) => Promise<Tell> {
  return async (verification) => {
    const words = await parts.wordsOf(verification.chat);
    const store = await parts.storeOf(verification.storeId);
    return async (tx, settled) => {
      const { id, chat, state, asked } = settled;
      const card = standingCard(settled, store, words, parts.now());
      const key = `settled:${id}:${state}:${asked}`;
      const silent = card.buttons.length === 0 || state === 'verified';
      if (settled.card && silent) {
        await parts.put(tx, `${key}:card`, { chat, reply: { kind: 'settle', card, on: settled.card } });
        const text = words.say('settled-line', { code: maskCode(settled.code), result: card.title, why: card.note ?? '' });
        await parts.put(tx, key, { chat, reply: { kind: 'say', text: text.trim() } });
      } else await parts.put(tx, key, { chat, reply: { kind: 'card', card, tag: id } });
    };
  };
}

/** Tells the owners of a store, each in private, that somebody sends codes nobody knows. */
export function createWarnOwners(parts: {
  db: Db;
  put: Put;
  accounts: Accounts;
  wordsOf: (chat: string) => Promise<Words>;
  newId: () => string;
}): (store: Store, personName: string) => Promise<void> {
  return async (store, personName) => {
    for (const owner of await parts.accounts.owners(store.accountId)) {
      const words = await parts.wordsOf(owner.id);
      const text = words.say('guess-warning', { person: personName || words.say('nameless'), store: store.name });
      await parts.db
        .transaction()
        .execute((tx) => parts.put(tx, `guess:${parts.newId()}`, { chat: owner.id, reply: { kind: 'say', text } }));
    }
  };
}
