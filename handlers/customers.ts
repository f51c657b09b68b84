/** 顾客: sends the store's links for customers, each as a QR code to print. */
import { qrCode } from '../services/qr-code.ts';
import type { Reply } from './message.ts';
import { say, type Handler, type StoreAsker } from './handler.ts';

/** A link for the customers of one store, and the account it leads to. */
export interface CustomerLink {
  readonly name: string;
  readonly url: string;
}

/** Lists the links for a store's customers. `unavailable`: the channel has links but cannot tell them now. */
export type CustomerLinks = (storeId: string) => Promise<readonly CustomerLink[] | 'unavailable'>;

/** Most QR codes in one answer. A store hardly has two accounts with links. */
const MOST = 5;

/** Makes the handler of `/customers`. */
export function createCustomers({ customerLinks }: { customerLinks: CustomerLinks }): Handler<StoreAsker> {
  return async function* customers(_, { words, store }): AsyncIterable<Reply> {
    const links = await customerLinks(store.id);
    if (links === 'unavailable') return yield say(words.say('customers-unavailable'));
    if (links.length === 0) return yield say(words.say('customers-none'));
    yield say(words.say('customers-title', { store: store.name }));
    for (const { name, url } of links.slice(0, MOST)) {
      yield {
        kind: 'picture',
        bytes: (await qrCode(url)).toString('base64'),
        caption: words.say('customers-link', { name: name || words.say('nameless'), url }),
        sorry: words.say('customers-no-picture'),
      };
    }
    if (links.length > MOST) yield say(words.say('customers-more', { count: MOST }));
  };
}
