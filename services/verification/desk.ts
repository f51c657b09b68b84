/** The desk: lookup, confirmation, drop, undo and decision of coupons, each idempotent. */
import type { StoreAccount, Store, Stores } from '../accounts/stores.ts';
import type { Automation } from '../automation/automation.ts';
import type { Sleep, Time } from '../time/time.ts';
import type { PlatformClient } from '../platforms/client.ts';
import type { Receipt, Refusal, Undone } from '../platforms/platform.ts';
import type { Priority } from '../rate-limit/rate-limited.ts';
import type { Db, Tx } from '../database/database.ts';
import { createLockAccounts } from '../database/locks/row-locks.ts';
import type { Collection } from '../database/collections.ts';
import type { Repository } from './repository/port.ts';
import { createBegin, type Begin, type Begun } from './begin.ts';
import { createFence, SUBMIT_MS } from './fence.ts';
import type { Idempotency, Request } from './idempotency.ts';
import { amountOf, attempt, notDone, undoRequest, verifyRequest } from './outcome.ts';
import { createDoubtUsed } from './doubt-used.ts';
import { createAskUse } from './recheck.ts';
import { createSettle, type Notify } from './settle.ts';
import { createLookup, type Lookup } from './lookup.ts';
import type { Principal } from '../facts/by.ts';
import type { SelfService } from '../self-service/self-service.ts';
import { isUnderWay, type OpenCard, type Verification } from './verification.ts';

export type { Begun } from './begin.ts';

export interface Desk extends Lookup, Begin {
  /** The queue estimate of a call of this kind: its place and ms. `through` is a `StoreAccount.id`. */
  waiting(store: Store, priority: Priority, through?: string): Promise<{ readonly place: number; readonly ms: number }>;
  /** An open card, until it expires. */
  card(id: string): Promise<OpenCard | undefined>;
  get(id: string): Promise<Verification | undefined>;
  /** The verification once no call of it is under way, or as it is after a quarter of a minute: another press made the call. */
  ended(id: string): Promise<Verification | undefined>;
  /** The verifications of one press, the one whose card was pressed first. */
  batchOf(verification: Verification): Promise<readonly Verification[]>;
  /**
   * Submits a confirmed verification and returns it verified, refused or unsure. Does not throw: an answer that cannot be stored
   * for half a minute is unsure, too.
   */
  submit(verification: Verification): Promise<Verification>;
  drop(id: string, by: Principal): Promise<Begun>;
  /** `request` as of `begin`. */
  beginUndo(id: string, by: Principal, request?: Request): Promise<Begun>;
  submitUndo(verification: Verification): Promise<Verification>;
  /**
   * Records a person's decision, once, in one transaction with the writes of `tell`. Nothing when there is nothing left to
   * decide.
   */
  decide(id: string, yes: boolean, by: Principal, tell?: (tx: Tx) => Promise<void>): Promise<Verification | undefined>;
}

export interface DeskParts {
  readonly db: Db;
  readonly repository: Repository;
  readonly idempotency: Pick<Idempotency, 'link'>;
  readonly cards: Collection<OpenCard>;
  readonly client: (storeAccount: StoreAccount) => Promise<PlatformClient>;
  readonly store: (id: string) => Promise<Store>;
  readonly stores: Pick<Stores, 'storeAccount' | 'storeAccounts'>;
  readonly now: () => number;
  readonly sleep: Sleep;
  readonly timeout: Time['timeout'];
  /** The owner's rules for customers, for staff, and for what is verified without a press. */
  readonly obstacle: SelfService['obstacle'];
  readonly staffObstacle: SelfService['staffObstacle'];
  readonly ruleFor: Automation['ruleFor'];
  /** Tells owners of what a rule verified, in the transaction of the yes, the platform's or a person's. */
  readonly announce: Notify;
  /** Tells the chat of an answer that came after others had concluded. */
  readonly notify: Notify;
  /** 16 letters and digits. */
  readonly newId: () => string;
  /** Receives defects of ours that became an unsure result. */
  readonly onDefect: (error: unknown) => void;
}

/** How often another press's call is looked after, and the pause between two looks, ms: most calls take less than two seconds. */
const LOOKS = 30;
const LOOK_MS = 500;

