/** Sends the links of places, each as a QR code to print. */
import type { StorePlace } from '../../services/self-service/places.ts';
import { qrCode } from '../../services/qr-code.ts';
import type { Store } from '../../services/accounts/stores.ts';
import { say, type Asker } from '../handler.ts';
import type { Reply } from '../message.ts';
import { labelOf, type PlaceLinks } from './place-links.ts';

/** Most QR codes in one answer: chats take so many in a row. */
const MOST = 10;

export type SendCodes = (store: Store, places: readonly StorePlace[], asker: Asker) => AsyncIterable<Reply>;

export function createSendCodes({ placeLinks }: { placeLinks: PlaceLinks }): SendCodes {
  return async function* sendCodes(store, chosen, { words }) {
    let sent = 0;
    for (const place of chosen) {
      const links = await placeLinks(place);
      if (typeof links === 'string') return yield say(words.say(links));
      for (const { channel, name, url } of links) {
        if (sent >= MOST) return yield say(words.say('customers-more', { count: MOST }));
        yield {
          kind: 'picture',
          bytes: (await qrCode(url)).toString('base64'),
          caption: words.say('customers-link', {
            store: store.name,
            place: place.name,
            name: labelOf(channel, name, words),
            url,
          }),
          sorry: words.say('customers-no-picture'),
          about: { storeId: store.id, for: 'owners' },
        };
        sent += 1;
      }
    }
  };
}
