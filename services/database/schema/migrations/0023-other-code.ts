/** A verification is found by another code of its coupon too: a scanned one is printed with digits that the scan did not tell. */
import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const otherCode: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const column of ['other_code', 'other_tail'])
      await db.schema.alterTable('verification').addColumn(column, 'text').execute();
    await sql`create index verification_other_code on verification (store_id, other_code, submitted_at)
      where other_code is not null`.execute(db);
    await sql`create index verification_other_tail on verification (store_id, other_tail, submitted_at)
      where other_tail is not null`.execute(db);
  },
};
