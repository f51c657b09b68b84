/** Self-service: customers verify by themselves at the places of a store, within its owner's rules. */
import type { Store, Stores } from '../accounts/stores.ts';
import type { Collections } from '../collection.ts';
import type { Db, Tx } from '../database/database.ts';
import { dayAt } from '../time/calendar.ts';
import { obstacleTo, obstacleToStaff, type Obstacle, type Usage } from './admission.ts';
import { createPlaces, type Places } from './places.ts';
import { createPlaceTokens } from './place-tokens.ts';
import { createSelfServiceRules, type SelfServiceRules } from './rules.ts';
import { readToday, usageOf, type Today } from './usage.ts';
import { createVisits, VISIT_MS, type KeptVisit, type Visits } from './visits.ts';

/** Who wants to verify where, and how many uses; none of them: whether it is on and open. */
export interface Wish {
  readonly person: string;
  readonly placeId: string;
  readonly uses: number;
  /** An owner has agreed to it while it is closed. */
  readonly agreed?: boolean;
}

export interface SelfService {
  readonly rules: SelfServiceRules;
  readonly places: Places;
  readonly visits: Visits;
  /** Why this may not be now; undefined where it may. In a transaction that holds the merchant's lock nobody gets past a limit. */
  obstacle(store: Store, wish: Wish, on?: Db | Tx): Promise<Obstacle | undefined>;
  /** Why staff may not confirm now by themselves; undefined where they may. */
  staffObstacle(store: Store, on?: Db | Tx): Promise<Obstacle | undefined>;
  /** What customers verified at a store this business day. */
  today(store: Store): Promise<Today>;
}

/** The last verifications that an owner sees at a glance. */
const LAST = 5;

const NOTHING: Usage = { person: 0, place: 0 };

export function createSelfService(parts: {
  db: Db;
  stores: Pick<Stores, 'get'>;
  collections: Collections;
  seal: Parameters<typeof createPlaceTokens>[0]['seal'];
  random: (bytes: number) => Buffer;
  now: () => number;
  newId: () => string;
}): SelfService {
  const { db, stores, collections, now, newId } = parts;
  const rules = createSelfServiceRules({ db, now });
  const places = createPlaces({ db, tokens: createPlaceTokens(parts), now, newId });
  const dayOf = (store: Store, at: number): string => dayAt(at, store);
  return {
    rules,
    places,
    visits: createVisits({ visits: collections<KeptVisit>('visit', VISIT_MS), places, stores, now }),
    async obstacle(store, { person, placeId, uses, agreed = false }, on = db) {
      const at = now();
      const used = uses > 0 ? await usageOf(on, { storeId: store.id, day: dayOf(store, at), person, placeId }) : NOTHING;
      return obstacleTo(await rules.of(store.id, on), used, uses, { at, zone: store.zone }, agreed);
    },
    staffObstacle: async (store, on = db) => obstacleToStaff(await rules.of(store.id, on), { at: now(), zone: store.zone }),
    today: (store) => readToday(db, store.id, dayOf(store, now()), LAST),
  };
}
