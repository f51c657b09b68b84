/** Looks through the facts of each store for what is unusual: prices, and uses undone and verified again. A job. */
import { createHash } from 'node:crypto';
import type { Store } from '../accounts/store.ts';
import { sql, type Db, type Tx } from '../database/database.ts';
import { prepared } from '../database/prepared.ts';
import { createFacts, type Fact, type Stream } from '../facts/facts.ts';
import { VERIFIED } from '../verification/verification.ts';
import type { Alerting } from './alerting.ts';
import { isMuchForPerson, isMuchForStore, judgePrice, PRICES, type Undone } from './usual.ts';

const STORES_A_RUN = 50;
const FACTS_A_RUN = 200;

type Write = (tx: Tx) => Promise<void>;

export interface WatchUsesParts {
  readonly db: Db;
  readonly store: (id: string) => Promise<Store | undefined>;
  readonly alerting: Pick<Alerting, 'prepare' | 'end'>;
  readonly onDefect: (error: unknown) => void;
}

/** Makes the job. Each fact is looked at once, also by several instances. */
export function createWatchUses({ db, store: storeOf, alerting, onDefect }: WatchUsesParts): () => Promise<void> {
  const facts = createFacts(db);
  const behind = prepared(db, () =>
    db
      .selectFrom('fact_stream')
      .leftJoin('watched_stream', 'watched_stream.stream', 'fact_stream.stream')
      .select(['fact_stream.stream', 'watched_stream.seen'])
      .where('fact_stream.stream', 'like', sql.lit('store:%'))
      .whereRef('fact_stream.last', '>', sql<number>`coalesce(watched_stream.seen, 0)`)
      .limit(sql.lit(STORES_A_RUN)),
  );

  /** Judges the price of a use, where the platform told it. */
  const price = async (store: Store, { subject, detail }: Fact): Promise<readonly Write[]> => {
    const { product, amount, count } = detail;
    if (typeof product !== 'string' || typeof amount !== 'number' || typeof count !== 'number' || count === 0) return [];
    const before = await db
      .selectFrom('verification')
      .select(['amount', 'count'])
      .where('store_id', '=', store.id)
      .where('title', '=', product)
      .where('business_day', 'is not', null)
      .where('state', 'in', VERIFIED)
      .where('amount', 'is not', null)
      .where('count', '>', 0)
      .where('id', '<>', subject)
      .orderBy('business_day', 'desc')
      .orderBy('submitted_at', 'desc')
      .limit(PRICES)
      .execute();
    const each = Math.round(amount / count);
    const judged = judgePrice(
      each,
      before.map((row) => Math.round((row.amount ?? 0) / row.count)),
    );
    if (!judged) return [];
    const deal = createHash('sha256').update(product).digest('base64url').slice(0, 16);
    const name = { kind: 'price', key: `${store.id}:${deal}` } as const;
    if (judged.near) return [(tx) => alerting.end(tx, name)];
    const about = { store: store.name, title: product, usual: judged.usual, amount: each };
    return [await alerting.prepare({ ...name, accountId: store.accountId, storeIds: [store.id], facts: about })];
  };

  /** Counts what was undone on the day of a use that was undone, by its person and by all. */
  const undos = async (store: Store, { subject, detail }: Fact): Promise<readonly Write[]> => {
    const day = detail['businessDay'];
    if (typeof day !== 'string') return [];
    const ofDay = () => db.selectFrom('verification').where('store_id', '=', store.id).where('business_day', '=', day);
    const undone = await ofDay()
      .select(['id', 'undo_by as by', 'code', 'new_code', 'order_id', 'undone_at'])
      .where('state', '=', 'undone')
      .execute();
    const sales = await ofDay().select(['code', 'order_id', 'submitted_at']).where('state', 'in', VERIFIED).execute();
    const isAgain = (row: (typeof undone)[number]): boolean =>
      sales.some(
        ({ code, order_id: order, submitted_at: at }) =>
          (at ?? 0) >= (row.undone_at ?? 0) &&
          (code === row.code || code === row.new_code || (order !== null && order === row.order_id)),
      );
    const sum = (rows: typeof undone): Undone => ({ undone: rows.length, again: rows.filter(isAgain).length });
    const by = undone.find(({ id }) => id === subject)?.by ?? null;
    const theirs = by === null ? undefined : sum(undone.filter((row) => row.by === by));
    const about = { kind: 'undos', accountId: store.accountId, storeIds: [store.id] } as const;
    if (by !== null && theirs && isMuchForPerson(theirs)) {
      const undoing = (await facts.of(subject)).findLast(({ to }) => to === 'undoing');
      const person = undoing?.by?.name ?? '';
      return [
        await alerting.prepare({ ...about, key: `${store.id}:${day}:${by}`, facts: { store: store.name, person, ...theirs } }),
      ];
    }
    const all = sum(undone);
    if (!isMuchForStore(all, sales.length + undone.length)) return [];
    return [await alerting.prepare({ ...about, key: `${store.id}:${day}`, facts: { store: store.name, person: '', ...all } })];
  };

  const look = async (store: Store, fact: Fact): Promise<readonly Write[]> => {
    const { from, to, subject } = fact;
    if (!fact.kind.startsWith('verification.') || from === to) return [];
    const wasWaiting = from === 'person' || from === 'undo-unsure';
    const ended: Write[] = wasWaiting ? [(tx) => alerting.end(tx, { kind: 'decision', key: subject })] : [];
    if (store.practice) return ended;
    if (to === 'undone') return [...ended, ...(await undos(store, fact))];
    // An undo that was refused leads back to a sale that was looked at before.
    if (to === 'verified' && from !== 'undoing' && from !== 'undo-unsure') return [...ended, ...(await price(store, fact))];
    return ended;
  };

  const lookThrough = async (stream: Stream, seen: number): Promise<void> => {
    const fresh = await facts.read(stream, seen, FACTS_A_RUN);
    const newest = fresh.at(-1);
    if (!newest) return;
    const store = await storeOf(stream.slice('store:'.length));
    const writes: Write[] = [];
    // Two facts of one cause find it unknown both; the second note changes nothing.
    if (store) for (const fact of fresh) writes.push(...(await look(store, fact)));
    await db.transaction().execute(async (tx) => {
      await tx
        .insertInto('watched_stream')
        .values({ stream, seen: 0 })
        .onConflict((c) => c.column('stream').doNothing())
        .execute();
      const { numUpdatedRows } = await tx
        .updateTable('watched_stream')
        .set({ seen: newest.sequence })
        .where('stream', '=', stream)
        .where('seen', '=', seen)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows > 0n) for (const write of writes) await write(tx);
    });
  };

  return async () => {
    const { rows } = await behind({});
    // One store that fails stops no other.
    for (const { stream, seen } of rows) await lookThrough(stream as Stream, seen ?? 0).catch(onDefect);
  };
}

/** Forgets how far the facts of an account's stores were looked through. */
export async function deleteWatched(tx: Tx, accountId: string): Promise<void> {
  const streams = tx
    .selectFrom('store')
    .select(sql<string>`'store:' || id`.as('stream'))
    .where('account_id', '=', accountId);
  await tx.deleteFrom('watched_stream').where('stream', 'in', streams).execute();
}
