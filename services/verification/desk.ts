/** The desk where coupons are shown, confirmed, dropped, taken back and decided: one use each, whatever happens meanwhile. */
import type { StoreAccount, Store, Stores } from '../accounts/stores.ts';
import { businessDay } from '../time/business-day.ts';
import type { PlatformClient } from '../platforms/client.ts';
import type { Priority } from '../platforms/rate-limited.ts';
import type { Db, Tx } from '../database/database.ts';
import { createLockStore } from '../database/lock-store.ts';
import type { Collection } from '../database/collections.ts';
import { isUniqueViolation } from '../database/unique-violation.ts';
import type { Repository } from './repository.ts';
import { amountOf, attempt, notDone, recordOutcome, recordUndoOutcome, undoRequest, verifyRequest } from './outcome.ts';
import { createLookup, type Lookup } from './lookup.ts';
import { usedUp, type OpenCard, type Verification } from './verification.ts';

/** Somebody who presses. */
export interface Presser {
  readonly id: string;
  readonly name: string;
}

/** What came of a press. `gone`: the card is too old. */
export type Begun =
  | { readonly kind: 'begun'; readonly verification: Verification }
  /** Not this press's doing: how it stands already, or what stands in its way. */
  | { readonly kind: 'already'; readonly verification: Verification }
  | { readonly kind: 'gone' };

export interface Desk extends Lookup {
  /** How long a call of this kind would wait now: the place in line, and ms. `through` is a `Listing.id`. */
  waiting(store: Store, priority: Priority, through?: string): Promise<{ readonly place: number; readonly ms: number }>;
  /** An open card, while it waits. */
  card(id: string): Promise<OpenCard | undefined>;
  get(id: string): Promise<Verification | undefined>;
  /** What one press brought: itself and its like, the one whose card was pressed first. */
  batchOf(verification: Verification): Promise<readonly Verification[]>;
  /** The press is stored; nothing was sent yet. `count` uses of it. */
  begin(id: string, by: Presser, count: number, pressed: Verification['card']): Promise<Begun>;
  /** Sends what was begun, and answers how it ended: verified, refused or unsure. Never throws for the platform's failings. */
  submit(verification: Verification): Promise<Verification>;
  drop(id: string, by: Presser): Promise<Begun>;
  beginUndo(id: string, by: Presser): Promise<Begun>;
  submitUndo(verification: Verification): Promise<Verification>;
  /** Somebody says what the platform could not: once. Nothing when there is nothing to decide any more. */
  decide(id: string, yes: boolean, by: Presser): Promise<Verification | undefined>;
}

/** Nothing is sent later than this after the press: a call that still waits for its turn then never goes out. */
const SEND_MS = 50_000;
/** How long a submission may take before it counts as lost: the last call of 10 s begun by `SEND_MS`, and some. */
export const SUBMIT_MS = 75_000;

export interface DeskParts {
  readonly db: Db;
  readonly repository: Repository;
  readonly cards: Collection<OpenCard>;
  readonly client: (storeAccount: StoreAccount) => Promise<PlatformClient>;
  readonly store: (id: string) => Promise<Store>;
  readonly stores: Pick<Stores, 'storeAccount' | 'storeAccounts'>;
  readonly now: () => number;
  /** 16 letters and digits. */
  readonly newId: () => string;
  /** Hears of defects of ours that became an unsure result. */
  readonly onDefect: (error: unknown) => void;
}

