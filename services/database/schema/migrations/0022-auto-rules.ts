/** Owners make rules by which coupons are verified without a press, and agree to verifications outside the opening hours. */
import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const autoRules: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('auto_rule')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('store_id', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('is_on', 'integer', (c) => c.notNull())
      .addColumn('revision', 'integer', (c) => c.notNull())
      .addColumn('deals', 'text')
      .addColumn('people', 'text', (c) => c.notNull())
      .addColumn('week', 'text', (c) => c.notNull())
      .addColumn('per_day', 'integer', (c) => c.notNull())
      .addColumn('made_by', 'text', (c) => c.notNull())
      .addColumn('made_name', 'text', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('changed_at', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('auto_rule_store').on('auto_rule').columns(['store_id', 'created_at']).execute();
    for (const column of ['reading', 'sender_kind', 'sender', 'sender_name'])
      await db.schema.alterTable('verification').addColumn(column, 'text').execute();
    await sql`create index verification_by_rule on verification (person, business_day)
      where by_kind = 'rule'`.execute(db);
    await db.schema
      .alterTable('self_service')
      .addColumn('ask_closed', 'text', (c) => c.notNull().defaultTo(''))
      .execute();
    await db.schema
      .alterTable('approval')
      .addColumn('kind', 'text', (c) => c.notNull().defaultTo('undo'))
      .execute();
    await db.schema.alterTable('approval').addColumn('until', 'bigint').execute();
    await db.schema.alterTable('approval').addColumn('request', 'text').execute();
    await sql`create index approval_until on approval (until) where state = 'asked' and until is not null`.execute(db);
  },
};
