/** Days on which ledger and platform tell the same, drawn from a seed and lived over real HTTP: none of them may raise an alarm. */
import { openSqlite, type Db } from '../../../services/database/database.ts';
import type { Store } from '../../../services/accounts/stores.ts';
import type { Coupon } from '../../../services/coupons/coupon.ts';
import type { PlatformClient } from '../../../services/platforms/client.ts';
import { atOnce } from '../../../services/platforms/lists/read-pages.ts';
import type { Difference } from '../../../services/reconciliation/compare.ts';
import { createReconcile } from '../../../services/reconciliation/reconcile.ts';
import { amountOf } from '../../../services/verification/outcome.ts';
import { nextDay } from '../../../services/time/business-day.ts';
import { boundsOf, dayAt } from '../../../services/time/calendar.ts';
import { accountRow, storeRow, verificationRow } from '../../fixtures/rows.ts';
import { openTown, type Bought, type Town, type TownName } from './towns.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export interface Lived {
  readonly days: number;
  readonly uses: number;
  readonly undone: number;
  /** Every difference that was named, with the seed and the day: false alarms, all of them. */
  readonly alarms: readonly { readonly seed: number; readonly day: string; readonly difference: Difference }[];
}

/** A generator of numbers from 0 to 1 (mulberry32): the same seed gives the same days. */
function chanceOf(seed: number) {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    between: (from: number, to: number): number => Math.floor(from + next() * (to - from)),
    pick: <Of>(from: readonly Of[]): Of => from[Math.floor(next() * from.length)]!,
    often: (share: number): boolean => next() < share,
  };
}
type Chance = ReturnType<typeof chanceOf>;

/** Lives so many days in a row at one shop: its zone, its end of the day, its clock and the habits of the list come from the seed. */
export async function liveDays(name: TownName, seed: number, days: number): Promise<Lived> {
  const chance = chanceOf(seed);
  const town = await openTown(name);
  const database = await openSqlite(':memory:');
  const { db } = database;
  // The platform's clock goes before ours, or after it.
  const skew = chance.between(-4 * MINUTE, 4 * MINUTE);
  const now = (): number => town.now() + skew;
  Object.assign(town.lists, {
    lateMs: chance.pick([0, 0, 10 * MINUTE]),
    order: chance.pick(['newest', 'oldest', 'shuffled']),
    most: chance.pick([1_000, 3]),
  });
  const store = await shopOf(db, town, chance);
  const reconcile = createReconcile({
    db,
    stores: {
      storeAccounts: () =>
        Promise.resolve([{ id: undefined, storeId: 's', accountId: 'account', externalId: town.store, name: '' }]),
    },
    client: () => Promise.resolve(clientOf(town)),
    onRefund: () => Promise.resolve(),
    now,
  });
  const counter = createCounter({ town, db, store, now });
  const alarms: Lived['alarms'][number][] = [];

  let day = nextDay(dayAt(now(), store));
  const looks: { at: number; day: string }[] = [];
  const acts: { at: number; act: () => Promise<void> }[] = [];
  for (let n = 0; n < days; n += 1, day = nextDay(day)) {
    const bounds = boundsOf(day, store);
    acts.push(...drawDay(chance, bounds, counter, town));
    looks.push({ at: bounds.to + chance.between(6 * MINUTE, 3 * HOUR), day });
  }
  const look = async ({ day: of }: { day: string }): Promise<void> => {
    for (const account of await reconcile(store, of)) {
      if (account.kind !== 'compared') throw new Error(`the list of ${of} is ${account.kind}`);
      alarms.push(...account.differences.map((difference) => ({ seed, day: of, difference })));
    }
  };
  const all = [...acts, ...looks.map((one) => ({ at: one.at, act: () => look(one) }))].toSorted((a, b) => a.at - b.at);
  for (const { at, act } of all) {
    if (at > now()) town.pass(at - now());
    await act();
  }
  await town.close();
  await database.close();
  return { days, ...counter.lived(), alarms };
}

async function shopOf(db: Db, town: Town, chance: Chance): Promise<Store> {
  const zone = { time_zone: chance.pick(['Asia/Shanghai', 'Asia/Shanghai', 'Asia/Urumqi', 'Asia/Tokyo']) };
  const end = { day_end: chance.pick(['00:00', '02:30', '05:00', '06:00']) };
  await db.insertInto('account').values(accountRow('account', town.platform.name)).execute();
  await db
    .insertInto('store')
    .values({ ...storeRow('s'), ...zone, ...end })
    .execute();
  return { id: 's', name: '', zone: zone.time_zone, dayEnd: end.day_end, calendars: [] } as unknown as Store;
}