export function createDesk(parts: DeskParts): Desk {
  const { db, repository, cards, client, store: storeOf, stores, now, newId, onDefect } = parts;
  const lockStore = createLockStore(db);
  /** The listing a verification goes through. */
  const storeAccountOf = async ({ storeId, listingId }: Verification): Promise<StoreAccount> =>
    await stores.storeAccount(await storeOf(storeId), listingId);

  const begunOr = async (id: string, verification: Verification | undefined): Promise<Begun> => {
    if (verification) return { kind: 'begun', verification };
    const already = await repository.get(id);
    return already ? { kind: 'already', verification: already } : { kind: 'gone' };
  };

  /** As it was just written, or as somebody else wrote it before. */
  const reread = async (before: Verification, moved: Verification | undefined): Promise<Verification> =>
    moved ?? (await repository.get(before.id)) ?? before;

  /** Ends the waiting of a call that was just begun; of one that comes too late, before it can be sent. */
  const inTime = ({ changedAt }: Verification): AbortSignal => {
    const left = changedAt + SEND_MS - now();
    return left > 0 ? AbortSignal.timeout(left) : AbortSignal.abort();
  };

  /** What stands in the way of using this code now, if anything: in flight, or used up since the card was shown. */
  const obstacle = async (on: Db | Tx, { storeId, coupon, openedAt }: OpenCard): Promise<Verification | undefined> => {
    // An earlier use of a coupon with several may be in flight after a later one has ended.
    const busy = await repository.inFlight(on, storeId, coupon.code);
    if (busy) return busy;
    const latest = await repository.latest(on, storeId, coupon.code);
    if (latest?.state !== 'verified') return undefined;
    return usedUp(latest) || (latest.settledAt ?? 0) > openedAt ? latest : undefined;
  };

  return {
    ...createLookup(parts),
    waiting: async (store, priority, through) => (await client(await stores.storeAccount(store, through))).waiting(priority),

    card: (id) => cards.get(id),
    get: (id) => repository.get(id),
    batchOf: (verification) => repository.batchOf(verification),

    async begin(id, by, count, pressed) {
      const card = await cards.get(id);
      if (!card) return await begunOr(id, undefined);
      const store = await storeOf(card.storeId);
      const at = now();
      const confirm = async (tx: Tx): Promise<Begun> => {
        await lockStore(tx, store.id);
        const other = await obstacle(tx, card);
        if (other && other.id !== id) return { kind: 'already', verification: other };
        const begun = await repository.begin(tx, card, 'confirm', {
          person: by.id,
          person_name: by.name,
          count,
          card: pressed ? JSON.stringify(pressed) : null,
          request_id: `vb-${newId()}`,
          submitted_at: at,
          business_day: businessDay(at, store.zone, store.dayEnd),
          check_at: at + SUBMIT_MS,
          changed_at: at,
        });
        if (begun) return { kind: 'begun', verification: begun };
        const already = await repository.get(id, tx);
        return already ? { kind: 'already', verification: already } : { kind: 'gone' };
      };
      try {
        return await db.transaction().execute(confirm);
      } catch (error) {
        // Another card of the same coupon began in the same moment; it is in flight now and stands in the way.
        const other = isUniqueViolation(error) ? await obstacle(db, card) : undefined;
        if (other) return { kind: 'already', verification: other };
        throw error;
      }
    },

    async submit(verification) {
      const storeAccount = await storeAccountOf(verification);
      const signal = inTime(verification);
      const request = verifyRequest(storeAccount, verification);
      const ended = await attempt(async () => (await client(storeAccount)).verify(request, { signal }), onDefect);
      return await reread(verification, await recordOutcome(db, repository, verification, ended, now()));
    },

    async drop(id, by) {
      const card = await cards.get(id);
      if (!card) return await begunOr(id, undefined);
      const at = now();
      const dropped = await repository.begin(db, card, 'drop', {
        person: by.id,
        person_name: by.name,
        settled_at: at,
        changed_at: at,
      });
      return await begunOr(id, dropped);
    },

    async beginUndo(id, by) {
      const at = now();
      const changes = { undo_request_id: `un-${newId()}`, undo_by: by.id, check_at: at + SUBMIT_MS, asked: 0, notes: '[]' };
      const begun = await repository.transition(db, id, 'undo', { ...changes, changed_at: at }).catch((error: unknown) => {
        // Another use of the same coupon is in flight: this one stays verified, and may be taken back once that is settled.
        if (isUniqueViolation(error)) return undefined;
        throw error;
      });
      return await begunOr(id, begun);
    },

    async submitUndo(verification) {
      const storeAccount = await storeAccountOf(verification);
      const signal = inTime(verification);
      const request = undoRequest(storeAccount, verification);
      const ended = await attempt(async () => (await client(storeAccount)).undo(request, { signal }), onDefect);
      return await reread(verification, await recordUndoOutcome(db, repository, verification, ended, now()));
    },

    async decide(id, yes, by) {
      const at = now();
      const changes = { decided: 1, check_at: null, changed_at: at, undo_by: by.id };
      const before = await repository.get(id);
      // An unsure undo is people's matter only when the platform is asked no more.
      if (!before || before.checking) return undefined;
      if (before.state === 'undo-unsure')
        return await repository.transition(db, id, yes ? 'decide-yes' : 'decide-no', {
          ...changes,
          refusal: null,
          ...(yes && { undone_at: at }),
        });
      return await repository.transition(db, id, yes ? 'decide-yes' : 'decide-no', {
        ...changes,
        settled_at: at,
        ...(yes
          ? { amount: amountOf(before.coupon, before.count, undefined) ?? null, refusal: null }
          : { refusal: JSON.stringify(notDone(before)) }),
      });
    },
  };
}
