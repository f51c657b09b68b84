/** Finds the other verifications of a code in all stores of a merchant: a use that a platform reports may be one of theirs. */
import type { Db } from '../database/database.ts';
import { read } from './row-mapping.ts';
import type { Verification } from './verification.ts';

export async function othersOfCode(
  db: Db,
  { id, storeId, code }: Pick<Verification, 'id' | 'storeId' | 'code'>,
): Promise<readonly Verification[]> {
  const merchant = db.selectFrom('store').select('account_id').where('id', '=', storeId);
  const rows = await db
    .selectFrom('verification')
    .selectAll()
    .where('store_id', 'in', db.selectFrom('store').select('id').where('account_id', 'in', merchant))
    .where('code', '=', code)
    .where('id', '<>', id)
    .execute();
  return rows.map(read);
}
