/** PostgreSQL: the contract, and what only a server can suffer. Runs with POSTGRES=1. */
import { randomBytes } from 'node:crypto';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { createFactChain } from '../../../services/facts/fact-chain.ts';
import { sweepPractice } from '../../../services/lifecycle/practice-sweep.ts';
import { createReadPage } from '../../../services/ledger/pages.ts';
import { openPostgres, type Database } from '../../../services/database/database.ts';
import { prepared } from '../../../services/database/prepared.ts';
import { claimClock } from '../../../services/database/queues/claim.ts';
import { CLAIM_MS, createInboxRows } from '../../../services/database/queues/inbox.ts';
import { createLeases } from '../../../services/database/locks/leases.ts';
import { createOutbox } from '../../../services/database/queues/outbox.ts';
import { createSeal } from '../../../services/database/seal.ts';
import type { Tables } from '../../../services/database/schema/tables.ts';
import { interleavingsContract } from '../../contracts/interleavings.ts';
import { queuesContract } from '../../contracts/queues.ts';
import { storeRow } from '../../fixtures/rows.ts';
import { databaseContract, type TestDatabase } from '../../contracts/database.ts';
import { systemTime } from '../../../services/time/time.ts';

const URL = 'postgres://root@127.0.0.1:5432/test';

const server = async (query: string): Promise<readonly unknown[]> => {
  const client = new pg.Client({ connectionString: URL });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(query)).rows;
  } finally {
    await client.end();
  }
};

/** A schema of its own, which `openPostgres` makes. */
const make = (): Promise<TestDatabase & { readonly schema: string }> => {
  const schema = `hexiao_${randomBytes(6).toString('hex')}`;
  return Promise.resolve({
    schema,
    open: () => openPostgres(URL, schema),
    async bare() {
      await server(`create schema ${schema}`);
      const pool = new pg.Pool({ connectionString: URL, options: `-c search_path=${schema}` });
      return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
    },
    remove: async () => void (await server(`drop schema if exists ${schema} cascade`)),
  });
};

databaseContract('PostgreSQL', make);
queuesContract('queues on PostgreSQL', make);
interleavingsContract('two instances at the queues, on PostgreSQL', make, 30);

