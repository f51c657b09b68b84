/** Roles at a store: owners, invited staff, and invitations. Checked at every press. */
import type { Collection } from '../database/collections.ts';
import { sql, type Db, type Tx } from '../database/database.ts';
import { prepared } from '../database/prepared.ts';
import { lockIdentities } from '../database/locks/row-locks.ts';
import { asPerson, type By, type Principal } from '../facts/by.ts';
import { SIMULATED } from '../platforms/names.ts';
import { createAccountFacts, type AccountFacts } from './account-facts.ts';
import type { Chat } from './chats.ts';
import { personOf, readPerson, unlinkIdle } from './identities.ts';
import { storesOf, type Store } from './stores.ts';

/**
 * `staff` looks up and verifies; a `customer` is at a place of the store and verifies what he brings, where self-service is on;
 * `stranger` may do nothing.
 */
export type Role = 'owner' | 'staff' | 'customer' | 'stranger';

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly since: number;
}

/** A one-time invitation to be staff of a store. */
export interface Invitation {
  readonly storeId: string;
  readonly by: string;
  /** ms. */
  readonly until: number;
}

/** The time to live of an invitation, ms. */
export const INVITATION_MS = 24 * 3_600_000;

/**
 * How an invitation's word reaches the bot. In a link it has 128 bits, which nobody guesses; to be typed it has eight digits,
 * and all strangers together have `UNLISTED_A_DAY` tries an hour (guess-limiter.ts).
 */
export type WordForm = 'link' | 'typed';

export interface Members {
  /** The person's role at this store, from this chat. */
  role(person: string, store: Store, chat: Chat): Promise<Role>;
  /** Whether the person is an owner or invited staff of the store; `role` also counts everybody in an open group as staff. */
  listed(person: string, store: Store): Promise<boolean>;
  /** Whether the person is an owner or invited staff anywhere. Practice stores do not count: anybody can have one. */
  known(person: string): Promise<boolean>;
  /** Creates a one-time word, valid for 24 hours: its first sender becomes staff. */
  invite(storeId: string, by: By, form: WordForm): Promise<string>;
  /** Consumes a word and returns its invitation; nothing for a wrong, used or expired word. */
  accept(word: string): Promise<Invitation | undefined>;
  /** Restores a consumed word until its expiry. */
  giveBack(word: string, invitation: Invitation): Promise<void>;
  add(invitation: Pick<Invitation, 'storeId' | 'by'>, person: Omit<Principal, 'kind'>): Promise<void>;
  /** Notes that the person was asked to join by this word and did not want to; the word stays valid. */
  decline(word: string, person: Omit<Principal, 'kind'>): Promise<void>;
  staff(storeId: string): Promise<readonly Member[]>;
  /** Removes staff, by all identities; false where the person was none. */
  remove(storeId: string, person: string, by: By): Promise<boolean>;
}

