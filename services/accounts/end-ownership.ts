/** Takes an account from one of its owners, with everything that rests on his having owned it. */
import type { Db } from '../database/database.ts';

export interface Disowned {
  /** The chats that were bound by him to the account's stores; they are bound to none now. */
  readonly chats: readonly string[];
}

/** Nothing where the person does not own the account. All of it happens, or nothing. */
export type Disown = (accountId: string, person: string) => Promise<Disowned | undefined>;

export function createDisown({ db, now }: { db: Db; now: () => number }): Disown {
  return (accountId, person) =>
    db.transaction().execute(async (tx) => {
      const { numDeletedRows } = await tx
        .deleteFrom('owner')
        .where('account_id', '=', accountId)
        .where('person', '=', person)
        .executeTakeFirstOrThrow();
      if (numDeletedRows === 0n) return undefined;
      const stores = tx.selectFrom('store').select('id').where('account_id', '=', accountId);
      // In a group where everybody may verify, everybody would go on.
      const chats = await tx
        .updateTable('chat')
        .set({ store_id: null, bound_by: null, who_may: 'owner', updated_at: now() })
        .where('bound_by', '=', person)
        .where('store_id', 'in', stores)
        .returning('id')
        .execute();
      await tx
        .deleteFrom('owner_group')
        .where('store_id', 'in', stores)
        .where('chat_id', 'in', [person, ...chats.map(({ id }) => id)])
        .execute();
      await tx.deleteFrom('staff').where('store_id', 'in', stores).where('invited_by', '=', person).execute();
      // Stores of others that list the account too, and that none of its owners owns.
      const owned = tx
        .selectFrom('store')
        .innerJoin('owner as theirs', 'theirs.account_id', 'store.account_id')
        .innerJoin('owner as ours', 'ours.person', 'theirs.person')
        .select('store.id')
        .where('ours.account_id', '=', accountId);
      await tx
        .updateTable('listing')
        .set({ removed_at: now() })
        .where('account_id', '=', accountId)
        .where('removed_at', 'is', null)
        .where('store_id', 'not in', owned)
        .execute();
      return { chats: chats.map(({ id }) => id) };
    });
}
