/** Tells owners that an endpoint was turned off, and shows what a merchant's system answered on the coupon's card. */
import type { Endpoint } from '../../services/webhooks/endpoints.ts';
import type { Verification } from '../../services/verification/verification.ts';
import type { Words } from '../../locales/index.ts';
import type { Accounts } from '../../services/accounts/accounts.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { Outgoing } from '../message.ts';

/** The card of a use, with the answer of the merchant's system on it; nothing for one that came by no chat. */
export function messageNotices(v: Verification): readonly Outgoing[] {
  const { id: verification, chat, card: on, by } = v;
  // The card of a rule's may be on its way to the chat.
  if (chat === '' || (on === undefined && by?.kind !== 'rule')) return [];
  const reply = { kind: 'verification', verification, as: 'card', ...(on && { on }), silent: true } as const;
  return [{ key: `message:${verification}`, chat, reply }];
}

/** Words the message for each owner. */
export type WordTurnedOff = (endpoint: Endpoint, why: 'gone' | 'failing') => Promise<readonly Outgoing[]>;

export function createWordTurnedOff(parts: {
  storeOf: (id: string) => Promise<Store>;
  accounts: Pick<Accounts, 'owners'>;
  wordsOf: (chat: string) => Promise<Words>;
  newId: () => string;
}): WordTurnedOff {
  const { storeOf, accounts, wordsOf, newId } = parts;
  return async ({ id, storeId, url }, why) => {
    const store = await storeOf(storeId);
    const messages: Outgoing[] = [];
    for (const { id: owner } of await accounts.owners(store.accountId)) {
      const words = await wordsOf(owner);
      const text = words.say(why === 'gone' ? 'hook-turned-off-gone' : 'hook-turned-off', { host: url.host, store: store.name });
      const buttons = [[{ verb: 'hook', id, label: words.say('button-hook-open') } as const]];
      messages.push({ key: `hook-off:${newId()}`, chat: owner, reply: { kind: 'say', text, buttons } });
    }
    return messages;
  };
}
