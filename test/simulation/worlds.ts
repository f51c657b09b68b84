/** Worlds in which one thing goes wrong on purpose, at the moment that matters: chance alone brings it about too seldom. */
import type { Act, Mishap, Plan, Trouble } from './plan.ts';
import type { Chance } from './world/chance.ts';

type World = (plan: Plan, chance: Chance) => Plan;

const MINUTE = 60_000;
export const MIDNIGHT = Date.parse('2026-11-23T00:00:00+08:00');

const mishaps = (
  chance: Chance,
  { instances, activeMs }: Plan,
  count: number,
  what: Pick<Mishap, 'during' | 'what'>,
): Trouble[] =>
  Array.from({ length: count }, (_, n) => ({
    kind: 'mishap',
    at: Math.floor((activeMs * n) / count),
    instance: n % instances,
    // Longer than every lease of a queue.
    ms: what.what === 'leap' ? 80_000 : chance.between(65_000, 110_000),
    ...what,
  }));
const several = (instances: number, plan: Plan, aheadMs: readonly number[]): Plan => ({ ...plan, instances, aheadMs });
/** Everybody presses, and presses again. */
const impatient = (acts: readonly Act[]): readonly Act[] =>
  acts.map((act) => (act.do === 'press' ? { ...act, times: 4, gapMs: 250 } : act));

/** A lone program whose clock is set forward while its calls are on their way. */
const leap: World = (plan, chance) => {
  const lone = several(1, plan, [0]);
  return { ...lone, troubles: mishaps(chance, lone, 4, { during: 'call', what: 'leap' }) };
};

/** Two programs; one stands still in the middle of a message, or of a write to the database, until the other has taken over. */
const stalls: World = (plan, chance) => {
  const two = several(2, plan, [0, 0]);
  const during = chance.pick(['message', 'query'] as const);
  return {
    ...two,
    start: MIDNIGHT - 20_000,
    acts: impatient(plan.acts),
    troubles: mishaps(chance, two, 4, { during, what: 'freeze' }),
  };
};

/** Two programs with clocks minutes apart, killed in the middle of their calls. */
const apart: World = (plan, chance) => {
  const two = several(2, plan, chance.often(0.5) ? [4 * MINUTE, -4 * MINUTE] : [-4 * MINUTE, 4 * MINUTE]);
  return { ...two, acts: impatient(plan.acts), troubles: mishaps(chance, two, 4, { during: 'call', what: 'crash' }) };
};

/** Three programs over a database that is slow when the business day ends. */
const slow: World = (plan) => ({
  ...several(3, plan, [0, 0, 0]),
  start: MIDNIGHT - 20_000,
  troubles: [{ kind: 'slow-database', at: 0, ms: plan.activeMs, often: 0.4, mostMs: 3_000 }],
});

export const WORLDS: readonly World[] = [leap, stalls, apart, slow];
