/** The plan of a run: who does what, and what goes wrong, drawn from a seed. Any part of it can be left out, which makes a story short. */
import { NAMES, type Lists } from '../doubles/lies.ts';
import { createChance, type Chance } from './world/chance.ts';
import { CHATS, type TownChat } from './world/town.ts';

/** What somebody does. Times are ms from the beginning. */
export type Act =
  | {
      readonly at: number;
      readonly do: 'send';
      readonly coupon: number;
      readonly chat: number;
      readonly person: number;
      readonly again: boolean;
    }
  /** Presses 确认核销 under the coupon's newest card in this chat, several times. */
  | {
      readonly at: number;
      readonly do: 'press';
      readonly coupon: number;
      readonly chat: number;
      readonly person: number;
      readonly times: number;
      readonly gapMs: number;
      readonly again: boolean;
    }
  | { readonly at: number; readonly do: 'undo'; readonly coupon: number; readonly chat: number }
  | { readonly at: number; readonly do: 'elsewhere'; readonly coupon: number }
  | { readonly at: number; readonly do: 'summary'; readonly chat: number };

/** A write at a platform, a message to a chat, a write to the database. */
export type During = 'call' | 'message' | 'query';
export type Mishap = Extract<Trouble, { kind: 'mishap' }>;

/** What goes wrong, for a while. `often` is a probability. */
export type Trouble =
  | { readonly kind: 'crash'; readonly at: number; readonly instance: number; readonly backMs: number }
  | { readonly kind: 'freeze'; readonly at: number; readonly instance: number; readonly ms: number }
  /** Happens in the middle of what the instance does next: it stands still, dies, or its clock is set forward while a call is on a long way. */
  | {
      readonly kind: 'mishap';
      readonly at: number;
      readonly instance: number;
      readonly during: During;
      readonly what: 'freeze' | 'crash' | 'leap';
      readonly ms: number;
    }
  | { readonly kind: 'step'; readonly at: number; readonly instance: number; readonly ms: number }
  | { readonly kind: 'disk'; readonly at: number; readonly ms: number }
  | { readonly kind: 'slow-database'; readonly at: number; readonly ms: number; readonly often: number; readonly mostMs: number }
  | { readonly kind: 'network'; readonly at: number; readonly ms: number; readonly often: number; readonly writesOnly: boolean }
  | { readonly kind: 'lies'; readonly at: number; readonly ms: number; readonly often: number }
  | { readonly kind: 'outage'; readonly at: number; readonly ms: number }
  | { readonly kind: 'chat'; readonly at: number; readonly ms: number; readonly often: number }
  | { readonly kind: 'slow-chat'; readonly at: number; readonly ms: number; readonly mostMs: number };

export interface Plan {
  readonly seed: string;
  readonly instances: number;
  /** ms since the epoch. */
  readonly start: number;
  /** How long people act and things go wrong, ms. */
  readonly activeMs: number;
  /** How far the clock of each instance is off, ms. */
  readonly aheadMs: readonly number[];
  /** Price and chat's platform of each coupon. */
  readonly coupons: readonly { readonly yuan: string; readonly host: string }[];
  readonly flavour: 'plain' | 'rich';
  readonly lists: Lists;
  readonly acts: readonly Act[];
  readonly troubles: readonly Trouble[];
}

const MINUTE = 60_000;

export function drawPlan(seed: string, wanted?: number): Plan {
  const chance = createChance(`${seed}/plan`);
  const instances = wanted ?? chance.pick([1, 1, 2, 2, 3]);
  const activeMs = chance.between(60_000, 150_000);
  const coupons = Array.from({ length: chance.between(3, 6) }, () => ({
    yuan: `${chance.between(1, 200)}.${chance.pick(['00', '90', '01', '99'])}`,
    host: chance.pick(CHATS).host,
  }));
  // Sometimes everybody comes at once.
  const from = chance.often(0.3) ? chance.between(0, activeMs - 40_000) : undefined;
  const acts = coupons.flatMap(({ host }, coupon) => actsOf(coupon, host, from, activeMs, chance));
  if (chance.often(0.3)) acts.push({ at: chance.between(0, activeMs), do: 'summary', chat: chance.between(0, CHATS.length - 1) });
  const skew = (): number =>
    instances > 1 && chance.often(0.4) ? chance.between(-5 * MINUTE, 5 * MINUTE) : chance.between(-200, 200);
  return {
    seed,
    instances,
    // Before midnight, when a business day ends.
    start: Date.parse('2026-11-22T23:30:00+08:00') + chance.between(0, 29 * MINUTE),
    activeMs,
    aheadMs: Array.from({ length: instances }, skew),
    coupons,
    flavour: chance.pick(['plain', 'rich']),
    lists: {
      names: chance.often(0.6) ? 'sent' : chance.pick(NAMES),
      lateMs: chance.pick([0, 0, 2_000, 6_000]),
      order: chance.pick(['newest', 'oldest', 'shuffled']),
    },
    acts: acts.toSorted((a, b) => a.at - b.at),
    troubles: withoutLimits(drawTroubles(chance, activeMs, instances)),
  };
}

/**
 * By a clock that is more than five minutes wrong, the time of a use tells the program that the use was somebody else's: no world has
 * such a clock together with platforms that say 已核销 to our own use.
 */
function withoutLimits(troubles: readonly Trouble[]): readonly Trouble[] {
  const wrong = troubles.some((one) => one.kind === 'step' && Math.abs(one.ms) > 5 * MINUTE);
  return wrong ? troubles.filter(({ kind }) => kind !== 'lies') : troubles;
}

function actsOf(coupon: number, host: string, from: number | undefined, activeMs: number, chance: Chance): Act[] {
  const places = CHATS.flatMap((chat, n) => (chat.host === host ? [{ chat, n }] : []));
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
  // Long before anybody looks at it here, so that the platform's truth can tell the two apart.
  if (chance.often(0.08)) acts.push({ at: 0, do: 'elsewhere', coupon });
  return acts;
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
    ms: chance.pick([5_000, 30_000, 60_000, 110_000]),
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
  (chance, { at, ms }) => ({ kind: 'slow-chat', at, ms, mostMs: chance.pick([1_000, 8_000]) }),
];
