/** Looks into the database of a running program, where a story has to see what nobody is told. */
import { createChats } from '../../services/accounts/chats.ts';
import type { Database } from '../../services/database/database.ts';

export function storedIn({ db }: Database) {
  const chats = createChats({ db, now: Date.now });
  return {
    /** The store that a chat is bound to. */
    storeOf: async (chat: string): Promise<string> => (await chats.get(chat)).store!.id,
    /** Messages that are to go out, or may have gone out. */
    async outgoing(): Promise<number> {
      const rows = await db.selectFrom('outbox').select('id').where('state', 'in', ['due', 'sending', 'uncertain']).execute();
      return rows.length;
    },
  };
}
