/** 商品: lists the deals on sale, as each platform has them. */
import type { Words } from '../../locales/index.ts';
import type { StoreAccount, Stores } from '../../services/accounts/stores.ts';
import type { PlatformClient } from '../../services/platforms/client.ts';
import type { Deal } from '../../services/platforms/platform-lists.ts';
import { eachAccount } from './each-account.ts';
import type { Handler, StoreAsker } from '../handler.ts';

/** Most deals in one message. */
const MOST = 40;

export function createProducts(parts: {
  stores: Pick<Stores, 'storeAccounts'>;
  client: (storeAccount: StoreAccount) => Promise<PlatformClient>;
}): Handler<StoreAsker> {
  return async function* products(_, { words, store }) {
    yield* eachAccount(parts, store, words, async (client, { externalId }) => {
      const deals = await client.deals(externalId);
      return deals.length === 0 ? words.say('products-none') : lines(deals, words);
    });
  };
}

function lines(deals: readonly Deal[], words: Words): string {
  const shown = deals.slice(0, MOST).map(({ title, price, marketPrice }) => {
    const sale = price === undefined ? '' : `　${words.money(price)}`;
    const usual =
      marketPrice === undefined || marketPrice === price ? '' : words.say('products-usual', { price: words.money(marketPrice) });
    return `· ${title}${sale}${usual}`;
  });
  const more = deals.length > MOST ? [words.say('summary-others', { count: deals.length - MOST })] : [];
  return [...shown, ...more].join('\n');
}
