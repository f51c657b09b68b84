/** The town of every simulation: two stores, their chats and people, bound before it begins. Made once, and copied for each run. */
import BetterSqlite from 'better-sqlite3';
import { Kysely } from 'kysely';
import { createRepositories } from '../../../bot/app/repositories.ts';
import type { Person } from '../../../handlers/message.ts';
import { createCollections } from '../../../services/database/collections.ts';
import { createLeases } from '../../../services/database/locks/leases.ts';
import { migrate } from '../../../services/database/schema/migrate.ts';
import { createSeal } from '../../../services/database/seal.ts';
import { createSqliteDialect } from '../../../services/database/sqlite.ts';
import type { Tables } from '../../../services/database/schema/tables.ts';
import { ALLINPAY, ALLINPAY_CREDENTIALS } from '../gateways/allinpay.ts';
import { UMEMBER } from '../gateways/umember.ts';
import { createChance } from './chance.ts';

export const KEY = Buffer.alloc(32, 7);
/** 2026-11-22 12:00 in Shanghai. */
const NOON = Date.parse('2026-11-22T12:00:00+08:00');
export const DAYS = ['2026-11-22', '2026-11-23'] as const;

const person = (n: number, name: string): Person => ({ id: `telegram:${n}`, name });
export const OWNER = person(1, '王老板');
export const STAFF = [person(11, '小李'), person(12, '小张'), person(13, '小陈')] as const;
const BY = { kind: 'person', ...OWNER } as const;
export const OWNERS_CHAT = 'telegram:-900';

export interface TownChat {
  readonly id: string;
  readonly group: boolean;
  readonly host: string;
  readonly people: readonly Person[];
}

const GROUPS = [
  { id: 'telegram:-100', host: UMEMBER.host },
  { id: 'telegram:-200', host: ALLINPAY.host },
] as const;
export const CHATS: readonly TownChat[] = [
  { ...GROUPS[0], group: true, people: [OWNER, ...STAFF] },
  { ...GROUPS[1], group: true, people: [OWNER, ...STAFF] },
  { id: STAFF[0].id, group: false, host: UMEMBER.host, people: [STAFF[0]] },
  { id: STAFF[1].id, group: false, host: ALLINPAY.host, people: [STAFF[1]] },
];

/** The database of the town, as bytes. */
export async function buildTown(): Promise<Buffer> {
  const raw = new BetterSqlite(':memory:');
  const db = new Kysely<Tables>({ dialect: createSqliteDialect(raw) });
  await migrate(db);
  const seal = createSeal(KEY);
  const chance = createChance('town');
  const now = (): number => NOON;
  let ids = 0;
  const { accounts, stores, chats, members, reports } = createRepositories({
    config: { timeZone: 'Asia/Shanghai' },
    database: { db, embedded: true, close: () => Promise.resolve() },
    seal,
    collections: createCollections(db, seal, now),
    platforms: [],
    leases: createLeases(db, now),
    now,
    sleep: () => Promise.resolve(),
    newId: () => `town${String((ids += 1)).padStart(12, '0')}`,
    random: (bytes) => chance.bytes(bytes),
  });
  const shops = [
    {
      login: { platform: 'umember', identity: UMEMBER.email, credentials: { email: UMEMBER.email, password: UMEMBER.password } },
      store: { id: String(UMEMBER.store), name: '人民路店' },
      host: UMEMBER.host,
    },
    {
      login: {
        platform: 'allinpay',
        identity: `${ALLINPAY_CREDENTIALS['app-id']}/${ALLINPAY.shop}`,
        credentials: ALLINPAY_CREDENTIALS,
      },
      store: { id: String(ALLINPAY.shop), name: '光华店' },
      host: ALLINPAY.host,
    },
  ] as const;
  for (const { login, store, host } of shops) {
    const account = await accounts.save(login, OWNER);
    const saved = await stores.save(account.id, store, BY);
    for (const chat of CHATS.filter((one) => one.host === host)) {
      await chats.bind({ id: chat.id, title: chat.group ? '前台群' : chat.people[0]!.name, group: chat.group }, saved.id, BY);
      if (chat.group) await chats.setWhoMay(chat.id, 'everyone', BY);
    }
    for (const one of STAFF) await members.add({ storeId: saved.id, by: OWNER.id }, one);
    await reports.subscribe(saved, OWNERS_CHAT, BY);
  }
  const image = raw.serialize();
  await db.destroy();
  return image;
}
