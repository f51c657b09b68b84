/** Which stores are one merchant's, and which are one and the same shop: subqueries of store ids. */
import { sql, type RawBuilder } from '../database/database.ts';
import { SIMULATED } from '../platforms/names.ts';

/** The accounts through which a store is reached. */
export const accountsOf = (storeId: string): RawBuilder<string> =>
  sql<string>`select account_id from store where id = ${storeId}
    union select account_id from listing where store_id = ${storeId} and removed_at is null`;

/** The stores that share an account with this one, itself included: their coupons are one merchant's. */
export const storesOfMerchant = (storeId: string): RawBuilder<string> =>
  sql<string>`select id from store where account_id in (${accountsOf(storeId)})
    union select store_id from listing where removed_at is null and account_id in (${accountsOf(storeId)})`;

/**
 * The stores that are known to be the same shop, itself included: others bound it through an account of theirs, and the platform
 * has one id for it. Not on the simulated platform, where everybody's store has the same id.
 */
export const storesOfShop = (storeId: string): RawBuilder<string> => {
  const listed = sql`select store.id as store_id, account.platform, store.external_id from store
      join account on account.id = store.account_id
    union select listing.store_id, account.platform, listing.external_id from listing
      join account on account.id = listing.account_id where listing.removed_at is null`;
  return sql<string>`select there.store_id from (${listed}) as here
    join (${listed}) as there on there.platform = here.platform and there.external_id = here.external_id
    where here.store_id = ${storeId} and here.platform <> ${sql.lit(SIMULATED)}`;
};
