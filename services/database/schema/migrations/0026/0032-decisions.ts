/** What people decided about coupons is found among all that happened to these, by its own index. */
import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const decisions: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create index fact_decision on fact (stream, at)
      where kind in ('verification.decide-yes', 'verification.decide-no', 'approval.agreed', 'approval.declined')`.execute(db);
  },
};
