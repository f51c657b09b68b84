/** Applies pending migrations. */
import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { migrations } from './migrations.ts';
import type { Tables } from './tables.ts';

/**
 * Brings the schema up to date; idempotent. Instances that start together wait for each other. `schema` (PostgreSQL) is
 * created where it is missing; without it, the same tables in another schema would count as ours.
 */
export async function migrate(db: Kysely<Tables>, schema?: string): Promise<void> {
  const migrator = new Migrator({
    db,
    ...(schema === undefined ? {} : { migrationTableSchema: schema }),
    provider: { getMigrations: () => Promise.resolve(migrations) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error instanceof Error ? error : new Error('the schema could not be brought up to date', { cause: error });
}
