/** The whole program, put together from arguments: `main.ts`, tests, benches and simulations all use `createApp`. */
import { Hono } from 'hono';
import { createOpenPractice } from '../../handlers/bind/practice.ts';
import { createShowPlace } from '../../handlers/self-service/arrival.ts';
import { createCollections, type Collections } from '../../services/database/collections.ts';
import { createLeases } from '../../services/database/locks/leases.ts';
import { claimClock } from '../../services/database/queues/claim.ts';
import { createMutex, noMutex } from '../../services/database/locks/mutex.ts';
import { createSharedClock, unsharedClock } from '../../services/database/shared-clock.ts';
import type { Charts } from '../../services/charts/charts.ts';
import type { PhotoReader } from '../../services/coupons/read-photo/photo-reader.ts';
import { createFactChain } from '../../services/facts/fact-chain.ts';
import { instrumented, type Observe } from '../../services/platforms/instrumented.ts';
import type { Platform } from '../../services/platforms/platform.ts';
import { createChannels } from '../channel/channels.ts';
import { createWordInstead } from '../channel/instead.ts';
import { createReadiness } from '../channel/readiness.ts';
import type { Config } from '../config/config.ts';
import { createClock } from '../delivery/clock.ts';
import type { Time } from '../../services/time/time.ts';
import { createBodies } from '../http/body.ts';
import { createOauth } from '../http/oauth/oauth.ts';
import { createHttp } from '../http/server.ts';
import type { Http } from '../../services/http.ts';
import type { Log } from '../../services/log.ts';
import type { Metrics, Waiting } from '../telemetry/metrics.ts';
import type { ChannelParts, Mounted } from './channels.ts';
import { createHandlers } from './handlers.ts';
import { createHearing } from './hearing.ts';
import { createJobs } from './jobs.ts';
import { createLifecycle, type Lifecycle } from './lifecycle.ts';
import { createNotices } from './notices.ts';
import type { PlatformsParts } from './platforms.ts';
import { workQueues } from './queues.ts';
import { createQueues, createRepositories, type StorageParts } from './repositories.ts';
import { createRoutes } from './routes.ts';
import { createServices } from './services.ts';
import { createWebhookParts, tellingDesk } from './webhooks.ts';

/** Everything the program knows of the outside comes in here. `now` is `time.now`, set right by the database's clock. */
export interface AppParts extends Omit<StorageParts, 'now'> {
  readonly config: Pick<Config, 'locale' | 'timeZone' | 'operators' | 'access' | 'publicUrl' | 'webhookPrivate'> &
    Partial<Pick<Config, 'onlyPractice' | 'pagesUrl'>>;
  /** No other instance uses the database: nothing is elected, and what is under way there belongs to a dead process. */
  readonly alone: boolean;
  /** The key behind `seal`; secrets of channels are derived from it. */
  readonly key: Buffer;
  /** Keys of before; none where they are left out. */
  readonly former?: readonly Buffer[];
  readonly time: Time;
  /** The platforms offered at binding, in this order. */
  readonly platforms: (parts: PlatformsParts) => readonly Platform[];
  readonly channels: (parts: ChannelParts) => readonly Mounted[];
  /** Left out: no pictures are read. */
  readonly photos?: Pick<PhotoReader, 'read'>;
  /** Left out: nothing is drawn. */
  readonly charts?: Pick<Charts, 'bars' | 'picture'>;
  /** The one HTTP listener. Left out: the program does not listen, and routes of channels are not served. */
  readonly http?: Pick<Config, 'port' | 'host' | 'metrics'>;
  /** Posts events to merchants' own systems. Left out: over the network. */
  readonly webhookHttp?: Http;
  /** Makes the figures for Prometheus over the two queues. Left out: nothing is measured. */
  readonly metrics?: (waiting: Waiting) => Metrics;
  readonly version: string;
}

export interface App extends Lifecycle {
  /** Answers a request as the listener does, also where there is none: messages of platforms, and the API. */
  readonly fetch: (request: Request) => Response | Promise<Response>;
  /** Runs each job once, or the named one: a test's time stands still, so nothing runs on schedule there. */
  tick(job?: string): Promise<void>;
  /** Counts events that are heard and not answered yet: tests and benches wait for 0, as there is no other sign of rest. */
  waiting(): Promise<number>;
}

const unobserved: Observe = () => undefined;

/** Makes what answers `fetch` where nothing listens: it logs a failure and tells no details, as the listener does. */
const unheard = (log: Log): Hono =>
  new Hono().onError((error, c) => {
    log.error('a request failed', { error });
    return c.text('Something went wrong here. Please try again.', 500);
  });

