/**
 * The chain of facts: each fact is sealed with its predecessor's seal, so that a change of what is written is found.
 *
 * What it proves, to whoever has the key: no sealed fact was altered, removed, inserted or moved by somebody who can write to
 * the database and does not have the key. The count of sealed facts is authenticated as well, so that neither the end of a
 * stream nor a whole stream can be taken away. What it cannot prove: that a fact was true when it was written; anything about
 * the newest facts, which the job has not sealed yet (some seconds); that the whole database was not put back to an earlier
 * copy of itself; and nothing at all against somebody who has the key.
 */
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import { sql, type Db, type Tx } from '../database/database.ts';
import { prepared } from '../database/prepared.ts';
import { relaxed } from '../database/relaxed.ts';
import type { FactHeadTable, FactTable } from '../database/schema/tables.ts';
import type { Sleep } from '../time/time.ts';
import { createWriteSeal, deleteFacts } from './facts.ts';

export interface FactChain {
  /** Seals what waits, in order, a bounded number of facts; returns how many. Throws `ChainBroken` where the count was altered. */
  seal(): Promise<number>;
  /** Deletes the facts of an account that is about to be deleted; the count follows. */
  forget(tx: Tx, accountId: string): Promise<void>;
}

export class ChainBroken extends Error {
  override readonly name = 'ChainBroken';
}

/**
 * Facts of one transaction, and transactions of one run: other writers wait for one transaction at most. 200 at once held up
 * every answer for 20 to 40 ms.
 */
const AT_ONCE = 20;
const A_RUN = 100;
/** The rest between two transactions, ms, in which messages are answered. */
const REST_MS = 5;

/** The one row of `fact_head`. */
const HEAD = 'facts';

/** The secrets of the chain, derived from the installation's key. */
export interface ChainSeals {
  /** Over the seal of the fact before, `''` for the first, and everything that the fact says. */
  of(previous: string, fact: FactTable): string;
  /** Over the number of sealed facts. */
  ofCount(sealed: number): string;
}

export function createChainSeals(key: Buffer): ChainSeals {
  const derived = createSecretKey(createHmac('sha256', key).update('fact-chain').digest());
  const mac = (kind: string, parts: readonly (string | number | null)[]): string =>
    createHmac('sha256', derived)
      .update(JSON.stringify([kind, ...parts]))
      .digest('base64');
  return {
    of: (previous, f) =>
      mac('fact', [
        previous,
        f.stream,
        f.sequence,
        f.kind,
        f.subject,
        f.from_state,
        f.to_state,
        f.by_kind,
        f.by_id,
        f.by_name,
        f.at,
        f.certainty,
        f.detail,
      ]),
    ofCount: (sealed) => mac('count', [sealed]),
  };
}

/** Compares two seals in constant time. */
export const sameSeal = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
};

/** The seals that the count of sealed facts was written with: of the current key, or of a former one until `rekey` has run. */
export const sealsOf = (head: Pick<FactHeadTable, 'sealed' | 'seal'>, keys: readonly Buffer[]): ChainSeals | undefined =>
  keys.map(createChainSeals).find((seals) => sameSeal(head.seal, seals.ofCount(head.sealed)));

export function createFactChain(parts: {
  readonly db: Db;
  readonly key: Buffer;
  readonly former?: readonly Buffer[];
  readonly sleep: Sleep;
}): FactChain {
  const { db, key, former = [], sleep } = parts;
  const keys = [key, ...former] as const;
  const writeSeal = createWriteSeal(db);
  const unsealed = prepared(db, () => db.selectFrom('fact').select('sequence').where('seal', 'is', null).limit(sql.lit(1)));
  const waitingFacts = prepared(db, () =>
    db.selectFrom('fact').selectAll().where('seal', 'is', null).orderBy('stream').orderBy('sequence').limit(sql.lit(AT_ONCE)),
  );
  /** Reads the seal of one fact. Where there is no such fact, the check of the chain finds it. */
  const sealOf = prepared(db, ({ stream, sequence }: Pick<FactTable, 'stream' | 'sequence'>) =>
    db.selectFrom('fact').select('seal').where('stream', '=', stream).where('sequence', '=', sequence),
  );
  const sealBefore = async (tx: Tx, { stream, sequence }: FactTable): Promise<string> =>
    (await sealOf({ stream, sequence: sequence - 1 }, tx)).rows[0]?.seal ?? '';

  const sealSome = (): Promise<number> =>
    db.transaction().execute(async (tx) => {
      const { sealed, seals } = await lockCount(tx, keys);
      const { rows: waiting } = await waitingFacts({}, tx);
      let done = 0;
      let before: { readonly stream: string; readonly seal: string } | undefined;
      for (const fact of waiting) {
        const previous = before?.stream === fact.stream ? before.seal : await sealBefore(tx, fact);
        const seal = seals.of(previous, fact);
        if (await writeSeal(tx, { stream: fact.stream, sequence: fact.sequence, seal })) done += 1;
        before = { stream: fact.stream, seal };
      }
      if (done > 0) await writeCount(tx, sealed + done, seals);
      return done;
    });

  return {
    async seal() {
      let all = 0;
      for (let run = 0; run < A_RUN; run += 1) {
        // A look first: nearly always there is nothing, and a transaction would hold up other writers.
        if ((await unsealed({})).rows.length === 0) break;
        if (run > 0) await sleep(REST_MS);
        all += await sealSome();
      }
      return all;
    },
    async forget(tx, accountId) {
      // The count first, as `seal` does: two who lock in other orders would wait for each other.
      const { sealed, seals } = await lockCount(tx, keys);
      const gone = await deleteFacts(tx, accountId);
      if (gone > 0) await writeCount(tx, sealed - gone, seals);
    },
  };
}

/** Reads the count of sealed facts and holds it for the rest of the transaction: instances seal one after another. */
export async function lockCount(
  tx: Tx,
  keys: readonly [current: Buffer, ...former: Buffer[]],
): Promise<{ readonly sealed: number; readonly seals: ChainSeals }> {
  const lock = tx
    .insertInto('fact_head')
    .values({ name: HEAD, sealed: 0, seal: createChainSeals(keys[0]).ofCount(0) })
    .onConflict((c) => c.column('name').doUpdateSet((e) => ({ sealed: e.ref('fact_head.sealed') })))
    .returning(['sealed', 'seal']);
  const head = (await tx.executeQuery(relaxed(lock.compile()))).rows[0]!;
  const seals = sealsOf(head, keys);
  if (!seals) throw new ChainBroken('the count of sealed facts was altered');
  // Its row may have been removed, to begin anew.
  const any =
    head.sealed > 0
      ? undefined
      : await tx.selectFrom('fact').select('seal').where('seal', 'is not', null).limit(1).executeTakeFirst();
  if (any) throw new ChainBroken('the count of sealed facts was removed');
  return { sealed: head.sealed, seals };
}

/** Writes the count of sealed facts; lost with their seals in a power cut, it is written again with them. */
export async function writeCount(tx: Tx, sealed: number, seals: ChainSeals): Promise<void> {
  const write = tx
    .updateTable('fact_head')
    .set({ sealed, seal: seals.ofCount(sealed) })
    .where('name', '=', HEAD);
  await tx.executeQuery(relaxed(write.compile()));
}
