/** Runs one plan: the whole program, once or several times over one database, in a world that keeps its time and chance. */
import { createHash } from 'node:crypto';
import { createApp, type App } from '../../bot/app/app.ts';
import { createSeal } from '../../services/database/seal.ts';
import type { Log } from '../../services/log.ts';
import { createAllinpay } from '../../services/platforms/allinpay/allinpay.ts';
import { jsonOver } from '../../services/platforms/json-http.ts';
import { createUmember } from '../../services/platforms/umember/umember.ts';
import { createAllinpayGateway } from './gateways/allinpay.ts';
import { UNKNOWN_WORDS, type Lie } from './gateways/gateway.ts';
import { createUmemberGateway } from './gateways/umember.ts';
import { brokenLaws, codeIn, type Ended } from './laws.ts';
import { createPeople } from './people.ts';
import type { During, Mishap, Plan, Trouble } from './plan.ts';
import { createChance } from './world/chance.ts';
import { createChats } from './world/chats.ts';
import { createNetwork, type Fate } from './world/network.ts';
import { createScheduler, type Process } from './world/scheduler.ts';
import { openShared } from './world/shared-database.ts';
import { simulatedTime } from './world/simulated-time.ts';
import { takeTimers } from './world/timers.ts';
import { KEY } from './world/town.ts';

export interface Outcome {
  readonly seed: string;
  /** What was not as it must be, one line each; empty where all is well. */
  readonly broken: readonly string[];
  /** SHA-256 of everything that happened, in order. */
  readonly trace: string;
  readonly story: readonly string[];
  readonly steps: number;
}

/**
 * How things come to rest after the last trouble: seconds between two runs of a job, for so many ms. Three quarters of an hour are the
 * longest wait of a queue, and more than a lease; then a day, as the next day's summary tells what changed of the one before.
 */
const CALM = [
  [10, 2 * 60_000],
  [90, 45 * 60_000],
  [21_600, 24 * 3_600_000],
  [30, 2 * 60_000],
] as const;

