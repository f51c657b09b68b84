/** Tells owners that an endpoint was turned off, and shows what a merchant's system answered on the coupon's card. */
import type { Endpoint } from '../../services/webhooks/endpoints.ts';
import type { Verification } from '../../services/verification/verification.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { Outgoing } from '../message.ts';
import type { NotifyOwners } from '../notify/people.ts';

/** The card of a use, with the answer of the merchant's system on it; nothing for one that came by no chat. */
export function messageNotices(v: Verification): readonly Outgoing[] {
  const { id: verification, chat, card: on } = v;
  if (chat === '' || on === undefined) return [];
  return [{ key: `message:${verification}`, chat, reply: { kind: 'verification', verification, as: 'card', on, silent: true } }];
}

export type TellTurnedOff = (endpoint: Endpoint, why: 'gone' | 'failing') => Promise<void>;

export function createTellTurnedOff(parts: {
  storeOf: (id: string) => Promise<Store>;
  notifyOwners: NotifyOwners;
}): TellTurnedOff {
  const { storeOf, notifyOwners } = parts;
  return async ({ id, storeId, url }, why) => {
    const store = await storeOf(storeId);
    await notifyOwners(store.accountId, (words) => ({
      text: words.say(why === 'gone' ? 'hook-turned-off-gone' : 'hook-turned-off', { host: url.host, store: store.name }),
      buttons: [[{ verb: 'hook', id, label: words.say('button-hook-open') }]],
    }));
  };
}
