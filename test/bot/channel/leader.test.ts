import { describe, expect, onTestFinished, test } from 'vitest';
import { createLeader } from '../../../bot/channel/leader.ts';
import type { Channel } from '../../../bot/channel/channel.ts';
import { openSqlite } from '../../../services/database/database.ts';
import { createLeases } from '../../../services/database/locks/leases.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Instances over one database and one clock; `run` is to be called every three seconds. */
async function openInstances() {
  const database = await openSqlite(':memory:');
  onTestFinished(() => database.close());
  let at = Date.UTC(2026, 10, 22, 4);
  const stored = createLeases(database.db, () => at);
  let answers: Promise<void> | undefined;
  const leases: typeof stored = {
    ...stored,
    hold: (...lease) => (answers ? answers.then(() => stored.hold(...lease)) : stored.hold(...lease)),
  };
  return {
    instance: (holder: string, { start, stop }: Pick<Channel, 'stop'> & { start: () => Promise<void> }) =>
      createLeader({ leases, name: 'hear:wecom-bot', holder, start, stop, monotonic: () => at, log: quiet }),
    later: (ms: number) => void (at += ms),
    /** From now on the database answers a request for the lease only when this resolves. */
    slow: (until: Promise<void>) => void (answers = until),
    /** The line to the database is cut, and nobody is told. */
    cut: () => void (answers = new Promise<never>(() => undefined)),
    mend: () => void (answers = undefined),
  };
}

/** A channel that waits for its network until `reach`, or until it is stopped. */
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

describe('the leader of several instances', () => {
  test('starts the channel once and keeps the lease, however long the network is away', async () => {
    const { instance, later } = await openInstances();
    const [first, second] = [channel(), channel()];
    const [one, other] = [instance('one', first), instance('other', second)];
    const ticks: Promise<void>[] = [];
    for (let n = 0; n < 12; n += 1) {
      ticks.push(one.run());
      await other.run();
      later(3000);
    }
    first.reach();
    await Promise.all(ticks);
    expect(first.calls).toEqual(['start']);
    expect(second.calls).toEqual([]);
  });

  test('ends a start under way when another instance takes the lease', async () => {
    const { instance, later } = await openInstances();
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

  test('stops when the database has not answered for as long as the lease, and hears again when it does', async () => {
    const { instance, later, cut, mend } = await openInstances();
    const mine = channel();
    const one = instance('one', mine);
    const opening = one.run();
    await expect.poll(() => mine.calls).toEqual(['start']);
    mine.reach();
    await opening;
    cut();
    for (let n = 0; n < 3; n += 1) {
      later(3000);
      void one.run();
    }
    expect(mine.calls).toEqual(['start']);
    later(3000);
    void one.run();
    expect(mine.calls).toEqual(['start', 'stop']);
    mend();
    const again = one.run();
    await expect.poll(() => mine.calls).toEqual(['start', 'stop', 'start']);
    mine.reach();
    await again;
  });

  test('tries again after a start that failed', async () => {
    const { instance, later } = await openInstances();
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

  test('holds the lease after it has stopped, until it is released, and never takes it again', async () => {
    const { instance } = await openInstances();
    const [first, second] = [channel(), channel()];
    const [one, other] = [instance('one', first), instance('other', second)];
    first.reach();
    const opening = one.run();
    await expect.poll(() => first.calls).toEqual(['start']);
    await one.stop();
    await opening;
    await other.run();
    expect(second.calls).toEqual([]);
    await one.release();
    await one.run();
    const taking = other.run();
    await expect.poll(() => second.calls).toEqual(['start']);
    second.reach();
    await taking;
    expect(first.calls).toEqual(['start', 'stop']);
  });

  test('that is stopping does not take the lease which another stopping one let go', async () => {
    const { instance } = await openInstances();
    const [first, second, third] = [channel(), channel(), channel()];
    const [one, other, last] = [instance('one', first), instance('other', second), instance('last', third)];
    first.reach();
    void one.run();
    await expect.poll(() => first.calls).toEqual(['start']);
    await one.stop();
    await one.release();
    const late = other.run();
    await other.stop();
    await late;
    void last.run();
    await expect.poll(() => third.calls).toEqual(['start']);
    expect(second.calls).toEqual(['stop']);
  });

  test('lets the lease go for good, also with a renewal under way', async () => {
    const { instance, slow } = await openInstances();
    const [first, second] = [channel(), channel()];
    const [one, other] = [instance('one', first), instance('other', second)];
    void one.run();
    await expect.poll(() => first.calls).toEqual(['start']);
    const database = Promise.withResolvers<void>();
    slow(database.promise);
    const renewal = one.run();
    await one.stop();
    const released = one.release();
    database.resolve();
    await Promise.all([renewal, released]);
    void other.run();
    await expect.poll(() => second.calls).toEqual(['start']);
  });
});
