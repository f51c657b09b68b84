/** Owners prove a changed secret, and facts are sealed in a chain. */
import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const owners: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    // Whoever owns an account of an earlier database has proved its password.
    for (const [table, column] of [
      ['account', 'secret_epoch'],
      ['owner', 'proved_epoch'],
    ] as const)
      await db.schema
        .alterTable(table)
        .addColumn(column, 'integer', (c) => c.notNull().defaultTo(0))
        .execute();
    await db.schema.alterTable('account').addColumn('secret_since', 'bigint').execute();
    await sql`create index fact_unsealed on fact (stream, sequence) where seal is null`.execute(db);
    await sql`create index fact_at on fact (stream, at)`.execute(db);
    await db.schema
      .createTable('fact_head')
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('sealed', 'bigint', (c) => c.notNull())
      .addColumn('seal', 'text', (c) => c.notNull())
      .execute();
  },
};
