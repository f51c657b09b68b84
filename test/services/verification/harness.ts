/** A desk over a real database with the outside platform behind it, and everything people and machines can do to it. */
import type { Principal } from '../../../services/facts/by.ts';
import { vi } from 'vitest';
import { createStores, firstStoreAccount, type Store as Shop } from '../../../services/accounts/stores.ts';
import { openSqlite, type Database } from '../../../services/database/database.ts';
import { createCollections } from '../../../services/database/collections.ts';
import { createSeal } from '../../../services/database/seal.ts';
import type { VerificationTable } from '../../../services/database/schema/tables.ts';
import { createIdempotency } from '../../../services/verification/idempotency.ts';
import { createDesk, type Desk } from '../../../services/verification/desk.ts';
import { createRecheck } from '../../../services/verification/recheck.ts';
import { createRepository } from '../../../services/verification/repository/repository.ts';
import { OPEN_MS, type OpenCard, type Verification } from '../../../services/verification/verification.ts';
import { createFakeUpstream, type FakeUpstreamOptions } from '../../doubles/fake-upstream.ts';
import { systemTime } from '../../../services/time/time.ts';

export const NOON = Date.parse('2026-11-22T12:00:00+08:00');
export const ZHANG: Principal = { kind: 'person', id: 'telegram:1', name: '张三' };

/** A database with two shops; a file's tests share it. Fakes the date, so call `vi.useRealTimers()` at the end. */
export async function openShops(open: () => Promise<Database> = () => openSqlite(':memory:')) {
  vi.useFakeTimers({ toFake: ['Date'], now: NOON });
  const database = await open();
  for (const id of ['a', 'b'])
    await database.db
      .insertInto('account')
      .values({ id, platform: 'umember', identity: id, sealed: '', refused_at: null, created_at: 0 })
      .execute();
  const shops = createStores({ db: database.db, now: Date.now, newId: newIds('shop'), zone: 'Asia/Shanghai' });
  const by = { kind: 'person', id: 'telegram:1', name: '张三' } as const;
  const saved = [
    await shops.save('a', { id: '1', name: '一店' }, by),
    await shops.save('a', { id: '2', name: '二店' }, by),
  ] as const;
  // The first shop, as others have bound it through an account of theirs.
  const elsewhere = await shops.save('b', { id: '1', name: '一店' }, by);
  return { database, shops: saved, elsewhere };
}
export type Shops = Awaited<ReturnType<typeof openShops>>;

function newIds(prefix: string): () => string {
  let last = 0;
  return () => `${prefix}${(last += 1).toString(36).padStart(12, '0')}`;
}

export type Harness = ReturnType<typeof createHarness>;

/** A fresh platform and desk; rows of an earlier one are deleted. */
export async function freshHarness(shops: Shops, options: Omit<FakeUpstreamOptions, 'called'> = { exact: true, renews: false }) {
  vi.setSystemTime(NOON);
  await shops.database.db.deleteFrom('verification').execute();
  await shops.database.db.deleteFrom('kv').execute();
  await shops.database.db.deleteFrom('fact').execute();
  await shops.database.db.deleteFrom('fact_stream').execute();
  return createHarness(shops, options);
}

