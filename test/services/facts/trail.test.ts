/** The audit trail of a store and of an account: their days, and nobody else's. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSqlite, type Database } from '../../../services/database/database.ts';
import { createFacts, type NewFact } from '../../../services/facts/facts.ts';
import { createTrail } from '../../../services/facts/trail.ts';
import { storeRow } from '../../fixtures/rows.ts';

const at = (time: string): number => Date.parse(`${time}+08:00`);
const DAYS = { from: '2026-11-21', to: '2026-11-22' };

let database: Database;
beforeAll(async () => {
  database = await openSqlite(':memory:');
  const { db } = database;
  const account = { platform: 'umember', sealed: '', created_at: 0 };
  await db
    .insertInto('account')
    .values([
      { ...account, id: 'account', identity: 'a' },
      { ...account, id: 'b', identity: 'b' },
    ])
    .execute();
  await db
    .insertInto('store')
    .values([
      { ...storeRow('s1'), created_at: 0 },
      { ...storeRow('s2'), external_id: '2', created_at: 0 },
    ])
    .execute();
  const facts = createFacts(db);
  const happened = (kind: string, stream: NewFact['stream'], time: string, store?: string): NewFact => ({
    kind,
    stream,
    subject: 'x',
    at: at(time),
    ...(store !== undefined && { detail: { store } }),
  });
  await db.transaction().execute(async (tx) => {
    for (const fact of [
      happened('too early', 'account:account', '2026-11-20T23:59:59'),
      happened('owner.added', 'account:account', '2026-11-21T00:00'),
      happened('staff.joined', 'account:account', '2026-11-21T10:00', 's1'),
      happened('staff.removed', 'account:account', '2026-11-21T11:00', 's2'),
      happened('foreign', 'account:b', '2026-11-21T12:00'),
      happened('verification.yes', 'store:s1', '2026-11-21T09:00'),
      happened('verification.undo', 'store:s2', '2026-11-22T09:00'),
      happened('chat.bound', 'account:account', '2026-11-22T23:59:59', 's1'),
      happened('at night', 'account:account', '2026-11-23T03:00', 's1'),
    ])
      await facts.record(tx, fact);
  });
});
afterAll(() => database.close());

const store = { id: 's1', accountId: 'account', zone: 'Asia/Shanghai', dayEnd: '00:00' };
const kinds = (found: readonly { kind: string }[]): string[] => found.map(({ kind }) => kind);

it('of a store: what happened there, and to its account as a whole', async () => {
  expect(kinds(await createTrail(database.db).ofStore(store, DAYS))).toEqual([
    'owner.added',
    'verification.yes',
    'staff.joined',
    'chat.bound',
  ]);
});

it('of a store by its own business days', async () => {
  const night = await createTrail(database.db).ofStore({ ...store, dayEnd: '05:00' }, { from: '2026-11-22', to: '2026-11-22' });
  expect(kinds(night)).toEqual(['chat.bound', 'at night']);
});

it('of an account: all its stores, by calendar days', async () => {
  expect(kinds(await createTrail(database.db).ofAccount('account', 'Asia/Shanghai', DAYS))).toEqual([
    'owner.added',
    'verification.yes',
    'staff.joined',
    'staff.removed',
    'verification.undo',
    'chat.bound',
  ]);
});
