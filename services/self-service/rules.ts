/** The table `self_service`: whether a store has it on, when, and how much. Every change leaves its fact. */
import { createAccountFacts, type AccountFact } from '../accounts/account-facts.ts';
import { storesOf } from '../accounts/stores.ts';
import type { Db, Tx } from '../database/database.ts';
import { createLockAccounts } from '../database/locks/row-locks.ts';
import { prepared } from '../database/prepared.ts';
import type { SelfServiceTable } from '../database/schema/self-service-tables.ts';
import type { By } from '../facts/by.ts';
import { SIMULATED } from '../platforms/names.ts';
import type { AskClosed, Limits, Rules } from './admission.ts';
import { ALWAYS, type Hours, type Span, type UsualHours, type Week } from './hours.ts';
import type { SingleDays } from './read-hours.ts';

export interface SelfServiceRules {
  /** The rules of a store; off, always open and with cautious limits until its owner says otherwise. */
  of(storeId: string, on?: Db | Tx): Promise<Rules>;
  /** Turns it on or off; false where it was so already. */
  turn(storeId: string, on: boolean, by: By): Promise<boolean>;
  /** Sets the hours that come again, from those before. */
  setUsual(storeId: string, next: (before: UsualHours) => UsualHours, by: By): Promise<void>;
  /** Sets the hours of single days; days that are over `today` are forgotten. */
  setDays(storeId: string, days: SingleDays, today: string, by: By): Promise<void>;
  setLimits(storeId: string, limits: Limits, by: By): Promise<void>;
  /** Sets who may ask an owner while it is closed. */
  setAskClosed(storeId: string, askClosed: AskClosed, by: By): Promise<void>;
  /** At most `limit` stores that have it on. Practice stores do not count: anybody can have one. */
  storesOn(limit: number): Promise<readonly string[]>;
  /** The stores whose hours, or whose rules, go by the calendar of holidays; practice stores left out. */
  followingHolidays(): Promise<readonly string[]>;
}

/** Nobody alone comes with more than some coupons a day, and no room is let more often than fifty times. */
const CAUTIOUS: Limits = { person: 5, place: 50 };

const OFF: Rules = { on: false, hours: ALWAYS, limits: CAUTIOUS, askClosed: { customer: false, staff: false } };

const ASKERS = ['customer', 'staff'] as const;
const readAsk = (column: string): AskClosed => ({
  customer: column.split(',').includes('customer'),
  staff: column.split(',').includes('staff'),
});
const writtenAsk = (ask: AskClosed): string => ASKERS.filter((who) => ask[who]).join();

/** Reads a row. Its JSON is written by this file only. */
const readRules = (row: SelfServiceTable): Rules => ({
  on: row.is_on === 1,
  hours: {
    week: JSON.parse(row.week) as Week,
    holidays: row.holidays === null ? undefined : (JSON.parse(row.holidays) as Span[]),
    days: JSON.parse(row.days) as Hours['days'],
  },
  limits: { person: row.per_person ?? undefined, place: row.per_place ?? undefined },
  askClosed: readAsk(row.ask_closed),
});

const usualText = ({ week, holidays }: UsualHours): string => JSON.stringify(holidays ? { week, holidays } : week);

