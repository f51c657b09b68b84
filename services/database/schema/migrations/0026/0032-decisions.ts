/** Adds an index of people's decisions about coupons, which are few among the facts of a store. */
import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const decisions: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create index fact_decision on fact (stream, at)
      where kind in ('verification.decide-yes', 'verification.decide-no', 'approval.agreed', 'approval.declined')`.execute(db);
  },
};
