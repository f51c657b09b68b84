/** Seals the chain of facts anew with the current key, so that the former one proves and forges nothing any more. */
import type { Db, Tx } from '../database/database.ts';
import { ChainBroken, createChainSeals, lockCount, sameSeal, writeCount, type ChainSeals } from './fact-chain.ts';
import { replaceSeal } from './facts.ts';

/** Facts read at once. */
const PAGE = 1000;

/**
 * Seals all of them in one transaction; returns how many, 0 where the current key has sealed them already. Checks each old seal
 * on the way: throws `ChainBroken` where one does not fit, and changes nothing then, as a new seal would hide what was altered.
 */
export async function resealChain(db: Db, key: Buffer, former: readonly Buffer[]): Promise<number> {
  return await db.transaction().execute(async (tx) => {
    // Held to the end, as the job does: nothing is sealed meanwhile.
    const { sealed, seals: before } = await lockCount(tx, [key, ...former]);
    const next = createChainSeals(key);
    if (sameSeal(before.ofCount(sealed), next.ofCount(sealed))) return 0;
    const streams = await tx.selectFrom('fact').select('stream').distinct().orderBy('stream').execute();
    let done = 0;
    for (const { stream } of streams) done += await resealStream(tx, stream, before, next);
    if (done !== sealed) throw new ChainBroken('sealed facts are missing');
    await writeCount(tx, done, next);
    return done;
  });
}

async function resealStream(tx: Tx, stream: string, before: ChainSeals, next: ChainSeals): Promise<number> {
  let [old, fresh, sequence] = ['', '', 0];
  for (;;) {
    const page = await tx
      .selectFrom('fact')
      .selectAll()
      .where('stream', '=', stream)
      .where('sequence', '>', sequence)
      .where('seal', 'is not', null)
      .orderBy('sequence')
      .limit(PAGE)
      .execute();
    for (const fact of page) {
      const fits = fact.sequence === sequence + 1 && fact.seal !== null && sameSeal(fact.seal, before.of(old, fact));
      if (!fits) throw new ChainBroken(`number ${sequence + 1} of ${stream} is not as it was sealed`);
      fresh = next.of(fresh, fact);
      await replaceSeal(tx, fact, fresh);
      [old, sequence] = [fact.seal!, fact.sequence];
    }
    if (page.length < PAGE) return sequence;
  }
}
