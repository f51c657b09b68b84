/** Reads what a search finds for an export, a business day at a time: each is one query, and other work goes on between them. */
import type { Fen } from '../coupons/coupon.ts';
import type { Db } from '../database/database.ts';
import type { VerificationTable } from '../database/schema/tables.ts';
import type { Refusal } from '../platforms/platform.ts';
import type { State } from '../verification/verification.ts';
import { matching, type Search } from './search.ts';

/** A verification as a row of a spreadsheet. Times in ms. */
export interface ExportRow {
  readonly state: State;
  readonly refusal: Refusal | undefined;
  readonly title: string;
  readonly code: string;
  readonly count: number;
  readonly amount: Fen | undefined;
  readonly person: string | undefined;
  readonly personId: string | undefined;
  readonly place: string | undefined;
  readonly note: string | undefined;
  readonly at: number;
  readonly undoneAt: number | undefined;
}

export interface ExportDay {
  readonly day: string;
  /** In the order of confirmation. */
  readonly rows: readonly ExportRow[];
}

/** The days on which there is something, oldest first. */
export type ExportDays = (storeId: string, search: Search) => AsyncIterable<ExportDay>;

export function createExportDays(db: Db): ExportDays {
  /** The first day of the store with rows from `from` on. */
  const next = async (storeId: string, from: string): Promise<string | undefined> => {
    const found = await matching(db, storeId, { from })
      .select('business_day')
      .orderBy('business_day')
      .limit(1)
      .executeTakeFirst();
    return found?.business_day ?? undefined;
  };
  return async function* days(storeId, search) {
    let day = await next(storeId, search.from ?? '');
    while (day !== undefined && (search.to === undefined || day <= search.to)) {
      const rows = await matching(db, storeId, { ...search, from: day, to: day })
        .select(['state', 'refusal', 'title', 'code', 'count', 'amount', 'person', 'person_name', 'place', 'note'])
        .select(['submitted_at', 'undone_at'])
        .orderBy('submitted_at')
        .orderBy('id')
        .execute();
      if (rows.length > 0) yield { day, rows: rows.map(readRow) };
      // Nothing sorts between a day and this.
      day = await next(storeId, `${day}~`);
    }
  };
}

type Row = Pick<
  VerificationTable,
  | 'state'
  | 'refusal'
  | 'title'
  | 'code'
  | 'count'
  | 'amount'
  | 'person'
  | 'person_name'
  | 'place'
  | 'note'
  | 'submitted_at'
  | 'undone_at'
>;

const readRow = (row: Row): ExportRow => ({
  state: row.state,
  refusal: row.refusal === null ? undefined : (JSON.parse(row.refusal) as Refusal),
  title: row.title,
  code: row.code,
  count: row.count,
  amount: row.amount ?? undefined,
  personId: row.person ?? undefined,
  person: row.person_name ?? undefined,
  place: row.place ?? undefined,
  note: row.note ?? undefined,
  at: row.submitted_at ?? 0,
  undoneAt: row.undone_at ?? undefined,
});
