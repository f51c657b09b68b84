/** Lookup of coupons: from the ledger where it knows the code, else from the platforms, as open cards. */
import type { StoreAccount, Store, Stores } from '../accounts/stores.ts';
import type { Coupon } from '../coupons/coupon.ts';
import type { PlatformClient } from '../platforms/client.ts';
import { PlatformFault, type Refusal } from '../platforms/platform.ts';
import type { Db } from '../database/database.ts';
import { BY_PLATFORM } from '../facts/by.ts';
import type { Collection } from '../database/collections.ts';
import type { Repository } from './repository/port.ts';
import { createSearch, type Found } from './search.ts';
import { usedUp, type OpenCard, type Verification } from './verification.ts';

/** The result of a lookup. */
export type LookupResult =
  /** Usable: an open card. `takenBack`: the ledger had it as used up, which was undone outside this program. */
  | { readonly kind: 'open'; readonly card: OpenCard; readonly takenBack?: true }
  /** Known to the ledger. */
  | { readonly kind: 'known'; readonly verification: Verification }
  /** Several coupons have this code or were found by this scan: each has a card of its own. */
  | { readonly kind: 'several'; readonly cards: readonly OpenCard[] }
  /** `elsewhere`: platforms of the store were left out because their codes look different. */
  | { readonly kind: 'nowhere'; readonly refusal: Refusal; readonly elsewhere: boolean };

/** What goes with the card besides the coupon. */
export type Beside = Pick<OpenCard, 'place' | 'note' | 'uses' | 'reading'>;

export interface LookupOptions extends Beside {
  /** Asks platforms whose codes look different, too. */
  readonly anywhere?: boolean;
  /** Asks about a code that the ledger has as used up already after a minute: a person wants to know. */
  readonly again?: boolean;
}

export interface Lookup {
  /** Looks a code up at the platforms whose codes look like it. Throws `PlatformFault` when no platform gave a usable answer. */
  lookup(store: Store, code: string, chat: string, options?: LookupOptions): Promise<LookupResult>;
  /** Looks up scanned content; undefined where no platform of the store takes such. Throws likewise. */
  scan(store: Store, scanned: string, chat: string, beside?: Beside): Promise<LookupResult | undefined>;
}

/**
 * The age of a use, ms, from which a used-up code is asked about at the platform: it may have been taken back outside this program.
 * Before, the use can be undone here, and a read may be older than it.
 */
const SETTLED_MS = 600_000;
const SETTLED_AGAIN_MS = 60_000;

export interface LookupParts {
  readonly db: Db;
  readonly repository: Repository;
  readonly cards: Collection<OpenCard>;
  readonly client: (storeAccount: StoreAccount) => Promise<PlatformClient>;
  readonly stores: Pick<Stores, 'storeAccounts'>;
  readonly now: () => number;
  readonly newId: () => string;
}

/** What a card knows before its coupon. */
type Opening = Pick<OpenCard, 'chat' | 'openedAt'> & Beside;

