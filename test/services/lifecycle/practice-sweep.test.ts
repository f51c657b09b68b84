/** A practice account that nobody used for a month goes, with all that hangs on it; a real one never does. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAccounts, type Accounts } from '../../../services/accounts/accounts.ts';
import { createChats, type Chats } from '../../../services/accounts/chats.ts';
import { sweepPractice } from '../../../services/lifecycle/practice-sweep.ts';
import { checkChain } from '../../../services/facts/check-chain.ts';
import { createFactChain, type FactChain } from '../../../services/facts/fact-chain.ts';
import { createStores, type Store as Shop, type Stores } from '../../../services/accounts/stores.ts';
import { createReports, type Reports } from '../../../services/ledger/reports.ts';
import { createFacts } from '../../../services/facts/facts.ts';
import { createLedger } from '../../../services/ledger/ledger.ts';
import { openSqlite, sql, type Database } from '../../../services/database/database.ts';
import { createSeal } from '../../../services/database/seal.ts';
import type { PlatformName } from '../../../services/platforms/platform.ts';
import { verificationRow } from '../../fixtures/rows.ts';
import { systemTime } from '../../../services/time/time.ts';

const DAY = 86_400_000;
const ME = 'telegram:1';
const BY = { kind: 'person', id: ME, name: '王老板' } as const;

let database: Database;
let at: number;
let accounts: Accounts;
let stores: Stores;
let chats: Chats;
let reports: Reports;
let chain: FactChain;
const now = (): number => at;

beforeEach(async () => {
  at = Date.UTC(2026, 10, 22, 4);
  database = await openSqlite(':memory:');
  let ids = 0;
  const newId = (): string => `id-${(ids += 1)}`;
  const { db } = database;
  accounts = createAccounts({
    db,
    seal: createSeal(Buffer.alloc(32, 7)),
    now,
    newId,
    term: () => undefined,
    secret: () => undefined,
  });
  stores = createStores({ db, now, newId, zone: 'Asia/Shanghai' });
  chats = createChats({ db, now });
  reports = createReports({ db, ledger: createLedger(db), now });
  chain = createFactChain({ db, key: Buffer.alloc(32, 7), sleep: systemTime.sleep });
});
afterEach(() => database.close());

/** A store with a chat, an owner group, staff and a verification. */
async function open(platform: PlatformName, chat = 'telegram:10', identity = chat): Promise<Shop> {
  const account = await accounts.save({ platform, identity, credentials: { owner: ME } }, { id: ME, name: '王老板' });
  const shop = await stores.save(account.id, { id: '1', name: '练习棋牌室' }, BY);
  await chats.bind({ id: chat, title: '前台', group: false }, shop.id, BY);
  await chats.setLocale({ id: `${chat}/owners`, title: '', group: true }, 'en', BY);
  await reports.subscribe(shop, `${chat}/owners`, BY);
  const staff = { store_id: shop.id, person: 'telegram:2', name: '小李', invited_by: ME, since: at };
  await database.db.insertInto('staff').values(staff).execute();
  const key = {
    id: `key ${chat}`,
    store_id: shop.id,
    name: '收银台',
    scopes: 'read',
    hash: chat,
    last_four: 'abcd',
    made_by: ME,
  };
  await database.db
    .insertInto('api_key')
    .values({ ...key, since: at, used_day: null, revoked_at: null })
    .execute();
  const settled = { state: 'verified', changed_at: at } as const;
  await database.db
    .insertInto('verification')
    .values(verificationRow(`v ${chat}`, shop.id, settled))
    .execute();
  await database.db.transaction().execute(async (tx) => {
    const facts = createFacts(tx);
    for (const stream of [`store:${shop.id}`, `account:${account.id}`] as const)
      await facts.record(tx, { stream, kind: 'happened', subject: 'v', at });
  });
  await database.db
    .insertInto('posted_day')
    .values({ store_id: shop.id, chat_id: `${chat}/owners`, business_day: '2026-11-22', figures: '{}' })
    .execute();
  return shop;
}

