/** Decides whether a customer may verify now, and if not, why. Pure. */
import { wallTime, type WallTime } from '../time/wall-clock.ts';
import { hoursOn, isOpen, nextOpening, type DayHours, type Hours } from './hours.ts';

/** A moment, ms, and the zone whose clock hangs on the store's wall. */
export interface Moment {
  readonly at: number;
  readonly zone: string;
}

/** Most uses in a business day; undefined for no limit. */
export interface Limits {
  /** Of one person at the store. */
  readonly person: number | undefined;
  /** Of everybody at one place. */
  readonly place: number | undefined;
}

/** A store's rules for customers who verify by themselves. */
export interface Rules {
  readonly on: boolean;
  readonly hours: Hours;
  readonly limits: Limits;
  /** Who may ask an owner to agree while it is closed. Staff who may not ask verify at all hours. */
  readonly askClosed: AskClosed;
}

export interface AskClosed {
  readonly customer: boolean;
  readonly staff: boolean;
}

/** Uses that customers confirmed this business day, refused and undone ones left out. */
export interface Usage {
  readonly person: number;
  readonly place: number;
}

/** Why a customer may not verify now. */
export type Obstacle =
  | { readonly kind: 'off' }
  /** Closed: the hours of today, and the next opening within sixty days. */
  | {
      readonly kind: 'closed';
      readonly today: DayHours;
      readonly next: WallTime | undefined;
      /** An owner may be asked. */
      readonly ask: boolean;
    }
  /** `most` uses a day are allowed, and this would be one more. */
  | { readonly kind: 'limit'; readonly of: 'person' | 'place'; readonly most: number };

/**
 * Why a customer may not confirm so many uses at this moment; undefined where he may. With no uses it
 * asks for on and open alone. `agreed`: an owner has agreed to it while it is closed.
 */
export function obstacleTo(rules: Rules, used: Usage, uses: number, when: Moment, agreed = false): Obstacle | undefined {
  const { on, limits, askClosed } = rules;
  if (!on) return { kind: 'off' };
  const closed = agreed ? undefined : closedAt(rules, when, askClosed.customer);
  // Asking would be in vain beyond a limit.
  for (const whose of ['person', 'place'] as const) {
    const most = limits[whose];
    if (most !== undefined && uses > 0 && used[whose] + uses > most)
      return closed && !closed.ask ? closed : { kind: 'limit', of: whose, most };
  }
  return closed;
}

/** Why staff may not confirm now by themselves; undefined where they may: at all hours, unless the owner wants to be asked. */
export const obstacleToStaff = (rules: Rules, when: Moment): Obstacle | undefined =>
  rules.askClosed.staff ? closedAt(rules, when, true) : undefined;

function closedAt({ hours }: Rules, { at, zone }: Moment, ask: boolean): Extract<Obstacle, { kind: 'closed' }> | undefined {
  const now = wallTime(at, zone);
  if (isOpen(hours, now)) return undefined;
  const next = nextOpening(hours, at, zone);
  return {
    kind: 'closed',
    today: hoursOn(hours, now.day, zone),
    next: next === undefined ? undefined : wallTime(next, zone),
    ask,
  };
}