export async function run(plan: Plan, image: Buffer): Promise<Outcome> {
  const { seed, start, activeMs } = plan;
  const chance = createChance(seed);
  const scheduler = createScheduler(start);
  const giveBack = takeTimers(scheduler);
  const story: string[] = [];
  const broken: string[] = [];
  const alarms: string[] = [];
  const tell = (line: string): void => void story.push(`${((scheduler.now() - start) / 1000).toFixed(3).padStart(9)} ${line}`);

  // The weather is over with the active time.
  const active = (kind: Trouble['kind']): Trouble[] => {
    const at = scheduler.now() - start;
    return plan.troubles.filter((one) => one.kind === kind && one.at <= at && at < one.at + ('ms' in one ? Math.abs(one.ms) : 0));
  };
  const oftenest = (kind: 'network' | 'lies' | 'chat'): number =>
    Math.max(0, ...active(kind).map((one) => ('often' in one ? one.often : 0)));
  const weather = chance.fork('weather');
  const fateOf = (writes: boolean): Fate | undefined => {
    if (active('outage').length > 0) return weather.pick(['refused', 'lost-before']);
    const now = active('network').filter((one) => one.kind === 'network' && (writes || !one.writesOnly));
    const often = Math.max(0, ...now.map((one) => ('often' in one ? one.often : 0)));
    if (often === 0 || !weather.often(often)) return undefined;
    return weather.pick(['lost-before', 'lost-after', 'refused', 'reset', 'twice', 'late'] as const);
  };
  const lieOf = (writes: boolean): Lie | undefined => {
    const often = oftenest('lies');
    if (often === 0 || !weather.often(writes ? often : often / 4)) return undefined;
    if (!writes) return { kind: 'busy', applied: false };
    const applied = weather.often(0.5);
    switch (weather.pick(['words', 'words', 'echo', 'no-data', 'broken', 'busy'] as const)) {
      case 'words':
        return { kind: 'words', applied, words: weather.pick(UNKNOWN_WORDS) };
      case 'echo':
        return { kind: 'echo', applied: true };
      case 'no-data':
        return { kind: 'no-data', applied };
      case 'broken':
        return { kind: 'broken', applied };
      case 'busy':
        return { kind: 'busy', applied: false };
    }
  };

  const running = new Map<number, { readonly process: Process; readonly app: App }>();
  const crash = (instance: number, backMs: number): void => {
    const { process } = running.get(instance)!;
    process.dead = true;
    shared.forget(process);
    scheduler.after(backMs, () => void boot(instance));
  };
  const mishaps = new Map<Process, Mishap>();
  const strike = (process: Process, during: During): Mishap['what'] | undefined => {
    const due = mishaps.get(process);
    if (due?.during !== during || process.dead) return undefined;
    mishaps.delete(process);
    tell(`${process.name}: ${due.what} in the middle of a ${during}`);
    if (due.what === 'freeze') process.frozenUntil = scheduler.now() + due.ms;
    if (due.what === 'leap') process.aheadMs += due.ms;
    if (due.what === 'crash') crash(due.instance, 5_000);
    return due.what;
  };

  const alone = plan.instances === 1;
  const shared = openShared(
    image,
    scheduler,
    {
      diskFails: () => active('disk').length > 0,
      strike: (process) => void strike(process, 'query'),
      slow() {
        const [now] = active('slow-database');
        return now?.kind === 'slow-database' ? now : { often: 0, mostMs: 0 };
      },
    },
    alone,
  );
  const gateways = [createUmemberGateway(scheduler.now, plan.flavour), createAllinpayGateway(scheduler.now, plan.lists)];
  const coupons = plan.coupons.map(({ yuan, host }) => {
    const gateway = gateways.find((one) => one.host === host)!;
    return { gateway, yuan, code: gateway.coupon(yuan) };
  });

  let stretch = 2;
  const chats = createChats({
    scheduler,
    chance: chance.fork('chats'),
    tell,
    arrived(version) {
      const code = version.title?.startsWith('核销成功') ? codeIn(version.text) : undefined;
      const coupon = coupons.find((one) => one.code === code);
      if (coupon && !coupon.gateway.everUsed(coupon.code)) broken.push(`told too early: ${code} 核销成功`);
    },
    alive: () => [...running.values()].map(({ process }) => process).filter(({ dead }) => !dead),
    lines: {
      fails() {
        const often = oftenest('chat');
        return often > 0 && weather.often(often) ? weather.pick(['before', 'after'] as const) : undefined;
      },
      strike: (process) => strike(process, 'message') !== undefined,
      mostMs: () => Math.max(60, ...active('slow-chat').map((one) => ('mostMs' in one ? one.mostMs : 0))),
    },
  });
  const roads = {
    strike: (process: Process) => strike(process, 'call'),
    fate: fateOf,
    lie: lieOf,
    mostMs: () => (active('network').length > 0 ? 900 : 120),
  };

  let boots = 0;
  const boot = async (instance: number): Promise<void> => {
    boots += 1;
    const own = chance.fork(`boot ${boots}`);
    const process: Process = { name: `#${instance + 1}`, dead: false, frozenUntil: 0, aheadMs: plan.aheadMs[instance] ?? 0 };
    const write =
      (level: string) =>
      (message: string, facts: Readonly<Record<string, unknown>> = {}): void => {
        const { error } = facts;
        const why = error instanceof Error ? ` (${error.message})` : '';
        if (process.dead) return;
        if (level !== 'info') tell(`${process.name} ${level}: ${message}${why}`);
        if (level === 'error') alarms.push(`${message}${why}`);
      };
    const log: Log = { info: write('info'), warn: write('warn'), error: write('error') };
    const time = simulatedTime(scheduler, process, () => stretch);
    const http = jsonOver(createNetwork({ scheduler, gateways, roads, chance: own.fork('network'), tell }, process));
    const app = createApp({
      config: {
        locale: 'zh-CN',
        timeZone: 'Asia/Shanghai',
        operators: [],
        publicUrl: undefined,
        webhookPrivate: true,
        access: 'open',
      },
      database: shared.reach(process, own.fork('database')),
      alone,
      seal: createSeal(KEY),
      key: KEY,
      time,
      newId: () =>
        BigInt(`0x${own.bytes(12).toString('hex')}`)
          .toString(36)
          .padStart(19, '0')
          .slice(-16),
      random: (bytes) => own.bytes(bytes),
      platforms: ({ now }) => [
        createUmember({ http, baseUrl: 'http://umember.test', now }),
        createAllinpay({
          http,
          now,
          gatewayUrl: 'http://allinpay.test/gateway',
          signer: 'md5',
          body: 'form',
          follow: () => Promise.resolve({ kind: 'none', why: 'unreachable' }),
        }),
      ],
      channels: () => [{ channel: chats.channel(process, own.fork('channel')) }],
      log,
      version: 'simulated',
    });
    running.set(instance, { process, app });
    tell(`${process.name} starts`);
    app.start().catch((error: unknown) => {
      if (process.dead) return;
      tell(`${process.name} cannot start: ${String(error)}`);
      process.dead = true;
      shared.forget(process);
      scheduler.after(2_000, () => void boot(instance));
    });
    await Promise.resolve();
  };
  for (let n = 0; n < plan.instances; n++) await boot(n);

  for (const trouble of plan.troubles) {
    scheduler.after(trouble.at, () => {
      tell(`trouble: ${JSON.stringify(trouble)}`);
      if (!('instance' in trouble)) return;
      const { process } = running.get(trouble.instance)!;
      if (process.dead) return;
      if (trouble.kind === 'freeze') process.frozenUntil = scheduler.now() + trouble.ms;
      if (trouble.kind === 'mishap') mishaps.set(process, trouble);
      if (trouble.kind === 'step') process.aheadMs += trouble.ms;
      if (trouble.kind === 'crash') crash(trouble.instance, trouble.backMs);
    });
  }
  const people = createPeople({ plan, scheduler, chats, coupons, shared });
  people.begin();

  try {
    await scheduler.until(start + activeMs);
    tell('all is calm');
    // The clocks are set right again, as far as they ever were.
    for (const [instance, { process }] of running) process.aheadMs = plan.aheadMs[instance] ?? 0;
    people.decide();
    let at = start + activeMs;
    // Jobs become rarer as there is less to do: a run costs what its jobs ask of the database.
    for (const [seconds, ms] of CALM) {
      stretch = seconds;
      at += ms;
      await scheduler.until(at);
    }
    const ended: Ended = { plan, chats, coupons, gateways, shared, alarms };
    broken.push(...brokenLaws(ended));
  } catch (error) {
    broken.push(`the run ended with ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  } finally {
    giveBack();
    for (const { process } of running.values()) process.dead = true;
    shared.close();
  }
  const hash = createHash('sha256');
  for (const line of story) hash.update(line).update('\n');
  return { seed, broken, trace: hash.digest('hex'), story, steps: scheduler.steps() };
}