/** A person's client without the wait for turns. */
const clientOf = ({ platform, session }: Town): PlatformClient =>
  ({
    platform: platform.name,
    markets: platform.markets,
    hasRecords: true,
    recordIds: (handle: string) => platform.recordIds?.(handle) ?? [],
    records: (store: string, day: string) => platform.records!(session, store, day, atOnce),
    lookup: (store: string, code: string, market: Bought['market']) => platform.lookup(session, store, code, market),
  }) as unknown as PlatformClient;

/** What happens on a day: many uses late at night, around the end of the day, and around midnight in China. */
function drawDay(chance: Chance, { from, to }: { from: number; to: number }, counter: Counter, town: Town) {
  const midnight = from + ((Math.ceil((from + 8 * HOUR) / (24 * HOUR)) * 24 - 8) * HOUR - from);
  const time = (): number => {
    const at = chance.pick([chance.between(from, to), to - chance.between(1, 8 * MINUTE), from + chance.between(0, 8 * MINUTE)]);
    const night = midnight + chance.between(-8 * MINUTE, 8 * MINUTE);
    return chance.often(0.2) && night >= from && night < to ? night : at;
  };
  const acts: { at: number; act: () => Promise<void> }[] = [];
  for (let n = chance.between(2, 8); n > 0; n -= 1) {
    const at = time();
    const kind = chance.pick(['single', 'single', 'single', 'pair', 'card', 'other'] as const);
    if (kind === 'other') {
      acts.push({ at, act: () => Promise.resolve(town.useAtOther()) });
      continue;
    }
    const bought = kind === 'single' ? town.single(n) : town[kind]();
    const uses = kind === 'single' ? 1 : chance.pick([1, 2]);
    const undo = chance.often(0.25) ? chance.between(1, 8 * MINUTE) : undefined;
    const made: { undo?: () => Promise<void> } = {};
    acts.push({ at, act: async () => void (made.undo = await counter.use(bought, uses)) });
    if (undo !== undefined) acts.push({ at: at + undo, act: async () => await made.undo?.() });
  }
  return acts;
}

type Counter = ReturnType<typeof createCounter>;

/** The person at the counter: uses coupons at the platform, and books them as the program does. */
function createCounter({ town, db, store, now }: { town: Town; db: Db; store: Store; now: () => number }) {
  const { platform, session, store: shop } = town;
  const by = { operator: 'telegram:1', operatorName: '王老板' };
  let ids = 0;
  let uses = 0;
  let undone = 0;
  const couponOf = async ({ code, market }: Bought): Promise<Coupon> => {
    const coupon = await platform.lookup(session, shop, code, market);
    if (coupon.kind !== 'coupon') throw new Error(`${code} is refused: ${coupon.reason}`);
    return coupon;
  };
  return {
    lived: () => ({ uses, undone }),
    /** Uses it and gives how it is undone. */
    async use(bought: Bought, count: number): Promise<() => Promise<void>> {
      const coupon = await couponOf(bought);
      const at = now();
      const { handle } = coupon;
      const request = { store: shop, code: bought.code, handle, count, requestId: `vb-${(ids += 1)}`, ...by };
      const receipt = await platform.verify(session, request);
      if (receipt.kind !== 'verified') throw new Error(`${bought.code} is not used: ${receipt.reason}`);
      const booked = receipt.items.map((item) => {
        const code = item.code ?? bought.code;
        const id = `v${(ids += 1)}`;
        uses += item.count;
        return { item, code, id };
      });
      for (const { item, code, id } of booked)
        await db
          .insertInto('verification')
          .values(
            verificationRow(id, 's', {
              code,
              code_tail: code.slice(-4),
              state: 'verified',
              coupon: JSON.stringify(coupon),
              remaining: coupon.remaining,
              count: item.count,
              amount: amountOf(coupon, item.count, item.amount) ?? null,
              receipt_handle: item.handle ?? null,
              submitted_at: at,
              settled_at: now(),
              business_day: dayAt(at, store),
            }),
          )
          .execute();
      return async () => {
        const [{ item, code, id } = { item: undefined, code: '', id: '' }] = booked;
        // Of several uses that one call made of a card, Meituan takes back the last only.
        if (!item || item.count > 1) return;
        const asked = { store: shop, code, handle, requestId: `vb-${(ids += 1)}`, ...by };
        const answer = await platform.undo!(session, {
          ...asked,
          ...(item.handle !== undefined && { receiptHandle: item.handle }),
        });
        if (answer.kind !== 'undone') return;
        undone += 1;
        await db.updateTable('verification').set({ state: 'undone', undone_at: now() }).where('id', '=', id).execute();
      };
    },
  };
}
