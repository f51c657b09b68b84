/** Sends the links of places, each as a QR code to print. */
import { linkWord } from '../../services/self-service/place-tokens.ts';
import type { Places, StorePlace } from '../../services/self-service/places.ts';
import { qrCode } from '../../services/qr-code.ts';
import type { Store } from '../../services/accounts/stores.ts';
import { channelName } from '../channel-name.ts';
import { say, type Asker } from '../handler.ts';
import type { Reply } from '../message.ts';
import type { CustomerLinks } from './links.ts';

/** Most QR codes in one answer: chats take so many in a row. */
const MOST = 10;

export type SendCodes = (store: Store, places: readonly StorePlace[], asker: Asker) => AsyncIterable<Reply>;

export function createSendCodes(parts: { places: Pick<Places, 'token'>; customerLinks: CustomerLinks }): SendCodes {
  return async function* sendCodes(store, chosen, { words }) {
    let sent = 0;
    for (const place of chosen) {
      const token = await parts.places.token(place.id);
      if (token === undefined) continue;
      const links = await parts.customerLinks(linkWord(token));
      if (links === 'unavailable') return yield say(words.say('customers-unavailable'));
      if (links.length === 0) return yield say(words.say('customers-none'));
      for (const { channel, name, url } of links) {
        if (sent >= MOST) return yield say(words.say('customers-more', { count: MOST }));
        const account = [channelName(`${channel}:`, words), name].filter((part) => part !== '').join(' ');
        yield {
          kind: 'picture',
          bytes: (await qrCode(url)).toString('base64'),
          caption: words.say('customers-link', { store: store.name, place: place.name, name: account, url }),
          sorry: words.say('customers-no-picture'),
        };
        sent += 1;
      }
    }
  };
}
