/** Runs one plan: the whole program, once or several times over one database, in a world that keeps its time and chance. */
import { createHash } from 'node:crypto';
import { createApp, type App } from '../../bot/app/app.ts';
import type { FollowDouyinLink } from '../../services/coupons/douyin-link.ts';
import { createSeal } from '../../services/database/seal.ts';
import type { Log } from '../../services/log.ts';
import { createAllinpay } from '../../services/platforms/allinpay/allinpay.ts';
import { jsonOver } from '../../services/platforms/json-http.ts';
import { createDouyin } from '../../services/platforms/douyin/douyin.ts';
import { TOKEN_MS, type AppToken } from '../../services/platforms/douyin/token.ts';
import { ATTEMPT_MS } from '../../services/webhooks/post.ts';
import { createUmember } from '../../services/platforms/umember/umember.ts';
import { APP } from '../doubles/douyin/tokens.ts';
import { ALLINPAY, createAllinpayGateway } from './gateways/allinpay.ts';
import { createDouyinGateway, DOUYIN } from './gateways/douyin.ts';
import { createUmemberGateway } from './gateways/umember.ts';
import { brokenLaws } from './laws.ts';
import { staleWords } from './laws/cards.ts';
import { isCalm, type Ended } from './laws/ended.ts';
import { createPeople, type Coupon } from './people.ts';
import type { During, Mishap, Plan } from './plan.ts';
import { createDouyinMessages } from './systems/douyin-messages.ts';
import { createEndpoint } from './systems/endpoint.ts';
import { createOwner } from './systems/owner.ts';
import { createReach } from './systems/reach.ts';
import { createTill } from './systems/till.ts';
import { createChance } from './world/chance.ts';
import { codeIn, createChats } from './world/chats.ts';
import { createNetwork, TOKEN_TIMEOUT_MS } from './world/network.ts';
import { createPace } from './world/pace.ts';
import { createScheduler, type Process } from './world/scheduler.ts';
import { openShared } from './world/shared-database.ts';
import { simulatedTime } from './world/simulated-time.ts';
import { takeTimers } from './world/timers.ts';
import { KEY, SHOPS, type Town } from './world/town.ts';
import { createWeather } from './world/weather.ts';

export interface Outcome {
  readonly seed: string;
  /** What was not as it must be, one line each; empty where all is well. */
  readonly broken: readonly string[];
  /** SHA-256 of everything that happened, in order. */
  readonly trace: string;
  readonly story: readonly string[];
  readonly steps: number;
}

/** Nobody sends links. */
const follow = (): ReturnType<FollowDouyinLink> => Promise.resolve({ kind: 'none', why: 'unreachable' });

