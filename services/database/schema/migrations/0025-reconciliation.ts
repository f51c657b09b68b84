/** What became of comparing closed days with the platforms' own lists. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { sql } from 'kysely';

export const reconciliation: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('reconciliation')
      .addColumn('store_id', 'text', (c) => c.notNull())
      .addColumn('business_day', 'text', (c) => c.notNull())
      .addColumn('result', 'text')
      .addColumn('looks', 'integer', (c) => c.notNull())
      .addColumn('check_at', 'bigint')
      .addColumn('changed_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('reconciliation_day', ['store_id', 'business_day'])
      .execute();
    await sql`create index reconciliation_check on reconciliation (check_at) where check_at is not null`.execute(db);
    await db.schema.createIndex('reconciliation_changed').on('reconciliation').column('changed_at').execute();
  },
};
