/** Finds the stores whose people use a channel. */
import type { Db } from '../database/database.ts';

/** The accounts of the stores to which chats of the channel are bound; `channel` is the part of their ids before the colon. */
export async function accountsOnChannel(db: Db, channel: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('chat')
    .innerJoin('store', 'store.id', 'chat.store_id')
    .select('store.account_id')
    .distinct()
    .where('chat.id', 'like', `${channel}:%`)
    .execute();
  return rows.map((row) => row.account_id);
}
