/** What happens is written down as facts, numbered without gaps within a stream; a yes says how certain it is. */
import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const facts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('fact_stream')
      .addColumn('stream', 'text', (c) => c.primaryKey())
      .addColumn('last', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('fact')
      .addColumn('stream', 'text', (c) => c.notNull())
      .addColumn('sequence', 'bigint', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('subject', 'text', (c) => c.notNull())
      .addColumn('from_state', 'text')
      .addColumn('to_state', 'text')
      .addColumn('by_kind', 'text')
      .addColumn('by_id', 'text')
      .addColumn('by_name', 'text')
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('certainty', 'text')
      .addColumn('detail', 'text', (c) => c.notNull())
      .addColumn('seal', 'text')
      .addPrimaryKeyConstraint('fact_pk', ['stream', 'sequence'])
      .execute();
    await db.schema.createIndex('fact_subject').on('fact').column('subject').execute();
    await db.schema.alterTable('verification').addColumn('certainty', 'text').execute();
    await db.schema
      .alterTable('verification')
      .addColumn('by_kind', 'text', (c) => c.notNull().defaultTo('person'))
      .execute();
    await db.schema
      .alterTable('verification')
      .addColumn('epoch', 'integer', (c) => c.notNull().defaultTo(0))
      .execute();
    // Whether the platform's own answer or a question to it said yes was not kept before; that a person did was.
    await sql`update verification set certainty = 'decided' where decided = 1 and state <> 'refused'`.execute(db);
  },
};
