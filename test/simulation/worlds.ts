/** Worlds in which one thing goes wrong on purpose, at the moment that matters: chance alone brings it about too seldom. */
import type { Act, Mishap, Plan, Trouble } from './plan.ts';
import type { Chance } from './world/chance.ts';
import { CUSTOMERS, PLACES, RULES, SHOPS } from './world/town.ts';

export type World = (plan: Plan, chance: Chance) => Plan;

const MINUTE = 60_000;
/** So much earlier than the platform the program calls an undo too late, ms. */
const UNDO_MARGIN_MS = 15_000;
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

/**
 * A lone program whose clock is set forward while its calls are on their way. Its jobs run every second, as they do: then the recheck
 * has just the time to conclude that a call had no effect before its yes arrives.
 */
const leap: World = (plan, chance) => {
  const lone = several(1, plan, [0]);
  return { ...lone, jobsMs: 1_000, troubles: mishaps(chance, lone, 4, { during: 'call', what: 'leap' }) };
};

/** A lone program that is killed in the middle of its calls, and starts again. */
const killed: World = (plan, chance) => {
  const lone = several(1, plan, [0]);
  return { ...lone, acts: impatient(plan.acts), troubles: mishaps(chance, lone, 4, { during: 'call', what: 'crash' }) };
};

/** Two programs; one stands still in the middle of a message, or of a write to the database, until the other has taken over. */
const stalls =
  (during: 'message' | 'query'): World =>
  (plan, chance) => {
    const two = several(2, plan, [0, 0]);
    return {
      ...two,
      start: MIDNIGHT - 20_000,
      acts: impatient(plan.acts),
      troubles: mishaps(chance, two, 4, { during, what: 'freeze' }),
    };
  };

/**
 * Two programs over a slow database; one stands still when it has stored an event of a chat that is never quiet, until the other has
 * answered it.
 */
const stored: World = (plan, chance) => {
  const two = several(2, plan, [0, 0]);
  const calls = inOnePlace(0, plan, 1);
  return {
    ...two,
    ...calls,
    acts: calls.acts.map((act) => (act.do === 'press' ? { ...act, times: 8, gapMs: chance.between(200, 1_500) } : act)),
    troubles: [
      { kind: 'slow-database', at: 0, ms: plan.activeMs, often: 0.5, mostMs: 1_000 },
      ...mishaps(chance, two, 8, { during: 'event', what: 'freeze' }).map((one) => ({ ...one, instance: 0, ms: 60_000 })),
    ],
  };
};

/** Two programs with clocks minutes apart, killed in the middle of their calls; often at a store that is called on as one. */
const apart: World = (plan, chance) => {
  const two = several(2, plan, chance.often(0.5) ? [4 * MINUTE, -4 * MINUTE] : [-4 * MINUTE, 4 * MINUTE]);
  const troubles = mishaps(chance, two, 4, { during: 'call', what: 'crash' });
  const acts = impatient(plan.acts);
  if (chance.often(0.5)) return { ...two, acts, troubles };
  return { ...two, ...inOnePlace(0, { ...two, acts }, 8), troubles: chance.often(0.5) ? troubles : [] };
};

/** Puts all coupons and people of a plan into one store's group, so many times as fast. */
const inOnePlace = (shop: number, { coupons, acts }: Plan, faster: number): Pick<Plan, 'coupons' | 'acts'> => ({
  coupons: coupons.map(({ yuan }) => ({ yuan, shop, host: SHOPS[shop]!.listed[0].host, uses: 1 })),
  acts: acts.map((act) => ({ ...act, at: Math.floor(act.at / faster), ...('chat' in act && { chat: shop }) })),
});

/** Three programs over a database that is slow when the business day ends. */
const slow: World = (plan) => ({
  ...several(3, plan, [0, 0, 0]),
  start: MIDNIGHT - 20_000,
  troubles: [{ kind: 'slow-database', at: 0, ms: plan.activeMs, often: 0.4, mostMs: 3_000 }],
});

/** Messages fail, before and after they have arrived, when the business day ends. */
const unheard: World = (plan, chance) => ({
  ...plan,
  start: MIDNIGHT - 20_000,
  troubles: [{ kind: 'chat', at: 0, ms: chance.between(40_000, 60_000), often: 0.8 }],
});

