/** Owners who remove each other at the same moment, on PostgreSQL. Runs with POSTGRES=1. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPostgres, sql, type Database } from '../../../services/database/database.ts';
import { createEndOwnership } from '../../../services/lifecycle/end-ownership.ts';

const SCHEMA = `owners_${randomBytes(6).toString('hex')}`;
let database: Database;
beforeAll(async () => {
  database = await openPostgres(process.env['POSTGRES_URL'] ?? 'postgres://root@127.0.0.1:5432/test', SCHEMA);
});
afterAll(async () => {
  await sql.raw(`drop schema ${SCHEMA} cascade`).execute(database.db);
  await database.close();
});

it('leave one to own the account, always', async () => {
  const { db } = database;
  const people = ['p1', 'p2', 'p3', 'p4'] as const;
  const { remove } = createEndOwnership({ db, now: () => 1 });
  for (let round = 0; round < 20; round += 1) {
    const id = `a${round}`;
    await db.insertInto('account').values({ id, platform: 'umember', identity: id, sealed: '', created_at: 0 }).execute();
    await db
      .insertInto('owner')
      .values(people.map((person) => ({ account_id: id, person, name: person, since: 0 })))
      .execute();
    const by = (person: string) => ({ kind: 'person', id: person, name: person }) as const;
    const told: string[] = [];
    await Promise.all(
      people.map((person, n) =>
        remove(id, people[(n + 1) % 4]!, by(person), false, async (_, { person: gone }) => void told.push(gone.name)),
      ),
    );
    const left = await db.selectFrom('owner').select('person').where('account_id', '=', id).execute();
    expect(left.length).toBeGreaterThan(0);
    expect(told).toHaveLength(4 - left.length);
  }
});
