/** A person links the identities that several channels know him by. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const identities: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('identity')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('person', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('since', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('identity_person').on('identity').column('person').execute();
  },
};