/** Uses are taken back while the messages that count down their cards cannot be sent. */
const countedDown: World = (plan, chance) => {
  const [shop, activeMs] = [1, 330_000];
  // Five minutes before the end of the ten in which Allinpay takes a use back.
  const step = 5_000 + 300_000 - UNDO_MARGIN_MS;
  const acts = plan.coupons.flatMap((_, coupon): Act[] => {
    const [at, whose] = [chance.between(0, 2_000), { coupon, chat: shop }];
    const press = { ...whose, at: at + 3_000, do: 'press', person: 0, times: 1, gapMs: 0, again: false } as const;
    const undo = { ...whose, at: step - 11_000, do: 'undo', thinkMs: chance.between(16_000, 20_000) } as const;
    return [{ ...whose, at, do: 'send', person: 0, again: false }, press, undo];
  });
  return {
    ...plan,
    ...inOnePlace(shop, plan, 8),
    acts,
    activeMs,
    start: MIDNIGHT - activeMs - MINUTE,
    troubles: [{ kind: 'chat', at: step - 6_000, ms: 22_000, often: 1 }],
  };
};

/** Two customers of one store hold every coupon, and both press it like mad: its owner's limits must hold. */
const guests: World = (plan, chance) => {
  const both = PLACES.flatMap((place, chat) => (CUSTOMERS.includes(place) && place.shop === 0 ? [chat] : []));
  const { coupons, acts } = inOnePlace(0, plan, 8);
  const theirs = impatient(acts).flatMap((act): Act[] =>
    act.do === 'send' || act.do === 'press'
      ? both.map((chat) => ({ ...act, chat, person: 0, at: act.at + 3_000 + chance.between(0, 1_000) }))
      : [],
  );
  const visits = both.map((chat): Act => ({ at: 0, do: 'visit', chat }));
  return { ...several(chance.pick([1, 2]), plan, [0, 0]), coupons, acts: [...visits, ...theirs], troubles: [] };
};

/** Two programs that are told of refunds by Douyin, and reach it badly to read them back. */
const told: World = (plan, chance) => {
  const calls = inOnePlace(2, plan, 1);
  const refunds = calls.coupons.map((_, coupon): Act => ({ at: chance.between(0, plan.activeMs / 2), do: 'refund', coupon }));
  const troubles: Trouble[] = [{ kind: 'network', at: 0, ms: plan.activeMs, often: 0.6, writesOnly: false }];
  return { ...several(2, plan, [0, 0]), ...calls, acts: [...calls.acts, ...refunds], troubles };
};

/** Cards of any age are pressed, and half of the uses are answered with 已核销. */
const doubted: World = (plan, chance) => {
  const activeMs = plan.activeMs + 140_000;
  const acts = plan.acts.map((act) =>
    act.do === 'press' || act.do === 'undo' ? { ...act, at: act.at + chance.between(0, 130_000) } : act,
  );
  return {
    ...plan,
    activeMs,
    start: Math.min(plan.start, MIDNIGHT - activeMs - MINUTE),
    acts: acts.toSorted((a, b) => a.at - b.at),
    troubles: [{ kind: 'lies', at: 0, ms: activeMs, often: 0.5, only: 'echo' }],
  };
};

/** Every rule of a store is on or being turned, and everybody there types every coupon at once: each rule's number must hold. */
const automatic: World = (plan, chance) => {
  const shop = chance.between(0, 2);
  const { coupons, acts } = inOnePlace(shop, plan, 8);
  const here = PLACES.flatMap((place, chat) => (place.shop === shop ? [chat] : []));
  const theirs = acts.flatMap((act): Act[] =>
    act.do === 'send' ? here.map((chat) => ({ ...act, chat, person: 0, at: act.at + 3_000 + chance.between(0, 1_000) })) : [],
  );
  const visits = here.map((chat): Act => ({ at: 0, do: 'visit', chat }));
  const turned = RULES.flatMap((_, rule) =>
    [0, ...Array.from({ length: chance.pick([0, 6]) }, () => chance.between(1_000, 20_000))]
      .toSorted((a, b) => a - b)
      .map((at, n): Act => ({ at, do: 'rule', rule, on: n % 2 === 0 })),
  );
  const taken = coupons.map((_, coupon): Act => ({ at: chance.between(15_000, 40_000), do: 'take-back', coupon }));
  const instances = chance.pick([1, 2, 3]);
  const all = several(
    instances,
    { ...plan, coupons },
    Array.from({ length: instances }, () => 0),
  );
  const troubles = chance.pick([[], mishaps(chance, all, 4, { during: 'call', what: 'crash' })]);
  // Often while a rule's hours and the business day end.
  const start = chance.often(0.4) ? MIDNIGHT - 8_000 : plan.start;
  return { ...all, start, acts: [...turned, ...visits, ...theirs, ...taken], troubles };
};

export const WORLDS: Readonly<Record<string, World>> = {
  leap,
  killed,
  'stalled-message': stalls('message'),
  'stalled-query': stalls('query'),
  stored,
  apart,
  slow,
  unheard,
  'counted-down': countedDown,
  guests,
  told,
  doubted,
  automatic,
};
