/**
 * Finds a code at the gateways of a store: chosen by the form of the code, then asked by rank, with as few lookups as will do.
 */
import type { StoreAccount } from '../accounts/stores.ts';
import type { Coupon } from '../coupons/coupon.ts';
import { familyOf, marketsOf, type Market } from '../coupons/markets.ts';
import type { PlatformClient } from '../platforms/client.ts';
import { PlatformFault, type Refusal, type RefusalReason } from '../platforms/platform.ts';

/** A coupon, and the store account that found it. */
export interface Found {
  readonly coupon: Coupon;
  readonly storeAccount: StoreAccount;
}

export type SearchResult =
  /** One coupon; or several, of markets that number theirs alike, each with its market: somebody has to choose. */
  | { readonly kind: 'found'; readonly found: readonly Found[] }
  /** `elsewhere`: some gateways were not asked, because their codes look otherwise. */
  | { readonly kind: 'nowhere'; readonly refusal: Refusal; readonly elsewhere: boolean };

/** Throws `PlatformFault` when no gateway that may know the code gave a usable answer. `anywhere`: all are asked. */
export type Search = (storeAccounts: readonly StoreAccount[], code: string, anywhere?: boolean) => Promise<SearchResult>;

interface Route {
  readonly storeAccount: StoreAccount;
  readonly client: PlatformClient;
  readonly market: Market;
}

export function createSearch({ client }: { client: (storeAccount: StoreAccount) => Promise<PlatformClient> }): Search {
  return async (storeAccounts, code, anywhere = false) => {
    const all = await routesOf(storeAccounts);
    const likely = marketsOf(code);
    const fitting = all.filter(({ market }) => likely.includes(market));
    const asked = anywhere || fitting.length === 0 ? all : fitting;
    const families = [...Map.groupBy(asked, ({ market }) => familyOf(market)).values()];
    const answers = await Promise.all(families.map((routes) => askFamily(routes, code)));
    const found = answers.flatMap((answer) => ('coupon' in answer ? [answer] : []));
    if (found.length === 1) return { kind: 'found', found };
    if (found.length > 1)
      return { kind: 'found', found: found.map((one) => ({ ...one, coupon: { ...one.coupon, market: one.market } })) };
    const refusals = answers.flatMap((answer) => ('coupon' in answer || answer instanceof PlatformFault ? [] : [answer]));
    const refusal = refusals.toSorted((a, b) => saysMore(b) - saysMore(a))[0];
    const fault = answers.find((answer) => answer instanceof PlatformFault);
    // The platform that gave no answer may know it.
    if (fault && (!refusal || knownElsewhere(refusal))) throw fault;
    return { kind: 'nowhere', refusal: refusal ?? NOT_FOUND, elsewhere: asked.length < all.length };
  };

  async function routesOf(storeAccounts: readonly StoreAccount[]): Promise<readonly Route[]> {
    const routes = await Promise.all(
      storeAccounts.map(async (storeAccount) => {
        const at = await client(storeAccount);
        return at.markets.map((market) => ({ storeAccount, client: at, market }));
      }),
    );
    return withoutDoubles(routes.flat().toSorted((a, b) => a.client.rank - b.client.rank));
  }
}

/** Leaves out the gateways to a system for which the store has an exclusive one: their coupons are the same, another way. */
function withoutDoubles(routes: readonly Route[]): readonly Route[] {
  const exclusive = new Set(routes.filter(({ client }) => client.exclusive).map(({ market }) => familyOf(market)));
  return routes.filter(({ client, market }) => client.exclusive || !exclusive.has(familyOf(market)));
}

/** Asks gateways to one system in sequence, until one knows the coupon. */
async function askFamily(
  routes: readonly Route[],
  code: string,
): Promise<(Found & { market: Market }) | Refusal | PlatformFault> {
  let best: Refusal | undefined;
  let fault: PlatformFault | undefined;
  for (const { storeAccount, client, market } of routes) {
    try {
      const coupon = await client.lookup(storeAccount.externalId, code, market);
      if (coupon.kind === 'coupon') return { coupon, storeAccount, market };
      if (!best || saysMore(coupon) > saysMore(best)) best = coupon;
      // The coupon exists and is not usable: the other gateways would say the same.
      if (saysMore(coupon) >= KNOWN) break;
    } catch (error) {
      if (!(error instanceof PlatformFault)) throw error;
      fault ??= error;
    }
  }
  return (best && !(fault && knownElsewhere(best)) ? best : fault) ?? NOT_FOUND;
}

/** Whether an account only says that the coupon is none of its own: one that gave no answer may know it. */
const knownElsewhere = ({ reason }: Refusal): boolean => reason === 'not-found' || reason === 'wrong-store';

/** The lowest value of `saysMore` for a coupon that exists. */
const KNOWN = 4;

/** Grades how much a refusal tells: a used coupon more than one that a gateway does not know. */
function saysMore({ reason }: Refusal): number {
  const few: Partial<Record<RefusalReason, number>> = {
    'not-found': 0,
    other: 1,
    unauthorised: 2,
    config: 2,
    operator: 2,
    quota: 2,
    'wrong-store': 3,
  };
  return few[reason] ?? KNOWN;
}

const NOT_FOUND: Refusal = { kind: 'refused', reason: 'not-found' };
