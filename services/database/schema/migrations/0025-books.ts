/** The books keep the outcome of comparing a closed day with the platforms' own lists, the hand-overs of shifts, and the sums of days. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { sql } from 'kysely';

export const books: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('reconciliation')
      .addColumn('store_id', 'text', (c) => c.notNull())
      .addColumn('business_day', 'text', (c) => c.notNull())
      .addColumn('result', 'text')
      .addColumn('looks', 'integer', (c) => c.notNull())
      .addColumn('check_at', 'bigint')
      .addColumn('changed_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('reconciliation_day', ['store_id', 'business_day'])
      .execute();
    await sql`create index reconciliation_check on reconciliation (check_at) where check_at is not null`.execute(db);
    await db.schema.createIndex('reconciliation_changed').on('reconciliation').column('changed_at').execute();
    await db.schema
      .createTable('shift')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('store_id', 'text', (c) => c.notNull())
      .addColumn('since', 'bigint', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('from_person', 'text', (c) => c.notNull())
      .addColumn('from_name', 'text', (c) => c.notNull())
      .addColumn('to_person', 'text')
      .addColumn('to_name', 'text')
      .addColumn('figures', 'text', (c) => c.notNull())
      .addUniqueConstraint('shift_once', ['store_id', 'since'])
      .execute();
    await db.schema.createIndex('shift_store').on('shift').columns(['store_id', 'at']).execute();
    await dayTotals(db);
    await silentDays(db);
    await holidayHours(db);
    await alerts(db);
    await summaryExtras(db);
    await storeSettings(db);
    await people(db);
  },
};

/** What owners set for a store, and the calendars it had before. */
async function storeSettings(db: Kysely<unknown>): Promise<void> {
  for (const [column, value] of [
    ['may_undo', 'verifier'],
    ['group_codes', 'auto'],
    ['calendars', '[]'],
  ] as const)
    await db.schema
      .alterTable('store')
      .addColumn(column, 'text', (c) => c.notNull().defaultTo(value))
      .execute();
}

/** A year of the books is read from the sums of its closed days. */
async function dayTotals(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('day_total')
    .addColumn('store_id', 'text', (c) => c.notNull())
    .addColumn('business_day', 'text', (c) => c.notNull())
    .addColumn('count', 'integer', (c) => c.notNull())
    .addColumn('total', 'bigint', (c) => c.notNull())
    .addColumn('unpriced', 'integer', (c) => c.notNull())
    .addColumn('undone', 'integer', (c) => c.notNull())
    .addColumn('undone_total', 'bigint', (c) => c.notNull())
    .addColumn('refused', 'integer', (c) => c.notNull())
    .addColumn('unsure', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('day_total_pk', ['store_id', 'business_day'])
    .execute();
  await db.schema
    .alterTable('store')
    .addColumn('totals_until', 'bigint', (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema.createIndex('store_totals').on('store').column('totals_until').execute();
}

/** Stores and rules have hours of their own on public holidays. */
async function holidayHours(db: Kysely<unknown>): Promise<void> {
  for (const table of ['self_service', 'auto_rule']) await db.schema.alterTable(table).addColumn('holidays', 'text').execute();
}

/** Owners are told of a cause once until it is over, and not in the quiet hours of their store. */
async function alerts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('alert')
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('cause', 'text', (c) => c.notNull())
    .addColumn('account_id', 'text')
    .addColumn('stores', 'text', (c) => c.notNull())
    .addColumn('facts', 'text', (c) => c.notNull())
    .addColumn('since', 'bigint', (c) => c.notNull())
    .addColumn('tell_at', 'bigint', (c) => c.notNull())
    .addColumn('told_at', 'bigint')
    .addColumn('over_at', 'bigint')
    .addPrimaryKeyConstraint('alert_cause', ['kind', 'cause'])
    .execute();
  await sql`create index alert_untold on alert (tell_at) where told_at is null and over_at is null`.execute(db);
  await db.schema
    .createTable('alert_setting')
    .addColumn('store_id', 'text', (c) => c.primaryKey())
    .addColumn('off', 'text', (c) => c.notNull())
    .addColumn('quiet', 'text')
    .execute();
  await db.schema
    .createTable('watched_stream')
    .addColumn('stream', 'text', (c) => c.primaryKey())
    .addColumn('seen', 'bigint', (c) => c.notNull())
    .execute();
  // What happened before this program is nobody's news.
  await sql`insert into watched_stream (stream, seen) select stream, last from fact_stream where stream like 'store:%'`.execute(
    db,
  );
}

/** A summary tells codes that were looked up and never confirmed, and when the program did not run. */
async function silentDays(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('unconfirmed')
    .addColumn('store_id', 'text', (c) => c.notNull())
    .addColumn('business_day', 'text', (c) => c.notNull())
    .addColumn('code_index', 'text', (c) => c.notNull())
    .addColumn('code_tail', 'text', (c) => c.notNull())
    .addColumn('opened_at', 'bigint', (c) => c.notNull())
    .addColumn('ended_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('unconfirmed_pk', ['store_id', 'business_day', 'code_index'])
    .execute();
  await db.schema.createIndex('unconfirmed_ended').on('unconfirmed').column('ended_at').execute();
  await db.schema
    .createTable('uptime')
    .addColumn('since', 'bigint', (c) => c.primaryKey())
    .addColumn('until', 'bigint', (c) => c.notNull())
    .execute();
}

/** People have the names that owners gave them. */
async function people(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('given_name')
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('person', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('given_name_pk', ['account_id', 'person'])
    .execute();
}

/** A chat says whether a picture, and the week's and the month's figures, come with its summaries. */
async function summaryExtras(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('owner_group')
    .addColumn('picture', 'text', (c) => c.notNull().defaultTo('light'))
    .execute();
  await db.schema
    .alterTable('owner_group')
    .addColumn('periods', 'text', (c) => c.notNull().defaultTo('none'))
    .execute();
}
