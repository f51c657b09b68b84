/** Begins what an open card offers: stores the confirmation, under the merchant's lock, before anything is sent. */
import type { Store } from '../accounts/stores.ts';
import { byRule, type Automation, type Sender } from '../automation/automation.ts';
import type { Collection } from '../database/collections.ts';
import type { Db, Tx } from '../database/database.ts';
import { createLockAccounts } from '../database/locks/row-locks.ts';
import { isUniqueViolation } from '../database/unique-violation.ts';
import type { Principal } from '../facts/by.ts';
import type { Obstacle } from '../self-service/admission.ts';
import type { SelfService } from '../self-service/self-service.ts';
import { dayAt } from '../time/calendar.ts';
import { SUBMIT_MS } from './fence.ts';
import type { Idempotency, Request } from './idempotency.ts';
import type { Repository } from './repository/port.ts';
import { usedUp, type OpenCard, type Verification } from './verification.ts';

/** The result of a press. `gone`: the card has expired. */
export type Begun =
  | { readonly kind: 'begun'; readonly verification: Verification }
  /** The press changed nothing: the current state, or the verification that is in its way. */
  | { readonly kind: 'already'; readonly verification: Verification }
  | { readonly kind: 'gone' };

/** A press that the owner's rules for customers or staff do not allow now; the card stays open. */
export interface NotAdmitted {
  readonly kind: 'not-admitted';
  readonly why: Obstacle;
}

/** No rule of the owner's verifies this without a press; the card stays open. */
export interface NoRule {
  readonly kind: 'no-rule';
}

export interface Begin {
  /**
   * Stores the confirmation of `count` uses; sends nothing yet. `request` is what asked for it, linked in the same transaction;
   * throws `TakenOver` where that is another's by now.
   */
  begin(id: string, by: Principal, count: number, pressed: Verification['card'], request?: Request): Promise<Begun>;
  /**
   * The same for a customer, within the rules of the card's store and place. However many press at a time, none gets past a
   * limit. A card without a place, which no customer was shown, is gone. `agreed`: an owner agreed to it while it is closed.
   */
  beginAsCustomer(
    id: string,
    by: Principal & { readonly kind: 'customer' },
    count: number,
    pressed: Verification['card'],
    agreed?: boolean,
  ): Promise<Begun | NotAdmitted>;
  /** The same for staff who are no owners: while it is closed the owner may want to be asked first. */
  beginAsStaff(
    id: string,
    by: Principal,
    count: number,
    pressed: Verification['card'],
    agreed?: boolean,
  ): Promise<Begun | NotAdmitted>;
  /**
   * Stores the confirmation of one use by the rule of the owner's that verifies what `sender` brought, and only within what the
   * sender may do anyway. `owner`: the sender owns the store; `event`: what brought it. However many come at a time, no rule takes
   * more than its number.
   */
  beginByRule(id: string, sender: Sender, owner: boolean, event?: string): Promise<Begun | NoRule>;
}

export interface BeginParts {
  readonly db: Db;
  readonly repository: Repository;
  readonly idempotency: Pick<Idempotency, 'link'>;
  readonly cards: Collection<OpenCard>;
  readonly store: (id: string) => Promise<Store>;
  readonly obstacle: SelfService['obstacle'];
  readonly staffObstacle: SelfService['staffObstacle'];
  readonly ruleFor: Automation['ruleFor'];
  readonly now: () => number;
  readonly newId: () => string;
}

/** What is to be stored. */
interface Press {
  readonly id: string;
  readonly count: number;
  readonly pressed?: Verification['card'];
  readonly request?: Request | undefined;
  /** Who brought it, where that is not who confirms it. */
  readonly sender?: Sender;
  readonly event?: string | undefined;
}

export function createBegin(parts: BeginParts): Begin {
  const { db, repository, idempotency, cards, store: storeOf, obstacle, staffObstacle, ruleFor, now, newId } = parts;
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

  /** `admit` says by whom, or refuses, in the transaction and before anything is written. */
  const beginning = async <R extends { readonly kind: string }>(
    { id, count, pressed, request, sender, event }: Press,
    admit: (tx: Tx, store: Store, card: OpenCard) => Promise<{ readonly by: Principal } | Begun | R>,
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
      const admitted = await admit(tx, store, card);
      if ('kind' in admitted) return admitted;
      const { by } = admitted;
      const begun = await repository.begin(
        tx,
        card,
        'confirm',
        {
          person: by.id,
          person_name: by.name,
          by_kind: by.kind,
          reading: card.reading ?? null,
          ...(sender && { sender_kind: sender.kind, sender: sender.id, sender_name: sender.name }),
          event: event ?? null,
          count,
          card: pressed ? JSON.stringify(pressed) : null,
          request_id: `vb-${newId()}`,
          submitted_at: at,
          epoch: 1,
          business_day: dayAt(at, store),
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

  /** Why a customer may not confirm this card; `gone` for one that no customer was shown. */
  const customersObstacle = async (
    tx: Tx,
    store: Store,
    { place }: OpenCard,
    wish: { readonly person: string; readonly uses: number; readonly agreed: boolean },
  ): Promise<Obstacle | 'gone' | undefined> =>
    place?.id === undefined ? 'gone' : await obstacle(store, { ...wish, placeId: place.id }, tx);

  return {
    begin: (id, by, count, pressed, request) => beginning<never>({ id, count, pressed, request }, () => Promise.resolve({ by })),

    beginAsCustomer: (id, by, count, pressed, agreed = false) =>
      beginning<NotAdmitted>({ id, count, pressed }, async (tx, store, card) => {
        const already = await repository.get(id, tx);
        if (already) return { kind: 'already', verification: already };
        const why = await customersObstacle(tx, store, card, { person: by.id, uses: Math.max(1, count), agreed });
        if (why === 'gone') return { kind: 'gone' };
        return why ? { kind: 'not-admitted', why } : { by };
      }),

    beginAsStaff: (id, by, count, pressed, agreed = false) =>
      beginning<NotAdmitted>({ id, count, pressed }, async (tx, store) => {
        const already = await repository.get(id, tx);
        if (already) return { kind: 'already', verification: already };
        const why = agreed ? undefined : await staffObstacle(store, tx);
        return why ? { kind: 'not-admitted', why } : { by };
      }),

    beginByRule: (id, sender, owner, event) =>
      beginning<NoRule>({ id, count: 1, sender, event }, async (tx, store, card) => {
        const already = await repository.get(id, tx);
        if (already) return { kind: 'already', verification: already };
        const why =
          sender.kind === 'customer'
            ? await customersObstacle(tx, store, card, { person: sender.id, uses: 1, agreed: false })
            : !owner && (await staffObstacle(store, tx));
        const rule = why ? undefined : await ruleFor(tx, store, card, sender);
        return rule ? { by: byRule(rule) } : { kind: 'no-rule' };
      }),
  };
}
