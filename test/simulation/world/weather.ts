/** The weather of a world: which troubles are on now, and what becomes of a request, a message or a query in them. */
import type { Lie } from '../gateways/gateway.ts';
import { UNKNOWN_WORDS } from '../gateways/gateway.ts';
import type { Trouble } from '../plan.ts';
import type { Chance } from './chance.ts';

/**
 * The fate of a request. `lost-before` and `lost-after`: silence, before or after it took effect; `refused`: no connection; `reset`: it
 * took effect, and the connection breaks; `twice`: it arrives twice; `late`: the answer comes after the time-out.
 */
export type Fate = 'lost-before' | 'lost-after' | 'refused' | 'reset' | 'twice' | 'late';

export interface Weather {
  /** The fate of a request, and the lie that answers it. */
  readonly fate: (writes: boolean) => Fate | undefined;
  readonly lie: (writes: boolean) => Lie | undefined;
  /** Whether a request from outside is lost on its way to the program, or its answer. */
  readonly answerLost: () => 'before' | 'after' | undefined;
  /** Whether a merchant's own system refuses an event. */
  readonly endpointRefuses: () => boolean;
  /** The longest way of a request and of a message, ms. */
  readonly requestMs: () => number;
  readonly messageMs: () => number;
  /** Whether a message fails, before or after it has arrived. */
  readonly messageFails: () => 'before' | 'after' | undefined;
  /** Whether writes to the database fail. */
  readonly diskFails: () => boolean;
  /** The probability that a query is slow, and how slow it is at most, ms. */
  readonly slowQueries: () => { readonly often: number; readonly mostMs: number };
}

/** `now`: ms since the troubles' beginning. */
export function createWeather(troubles: readonly Trouble[], now: () => number, chance: Chance): Weather {
  const active = <K extends Trouble['kind']>(kind: K): Extract<Trouble, { kind: K }>[] => {
    if (troubles.length === 0) return [];
    const at = now();
    return troubles.filter(
      (one): one is Extract<Trouble, { kind: K }> =>
        one.kind === kind && one.at <= at && at < one.at + ('ms' in one ? Math.abs(one.ms) : 0),
    );
  };
  const oftenest = (kind: 'lies' | 'chat' | 'endpoint'): number => Math.max(0, ...active(kind).map(({ often }) => often));

  return {
    fate(writes) {
      if (active('outage').length > 0) return chance.pick(['refused', 'lost-before']);
      const often = Math.max(0, ...active('network').map((one) => (writes || !one.writesOnly ? one.often : 0)));
      if (often === 0 || !chance.often(often)) return undefined;
      return chance.pick(['lost-before', 'lost-after', 'refused', 'reset', 'twice', 'late'] as const);
    },
    lie(writes) {
      const often = oftenest('lies');
      if (often === 0 || !chance.often(writes ? often : often / 4)) return undefined;
      if (!writes) return { kind: 'busy', applied: false };
      const applied = chance.often(0.5);
      const only = active('lies').find((one) => one.only !== undefined)?.only;
      switch (only ?? chance.pick(['words', 'words', 'echo', 'no-data', 'broken', 'busy'] as const)) {
        case 'words':
          return { kind: 'words', applied, words: chance.pick(UNKNOWN_WORDS) };
        case 'echo':
          return { kind: 'echo', applied: true };
        case 'no-data':
          return { kind: 'no-data', applied };
        case 'broken':
          return { kind: 'broken', applied };
        case 'busy':
          return { kind: 'busy', applied: false };
      }
    },
    answerLost() {
      const often = Math.max(0, ...active('network').map((one) => (one.writesOnly ? 0 : one.often)));
      return often > 0 && chance.often(often) ? chance.pick(['before', 'after'] as const) : undefined;
    },
    endpointRefuses() {
      const often = oftenest('endpoint');
      return often > 0 && chance.often(often);
    },
    requestMs: () => (active('network').length > 0 ? 900 : 120),
    messageMs: () => Math.max(60, ...active('slow-chat').map(({ mostMs }) => mostMs)),
    messageFails() {
      const often = oftenest('chat');
      return often > 0 && chance.often(often) ? chance.pick(['before', 'after'] as const) : undefined;
    },
    diskFails: () => active('disk').length > 0,
    slowQueries: () => active('slow-database')[0] ?? { often: 0, mostMs: 0 },
  };
}
