/** Draws plans from seeds: people, presses and troubles. */
import { honestLists, NAMES } from '../doubles/lies.ts';
import { DOUYIN } from './gateways/douyin.ts';
import type { Act, Plan, PlanCoupon, Trouble } from './plan.ts';
import { createChance, type Chance } from './world/chance.ts';
import { CHATS, CUSTOMERS, PLACES, RULES, SHOPS, type TownChat } from './world/town.ts';
import { MIDNIGHT, WORLDS, type World } from './worlds.ts';

const MINUTE = 60_000;

/** `wanted` instances, or as many as the seed has; one world in two is made for a trouble of its own, `world` where it is named. */
export function drawPlan(seed: string, wanted?: number, world?: string): Plan {
  const chance = createChance(`${seed}/plan`);
  const plan = drawAny(seed, wanted, chance);
  if (world !== undefined) return worldOf(world)(plan, chance);
  return wanted === undefined && chance.often(0.5) ? worldOf(chance.pick(Object.keys(WORLDS)))(plan, chance) : plan;
}

function worldOf(name: string): World {
  const world = WORLDS[name];
  if (!world) throw new Error(`no such world: ${name}; there are ${Object.keys(WORLDS).join(', ')}`);
  return world;
}

function drawAny(seed: string, wanted: number | undefined, chance: Chance): Plan {
  const instances = wanted ?? chance.pick([1, 1, 2, 2, 3]);
  const activeMs = chance.between(60_000, 150_000);
  const coupons = Array.from({ length: chance.between(3, 6) }, () => drawCoupon(chance));
  // Sometimes everybody comes at once.
  const from = chance.often(0.3) ? chance.between(0, activeMs - 40_000) : undefined;
  const acts = coupons.flatMap(({ shop, host }, coupon) => [
    ...actsOf(coupon, shop, from, activeMs, chance),
    ...(host === DOUYIN.host ? newsOf(coupon, activeMs, chance) : []),
  ]);
  acts.push(...rulesOf(coupons.length, activeMs, chance.fork('rules')));
  if (chance.often(0.3)) acts.push({ at: chance.between(0, activeMs), do: 'summary', chat: chance.between(0, CHATS.length - 1) });
  const skew = (): number =>
    instances > 1 && chance.often(0.4) ? chance.between(-5 * MINUTE, 5 * MINUTE) : chance.between(-200, 200);
  const troubles = withoutLimits(drawTroubles(chance, activeMs, instances));
  // When a business day ends: often while things go wrong.
  const during = chance.often(0.5) && !troubles.some(isWrongClock);
  return {
    seed,
    instances,
    start:
      MIDNIGHT -
      (during ? chance.between(5_000, activeMs) : activeMs + aheadAtMost(troubles) + chance.between(MINUTE, 30 * MINUTE)),
    activeMs,
    aheadMs: Array.from({ length: instances }, skew),
    coupons,
    flavour: chance.pick(['plain', 'rich']),
    lists: {
      ...honestLists(),
      names: chance.often(0.6) ? 'sent' : chance.pick(NAMES),
      lateMs: chance.pick([0, 0, 2_000, 6_000]),
      order: chance.pick(['newest', 'oldest', 'shuffled']),
    },
    douyin: { stable: chance.often(0.7), used: chance.pick(['empty', 1212]) },
    acts: acts.toSorted((a, b) => a.at - b.at),
    troubles,
  };
}

/**
 * What the program cannot do yet (docs/simulation.md). By a clock that is more than five minutes wrong it takes our own use for somebody
 * else's where the platform says 已核销 to it. Clocks that are set back over the end of a day are drawn in the years.
 */
const isWrongClock = (one: Trouble): boolean => one.kind === 'step' && Math.abs(one.ms) > 5 * MINUTE;

/** How far the troubles set any clock forward, ms: a day must not be posted before a clock is set back. */
const aheadAtMost = (troubles: readonly Trouble[]): number =>
  troubles.reduce((sum, one) => sum + (one.kind === 'step' ? Math.max(0, one.ms) : 0), 0);

