/** Everything that grows has an end: what the sweep leaves of each table, long after and shortly after. */
import { beforeEach, describe, expect, it } from 'vitest';
import { sql } from '../../../services/database/database.ts';
import type { Tables } from '../../../services/database/schema/tables.ts';
import { openHarness, type Harness } from '../../flows/harness.ts';
import { inboxRow, storeRow, verificationRow } from '../../fixtures/rows.ts';

const DAY = 24 * 3_600_000;
const NOON = Date.parse('2028-11-22T12:00:00+08:00');

/** A row that was written or used last at this time. */
type Aged<T extends keyof Tables> = (id: string, at: number) => Partial<Tables[T]>;
type End<T extends keyof Tables> =
  /** Swept so many days after; `row` is one of that age. */
  | { readonly days: number; readonly row: Aged<T> }
  /** Not swept, and why it may stay. */
  | { readonly kept: string };

const MERCHANTS = 'one row for each thing the merchant has; with a practice account that is unused for a month it goes';

const ENDS: { readonly [T in keyof Tables]: End<T> } = {
  account: { kept: MERCHANTS },
  store: { kept: MERCHANTS },
  listing: { kept: MERCHANTS },
  owner: { kept: MERCHANTS },
  staff: { kept: MERCHANTS },
  identity: { kept: 'at most five for each person who has linked several' },
  given_name: { kept: 'one row for each person whom an owner has renamed' },
  self_service: { kept: MERCHANTS },
  place: { kept: MERCHANTS },
  auto_rule: { kept: MERCHANTS },
  owner_group: { kept: 'a subscription; it ends with /report off, with /unbind, and when the chat is gone' },
  chat: {
    days: 365,
    row: (id, at) => ({ id, title: '', is_group: 0, store_id: null, who_may: 'owner', updated_at: at }),
  },
  posted_day: {
    days: 60,
    row: (id, at) => ({ store_id: 'shop', chat_id: id, business_day: new Date(at).toISOString().slice(0, 10), figures: '{}' }),
  },
  day_total: { kept: 'the books of the store: a row for each day with verifications' },
  unconfirmed: {
    days: 30,
    row: (id, at) => ({
      store_id: 'shop',
      business_day: '2026-11-22',
      code_index: id,
      code_tail: id,
      opened_at: at,
      ended_at: at,
    }),
  },
  platform_day: {
    days: 60,
    row: (id, at) => ({ store_id: 'shop', business_day: '2026-11-22', account_id: id, answered: 1, failed: 0, changed_at: at }),
  },
  uptime: { kept: 'a row for each run of the program, of the last 400 days' },
  shift: { kept: 'the books of the store: a row for each hand-over' },
  reconciliation: {
    days: 60,
    row: (id, at) => ({ store_id: 'shop', business_day: id, result: '[]', looks: 1, check_at: null, changed_at: at }),
  },
  // Dropped cards only: the others are the ledger.
  verification: { days: 30, row: (id, at) => verificationRow(id, 'shop', { state: 'dropped', code: id, changed_at: at }) },
  alert: {
    days: 90,
    row: (id, at) => ({ kind: 'quota', cause: id, stores: '[]', facts: '{}', since: at, tell_at: at, told_at: at, over_at: at }),
  },
  alert_setting: { kept: 'one row for each store whose owners have set something' },
  watched_stream: { kept: 'one row for each store' },
  fact: { kept: 'the audit trail of the ledger, which is kept' },
  fact_stream: { kept: 'one row for each store and account, and one for the installation' },
  fact_head: { kept: 'one row for each store and account' },
  webhook_endpoint: { kept: 'at most five for each store, until an owner removes them' },
  event_stream: { kept: 'one row for each store' },
  event: {
    days: 30,
    row: (id, at) => ({ id, store_id: 'shop', type: 'webhook.test', sequence: null, fact: null, data: '{}', dedupe_key: id, at }),
  },
  webhook_delivery: { days: 30, row: (id, at) => ({ endpoint_id: id, event_id: id, at, attempts: 1, outcome: 'delivered' }) },
  // Whatever became of it; who has bound a store by it is known by that.
  application: {
    days: 30,
    row: (id, at) => ({
      id,
      person: id,
      sealed: '',
      state: 'waiting',
      reason: null,
      decided_by: null,
      made_at: at,
      changed_at: at,
    }),
  },
  approval: {
    days: 30,
    row: (id, at) => ({
      id,
      verification_id: id,
      asked_by: '',
      asked_name: '',
      chat_id: '',
      state: 'asked',
      decided_by: null,
      decided_name: null,
      kind: 'undo',
      until: null,
      request: null,
      changed_at: at,
    }),
  },
  inbox: { days: 7, row: (id, at) => ({ ...inboxRow(id, id, 'done'), received_at: at }) },
  outbox: {
    days: 30,
    row: (id, at) => ({
      id,
      seq: at,
      dedupe_key: id,
      chat_id: id,
      sealed: '',
      state: 'sent',
      due_at: 0,
      attempts: 1,
      epoch: 1,
      created_at: at,
    }),
  },
  kv: { days: 0, row: (id, at) => ({ ns: 'card', k: id, v: '', expires: at }) },
  call_slot: { kept: 'written where instances share the database alone, and swept there: shared-slots.postgres.test.ts' },
  lease: { days: 1 / 24, row: (id, at) => ({ name: id, holder: '', until: at }) },
  idempotency: {
    days: 7,
    row: (id, at) => ({ principal: id, key: '', request_hash: '', verification_id: null, response: null, at, claimed_until: 0 }),
  },
  api_key: { kept: `${MERCHANTS}; a revoked one is named by what was done with it` },
  attempt: { days: 0, row: (id, at) => ({ key: id, failures: 1, until: 0, announced: 0, expires: at }) },
};

