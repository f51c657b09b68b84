/** Stores let customers verify by themselves, at places with a link each. */
import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const selfService: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('self_service')
      .addColumn('store_id', 'text', (c) => c.primaryKey())
      .addColumn('is_on', 'integer', (c) => c.notNull())
      .addColumn('week', 'text', (c) => c.notNull())
      .addColumn('days', 'text', (c) => c.notNull())
      .addColumn('per_person', 'integer')
      .addColumn('per_place', 'integer')
      .addColumn('changed_at', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('place')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('store_id', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('instructions', 'text', (c) => c.notNull())
      .addColumn('token_sealed', 'text', (c) => c.notNull())
      .addColumn('token_mac', 'text', (c) => c.notNull().unique())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('place_store').on('place').columns(['store_id', 'created_at']).execute();
    await sql`create index verification_self_service on verification (store_id, business_day)
      where by_kind = 'customer'`.execute(db);
  },
};
