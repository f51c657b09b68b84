/** Selects the verifications of a code, whichever of a coupon's codes it is; each by an index of its own. */
import type { Db } from '../database/database.ts';

/** The ids of a store's verifications whose code ends so, or is another one of a coupon that does. Digits, at least four. */
export const endingSo = (db: Db, storeId: string, code: string) => {
  const [tail, ends] = [code.slice(-4), `%${code}`];
  const ids = () => db.selectFrom('verification').select('id').where('store_id', '=', storeId);
  const own = ids().where('code_tail', '=', tail).where('code', 'like', ends);
  return own.unionAll(ids().where('other_tail', '=', tail).where('other_code', 'like', ends));
};

/** The ids of a store's verifications of exactly these codes. */
export const ofCodes = (db: Db, storeId: string, codes: readonly string[]) => {
  const ids = () => db.selectFrom('verification').select('id').where('store_id', '=', storeId);
  return ids()
    .where('code', 'in', codes)
    .unionAll(ids().where('other_code', 'in', codes));
};