export function createDesk(parts: DeskParts): Desk {
  const { db, repository, idempotency, cards, client, store: storeOf, stores, now, sleep, newId, announce, onDefect } = parts;
  const lockAccounts = createLockAccounts(db);
  const fence = createFence(parts);
  const settle = createSettle(parts);
  /** The store account of a verification. */
  const storeAccountOf = async ({ storeId, listingId }: Verification): Promise<StoreAccount> =>
    await stores.storeAccount(await storeOf(storeId), listingId);
  const lists = async (v: Verification): Promise<boolean> => (await client(await storeAccountOf(v))).hasRecords;
  const doubtUsed = createDoubtUsed({ ...parts, fence, lists, askUse: createAskUse(parts) });

  const begunOr = async (id: string, verification: Verification | undefined): Promise<Begun> => {
    if (verification) return { kind: 'begun', verification };
    const already = await repository.get(id);
    return already ? { kind: 'already', verification: already } : { kind: 'gone' };
  };

  return {
    ...createLookup(parts),
    ...createBegin(parts),
    waiting: async (store, priority, through) => (await client(await stores.storeAccount(store, through))).waiting(priority),

    card: (id) => cards.get(id),
    get: (id) => repository.get(id),
    async ended(id) {
      for (let looks = 0; ; looks += 1) {
        const found = await repository.get(id);
        if (!found || !isUnderWay(found) || looks >= LOOKS) return found;
        await sleep(LOOK_MS);
      }
    },
    batchOf: (verification) => repository.batchOf(verification),

    async submit(verification) {
      const call = async (): Promise<Receipt | Refusal> => {
        const storeAccount = await storeAccountOf(verification);
        const waiting = fence(verification);
        return await (await client(storeAccount)).verify(verifyRequest(storeAccount, verification), waiting);
      };
      const ended = await doubtUsed(verification, await attempt(call, onDefect));
      return await settle.verify(verification, ended);
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

    async beginUndo(id, by, request) {
      const at = now();
      const changes = {
        undo_request_id: `un-${newId()}`,
        undo_by: by.id,
        undo_refusal: null,
        check_at: at + SUBMIT_MS,
        asked: 0,
        notes: '[]',
        changed_at: at,
      };
      const before = await repository.get(id);
      if (!before) return { kind: 'gone' };
      const begun = await db.transaction().execute(async (tx) => {
        await lockAccounts(tx, before.storeId);
        // Another use of the same coupon is in flight: this one stays verified, and can be undone after that has ended.
        if (await repository.inFlight(tx, before.storeId, before.code)) return undefined;
        const undoing = await repository.transition(tx, id, 'undo', changes, by);
        if (undoing && request) await idempotency.link(tx, request, id);
        return undoing;
      });
      return await begunOr(id, begun);
    },

    async submitUndo(verification) {
      const call = async (): Promise<Undone | Refusal> => {
        const storeAccount = await storeAccountOf(verification);
        const waiting = fence(verification);
        return await (await client(storeAccount)).undo(undoRequest(storeAccount, verification), waiting);
      };
      return await settle.undo(verification, await attempt(call, onDefect));
    },

    async decide(id, yes, by, tell) {
      const at = now();
      const changes = { decided: 1, decided_by: by.id, check_at: null, changed_at: at };
      const before = await repository.get(id);
      // A person decides an unsure undo only after the queries to the platform have ended.
      if (!before || before.checking) return undefined;
      const settled =
        before.state === 'undo-unsure'
          ? { undo_refusal: null, ...(yes && { undone_at: at }) }
          : {
              settled_at: at,
              ...(yes
                ? {
                    amount: amountOf(before.coupon, before.count, undefined) ?? null,
                    refusal: null,
                    certainty: 'decided' as const,
                  }
                : { refusal: JSON.stringify(notDone(before)) }),
            };
      return await db.transaction().execute(async (tx) => {
        const decided = await repository.transition(tx, id, yes ? 'decide-yes' : 'decide-no', { ...changes, ...settled }, by);
        if (decided) await announce(tx, decided);
        if (decided) await tell?.(tx);
        return decided;
      });
    },
  };
}
