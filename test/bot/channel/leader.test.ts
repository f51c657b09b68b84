import { describe, expect, onTestFinished, test } from 'vitest';
import { createLeader } from '../../../bot/channel/leader.ts';
import type { Channel } from '../../../bot/channel/channel.ts';
import { openSqlite } from '../../../services/database/database.ts';
import { createLeases } from '../../../services/database/leases.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Instances over one database and one clock; `tick` is what each one's clock does every five seconds. */
async function gather() {
  const database = await openSqlite(':memory:');
  onTestFinished(() => database.close());
  let at = Date.UTC(2026, 10, 22, 4);
  const leases = createLeases(database.db, () => at);
  return {
    instance: (holder: string, { start, stop }: Pick<Channel, 'stop'> & { start: () => Promise<void> }) =>
      createLeader({ leases, name: 'hear:wecom-bot', holder, start, stop, log: quiet }),
    later: (ms: number) => void (at += ms),
  };
}

/** A channel that waits for its network until it is told that it is there, or is stopped. */
function channel() {
  const calls: string[] = [];
  let waiting = Promise.withResolvers<void>();
  return {
    calls,
    reach: () => waiting.resolve(),
    fail: () => waiting.reject(new Error('no network')),
    start(): Promise<void> {
      calls.push('start');
      waiting = Promise.withResolvers<void>();
      return waiting.promise;
    },
    stop(): Promise<void> {
      calls.push('stop');
      waiting.resolve();
      return Promise.resolve();
    },
  };
}

describe('one of several instances', () => {
  test('is begun once, and stays the one, however long its network is away', async () => {
    const { instance, later } = await gather();
    const [first, second] = [channel(), channel()];
    const [one, other] = [instance('one', first), instance('other', second)];
    const ticks: Promise<void>[] = [];
    for (let n = 0; n < 12; n += 1) {
      ticks.push(one.run());
      await other.run();
      later(5000);
    }
    first.reach();
    await Promise.all(ticks);
    expect(first.calls).toEqual(['start']);
    expect(second.calls).toEqual([]);
  });

  test('that loses its turn while it waits for its network waits no longer', async () => {
    const { instance, later } = await gather();
    const [first, second] = [channel(), channel()];
    const [one, other] = [instance('one', first), instance('other', second)];
    const opening = one.run();
    later(15_001);
    const taking = other.run();
    await expect.poll(() => second.calls).toEqual(['start']);
    await one.run();
    await opening;
    expect(first.calls).toEqual(['start', 'stop']);
    second.reach();
    await taking;
  });

  test('that cannot begin tries again', async () => {
    const { instance, later } = await gather();
    const mine = channel();
    const one = instance('one', mine);
    const opening = one.run();
    await expect.poll(() => mine.calls).toEqual(['start']);
    mine.fail();
    await expect(opening).rejects.toThrow('no network');
    later(5000);
    const again = one.run();
    await expect.poll(() => mine.calls).toEqual(['start', 'start']);
    mine.reach();
    await again;
  });
});
