/** Two instances on one PostgreSQL: what one process cannot show. Runs with POSTGRES=1. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { firstStoreAccount, type Store as Shop } from '../../../services/accounts/stores.ts';
import { openPostgres, sql, type Database } from '../../../services/database/database.ts';
import { createCollections } from '../../../services/database/collections.ts';
import { createSeal } from '../../../services/database/seal.ts';
import { createFacts } from '../../../services/facts/facts.ts';
import { createIdempotency } from '../../../services/verification/idempotency.ts';
import { createDesk, type Desk } from '../../../services/verification/desk.ts';
import { createRecheck } from '../../../services/verification/recheck.ts';
import { createRepository } from '../../../services/verification/repository/repository.ts';
import { OPEN_MS, type OpenCard, type Verification } from '../../../services/verification/verification.ts';
import { createFakeUpstream } from '../../doubles/fake-upstream.ts';
import { openShops, type Shops } from './harness.ts';
import { systemTime } from '../../../services/time/time.ts';

const URL = 'postgres://root@127.0.0.1:5432/test';
const schema = `hexiao_${randomBytes(6).toString('hex')}`;

let shops: Shops;
let second: Database;
beforeAll(async () => {
  shops = await openShops(() => openPostgres(URL, schema));
  second = await openPostgres(URL, schema);
});
afterAll(async () => {
  vi.useRealTimers();
  await Promise.all([shops.database.close(), second.close()]);
  const client = new pg.Client({ connectionString: URL });
  await client.connect();
  await client.query(`drop schema ${schema} cascade`);
  await client.end();
});

/** Two desks and their jobs, each on connections of its own, in front of one platform. */
async function twoDesks(uses: number) {
  await shops.database.db.deleteFrom('verification').execute();
  const calls: string[] = [];
  const told: Verification[] = [];
  const outside = createFakeUpstream({ exact: true, renews: false, called: async (_, id) => void calls.push(id) });
  outside.ticket('1000000001', uses);
  const desks = [shops.database, second].map(({ db }) => {
    const shared = {
      db,
      repository: createRepository(db),
      client: () => Promise.resolve(outside.client),
      store: (id: string) => Promise.resolve(shops.shops.find((one) => one.id === id)!),
      stores: {
        storeAccounts: (one: Shop) => Promise.resolve([firstStoreAccount(one)]),
        storeAccount: (one: Shop) => Promise.resolve(firstStoreAccount(one)),
      },
      now: Date.now,
      sleep: () => Promise.resolve(),
      onDefect: () => undefined,
      obstacle: () => Promise.resolve(undefined),
      staffObstacle: () => Promise.resolve(undefined),
      ruleFor: () => Promise.resolve(undefined),
      announce: () => Promise.resolve(),
      notify: (_: unknown, settled: Verification) => Promise.resolve(void told.push(settled)),
    };
    const cards = createCollections(db, createSeal(Buffer.alloc(32, 1)), () => Date.now())<OpenCard>('card', OPEN_MS);
    const desk = createDesk({
      ...shared,
      idempotency: createIdempotency({ db: shared.db, now: shared.now }),
      timeout: systemTime.timeout,
      cards,
      newId: () => randomBytes(8).toString('hex'),
    });
    return { desk, recheck: createRecheck(shared) };
  });
  const press = async (desk: Desk, id: string, n: number) => {
    const begun = await desk.begin(id, { kind: 'person', id: `telegram:${n}`, name: `${n}` }, 1, undefined);
    if (begun.kind === 'begun') await desk.submit(begun.verification);
    return begun;
  };
  const lookup = async (n: number): Promise<string> => {
    const shown = await desks[n % 2]!.desk.lookup(shops.shops[0], '1000000001', 'telegram:1');
    if (shown.kind !== 'open') throw new Error(`not open: ${shown.kind}`);
    return shown.card.id;
  };
  const rows = () => shops.database.db.selectFrom('verification').selectAll().execute();
  return { outside, desks, calls, told, press, lookup, rows };
}

