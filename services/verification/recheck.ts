/** The recheck job: queries the platform about unsure verifications until it knows the outcome, or a person must decide. */
import type { StoreAccount, Store, Stores } from '../accounts/stores.ts';
import { PlatformFault, type Asked, type Receipt } from '../platforms/platform.ts';
import type { Db, Tx } from '../database/database.ts';
import type { Certainty } from '../database/schema/tables.ts';
import type { Changes } from './repository/row-mapping.ts';
import type { Repository } from './repository/port.ts';
import { SUBMIT_MS } from './fence.ts';
import type { Notify } from './settle.ts';
import { answeredUsed, notDone, undoNotDone, recordOutcome, recordUndoOutcome, undoRequest, verifyRequest } from './outcome.ts';
import type { PlatformClient, Waiting } from '../platforms/client.ts';
import { BY_PROGRAM } from '../facts/by.ts';
import { usedUp, type Verification } from './verification.ts';

/** After this long without an outcome a person decides, ms. */
const GIVE_UP_MS = 24 * 3_600_000;
/** Back-off while the platform is unreachable, ms. */
const UNREACHABLE_MS = [3_000, 10_000, 30_000, 60_000, 300_000, 900_000] as const;
/** Concurrent queries; each account's own queue keeps its rate limit. */
const AT_ONCE = 16;

export interface RecheckParts {
  readonly db: Db;
  readonly repository: Repository;
  readonly client: (storeAccount: StoreAccount) => Promise<PlatformClient>;
  readonly store: (id: string) => Promise<Store>;
  readonly stores: Pick<Stores, 'storeAccount'>;
  readonly now: () => number;
  readonly notify: Notify;
  readonly onDefect: (error: unknown) => void;
}