function createHarness({ database: { db }, shops, elsewhere }: Shops, options: Omit<FakeUpstreamOptions, 'called'>) {
  const rows = createRepository(db);
  const newId = newIds('id');
  const told: Verification[] = [];
  const defects: unknown[] = [];
  const calls: { readonly kind: 'verify' | 'undo'; readonly requestId: string; readonly stored: string | undefined }[] = [];
  const seen: Verification['state'][] = [];
  const shop = (id: string): Promise<Shop> => Promise.resolve([...shops, elsewhere].find((one) => one.id === id)!);

  const outside = createFakeUpstream({
    ...options,
    async called(kind, requestId) {
      const column = kind === 'verify' ? 'request_id' : 'undo_request_id';
      const row = await db.selectFrom('verification').select('state').where(column, '=', requestId).executeTakeFirst();
      calls.push({ kind, requestId, stored: row?.state });
    },
  });

  const start = (): { desk: Desk; recheck: () => Promise<number> } => {
    const shared = {
      db,
      repository: rows,
      client: () => Promise.resolve(outside.client),
      store: shop,
      stores: {
        storeAccounts: (one: Shop) => Promise.resolve([firstStoreAccount(one)]),
        storeAccount: (one: Shop) => Promise.resolve(firstStoreAccount(one)),
      },
      now: Date.now,
      async sleep(ms: number) {
        vi.setSystemTime(Date.now() + ms);
        await harness.slept();
      },
      onDefect: (error: unknown) => void defects.push(error),
      obstacle: () => Promise.resolve(undefined),
      staffObstacle: () => Promise.resolve(undefined),
      ruleFor: () => Promise.resolve(undefined),
      announce: () => Promise.resolve(),
      notify: (_: unknown, settled: Verification) => Promise.resolve(void told.push(settled)),
    };
    const cards = createCollections(db, createSeal(Buffer.alloc(32, 1)), () => Date.now())<OpenCard>('card', OPEN_MS);
    return {
      desk: createDesk({
        ...shared,
        idempotency: createIdempotency({ db: shared.db, now: shared.now }),
        timeout: systemTime.timeout,
        cards,
        newId,
      }),
      recheck: createRecheck(shared),
    };
  };
  let { desk, recheck } = start();
  let runs: Promise<unknown>[] = [];

  /** Waits until a call has ended or hangs. */
  const under = async (requestId: string | undefined, call: () => Promise<unknown>): Promise<void> => {
    const run = call();
    runs.push(run);
    await Promise.race([run, outside.parked(requestId ?? '')]);
  };

  const harness = {
    outside,
    shops,
    told,
    /** What was reported as a defect of ours. */
    defects,
    /** Runs after each pause of the desk. */
    slept: async (): Promise<void> => undefined,
    calls,
    seen,
    /** Cards that were shown, oldest first. */
    cards: [] as OpenCard[],
    get desk() {
      return desk;
    },
    recheck: () => recheck(),
    rows: (): Promise<VerificationTable[]> => db.selectFrom('verification').selectAll().orderBy('id').execute(),
    async lookup(code: string, in_: Shop = shops[0]) {
      const shown = await desk.lookup(in_, code, 'telegram:1');
      if (shown.kind === 'open') harness.cards.push(shown.card);
      return shown;
    },
    /** Confirms, and waits until the call has ended or hangs. */
    async press(card: OpenCard, count = 1, by = ZHANG) {
      const begun = await desk.begin(card.id, by, count, undefined);
      if (begun.kind === 'begun') await under(begun.verification.requestId, () => desk.submit(begun.verification));
      return begun;
    },
    async undo(id: string, by = ZHANG) {
      const begun = await desk.beginUndo(id, by);
      if (begun.kind === 'begun') await under(begun.verification.undoRequestId, () => desk.submitUndo(begun.verification));
      return begun;
    },
    /** Everything that hung is answered, and heard by whoever still lives. */
    async answers(): Promise<void> {
      outside.answers();
      await Promise.race([Promise.allSettled(runs), new Promise((resolve) => setTimeout(resolve, 0))]);
    },
    later: (ms: number) => vi.setSystemTime(Date.now() + ms),
    /** The process dies in the middle of whatever it is doing, and another takes its place. */
    async crash(): Promise<void> {
      outside.crash();
      runs = [];
      ({ desk, recheck } = start());
      await rows.recheckInterrupted(Date.now());
    },
    /** Runs the job whenever something is due, until nothing is. Says at which times it ran. */
    async settleAll(): Promise<void> {
      for (let n = 0; n < 500; n++) {
        const { due } = await db
          .selectFrom('verification')
          .select((e) => e.fn.min('check_at').as('due'))
          .executeTakeFirstOrThrow();
        if (due === null) return;
        vi.setSystemTime(Math.max(Date.now(), due));
        await recheck();
      }
      throw new Error('it never comes to rest');
    },
  };
  return harness;
}