function withoutLimits(troubles: readonly Trouble[]): readonly Trouble[] {
  // Set forward once: the world comes to rest within the hour.
  const once = troubles.find((one) => one.kind === 'step' && one.ms > 5 * MINUTE);
  const left = troubles.filter((one) => one === once || one.kind !== 'step' || one.ms <= 5 * MINUTE);
  return left.some(isWrongClock) ? left.filter(({ kind }) => kind !== 'lies' && kind !== 'network') : left;
}

function drawCoupon(chance: Chance): PlanCoupon {
  const { shop } = chance.pick(CHATS);
  const { host } = chance.pick(SHOPS[shop]!.listed);
  return {
    yuan: `${chance.between(1, 200)}.${chance.pick(['00', '90', '01', '99'])}`,
    shop,
    host,
    uses: host === DOUYIN.host && chance.often(0.25) ? 3 : 1,
  };
}

function actsOf(coupon: number, shop: number, from: number | undefined, activeMs: number, chance: Chance): Act[] {
  const places = CHATS.flatMap((chat, n) => (chat.shop === shop ? [{ chat, n }] : []));
  const who = (chat: TownChat): number => chance.between(0, chat.people.length - 1);
  const acts: Act[] = [];
  // One or two people hold the same coupon.
  for (let n = chance.often(0.3) ? 2 : 1; n > 0; n--) {
    const place = chance.pick(places);
    const at = from === undefined ? chance.between(0, activeMs - 30_000) : from + chance.between(0, 2_500);
    acts.push({ at, do: 'send', coupon, chat: place.n, person: who(place.chat), again: chance.often(0.15) });
    const pressed = chance.often(0.93) ? chance.between(1, 2) : 0;
    for (let press = 0; press < pressed; press++) {
      acts.push({
        at: at + chance.pick([1_500, 3_000, 8_000, 40_000]) + chance.between(0, 2_000),
        do: 'press',
        coupon,
        chat: place.n,
        person: who(place.chat),
        times: chance.pick([1, 1, 1, 2, 4]),
        gapMs: chance.between(5, 800),
        again: chance.often(0.15),
      });
    }
    if (chance.often(0.35)) acts.push({ at: at + chance.between(15_000, 60_000), do: 'undo', coupon, chat: place.n });
    if (chance.often(0.2))
      acts.push({
        at: at + chance.between(20_000, 60_000),
        do: 'send',
        coupon,
        chat: place.n,
        person: who(place.chat),
        again: false,
      });
  }
  acts.push(...guestOf(coupon, shop, from, activeMs, chance));
  if (chance.often(0.25)) {
    const at = from === undefined ? chance.between(0, activeMs - 20_000) : from + chance.between(0, 2_500);
    acts.push({ at, do: 'sale', coupon, times: chance.pick([1, 1, 2, 4]), gapMs: chance.between(5, 3_000) });
  }
  // Long before anybody looks at it here, so that the platform's truth can tell the two apart.
  if (chance.often(0.08)) acts.push({ at: 0, do: 'elsewhere', coupon });
  return acts;
}

/** A customer at the store holds the coupon too, or alone. */
function guestOf(coupon: number, shop: number, from: number | undefined, activeMs: number, chance: Chance): Act[] {
  const guests = PLACES.flatMap((place, n) => (CUSTOMERS.includes(place) && place.shop === shop ? [n] : []));
  if (guests.length === 0 || !chance.often(0.3)) return [];
  const whose = { coupon, chat: chance.pick(guests), person: 0, again: chance.often(0.15) };
  const at = from === undefined ? chance.between(2_000, activeMs - 30_000) : from + chance.between(0, 2_500);
  const press = {
    at: at + chance.between(1_500, 8_000),
    do: 'press',
    times: chance.pick([1, 2, 5]),
    gapMs: chance.between(5, 800),
  } as const;
  return [
    { at: Math.max(0, at - 2_000), do: 'visit', chat: whose.chat },
    { ...whose, at, do: 'send' },
    { ...whose, ...press },
  ];
}

