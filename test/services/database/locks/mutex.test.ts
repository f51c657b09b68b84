import { setImmediate as breath } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { openSqlite } from '../../../../services/database/database.ts';
import { createLeases } from '../../../../services/database/locks/leases.ts';
import { createMutex } from '../../../../services/database/locks/mutex.ts';

/** Two instances on one database. */
async function gather() {
  const database = await openSqlite(':memory:');
  onTestFinished(() => database.close());
  let at = Date.UTC(2026, 10, 22, 4);
  const leases = createLeases(database.db, () => at);
  const instance = (holder: string) => createMutex({ leases, holder, wait: () => breath() });
  return { one: instance('one'), other: instance('other'), later: (ms: number) => void (at += ms) };
}

it('runs one step of a name at a time, and different names concurrently', async () => {
  const { one, other } = await gather();
  const done = Promise.withResolvers<void>();
  const steps: string[] = [];
  const first = one('lin', () => done.promise);
  const second = other('lin', () => Promise.resolve(void steps.push('lin')));
  await other('wang', () => Promise.resolve(void steps.push('wang')));
  expect(steps).toEqual(['wang']);
  done.resolve();
  await Promise.all([first, second]);
  expect(steps).toEqual(['wang', 'lin']);
});

it('releases the lease when a step fails; it expires when its process died', async () => {
  const { one, other, later } = await gather();
  await expect(one('lin', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await other('lin', () => Promise.resolve('mine'))).toBe('mine');
  void one('lin', () => new Promise(() => undefined));
  const waiting = other('lin', () => Promise.resolve('mine'));
  later(5001);
  expect(await waiting).toBe('mine');
});
