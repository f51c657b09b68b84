/** Shows verifications and cards of a store to its key: which platform each goes through, and in which words. */
import type { Accounts } from '../../services/accounts/accounts.ts';
import type { Store, Stores } from '../../services/accounts/stores.ts';
import type { PlatformName } from '../../services/platforms/platform.ts';
import type { OpenCard, Verification } from '../../services/verification/verification.ts';
import type { Caller } from './answer.ts';
import { couponJson, type CouponJson } from './coupon-json.ts';
import { verificationJson, type VerificationJson } from './verification-json.ts';

export interface Show {
  verification(v: Verification, caller: Caller): Promise<VerificationJson>;
  /** Many of one store; each of its accounts is looked up once. */
  verifications(all: readonly Verification[], caller: Caller): Promise<readonly VerificationJson[]>;
  coupon(card: OpenCard, caller: Caller): Promise<CouponJson>;
  /** The platform of a store account: `StoreAccount.id`. */
  platform(store: Store, listingId: string | undefined): Promise<PlatformName>;
  /** The platforms through which a store is reached, each once. */
  platforms(store: Store): Promise<readonly PlatformName[]>;
}

export function createShow(parts: {
  stores: Pick<Stores, 'storeAccount' | 'storeAccounts'>;
  accounts: Pick<Accounts, 'get'>;
}): Show {
  const { stores, accounts } = parts;
  const platformOf = async (accountId: string): Promise<PlatformName> => {
    const account = await accounts.get(accountId);
    if (!account) throw new Error('the account of a store is missing');
    return account.platform;
  };
  const platform: Show['platform'] = async (store, listingId) =>
    await platformOf((await stores.storeAccount(store, listingId)).accountId);
  const verifications: Show['verifications'] = async (all, { store, words }) => {
    const known = new Map<string | undefined, PlatformName>();
    for (const { listingId } of all) if (!known.has(listingId)) known.set(listingId, await platform(store, listingId));
    return all.map((v) => verificationJson(v, store, known.get(v.listingId)!, words));
  };

  return {
    verifications,
    verification: async (v, caller) => (await verifications([v], caller))[0]!,
    coupon: async (card, { store }) => couponJson(card, store, await platform(store, card.listingId)),
    platform,
    async platforms(store) {
      const all = await Promise.all((await stores.storeAccounts(store)).map(({ accountId }) => platformOf(accountId)));
      return [...new Set(all)];
    },
  };
}