describe('two instances', () => {
  it('make one call of 64 presses on one card', async () => {
    const { desks, calls, press, lookup } = await twoDesks(1);
    const id = await lookup(0);
    const begun = await Promise.all(Array.from({ length: 64 }, (_, n) => press(desks[n % 2]!.desk, id, n)));
    expect(begun.map(({ kind }) => kind).toSorted()).toEqual([...Array<string>(63).fill('already'), 'begun']);
    expect(calls).toHaveLength(1);
  });

  it('make one call of ten cards of one coupon, each pressed on both', async () => {
    const { desks, calls, press, lookup, rows } = await twoDesks(1);
    const ids = await Promise.all(Array.from({ length: 10 }, (_, n) => lookup(n)));
    await Promise.all(ids.flatMap((id, n) => desks.map(({ desk }) => press(desk, id, n))));
    expect(calls).toHaveLength(1);
    expect((await rows()).map(({ state }) => state)).toEqual(['verified']);
  });

  it('consume one of several uses when ten cards of it are pressed at once', async () => {
    const { desks, calls, press, lookup } = await twoDesks(3);
    const ids = await Promise.all(Array.from({ length: 10 }, (_, n) => lookup(n)));
    vi.setSystemTime(Date.now() + 1);
    await Promise.all(ids.map((id, n) => press(desks[n % 2]!.desk, id, n)));
    expect(calls).toHaveLength(1);
  });

  it('serialise confirmations of a store: a slow one is not overtaken by a whole verification', async () => {
    const { desks, calls, press, lookup, rows } = await twoDesks(1);
    await sql`create or replace function dawdle() returns trigger language plpgsql as $$
      begin perform pg_sleep(0.3); return new; end $$`.execute(second.db);
    await sql`create trigger dawdle before insert on verification for each row
      when (new.person = 'telegram:99') execute function dawdle()`.execute(second.db);
    try {
      const [slow, quick] = [await lookup(0), await lookup(1)];
      const first = press(desks[0]!.desk, slow, 99);
      await expect
        .poll(async () => (await sql`select 1 from pg_stat_activity where wait_event = 'PgSleep'`.execute(second.db)).rows.length)
        .toBe(1);
      const begun = await Promise.all([first, press(desks[1]!.desk, quick, 1)]);
      expect(begun.map(({ kind }) => kind)).toEqual(['begun', 'already']);
      expect(calls).toHaveLength(1);
      expect((await rows()).map(({ state }) => state)).toEqual(['verified']);
    } finally {
      await sql`drop trigger dawdle on verification`.execute(second.db);
    }
  });

  it('make one call of ten cards of one coupon, half of them in another store of the merchant', async () => {
    const { desks, calls, press } = await twoDesks(1);
    const ids: string[] = [];
    for (let n = 0; n < 10; n++) {
      const shown = await desks[n % 2]!.desk.lookup(shops.shops[(n % 2) as 0 | 1], '1000000001', 'telegram:1');
      if (shown.kind === 'open') ids.push(shown.card.id);
    }
    expect(ids).toHaveLength(10);
    vi.setSystemTime(Date.now() + 1);
    await Promise.all(ids.map((id, n) => press(desks[n % 2]!.desk, id, n)));
    expect(calls).toHaveLength(1);
  });

  it('number the facts of a store without gaps, whoever writes them', async () => {
    const { desks, lookup } = await twoDesks(1);
    const facts = createFacts(second.db);
    const stream = `store:${shops.shops[0].id}` as const;
    const before = (await facts.read(stream, 0, 10_000)).length;
    const ids = await Promise.all(Array.from({ length: 40 }, (_, n) => lookup(n)));
    await Promise.all(ids.map((id, n) => desks[n % 2]!.desk.drop(id, { kind: 'person', id: `telegram:${n}`, name: `${n}` })));
    const all = await facts.read(stream, 0, 10_000);
    expect(all).toHaveLength(before + 40);
    expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, n) => n + 1));
  });

  it('confirm or drop a card, never both', async () => {
    const { desks, press, lookup, rows } = await twoDesks(1);
    for (let round = 0; round < 10; round++) {
      const id = await lookup(round);
      const ended = await Promise.all([
        press(desks[0]!.desk, id, 1),
        desks[1]!.desk.drop(id, { kind: 'person', id: 'telegram:2', name: '2' }),
      ]);
      expect(ended.map(({ kind }) => kind).toSorted()).toEqual(['already', 'begun']);
      if ((await rows()).some(({ state }) => state === 'verified')) return;
    }
  });

  it('query a lost answer once and notify once', async () => {
    const { outside, desks, press, lookup, rows, told } = await twoDesks(1);
    outside.order('lost-after');
    await press(desks[0]!.desk, await lookup(0), 1);
    vi.setSystemTime(Date.now() + 1_000);
    const asked = await Promise.all(Array.from({ length: 8 }, (_, n) => desks[n % 2]!.recheck()));
    expect(asked.reduce((sum, n) => sum + n, 0)).toBe(1);
    expect(told.map(({ state }) => state)).toEqual(['verified']);
    expect((await rows()).map(({ state }) => state)).toEqual(['verified']);
  });
});
