/** A verification by a rule knows the message that brought its coupon, so that no clock tells that message from a later one. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const ruleEvents: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('verification').addColumn('event', 'text').execute();
  },
};
