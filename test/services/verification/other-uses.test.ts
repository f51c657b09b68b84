/** What the ledger knows of a coupon's other uses, when the platform is asked about a lost one. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSqlite, type Database } from '../../../services/database/database.ts';
import { createReads } from '../../../services/verification/repository/reads.ts';
import { accountRow, storeRow, verificationRow } from '../../fixtures/rows.ts';
import { NOON } from './harness.ts';

let database: Database;
beforeEach(async () => {
  database = await openSqlite(':memory:');
  const { db } = database;
  await db.insertInto('account').values(accountRow('account', 'umember')).execute();
  await db.insertInto('store').values(storeRow('s1')).execute();
});
afterEach(() => database.close());

it.each([
  ['before the card was shown', NOON - 700_000, false],
  ['before it, by another clock perhaps after it', NOON - 500_000, true],
  ['since', NOON + 1_000, true],
] as const)('a use that was undone %s', async (_, undone_at, undoneSince) => {
  const other = verificationRow('v1', 's1', { state: 'undone', receipt_handle: '{"verification":"1"}', undone_at });
  await database.db.insertInto('verification').values(other).execute();
  const shown = { id: 'v2', storeId: 's1', code: other.code, openedAt: NOON };
  expect(await createReads(database.db).otherUses(database.db, shown)).toEqual({ booked: ['{"verification":"1"}'], undoneSince });
});
