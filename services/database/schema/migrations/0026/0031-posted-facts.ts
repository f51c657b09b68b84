/** An owner group knows how far the facts had come when it was told last, so that no clock decides what is a correction. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const postedFacts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('owner_group').addColumn('posted_fact', 'bigint').execute();
  },
};
