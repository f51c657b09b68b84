/** Facts: what happened, written in the transaction of the change, numbered without gaps within a stream. Nothing changes one. */
import { sql, type Db, type Tx } from '../database/database.ts';
import type { Certainty, FactTable } from '../database/schema/tables.ts';
import { prepared } from '../database/prepared.ts';
import type { By } from './by.ts';

/** The facts of a store's verifications, of an account's people, bindings and settings, or of who is let in here. */
export type Stream = `store:${string}` | `account:${string}` | 'installation';

/** What a fact says beyond its columns. No code, no password: facts outlive what they are about. */
export type Detail = Readonly<Record<string, string | number | boolean | null>>;

/** A fact as it is recorded. Times in ms, money in fen. */
export interface NewFact {
  readonly stream: Stream;
  /** What happened: `verification.yes`, `staff.removed` … */
  readonly kind: string;
  /** The id of what it happened to. */
  readonly subject: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly by?: By | undefined;
  readonly at: number;
  /** How a yes is known. */
  readonly certainty?: Certainty | undefined;
  readonly detail?: Detail;
}

export interface Fact extends NewFact {
  /** From 1, growing by one within its stream. */
  readonly sequence: number;
  readonly detail: Detail;
}

export interface Facts {
  /** Records a fact in the transaction of what it tells, and returns its number. Writers of one stream wait for each other. */
  record(tx: Tx, fact: NewFact): Promise<number>;
  /** The facts about a subject, oldest first. */
  of(subject: string, on?: Db | Tx): Promise<readonly Fact[]>;
  /** The number of a stream's last fact; 0 where it has none. */
  last(stream: Stream, on?: Db | Tx): Promise<number>;
  /** At most `limit` facts of a stream after the number `after`, in order. None is written later with a smaller number. */
  read(stream: Stream, after: number, limit: number, on?: Db | Tx): Promise<readonly Fact[]>;
}

export function createFacts(db: Db): Facts {
  const count = prepared(db, ({ stream }: { stream: string }) =>
    db
      .insertInto('fact_stream')
      .values({ stream, last: sql.lit(1) })
      .onConflict((c) => c.column('stream').doUpdateSet((e) => ({ last: e('fact_stream.last', '+', sql.lit(1)) })))
      .returning('last'),
  );
  const insert = prepared(db, (row: FactTable) => db.insertInto('fact').values({ ...row }));
  const ofSubject = prepared(db, ({ subject }: { subject: string }) =>
    db.selectFrom('fact').selectAll().where('subject', 'in', [subject]).orderBy('stream').orderBy('sequence'),
  );
  return {
    async record(tx, { stream, kind, subject, from, to, by, at, certainty, detail = {} }) {
      const [row] = (await count({ stream }, tx)).rows;
      const sequence = row!.last;
      await insert(
        {
          stream,
          sequence,
          kind,
          subject,
          from_state: from ?? null,
          to_state: to ?? null,
          by_kind: by?.kind ?? null,
          // By which of his identities a person acted.
          by_id: by?.via ?? by?.id ?? null,
          by_name: by?.name ?? null,
          at,
          certainty: certainty ?? null,
          detail: JSON.stringify(detail),
          seal: null,
        },
        tx,
      );
      return sequence;
    },
    async of(subject, on) {
      return (await ofSubject({ subject }, on)).rows.map(readFact);
    },
    async last(stream, on = db) {
      const row = await on.selectFrom('fact_stream').select('last').where('stream', '=', stream).executeTakeFirst();
      return row?.last ?? 0;
    },
    async read(stream, after, limit, on = db) {
      const rows = await on
        .selectFrom('fact')
        .selectAll()
        .where('stream', '=', stream)
        .where('sequence', '>', after)
        .orderBy('sequence')
        .limit(limit)
        .execute();
      return rows.map(readFact);
    },
  };
}

/** Reads a row. Its detail is written by this file only. */
export const readFact = (row: FactTable): Fact => ({
  stream: row.stream as Stream,
  sequence: row.sequence,
  kind: row.kind,
  subject: row.subject,
  from: row.from_state ?? undefined,
  to: row.to_state ?? undefined,
  by: row.by_kind === null ? undefined : { kind: row.by_kind, id: row.by_id ?? '', name: row.by_name ?? '' },
  at: row.at,
  certainty: row.certainty ?? undefined,
  detail: JSON.parse(row.detail) as Detail,
});

interface Sealed extends Pick<FactTable, 'stream' | 'sequence'> {
  readonly seal: string;
}

/** Writes the seal of a fact, once. False where it has one. Lost in a power cut, it is written again. */
export function createWriteSeal(db: Db): (tx: Tx, sealed: Sealed) => Promise<boolean> {
  const query = ({ stream, sequence, seal }: Sealed) =>
    db.updateTable('fact').set({ seal }).where('stream', '=', stream).where('sequence', '=', sequence).where('seal', 'is', null);
  const write = prepared(db, query, 'relaxed');
  return async (tx, sealed) => ((await write(sealed, tx)).numAffectedRows ?? 0n) > 0n;
}

/** Writes another seal in the place of one: the key has changed, and nothing else. */
export async function replaceSeal(
  tx: Tx,
  { stream, sequence }: Pick<FactTable, 'stream' | 'sequence'>,
  seal: string,
): Promise<void> {
  await tx.updateTable('fact').set({ seal }).where('stream', '=', stream).where('sequence', '=', sequence).execute();
}

/** Deletes all facts of an account and of its stores, before these are deleted. Returns how many of them were sealed. */
export async function deleteFacts(tx: Tx, accountId: string): Promise<number> {
  const stores = await tx.selectFrom('store').select('id').where('account_id', '=', accountId).execute();
  const streams: Stream[] = [`account:${accountId}`, ...stores.map(({ id }): Stream => `store:${id}`)];
  const gone = await tx.deleteFrom('fact').where('stream', 'in', streams).returning('seal').execute();
  await tx.deleteFrom('fact_stream').where('stream', 'in', streams).execute();
  return gone.filter(({ seal }) => seal !== null).length;
}
