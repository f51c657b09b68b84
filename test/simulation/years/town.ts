/** The stores of the years, in all parts of the world, and the groups of their owners; bound before the first day. */
import BetterSqlite from 'better-sqlite3';
import { Kysely } from 'kysely';
import { createRepositories } from '../../../bot/app/repositories.ts';
import { createCollections } from '../../../services/database/collections.ts';
import { createLeases } from '../../../services/database/locks/leases.ts';
import { migrate } from '../../../services/database/schema/migrate.ts';
import type { Tables } from '../../../services/database/schema/tables.ts';
import { createSeal } from '../../../services/database/seal.ts';
import { createSqliteDialect } from '../../../services/database/sqlite.ts';
import { createStoreCalendars } from '../../../services/ledger/store-calendar.ts';
import type { Chance } from '../world/chance.ts';
import { BY, KEY, OWNER } from '../world/town.ts';
import type { Rule } from './reckoning/calendar.ts';

/** Without summer time, with it, half an hour of it, quarters of an hour from UTC, both sides of the date line, changed by decree. */
export const ZONES = [
  'Asia/Shanghai',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'America/St_Johns',
  'Africa/Casablanca',
] as const;

/** What every store goes by before its owner sets anything. */
export const FIRST: Rule = { zone: 'Asia/Shanghai', dayEnd: '00:00' };

export const dayEndOf = (hour: number, minute = 0): string =>
  [hour, minute].map((part) => String(part).padStart(2, '0')).join(':');

/** The owners' groups, and the stores that each is told of, by their places. One store is told to two. */
const GROUPS = [
  { chat: 'telegram:-901', stores: [0, 1, 2, 3] },
  { chat: 'telegram:-902', stores: [3, 4] },
  { chat: 'telegram:-903', stores: [5] },
] as const;
const NAMES = ['一号店', '二号店', '三号店', '四号店', '五号店', '六号店'] as const;

export interface YearsStore {
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  /** The API's key, `hx_…`. */
  readonly key: string;
  readonly groups: readonly string[];
}

export interface YearsTown {
  /** Its database, as bytes. */
  readonly image: Buffer;
  readonly stores: readonly YearsStore[];
}

export async function buildYearsTown(start: number, chance: Chance): Promise<YearsTown> {
  const raw = new BetterSqlite(':memory:');
  const db = new Kysely<Tables>({ dialect: createSqliteDialect(raw) });
  await migrate(db);
  const seal = createSeal(KEY);
  const now = (): number => start;
  let made = 0;
  const collections = createCollections(db, seal, now);
  const repositories = createRepositories({
    config: { timeZone: FIRST.zone },
    database: { db, embedded: true, close: () => Promise.resolve() },
    now,
    newId: () => `year${String((made += 1)).padStart(12, '0')}`,
    random: (bytes) => chance.bytes(bytes),
    collections,
    seal,
    platforms: [],
    leases: createLeases(db, now),
    monotonic: now,
    sleep: () => Promise.resolve(),
  });
  const { accounts, reports, apiKeys } = repositories;
  const calendars = createStoreCalendars({ db, now });
  const { id: accountId } = await accounts.save({ platform: 'allinpay', identity: 'years', credentials: {} }, OWNER);
  const hour = chance.between(0, 23);
  const zone = chance.between(0, ZONES.length - 1);
  const stores: YearsStore[] = [];
  for (const [n, name] of NAMES.entries()) {
    const bound = await repositories.stores.save(accountId, { id: String(n), name }, BY);
    const zoned = await calendars.setZone(bound, ZONES[(zone + n) % ZONES.length]!, BY);
    const store = await calendars.setDayEnd(zoned, dayEndOf((hour + 4 * n) % 24), BY);
    const groups = GROUPS.filter(({ stores: told }) => (told as readonly number[]).includes(n)).map(({ chat }) => chat);
    for (const chat of groups) {
      await reports.subscribe(store, chat, BY);
      await reports.dress(store, chat, { periods: 'both', picture: 'none' }, BY);
    }
    const key = await apiKeys.make(store.id, { name: '收银台', scopes: ['read', 'verify', 'undo'] }, BY);
    if (!key) throw new Error('the stores cannot be built');
    stores.push({ id: store.id, accountId, name, key: key.secret, groups });
  }
  const image = raw.serialize();
  await db.destroy();
  return { image, stores };
}
