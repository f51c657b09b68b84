/** Words for the owners what somebody of the staff decided about a result that the platform could not tell. */
import type { Words } from '../../locales/index.ts';
import type { Accounts } from '../../services/accounts/accounts.ts';
import type { Store } from '../../services/accounts/stores.ts';
import { codeTail } from '../../services/coupons/mask.ts';
import type { Verification } from '../../services/verification/verification.ts';
import type { ChatId, Outgoing, Person } from '../message.ts';

/**
 * Words the news of a decision for every owner, in the owner's language. Nothing where an owner decides: the money is the
 * owners', and staff judge their own result only under the owners' eyes.
 */
export type WordDecision = (before: Verification, yes: boolean, by: Person, store: Store) => Promise<readonly Outgoing[]>;

export function createWordDecision(parts: {
  accounts: Pick<Accounts, 'owners'>;
  wordsOf: (chat: ChatId) => Promise<Words>;
  newId: () => string;
}): WordDecision {
  const { accounts, wordsOf, newId } = parts;
  return async (before, yes, by, store) => {
    const owners = await accounts.owners(store.accountId);
    if (owners.some(({ id }) => id === by.id)) return [];
    const key = newId();
    return await Promise.all(
      owners.map(async ({ id }): Promise<Outgoing> => {
        const text = sentence(before, yes, by, store, await wordsOf(id));
        return { key: `decided:${key}:${id}`, chat: id, reply: { kind: 'say', text } };
      }),
    );
  };
}

function sentence({ state, code, coupon }: Verification, yes: boolean, by: Person, store: Store, words: Words): string {
  const facts = { person: by.name || words.say('nameless'), code: codeTail(code), title: coupon.title, store: store.name };
  if (state === 'undo-unsure') return words.say(yes ? 'told-decided-undone' : 'told-decided-not-undone', facts);
  return words.say(yes ? 'told-decided-ours' : 'told-decided-not-ours', facts);
}