/** Creates the job. A run queries everything due and returns how many that were. */
export function createRecheck(parts: RecheckParts): () => Promise<number> {
  const { db, repository, client, store: storeOf, stores, now, notify, onDefect } = parts;
  const askUse = createAskUse(parts);
  /** Schedules the next query; after `GIVE_UP_MS` leaves the decision to a person. */
  const again = async (v: Verification, afterMs: number, changes: Changes = {}): Promise<void> => {
    const at = now();
    const lastAt = (v.state === 'unsure' ? (v.submittedAt ?? v.openedAt) : v.changedAt) + GIVE_UP_MS;
    if (at >= lastAt) return await giveUp(v);
    await repository.updateClaimed(db, v, { ...changes, asked: v.asked + 1, check_at: Math.min(at + afterMs, lastAt) });
  };

  /** Backs off after a defect of ours. */
  const putOff = async (v: Verification, error: unknown): Promise<void> => {
    onDefect(error);
    await repository.updateClaimed(db, v, { asked: v.asked + 1, check_at: now() + unreachable(v) });
  };

  const giveUp = async (v: Verification): Promise<void> => {
    await db.transaction().execute(async (tx) => {
      const at = now();
      if (v.state === 'undo-unsure') {
        // The state stays, without further queries: the card's buttons let a person decide.
        const mine = await repository.updateClaimed(tx, v, { check_at: null, changed_at: at });
        return mine ? await notify(tx, { ...v, checking: false }) : undefined;
      }
      const moved = await repository.transition(tx, v.id, 'unclear', { check_at: null, changed_at: at }, BY_PROGRAM, v.epoch);
      if (moved) await notify(tx, moved);
    });
  };

  /**
   * Records the outcome and the message in one transaction. Nothing when the call's own answer was recorded meanwhile, or another
   * instance claimed the verification.
   */
  const conclude = async (write: (tx: Tx) => Promise<Verification | undefined>): Promise<Verification | undefined> => {
    return await db.transaction().execute(async (tx) => {
      const settled = await write(tx);
      if (settled) await notify(tx, settled);
      return settled;
    });
  };

  const askVerify = async (v: Verification): Promise<void> => {
    const answer = await askUse(v);
    const { result } = answer;
    const ended = result.kind === 'verified' ? result : notDone(v, result.kind === 'not-done' ? result : undefined);
    const certainty = (result.kind === 'verified' ? result.certainty : undefined) ?? 'inferred';
    await apply(v, answer, (tx) => recordOutcome(tx, repository, v, ended, { at: now(), certainty }));
  };

  const askUndo = async (v: Verification): Promise<void> => {
    const storeAccount = await stores.storeAccount(await storeOf(v.storeId), v.listingId);
    const { asked, notes, changedAt: submittedAt } = v;
    const { undoneSince } = await repository.otherUses(db, v);
    const lost = { ...undoRequest(storeAccount, v), submittedAt, asked, notes, undoneSince };
    const answer = await (await client(storeAccount)).queryUndo(lost);
    const ended = answer.result.kind === 'undone' ? answer.result : undoNotDone(v);
    await apply(v, answer, (tx) => recordUndoOutcome(tx, repository, v, ended, { at: now() }));
  };

  const apply = async (
    v: Verification,
    { result, note }: Asked<{ readonly kind: 'verified' | 'undone' }>,
    write: (tx: Tx) => Promise<Verification | undefined>,
  ): Promise<void> => {
    if (result.kind === 'again') return await again(v, result.afterMs, { notes: JSON.stringify([...v.notes, note]) });
    if (result.kind === 'person') return await giveUp(v);
    await conclude(write);
  };

  /**
   * Past the lease of its submission: that process has died, or will find the claim taken over, and the card still says 处理中.
   * Nothing when the call's own answer was recorded meanwhile.
   */
  const takeOver = async (due: Verification): Promise<Verification | undefined> => {
    const known = { at: now(), ...(due.checkAt === undefined ? {} : { askedUntil: due.checkAt }) };
    if (due.state === 'submitting')
      return await conclude((tx) => recordOutcome(tx, repository, due, { kind: 'lost' }, { ...known, certainty: 'inferred' }));
    if (due.state === 'undoing') return await conclude((tx) => recordUndoOutcome(tx, repository, due, { kind: 'lost' }, known));
    return due;
  };

  const ask = async (due: Verification): Promise<void> => {
    const v = await takeOver(due);
    if (v?.state !== 'unsure' && v?.state !== 'undo-unsure') return;
    try {
      await (v.state === 'unsure' ? askVerify : askUndo)(v);
    } catch (error) {
      if (!(error instanceof PlatformFault)) onDefect(error);
      await again(v, unreachable(v));
    }
  };

  return async () => {
    const due = await repository.claimDue(now(), SUBMIT_MS, AT_ONCE, onDefect);
    await Promise.all(due.map((v) => ask(v).catch((error: unknown) => putOff(v, error).catch(onDefect))));
    return due.length;
  };
}

const unreachable = ({ asked }: Verification): number => UNREACHABLE_MS[Math.min(asked, UNREACHABLE_MS.length - 1)]!;

/** Asks the platform once what became of a use, and weighs that against our own books. Throws `PlatformFault` where it has no answer. */
export type AskUse = (verification: Verification, waiting?: Waiting) => Promise<Asked<Receipt>>;

export function createAskUse({
  db,
  repository,
  client,
  store: storeOf,
  stores,
}: Omit<RecheckParts, 'now' | 'notify' | 'onDefect'>): AskUse {
  /**
   * Whether the ledger has another use of the code since the card was shown: what the platform reports may be that one, so a person
   * decides. Where the platform listed this very use, only if that one used the coupon up.
   */
  const usedMeanwhile = async (v: Verification, certainty: Certainty): Promise<boolean> =>
    (await repository.usedSince(db, v, 'shop')).some((other) => certainty === 'inferred' || usedUp(other));

  return async (v, waiting) => {
    const storeAccount = await stores.storeAccount(await storeOf(v.storeId), v.listingId);
    const { asked, notes, openedAt, submittedAt = openedAt } = v;
    const others = await repository.otherUses(db, v);
    const seen = { seenUnusedAt: openedAt, answeredUsed: answeredUsed(v), ...others };
    const lost = { ...verifyRequest(storeAccount, v), ...seen, submittedAt, asked, notes };
    const { result, note } = await (await client(storeAccount)).query(lost, waiting);
    if (result.kind !== 'verified') return { result, note };
    const certainty = result.certainty ?? 'inferred';
    return { result: (await usedMeanwhile(v, certainty)) ? { kind: 'person' } : { ...result, certainty }, note };
  };
}