const left = (id: string) => stores.get(id);

/** Rows of whatever table that name a store or an account that is not there. */
async function orphans(): Promise<string[]> {
  const { rows } = await sql<{ name: string; column: string }>`
    select m.name as name, c.name as "column" from sqlite_master m, pragma_table_info(m.name) c
    where m.type = 'table' and c.name in ('store_id', 'account_id')`.execute(database.db);
  const found: string[] = [];
  for (const { name, column } of rows) {
    const [table, ref] = [sql.table(name), sql.ref(column)];
    const whole = sql.table(column === 'store_id' ? 'store' : 'account');
    const { rows: lost } = await sql`select 1 from ${table} where ${ref} is not null
      and ${ref} not in (select id from ${whole})`.execute(database.db);
    if (lost.length > 0) found.push(`${name}.${column}`);
  }
  return found;
}

describe('a practice account', () => {
  it('unused for 30 days is deleted with everything that belongs to it; a day before it is kept', async () => {
    const shop = await open('practice');
    at += 30 * DAY;
    expect(await sweepPractice(database.db, at, chain)).toBe(0);
    at += 1;
    // Its facts are sealed, and the chain stays whole without them.
    expect(await chain.seal()).toBeGreaterThan(0);
    expect(await sweepPractice(database.db, at, chain)).toBe(1);
    expect(await checkChain(database.db, Buffer.alloc(32, 7))).toEqual({ kind: 'whole', facts: 0, unsealed: 0 });
    expect(await left(shop.id)).toBeUndefined();
    expect(await orphans()).toEqual([]);
    for (const table of [
      'account',
      'store',
      'owner',
      'staff',
      'owner_group',
      'posted_day',
      'verification',
      'fact',
      'fact_stream',
    ] as const)
      expect(await database.db.selectFrom(table).selectAll().execute(), table).toEqual([]);
    expect((await chats.get('telegram:10')).store).toBeUndefined();
  });

  it('keeps the language of chats, and deletes the chats of a page', async () => {
    await open('practice');
    await chats.setLocale({ id: 'telegram:10', title: '', group: false }, 'en', BY);
    await open('practice', 'web:1');
    at += 31 * DAY;
    expect(await sweepPractice(database.db, at, chain)).toBe(2);
    const rows = await database.db.selectFrom('chat').select('id').orderBy('id').execute();
    expect(rows.map(({ id }) => id)).toEqual(['telegram:10', 'telegram:10/owners']);
    expect((await chats.get('telegram:10')).locale).toBe('en');
  });

  it.each([
    ['a look-up', (shop: Shop) => stores.touch(shop)],
    ['a binding', ({ id }: Shop) => chats.bind({ id: 'telegram:11', title: '', group: false }, id, BY)],
    [
      'a verification',
      ({ id }: Shop) =>
        database.db
          .insertInto('verification')
          .values(verificationRow('later', id, { code: '1', state: 'verified', changed_at: at }))
          .execute(),
    ],
  ])('stays for 30 days after %s', async (_, use) => {
    const shop = await open('practice');
    at += 20 * DAY;
    await use(shop);
    at += 29 * DAY;
    expect(await sweepPractice(database.db, at, chain)).toBe(0);
    at += 2 * DAY;
    expect(await sweepPractice(database.db, at, chain)).toBe(1);
  });

  it('is kept while a real account lists its store, or while it lists a real one’s', async () => {
    const practice = await open('practice');
    const real = await open('umember', 'telegram:20');
    const other = await open('practice', 'telegram:30');
    await stores.addListing(practice, real.accountId, { id: '7', name: '真店' }, BY);
    await stores.addListing(real, other.accountId, { id: '8', name: '练习' }, BY);
    at += 365 * DAY;
    expect(await sweepPractice(database.db, at, chain)).toBe(0);
  });
});

it('a real account is kept, however long unused', async () => {
  const shop = await open('umember');
  at += 365 * DAY;
  expect(await sweepPractice(database.db, at, chain)).toBe(0);
  expect(await left(shop.id)).toBeDefined();
});
