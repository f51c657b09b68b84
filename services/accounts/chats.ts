/** Chats: their store, who may verify there, their language. */
import type { Db, Tx } from '../database/database.ts';
import { prepared } from '../database/prepared.ts';
import { readStore, storesOf, type Store } from './stores.ts';

/** Who may verify in a group: `owner` until the question 谁可以核销 was answered. */
export type WhoMay = 'owner' | 'invited' | 'everyone';

export interface Chat {
  readonly id: string;
  readonly title: string;
  readonly group: boolean;
  readonly whoMay: WhoMay;
  readonly boundBy: string | undefined;
  /** The language chosen in this chat, if any. */
  readonly locale: string | undefined;
  readonly store: Store | undefined;
}

export interface Chats {
  /** The chat with its store; an unknown chat is returned as unbound. */
  get(id: string): Promise<Chat>;
  bind(chat: { id: string; title: string; group: boolean }, storeId: string, person: string): Promise<void>;
  unbind(id: string): Promise<void>;
  setWhoMay(id: string, whoMay: WhoMay): Promise<void>;
  setLocale(chat: { id: string; title: string; group: boolean }, locale: string): Promise<void>;
  /** Moves a chat to a new id, with everything that refers to it. */
  move(from: string, to: string): Promise<void>;
}

export interface ChatsParts {
  readonly db: Db;
  readonly now: () => number;
  /** Moves the rows of other tables along, in the transaction of `move`. Left out where there are none. */
  readonly follow?: (tx: Tx, from: string, to: string) => Promise<void>;
}

export function createChats({ db, now, follow }: ChatsParts): Chats {
  const set = async (
    { id, title, group }: { id: string; title: string; group: boolean },
    values: { store_id?: string; bound_by?: string; who_may?: WhoMay; locale?: string },
  ): Promise<void> => {
    const told = { title, is_group: group ? 1 : 0, updated_at: now(), ...values };
    await db
      .insertInto('chat')
      .values({ id, who_may: 'owner', store_id: null, bound_by: null, locale: null, ...told })
      .onConflict((c) => c.column('id').doUpdateSet(told))
      .execute();
  };
  const withStore = prepared(db, ({ id }: { id: string }) =>
    db
      .selectFrom('chat')
      .leftJoin('store', 'store.id', 'chat.store_id')
      .leftJoin('account', 'account.id', 'store.account_id')
      .select(['chat.title', 'chat.is_group', 'chat.who_may', 'chat.bound_by', 'chat.locale', 'chat.store_id'])
      .select([
        'store.account_id',
        'store.external_id',
        'store.name',
        'store.time_zone',
        'store.day_end',
        'store.last_success_at',
        'account.platform',
      ])
      .where('chat.id', 'in', [id]),
  );
  return {
    async get(id) {
      const [row] = (await withStore({ id })).rows;
      if (!row) return { id, title: '', group: false, whoMay: 'owner', boundBy: undefined, locale: undefined, store: undefined };
      const { store_id, account_id, external_id, name, time_zone, day_end, last_success_at, platform } = row;
      const bound = store_id !== null && account_id !== null && external_id !== null && name !== null && time_zone !== null;
      return {
        id,
        title: row.title,
        group: row.is_group === 1,
        whoMay: row.who_may,
        boundBy: row.bound_by ?? undefined,
        locale: row.locale ?? undefined,
        store:
          bound && day_end !== null && platform !== null
            ? readStore({ id: store_id, account_id, external_id, name, time_zone, day_end, last_success_at, platform })
            : undefined,
      };
    },
    bind: (chat, storeId, person) => set(chat, { store_id: storeId, bound_by: person, who_may: 'owner' }),
    async unbind(id) {
      await db
        .updateTable('chat')
        .set({ store_id: null, bound_by: null, who_may: 'owner', updated_at: now() })
        .where('id', '=', id)
        .execute();
    },
    async setWhoMay(id, whoMay) {
      await db.updateTable('chat').set({ who_may: whoMay, updated_at: now() }).where('id', '=', id).execute();
    },
    setLocale: (chat, locale) => set(chat, { locale }),
    move: (from, to) =>
      db.transaction().execute(async (tx) => {
        // A row of the new id without a store gives way to the old one's binding.
        await tx.deleteFrom('chat').where('id', '=', to).where('store_id', 'is', null).execute();
        await tx
          .updateTable('chat')
          .set({ id: to, updated_at: now() })
          .where('id', '=', from)
          .where((e) => e.not(e.exists(e.selectFrom('chat as there').select('there.id').where('there.id', '=', to))))
          .execute();
        await follow?.(tx, from, to);
      }),
  };
}

/** Unbinds the chats that this person bound to the account's stores, and returns their ids. */
export async function unbindChats(tx: Tx, accountId: string, person: string, at: number): Promise<readonly string[]> {
  const unbound = await tx
    .updateTable('chat')
    .set({ store_id: null, bound_by: null, who_may: 'owner', updated_at: at })
    .where('bound_by', '=', person)
    .where('store_id', 'in', storesOf(tx, accountId))
    .returning('id')
    .execute();
  return unbound.map(({ id }) => id);
}

/** A chat without a store is remembered so long, for its language and its name, ms. */
const UNBOUND_MS = 365 * 24 * 3_600_000;
/** Rows of one run, so that other writes do not wait. */
const A_RUN = 1000;

/** Deletes chats that have had no store for long, and receive no store's summaries. */
export async function sweepChats(db: Db, now: number): Promise<void> {
  const unbound = db
    .selectFrom('chat as old')
    .select('old.id')
    .where('old.store_id', 'is', null)
    .where('old.updated_at', '<', now - UNBOUND_MS)
    .where('old.id', 'not in', (e) => e.selectFrom('owner_group').select('owner_group.chat_id'))
    .limit(A_RUN);
  await db.deleteFrom('chat').where('id', 'in', unbound).execute();
}

/** Unbinds all chats of the account's stores, and deletes those of expired visitor pages. */
export async function forgetChats(tx: Tx, accountId: string): Promise<void> {
  const told = tx.selectFrom('owner_group').select('chat_id').where('store_id', 'in', storesOf(tx, accountId));
  await tx
    .deleteFrom('chat')
    .where('id', 'like', 'web:%')
    .where((e) => e.or([e('store_id', 'in', storesOf(tx, accountId)), e.and([e('store_id', 'is', null), e('id', 'in', told)])]))
    .execute();
  // Other chats are kept for their language.
  await tx
    .updateTable('chat')
    .set({ store_id: null, bound_by: null, who_may: 'owner' })
    .where('store_id', 'in', storesOf(tx, accountId))
    .execute();
}