/** The owner turns rules on, and off again; takes back what they verified. */
function rulesOf(coupons: number, activeMs: number, chance: Chance): Act[] {
  if (chance.often(0.4)) return [];
  const turned = RULES.flatMap((_, rule): Act[] => {
    const from = chance.often(0.5) ? 0 : chance.between(0, activeMs);
    const on = chance.often(0.5) ? [{ at: from, do: 'rule', rule, on: true } as const] : [];
    return chance.often(0.3) ? [...on, { at: chance.between(from, activeMs), do: 'rule', rule, on: false }] : on;
  });
  const taken = Array.from({ length: coupons }, (_, coupon): Act[] =>
    chance.often(0.2) ? [{ at: chance.between(0, activeMs), do: 'take-back', coupon }] : [],
  );
  return [...turned, ...taken.flat()];
}

/** What Douyin's messages are about besides uses. */
function newsOf(coupon: number, activeMs: number, chance: Chance): Act[] {
  const at = (): number => chance.between(0, activeMs);
  return (['refund', 'rumour', 'forgery'] as const).flatMap((what): Act[] =>
    chance.often(0.12) ? [{ at: at(), do: what, coupon }] : [],
  );
}

/** A few kinds of trouble, and each more than once: what goes wrong together is seldom one of everything. */
function drawTroubles(chance: Chance, activeMs: number, instances: number): readonly Trouble[] {
  const kinds = Array.from({ length: chance.between(1, 3) }, () => chance.pick(KINDS));
  return Array.from({ length: chance.between(0, 6) }, () => {
    const at = chance.between(0, activeMs - 5_000);
    return chance.pick(kinds)(chance, {
      at,
      ms: chance.between(5_000, activeMs - at),
      instance: chance.between(0, instances - 1),
      activeMs,
    });
  }).toSorted((a, b) => a.at - b.at);
}

interface Drawn {
  readonly at: number;
  readonly ms: number;
  readonly instance: number;
  readonly activeMs: number;
}

const KINDS: readonly ((chance: Chance, drawn: Drawn) => Trouble)[] = [
  (chance, { at, instance }) => ({ kind: 'crash', at, instance, backMs: chance.between(500, 20_000) }),
  (chance, { at, instance }) => ({ kind: 'freeze', at, instance, ms: chance.pick([3_000, 15_000, 40_000, 90_000]) }),
  (chance, { at, instance }) => ({
    kind: 'mishap',
    at,
    instance,
    during: chance.pick(['call', 'message', 'query']),
    what: chance.pick(['freeze', 'crash']),
    // Shorter and longer than every lease.
    ms: chance.pick([5_000, 30_000, 70_000, 110_000]),
  }),
  (_, { at, instance }) => ({ kind: 'mishap', at, instance, during: 'call', what: 'leap', ms: 80_000 }),
  (chance, { at, instance }) => ({
    kind: 'step',
    at,
    instance,
    ms: chance.pick([-8 * 60 * MINUTE, -90_000, -5_000, 5_000, 80_000, 10 * MINUTE]),
  }),
  (chance, { at }) => ({ kind: 'disk', at, ms: chance.between(500, 8_000) }),
  (chance, { at, ms }) => ({
    kind: 'slow-database',
    at,
    ms,
    often: chance.pick([0.05, 0.2]),
    mostMs: chance.pick([20, 300, 3_000]),
  }),
  (chance, { at, ms }) => ({
    kind: 'network',
    at,
    ms,
    often: chance.pick([0.1, 0.3, 0.6]),
    writesOnly: chance.often(0.5),
  }),
  (chance, { at, ms }) => ({ kind: 'lies', at, ms, often: chance.pick([0.2, 0.5]) }),
  (_, { activeMs }) => ({ kind: 'lies', at: 0, ms: activeMs, often: 0.4 }),
  (chance, { at }) => ({ kind: 'outage', at, ms: chance.between(5_000, 40_000) }),
  (chance, { at, ms }) => ({ kind: 'chat', at, ms, often: chance.pick([0.1, 0.4, 1]) }),
  (chance, { at, ms }) => ({ kind: 'endpoint', at, ms, often: chance.pick([0.3, 0.9]) }),
  (chance, { at, ms }) => ({ kind: 'slow-chat', at, ms, mostMs: chance.pick([1_000, 8_000]) }),
];
