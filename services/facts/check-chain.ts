/** Checks the chain of facts from its first to its last seal. What a whole chain proves is told in `fact-chain.ts`. */
import type { Db, Tx } from '../database/database.ts';
import { inSnapshot } from '../database/snapshot.ts';
import { createChainSeals, sameSeal, sealsOf, type ChainSeals } from './fact-chain.ts';

export type ChainFinding =
  | { readonly kind: 'whole'; readonly facts: number; readonly unsealed: number }
  /** The first fact that is missing, altered or inserted. */
  | {
      readonly kind: 'broken';
      readonly stream: string;
      readonly sequence: number;
      readonly why: 'missing' | 'altered' | 'unsealed';
    }
  /** Every stream fits, but there are not as many sealed facts as there were: the end of one, or one as a whole, is gone. */
  | { readonly kind: 'miscounted'; readonly facts: number; readonly counted: number | undefined };

/** Facts read at once. */
const PAGE = 1000;

/** Reads all facts in one snapshot. Some hundred thousand a second. */
export async function checkChain(db: Db, key: Buffer, former: readonly Buffer[] = []): Promise<ChainFinding> {
  return await inSnapshot(db, async (tx) => {
    const head = await tx.selectFrom('fact_head').select(['sealed', 'seal']).executeTakeFirst();
    const fitting = head && sealsOf(head, [key, ...former]);
    const seals = fitting ?? createChainSeals(key);
    const streams = await tx.selectFrom('fact_stream').selectAll().orderBy('stream').execute();
    const strays = await tx
      .selectFrom('fact')
      .select('stream')
      .where('stream', 'not in', (e) => e.selectFrom('fact_stream').select('stream'))
      .groupBy('stream')
      .execute();
    let sealed = 0;
    let unsealed = 0;
    for (const { stream, last } of [...streams, ...strays.map((stray) => ({ ...stray, last: 0 }))]) {
      const found = await checkStream(tx, seals, stream, last);
      if ('kind' in found) return found;
      sealed += found.sealed;
      unsealed += found.unsealed;
    }
    const counted = fitting && head?.sealed;
    if (counted !== sealed && (head !== undefined || sealed > 0)) return { kind: 'miscounted', facts: sealed, counted };
    return { kind: 'whole', facts: sealed + unsealed, unsealed };
  });
}

async function checkStream(
  tx: Tx,
  seals: ChainSeals,
  stream: string,
  last: number,
): Promise<ChainFinding | { readonly sealed: number; readonly unsealed: number }> {
  const broken = (sequence: number, why: 'missing' | 'altered' | 'unsealed') =>
    ({ kind: 'broken', stream, sequence, why }) as const;
  let previous = '';
  let sequence = 0;
  /** The first fact without a seal: none with a seal may follow. */
  let open: number | undefined;
  for (;;) {
    const page = await tx
      .selectFrom('fact')
      .selectAll()
      .where('stream', '=', stream)
      .where('sequence', '>', sequence)
      .orderBy('sequence')
      .limit(PAGE)
      .execute();
    for (const fact of page) {
      if (fact.sequence !== sequence + 1) return broken(sequence + 1, 'missing');
      sequence = fact.sequence;
      if (fact.seal === null) open ??= sequence;
      else if (open !== undefined) return broken(open, 'unsealed');
      else if (sameSeal(fact.seal, seals.of(previous, fact))) previous = fact.seal;
      else return broken(sequence, 'altered');
    }
    if (page.length < PAGE) break;
  }
  if (sequence !== last) return broken(sequence + 1, 'missing');
  const sealed = open === undefined ? sequence : open - 1;
  return { sealed, unsealed: sequence - sealed };
}
