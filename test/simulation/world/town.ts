/** The town of every simulation: two stores, their chats and people, bound before it begins. Made once, and copied for each run. */
import BetterSqlite from 'better-sqlite3';
import { createRepositories } from '../../../bot/app/repositories.ts';
import type { Person } from '../../../handlers/message.ts';
import { createCollections } from '../../../services/database/collections.ts';
import type { Proven } from '../../../services/accounts/accounts.ts';
import { createAutoRules } from '../../../services/automation/rules.ts';
import type { Terms } from '../../../services/automation/rule.ts';
import { ALWAYS, type Week } from '../../../services/self-service/hours.ts';
import { createLeases } from '../../../services/database/locks/leases.ts';
import { migrate } from '../../../services/database/schema/migrate.ts';
import { createSelfService } from '../../../services/self-service/self-service.ts';
import { linkWord } from '../../../services/self-service/place-tokens.ts';
import { createSeal } from '../../../services/database/seal.ts';
import { openDirect } from '../../../services/database/direct.ts';
import { createSqliteDialect } from '../../../services/database/sqlite.ts';
import { ALLINPAY, ALLINPAY_CREDENTIALS } from '../gateways/allinpay.ts';
import { DOUYIN } from '../gateways/douyin.ts';
import { UMEMBER } from '../gateways/umember.ts';
import { createChance } from './chance.ts';

export const KEY = Buffer.alloc(32, 7);
/** 2026-11-22 12:00 in Shanghai. */
const NOON = Date.parse('2026-11-22T12:00:00+08:00');
export const DAYS = ['2026-11-22', '2026-11-23'] as const;

const person = (n: number, name: string): Person => ({ id: `telegram:${n}`, name });
export const OWNER = person(1, '王老板');
export const STAFF = [person(11, '小李'), person(12, '小张'), person(13, '小陈')] as const;
export const BY = { kind: 'person', ...OWNER } as const;

/** A shop as a platform lists it, with the account that does. */
interface Listed {
  readonly host: string;
  readonly id: string;
  readonly login: Proven;
}

const [umember, allinpay, douyin] = [
  { platform: 'umember', identity: UMEMBER.email, credentials: { email: UMEMBER.email, password: UMEMBER.password } },
  { platform: 'allinpay', identity: `${ALLINPAY_CREDENTIALS['app-id']}/${ALLINPAY.shop}`, credentials: ALLINPAY_CREDENTIALS },
  { platform: 'douyin', identity: DOUYIN.account, credentials: { 'account-id': DOUYIN.account } },
] as const satisfies readonly Proven[];

/** The stores. 光华店 can reach Douyin's coupons through both of its platforms, and goes by Douyin itself. */
export const SHOPS: readonly { readonly name: string; readonly listed: readonly [Listed, ...Listed[]] }[] = [
  { name: '人民路店', listed: [{ host: UMEMBER.host, id: String(UMEMBER.store), login: umember }] },
  {
    name: '光华店',
    listed: [
      { host: ALLINPAY.host, id: String(ALLINPAY.shop), login: allinpay },
      { host: DOUYIN.host, id: DOUYIN.shops[1], login: douyin },
    ],
  },
  { name: '中山路店', listed: [{ host: DOUYIN.host, id: DOUYIN.shops[0], login: douyin }] },
];

/** `shop`: the place of its store in `SHOPS`. */
export interface TownChat {
  readonly id: string;
  readonly group: boolean;
  readonly shop: number;
  readonly people: readonly Person[];
}

const group = (id: string, shop: number): TownChat => ({ id, group: true, shop, people: [OWNER, ...STAFF] });
const alone = (one: Person, shop: number): TownChat => ({ id: one.id, group: false, shop, people: [one] });
export const CHATS: readonly TownChat[] = [
  group('telegram:-100', 0),
  group('telegram:-200', 1),
  group('telegram:-300', 2),
  ...STAFF.map((one, n) => alone(one, n)),
];

/** Customers, each at a place of a store. */
export const CUSTOMERS: readonly TownChat[] = [
  alone(person(21, '林小姐'), 0),
  alone(person(22, '周先生'), 0),
  alone(person(23, '吴同学'), 2),
];
/** Everybody who brings coupons: acts name their chat by its place here. */
export const PLACES: readonly TownChat[] = [...CHATS, ...CUSTOMERS];
/** Uses a day that the owner allows his customers. */
export const LIMITS = { person: 2, place: 3 } as const;

/** The owners' group, which is told of every day and of what rules verify. */
export const OWNERS_CHAT = { id: 'telegram:-900', group: true } as const;

/** The owner's private chat, which is bound to no store. */
export const OWNERS_OWN = alone(OWNER, -1);

