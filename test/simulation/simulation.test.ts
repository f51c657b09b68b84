/** The simulation itself: it repeats to the byte, the laws hold for a few seeds, and every planted bug still has its place. */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { BUGS } from './bug-list.ts';
import { drawPlan } from './draw-plan.ts';
import type { Plan } from './plan.ts';
import { run, type Outcome } from './run.ts';
import { shrink } from './shrink.ts';
import { createScheduler, type Process } from './world/scheduler.ts';
import { buildTown, type Town } from './world/town.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
let town: Town;
beforeAll(async () => {
  town = await buildTown();
});

/** A run is a second of work, and the machine may have others. */
const PATIENCE_MS = 60_000;

test(
  'one seed is one run, byte for byte',
  async () => {
    const [first, again] = [await run(drawPlan('1', 2), town), await run(drawPlan('1', 2), town)];
    expect(again.story).toEqual(first.story);
    expect(again.trace).toBe(first.trace);
    expect(first.story.length).toBeGreaterThan(20);
  },
  PATIENCE_MS,
);

test.each(['2', '3', '4'])(
  'seed %s breaks no law',
  async (seed) => {
    expect((await run(drawPlan(seed), town)).broken).toEqual([]);
  },
  PATIENCE_MS,
);

test('a coupon that is pressed three times is verified once, and said so', async () => {
  const plan = drawPlan('1', 1);
  const act = { at: 2_000, coupon: 0, chat: 0, person: 0, again: false } as const;
  const acts = [
    { ...act, do: 'send' },
    { ...act, at: 6_000, do: 'press', times: 3, gapMs: 20 },
  ] as const;
  const coupons = [{ yuan: '49.00', shop: 0, host: 'umember.test', uses: 1 }];
  const outcome = await run({ ...plan, coupons, acts, troubles: [] }, town);
  expect(outcome.broken).toEqual([]);
  expect(outcome.story.some((line) => line.includes('replace: 核销成功'))).toBe(true);
  expect(outcome.story.filter((line) => line.includes(' verify 0332808512'))).toHaveLength(1);
});

describe('a scheduler', () => {
  const process = (name: string): Process => ({ name, dead: false, frozenUntil: 0, aheadMs: 0 });

  test('does what is due in order, and the last first come of one moment', async () => {
    const scheduler = createScheduler(0);
    const done: string[] = [];
    scheduler.after(20, () => done.push('third'));
    scheduler.after(10, () => done.push('first'));
    scheduler.after(10, () => done.push('second'));
    await scheduler.until(15);
    expect(done).toEqual(['first', 'second']);
    await scheduler.until(20);
    expect(done).toEqual(['first', 'second', 'third']);
  });

  test('keeps what a frozen program waits for until it moves again, and drops what a dead one waits for', async () => {
    const scheduler = createScheduler(0);
    const [frozen, dead] = [process('a'), process('b')];
    const done: string[] = [];
    scheduler.after(10, () => done.push(`frozen at ${scheduler.now()}`), frozen);
    scheduler.after(10, () => done.push('dead'), dead);
    frozen.frozenUntil = 50;
    dead.dead = true;
    await scheduler.until(100);
    expect(done).toEqual(['frozen at 50']);
  });
});

test('a failing plan is made as small as its failure', async () => {
  const plan = { ...drawPlan('1', 2) };
  const outcome = ({ acts, troubles, instances }: Plan): Outcome => ({
    seed: '1',
    broken: acts.some(({ at }) => at === plan.acts[2]!.at) ? [`a law: ${acts.length} ${troubles.length} ${instances}`] : [],
    trace: '',
    story: [],
    steps: 0,
  });
  const { plan: small } = await shrink(plan, outcome(plan), (one) => Promise.resolve(outcome(one)));
  expect([small.acts.map(({ at }) => at), small.troubles.length, small.instances]).toEqual([[plan.acts[2]!.at], 0, 1]);
});

test.each(BUGS.map(({ name, changes }) => ({ name, changes })))('the bug $name still has its place', ({ changes }) => {
  for (const { file, from, to } of changes) {
    const source = readFileSync(path.join(ROOT, file), 'utf8');
    const planted = source.replace(from, to);
    expect(planted).not.toBe(source);
    // Still a program.
    expect(() => stripTypeScriptTypes(planted)).not.toThrow();
  }
});
