/** The programs of the years: one, or two over the same database. They start again, are updated, killed, and away for days. */
import { createApp, type App } from '../../../bot/app/app.ts';
import { createSeal } from '../../../services/database/seal.ts';
import type { Log } from '../../../services/log.ts';
import type { Platform } from '../../../services/platforms/platform.ts';
import type { Chance } from '../world/chance.ts';
import type { Chats } from '../world/chats.ts';
import type { Process, Scheduler } from '../world/scheduler.ts';
import type { SharedDatabase } from '../world/shared-database.ts';
import { simulatedTime } from '../world/simulated-time.ts';
import { KEY } from '../world/town.ts';
import type { Pulse } from './pulse.ts';

export interface Running {
  readonly process: Process;
  readonly app: App;
}

export interface Programs {
  /** Those that run. */
  alive(): readonly Running[];
  /** Starts so many; does nothing while any runs. */
  start(count: number): void;
  /** Kills one in the middle of whatever it does. */
  kill(one: Process): void;
  /** Stops all of them in good order. Never resolves where one is killed meanwhile. */
  stop(): Promise<void>;
  /** Errors that were logged, each with the time, ms. */
  readonly alarms: readonly string[];
}

export interface ProgramsParts {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly shared: SharedDatabase;
  readonly chats: Chats;
  readonly platform: Platform;
  readonly pulse: Pulse;
  /** How far the machines' clocks are ahead, ms. */
  readonly aheadMs: () => number;
}

export function createPrograms({ scheduler, chance, shared, chats, platform, pulse, aheadMs }: ProgramsParts): Programs {
  const running = new Map<Process, App>();
  const alarms: string[] = [];
  let boots = 0;

  const boot = (alone: boolean): void => {
    boots += 1;
    const own = chance.fork(`boot ${boots}`);
    const process: Process = { name: `#${boots}`, dead: false, frozenUntil: 0, aheadMs: aheadMs() };
    const quietly = (): void => undefined;
    const log: Log = {
      info: quietly,
      warn: quietly,
      error(message, { error } = {}) {
        if (!process.dead) alarms.push(`${new Date(scheduler.now()).toISOString()} ${message}: ${String(error)}`);
      },
    };
    const time = simulatedTime(scheduler, process, () => 0);
    const app = createApp({
      config: {
        locale: 'zh-CN',
        timeZone: 'Asia/Shanghai',
        operators: [],
        publicUrl: undefined,
        webhookPrivate: true,
        access: 'open',
      },
      database: { ...shared.reach(process, own.fork('database')), embedded: alone },
      alone,
      seal: createSeal(KEY),
      key: KEY,
      time: { ...time, every: pulse.every(process, time.every) },
      newId: () =>
        BigInt(`0x${own.bytes(12).toString('hex')}`)
          .toString(36)
          .padStart(19, '0')
          .slice(-16),
      random: (bytes) => own.bytes(bytes),
      platforms: () => [platform],
      channels: () => [{ channel: chats.channel(process, own.fork('channel')) }],
      log,
      version: 'simulated',
    });
    running.set(process, app);
    void app.start().catch((error: unknown) => void alarms.push(`a program cannot start: ${String(error)}`));
    pulse.look();
  };
  const end = (process: Process): void => {
    if (!running.delete(process)) return;
    process.dead = true;
    shared.forget(process);
  };

  return {
    alarms,
    alive: () => [...running].map(([process, app]) => ({ process, app })),
    start(count) {
      if (running.size === 0) for (let n = 0; n < count; n++) boot(count === 1);
    },
    kill: end,
    async stop() {
      await Promise.all([...running].map(([process, app]) => app.stop().then(() => end(process))));
    },
  };
}
