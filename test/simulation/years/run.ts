/** Runs years of days: stores in all time zones sell, their programs and clocks fail them, and every day must be told, right to the fen. */
import { createHash } from 'node:crypto';
import { BY } from '../world/town.ts';
import { createChance } from '../world/chance.ts';
import { createChats } from '../world/chats.ts';
import { createScheduler, type Process } from '../world/scheduler.ts';
import { openShared } from '../world/shared-database.ts';
import { takeTimers } from '../world/timers.ts';
import { createReach } from '../systems/reach.ts';
import { createStores } from '../../../services/accounts/stores.ts';
import { createStoreCalendars } from '../../../services/ledger/store-calendar.ts';
import { drawDay, type DrawnStore, type Happening } from './days.ts';
import { judge, type Verdict } from './reckoning/laws.ts';
import { createMessages } from './messages.ts';
import { createYearsPlatform } from './platform.ts';
import { createPrograms } from './programs.ts';
import { createPulse } from './pulse.ts';
import { createTills } from './tills.ts';
import { buildYearsTown, type YearsStore } from './town.ts';
import { watch } from './watch.ts';

export interface YearsPlan {
  readonly seed: string;
  /** The first day, `YYYY-MM-DD`. */
  readonly from: string;
  readonly days: number;
}

export interface YearsOutcome extends Verdict {
  readonly days: number;
  /** What happened how often, by kind. */
  readonly happened: ReadonlyMap<string, number>;
  readonly dayEnds: ReadonlySet<string>;
  readonly alarms: readonly string[];
  /** A hash of all that was told. */
  readonly trace: string;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** At the end nothing happens any more, so that everything is told and corrected. */
const CALM_DAYS = 5;

export async function runYears({ seed, from, days }: YearsPlan): Promise<YearsOutcome> {
  const chance = createChance(seed);
  const start = Date.parse(`${from}T00:00:00Z`);
  const { image, stores } = await buildYearsTown(start, chance.fork('town'));
  const scheduler = createScheduler(start);
  const giveBack = takeTimers(scheduler);
  const happened = new Map<string, number>();
  const unlived: { from: number; to: number }[] = [];
  let aheadMs = 0;
  const clock = (): number => Math.floor(scheduler.now() + aheadMs);

  const storms = { diskFails: () => false, slowQueries: () => ({ often: 0, mostMs: 0 }), strike: () => undefined };
  const shared = openShared(image, scheduler, storms, false, clock);
  const told = watch(shared);
  const pulse = createPulse(scheduler, shared, clock);
  const messages = createMessages(scheduler.now, (process) => lose(process));
  const chats = createChats({
    scheduler,
    lines: messages,
    chance: chance.fork('chats'),
    tell: () => undefined,
    alive: () => programs.alive().map(({ process }) => process),
    arrived: () => undefined,
    worded: (reply) => messages.worded('text' in reply ? reply.text : ''),
  });
  const platform = createYearsPlatform(clock, chance.fork('platform'));
  const programs = createPrograms({
    scheduler,
    chance: chance.fork('programs'),
    shared,
    chats,
    platform: platform.platform,
    pulse,
    aheadMs: () => aheadMs,
  });
  const reach = createReach({ scheduler, chance: chance.fork('reach'), alive: programs.alive, loses: () => undefined });
  const tills = createTills({ reach, scheduler, chance: chance.fork('tills'), platform, done: pulse.look });

  const own = chance.fork('world');
  let downSince: number | undefined;
  let awayUntil = 0;
  const isUp = (): boolean => programs.alive().length > 0;
  const begin = (): void => {
    if (isUp()) return;
    if (downSince !== undefined) unlived.push({ from: downSince, to: clock() });
    downSince = undefined;
    programs.start(own.pick([1, 1, 2]));
  };
  /** Starts the programs again after so long, and not before they may. */
  const revive = (ms: number): void =>
    void scheduler.after(ms, () => (scheduler.now() < awayUntil ? revive(awayUntil - scheduler.now()) : begin()));
  const lose = (process: Process): void => {
    programs.kill(process);
    if (!isUp()) downSince ??= clock();
    revive(own.between(2_000, MINUTE));
  };
  const loseAll = (ms: number): void => {
    awayUntil = scheduler.now() + ms;
    for (const { process } of programs.alive()) lose(process);
  };
  const restart = async (ms: number): Promise<void> => {
    awayUntil = scheduler.now() + ms;
    await programs.stop();
    downSince ??= clock();
    revive(1_000);
  };
  const step = (ms: number): void => {
    const before = clock();
    aheadMs += ms;
    for (const { process } of programs.alive()) process.aheadMs = aheadMs;
    if (ms > 0) unlived.push({ from: before, to: clock() });
    pulse.wake();
  };

  const hand = { name: 'owner', dead: false, frozenUntil: 0, aheadMs: 0 };
  const { db } = shared.reach(hand, own);
  const calendars = createStoreCalendars({ db, now: clock });
  const kept = createStores({ db, now: clock, newId: () => '', zone: '' });
  const set = async ({ id }: YearsStore, change: { readonly zone: string } | { readonly dayEnd: string }): Promise<void> => {
    const store = (await kept.get(id))!;
    await ('zone' in change ? calendars.setZone(store, change.zone, BY) : calendars.setDayEnd(store, change.dayEnd, BY));
    pulse.look();
  };

  const happen = (one: Happening): void => {
    // The laws go by when a setting was changed, by the clock of that moment.
    if (one.kind === 'setting' && aheadMs !== 0) return;
    happened.set(one.kind, (happened.get(one.kind) ?? 0) + 1);
    switch (one.kind) {
      case 'sale':
        return tills.sell(stores[one.store]!);
      case 'setting':
        return void set(stores[one.store]!, one.change);
      case 'away':
        return loseAll(one.ms);
      case 'killed':
        return messages.loseNext('program');
      case 'unacknowledged':
        return messages.loseNext('answer');
      case 'refused':
        return messages.refuseUntil(scheduler.now() + one.ms);
      case 'restart':
        return void restart(one.ms);
      case 'clock':
        step(-one.backMs);
        return void scheduler.after(one.ms, () => step(one.backMs));
    }
  };

  /** When the next summary of each store is due, true time in ms, and its zone. */
  const drawn = (): readonly DrawnStore[] =>
    stores.map(({ id }) => {
      const [row] = shared.rows<{ at: number; zone: string }>(
        `select min(next_at) as at, time_zone as zone from owner_group join store on store.id = store_id where store_id = '${id}'`,
      );
      return { end: row!.at - aheadMs, zone: row!.zone };
    });

  try {
    begin();
    const dayEnds = new Set<string>();
    for (let day = 0; day < days + CALM_DAYS; day++) {
      const todays = chance.fork(`day ${day}`);
      const happenings = day < days ? drawDay(todays, { now: scheduler.now(), stores: drawn() }) : [];
      for (const one of happenings) scheduler.after(one.at - scheduler.now(), () => happen(one));
      await scheduler.until(start + (day + 1) * DAY);
      for (const { dayEnd } of shared.rows<{ dayEnd: string }>('select day_end as dayEnd from store')) dayEnds.add(dayEnd);
    }
    // A day may have ended a moment ago: its summary goes out.
    const isOnItsWay = (): boolean =>
      shared.rows("select id from outbox where state in ('due', 'uncertain', 'sending') limit 1").length > 0;
    do await scheduler.until(scheduler.now() + 5 * MINUTE);
    while (isOnItsWay());
    const { deliveries } = chats;
    const posted = told();
    const verdict = judge({ shared, stores, told: posted, deliveries, unlived, now: clock() });
    const trace = createHash('sha256')
      .update(JSON.stringify([posted, deliveries]))
      .digest('hex');
    return { ...verdict, trace, days: days + CALM_DAYS, happened, dayEnds, alarms: programs.alarms };
  } finally {
    giveBack();
    for (const { process } of programs.alive()) process.dead = true;
    shared.close();
  }
}