export function createMembers(options: {
  db: Db;
  now: () => number;
  invitations: Collection<Invitation>;
  /** Draws a word: 32 hexadecimal digits for a link, eight decimal ones to be typed. */
  newWord: (form: WordForm) => string;
}): Members {
  const { db, now, invitations, newWord } = options;
  const facts = createAccountFacts({ db, now });
  const lists = prepared(db, ({ person, account, store }: { person: string; account: string; store: string }) =>
    db
      .selectFrom('owner')
      .select(sql.lit('owner').as('list'))
      .where('account_id', '=', account)
      .where('person', '=', personOf(person))
      .unionAll(
        db
          .selectFrom('staff')
          .select(sql.lit('staff').as('list'))
          .where('store_id', '=', store)
          .where('person', '=', personOf(person)),
      ),
  );
  const listsOf = async (person: string, store: Store): Promise<readonly string[]> =>
    (await lists({ person, account: store.accountId, store: store.id })).rows.map(({ list }) => list);
  return {
    async role(person, store, chat) {
      const on = await listsOf(person, store);
      if (on.includes('owner')) return 'owner';
      const here = chat.group && chat.store?.id === store.id;
      if (here && chat.whoMay === 'everyone') return 'staff';
      if (here && chat.whoMay === 'owner') return 'stranger';
      return on.includes('staff') ? 'staff' : 'stranger';
    },
    listed: async (person, store) => (await listsOf(person, store)).length > 0,
    async known(person) {
      const owns = db
        .selectFrom('owner')
        .innerJoin('account', 'account.id', 'owner.account_id')
        .select('account.id')
        .where('owner.person', '=', personOf(person))
        .where('account.platform', '<>', SIMULATED);
      const works = db
        .selectFrom('staff')
        .innerJoin('store', 'store.id', 'staff.store_id')
        .innerJoin('account', 'account.id', 'store.account_id')
        .select('account.id')
        .where('staff.person', '=', personOf(person))
        .where('account.platform', '<>', SIMULATED);
      return (await owns.unionAll(works).limit(1).execute()).length > 0;
    },
    async invite(storeId, by, form) {
      for (;;) {
        const word = newWord(form);
        if ((await invitations.get(word)) !== undefined) continue;
        // The fact first: an invitation that nobody ever reads about would be worse than one that nobody got.
        await db.transaction().execute((tx) => facts.recordAt(tx, storeId, { kind: 'staff.invited', subject: storeId, by }));
        await invitations.set(word, { storeId, by: by.id, until: now() + INVITATION_MS });
        return word;
      }
    },
    accept: (word) => invitations.take(word),
    giveBack: (word, invitation) => invitations.set(word, invitation, Math.max(1, invitation.until - now())),
    add: ({ storeId, by }, joining) =>
      db.transaction().execute(async (tx) => {
        await lockIdentities(tx, 'hold');
        const person = { ...joining, id: await readPerson(tx, joining.id) };
        const { numInsertedOrUpdatedRows } = await tx
          .insertInto('staff')
          .values({ store_id: storeId, person: person.id, name: person.name, invited_by: by, since: now() })
          .onConflict((c) => c.columns(['store_id', 'person']).doNothing())
          .executeTakeFirst();
        if (numInsertedOrUpdatedRows !== 1n)
          return void (await tx
            .updateTable('staff')
            .set({ name: person.name })
            .where('store_id', '=', storeId)
            .where('person', '=', person.id)
            .execute());
        const detail = { name: person.name, 'invited-by': by };
        await facts.recordAt(tx, storeId, { kind: 'staff.joined', subject: person.id, by: asPerson(person), detail });
      }),
    async decline(word, person) {
      const invitation = await invitations.get(word);
      if (!invitation) return;
      const { storeId, by } = invitation;
      const fact = { kind: 'staff.declined', subject: person.id, by: asPerson(person), detail: { 'invited-by': by } } as const;
      await db.transaction().execute((tx) => facts.recordAt(tx, storeId, fact));
    },
    staff: (storeId) =>
      db
        .selectFrom('staff')
        .innerJoin('store', 'store.id', 'staff.store_id')
        .leftJoin('given_name as given', (join) =>
          join.onRef('given.account_id', '=', 'store.account_id').onRef('given.person', '=', 'staff.person'),
        )
        .select((e) => e.fn.coalesce('given.name', 'staff.name').as('name'))
        .select(['staff.person as id', 'since'])
        .where('staff.store_id', '=', storeId)
        .orderBy('since')
        .orderBy('staff.person')
        .execute(),
    remove: (storeId, id, by) =>
      db.transaction().execute(async (tx) => {
        await lockIdentities(tx, 'hold');
        const person = await readPerson(tx, id);
        const gone = await tx
          .deleteFrom('staff')
          .where('store_id', '=', storeId)
          .where('person', '=', person)
          .returning('name')
          .executeTakeFirst();
        if (!gone) return false;
        await facts.recordAt(tx, storeId, { kind: 'staff.removed', subject: person, by, detail: { name: gone.name } });
        const { accountId } = await tx
          .selectFrom('store')
          .select('account_id as accountId')
          .where('id', '=', storeId)
          .executeTakeFirstOrThrow();
        await unlinkIdle(tx, facts, { accountId, person, by });
        return true;
      }),
  };
}

/** Whether the person is staff of some store of the account. */
export async function isStaff(on: Db | Tx, accountId: string, person: string): Promise<boolean> {
  const row = await on
    .selectFrom('staff')
    .select('person')
    .where('store_id', 'in', storesOf(on, accountId))
    .where('person', '=', person)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Removes staff whom this person invited to the account's stores. */
export async function deleteStaffInvitedBy(
  tx: Tx,
  facts: AccountFacts,
  { accountId, person, by }: { accountId: string; person: string; by: By },
): Promise<void> {
  const gone = await tx
    .deleteFrom('staff')
    .where('store_id', 'in', storesOf(tx, accountId))
    .where('invited_by', '=', person)
    .returning(['store_id as store', 'person', 'name'])
    .execute();
  for (const { store, person: subject, name } of gone)
    await facts.record(tx, accountId, { kind: 'staff.removed', subject, by, detail: { store, name } });
  for (const { person: idle } of gone) await unlinkIdle(tx, facts, { accountId, person: idle, by });
}

/** Makes somebody's work another's, who may have it already, and the invitations that he made. */
export async function moveStaff(tx: Tx, from: string, to: { readonly id: string; readonly name: string }): Promise<void> {
  const rows = await tx.deleteFrom('staff').where('person', '=', from).returningAll().execute();
  for (const row of rows)
    await tx
      .insertInto('staff')
      .values({ ...row, person: to.id, name: to.name })
      .onConflict((c) => c.columns(['store_id', 'person']).doNothing())
      .execute();
  await tx.updateTable('staff').set({ invited_by: to.id }).where('invited_by', '=', from).execute();
  // An owner works in all of his stores.
  const owned = tx
    .selectFrom('store')
    .innerJoin('owner', 'owner.account_id', 'store.account_id')
    .select('store.id')
    .where('owner.person', '=', to.id);
  await tx.deleteFrom('staff').where('person', '=', to.id).where('store_id', 'in', owned).execute();
}

/** Removes all staff of the account's stores. */
export async function deleteStaff(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('staff').where('store_id', 'in', storesOf(tx, accountId)).execute();
}
