/** Prometheus metrics: few, each for a question that operators ask. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/**
 * Records the metrics. Labels are names from our own code (`telegram`, `umember`, `verify`, `not-done`), never a chat, a code
 * or a person.
 */
export interface Metrics {
  /** Counts an event stored in the inbox. */
  heard(channel: string): void;
  /** Records the time from an event to its answer. */
  answered(channel: string, seconds: number): void;
  /** Records a call to a platform; `outcome` is the caller's word (`ok`, `refused`, `busy`, `unreachable`). */
  platformCall(platform: string, call: string, outcome: string, seconds: number): void;
  /** Records whether a channel hears nothing for a reason that somebody has to mend. */
  troubled(channel: string, yes: boolean): void;
  /** All metrics in Prometheus' text format. Gauges that need an unreachable database are `Nan`. */
  text(): Promise<string>;
}

/** Queue lengths, queried at each scrape. */
export interface Waiting {
  inbox(): Promise<number>;
  outbox(): Promise<{ readonly due: number; readonly uncertain: number }>;
  dead(): Promise<{ readonly inbox: number; readonly outbox: number }>;
}

/** Creates metrics with a registry of their own. */
export function createMetrics(waiting: Waiting): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });

  const heard = new Counter({
    name: 'hexiao_updates_heard_total',
    help: 'Messages, presses and other events stored, by channel',
    labelNames: ['channel'],
    registers: [registry],
  });
  const answered = new Histogram({
    name: 'hexiao_answer_seconds',
    help: 'From hearing an event to having answered it, platforms included',
    labelNames: ['channel'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  const platformCall = new Histogram({
    name: 'hexiao_platform_call_seconds',
    help: 'One request to a platform, without the wait for its turn',
    labelNames: ['platform', 'call', 'outcome'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  const inbox = new Gauge({
    name: 'hexiao_inbox_waiting',
    help: 'Events stored and not yet answered',
    registers: [],
    async collect() {
      this.set(await waiting.inbox().catch(() => Number.NaN));
    },
  });
  const outbox = new Gauge({
    name: 'hexiao_outbox',
    help: 'Messages to go out: due, and uncertain (the program stopped while sending)',
    labelNames: ['state'],
    registers: [],
    async collect() {
      const { due, uncertain } = await waiting.outbox().catch(() => ({ due: Number.NaN, uncertain: Number.NaN }));
      this.set({ state: 'due' }, due);
      this.set({ state: 'uncertain' }, uncertain);
    },
  });
  const dead = new Gauge({
    name: 'hexiao_dead',
    help: 'Put aside because it cannot be opened or delivered; above 0 somebody has to look, the log says why',
    labelNames: ['queue'],
    registers: [],
    async collect() {
      const counts = await waiting.dead().catch(() => ({ inbox: Number.NaN, outbox: Number.NaN }));
      this.set({ queue: 'inbox' }, counts.inbox);
      this.set({ queue: 'outbox' }, counts.outbox);
    },
  });
  const troubled = new Gauge({
    name: 'hexiao_channel_troubled',
    help: '1 while a channel hears nothing and somebody has to mend it; /healthz says why',
    labelNames: ['channel'],
    registers: [registry],
  });
  registry.registerMetric(inbox);
  registry.registerMetric(outbox);
  registry.registerMetric(dead);

  return {
    heard: (channel) => heard.inc({ channel }),
    answered: (channel, seconds) => answered.observe({ channel }, seconds),
    platformCall: (platform, call, outcome, seconds) => platformCall.observe({ platform, call, outcome }, seconds),
    troubled: (channel, yes) => troubled.set({ channel }, yes ? 1 : 0),
    text: () => registry.metrics(),
  };
}
