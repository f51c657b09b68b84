/** In flight is per merchant and code; decisions and refused undos have columns of their own; requests can be repeated safely. */
import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const principals: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const column of ['account_id', 'decided_by', 'undo_refusal'])
      await db.schema.alterTable('verification').addColumn(column, 'text').execute();
    await sql`update verification set account_id = (select account_id from store where store.id = verification.store_id)`.execute(
      db,
    );
    const inFlight = sql`('submitting', 'unsure', 'person', 'undoing', 'undo-unsure')`;
    // Two stores of an account might have the same code in flight; that was allowed, so only the first of them holds it.
    await sql`update verification set account_id = null
      where state in ${inFlight} and exists (select 1 from verification as first where first.account_id = verification.account_id
        and first.code = verification.code and first.state in ${inFlight} and first.id < verification.id)`.execute(db);
    await sql`drop index verification_in_flight`.execute(db);
    // The code comes first: it is looked for in all stores of a merchant.
    await sql`create unique index verification_in_flight on verification (code, account_id)
      where state in ('submitting', 'unsure', 'person', 'undoing', 'undo-unsure')`.execute(db);
    // A refused undo, and the words of a lost one, stood in the verification's own refusal.
    await sql`update verification set undo_refusal = refusal, refusal = null
      where state in ('verified', 'undoing', 'undo-unsure', 'undone') and refusal is not null`.execute(db);
    await sql`update verification set decided_by = undo_by where decided = 1`.execute(db);
    await db.schema
      .createTable('idempotency')
      .addColumn('principal', 'text', (c) => c.notNull())
      .addColumn('key', 'text', (c) => c.notNull())
      .addColumn('request_hash', 'text', (c) => c.notNull())
      .addColumn('verification_id', 'text')
      .addColumn('response', 'text')
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('claimed_until', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('idempotency_pk', ['principal', 'key'])
      .execute();
    await db.schema.createIndex('idempotency_at').on('idempotency').column('at').execute();
  },
};
