/** Finds the other verifications of a code in all stores of a merchant: a use that a platform reports may be one of theirs. */
import { storesOfMerchant } from '../../accounts/same-merchant.ts';
import { sql, type Db } from '../../database/database.ts';
import { read } from './row-mapping.ts';
import type { Verification } from '../verification.ts';

export async function othersOfCode(
  db: Db,
  { id, storeId, code }: Pick<Verification, 'id' | 'storeId' | 'code'>,
): Promise<readonly Verification[]> {
  const rows = await db
    .selectFrom('verification')
    .selectAll()
    .where(sql<boolean>`store_id in (${storesOfMerchant(storeId)})`)
    .where('code', '=', code)
    .where('id', '<>', id)
    .execute();
  return rows.map(read);
}
