/** A summary says of a platform that gave no answer all day: each day's calls are counted, those with an answer and those without. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const platformDays: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('platform_day')
      .addColumn('store_id', 'text', (c) => c.notNull())
      .addColumn('business_day', 'text', (c) => c.notNull())
      .addColumn('account_id', 'text', (c) => c.notNull())
      .addColumn('answered', 'integer', (c) => c.notNull())
      .addColumn('failed', 'integer', (c) => c.notNull())
      .addColumn('changed_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('platform_day_pk', ['store_id', 'business_day', 'account_id'])
      .execute();
    await db.schema.createIndex('platform_day_changed').on('platform_day').column('changed_at').execute();
  },
};