interface Swept {
  readonly table: keyof Tables;
  readonly days: number;
  readonly row: (id: string, at: number) => object;
}
const swept = Object.entries(ENDS).flatMap(([table, end]): Swept[] =>
  'days' in end ? [{ table: table as keyof Tables, ...end }] : [],
);

let bot: Harness;
beforeEach(async () => {
  bot = await openHarness({ now: NOON });
  const account = { id: 'account', platform: 'umember', identity: 'a', sealed: '', created_at: 0 };
  await bot.database.db.insertInto('account').values(account).execute();
  await bot.database.db.insertInto('store').values(storeRow('shop')).execute();
});

describe('every table', () => {
  it('says how its rows end', async () => {
    const { rows } = await sql<{ name: string }>`select name from sqlite_master
      where type = 'table' and name not like 'sqlite_%' and name not like 'kysely_%'`.execute(bot.database.db);
    expect(rows.map(({ name }) => name).toSorted()).toEqual(Object.keys(ENDS).toSorted());
  });

  it.each(swept)('$table is swept', async ({ table, days, row }) => {
    const { db } = bot.database;
    const [gone, young] = [NOON - days * DAY - DAY - 1, NOON - days * DAY + DAY];
    await db
      .insertInto(table)
      .values([row(`${table} old`, gone), row(`${table} young`, young)] as never)
      .execute();
    await bot.tick('sweep');
    const left = JSON.stringify(await db.selectFrom(table).selectAll().execute());
    expect(left).not.toContain(`${table} old`);
    expect(left).toContain(`${table} young`);
  });

  it('of which a chat that receives summaries stays, however long it has no store', async () => {
    const { db } = bot.database;
    const chat = { title: '老板群', is_group: 1, store_id: null, who_may: 'owner', updated_at: 0 } as const;
    await db
      .insertInto('chat')
      .values({ ...chat, id: 'group' })
      .execute();
    const day = { next_day: '2028-11-22', next_at: NOON + DAY, posted_at: NOON };
    await db
      .insertInto('owner_group')
      .values({ store_id: 'shop', chat_id: 'group', ...day })
      .execute();
    await bot.tick('sweep');
    expect(await db.selectFrom('chat').select('id').where('id', '=', 'group').execute()).toHaveLength(1);
  });
});