/** A store as merchants' own systems and customers know it. */
export interface StoreSystems {
  readonly storeId: string;
  /** The API's key, `hx_…`. */
  readonly key: string;
  /** The word of its place's link. */
  readonly link: string;
  /** Where its events go, and the secret that signs them. */
  readonly endpoint: { readonly host: string; readonly secret: string };
}

/** A rule of the owner's; off until somebody turns it on. */
export interface TownRule extends Terms {
  readonly shop: number;
}

/** From eight in the morning to midnight. */
const BY_DAY: Week = Array.from({ length: 7 }, () => [{ from: 480, to: 1440 }]);
const EVERYTHING = { deals: undefined, week: ALWAYS.week, holidays: undefined } as const;
export const RULES: readonly TownRule[] = [
  { shop: 0, ...EVERYTHING, deals: [{ title: '双人下午茶' }], people: { kind: 'staff' }, perDay: 9 },
  { shop: 0, ...EVERYTHING, people: { kind: 'chat', chat: 'telegram:-100', title: '前台群' }, perDay: 2 },
  { shop: 0, ...EVERYTHING, people: { kind: 'customers' }, perDay: 1 },
  { shop: 1, ...EVERYTHING, week: BY_DAY, people: { kind: 'staff' }, perDay: 2 },
  { shop: 2, ...EVERYTHING, people: { kind: 'customers' }, perDay: 1 },
  { shop: 2, ...EVERYTHING, people: { kind: 'staff' }, perDay: 3 },
];

export interface Town {
  /** Its database, as bytes. */
  readonly image: Buffer;
  /** The ids of `RULES`. */
  readonly rules: readonly string[];
  /** By the places of the stores in `SHOPS`. */
  readonly systems: readonly StoreSystems[];
}

export async function buildTown(): Promise<Town> {
  const raw = new BetterSqlite(':memory:');
  const db = openDirect(createSqliteDialect(raw));
  await migrate(db);
  const seal = createSeal(KEY);
  const chance = createChance('town');
  const now = (): number => NOON;
  let made = 0;
  const collections = createCollections(db, seal, now);
  const parts = {
    now,
    newId: (): string => `town${String((made += 1)).padStart(12, '0')}`,
    random: (bytes: number): Buffer => chance.bytes(bytes),
    collections,
    seal,
  };
  const { accounts, stores, chats, members, reports, apiKeys, endpoints } = createRepositories({
    config: { timeZone: 'Asia/Shanghai' },
    database: { db, embedded: true, close: () => Promise.resolve() },
    ...parts,
    platforms: [],
    leases: createLeases(db, now),
    monotonic: now,
    sleep: () => Promise.resolve(),
  });
  const { rules, places } = createSelfService({ ...parts, db, stores });
  const automatic = createAutoRules({ db, ...parts });
  const systems: StoreSystems[] = [];
  const ids: string[] = [];
  for (const [n, { name, listed }] of SHOPS.entries()) {
    const [first, ...more] = listed;
    const store = await stores.save((await accounts.save(first.login, OWNER)).id, { id: first.id, name }, BY);
    for (const { login, id } of more) await stores.addListing(store, (await accounts.save(login, OWNER)).id, { id, name }, BY);
    for (const chat of CHATS.filter(({ shop }) => shop === n)) {
      await chats.bind({ id: chat.id, title: chat.group ? '前台群' : chat.people[0]!.name, group: chat.group }, store.id, BY);
      if (chat.group) await chats.setWhoMay(chat.id, 'everyone', BY);
    }
    for (const one of STAFF) await members.add({ storeId: store.id, by: OWNER.id }, one);
    await reports.subscribe(store, OWNERS_CHAT.id, BY);
    const key = await apiKeys.make(store.id, { name: '收银台', scopes: ['read', 'verify'] }, BY);
    const host = `till-${n + 1}.test`;
    const hook = await endpoints.add(store.id, new URL(`http://${host}/events`), BY);
    await rules.turn(store.id, true, BY);
    await rules.setLimits(store.id, LIMITS, BY);
    const place = await places.add(store.id, '3号桌', BY);
    const token = place && (await places.token(place.id));
    if (!key || typeof hook === 'string' || token === undefined) throw new Error('the town cannot be built');
    systems.push({ storeId: store.id, key: key.secret, link: linkWord(token), endpoint: { host, secret: hook.secret } });
  }
  for (const { shop, ...terms } of RULES) {
    const rule = await automatic.add(systems[shop]!.storeId, (number) => `规则 ${number}`, BY);
    await automatic.change(rule!.id, terms, BY);
    ids.push(rule!.id);
  }
  const image = raw.serialize();
  await db.destroy();
  return { image, systems, rules: ids };
}
