/** The outbox knows kinds of destinations, what keeps its order, and when it gives up; the inbox knows what was said already. */
import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** How long messages of before are tried, ms. */
const WEEK_MS = 7 * 24 * 3_600_000;

export const outboxDestinations: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const alter = (table: 'inbox' | 'outbox') => db.schema.alterTable(table);
    await alter('outbox')
      .addColumn('kind', 'text', (c) => c.notNull().defaultTo('chat'))
      .execute();
    await alter('outbox')
      .addColumn('order_key', 'text', (c) => c.notNull().defaultTo(''))
      .execute();
    await alter('outbox')
      .addColumn('give_up_at', 'bigint', (c) => c.notNull().defaultTo(0))
      .execute();
    await sql`update outbox set order_key = chat_id, give_up_at = created_at + ${sql.lit(WEEK_MS)}`.execute(db);
    await sql`drop index outbox_chat`.execute(db);
    await sql`create index outbox_order on outbox (order_key, seq) where state in ('due', 'sending', 'uncertain')`.execute(db);
    await alter('inbox')
      .addColumn('said', 'text', (c) => c.notNull().defaultTo(''))
      .execute();
  },
};
