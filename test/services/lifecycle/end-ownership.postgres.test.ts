/** Owners who remove each other, and hand over, at the same moment, on PostgreSQL. Runs with POSTGRES=1. */
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

it('hand over once each, while they are removed and hand over to each other', async () => {
  const { db } = database;
  const { remove, handOver } = createEndOwnership({ db, now: () => 1 });
  const named = (id: string) => ({ kind: 'person', id, name: id }) as const;
  for (let round = 0; round < 20; round += 1) {
    const id = `h${round}`;
    await db.insertInto('account').values({ id, platform: 'umember', identity: id, sealed: '', created_at: 0 }).execute();
    const store = { account_id: id, external_id: '1', name: '店', time_zone: 'Asia/Shanghai', day_end: '00:00', created_at: 0 };
    await db
      .insertInto('store')
      .values({ id: `s${round}`, ...store, last_success_at: null })
      .execute();
    for (const person of ['p1', 'p2'])
      await db.insertInto('owner').values({ account_id: id, person, name: person, since: 0 }).execute();
    await db
      .insertInto('staff')
      .values({ store_id: `s${round}`, person: 'p3', name: 'p3', invited_by: 'p1', since: 0 })
      .execute();
    const told: string[] = [];
    const tell = async (_: unknown, { why, person }: { why: string; person: { name: string } }) =>
      void told.push(`${why} ${person.name}`);
    await Promise.all([
      // A press twice.
      handOver(id, 'p1', named('p3'), tell),
      handOver(id, 'p1', named('p3'), tell),
      handOver(id, 'p2', named('p1'), tell),
      remove(id, 'p2', named('p1'), false, tell),
      remove(id, 'p1', named('p2'), false, tell),
    ]);
    const left = await db.selectFrom('owner').select('person').where('account_id', '=', id).orderBy('person').execute();
    expect(left.length, told.join()).toBeGreaterThan(0);
    expect(told.filter((one) => one === 'handed-over p1').length).toBeLessThanOrEqual(1);
    const facts = await db.selectFrom('fact').select('kind').where('stream', '=', `account:${id}`).execute();
    expect(facts.filter(({ kind }) => kind.startsWith('owner.') && kind !== 'owner.added')).toHaveLength(told.length);
  }
});
