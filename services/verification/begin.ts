/** Begins what an open card offers: stores the confirmation, under the merchant's lock, before anything is sent. */
import type { Store } from '../accounts/stores.ts';
import type { Collection } from '../database/collections.ts';
import type { Db, Tx } from '../database/database.ts';
import { createLockAccounts } from '../database/locks/row-locks.ts';
import { isUniqueViolation } from '../database/unique-violation.ts';
import type { Principal } from '../facts/by.ts';
import type { Obstacle } from '../self-service/admission.ts';
import type { SelfService } from '../self-service/self-service.ts';
import { businessDay } from '../time/business-day.ts';
import { SUBMIT_MS } from './fence.ts';
import type { Idempotency, Request } from './idempotency.ts';
import type { Repository } from './repository/repository.ts';
import { usedUp, type OpenCard, type Verification } from './verification.ts';

/** The result of a press. `gone`: the card has expired. */
export type Begun =
  | { readonly kind: 'begun'; readonly verification: Verification }
  /** The press changed nothing: the current state, or the verification that is in its way. */
  | { readonly kind: 'already'; readonly verification: Verification }
  | { readonly kind: 'gone' };

/** A customer's press that the owner's rules do not allow now; the card stays open. */
export interface NotAdmitted {
  readonly kind: 'not-admitted';
  readonly why: Obstacle;
}

export interface Begin {
  /**
   * Stores the confirmation of `count` uses; sends nothing yet. `request` is what asked for it, linked in the same transaction;
   * throws `TakenOver` where that is another's by now.
   */
  begin(id: string, by: Principal, count: number, pressed: Verification['card'], request?: Request): Promise<Begun>;
  /**
   * The same for a customer, within the rules of the card's store and place. However many press at a time, none gets past a
   * limit. A card without a place, which no customer was shown, is gone.
   */
  beginAsCustomer(
    id: string,
    by: Principal & { readonly kind: 'customer' },
    count: number,
    pressed: Verification['card'],
  ): Promise<Begun | NotAdmitted>;
}

export interface BeginParts {
  readonly db: Db;
  readonly repository: Repository;
  readonly idempotency: Pick<Idempotency, 'link'>;
  readonly cards: Collection<OpenCard>;
  readonly store: (id: string) => Promise<Store>;
  readonly obstacle: SelfService['obstacle'];
  readonly now: () => number;
  readonly newId: () => string;
}

export function createBegin({ db, repository, idempotency, cards, store: storeOf, obstacle, now, newId }: BeginParts): Begin {
  const lockAccounts = createLockAccounts(db);

  /** The verification that prevents using this code now: in flight, or the code is used up since the card was shown. */
  const inTheWay = async (on: Db | Tx, { id, storeId, coupon, openedAt }: OpenCard): Promise<Verification | undefined> => {
    // Of a coupon with several uses, an earlier one may be in flight after a later one has ended.
    const busy = await repository.inFlight(on, storeId, coupon.code);
    if (busy) return busy;
    const latest = await repository.latest(on, storeId, coupon.code);
    if (latest?.state === 'verified' && usedUp(latest)) return latest;
    return (await repository.usedSince(on, { id, storeId, code: coupon.code, openedAt }, 'merchant'))[0];
  };

  /** `admit` may refuse, in the transaction and before anything is written. */
  const beginning = async <R>(
    [id, by, count, pressed, request]: Parameters<Begin['begin']>,
    admit?: (tx: Tx, store: Store, card: OpenCard) => Promise<Begun | R | undefined>,
  ): Promise<Begun | R> => {
    const card = await cards.get(id);
    if (!card) {
      const already = await repository.get(id);
      return already ? { kind: 'already', verification: already } : { kind: 'gone' };
    }
    const store = await storeOf(card.storeId);
    const at = now();
    const confirm = async (tx: Tx): Promise<Begun | R> => {
      await lockAccounts(tx, store.id);
      const other = await inTheWay(tx, card);
      // A card that was pressed before shows what became of it, whatever became of its coupon since.
      if (other && other.id !== id) return { kind: 'already', verification: (await repository.get(id, tx)) ?? other };
      const refused = await admit?.(tx, store, card);
      if (refused) return refused;
      const begun = await repository.begin(
        tx,
        card,
        'confirm',
        {
          person: by.id,
          person_name: by.name,
          by_kind: by.kind,
          count,
          card: pressed ? JSON.stringify(pressed) : null,
          request_id: `vb-${newId()}`,
          submitted_at: at,
          epoch: 1,
          business_day: businessDay(at, store.zone, store.dayEnd),
          check_at: at + SUBMIT_MS,
          changed_at: at,
        },
        by,
      );
      if (begun && request) await idempotency.link(tx, request, begun.id);
      if (begun) return { kind: 'begun', verification: begun };
      const already = await repository.get(id, tx);
      return already ? { kind: 'already', verification: already } : { kind: 'gone' };
    };
    try {
      return await db.transaction().execute(confirm);
    } catch (error) {
      // Another card of the same coupon was confirmed at the same time; it is in flight now.
      const other = isUniqueViolation(error) ? await inTheWay(db, card) : undefined;
      if (other) return { kind: 'already', verification: other };
      throw error;
    }
  };

  return {
    begin: (...press) => beginning<never>(press),

    beginAsCustomer: (...press) =>
      beginning<NotAdmitted>(press, async (tx, store, { place }) => {
        const [id, by, count] = press;
        const already = await repository.get(id, tx);
        if (already) return { kind: 'already', verification: already };
        if (place?.id === undefined) return { kind: 'gone' };
        const why = await obstacle(store, { person: by.id, placeId: place.id, uses: Math.max(1, count) }, tx);
        return why && { kind: 'not-admitted', why };
      }),
  };
}
