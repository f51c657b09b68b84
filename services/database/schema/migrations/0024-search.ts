/** Verifications are found by a coupon's other code, by what was sold, by whom, where, what was said beside the code, and what became of it. */
import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const search: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const column of ['other_code', 'other_tail'])
      await db.schema.alterTable('verification').addColumn(column, 'text').execute();
    await sql`create index verification_other_code on verification (store_id, other_code, submitted_at)
      where other_code is not null`.execute(db);
    await sql`create index verification_other_tail on verification (store_id, other_tail, submitted_at)
      where other_tail is not null`.execute(db);
    // The distinct values of the first column after the store are read by skipping through the index.
    await sql`create index verification_title on verification (store_id, title, business_day, submitted_at)
      where business_day is not null`.execute(db);
    await sql`create index verification_person on verification (store_id, person_name, business_day, submitted_at, title)
      where business_day is not null and by_kind <> 'customer'`.execute(db);
    await sql`create index verification_place on verification (store_id, place, business_day, submitted_at)
      where business_day is not null and place is not null`.execute(db);
    // Names of customers and notes are too many to be told apart. By the store alone SQLite would take the index of days.
    await sql`create index verification_said on verification (
      (case when note is not null or by_kind = 'customer' then store_id end), business_day, submitted_at, by_kind, person_name, note)
      where business_day is not null and (note is not null or by_kind = 'customer')`.execute(db);
    // All but the many that were simply verified.
    await sql`create index verification_state on verification (store_id, state, business_day, submitted_at, person_name, title)
      where business_day is not null and state <> 'verified'`.execute(db);
    await sql`create index verification_undo_refused on verification (store_id, business_day, submitted_at)
      where undo_refusal is not null`.execute(db);
  },
};
