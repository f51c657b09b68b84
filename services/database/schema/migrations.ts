/** The schema, step by step. A step that has landed is never edited; the next change is a new step. */
import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { first } from './migrations/0001-first.ts';
import { attempts } from './migrations/0004-attempts.ts';
import { facts } from './migrations/0005-facts.ts';
import { outboxDestinations } from './migrations/0007-outbox-destinations.ts';
import { retention } from './migrations/0008-retention.ts';
import { principals } from './migrations/0009-principals.ts';
import { owners } from './migrations/0010-owners.ts';
import { placeAndNote } from './migrations/0011-place-and-note.ts';
import { selfService } from './migrations/0012-self-service.ts';
import { webhooks } from './migrations/0013-webhooks.ts';
import { topics } from './migrations/0014-topics.ts';
import { apiKeys } from './migrations/0016-api-keys.ts';
import { approvals } from './migrations/0017-approvals.ts';
import { autoRules } from './migrations/0022-auto-rules.ts';
import { search } from './migrations/0024-search.ts';
import { books } from './migrations/0025-books.ts';
import { ruleEvents } from './migrations/0026/0027-rule-events.ts';
import { platformDays } from './migrations/0026/0029-platform-days.ts';
import { identities } from './migrations/0026/0030-identities.ts';
import { postedFacts } from './migrations/0026/0031-posted-facts.ts';
import { decisions } from './migrations/0026/0032-decisions.ts';
import type { Tables } from './tables.ts';

/** A store has several listings, a press several consumed items; authorisations end; the time of undo counts down on the card. */
const second: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('listing')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('store_id', 'text', (c) => c.notNull().references('store.id'))
      .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
      .addColumn('external_id', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('since', 'bigint', (c) => c.notNull())
      .addColumn('removed_at', 'bigint')
      .execute();
    await sql`create unique index listing_external on listing (account_id, external_id) where removed_at is null`.execute(db);
    await db.schema.createIndex('listing_store').on('listing').column('store_id').execute();
    for (const column of ['ends_at', 'renew_at', 'renewals_left', 'look_at'])
      await db.schema.alterTable('account').addColumn(column, 'bigint').execute();
    await sql`update account set look_at = 0 where platform <> 'practice'`.execute(db);
    await sql`create index account_look on account (look_at) where look_at is not null`.execute(db);
    for (const column of ['listing_id', 'confirmation', 'order_id'])
      await db.schema.alterTable('verification').addColumn(column, 'text').execute();
    await db.schema
      .alterTable('verification')
      .addColumn('items', 'integer', (c) => c.notNull().defaultTo(1))
      .execute();
    await db.schema.alterTable('verification').addColumn('step_at', 'bigint').execute();
    await sql`create index verification_confirmation on verification (confirmation) where confirmation is not null`.execute(db);
    await sql`create index verification_order on verification (store_id, order_id)
      where state = 'undone' and order_id is not null`.execute(db);
    await sql`create index verification_step on verification (step_at) where step_at is not null`.execute(db);
  },
};

/** Claims are numbered, what cannot be handled is put aside, and a summary that cannot be made waits longer each time. */
const third: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const count = async (table: keyof Tables, column: string): Promise<void> =>
      await db.schema
        .alterTable(table)
        .addColumn(column, 'integer', (c) => c.notNull().defaultTo(0))
        .execute();
    await count('inbox', 'epoch');
    await count('outbox', 'epoch');
    await count('owner_group', 'failures');
    await sql`drop index inbox_pending`.execute(db);
    await sql`create index inbox_pending on inbox (chat_id, seq) where state in ('waiting', 'doing')`.execute(db);
    await sql`drop index inbox_done`.execute(db);
    await sql`create index inbox_done on inbox (received_at) where state in ('done', 'dead')`.execute(db);
    await sql`create index inbox_dead on inbox (id) where state = 'dead'`.execute(db);
    await sql`create index outbox_dead on outbox (id) where state = 'dead'`.execute(db);
  },
};

/** All steps, in the order of their names. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-first': first,
  '0002-listings': second,
  '0003-claims': third,
  '0004-attempts': attempts,
  '0005-facts': facts,
  '0007-outbox-destinations': outboxDestinations,
  '0008-retention': retention,
  '0009-principals': principals,
  '0010-owners': owners,
  '0011-place-and-note': placeAndNote,
  '0012-self-service': selfService,
  '0013-webhooks': webhooks,
  '0014-topics': topics,
  '0016-api-keys': apiKeys,
  '0017-approvals': approvals,
  '0022-auto-rules': autoRules,
  '0024-search': search,
  '0025-books': books,
  '0027-rule-events': ruleEvents,
  '0029-platform-days': platformDays,
  '0030-identities': identities,
  '0031-posted-facts': postedFacts,
  '0032-decisions': decisions,
};
