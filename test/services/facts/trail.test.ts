/** The audit trail on SQLite; its pages are ranges of the indexes, however much else has happened. */
import type { KyselyPlugin } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSqlite, sql, type Database } from '../../../services/database/database.ts';
import { createTrail } from '../../../services/facts/trail.ts';
import { fill, trailSuite } from './trail-suite.ts';

let database: Database;
beforeAll(async () => {
  database = await openSqlite(':memory:');
  await fill(database);
});
afterAll(() => database.close());

trailSuite(() => database);

it('reads a page by the index of times, and decisions by their own, among 100,000 verifications', async () => {
  const { db } = database;
  await sql`with recursive n (i) as (select 1 union all select i + 1 from n where i < 100000)
    insert into fact (stream, sequence, kind, subject, at, detail)
    select 'store:busy', i, 'verification.yes', 'v', 1795000000000 + i, '{}' from n`.execute(db);
  const queries: string[] = [];
  const listening: KyselyPlugin = {
    transformQuery: ({ node, queryId }) => {
      queries.push(db.getExecutor().compileQuery(node, queryId).sql);
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  const trail = createTrail(db.withPlugin(listening));
  const store = { id: 'busy', accountId: 'account', zone: 'Asia/Shanghai', dayEnd: '00:00' };
  const [first] = await trail.page(store, { from: '2026-11-01', to: '2026-12-31' }, 11);
  await trail.page(store, { from: '2026-11-01', to: '2026-12-31' }, 11, { after: first! });
  await trail.page(store, { from: '2026-11-01', to: '2026-12-31' }, 11, { before: first! });
  const plans: string[] = [];
  for (const query of queries) {
    const { rows } = await sql<{ detail: string }>`explain query plan ${sql.raw(query.replaceAll('?', "'x'"))}`.execute(db);
    plans.push(rows[0]!.detail);
  }
  const changes = 'SEARCH fact USING INDEX fact_at (stream=? AND at>? AND at<?)';
  const decisions = 'SEARCH fact USING INDEX fact_decision (stream=? AND at>? AND at<?)';
  expect(plans).toEqual([changes, decisions, changes, decisions, changes, decisions]);
});
