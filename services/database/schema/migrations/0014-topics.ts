/** Summaries go to the topic of a group in which they were asked for. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const topics: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('owner_group').addColumn('topic', 'text').execute();
  },
};