describe('a PostgreSQL schema', () => {
  const databases: TestDatabase[] = [];
  const open: Database[] = [];
  const made = async (): Promise<TestDatabase & { readonly schema: string }> => {
    const target = await make();
    databases.push(target);
    return target;
  };
  const opened = async (target: TestDatabase): Promise<Database> => {
    const database = await target.open();
    open.push(database);
    return database;
  };
  afterEach(async () => {
    await Promise.all(open.splice(0).map((database) => database.close()));
    await Promise.all(databases.splice(0).map((target) => target.remove()));
  });

  it('gets no null characters in queries, which it refuses', async () => {
    const { db } = await opened(await made());
    expect(await createReadPage(db)('store', { words: [['小\0王']] }, 5)).toEqual([]);
  });

  it('is created once by instances that start together', async () => {
    const target = await made();
    const stores = await Promise.all([1, 2, 3, 4].map(() => opened(target)));
    for (const [n, { db }] of stores.entries())
      await db
        .insertInto('kv')
        .values({ ns: '', k: `${n}`, v: '', expires: null })
        .execute();
    expect(await stores[0]!.db.selectFrom('kv').select('k').execute()).toHaveLength(4);
  });

  it('is swept of practice accounts', async () => {
    const { db } = await opened(await made());
    const account = { id: 'account', platform: 'practice', identity: 'a', sealed: '', created_at: 0 };
    await db.insertInto('account').values(account).execute();
    await db
      .insertInto('store')
      .values({ ...storeRow('shop'), created_at: 0 })
      .execute();
    expect(await sweepPractice(db, Date.now(), createFactChain({ db, key: Buffer.alloc(32, 7), sleep: systemTime.sleep }))).toBe(
      1,
    );
    expect(await db.selectFrom('store').selectAll().execute()).toEqual([]);
  });

  it('waits for the disk at every commit but those of relaxed writes alone', async () => {
    const { db } = await opened(await made());
    const v = sql<string>`current_setting('synchronous_commit')`;
    const build = ({ k }: { k: string }) => db.insertInto('kv').values({ ns: 'test', k, v, expires: null });
    const [relaxed, usual] = [prepared(db, build, 'relaxed'), prepared(db, build)];
    await Promise.all([relaxed({ k: '1' }), usual({ k: '2' })]);
    await db.transaction().execute(async (tx) => {
      await usual({ k: '3' }, tx);
      await relaxed({ k: '4' }, tx);
    });
    const rows = await db.selectFrom('kv').select('v').where('ns', '=', 'test').orderBy('k').execute();
    expect(rows.map((row) => row.v)).toEqual(['off', 'on', 'on', 'on']);
  });

  it('is separate from other schemas', async () => {
    const [one, other] = [await opened(await made()), await opened(await made())];
    await one.db.insertInto('kv').values({ ns: '', k: 'mine', v: '', expires: null }).execute();
    expect(await other.db.selectFrom('kv').selectAll().execute()).toEqual([]);
  });

  it('recovers after the server has closed the connection', async () => {
    const { db } = await opened(await made());
    await db.insertInto('kv').values({ ns: '', k: 'before', v: '', expires: null }).execute();
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db);
    await server(`select pg_terminate_backend(${rows[0]!.pid})`);
    await expect
      .poll(() =>
        db
          .selectFrom('kv')
          .select('k')
          .execute()
          .catch(() => []),
      )
      .toEqual([{ k: 'before' }]);
  });

  it('recovers after the server has closed the connection within a transaction, which fails', async () => {
    const { db } = await opened(await made());
    const cut = db.transaction().execute(async (tx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
      await tx.insertInto('kv').values({ ns: '', k: 'half', v: '', expires: null }).execute();
      await server(`select pg_terminate_backend(${rows[0]!.pid})`);
      // Told by the connection itself, while nothing is asked on it.
      await expect.poll(() => server(`select 1 from pg_stat_activity where pid = ${rows[0]!.pid}`)).toEqual([]);
      await tx.insertInto('kv').values({ ns: '', k: 'other half', v: '', expires: null }).execute();
    });
    await expect(cut).rejects.toThrow();
    expect(await db.selectFrom('kv').selectAll().execute()).toEqual([]);
  });

  it('recovers after the network was cut silently', async () => {
    const target = await made();
    const cut = new Set<Socket>();
    const way = createServer((here) => {
      const there = connect(5432, '127.0.0.1');
      here.on('data', (data) => cut.has(here) || there.write(data)).on('close', () => there.destroy());
      there.on('data', (data) => cut.has(here) || here.write(data)).on('close', () => here.destroy());
      sockets.push(
        here.on('error', () => undefined),
        there.on('error', () => undefined),
      );
    });
    const sockets: Socket[] = [];
    await new Promise<void>((resolve) => way.listen(0, '127.0.0.1', resolve));
    const { port } = way.address() as AddressInfo;
    const database = await openPostgres(`postgres://root@127.0.0.1:${port}/test`, target.schema, { silentMs: 500 });
    try {
      const asks = () => Array.from({ length: 10 }, () => database.db.selectFrom('kv').select('k').execute());
      await Promise.all(asks());
      for (const socket of sockets) cut.add(socket);
      expect((await Promise.allSettled(asks())).map(({ status }) => status)).not.toContain('fulfilled');
      expect(await database.db.selectFrom('kv').select('k').execute()).toEqual([]);
    } finally {
      for (const socket of sockets) socket.destroy();
      way.close();
      await database.close();
    }
  });

  it('times the claims of all instances by one clock', async () => {
    const target = await made();
    const stores = [await opened(target), await opened(target)];
    const seal = createSeal(randomBytes(32));
    const clocks = [-20_000, 8 * 3_600_000].map((ahead) => () => Date.now() + ahead);
    const of = <T>(build: (db: Database['db'], now: () => number) => T): T[] => stores.map(({ db }, n) => build(db, clocks[n]!));

    // As the program chooses it.
    const clock = claimClock(stores[0]!.embedded);
    const inboxes = of((db, now) => createInboxRows(db, seal, now, { clock }));
    expect(await inboxes[0]!.put('update:1', 'chat:1', {}, 'claiming')).toBe('claimed');
    expect([await inboxes[1]!.claim('chat:1'), await inboxes[1]!.chats()]).toEqual([undefined, []]);
    const ends = sql`update inbox set until = until - ${CLAIM_MS}`;
    await ends.execute(stores[0]!.db);
    expect(await inboxes[1]!.claim('chat:1')).toMatchObject({ id: 'update:1', epoch: 2 });
    expect(await inboxes[0]!.claim('chat:1')).toBeUndefined();

    const outboxes = of((db, now) => createOutbox(db, seal, now, () => randomBytes(8).toString('hex'), { clock }));
    await stores[1]!.db.transaction().execute((tx) => outboxes[1]!.put(tx, 'summary:1', 'chat:2', {}));
    expect(await outboxes[0]!.claim(5)).toHaveLength(1);
    expect(await outboxes[1]!.claim(5)).toEqual([]);

    const leases = of((db, now) => createLeases(db, now, clock));
    expect(await leases[0]!.hold('hear', 'one', 15_000)).toBe(true);
    expect(await leases[1]!.hold('hear', 'other', 15_000)).toBe(false);
  });

  it('is held up by a vanished instance no longer than its transaction may be silent', async () => {
    const target = await made();
    const limits = { idleInTransactionMs: 300, lockMs: 5_000, statementMs: 5_000 };
    const gone = await openPostgres(URL, target.schema, { limits });
    const other = await openPostgres(URL, target.schema, { limits });
    open.push(gone, other);
    await gone.db.insertInto('lease').values({ name: 'row', holder: 'nobody', until: 0 }).execute();
    const take = (db: Database['db'], holder: string) => db.updateTable('lease').set({ holder }).where('name', '=', 'row');
    const wakes = Promise.withResolvers<void>();
    const vanished = gone.db
      .transaction()
      .execute(async (tx) => {
        await take(tx, 'gone').execute();
        // Its host is suspended here, with the row's lock held.
        await wakes.promise;
        await take(tx, 'gone').execute();
      })
      .catch((error: unknown) => error);
    await expect
      .poll(async () => (await server("select 1 from pg_stat_activity where state = 'idle in transaction'")).length)
      .toBeGreaterThan(0);
    // More presses than the pool has connections: the others are served again, too.
    await Promise.all(Array.from({ length: 12 }, () => take(other.db, 'other').execute()));
    wakes.resolve();
    expect(await vanished).toBeInstanceOf(Error);
    expect(await other.db.selectFrom('lease').select('holder').execute()).toEqual([{ holder: 'other' }]);
  });

  it('ends a statement that takes too long, and a wait for a lock that is never given up', async () => {
    const target = await made();
    const database = await openPostgres(URL, target.schema, {
      limits: { idleInTransactionMs: 5_000, lockMs: 200, statementMs: 500 },
    });
    open.push(database);
    await expect(sql`select pg_sleep(5)`.execute(database.db)).rejects.toThrow('statement timeout');
    await database.db.insertInto('lease').values({ name: 'row', holder: 'nobody', until: 0 }).execute();
    await database.db.transaction().execute(async (tx) => {
      await tx.updateTable('lease').set({ holder: 'one' }).execute();
      await expect(database.db.updateTable('lease').set({ holder: 'two' }).execute()).rejects.toThrow('lock timeout');
    });
  });

  it('that is unreachable is reported within the connection timeout', async () => {
    await expect(openPostgres('postgres://root@127.0.0.1:1/test')).rejects.toThrow('ECONNREFUSED');
  });
});
