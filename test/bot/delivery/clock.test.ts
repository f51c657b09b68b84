import { expect, test } from 'vitest';
import { createClock, type Job } from '../../../bot/delivery/clock.ts';

/** A clock over these jobs whose schedule the test keeps: `strike` is the moment of a pattern. */
function open(...jobs: readonly Job[]) {
  const schedules = new Map<string | number, () => void>();
  const errors: unknown[] = [];
  const clock = createClock({
    jobs,
    every(pattern, run) {
      schedules.set(pattern, run);
      return { stop: () => void schedules.delete(pattern) };
    },
    log: { info: () => undefined, warn: () => undefined, error: (_, facts) => void errors.push(facts) },
  });
  return { clock, errors, strike: (pattern: string) => schedules.get(pattern)?.() };
}

/** A job whose runs end when they are told to. */
function slow(name: string, more: Partial<Job> = {}) {
  const ends: (() => void)[] = [];
  let began = 0;
  const run = (): Promise<void> => {
    began += 1;
    return new Promise((resolve) => ends.push(resolve));
  };
  return {
    job: { name, when: name, run, ...more } satisfies Job,
    began: () => began,
    end: () => ends.splice(0).forEach((end) => end()),
  };
}

test('a job skips its turn while its last run is under way, unless runs may overlap', async () => {
  const [alone, side] = [slow('alone'), slow('side', { overlaps: true })];
  const { clock, strike } = open(alone.job, side.job);
  clock.start();
  for (let n = 0; n < 2; n++) for (const { name } of [alone.job, side.job]) strike(name);
  expect([alone.began(), side.began()]).toEqual([1, 2]);
  alone.end();
  await expect.poll(() => (strike('alone'), alone.began())).toBe(2);
  alone.end();
  side.end();
  await clock.stop();
});

test('a run that fails is logged, and the job runs again', async () => {
  let runs = 0;
  const error = new Error('no database');
  const { clock, errors } = open({ name: 'sweep', when: '*', run: () => ((runs += 1), Promise.reject(error)) });
  await clock.tick();
  await clock.tick();
  expect([runs, errors]).toEqual([
    2,
    [
      { job: 'sweep', error },
      { job: 'sweep', error },
    ],
  ]);
});

test('a tick runs the jobs in the order of the table, or the named one alone', async () => {
  const ran: string[] = [];
  const job = (name: string): Job => ({ name, when: name, run: () => Promise.resolve(ran.push(name)) });
  const { clock } = open(job('recheck'), job('outbox'), job('inbox'));
  await clock.tick();
  await clock.tick('outbox');
  expect(ran).toEqual(['recheck', 'outbox', 'inbox', 'outbox']);
});

test('a stop begins no further run and waits for those under way', async () => {
  const { job, began, end } = slow('inbox');
  const { clock, strike } = open(job);
  clock.start();
  strike('inbox');
  let stopped = false;
  const stopping = clock.stop().then(() => (stopped = true));
  strike('inbox');
  await Promise.resolve();
  expect([began(), stopped]).toEqual([1, false]);
  end();
  await stopping;
  expect(stopped).toBe(true);
});
