/** 顾客: the links that bring a store's customers to the bot, each as a QR code to be printed. */
import { qrCode } from '../services/qr-code.ts';
import type { Reply } from './message.ts';
import { say, type Handler, type StoreAsker } from './handler.ts';

/** A link for the customers of one store, and the account it leads to. */
export interface CustomerLink {
  readonly name: string;
  readonly url: string;
}

/** The links for a store's customers. `unavailable`: there should be some, and they cannot be had now. */
export type CustomerLinks = (storeId: string) => Promise<readonly CustomerLink[] | 'unavailable'>;

/** Codes drawn at once; a store hardly has two accounts. */
const MOST = 5;

/** `/customers`. */
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
