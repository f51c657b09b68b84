/** The desk: lookup, confirmation, drop, undo and decision of coupons, each idempotent. */
import type { StoreAccount, Store, Stores } from '../accounts/stores.ts';
import { businessDay } from '../time/business-day.ts';
import type { Time } from '../time/time.ts';
import type { PlatformClient } from '../platforms/client.ts';
import type { Priority } from '../platforms/rate-limited.ts';
import type { Db, Tx } from '../database/database.ts';
import { createLockStore } from '../database/row-locks.ts';
import type { Collection } from '../database/collections.ts';
import { isUniqueViolation } from '../database/unique-violation.ts';
import type { Repository } from './repository.ts';
import { amountOf, attempt, notDone, recordOutcome, recordUndoOutcome, undoRequest, verifyRequest } from './outcome.ts';
import { createDoubtUsed } from './doubt-used.ts';
import { createLookup, type Lookup } from './lookup.ts';
import type { Principal } from '../facts/by.ts';
import { usedUp, type OpenCard, type Verification } from './verification.ts';

/** The result of a press. `gone`: the card has expired. */
export type Begun =
  | { readonly kind: 'begun'; readonly verification: Verification }
  /** The press changed nothing: the current state, or the verification that is in its way. */
  | { readonly kind: 'already'; readonly verification: Verification }
  | { readonly kind: 'gone' };

export interface Desk extends Lookup {
  /** The queue estimate of a call of this kind: its place and ms. `through` is a `StoreAccount.id`. */
  waiting(store: Store, priority: Priority, through?: string): Promise<{ readonly place: number; readonly ms: number }>;
  /** An open card, until it expires. */
  card(id: string): Promise<OpenCard | undefined>;
  get(id: string): Promise<Verification | undefined>;
  /** The verifications of one press, the one whose card was pressed first. */
  batchOf(verification: Verification): Promise<readonly Verification[]>;
  /** Stores the confirmation of `count` uses; sends nothing yet. */
  begin(id: string, by: Principal, count: number, pressed: Verification['card']): Promise<Begun>;
  /** Submits a confirmed verification and returns it verified, refused or unsure. Does not throw for faults of the platform. */
  submit(verification: Verification): Promise<Verification>;
  drop(id: string, by: Principal): Promise<Begun>;
  beginUndo(id: string, by: Principal): Promise<Begun>;
  submitUndo(verification: Verification): Promise<Verification>;
  /** Records a person's decision, once. Nothing when there is nothing left to decide. */
  decide(id: string, yes: boolean, by: Principal): Promise<Verification | undefined>;
}

/** The deadline for sending, from the press, ms: a call still queued then is aborted. */
const SEND_MS = 50_000;
/** The lease of a submission, ms, after which it counts as lost: a call of 10 s begun by `SEND_MS`, and a margin. */
export const SUBMIT_MS = 75_000;

export interface DeskParts {
  readonly db: Db;
  readonly repository: Repository;
  readonly cards: Collection<OpenCard>;
  readonly client: (storeAccount: StoreAccount) => Promise<PlatformClient>;
  readonly store: (id: string) => Promise<Store>;
  readonly stores: Pick<Stores, 'storeAccount' | 'storeAccounts'>;
  readonly now: () => number;
  readonly timeout: Time['timeout'];
  /** 16 letters and digits. */
  readonly newId: () => string;
  /** Receives defects of ours that became an unsure result. */
  readonly onDefect: (error: unknown) => void;
}

export function createDesk(parts: DeskParts): Desk {
  const { db, repository, cards, client, store: storeOf, stores, now, timeout, newId, onDefect } = parts;
  const lockStore = createLockStore(db);
  const doubtUsed = createDoubtUsed({ db, now, onDefect });
  /** The store account of a verification. */
  const storeAccountOf = async ({ storeId, listingId }: Verification): Promise<StoreAccount> =>
    await stores.storeAccount(await storeOf(storeId), listingId);

  const begunOr = async (id: string, verification: Verification | undefined): Promise<Begun> => {
    if (verification) return { kind: 'begun', verification };
    const already = await repository.get(id);
    return already ? { kind: 'already', verification: already } : { kind: 'gone' };
  };

  /** The row after our update, or the current row if another update won. */
  const reread = async (before: Verification, moved: Verification | undefined): Promise<Verification> =>
    moved ?? (await repository.get(before.id)) ?? before;

  /** Aborts at the deadline for sending; at once where that has passed. */
  const inTime = ({ changedAt }: Verification): AbortSignal => {
    const left = changedAt + SEND_MS - now();
    return left > 0 ? timeout(left) : AbortSignal.abort();
  };

  /** The verification that prevents using this code now: in flight, or the code is used up since the card was shown. */
  const obstacle = async (on: Db | Tx, { storeId, coupon, openedAt }: OpenCard): Promise<Verification | undefined> => {
    // Of a coupon with several uses, an earlier one may be in flight after a later one has ended.
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
            business_day: businessDay(at, store.zone, store.dayEnd),
            check_at: at + SUBMIT_MS,
            changed_at: at,
          },
          by,
        );
        if (begun) return { kind: 'begun', verification: begun };
        const already = await repository.get(id, tx);
        return already ? { kind: 'already', verification: already } : { kind: 'gone' };
      };
      try {
        return await db.transaction().execute(confirm);
      } catch (error) {
        // Another card of the same coupon was confirmed at the same time; it is in flight now.
        const other = isUniqueViolation(error) ? await obstacle(db, card) : undefined;
        if (other) return { kind: 'already', verification: other };
        throw error;
      }
    },

    async submit(verification) {
      const storeAccount = await storeAccountOf(verification);
      const signal = inTime(verification);
      const request = verifyRequest(storeAccount, verification);
      const answered = await attempt(async () => (await client(storeAccount)).verify(request, { signal }), onDefect);
      const ended = await doubtUsed(verification, answered);
      return await reread(verification, await recordOutcome(db, repository, verification, ended, 'answered', now()));
    },

    async drop(id, by) {
      const card = await cards.get(id);
      if (!card) return await begunOr(id, undefined);
      const at = now();
      const dropped = await repository.begin(
        db,
        card,
        'drop',
        {
          person: by.id,
          person_name: by.name,
          by_kind: by.kind,
          settled_at: at,
          changed_at: at,
        },
        by,
      );
      return await begunOr(id, dropped);
    },

    async beginUndo(id, by) {
      const at = now();
      const changes = { undo_request_id: `un-${newId()}`, undo_by: by.id, check_at: at + SUBMIT_MS, asked: 0, notes: '[]' };
      const begun = await repository.transition(db, id, 'undo', { ...changes, changed_at: at }, by).catch((error: unknown) => {
        // Another use of the same coupon is in flight: this one stays verified, and can be undone after that has ended.
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
      // A person decides an unsure undo only after the queries to the platform have ended.
      if (!before || before.checking) return undefined;
      if (before.state === 'undo-unsure')
        return await repository.transition(
          db,
          id,
          yes ? 'decide-yes' : 'decide-no',
          {
            ...changes,
            refusal: null,
            ...(yes && { undone_at: at }),
          },
          by,
        );
      return await repository.transition(
        db,
        id,
        yes ? 'decide-yes' : 'decide-no',
        {
          ...changes,
          settled_at: at,
          ...(yes
            ? { amount: amountOf(before.coupon, before.count, undefined) ?? null, refusal: null, certainty: 'decided' as const }
            : { refusal: JSON.stringify(notDone(before)) }),
        },
        by,
      );
    },
  };
}