export function createSelfServiceRules({ db, now }: { db: Db; now: () => number }): SelfServiceRules {
  const facts = createAccountFacts({ db, now });
  const lockAccounts = createLockAccounts(db);
  const one = prepared(db, ({ id }: { id: string }) => db.selectFrom('self_service').selectAll().where('store_id', 'in', [id]));
  const of = async (storeId: string, on: Db | Tx = db): Promise<Rules> => {
    const [row] = (await one({ id: storeId }, on)).rows;
    return row ? readRules(row) : OFF;
  };
  const write = async (tx: Tx, storeId: string, { on, hours, limits, askClosed }: Rules): Promise<void> => {
    const values = {
      is_on: on ? 1 : 0,
      week: JSON.stringify(hours.week),
      holidays: hours.holidays ? JSON.stringify(hours.holidays) : null,
      days: JSON.stringify(hours.days),
      per_person: limits.person ?? null,
      per_place: limits.place ?? null,
      ask_closed: writtenAsk(askClosed),
      changed_at: now(),
    };
    await tx
      .insertInto('self_service')
      .values({ store_id: storeId, ...values })
      .onConflict((c) => c.column('store_id').doUpdateSet(values))
      .execute();
  };
  /** Changes a store's rules as a whole: of two changes at a time the second sees the first. */
  const change = (
    storeId: string,
    by: By,
    step: (before: Rules) => readonly [Rules, Omit<AccountFact, 'subject' | 'by'>] | undefined,
  ) =>
    db.transaction().execute(async (tx) => {
      await lockAccounts(tx, storeId);
      const next = step(await of(storeId, tx));
      if (!next) return false;
      const [after, fact] = next;
      await write(tx, storeId, after);
      await facts.recordAt(tx, storeId, { ...fact, subject: storeId, by });
      return true;
    });

  return {
    of,
    turn: (storeId, on, by) =>
      change(storeId, by, (before) =>
        before.on === on ? undefined : [{ ...before, on }, { kind: on ? 'self-service.on' : 'self-service.off' }],
      ),
    async setUsual(storeId, next, by) {
      await change(storeId, by, ({ hours, ...before }) => {
        const { week, holidays } = next(hours);
        return [
          { ...before, hours: { ...hours, week, holidays } },
          { kind: 'self-service.hours', from: usualText(hours), to: usualText({ week, holidays }) },
        ];
      });
    },
    async setDays(storeId, { days, spans }, today, by) {
      await change(storeId, by, (before) => {
        const others = Object.entries(before.hours.days).filter(([day]) => day >= today && !days.includes(day));
        const set = spans ? days.map((day) => [day, spans] as const) : [];
        const after = Object.fromEntries([...others, ...set].toSorted(([a], [b]) => (a < b ? -1 : 1)));
        const detail = { first: days[0] ?? '', last: days.at(-1) ?? '' };
        return [
          { ...before, hours: { ...before.hours, days: after } },
          { kind: 'self-service.hours', to: JSON.stringify(spans ?? 'usual'), detail },
        ];
      });
    },
    async setLimits(storeId, limits, by) {
      await change(storeId, by, (before) => [
        { ...before, limits },
        { kind: 'self-service.limits', from: JSON.stringify(before.limits), to: JSON.stringify(limits) },
      ]);
    },
    async setAskClosed(storeId, askClosed, by) {
      await change(storeId, by, (before) => [
        { ...before, askClosed },
        { kind: 'self-service.ask-closed', from: writtenAsk(before.askClosed), to: writtenAsk(askClosed) },
      ]);
    },
    async storesOn(limit) {
      const rows = await db
        .selectFrom('self_service')
        .innerJoin('store', 'store.id', 'self_service.store_id')
        .innerJoin('account', 'account.id', 'store.account_id')
        .select('store.id')
        .where('self_service.is_on', '=', 1)
        .where('account.platform', '<>', SIMULATED)
        .orderBy('store.created_at')
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },
    async followingHolidays() {
      const rows = await db
        .selectFrom('store')
        .innerJoin('account', 'account.id', 'store.account_id')
        .select('store.id')
        .where('account.platform', '<>', SIMULATED)
        .where((e) =>
          e.or(
            (['self_service', 'auto_rule'] as const).map((table) =>
              e('store.id', 'in', e.selectFrom(table).select('store_id').where('holidays', 'is not', null)),
            ),
          ),
        )
        .orderBy('store.id')
        .execute();
      return rows.map(({ id }) => id);
    },
  };
}

/** Deletes the rules of an account's stores, before these are deleted. */
export async function deleteRules(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('self_service').where('store_id', 'in', storesOf(tx, accountId)).execute();
}
