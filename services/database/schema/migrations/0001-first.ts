/** The first schema. */
import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Tables } from '../tables.ts';

export const first: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const create = (name: keyof Tables) => db.schema.createTable(name);
    await create('account')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('platform', 'text', (c) => c.notNull())
      .addColumn('identity', 'text', (c) => c.notNull())
      .addColumn('sealed', 'text', (c) => c.notNull())
      .addColumn('refused_at', 'bigint')
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addUniqueConstraint('account_identity', ['platform', 'identity'])
      .execute();
    await create('store')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
      .addColumn('external_id', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('time_zone', 'text', (c) => c.notNull())
      .addColumn('day_end', 'text', (c) => c.notNull())
      .addColumn('last_success_at', 'bigint')
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addUniqueConstraint('store_external', ['account_id', 'external_id'])
      .execute();
    await create('owner')
      .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
      .addColumn('person', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('since', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('owner_pk', ['account_id', 'person'])
      .execute();
    await db.schema.createIndex('owner_person').on('owner').column('person').execute();
    await create('staff')
      .addColumn('store_id', 'text', (c) => c.notNull().references('store.id'))
      .addColumn('person', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('invited_by', 'text', (c) => c.notNull())
      .addColumn('since', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('staff_pk', ['store_id', 'person'])
      .execute();
    await create('chat')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('title', 'text', (c) => c.notNull())
      .addColumn('is_group', 'integer', (c) => c.notNull())
      .addColumn('store_id', 'text', (c) => c.references('store.id'))
      .addColumn('who_may', 'text', (c) => c.notNull())
      .addColumn('bound_by', 'text')
      .addColumn('locale', 'text')
      .addColumn('updated_at', 'bigint', (c) => c.notNull())
      .execute();
    await create('owner_group')
      .addColumn('store_id', 'text', (c) => c.notNull().references('store.id'))
      .addColumn('chat_id', 'text', (c) => c.notNull())
      .addColumn('next_day', 'text', (c) => c.notNull())
      .addColumn('next_at', 'bigint', (c) => c.notNull())
      .addColumn('posted_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('owner_group_pk', ['store_id', 'chat_id'])
      .execute();
    await db.schema.createIndex('owner_group_due').on('owner_group').column('next_at').execute();
    await create('posted_day')
      .addColumn('store_id', 'text', (c) => c.notNull())
      .addColumn('chat_id', 'text', (c) => c.notNull())
      .addColumn('business_day', 'text', (c) => c.notNull())
      .addColumn('figures', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('posted_day_pk', ['store_id', 'chat_id', 'business_day'])
      .execute();
    await create('verification')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('store_id', 'text', (c) => c.notNull().references('store.id'))
      .addColumn('code', 'text', (c) => c.notNull())
      .addColumn('code_tail', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('title', 'text', (c) => c.notNull())
      .addColumn('price', 'bigint')
      .addColumn('remaining', 'integer', (c) => c.notNull())
      .addColumn('count', 'integer', (c) => c.notNull())
      .addColumn('amount', 'bigint')
      .addColumn('coupon', 'text', (c) => c.notNull())
      .addColumn('chat_id', 'text', (c) => c.notNull())
      .addColumn('card', 'text')
      .addColumn('opened_at', 'bigint', (c) => c.notNull())
      .addColumn('person', 'text')
      .addColumn('person_name', 'text')
      .addColumn('request_id', 'text', (c) => c.unique())
      .addColumn('submitted_at', 'bigint')
      .addColumn('business_day', 'text')
      .addColumn('settled_at', 'bigint')
      .addColumn('refusal', 'text')
      .addColumn('receipt_handle', 'text')
      .addColumn('undo_until', 'bigint')
      .addColumn('undo_request_id', 'text')
      .addColumn('undo_by', 'text')
      .addColumn('undone_at', 'bigint')
      .addColumn('new_code', 'text')
      .addColumn('check_at', 'bigint')
      .addColumn('asked', 'integer', (c) => c.notNull())
      .addColumn('notes', 'text', (c) => c.notNull())
      .addColumn('decided', 'integer', (c) => c.notNull())
      .addColumn('changed_at', 'bigint', (c) => c.notNull())
      .execute();
    // The law "at most one submitting or unsure verification per store and code", enforced by the database.
    await sql`create unique index verification_in_flight on verification (store_id, code)
      where state in ('submitting', 'unsure', 'person', 'undoing', 'undo-unsure')`.execute(db);
    await sql`create index verification_code on verification (store_id, code, submitted_at)`.execute(db);
    await sql`create index verification_tail on verification (store_id, code_tail, submitted_at)`.execute(db);
    await sql`create index verification_day on verification (store_id, business_day, submitted_at, person_name, title)
      where business_day is not null`.execute(db);
    await sql`create index verification_changed on verification (store_id, changed_at)
      where business_day is not null`.execute(db);
    await sql`create index verification_check on verification (check_at) where check_at is not null`.execute(db);
    await create('inbox')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('seq', 'bigint', (c) => c.notNull())
      .addColumn('chat_id', 'text', (c) => c.notNull())
      .addColumn('sealed', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('attempts', 'integer', (c) => c.notNull())
      .addColumn('until', 'bigint', (c) => c.notNull())
      .addColumn('received_at', 'bigint', (c) => c.notNull())
      .execute();
    // One event at a time per chat, enforced by the database.
    await sql`create unique index inbox_doing on inbox (chat_id) where state = 'doing'`.execute(db);
    await sql`create index inbox_pending on inbox (chat_id, seq) where state <> 'done'`.execute(db);
    await sql`create index inbox_done on inbox (received_at) where state = 'done'`.execute(db);
    await create('outbox')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('seq', 'bigint', (c) => c.notNull())
      .addColumn('dedupe_key', 'text', (c) => c.notNull().unique())
      .addColumn('chat_id', 'text', (c) => c.notNull())
      .addColumn('sealed', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('due_at', 'bigint', (c) => c.notNull())
      .addColumn('attempts', 'integer', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .execute();
    await sql`create index outbox_due on outbox (due_at) where state in ('due', 'sending', 'uncertain')`.execute(db);
    await sql`create index outbox_chat on outbox (chat_id, seq) where state in ('due', 'sending', 'uncertain')`.execute(db);
    await create('kv')
      .addColumn('ns', 'text', (c) => c.notNull())
      .addColumn('k', 'text', (c) => c.notNull())
      .addColumn('v', 'text', (c) => c.notNull())
      .addColumn('expires', 'bigint')
      .addPrimaryKeyConstraint('kv_pk', ['ns', 'k'])
      .execute();
    await sql`create index kv_expires on kv (expires) where expires is not null`.execute(db);
    await create('call_slot')
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('slot', 'integer', (c) => c.notNull())
      .addColumn('free_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('call_slot_pk', ['account', 'slot'])
      .execute();
    await create('lease')
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('holder', 'text', (c) => c.notNull())
      .addColumn('until', 'bigint', (c) => c.notNull())
      .execute();
  },
};
