/** A verification knows the place it was confirmed at, and a note that came with the code. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const placeAndNote: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const column of ['place_id', 'place', 'note'])
      await db.schema.alterTable('verification').addColumn(column, 'text').execute();
  },
};