export async function run(plan: Plan, { image, systems, rules }: Town): Promise<Outcome> {
  const { seed, start, activeMs } = plan;
  const chance = createChance(seed);
  const scheduler = createScheduler(start);
  const giveBack = takeTimers(scheduler);
  const story: string[] = [];
  const broken: string[] = [];
  const alarms: string[] = [];
  const tell = (line: string): void => void story.push(`${((scheduler.now() - start) / 1000).toFixed(3).padStart(9)} ${line}`);

  const weather = createWeather(plan.troubles, () => scheduler.now() - start, chance.fork('weather'));
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
  const calm = isCalm(plan);
  const shared = openShared(image, scheduler, { ...weather, strike: (process, during) => void strike(process, during) }, alone);
  const allinpay = createAllinpayGateway(scheduler.now, plan.lists);
  const douyin = createDouyinGateway(scheduler.now, plan.douyin, (code, action) => messages.tell(code, action));
  const gateways = [createUmemberGateway(scheduler.now, plan.flavour), allinpay, douyin];
  const reach = createReach({
    scheduler,
    chance: chance.fork('reach'),
    alive: () => [...running.values()].filter(({ process }) => !process.dead),
    loses: weather.answerLost,
  });
  const endpoints = systems.map(({ storeId, endpoint }) => ({
    storeId,
    endpoint: createEndpoint({ ...endpoint, now: scheduler.now, refuses: weather.endpointRefuses }),
  }));
  const till = createTill({ reach, scheduler, chance: chance.fork('till'), tell });
  const messages = createDouyinMessages({ gateway: douyin, scheduler, chance: chance.fork('douyin'), reach, tell });
  const coupons = plan.coupons.map(({ yuan, shop, host, uses }): Coupon => {
    const gateway = gateways.find((one) => one.host === host)!;
    const { listed } = SHOPS[shop]!;
    const code = gateway.coupon({ yuan, shop: listed.find((one) => one.host === host)!.id, uses });
    if (host === DOUYIN.host && listed.some((one) => one.host === ALLINPAY.host)) allinpay.alsoDouyin(code, yuan);
    return { gateway, code };
  });

  const pace = createPace(scheduler, shared, plan.jobsMs);
  const chats = createChats({
    scheduler,
    chance: chance.fork('chats'),
    tell,
    arrived(version) {
      const code = version.title?.startsWith('核销成功') ? codeIn(version.text) : undefined;
      const coupon = coupons.find((one) => one.code === code);
      if (coupon && !coupon.gateway.everUsed(coupon.code)) broken.push(`told too early: ${code} 核销成功`);
    },
    worded(reply) {
      const title = calm && 'card' in reply && reply.card.title.startsWith('核销成功') ? reply.card : undefined;
      const code = title?.fields.map(({ label, value }) => codeIn(`${label}：${value}`)).find((one) => one !== undefined);
      if (code !== undefined) broken.push(...staleWords(shared, code, scheduler.now()));
    },
    alive: () => [...running.values()].map(({ process }) => process).filter(({ dead }) => !dead),
    lines: {
      fails: weather.messageFails,
      mostMs: weather.messageMs,
      strike: (process) => strike(process, 'message') !== undefined,
    },
  });
  const roads = { ...weather, strike: (process: Process) => strike(process, 'call') };

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
    const time = simulatedTime(scheduler, process, pace.gapMs);
    const servers = [...gateways, ...endpoints.map(({ endpoint }) => endpoint)];
    const network = { scheduler, gateways: servers, roads, chance: own.fork('network'), tell };
    const http = jsonOver(createNetwork(network, process));
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
      platforms: ({ now, collections, mutex }) => [
        createUmember({ http, baseUrl: 'http://umember.test', now }),
        createAllinpay({
          http,
          now,
          gatewayUrl: 'http://allinpay.test/gateway',
          signer: 'md5',
          body: 'form',
          follow,
        }),
        createDouyin({
          http,
          tokenHttp: jsonOver(createNetwork(network, process, TOKEN_TIMEOUT_MS)),
          follow,
          baseUrl: `http://${DOUYIN.host}`,
          ...APP,
          tokens: collections<AppToken>('douyin-token', TOKEN_MS),
          mutex,
          log,
          now,
        }),
      ],
      channels: () => [{ channel: chats.channel(process, own.fork('channel')) }],
      webhookHttp: createNetwork(network, process, ATTEMPT_MS),
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
  const owner = createOwner({ shared, scheduler, chance: chance.fork('owner'), tell });
  const turn = (rule: number, on: boolean): void => owner.turn(rules[rule]!, on);
  const people = createPeople({ plan, scheduler, chats, coupons, shared, douyin, messages, till, systems, turn });
  people.begin();

  try {
    await scheduler.until(start + activeMs);
    tell('all is calm');
    // The clocks are set right again, as far as they ever were.
    for (const [instance, { process }] of running) process.aheadMs = plan.aheadMs[instance] ?? 0;
    people.decide();
    await pace.calm();
    const ended: Ended = { plan, chats, coupons, gateways, shared, alarms, douyin, messages, endpoints, till, rules };
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