export function createLookup({ db, repository, cards, client, stores, now, newId }: LookupParts): Lookup {
  const search = createSearch({ client });

  /** Opens a card. `openedAt`: the coupon may have been used elsewhere since. */
  const open = async (coupon: Coupon, storeAccount: StoreAccount, at: Opening): Promise<OpenCard> => {
    const through = storeAccount.id === undefined ? {} : { listingId: storeAccount.id };
    const card: OpenCard = { id: newId(), storeId: storeAccount.storeId, ...through, coupon, ...at };
    await cards.set(card.id, card);
    await repository.linkRenewedCode(card.storeId, coupon);
    return card;
  };
  const shown = (opened: readonly OpenCard[]): LookupResult =>
    opened.length === 1 ? { kind: 'open', card: opened[0]! } : { kind: 'several', cards: opened };

  /** Finds the coupon of a used-up verification usable at the platform, all its uses, or nothing. */
  const usableAgain = async (
    store: Store,
    { listingId, coupon: before, count }: Verification,
    code: string,
  ): Promise<Found | undefined> => {
    const through = (await stores.storeAccounts(store)).filter(({ id }) => id === listingId);
    try {
      const result = await search(through, code);
      if (result.kind !== 'found') return undefined;
      // Another market may have another coupon of this code.
      const same = result.found.filter(
        ({ coupon }) => coupon.dealId === before.dealId && (coupon.market ?? before.market) === before.market,
      );
      return same.length === 1 && same[0]!.coupon.remaining >= count ? same[0] : undefined;
    } catch (error) {
      if (error instanceof PlatformFault) return undefined;
      throw error;
    }
  };

  /** Shows a used-up code as the ledger has it, unless the platform has it usable again: then its use is booked as undone. */
  const known = async (
    store: Store,
    code: string,
    latest: Verification,
    opening: Opening,
    again: boolean,
  ): Promise<LookupResult> => {
    const { openedAt } = opening;
    const age = openedAt - (latest.settledAt ?? latest.changedAt);
    const asked = latest.state === 'verified' && age >= (again ? SETTLED_AGAIN_MS : SETTLED_MS);
    const found = asked ? await usableAgain(store, latest, code) : undefined;
    if (!found) return { kind: 'known', verification: latest };
    const at = now();
    const changes = { undone_at: at, undo_by: 'platform', refusal: null, step_at: null, changed_at: at };
    await repository.transition(db, latest.id, 'taken-back', changes, BY_PLATFORM);
    // A person looks at what came back.
    const card = await open(found.coupon, found.storeAccount, { ...opening, reading: 'doubtful' });
    return { kind: 'open', card, takenBack: true };
  };

  return {
    async lookup(store, code, chat, { anywhere = false, again = false, ...beside } = {}) {
      const latest = await repository.latest(db, store.id, code);
      const mayBeUsable =
        !latest || (latest.state === 'verified' && !usedUp(latest)) || (latest.state === 'undone' && !latest.newCode);
      // Before the call: the coupon may be used elsewhere while its answer is under way.
      const opening = { chat, openedAt: now(), ...beside };
      if (!mayBeUsable) return await known(store, code, latest, opening, again);
      const result = await search(await stores.storeAccounts(store), code, anywhere);
      if (result.kind === 'found') {
        const one = { ...opening, ...(result.found.length > 1 && { reading: 'several' as const }) };
        return shown(await Promise.all(result.found.map(({ coupon, storeAccount }) => open(coupon, storeAccount, one))));
      }
      // An undo changes the code at most platforms, so the old one is not found.
      if (latest?.state === 'undone' && result.refusal.reason === 'not-found') return { kind: 'known', verification: latest };
      return result;
    },

    async scan(store, scanned, chat, beside = {}) {
      const opening = { chat, openedAt: now(), ...beside };
      let refusal: Refusal | undefined;
      let fault: PlatformFault | undefined;
      const all = await Promise.all(
        (await stores.storeAccounts(store)).map(async (storeAccount) => ({ storeAccount, at: await client(storeAccount) })),
      );
      // Where the store has an exclusive gateway, others that reach its markets would look the same coupon up another way.
      const exclusive = new Set(all.flatMap(({ at }) => (at.exclusive ? at.markets : [])));
      const asked = all.filter(({ at }) => at.exclusive || !at.markets.some((market) => exclusive.has(market)));
      for (const { storeAccount, at } of asked) {
        try {
          const found = await at.scan(storeAccount.externalId, scanned);
          if (found === undefined) continue;
          if ('kind' in found) refusal ??= found;
          else if (found.length > 0) {
            const one = { ...opening, ...(found.length > 1 && { reading: 'several' as const }) };
            return shown(await Promise.all(found.map((coupon) => open(coupon, storeAccount, one))));
          }
        } catch (error) {
          if (!(error instanceof PlatformFault)) throw error;
          fault ??= error;
        }
      }
      if (fault) throw fault;
      return refusal && { kind: 'nowhere', refusal, elsewhere: false };
    },
  };
}
