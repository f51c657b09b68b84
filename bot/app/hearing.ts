/** Opens and closes the channels' ears: each instance hears every channel, or one elected instance hears it. */
import type { Leases } from '../../services/database/locks/leases.ts';
import type { Log } from '../../services/log.ts';
import type { Hear } from '../channel/channel.ts';
import { createLeader } from '../channel/leader.ts';
import type { Readiness } from '../channel/readiness.ts';
import type { Mounted } from './channels.ts';

export interface Hearing {
  /** Starts every channel that is this instance's to hear. Resolves once all of them hear; rejects where one never can. */
  start(): Promise<void>;
  /** Stops every channel; no election is won any more. */
  stop(): Promise<void>;
  /** Lets other instances hear: only when everything here is said, as their connection may end ours. */
  release(): Promise<void>;
  /** The elections to be held every few seconds. */
  readonly elections: readonly { readonly channel: string; readonly run: () => Promise<void> }[];
}

export function createHearing(parts: {
  mounted: readonly Mounted[];
  hear: Hear;
  readiness: Readiness;
  leases: Leases;
  /** This instance. */
  holder: string;
  monotonic: () => number;
  /** There is no other instance. */
  alone: boolean;
  log: Log;
}): Hearing {
  const { mounted, hear, readiness, leases, holder, monotonic, alone, log } = parts;
  const ears = mounted.map(({ channel, single }) => {
    const start = (): Promise<void> => readiness.begin(channel.name, () => channel.start(hear));
    const stop = (): Promise<void> => {
      readiness.end(channel.name);
      return channel.stop();
    };
    if (!single || alone) return { channel: channel.name, run: start, stop, elected: false, release: () => Promise.resolve() };
    const name = `hear:${channel.name}`;
    return { channel: channel.name, elected: true, ...createLeader({ leases, name, holder, start, stop, monotonic, log }) };
  });
  return {
    start: async () => void (await Promise.all(ears.map((ear) => ear.run()))),
    stop: async () => void (await Promise.all(ears.map((ear) => ear.stop()))),
    async release() {
      for (const ear of ears) await ear.release().catch(() => undefined);
    },
    elections: ears.filter(({ elected }) => elected),
  };
}
