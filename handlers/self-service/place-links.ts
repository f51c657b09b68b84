/** The links of places with their tokens: one for each channel that customers use. */
import { linkWord } from '../../services/self-service/place-tokens.ts';
import type { Places, StorePlace } from '../../services/self-service/places.ts';
import type { Words } from '../../locales/index.ts';
import { channelName } from '../channel-name.ts';
import type { CustomerLink, CustomerLinks } from './links.ts';

/** `customers-none`, `customers-unavailable`: there are none, or they cannot be had now. */
export type PlaceLinks = (place: StorePlace) => Promise<readonly CustomerLink[] | 'customers-none' | 'customers-unavailable'>;

/** A place that was removed meanwhile has none to be told: its links are an empty list. */
export function createPlaceLinks({
  places,
  customerLinks,
}: {
  places: Pick<Places, 'token'>;
  customerLinks: CustomerLinks;
}): PlaceLinks {
  return async ({ id }) => {
    const token = await places.token(id);
    if (token === undefined) return [];
    const links = await customerLinks(linkWord(token));
    if (links === 'unavailable') return 'customers-unavailable';
    return links.length === 0 ? 'customers-none' : links;
  };
}

/** The app, and the account that its link leads to. */
export const labelOf = (channel: string, name: string, words: Words): string =>
  [channelName(`${channel}:`, words), name].filter((part) => part !== '').join(' ');
