/** Makes what somebody verified another's, as a person has linked two identities. Facts keep the one that acted. */
import { storesOf } from '../../accounts/stores.ts';
import { sql, type RawBuilder, type Tx } from '../../database/database.ts';

/** In the stores of one account; `to` is called as its owners call him. Reads every verification of these stores, once. */
export async function moveVerificationsOf(
  tx: Tx,
  accountId: string,
  from: string,
  to: { readonly id: string; readonly name: string },
): Promise<void> {
  const verified = sql`person = ${from} and by_kind = 'person'`;
  const brought = sql`sender = ${from} and sender_kind = 'person'`;
  const where = (is: RawBuilder<unknown>, column: string, value: string): RawBuilder<string | null> =>
    sql<string | null>`case when ${is} then ${value} else ${sql.ref(column)} end`;
  await tx
    .updateTable('verification')
    .set({
      person: where(verified, 'person', to.id),
      person_name: where(verified, 'person_name', to.name),
      sender: where(brought, 'sender', to.id),
      sender_name: where(brought, 'sender_name', to.name),
      undo_by: where(sql`undo_by = ${from}`, 'undo_by', to.id),
    })
    .where('store_id', 'in', storesOf(tx, accountId))
    .where(sql<boolean>`((${verified}) or (${brought}) or undo_by = ${from})`)
    .execute();
}
