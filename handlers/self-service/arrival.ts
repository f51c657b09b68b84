/** What a customer reads where he arrives at a place: a greeting, or why he cannot verify there now. */
import type { Stores } from '../../services/accounts/stores.ts';
import type { SelfService } from '../../services/self-service/self-service.ts';
import type { Visit } from '../../services/self-service/visits.ts';
import type { Words } from '../../locales/index.ts';
import { obstacleText } from './obstacle-text.ts';

/** A place as the one who opens its link sees it. */
export interface ShownPlace {
  readonly store: string;
  readonly place: string;
  /** The greeting, or why nobody can verify there now. */
  readonly says: string;
  readonly open: boolean;
}

/** Shows the place of a link's token, and changes nothing; undefined where the link leads nowhere any more. */
export type ShowPlace = (token: string, words: Words) => Promise<ShownPlace | undefined>;

/** Words the arrival of a person at a place. */
export async function arrival(
  { obstacle }: Pick<SelfService, 'obstacle'>,
  { store, place }: Visit,
  person: string,
  words: Words,
): Promise<Pick<ShownPlace, 'says' | 'open'>> {
  const why = await obstacle(store, { person, placeId: place.id, uses: 0 });
  const says = why ? obstacleText(why, store.name, words) : words.say('place-welcome', { store: store.name, place: place.name });
  return { says, open: why === undefined };
}

export function createShowPlace({
  selfService,
  stores,
}: {
  selfService: Pick<SelfService, 'obstacle' | 'places'>;
  stores: Pick<Stores, 'get'>;
}): ShowPlace {
  return async (token, words) => {
    const place = await selfService.places.byToken(token);
    const store = place && (await stores.get(place.storeId));
    // Nobody in particular asks: whether it is on and open is the same for all.
    return store && { store: store.name, place: place.name, ...(await arrival(selfService, { store, place }, '', words)) };
  };
}
