/** What is kept for a time only is found by its age: days that were posted, cards that were dropped, chats that were let go. */
import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const retention: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.createIndex('posted_day_age').on('posted_day').column('business_day').execute();
    await sql`create index verification_dropped on verification (changed_at) where state = 'dropped'`.execute(db);
    await sql`create index chat_unbound on chat (updated_at) where store_id is null`.execute(db);
  },
};
