/** Endpoints of merchants' own systems, the events that are told to them, and how each delivery went. */
import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const webhooks: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('verification').addColumn('merchant_message', 'text').execute();
    await db.schema
      .createTable('webhook_endpoint')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('store_id', 'text', (c) => c.notNull().references('store.id'))
      .addColumn('url', 'text', (c) => c.notNull())
      .addColumn('secret', 'text', (c) => c.notNull())
      .addColumn('former_secret', 'text')
      .addColumn('former_until', 'bigint')
      .addColumn('made_by', 'text', (c) => c.notNull())
      .addColumn('since', 'bigint', (c) => c.notNull())
      .addColumn('disabled_at', 'bigint')
      .execute();
    await db.schema.createIndex('webhook_endpoint_store').on('webhook_endpoint').column('store_id').execute();
    await db.schema
      .createTable('event_stream')
      .addColumn('store_id', 'text', (c) => c.primaryKey().references('store.id'))
      .addColumn('seen', 'bigint', (c) => c.notNull())
      .addColumn('last', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('event')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('store_id', 'text', (c) => c.notNull())
      .addColumn('type', 'text', (c) => c.notNull())
      .addColumn('sequence', 'bigint')
      .addColumn('fact', 'bigint')
      .addColumn('data', 'text')
      .addColumn('dedupe_key', 'text', (c) => c.notNull().unique())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('event_at').on('event').column('at').execute();
    await db.schema
      .createTable('webhook_delivery')
      .addColumn('endpoint_id', 'text', (c) => c.notNull())
      .addColumn('event_id', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('attempts', 'integer', (c) => c.notNull())
      .addColumn('outcome', 'text', (c) => c.notNull())
      .addColumn('status', 'integer')
      .addColumn('reason', 'text')
      .addPrimaryKeyConstraint('webhook_delivery_pk', ['endpoint_id', 'event_id'])
      .execute();
    await sql`create index webhook_delivery_latest on webhook_delivery (endpoint_id, at)`.execute(db);
    await db.schema.createIndex('webhook_delivery_at').on('webhook_delivery').column('at').execute();
  },
};
