/** Applications of people who want to bind a store here for the first time, and undos that an owner has to agree to. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const approvals: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('application')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('person', 'text', (c) => c.notNull().unique())
      .addColumn('sealed', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('reason', 'text')
      .addColumn('decided_by', 'text')
      .addColumn('made_at', 'bigint', (c) => c.notNull())
      .addColumn('changed_at', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('application_changed').on('application').column('changed_at').execute();
    await db.schema
      .createTable('approval')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('verification_id', 'text', (c) => c.notNull())
      .addColumn('asked_by', 'text', (c) => c.notNull())
      .addColumn('asked_name', 'text', (c) => c.notNull())
      .addColumn('chat_id', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('decided_by', 'text')
      .addColumn('decided_name', 'text')
      .addColumn('changed_at', 'bigint', (c) => c.notNull())
      .addUniqueConstraint('approval_once', ['verification_id', 'asked_by'])
      .execute();
    await db.schema.createIndex('approval_changed').on('approval').column('changed_at').execute();
  },
};
