/** The recheck job: queries the platform about unsure verifications until it knows the outcome, or a person must decide. */
import type { StoreAccount, Store, Stores } from '../accounts/stores.ts';
import { PlatformFault, type Asked } from '../platforms/platform.ts';
import type { Db, Tx } from '../database/database.ts';
import type { Changes } from './row-mapping.ts';
import type { Repository } from './repository.ts';
import { SUBMIT_MS } from './desk.ts';
import { answeredUsed, notDone, recordOutcome, recordUndoOutcome, undoRequest, verifyRequest } from './outcome.ts';
import type { PlatformClient } from '../platforms/client.ts';
import { BY_PROGRAM } from '../facts/by.ts';
import { othersOfCode } from './same-code.ts';
import { usedUp, type Verification } from './verification.ts';

/** After this long without an outcome a person decides, ms. */
const GIVE_UP_MS = 24 * 3_600_000;
/** Back-off while the platform is unreachable, ms. */
const UNREACHABLE_MS = [3_000, 10_000, 30_000, 60_000, 300_000, 900_000] as const;
/** Concurrent queries; each account's own queue keeps its rate limit. */
const AT_ONCE = 16;

/** Writes the message about an outcome into the outbox. */
export type Notify = (tx: Tx, settled: Verification) => Promise<void>;

export interface RecheckParts {
  readonly db: Db;
  readonly repository: Repository;
  readonly client: (storeAccount: StoreAccount) => Promise<PlatformClient>;
  readonly store: (id: string) => Promise<Store>;
  readonly stores: Pick<Stores, 'storeAccount'>;
  readonly now: () => number;
  /** Prepares the message to the chat; the result writes it in the transaction of the change. */
  readonly notifier: (verification: Verification) => Promise<Notify>;
  readonly onDefect: (error: unknown) => void;
}

/** Creates the job. A run queries everything due and returns how many that were. */
export function createRecheck(parts: RecheckParts): () => Promise<number> {
  const { db, repository, client, store: storeOf, stores, now, notifier, onDefect } = parts;
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
    const tell = await notifier(v);
    await db.transaction().execute(async (tx) => {
      const at = now();
      if (v.state === 'undo-unsure') {
        // The state stays, without further queries: the card's buttons let a person decide.
        const mine = await repository.updateClaimed(tx, v, { check_at: null, changed_at: at });
        return mine ? await tell(tx, { ...v, checking: false }) : undefined;
      }
      const moved = await repository.transition(tx, v.id, 'unclear', { check_at: null, changed_at: at }, BY_PROGRAM);
      if (moved) await tell(tx, moved);
    });
  };

  /** Records the outcome and the message in one transaction. Nothing when the call's own answer was recorded meanwhile. */
  const conclude = async (v: Verification, write: (tx: Tx) => Promise<Verification | undefined>): Promise<void> => {
    const tell = await notifier(v);
    await db.transaction().execute(async (tx) => {
      const settled = await write(tx);
      if (settled) await tell(tx, settled);
    });
  };

  const askVerify = async (v: Verification, storeAccount: StoreAccount): Promise<void> => {
    const { asked, notes, openedAt, submittedAt = openedAt } = v;
    const seen = { seenUnusedAt: openedAt, answeredUsed: answeredUsed(v) };
    const lost = { ...verifyRequest(storeAccount, v), ...seen, submittedAt, asked, notes };
    const answer = await (await client(storeAccount)).query(lost);
    const { result } = answer;
    if (result.kind === 'verified' && (await usedUpMeanwhile(v))) return await giveUp(v);
    const ended = result.kind === 'verified' ? result : notDone(v, result.kind === 'not-done' ? result : undefined);
    const { certainty = 'inferred' } = result.kind === 'verified' ? result : {};
    await apply(v, answer, (tx) => recordOutcome(tx, repository, v, ended, certainty, now()));
  };

  /**
   * Whether the ledger has the code used up by another confirmation since the card was shown, in any store of the merchant.
   * The use that the platform reports may then be that one, so a person decides.
   */
  const usedUpMeanwhile = async (v: Verification): Promise<boolean> =>
    (await othersOfCode(db, v)).some((other) => usedUp(other) && (other.settledAt ?? 0) > v.openedAt);

  const askUndo = async (v: Verification, storeAccount: StoreAccount): Promise<void> => {
    const { asked, notes, changedAt: submittedAt } = v;
    const answer = await (await client(storeAccount)).queryUndo({ ...undoRequest(storeAccount, v), submittedAt, asked, notes });
    await apply(v, answer, (tx) =>
      recordUndoOutcome(tx, repository, v, answer.result.kind === 'undone' ? answer.result : notDone(v), now()),
    );
  };

  const apply = async (
    v: Verification,
    { result, note }: Asked<{ readonly kind: 'verified' | 'undone' }>,
    write: (tx: Tx) => Promise<Verification | undefined>,
  ): Promise<void> => {
    if (result.kind === 'again') return await again(v, result.afterMs, { notes: JSON.stringify([...v.notes, note]) });
    if (result.kind === 'person') return await giveUp(v);
    return await conclude(v, write);
  };

  const ask = async (due: Verification): Promise<void> => {
    // Past the lease of its submission: that process has died, and the card still says 处理中.
    if (due.state === 'submitting')
      await conclude(due, (tx) => recordOutcome(tx, repository, due, { kind: 'lost' }, 'inferred', now()));
    else if (due.state === 'undoing')
      await conclude(due, (tx) => recordUndoOutcome(tx, repository, due, { kind: 'lost' }, now()));
    const v = due.state === 'unsure' || due.state === 'undo-unsure' ? due : await repository.get(due.id);
    if (v?.state !== 'unsure' && v?.state !== 'undo-unsure') return;
    try {
      const storeAccount = await stores.storeAccount(await storeOf(v.storeId), v.listingId);
      await (v.state === 'unsure' ? askVerify(v, storeAccount) : askUndo(v, storeAccount));
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
