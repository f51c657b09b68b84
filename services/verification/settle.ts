/** Writes how a call ended: for as long as the database fails, and also where others concluded something else meanwhile. */
import type { Db, Tx } from '../database/database.ts';
import { within } from '../database/within.ts';
import type { Receipt, Undone } from '../platforms/platform.ts';
import type { Sleep } from '../time/time.ts';
import { recordOutcome, recordUndoOutcome, type Ended, type Known } from './outcome.ts';
import type { Repository } from './repository/port.ts';
import { effectOfUndo, effectOfVerify, type Effect } from './late-truth.ts';
import type { Verification } from './verification.ts';

/** Writes the message about an outcome that a chat did not wait for into the outbox, in the transaction of the change. */
export type Notify = (tx: Tx, settled: Verification) => Promise<void>;

export interface Settle {
  /** Settles a submission with the call's own answer; returns the verification as it stands then. Does not throw. */
  verify(claimed: Verification, ended: Ended<Receipt>): Promise<Verification>;
  undo(claimed: Verification, ended: Ended<Undone>): Promise<Verification>;
}

export interface SettleParts {
  readonly db: Db;
  readonly repository: Repository;
  readonly now: () => number;
  readonly sleep: Sleep;
  readonly notify: Notify;
  /** Tells owners of what a rule verified. */
  readonly announce: Notify;
  readonly onDefect: (error: unknown) => void;
}

/** The pauses between attempts to write an outcome that is in hand, ms: half a minute together. */
const PAUSES_MS = [100, 400, 1_000, 2_500, 5_000, 9_000, 13_000] as const;
/** Attempts against others who write at the same time; each of theirs is a move, so they end. */
const MOST_RACES = 10;

/** Records the end of the call in `row` as it was read, on the condition that nobody claimed it since. */
type Write = (on: Db | Tx, row: Verification) => Promise<Verification | undefined>;

export function createSettle({ db, repository, now, sleep, notify, announce, onDefect }: SettleParts): Settle {
  /** Others claimed the row. What they told is put right in the transaction of the change. */
  const writeLate = async (claimed: Verification, effect: (row: Verification) => Effect, write: Write): Promise<Verification> => {
    for (let races = 0; races < MOST_RACES; races++) {
      const row = await repository.get(claimed.id);
      if (!row) return claimed;
      const due = effect(row);
      if (due === 'contradiction') onDefect(new Error(`verification ${row.id} is ${row.state}: the platform answers otherwise`));
      if (due !== 'write') return row;
      const written = await db.transaction().execute(async (tx) => {
        const moved = await write(tx, row);
        // Where others had come to the same, nothing is news.
        if (moved && moved.state !== row.state) await notify(tx, moved);
        return moved;
      });
      if (written) return written;
    }
    throw new Error(`verification ${claimed.id} is written by others without end`);
  };

  const persist = async (run: () => Promise<Verification>): Promise<Verification> => {
    for (const pause of PAUSES_MS) {
      try {
        return await run();
      } catch (error) {
        onDefect(error);
        await sleep(pause);
      }
    }
    return await run();
  };

  const settle = async (claimed: Verification, effect: (row: Verification) => Effect, write: Write): Promise<Verification> => {
    try {
      return await persist(async () => (await write(db, claimed)) ?? (await writeLate(claimed, effect, write)));
    } catch (error) {
      onDefect(error);
      // The row says that it was submitted; the recheck will ask. What is known is lost, so nothing may be promised.
      return { ...claimed, state: claimed.state === 'undoing' ? 'undo-unsure' : 'unsure', checking: true };
    }
  };

  return {
    async verify(claimed, ended) {
      // A bare 已核销 was asked about: then the yes is a query's.
      const certainty = (ended.kind === 'verified' ? ended.certainty : undefined) ?? 'answered';
      const known: Known = { certainty, at: now() };
      const effect = (row: Verification) => effectOfVerify(row, claimed, ended);
      return await settle(claimed, effect, async (on, row) => {
        if (row.by?.kind !== 'rule') return await recordOutcome(on, repository, row, ended, known);
        return await within(on, async (tx) => {
          const settled = await recordOutcome(tx, repository, row, ended, known);
          if (settled) await announce(tx, settled);
          return settled;
        });
      });
    },
    async undo(claimed, ended) {
      const at = now();
      const effect = (row: Verification) => effectOfUndo(row, claimed, ended.kind);
      return await settle(claimed, effect, (on, row) => recordUndoOutcome(on, repository, row, ended, { at }));
    },
  };
}
