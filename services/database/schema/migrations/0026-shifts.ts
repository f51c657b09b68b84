/** Hand-overs between the people at a store. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const shifts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('shift')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('store_id', 'text', (c) => c.notNull())
      .addColumn('since', 'bigint', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('from_person', 'text', (c) => c.notNull())
      .addColumn('from_name', 'text', (c) => c.notNull())
      .addColumn('to_person', 'text')
      .addColumn('to_name', 'text')
      .addColumn('figures', 'text', (c) => c.notNull())
      .addUniqueConstraint('shift_once', ['store_id', 'since'])
      .execute();
    await db.schema.createIndex('shift_store').on('shift').columns(['store_id', 'at']).execute();
  },
};