/** Nothing is opened and nothing runs before `start`. Database and photo reader stay the caller's to close. */
export function createApp(parts: AppParts): App {
  const { config, database, alone, seal, key, former = [], newId, random, log, version } = parts;
  const ours = parts.time.now;
  const clocks = alone || database.embedded ? unsharedClock(ours) : createSharedClock(database.db, ours);
  const time: Time = { ...parts.time, now: clocks.now };
  const { now, sleep } = time;
  const holder = newId();
  const stopping = new AbortController();
  const abandoned = new AbortController();

  const collections: Collections = createCollections(database.db, seal, now);
  const { inboxRows, outbox } = createQueues({ ...parts, now });
  const waiting: Waiting = {
    inbox: () => inboxRows.waiting(),
    outbox: () => outbox.counts(),
    dead: async () => ({ inbox: await inboxRows.dead(), outbox: await outbox.deadCount() }),
  };
  const metrics = parts.metrics?.(waiting);
  const observe = metrics?.platformCall ?? unobserved;
  const leases = createLeases(database.db, now, claimClock(database.embedded));
  const mutex = alone ? noMutex : createMutex({ leases, holder, wait: sleep });
  const platforms = parts
    .platforms({ collections, mutex, log, now, sleep, monotonic: time.monotonic })
    .map((platform) => instrumented(platform, { observe, log, monotonic: time.monotonic }));
  const repositories = createRepositories({ ...parts, now, monotonic: time.monotonic, sleep, collections, leases, platforms });
  const { chats } = repositories;
  const notices = createNotices({ config, repositories, outbox, platforms, now, newId });
  const { wordsOf } = notices;
  const made = createServices({ repositories, platforms, ...notices, charts: parts.charts, log, time, newId, seal, random });
  const webhooks = createWebhookParts({
    config,
    services: made,
    notices,
    http: parts.webhookHttp,
    time,
    log,
    // A stop waits for it, as for any run of a job.
    nudge: (job) => void clock.tick(job),
    stopping: stopping.signal,
  });
  const services = { ...made, desk: tellingDesk(made.desk, webhooks.deliver) };

  const wordInstead = createWordInstead({ ...repositories, filesUrl: config.pagesUrl ?? config.publicUrl, wordsOf, log });
  const bodies = createBodies();
  const mounted = parts.channels({
    config,
    key,
    collections,
    bodies,
    mutex,
    chats,
    openPractice: createOpenPractice(services),
    showPlace: createShowPlace(services),
    wordsOf,
    wordInstead,
    loseGroup: notices.loseGroup,
    notifyReplaced: notices.notifyReplaced,
    random,
    log,
    now,
    sleep,
  });
  const heard = mounted.map(({ channel }) => channel);
  const channels = createChannels(heard, { wordInstead, log });

  const { answer, authorisations } = createHandlers({
    config,
    services,
    notices,
    webhooks,
    channels,
    readPicture: parts.photos?.read,
    queues: waiting,
    now,
    sleep,
    newId,
    version,
  });
  const { inbox, delivery } = workQueues({
    services,
    notices,
    channels,
    inboxRows,
    outbox,
    answer,
    metrics,
    log,
    time,
    stopping: stopping.signal,
    abandoned: abandoned.signal,
  });
  const readiness = createReadiness(now);
  const hearing = createHearing({
    mounted,
    hear: inbox.hear,
    readiness,
    leases,
    holder,
    monotonic: time.monotonic,
    alone,
    log,
  });
  const jobs = createJobs({
    services,
    notices,
    inboxRows,
    outbox,
    resumeInbox: inbox.resume,
    deliver: delivery.run,
    webhooks,
    elections: hearing.elections,
    compareClocks: clocks.compare,
    factChain: createFactChain({ db: database.db, key, former, sleep: time.sleep }),
    holder,
    log,
    now,
  });
  const clock = createClock({ jobs, every: time.every, log });

  // A write, not a look: a full disk can still be read.
  const health = (): Promise<readonly string[]> =>
    leases.hold(`health:${holder}`, holder, 60_000).then(
      () => [...readiness.complaints(), ...clocks.complaints(), ...mounted.flatMap(({ channel }) => channel.trouble?.() ?? [])],
      (error: unknown) => {
        // Its own words are for the log: they name hosts, users and files.
        log.warn('the database cannot be written', { error });
        return ['the database cannot be written'];
      },
    );
  const http =
    parts.http &&
    createHttp({
      ...parts.http,
      metricsAccess: parts.http.metrics,
      health,
      metrics: async () => {
        for (const { channel } of mounted) metrics?.troubled(channel.name, channel.trouble?.() !== undefined);
        return (await metrics?.text()) ?? '';
      },
      time,
      log,
    });
  const served = http?.app ?? unheard(log);
  const newToken = (): string => random(16).toString('hex');
  const { publicUrl } = config;
  if (publicUrl !== undefined)
    http?.mount(createOauth({ ...authorisations, platforms, hear: inbox.hear, publicUrl, newToken, bodies, now, log }));
  served.route('/', createRoutes({ ...parts, services, notices, platforms, bodies, now, sleep }));
  for (const { routes } of mounted) if (routes) http?.mount(routes);

  const recover = async (): Promise<void> => {
    await clocks.compare();
    if (!alone) return;
    await inboxRows.recover();
    await repositories.repository.recheckInterrupted(now());
  };
  return {
    ...createLifecycle({ recover, http, inbox, clock, hearing, readiness, stopping, abandoned, sleep, log, version }),
    fetch: (request) => served.fetch(request),
    tick: clock.tick,
    waiting: inboxRows.waiting,
  };
}
