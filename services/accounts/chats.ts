/** Chats: their store, who may verify there, their language. */
import type { Db, Tx } from '../database/database.ts';
import { prepared } from '../database/prepared.ts';
import { BY_PROGRAM, type By } from '../facts/by.ts';
import { createAccountFacts, type AccountFacts } from './account-facts.ts';
import { readStore, seenIn, type StoreRow } from './store.ts';
import { storesOf, type Store } from './stores.ts';

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

/** A chat as the channel names it. */
type Named = Pick<Chat, 'id' | 'title' | 'group'>;

export interface Chats {
  /** The chat with its store; an unknown chat is returned as unbound. */
  get(id: string): Promise<Chat>;
  /** The store as it is seen in that chat; the one given may be seen in another. */
  seen(store: Store, id: string): Promise<Store>;
  /** Binds a chat to a store, on the right of `owner`: with the ownership of that person the binding may end. */
  bind(chat: Named, storeId: string, by: By, owner?: string): Promise<void>;
  unbind(id: string, by: By): Promise<void>;
  setWhoMay(id: string, whoMay: WhoMay, by: By): Promise<void>;
  setLocale(chat: Named, locale: string, by: By): Promise<void>;
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
  const facts = createAccountFacts({ db, now });
  const set = async (
    tx: Tx,
    { id, title, group }: Named,
    values: { store_id?: string; bound_by?: string; who_may?: WhoMay; locale?: string },
  ): Promise<void> => {
    const told = { title, is_group: group ? 1 : 0, updated_at: now(), ...values };
    await tx
      .insertInto('chat')
      .values({ id, who_may: 'owner', store_id: null, bound_by: null, locale: null, ...told })
      .onConflict((c) => c.column('id').doUpdateSet(told))
      .execute();
  };
  const before = (tx: Tx, id: string) =>
    tx.selectFrom('chat').select(['store_id', 'who_may', 'locale']).where('id', '=', id).executeTakeFirst();
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
        'store.may_undo',
        'store.group_codes',
        'store.calendars',
        'account.platform',
      ])
      .where('chat.id', 'in', [id]),
  );
  const chats: Chats = {
    async get(id) {
      const [row] = (await withStore({ id })).rows;
      if (!row) return { id, title: '', group: false, whoMay: 'owner', boundBy: undefined, locale: undefined, store: undefined };
      return {
        id,
        title: row.title,
        group: row.is_group === 1,
        whoMay: row.who_may,
        boundBy: row.bound_by ?? undefined,
        locale: row.locale ?? undefined,
        store: row.store_id === null || !hasStore(row) ? undefined : readStore({ ...row, id: row.store_id }),
      };
    },
    seen: async (store, id) => (store.groupCodes === 'tail' ? seenIn(store, await chats.get(id)) : store),
    bind: (chat, storeId, by, owner = by.id) =>
      db.transaction().execute(async (tx) => {
        const former = (await before(tx, chat.id))?.store_id;
        await set(tx, chat, { store_id: storeId, bound_by: owner, who_may: 'owner' });
        const { id: subject, title } = chat;
        // A store of another account: that one's owners read there that the chat has left.
        if (former && former !== storeId) await facts.recordAt(tx, former, { kind: 'chat.unbound', subject, by });
        await facts.recordAt(tx, storeId, {
          kind: 'chat.bound',
          subject,
          by,
          from: former ?? undefined,
          to: storeId,
          detail: { title },
        });
      }),
    unbind: (id, by) =>
      db.transaction().execute(async (tx) => {
        const former = (await before(tx, id))?.store_id;
        await tx
          .updateTable('chat')
          .set({ store_id: null, bound_by: null, who_may: 'owner', updated_at: now() })
          .where('id', '=', id)
          .execute();
        await facts.recordAt(tx, former, { kind: 'chat.unbound', subject: id, by });
      }),
    setWhoMay: (id, whoMay, by) =>
      db.transaction().execute(async (tx) => {
        const former = await before(tx, id);
        await tx.updateTable('chat').set({ who_may: whoMay, updated_at: now() }).where('id', '=', id).execute();
        if (former?.who_may !== whoMay)
          await facts.recordAt(tx, former?.store_id, {
            kind: 'chat.who-may',
            subject: id,
            by,
            from: former?.who_may,
            to: whoMay,
          });
      }),
    setLocale: (chat, locale, by) =>
      db.transaction().execute(async (tx) => {
        const former = await before(tx, chat.id);
        await set(tx, chat, { locale });
        if (former && former.locale !== locale)
          await facts.recordAt(tx, former.store_id, {
            kind: 'chat.language',
            subject: chat.id,
            by,
            from: former.locale ?? undefined,
            to: locale,
          });
      }),
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
        const storeId = (await before(tx, to))?.store_id;
        await facts.recordAt(tx, storeId, { kind: 'chat.moved', subject: to, by: BY_PROGRAM, from, to });
      }),
  };
  return chats;
}

type StoreColumns = Omit<StoreRow, 'id'>;
/** Tells that the chat's store was there: its columns are not null then. */
const hasStore = <R extends { [C in keyof StoreColumns]: StoreColumns[C] | null }>(row: R): row is R & StoreColumns =>
  row.account_id !== null;

/** Unbinds the chats that this person bound to the account's stores, and returns their ids. */
export async function unbindChats(
  tx: Tx,
  facts: AccountFacts,
  { accountId, person, by, at }: { accountId: string; person: string; by: By; at: number },
): Promise<readonly string[]> {
  const bound = await tx
    .selectFrom('chat')
    .select(['id', 'store_id'])
    .where('bound_by', '=', person)
    .where('store_id', 'in', storesOf(tx, accountId))
    .execute();
  const ids = bound.map(({ id }) => id);
  if (ids.length > 0)
    await tx
      .updateTable('chat')
      .set({ store_id: null, bound_by: null, who_may: 'owner', updated_at: at })
      .where('id', 'in', ids)
      .execute();
  for (const { id, store_id: store } of bound)
    await facts.record(tx, accountId, { kind: 'chat.unbound', subject: id, by, detail: { store } });
  return ids;
}

/** Makes the chats that somebody bound another's. */
export async function moveBindings(tx: Tx, from: string, to: string): Promise<void> {
  await tx.updateTable('chat').set({ bound_by: to }).where('bound_by', '=', from).execute();
}

/** The languages chosen in these chats. */
export async function localesOf(on: Db | Tx, chats: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (chats.length === 0) return new Map();
  const rows = await on
    .selectFrom('chat')
    .select(['id', 'locale'])
    .where('id', 'in', [...chats])
    .execute();
  return new Map(rows.flatMap(({ id, locale }) => (locale === null ? [] : [[id, locale] as const])));
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
