/** Recognises violations of a unique index, of both databases. */

/** True for a violation of a unique index or primary key. SQLite has codes by name, PostgreSQL 23505. */
export function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return error.code === 'SQLITE_CONSTRAINT_UNIQUE' || error.code === 'SQLITE_CONSTRAINT_PRIMARYKEY' || error.code === '23505';
}
